import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
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

describe('likenesses and what they weigh', () => {
  const reasons = (a: IncidentRecord, b: IncidentRecord) => compareIncidents(a, b).reasons;
  const bare = (over: Partial<IncidentRecord> = {}) => record({ seen: {}, causes: [], ...over });
  const lasting = (from: number, to: number, over: Partial<IncidentRecord> = {}) => bare({ startedAt: T0 + from * MINUTE, detectedAt: T0 + from * MINUTE, endedAt: T0 + to * MINUTE, ...over });
  const at = (...of: [likeness: string, weight: number, params?: Record<string, number>][]) => of.map(([likeness, weight, params = {}]) => ({ likeness, weight, params }));

  test.each<[string, IncidentRecord, ReturnType<typeof at>]>([
    ['the same time', lasting(0, 100), at(['same-time', 2, { percent: 100 }], ['started-together', 1.5, { minutes: 0 }])],
    ['half of it', lasting(50, 100), at(['same-time', 2, { percent: 50 }])],
    ['less', lasting(52, 100), at(['some-overlap', 0.3, { percent: 48 }])],
    ['began a quarter of an hour later', lasting(15, 100), at(['same-time', 2, { percent: 85 }], ['started-together', 1.5, { minutes: 15 }])],
    ['more', lasting(16, 100), at(['same-time', 2, { percent: 84 }])],
    ['longer on both sides', lasting(-20, 140), at(['same-time', 2, { percent: 63 }])],
    ['right after it', lasting(105, 200), at(['some-overlap', 0.3, { percent: 0 }])],
    ['later', lasting(106, 200), at(['other-time', -8, { minutes: 6 }])],
    ['no time at all, there', lasting(0, 0), at(['started-together', 1.5, { minutes: 0 }], ['some-overlap', 0.3, { percent: 0 }])],
  ])('%s', (_, other_, expected) => {
    expect(reasons(lasting(0, 100), other_)).toEqual(expected);
    expect(reasons(other_, lasting(0, 100))).toEqual(expected);
  });

  test('two of no length at the same moment are at the same time', () => {
    expect(reasons(lasting(0, 0), lasting(0, 0))[0]).toEqual({ likeness: 'same-time', weight: 2, params: { percent: 100 } });
  });

  test.each<[string, Partial<IncidentRecord>, Partial<IncidentRecord>, likeness: string, weight: number]>([
    ['the vendor’s id', { official }, { official: [{ ...official[0]!, id: '7' }, ...official] }, 'same-official', 3],
    ['another id of his', { official }, { official: [{ ...official[0]!, id: '7' }] }, 'other-official', -1],
    ['the cause', { causes: [{ id: 'dns', p: 1 }] }, { causes: [{ id: 'dns', p: 0.4 }] }, 'same-cause', 0.7],
    ['a cause of another family', { causes: [{ id: 'dns', p: 1 }] }, { causes: [{ id: 'storage', p: 1 }] }, 'other-cause', -0.5],
    ['somebody’s own', { side: 'own' }, {}, 'own-side', -8],
    ['the other’s own', {}, { side: 'own' }, 'own-side', -8],
    ['the way there, the store here', { side: 'path' }, { side: 'store' }, 'other-side', -2],
  ])('%s', (_, a, b, likeness, weight) => {
    expect(reasons(bare(a), bare(b))).toContainEqual({ likeness, weight, params: {} });
    expect(reasons(bare(b), bare(a))).toContainEqual({ likeness, weight, params: {} });
  });

  test.each<[string, Partial<IncidentRecord>, Partial<IncidentRecord>, likenesses: RegExp]>([
    ['one has no id of the vendor', { official }, {}, /official/],
    ['one has no cause', { causes: [{ id: 'dns', p: 1 }] }, {}, /cause/],
    ['causes of one family', { causes: [{ id: 'dns', p: 1 }] }, { causes: [{ id: 'network-routing', p: 1 }] }, /cause/],
    ['the same side', { side: 'path' }, { side: 'path' }, /side/],
    ['nothing in common was asked', { seen: { catalog: { asked: 5, failed: 5, types: {} } } }, { seen: { audio: { asked: 5, failed: 5, types: {} } } }, /parts|failures/],
    ['one never asked it', { seen: { catalog: { asked: 5, failed: 5, types: {} } } }, { seen: { catalog: { asked: 0, failed: 0, types: {} } } }, /parts|failures/],
    ['only controls failed', { seen: { controls: { asked: 5, failed: 5, types: { timed_out: 5 } } } }, { seen: { controls: { asked: 5, failed: 5, types: { timed_out: 5 } } } }, /parts|failures/],
  ])('nothing is said where %s', (_, a, b, likenesses) => {
    expect(reasons(bare(a), bare(b)).filter(({ likeness }) => likenesses.test(likeness))).toEqual([]);
  });

  const seen = (catalog: number, audio: number, types: Record<string, number> = {}): Partial<IncidentRecord> => ({ seen: { catalog: { asked: 10, failed: catalog, types }, audio: { asked: 20, failed: audio, types: {} } } });
  const found = (a: Partial<IncidentRecord>, b: Partial<IncidentRecord>, likeness: RegExp) => reasons(bare(a), bare(b)).filter((one) => likeness.test(one.likeness));

  test('parts: which fail, by their share', () => {
    expect(found(seen(10, 0), seen(5, 0), /parts/)).toEqual(at(['same-parts', 1, { percent: 100 }]));
    expect(found(seen(10, 20), seen(10, 0), /parts/)).toEqual(at(['same-parts', 1, { percent: 71 }]));
    expect(found(seen(10, 20), seen(1, 0), /parts/)).toEqual(at(['same-parts', 1, { percent: 71 }]));
    expect(found(seen(0, 20), seen(10, 2), /parts/)).toEqual(at(['other-parts', -1.5, { percent: 10 }]));
    expect(found(seen(10, 0), seen(0, 20), /parts/)).toEqual(at(['other-parts', -1.5, { percent: 0 }]));
  });

  test('failures: by kind, timers as one, names and certificates as one each', () => {
    const how = (a: Record<string, number>, b: Record<string, number>) => found(seen(5, 0, a), seen(5, 0, b), /failures/);
    expect(how({ 'tcp.timed_out': 5 }, { 'timed_out.connected': 3, timed_out: 9 })).toEqual(at(['same-failures', 1, { percent: 100 }]));
    expect(how({ 'dns.failed': 5 }, { 'dns.name_not_resolved': 5 })).toEqual(at(['same-failures', 1, { percent: 100 }]));
    expect(how({ 'tls.failed': 5 }, { 'tls.cert.revoked': 5 })).toEqual(at(['same-failures', 1, { percent: 100 }]));
    expect(how({ 'http.503': 5 }, { 'http.500': 5 })).toEqual(at(['other-failures', -0.7, { percent: 0 }]));
    expect(how({ 'dns.failed': 5 }, { 'tls.failed': 5 })).toEqual(at(['other-failures', -0.7, { percent: 0 }]));
    expect(how({ 'http.503': 3, 'http.500': 4 }, { 'http.503': 30 })).toEqual(at(['same-failures', 1, { percent: 60 }]));
    expect(how({ 'http.503': 2, 'http.500': 4 }, { 'http.503': 30 })).toEqual(at(['other-failures', -0.7, { percent: 45 }]));
  });

  test('the weights add up to a probability, the strongest reason first', () => {
    const { p, reasons: all, verdict } = compareIncidents(bare({ side: 'path', official }), bare({ official }));
    expect(all.map(({ weight }) => weight)).toEqual([3, 2, -2, 1.5]);
    expect(p).toBeCloseTo(1 / (1 + Math.exp(-(Math.log(0.5) + 4.5))), 12);
    expect(verdict).toBe('same');
  });
});

test('only addresses are taken out of a reason, figures stay figures', () => {
  const because: IncidentRecord['because'] = [{ evidence: 'a', params: { share: 0.5, text: '10.0.0.1 said' }, cause: 'dns', weight: 1, sideWeight: 1 }];
  const file = importIncident(exportIncident(record({ because }), 'jp'));
  expect(file.ok && file.value.incident.because[0]!.params).toEqual({ share: 0.5, text: '… said' });
  for (const none of ['5', 'null', '"x"']) expect(importIncident(none)).toMatchObject({ ok: false, error: { at: 'file' } });
});
