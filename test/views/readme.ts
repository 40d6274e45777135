/**
 * The README's pictures, out of those that `photograph.ts` has taken: `node test/views/readme.ts [FOLDER]`; needs ImageMagick's `convert`.
 * Writes into test/pictures, in 128 colours to keep the repository small.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';

const folder = resolve(process.argv[2] ?? join(import.meta.dirname, '../../.cache/views'));
const out = join(import.meta.dirname, '../pictures');

const PICTURES: readonly (readonly [name: string, parts: readonly string[], width: number])[] = [
  ['popup.png', ['popup-down-ja-light-380.png[760x1200+0+0]', 'popup-offline-en-light-380.png', 'popup-up-en-dark-380.png'], 1200],
  ['incidents.png', ['incidents-down-en-light-1100.png[2200x2600+0+0]'], 1000],
];

mkdirSync(out, { recursive: true });
for (const [name, parts, width] of PICTURES) {
  const frames = parts.flatMap((part) => ['(', join(folder, part), '-bordercolor', '#d5d8e0', '-border', '16', ')']);
  const made = spawnSync('convert', [...frames, '-background', '#d5d8e0', '-gravity', 'north', '+append', '-resize', `${width}x`, '-colors', '128', join(out, name)], { stdio: 'inherit' });
  if (made.error) console.error(`convert: ${made.error.message}`);
  if (made.error || made.status !== 0) process.exitCode = 1;
}
