import { expect, test } from 'vitest';
import { timeMarks, valueMarks } from './axis.ts';

const at = (day: number, hour = 0, minute = 0): number => new Date(2026, 2, day, hour, minute).getTime();

test.each([
  ['an hour', at(3, 9, 50), at(3, 10, 50), 8, [at(3, 9, 50), at(3, 10, 0), at(3, 10, 10), at(3, 10, 20), at(3, 10, 30), at(3, 10, 40), at(3, 10, 50)]],
  ['a night', at(3, 21), at(4, 9), 5, [at(3, 21), at(4, 0), at(4, 3), at(4, 6), at(4, 9)]],
  ['a week', at(3, 10), at(10, 10), 8, [4, 5, 6, 7, 8, 9, 10].map((day) => at(day))],
  ['a quarter, too narrow for weeks', at(3, 10), at(93, 10), 5, [at(31), at(59), at(87)]],
])('%s is marked on whole steps of the local clock', (_words, from, to, most, marks) => {
  expect(timeMarks(from, to, most)).toEqual(marks);
});

test.each([
  [100, 5, [0, 20, 40, 60, 80, 100]],
  [484, 4, [0, 200, 400]],
  [2_300, 5, [0, 500, 1_000, 1_500, 2_000]],
])('up to %i there are at most %i round values', (high, most, marks) => {
  expect(valueMarks(high, most)).toEqual(marks);
});
