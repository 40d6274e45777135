import { expect, test } from 'vitest';
import { addTime, isSketch, joinTimes, summariseTimes } from './response-times.ts';

const sketch = (...times: number[]): string => times.reduce(addTime, '');

test('steps of a third of an octave, in their order, each with its count', () => {
  expect(sketch(8)).toBe('a1');
  expect(sketch(16)).toBe('d1');
  expect(sketch(1000, 8, 16, 8)).toBe('a2d1v1');
  expect(sketch(0, -5, 1, 7)).toBe('a4');
  expect(sketch(1e15, Infinity)).toBe('Z2');
});

test('sketches add up, whatever the order', () => {
  expect(joinTimes([sketch(1000, 8), '', sketch(8, 16)])).toBe(sketch(8, 8, 16, 1000));
  expect(joinTimes([])).toBe('');
  expect(joinTimes(['d1a1d2'])).toBe('a1d3');
  expect(joinTimes(['a999999999', 'a5'])).toBe('a999999999');
});

test.each<[string, text: string, p50: number | null, p95: number, count: number]>([
  ['nothing', '', null, 0, 0],
  ['one', 'd1', 16, 16, 1],
  ['half and half: the lower one', 'a5d5', 8, 16, 10],
  ['nineteen of twenty', 'a19d1', 8, 8, 20],
  ['eighteen of twenty', 'a18d2', 8, 16, 20],
  ['written in any order', 'd6a5', 16, 16, 11],
  ['between whole steps', 'b1', 10, 10, 1],
])('median and 95th percentile of %s', (_, text, p50, p95, count) => {
  expect(summariseTimes(text)).toEqual(p50 === null ? null : { count, p50, p95 });
});

test.each([['', true], ['a1', true], ['a12Z999999999', true], ['a', false], ['a0', false], ['a01', false], ['1a', false], ['a1 ', false], ['a1234567890', false], ['a-1', false], ['a1,b1', false]])('a sketch: %j %s', (text, is) => {
  expect(isSketch(text)).toBe(is);
});
