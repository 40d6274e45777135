import { expect, test } from 'vitest';
import { decodeScenario, type Scenario } from '../../utils/core/scenario.ts';
import { calibrationError, firstVisibleMinute, quantile, ranked, score, type Checkpoint, type ReplayLine } from './score.ts';

function scenario(change: Record<string, unknown> = {}): Scenario {
  const outcome = decodeScenario({
    format: 1,
    id: 'a',
    title: '',
    start: '2020-01-01T00:00:00Z',
    endMinute: 100,
    phases: [{ atMinute: 0 }, { atMinute: 10, store: { fail: { 'http.503': 0.5 } } }, { atMinute: 100 }],
    truth: { side: 'store', causes: ['dns', 'database'], relapse: false, confidence: 'high' },
    source: [],
    ...change,
  });
  if (!outcome.ok) throw new Error(outcome.error.reason);
  return outcome.value;
}

const OWN = { side: 'own', causes: ['local'], relapse: false, confidence: 'high' };

function checkpoint(minute: number, change: Partial<Checkpoint> = {}): Checkpoint {
  return {
    minute,
    state: 'down',
    side: { own: 0.1, path: 0.2, store: 0.7 },
    causes: [{ id: 'undisclosed', p: 0.4 }, { id: 'power', p: 0.3 }, { id: 'dns', p: 0.2 }, { id: 'storage', p: 0.1 }],
    families: [{ id: 'undisclosed', p: 0.4 }, { id: 'data-center', p: 0.3 }, { id: 'network', p: 0.2 }, { id: 'storage', p: 0.1 }],
    remaining: { p10: 10, p50: 40, p90: 90 },
    ...change,
  };
}

function line(change: Partial<ReplayLine> = {}): ReplayLine {
  return { id: 'a', checks: 1, suspectedMinute: 10, detectedMinute: 12, recoveredMinute: 104, notifications: [], at: [checkpoint(5)], ...change };
}

test('side, family and cause are judged at the last checkpoint up to 60 minutes', () => {
  const wrong = { side: { own: 1, path: 0, store: 0 }, causes: [{ id: 'local', p: 1 }], families: [{ id: 'own', p: 1 }] } as const;
  const at = [checkpoint(5, wrong as unknown as Partial<Checkpoint>), checkpoint(60), checkpoint(240, wrong as unknown as Partial<Checkpoint>)];
  const result = score([[scenario(), line({ at })]]);
  expect(result.side).toMatchObject({ n: 1, top1: 1 });
  expect(result.side.brier).toBeCloseTo(0.3 ** 2 + 0.3 ** 2);
  expect(result.side.logLoss).toBeCloseTo(-Math.log(0.7));
  // Not first by family (data-center), yet among three; storage and network are both right and are taken together.
  expect(result.family).toMatchObject({ n: 1, top1: 0 });
  expect(result.family.brier).toBeCloseTo(0.7 ** 2 + 0.4 ** 2 + 0.3 ** 2);
  expect(result.family.logLoss).toBeCloseTo(-Math.log(0.3));
  expect(result.family.calibrationError).toBeCloseTo(0.3);
  expect(result.cause).toEqual({ n: 1, top1: 0, top3: 1 });
});

test('own and path count as one side', () => {
  const at = [checkpoint(15, { side: { own: 0.3, path: 0.3, store: 0.4 } })];
  expect(score([[scenario({ truth: OWN }), line({ at, detectedMinute: null })]])).toMatchObject({ side: { n: 1, top1: 1 }, family: { n: 0 }, missedOutages: 0 });
});

test.each<[string, Record<string, unknown>, number, number]>([
  ['an undisclosed cause', { truth: { side: 'store', causes: ['undisclosed'], relapse: false, confidence: 'low' } }, 1, 0],
  ['a fault nobody can see', { phases: [{ atMinute: 0, store: { fail: { 'http.503': 0.05 } } }] }, 0, 0],
  ['no fault', { truth: { side: 'none', causes: [], relapse: false, confidence: 'high' } }, 0, 0],
])('%s: counted for side %i times, for family %i times', (_, change, sides, families) => {
  const result = score([[scenario(change), line()]]);
  expect([result.side.n, result.family.n, result.cause.n]).toEqual([sides, families, families]);
});

test.each<[string, Record<string, unknown>, Partial<ReplayLine>, number, number]>([
  ['detected in time', {}, {}, 0, 0],
  ['not detected', {}, { detectedMinute: null }, 0, 1],
  ['detected when it was over', {}, { detectedMinute: 101, notifications: [{ minute: 101, kind: 'outage' }] }, 1, 1],
  ['an alarm on the healthy day', {}, { notifications: [{ minute: -300, kind: 'outage' }, { minute: 12, kind: 'outage' }] }, 1, 0],
  ['an alarm for own trouble', { truth: OWN }, { notifications: [{ minute: 12, kind: 'outage' }] }, 1, 0],
  ['a recovery is no alarm', { truth: OWN }, { notifications: [{ minute: 12, kind: 'recovery' }] }, 0, 0],
])('%s', (_, change, printed, falseAlarms, missedOutages) => {
  expect(score([[scenario(change), line(printed)]])).toMatchObject({ falseAlarms, missedOutages });
});

test('the delay counts from the first visible minute', () => {
  expect(firstVisibleMinute(scenario())).toBe(10);
  const delays = [12, 14, 40].map((detectedMinute) => [scenario(), line({ detectedMinute })] as const);
  const { detectionDelay } = score(delays);
  expect(detectionDelay.median).toBe(4);
  expect(detectionDelay.p90).toBeCloseTo(24.8);
});

test('coverage of the band, with and without the last minute', () => {
  const at = [checkpoint(5), checkpoint(15), checkpoint(60, { remaining: null }), checkpoint(99)];
  const { remaining } = score([[scenario(), line({ at })]]);
  // 95 lies outside 10 … 90, 85 inside; one minute is left at 99.
  expect(remaining).toEqual({ n: 2, coverage: 0.5, nWithLastMinute: 3, coverageWithLastMinute: 1 / 3 });
});

test('nothing to score', () => {
  expect(score([])).toMatchObject({ scenarios: 0, side: { n: 0, top1: null }, family: { calibrationError: null }, detectionDelay: { median: null } });
});

test('calibration error, by hand', () => {
  const eight = Array.from({ length: 8 }, (_, i) => ({ p: 0.75, right: i < 4 }));
  expect(calibrationError(eight)).toBeCloseTo(0.25);
  expect(calibrationError([...eight, { p: 1, right: true }, { p: 0.05, right: false }])).toBeCloseTo((8 * 0.25 + 0 + 0.05) / 10);
});

test('ranking leaves undisclosed out; quantiles interpolate', () => {
  expect(ranked([{ id: 'undisclosed', p: 0.9 }, { id: 'dns', p: 0.01 }, { id: 'power', p: 0.09 }]).map(({ id }) => id)).toEqual(['power', 'dns']);
  expect(quantile([4, 1], 0.5)).toBe(2.5);
  expect(quantile([], 0.5)).toBeNull();
});
