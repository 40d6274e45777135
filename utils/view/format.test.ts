import fc from 'fast-check';
import { expect, test } from 'vitest';
import { clockTime, duration, moneyRange, percent, roughly, size } from './format.ts';

const MIN = 60_000;

test.each<[ms: number, en: string, ja: string]>([
  [0, '0 sec', '0 秒'],
  [59_000, '59 sec', '59 秒'],
  [47 * MIN, '47 min', '47 分'],
  [60 * MIN, '1 hr', '1 時間'],
  [112 * MIN, '1 hr 52 min', '1 時間 52 分'],
  [26 * 60 * MIN, '1 day 2 hr', '1 日 2 時間'],
  [9 * 1440 * MIN, '9 days', '9 日'],
])('a length of %i ms', (ms, en, ja) => {
  expect(duration(ms, 'en')).toBe(en);
  expect(duration(ms, 'ja')).toBe(ja);
});

test.each<[minutes: number, said: string]>([[0.2, '1 min'], [7, '7 min'], [22, '20 min'], [52, '50 min'], [118, '2 hr'], [100, '1 hr 30 min'], [370, '6 hr'], [4000, '3 days']])('%f minutes of an estimate are "%s"', (minutes, said) => {
  expect(roughly(minutes, 'en')).toBe(said);
});

test('what is less than all is never shown as 100 %', () => {
  fc.assert(fc.property(fc.double({ min: 0, max: 0.999_999, noNaN: true }), fc.constantFrom(0, 1, 2), (share, digits) => {
    expect(percent(share, 'en', digits)).not.toBe('100%');
  }));
  expect(percent(1, 'en', 2)).toBe('100%');
});

test('money is a range with two digits that mean something; a currency that is none costs no view', () => {
  expect(moneyRange([912_345, 2_412_345], 'JPY', 'ja')).toMatch(/91.*240万/);
  expect(moneyRange([1, 2], 'not a currency', 'en')).toContain('1');
});

test('the day is named where it is not today', () => {
  const now = new Date(2026, 10, 23, 10, 49).getTime();
  expect(clockTime(new Date(2026, 10, 23, 10, 2).getTime(), now, 'ja')).toBe('10:02');
  expect(clockTime(new Date(2026, 10, 22, 10, 2).getTime(), now, 'ja')).toContain('22');
});

test.each<[number, string]>([[999, '999 byte'], [38_400, '38 kB'], [61_300_000, '61.3 MB']])('%i bytes', (bytes, said) => expect(size(bytes, 'en')).toBe(said));
