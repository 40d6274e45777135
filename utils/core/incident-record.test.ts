import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { boundRecord, countSeen, decodeIncident, LIMITS, pastOutages, scoreForecasts, statisticsOf, type IncidentRecord } from './incident-record.ts';
import type { Observation, Result } from './observation.ts';
import type { Role } from './role.ts';

const MINUTE = 60_000;
/** 2015-03-11 09:00 UTC, a Wednesday: the store's longest day. */
const T0 = Date.UTC(2015, 2, 11, 9);

const record = (over: Partial<IncidentRecord> = {}): IncidentRecord => ({
  schema: 1,
  id: 'i79k',
  kind: 'down',
  side: 'store',
  startedAt: T0,
  detectedAt: T0 + 90_000,
  endedAt: T0 + 690 * MINUTE,
  relapses: 1,
  flapping: false,
  observed: 0.9,
  course: [{ at: T0 + 90_000, cause: 'undisclosed', p: 0.4, kind: 'degraded' }, { at: T0 + 60 * MINUTE, cause: 'dns', p: 0.5, kind: 'down' }],
  causes: [{ id: 'dns', p: 0.5 }, { id: 'configuration', p: 0.2 }],
  because: [{ evidence: 'controls.healthy', params: { healthy: 3, host: 'example.org' }, cause: 'dns', weight: 0.5, sideWeight: 2 }],
  seen: { catalog: { asked: 40, failed: 38, types: { 'http.503': 30, 'tcp.timed_out': 8 } }, controls: { asked: 9, failed: 0, types: {} } },
  official: [{ id: '1', service: 'iTunes Store', type: 'outage', startedAt: T0, endsAt: null, text: 'Users are unable to buy.' }],
  admittedAt: T0 + 240 * MINUTE,
  forecasts: [{ at: T0 + 5 * MINUTE, band: { p10: 10, p50: 100, p90: 900 } }],
  loss: { currency: 'JPY', atRisk: [1, 2], deferred: [0.5, 1.8], lost: [0.1, 1] },
  ...over,
});

test('what is stored comes back', () => {
  expect(decodeIncident(JSON.parse(JSON.stringify(record())))).toEqual({ ok: true, value: record() });
  const open = record({ endedAt: null, admittedAt: null, loss: null });
  expect(decodeIncident(open)).toEqual({ ok: true, value: open });
});

test.each([
  ['no object', 7, 'incident'],
  ['an id that is a path', { ...record(), id: '../x' }, 'incident.id'],
  ['an end before the start', { ...record(), endedAt: T0 - 1 }, 'incident'],
  ['a cause nobody knows', { ...record(), causes: [{ id: 'gremlins', p: 1 }] }, 'incident.causes.0.id'],
  ['a probability of 2', { ...record(), causes: [{ id: 'dns', p: 2 }] }, 'incident.causes.0.p'],
  ['a failure nobody knows', { ...record(), seen: { catalog: { asked: 1, failed: 1, types: { 'http.99': 1 } } } }, 'incident.seen.catalog.types.http.99'],
  ['a role nobody knows', { ...record(), seen: { cinema: { asked: 1, failed: 0, types: {} } } }, 'incident.seen.cinema'],
  ['too many forecasts', { ...record(), forecasts: Array.from({ length: 17 }, () => record().forecasts[0]) }, 'incident.forecasts'],
  ['a band without an end', { ...record(), forecasts: [{ at: T0, band: { p10: 1, p50: 2 } }] }, 'incident.forecasts.0.band.p90'],
  ['no currency', { ...record(), loss: { ...record().loss, currency: '<b>' } }, 'incident.loss.currency'],
])('%s is refused with its place', (_, stored, at) => {
  const outcome = decodeIncident(stored);
  expect(outcome.ok ? 'accepted' : outcome.error.at).toBe(at);
  expect(outcome.ok ? '' : outcome.error.reason).not.toBe('');
});

test('any JSON, and any record with one part replaced by any JSON, is read or refused', () => {
  fc.assert(fc.property(fc.jsonValue(), (value) => void expect(decodeIncident(value).ok).toBe(false)));
  fc.assert(
    fc.property(fc.constantFrom(...Object.keys(record())), fc.jsonValue(), (key, value) => {
      const outcome = decodeIncident({ ...record(), [key]: value });
      if (outcome.ok) expect(decodeIncident(outcome.value)).toEqual(outcome);
      else expect(outcome.error.at.startsWith('incident')).toBe(true);
    }),
  );
});

