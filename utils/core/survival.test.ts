import fc from 'fast-check';
import { expect, test } from 'vitest';
import { CAUSES } from './causes.ts';
import { logSurvival, MEDIAN_MINUTES, SPREAD, survival } from './survival.ts';

test('half are over at the median, one in ten is left at the tenth quantile', () => {
  for (const cause of CAUSES) {
    expect(survival(cause, MEDIAN_MINUTES[cause])).toBeCloseTo(0.5, 6);
    expect(survival(cause, MEDIAN_MINUTES[cause] * Math.exp(1.2816 * SPREAD))).toBeCloseTo(0.1, 4);
  }
});

test('everything lasts at the start, and nothing is impossible', () => {
  expect(survival('dns', 0)).toBe(1);
  expect(survival('dns', -5)).toBe(1);
  expect(survival('dns', Number.NaN)).toBe(1);
  expect(logSurvival('captive-portal', 60 * 24 * 365 * 10)).toBeGreaterThan(-Infinity);
});

test('survival falls with age; the shorter-lived cause never gains on the longer-lived', () => {
  fc.assert(
    fc.property(fc.constantFrom(...CAUSES), fc.constantFrom(...CAUSES), fc.double({ min: 0.1, max: 1e6, noNaN: true }), fc.double({ min: 1.01, max: 100, noNaN: true }), (a, b, minutes, factor) => {
      const later = minutes * factor;
      expect(logSurvival(a, later)).toBeLessThanOrEqual(logSurvival(a, minutes) + 1e-6);
      const [short, long] = MEDIAN_MINUTES[a] <= MEDIAN_MINUTES[b] ? [a, b] : [b, a];
      const lead = (at: number): number => logSurvival(short, at) - logSurvival(long, at);
      expect(lead(later)).toBeLessThanOrEqual(lead(minutes) + 1e-3 * Math.abs(lead(minutes)) + 1e-5);
    }),
    { numRuns: 1000 },
  );
});
