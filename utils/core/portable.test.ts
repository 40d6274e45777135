import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import type { IncidentRecord } from './incident-record.ts';
import { compareIncidents, exportIncident, importIncident } from './portable.ts';

const MINUTE = 60_000;
const T0 = Date.UTC(2026, 2, 2);

const record = (over: Partial<IncidentRecord> = {}): IncidentRecord => ({
  schema: 1, id: 'a', kind: 'down', side: 'store', startedAt: T0, detectedAt: T0 + MINUTE, endedAt: T0 + 200 * MINUTE, relapses: 0, flapping: false, observed: 1,
  course: [], causes: [{ id: 'dns', p: 0.6 }], because: [], official: [], admittedAt: null, forecasts: [],
  seen: { catalog: { asked: 50, failed: 40, types: { 'http.503': 30, 'tcp.timed_out': 10 } }, audio: { asked: 50, failed: 2, types: { 'http.503': 2 } } },
  loss: { currency: 'JPY', atRisk: [1, 2], deferred: [1, 2], lost: [0, 1] }, ...over,
});
const official = [{ id: '2000001', service: 'iTunes Store', type: 'outage' as const, startedAt: T0, endsAt: null, text: '' }];

test('the file tells of the incident, in another browser the same, and nothing of the user', () => {
  const text = exportIncident(
    record({ because: [{ evidence: 'dns.asked', params: { resolver: '192.168.1.20', server: '2001:db8::17', who: 'me@example.org', at: '10:02:33', host: 'itunes.apple.com' }, cause: 'dns', weight: 1, sideWeight: 1 }] }),
    'jp',
  );
  expect(text).not.toMatch(/192\.168|2001:db8|me@|JPY|loss": \{/);
  const file = importIncident(text);
  if (!file.ok) throw new Error(file.error.reason);
  expect(file.value.storefront).toBe('jp');
  expect(file.value.incident.because[0]!.params).toEqual({ resolver: '…', server: '…', who: '…', at: '10:02:33', host: 'itunes.apple.com' });
  expect(file.value.incident.seen).toEqual(record().seen);
  expect(compareIncidents(record(), file.value.incident).verdict).toBe('same');
});

test.each([
  ['no JSON', '{', 'file'],
  ['a whole backup', '{"format":"tsunagaru-backup","version":1}', 'format'],
  ['a country that is none', JSON.stringify({ format: 'tsunagaru-incident', version: 1, storefront: 'Japan', incident: record() }), 'storefront'],
  ['a damaged incident', JSON.stringify({ format: 'tsunagaru-incident', version: 1, storefront: 'jp', incident: { ...record(), endedAt: 'later' } }), 'incident.endedAt'],
])('%s is refused with its place', (_, text, at) => {
  const outcome = importIncident(text);
  expect(outcome.ok ? 'accepted' : outcome.error.at).toBe(at);
});

const other = { catalog: { asked: 20, failed: 0, types: {} }, audio: { asked: 20, failed: 20, types: { 'dns.name_not_resolved': 20 } } };
test.each([
  ['the same, seen five minutes later', record({ startedAt: T0 + 5 * MINUTE, endedAt: T0 + 190 * MINUTE }), 'same', ['same-time', 'started-together']],
  ['the same, going on still', record({ endedAt: null, startedAt: T0 + 3 * MINUTE, detectedAt: T0 + 9 * MINUTE }), 'same', ['same-time', 'started-together']],
  ['the same by the other engine, whose timers name no phase', record({ seen: { catalog: { asked: 50, failed: 40, types: { 'http.503': 30, timed_out: 10 } } } }), 'same', ['same-failures']],
  ['a day later', record({ startedAt: T0 + 1440 * MINUTE, detectedAt: T0 + 1441 * MINUTE, endedAt: T0 + 1500 * MINUTE }), 'different', ['other-time']],
  ['the same time, quite another fault', record({ startedAt: T0 + 40 * MINUTE, seen: other, causes: [{ id: 'storage', p: 1 }] }), 'different', ['other-parts', 'other-failures', 'other-cause']],
  ['his own router', record({ side: 'own' }), 'different', ['own-side']],
  ['a short piece of it, nothing known of the fault', record({ startedAt: T0 + 100 * MINUTE, endedAt: T0 + 130 * MINUTE, seen: {}, causes: [] }), 'perhaps', ['some-overlap']],
] as const)('%s', (_, b, verdict, likenesses) => {
  const comparison = compareIncidents(record(), b);
  expect(comparison.verdict).toBe(verdict);
  expect(comparison.reasons.map(({ likeness }) => likeness)).toEqual(expect.arrayContaining([...likenesses]));
});

test('the vendor’s own id is strong evidence', () => {
  const half = { startedAt: T0 + 100 * MINUTE, seen: {}, causes: [] };
  const without = compareIncidents(record(), record(half)).p;
  expect(compareIncidents(record({ official }), record({ ...half, official })).p).toBeGreaterThan(without);
  expect(compareIncidents(record({ official }), record({ ...half, official: [{ ...official[0]!, id: '7' }] })).p).toBeLessThan(without);
});

const make = ({ start, length, failed, side }: { start: number; length: number | null; failed: number; side: 'store' | 'path' }) =>
  record({ side, startedAt: T0 + start * MINUTE, detectedAt: T0 + (start + 1) * MINUTE, endedAt: length === null ? null : T0 + (start + length) * MINUTE, seen: { catalog: { asked: 50, failed, types: failed ? { 'http.503': failed } : {} } } });

test('it does not matter who asks', () => {
  const any = fc.record({ start: fc.integer({ min: 0, max: 500 }), length: fc.option(fc.integer({ min: 0, max: 500 }), { nil: null }), failed: fc.integer({ min: 0, max: 50 }), side: fc.constantFrom('store' as const, 'path' as const) });
  fc.assert(
    fc.property(any, any, (a, b) => {
      const [there, back] = [compareIncidents(make(a), make(b)), compareIncidents(make(b), make(a))];
      expect(there.p).toBeCloseTo(back.p, 10);
      expect(there.verdict).toBe(back.verdict);
    }),
  );
});