test('whatever happens in an incident, its record stays small and readable', () => {
  const many = 500;
  const big = boundRecord(
    record({
      observed: 1.0000001,
      course: Array.from({ length: many }, (_, i) => ({ at: T0 + i, cause: 'dns', p: 0.5, kind: 'down' })),
      because: Array.from({ length: many }, () => ({ ...record().because[0]!, params: { host: '音'.repeat(1000) } })),
      seen: { catalog: { asked: many, failed: many, types: Object.fromEntries(Array.from({ length: 99 }, (_, i) => [`http.${500 + i}`, i + 1])) } },
      official: Array.from({ length: many }, () => ({ ...record().official[0]!, text: '🎵'.repeat(1000) })),
      forecasts: Array.from({ length: many }, (_, i) => ({ at: T0 + i, band: { p10: 1, p50: 2, p90: 3 } })),
    }),
  );
  expect(decodeIncident(big)).toEqual({ ok: true, value: big });
  expect(new TextEncoder().encode(JSON.stringify(big)).length).toBeLessThan(40_000);
  expect([big.course[0]!.at, big.course.at(-1)!.at]).toEqual([T0, T0 + many - 1]);
  expect(big.seen.catalog!.types).toHaveProperty('http.598', 99);
  expect(big.official).toHaveLength(LIMITS.official);
});

const observation = (role: Role, result: Result): Observation => ({ target: role, role, at: T0, ms: 1, result, times: null, answer: null, bytes: 0 });

test('what was seen is counted by role and type; what was thrown away is not', () => {
  const failed: Result = { kind: 'failed', failure: 'http.503', phase: 'http' };
  const seen = countSeen({ catalog: { asked: 1, failed: 0, types: {} } }, [
    observation('catalog', failed),
    observation('catalog', failed),
    observation('catalog', { kind: 'failed', failure: 'timed_out', phase: 'unknown' }),
    observation('audio', { kind: 'ok' }),
    observation('audio', { kind: 'ok' }),
    observation('audio', { kind: 'discarded', because: 'suspended' }),
  ]);
  expect(seen).toEqual({ catalog: { asked: 4, failed: 3, types: { 'http.503': 2, timed_out: 1 } }, audio: { asked: 2, failed: 0, types: {} } });
});

test('forecasts are scored against the end, and only when there is one', () => {
  const band = { p10: 10, p50: 20, p90: 30 };
  const at = (minutes: number) => ({ at: T0 + minutes * MINUTE, band });
  const ended = record({ endedAt: T0 + 40 * MINUTE, forecasts: [at(0), at(10), at(20), at(30), at(35), at(41)] });
  expect(scoreForecasts([ended, record({ endedAt: null, forecasts: [at(0)] })])).toEqual({ made: 5, inside: 3 });
});

test('only outages of the store that were seen teach the forecast', () => {
  const records = [
    record({ startedAt: T0 + 5 * MINUTE, endedAt: T0 + 25 * MINUTE }),
    record({ endedAt: T0 + 10 * MINUTE, causes: [{ id: 'storage', p: 0.9 }] }),
    record({ side: 'path' }), record({ kind: 'maintenance' }), record({ endedAt: null }), record({ observed: 0.2 }),
  ];
  expect(pastOutages(records)).toEqual([{ cause: 'storage', minutes: 10 }, { cause: 'dns', minutes: 20 }]);
});

const japan = () => 540;

test('statistics by cause, local hour and weekday', () => {
  const records = [
    record(),
    record({ startedAt: T0 + 600 * MINUTE, endedAt: T0 + 610 * MINUTE }),
    record({ endedAt: null, causes: [{ id: 'storage', p: 1 }] }),
    record({ kind: 'maintenance' }),
  ];
  const { byCause, byHour, byWeekday } = statisticsOf(records, japan);
  expect(byCause).toEqual([{ cause: 'dns', count: 2, medianMin: 350, totalMin: 700 }, { cause: 'storage', count: 1, medianMin: null, totalMin: 0 }]);
  expect([byHour[18], byHour[4]], '09:00 UTC is 18:00 in Japan, 19:00 UTC is 04:00').toEqual([2, 1]);
  expect(byWeekday, 'Wednesday twice, then Thursday').toEqual([0, 0, 0, 2, 1, 0, 0]);
});

