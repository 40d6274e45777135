import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { decode, indexed, type Picture } from './setup/png.ts';

const ICONS = join(import.meta.dirname, '../public/icon');

/** A disc with soft edges on nothing: what an icon is made of. */
function disc(size: number): Picture {
  const rgba = new Uint8Array(size * size * 4);
  for (let at = 0; at < size * size; at++) {
    const away = Math.hypot((at % size) + 0.5 - size / 2, Math.floor(at / size) + 0.5 - size / 2);
    rgba.set([59, 76, 207, Math.round(255 * Math.min(1, Math.max(0, size / 2 - away)))], 4 * at);
  }
  return { width: size, height: size, rgba };
}

test.each([16, 31, 48])('a drawing of %i pixels looks the same in sixteen colours', (size) => {
  const drawn = disc(size);
  const read = decode(indexed(drawn));
  expect([read.width, read.height]).toEqual([size, size]);
  for (let at = 0; at < size * size; at++) {
    const [wanted, got] = [drawn, read].map(({ rgba }) => [...rgba.subarray(4 * at, 4 * at + 4)]) as [number[], number[]];
    expect(Math.abs(wanted[3]! - got[3]!)).toBeLessThanOrEqual(12);
    if (wanted[3]! > 32) for (const part of [0, 1, 2]) expect(Math.abs(wanted[part]! - got[part]!)).toBeLessThanOrEqual(4);
  }
});

test('every icon is kept in sixteen colours', () => {
  for (const file of readdirSync(ICONS)) {
    const { rgba } = decode(readFileSync(join(ICONS, file)));
    expect(new Set(Array.from({ length: rgba.length / 4 }, (_, at) => rgba.subarray(4 * at, 4 * at + 4).join())).size, file).toBeLessThanOrEqual(16);
  }
});
