import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import type { IncidentRecord } from './incident-record.ts';
import { honestShare, summariseAbsence, uptimeOf } from './uptime.ts';

const MINUTE = 60_000;
const T0 = Date.UTC(2026, 2, 2, 2, 10);

test.each([
  ['a month of which 61 % was watched', { up: 600, degraded: 5, down: 5, maintenance: 0, unobserved: 390 }, { uptime: 605 / 610, flawless: 600 / 610, coverage: 0.61 }],
  ['maintenance is time without a store', { up: 90, degraded: 0, down: 0, maintenance: 10, unobserved: 0 }, { uptime: 0.9, flawless: 0.9, coverage: 1 }],
  ['nobody watched', { up: 0, degraded: 0, down: 0, maintenance: 0, unobserved: 7 }, { uptime: null, flawless: null, coverage: 0 }],
  ['no time at all', { up: 0, degraded: 0, down: 0, maintenance: 0, unobserved: 0 }, { uptime: null, flawless: null, coverage: 0 }],
])('%s', (_, ms, expected) => expect(uptimeOf(ms)).toEqual(expected));

test('only a perfect month is shown as 100 %, only a lost one as 0 %', () => {
  expect(honestShare(0.99997, 1)).toBeCloseTo(0.999, 9);
  expect(honestShare(1, 1)).toBe(1);
  expect(honestShare(0.00001, 1)).toBeCloseTo(0.001, 9);
  expect(honestShare(0, 1)).toBe(0);
  expect(honestShare(0.9923, 1)).toBeCloseTo(0.992, 9);
  fc.assert(
    fc.property(fc.double({ min: 0, max: 1, noNaN: true }), fc.integer({ min: 0, max: 3 }), (share, places) => {
      const shown = honestShare(share, places);
      expect(Math.abs(shown - share)).toBeLessThanOrEqual(10 ** -(places + 2) + 1e-12);
      expect(shown === 1).toBe(share === 1);
    }),
  );
});

const record = (over: Partial<IncidentRecord>): IncidentRecord => ({
  schema: 1, id: 'a', kind: 'down', side: 'store', startedAt: T0, detectedAt: T0, endedAt: T0 + 55 * MINUTE, relapses: 0, flapping: false, observed: 45 / 55,
  course: [], causes: [{ id: 'dns', p: 1 }], because: [], seen: {}, official: [], admittedAt: null, forecasts: [], loss: null, ...over,
});
const back = T0 + 300 * MINUTE;

test('while you were away: down 02:10–03:05, 45 of 55 minutes seen', () => {
  expect(summariseAbsence([record({})], T0 - MINUTE, back)).toEqual({
    outages: [{ id: 'a', kind: 'down', cause: 'dns', from: T0, to: T0 + 55 * MINUTE, minutes: 55, seenMinutes: 45 }],
    count: 1, minutes: 55, seenMinutes: 45,
  });
});

test('one summary for many, with the longest', () => {
  const records = [5, 40, 10, 30, 20].map((minutes, i) => record({ id: `i${i}`, startedAt: T0 + i * 50 * MINUTE, endedAt: T0 + (i * 50 + minutes) * MINUTE, observed: 1 }));
  const summary = summariseAbsence(records, T0 - MINUTE, back)!;
  expect(summary.outages.map((outage) => outage.minutes)).toEqual([40, 30, 20]);
  expect(summary).toMatchObject({ count: 5, minutes: 105, seenMinutes: 105 });
});

test.each([
  ['ended before he left', record({ endedAt: T0 + MINUTE }), T0 + 2 * MINUTE, null],
  ['ended while he was away', record({}), T0 + 2 * MINUTE, 55],
  ['began while he was away and goes on', record({ endedAt: null }), T0 - MINUTE, 300],
  ['he knew of it and it goes on', record({ endedAt: null }), T0 + MINUTE, null],
  ['his own side', record({ side: 'own' }), T0 - MINUTE, null],
  ['maintenance', record({ kind: 'maintenance' }), T0 - MINUTE, null],
] as const)('%s', (_, incident, from, minutes) => expect(summariseAbsence([incident], from, back)?.minutes ?? null).toBe(minutes));