test('what fits stays as it is, what does not is cut at its end: lists keep how it began and how it ended', () => {
  const point = (i: number): IncidentRecord['course'][number] => ({ at: T0 + i, cause: 'dns', p: 1, kind: 'down' });
  const points = (n: number) => Array.from({ length: n }, (_, i) => point(i));
  expect(boundRecord(record({ course: points(LIMITS.course) })).course).toEqual(points(LIMITS.course));
  const cut = boundRecord(record({ course: points(LIMITS.course + 5) })).course;
  expect(cut).toHaveLength(LIMITS.course);
  expect(cut.slice(0, LIMITS.course / 4)).toEqual(points(LIMITS.course / 4));
  expect(cut.at(-1)).toEqual(point(LIMITS.course + 4));
  const words = (n: number) => boundRecord(record({ official: [{ ...record().official[0]!, text: 'x'.repeat(n) }] })).official[0]!.text;
  expect(words(LIMITS.text)).toBe('x'.repeat(LIMITS.text));
  expect(words(LIMITS.text + 1)).toBe(`${'x'.repeat(LIMITS.text - 1)}…`);
  const reason = boundRecord(record({ because: [{ ...record().because[0]!, params: { n: 5, text: 'y'.repeat(LIMITS.text + 9) } }] })).because[0]!;
  expect(reason.params).toEqual({ n: 5, text: `${'y'.repeat(LIMITS.text - 1)}…` });
  const causes = Array.from({ length: LIMITS.causes + 3 }, () => ({ id: 'dns' as const, p: 0 }));
  expect(boundRecord(record({ causes })).causes).toHaveLength(LIMITS.causes);
  expect([-1, 0.4, 7].map((observed) => boundRecord(record({ observed })).observed)).toEqual([0, 0.4, 1]);
});

test('of failures the eight most frequent are kept, by the alphabet where they are alike', () => {
  const types = Object.fromEntries(['500', '501', '502', '503', '504', '505', '506', '507', '508'].map((status) => [`http.${status}`, status === '508' ? 2 : 1]));
  const kept = (of: Record<string, number>) => Object.keys(boundRecord(record({ seen: { catalog: { asked: 9, failed: 9, types: of } } })).seen.catalog!.types);
  expect(kept(types)).toEqual(['http.508', 'http.500', 'http.501', 'http.502', 'http.503', 'http.504', 'http.505', 'http.506']);
  expect(kept(Object.fromEntries(Object.entries(types).reverse()))).toEqual(kept(types));
});

test('statistics: the most frequent cause first, then the longer one; the middle one of three, not of their order', () => {
  const lasting = (id: 'dns' | 'storage' | 'power', minutes: number) => record({ causes: [{ id, p: 1 }], endedAt: T0 + minutes * MINUTE });
  const { byCause } = statisticsOf([lasting('dns', 9), lasting('storage', 30), lasting('power', 300), lasting('storage', 10), lasting('storage', 200), lasting('power', 1)], () => 0);
  expect(byCause).toEqual([{ cause: 'storage', count: 3, medianMin: 30, totalMin: 240 }, { cause: 'power', count: 2, medianMin: 150.5, totalMin: 301 }, { cause: 'dns', count: 1, medianMin: 9, totalMin: 9 }]);
  expect(statisticsOf([lasting('dns', 9), lasting('power', 300)], () => 0).byCause.map(({ cause }) => cause)).toEqual(['power', 'dns']);
});

test('the leading cause at the end: the last diagnosis, else the last of its course, else nobody knows', () => {
  const causes = (over: Partial<IncidentRecord>) => pastOutages([record(over)])[0]!.cause;
  expect(causes({})).toBe('dns');
  expect(causes({ causes: [], course: [{ at: T0, cause: 'storage', p: 1, kind: 'down' }, { at: T0, cause: 'power', p: 1, kind: 'down' }] })).toBe('power');
  expect(causes({ causes: [], course: [] })).toBe('undisclosed');
  expect(pastOutages([record({ observed: 0.5 })])).toHaveLength(1);
  expect(scoreForecasts([{ endedAt: T0, forecasts: [{ at: T0, band: { p10: 0, p50: 1, p90: 2 } }] }])).toEqual({ made: 0, inside: 0 });
  expect(decodeIncident(record({ endedAt: T0 })).ok).toBe(true);
});
