import { expect, test } from 'vitest';
import { LONGEST_MS, playingTime, REHEARSALS, slowestFor, speedsFor } from './rehearsal.ts';

test('an outage and half an hour after it, so many times faster', () => {
  expect(playingTime(30, 1)).toBe(3_600_000);
  expect(playingTime(30, 60)).toBe(60_000);
});

test.each<[minutes: number, slowest: number, speeds: number[], usual: number]>([
  [0, 6, [10, 30, 60], 10],
  [20, 10, [10, 30, 60], 30],
  [20.1, 11, [30, 60, 240], 30],
  [30, 12, [30, 60, 240], 30],
  [120, 30, [30, 60, 240], 60],
  [180, 42, [60, 240, 600], 60],
  [690, 144, [240, 600, 1200], 240],
  [1560, 318, [600, 1200], 600],
  [5900, 1186, [1200], 1200],
])('%i minutes are played %i times faster at least', (minutes, slowest, speeds, usual) => {
  expect(slowestFor(minutes)).toBe(slowest);
  expect(playingTime(minutes, slowest)).toBeLessThanOrEqual(LONGEST_MS);
  expect(playingTime(minutes, slowest - 1)).toBeGreaterThan(LONGEST_MS);
  expect(speedsFor(minutes)).toEqual({ speeds, usual });
});

test('every rehearsal that is offered is over in three and a half minutes unless asked for otherwise', () => {
  for (const { minutes } of REHEARSALS) expect(playingTime(minutes, speedsFor(minutes).usual)).toBeLessThanOrEqual(210_000);
});
