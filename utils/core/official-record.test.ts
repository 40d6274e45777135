import { expect, test } from 'vitest';
import * as fc from 'fast-check';
import { admissionStats, admittedAt, decodeOfficialRecord, EMPTY_RECORD, noteReading, officialView, vendorPasts } from './official-record.ts';
import type { OfficialRecord } from './official-record.ts';
import type { OfficialEvent, OfficialReading } from './official.ts';

const MINUTE = 60_000;
const T0 = Date.UTC(2026, 4, 1, 10);
const at = (minutes: number): number => T0 + minutes * MINUTE;

function event(change: Partial<OfficialEvent> = {}): OfficialEvent {
  return { id: 'a', service: 'iTunes Store', type: 'outage', status: 'ongoing', startedAt: at(0), endsAt: null, text: 'Slow.', hints: ['slow'], music: true, ...change };
}
function read(minutes: number, ...events: OfficialEvent[]): OfficialReading {
  return { kind: 'read', at: at(minutes), events };
}
function record(...readings: OfficialReading[]): OfficialRecord {
  return readings.reduce(noteReading, EMPTY_RECORD);
}
const only = (from: OfficialRecord) => {
  expect(from.incidents).toHaveLength(1);
  return from.incidents[0]!;
};

test('an incident is admitted by the first reading that shows it, and ends when it is declared over', () => {
  const one = only(record(read(0), read(15, event()), read(30, event()), read(45, event({ status: 'over', endsAt: at(40) }))));
  expect(one).toMatchObject({ status: 'over', admittedAt: at(15), overAt: at(45), endsAt: at(40), afterTheFact: false, watched: true, vanished: false, reopened: 0 });
});

test('what vanishes while it goes on has ended; what vanishes after its end is no news', () => {
  expect(only(record(read(0, event()), read(15)))).toMatchObject({ status: 'over', overAt: at(15), vanished: true });
  const over = event({ status: 'over', endsAt: at(10) });
  expect(only(record(read(0, event()), read(15, over), read(30)))).toMatchObject({ overAt: at(15), vanished: false });
});

test('a reading that fails ends nothing and says why; the next good one clears it', () => {
  const bad: OfficialReading = { kind: 'not-understood', at: at(15), reason: 'services: missing' };
  const failed = record(read(0, event()), bad, { ...bad, at: at(30) });
  expect(only(failed).status).toBe('ongoing');
  expect(failed).toMatchObject({ readAt: at(0), trouble: { kind: 'not-understood', since: at(15) } });
  expect(officialView(failed, at(30))).toMatchObject({ understood: false, reachable: true, reason: 'services: missing' });
  expect(officialView(record(read(0), { kind: 'unreachable', at: at(5) }), at(5))).toMatchObject({ understood: true, reachable: false });
  expect(noteReading(failed, read(45, event())).trouble).toBeNull();
});

test('an incident that comes back is the same one, re-opened', () => {
  const over = event({ status: 'over', endsAt: at(20) });
  const one = only(record(read(0, event()), read(25, over), read(40, event()), read(55, over), read(70, event())));
  expect(one).toMatchObject({ status: 'ongoing', overAt: null, reopened: 2, admittedAt: at(0) });
});

test.each([
  ['a shared service, starts 20 minutes apart', event({ id: 'b', startedAt: at(20) }), 1],
  ['a shared service, starts two hours apart', event({ id: 'b', startedAt: at(120) }), 2],
  ['another service of the store, the same minute', event({ id: 'b', service: 'Apple Account' }), 1],
  ['another service of the store, 20 minutes apart', event({ id: 'b', service: 'Apple Account', startedAt: at(20) }), 2],
  ['no service of the store, the same minute', event({ id: 'b', service: 'Maps', music: false }), 2],
  ['maintenance of the same service', event({ id: 'b', type: 'maintenance' }), 2],
])('two ids: %s', (_, other, incidents) => {
  expect(record(read(0, event()), read(15, event(), other)).incidents).toHaveLength(incidents);
  expect(record(read(0), read(15, event(), other)).incidents).toHaveLength(incidents);
});

test('an id that comes back after the page was renumbered is another incident', () => {
  const month = 31 * 24 * 60;
  const later = record(read(0, event()), read(15), read(month, event({ startedAt: at(month - 5) })));
  expect(later.incidents).toHaveLength(2);
});

test('one incident may move its start backwards and spread over services', () => {
  const one = only(record(read(0, event()), read(15, event({ startedAt: at(-90) }), event({ service: 'Apple Music', startedAt: at(-90) }), event({ service: 'Maps', music: false }))));
  expect(one.startedAt).toBe(at(-90));
  expect(one.services).toEqual(expect.arrayContaining(['iTunes Store', 'Apple Music', 'Maps']));
});

test('one service of two is over: the incident goes on', () => {
  const apart = record(read(0, event(), event({ service: 'Apple Music' })), read(15, event({ status: 'over', endsAt: at(10) }), event({ service: 'Apple Music' })));
  expect(only(apart)).toMatchObject({ status: 'ongoing', endsAt: null });
});

test('maintenance is seen ahead; taken back it leaves nothing', () => {
  const planned = event({ type: 'maintenance', status: 'upcoming', startedAt: at(600), endsAt: at(720) });
  const ahead = record(read(0), read(15, planned));
  expect(officialView(ahead, at(20))).toMatchObject({ ongoing: [], upcoming: [{ maintenance: true, startedAt: at(600), endsAt: at(720) }] });
  expect(noteReading(ahead, read(30)).incidents).toEqual([]);
  const begun = noteReading(ahead, read(601, { ...planned, status: 'ongoing' }));
  expect(officialView(begun, at(601)).ongoing).toHaveLength(1);
  expect(admittedAt(begun, { startedAt: at(605), endedAt: null })).toBe(at(15));
});

test('what has gone on for weeks is no news and admits nothing', () => {
  const days = 4 * 24 * 60;
  const aged = record(read(0, event()), read(days, event()));
  expect(officialView(aged, at(days)).ongoing).toEqual([]);
  expect(admittedAt(aged, { startedAt: at(days - 10), endedAt: null })).toBeNull();
});

test.each([
  ['overlaps', { startedAt: at(-40), endedAt: at(5) }, at(15)],
  ['goes on', { startedAt: at(2), endedAt: null }, at(15)],
  ['ended ten minutes before', { startedAt: at(-60), endedAt: at(-10) }, at(15)],
  ['ended long before', { startedAt: at(-60), endedAt: at(-30) }, null],
  ['began long after', { startedAt: at(300), endedAt: null }, null],
])('admission of ours that %s', (_, ours, expected) => {
  const said = record(read(0), read(15, event()), read(90, event({ status: 'over', endsAt: at(80) })));
  expect(admittedAt(said, ours)).toBe(expected);
  const elsewhere = record(read(0), read(15, event({ music: false, service: 'Maps' })));
  expect(admittedAt(elsewhere, ours)).toBeNull();
});

test("the vendor's record: lags, quartiles, too late", () => {
  const past = (lag: number | null, length: number) => ({ startedAt: at(0), endedAt: at(length), admittedAt: lag === null ? null : at(lag) });
  expect(admissionStats([past(30, 100), past(60, 100), past(90, 80), past(null, 50)])).toEqual({
    incidents: 4, admitted: 3, p25: 45, median: 60, p75: 75, max: 90, notBeforeEnd: 0.5,
  });
  expect(admissionStats([])).toEqual({ incidents: 0, admitted: 0, p25: null, median: null, p75: null, max: null, notBeforeEnd: null });
});

test('only what the page was watched for counts for its record', () => {
  const over = event({ status: 'over', endsAt: at(40) });
  expect(vendorPasts(record(read(60, over)))).toEqual([]); // first reading of all
  expect(vendorPasts(record(read(-600), read(60, over)))).toEqual([]); // we were away
  expect(vendorPasts(record(read(45), read(60, over)))).toEqual([{ startedAt: at(0), endedAt: at(40), admittedAt: at(60) }]);
  expect(vendorPasts(record(read(45), read(60, event({ type: 'maintenance', status: 'over', endsAt: at(50) }))))).toEqual([]);
});

test('an old reading is ignored, and the record stays bounded', () => {
  const now = record(read(15, event()));
  expect(noteReading(now, read(0))).toBe(now);
  const many = Array.from({ length: 400 }, (_, n) => event({ id: `m${n}`, startedAt: at(n * 60), music: n % 2 === 0, service: n % 2 === 0 ? 'Apple Music' : 'Maps' }));
  const full = record(read(0, ...many));
  expect(full.incidents).toHaveLength(130);
  expect(full.incidents.filter((one) => one.music)).toHaveLength(100);
});

const anyEvent = fc.record({
  id: fc.constantFrom('a', 'b', 'c', 'd'),
  service: fc.constantFrom('iTunes Store', 'Apple Music', 'Maps', ''),
  type: fc.constantFrom('outage' as const, 'issue' as const, 'maintenance' as const, 'unknown' as const),
  status: fc.constantFrom('upcoming' as const, 'ongoing' as const, 'over' as const),
  startedAt: fc.integer({ min: 0, max: 600 }).map(at),
  endsAt: fc.option(fc.integer({ min: 0, max: 900 }).map(at), { nil: null }),
  text: fc.constant(''),
  hints: fc.constant<OfficialEvent['hints']>([]),
  music: fc.boolean(),
});
const anyReading: fc.Arbitrary<OfficialReading> = fc.integer({ min: 0, max: 5000 }).map(at).chain((when) => fc.oneof(
  fc.array(anyEvent, { maxLength: 6 }).map((events): OfficialReading => ({ kind: 'read', at: when, events })),
  fc.constant<OfficialReading>({ kind: 'unreachable', at: when }),
));

test('whatever is read: JSON keeps the record, an incident never has two states, nothing on the page is lost', () => {
  fc.assert(fc.property(fc.array(anyReading, { maxLength: 12 }), (readings) => {
    let state = EMPTY_RECORD;
    for (const reading of [...readings].sort((a, b) => a.at - b.at)) {
      state = noteReading(state, reading);
      // A reading that is noted again, as every check does between two readings, changes nothing.
      expect(noteReading(state, reading)).toEqual(state);
      expect(decodeOfficialRecord(JSON.parse(JSON.stringify(state)))).toEqual({ ok: true, value: state });
      for (const one of state.incidents) expect(one.overAt === null).toBe(one.status !== 'over');
      if (reading.kind !== 'read') continue;
      const ongoing = reading.events.filter((entry) => entry.status === 'ongoing' && entry.service !== '');
      for (const entry of ongoing) expect(state.incidents.some((one) => one.status === 'ongoing' && one.ids.includes(entry.id))).toBe(true);
    }
  }), { numRuns: 150 });
});

test('the decoder takes any JSON and names the place', () => {
  fc.assert(fc.property(fc.jsonValue({ maxDepth: 2 }), (value) => { expect(typeof decodeOfficialRecord(value).ok).toBe('boolean'); }));
  const good = JSON.parse(JSON.stringify(record(read(0, event())))) as { incidents: Record<string, unknown>[] };
  good.incidents[0]!['startedAt'] = 'soon';
  expect(decodeOfficialRecord(good)).toEqual({ ok: false, error: { at: 'record.incidents[0].startedAt', reason: 'not a number' } });
});

test('a page-wide notice has no service; ongoing outweighs upcoming outweighs over; it lasts until the last of its parts ends', () => {
  const parts = (...events: OfficialEvent[]) => only(record(read(0, ...events)));
  expect(parts(event({ status: 'over', endsAt: at(5) }), event({ service: 'Apple Music', status: 'upcoming' }))).toMatchObject({ status: 'upcoming', endsAt: null });
  expect(parts(event({ status: 'over', endsAt: at(5) }), event({ service: 'Apple Music', status: 'over', endsAt: at(9) }))).toMatchObject({ status: 'over', endsAt: at(9), afterTheFact: true });
  expect(parts(event({ status: 'over', endsAt: at(5) }), event({ service: 'Apple Music', status: 'ongoing' }))).toMatchObject({ status: 'ongoing', overAt: null });
  expect(parts(event({ music: false, service: 'Maps', hints: ['slow'] }), event({ hints: ['purchase', 'slow'] }))).toMatchObject({ services: ['iTunes Store', 'Maps'], music: true, hints: ['slow', 'purchase'] });
  expect(parts(event(), event({ service: 'Apple Music', type: 'maintenance' })).maintenance).toBe(true);
});

test('one that is on the page again within the same reading is not re-opened, and hints add up', () => {
  const one = only(record(read(0, event()), read(15, event({ hints: ['purchase'], startedAt: at(-5), endsAt: at(99) }))));
  expect(one).toMatchObject({ startedAt: at(-5), endsAt: at(99), hints: ['slow', 'purchase'], seenAt: at(0), reopened: 0, watched: false });
});

test('what was announced is not admitted before it begins, maintenance is', () => {
  expect(only(record(read(0, event({ status: 'upcoming', startedAt: at(60) })))).admittedAt).toBeNull();
  expect(only(record(read(0, event({ status: 'upcoming', startedAt: at(60), type: 'maintenance' })))).admittedAt).toBe(at(0));
  expect(only(record(read(0, event({ status: 'upcoming', startedAt: at(60) })), read(60, event({ startedAt: at(60) })))).admittedAt).toBe(at(60));
});

test('what was announced and is gone when it should have begun is taken for over', () => {
  const planned = event({ status: 'upcoming', startedAt: at(60), type: 'maintenance' });
  expect(record(read(0, planned), read(59, )).incidents).toEqual([]);
  expect(only(record(read(0, planned), read(60)))).toMatchObject({ status: 'over', overAt: at(60), vanished: true });
});

test.each<[string, Partial<OfficialEvent>, next: Partial<OfficialEvent>, incidents: number]>([
  ['the same service, half an hour apart', {}, { id: 'b', startedAt: at(30) }, 1],
  ['the same service, more', {}, { id: 'b', startedAt: at(30) + 1 }, 2],
  ['a part of the services is the same', {}, { id: 'b', startedAt: at(10), service: 'iTunes Store' }, 1],
  ['another service of the store, a minute apart', {}, { id: 'b', service: 'Apple Music', startedAt: at(1) }, 1],
  ['another service of the store, more', {}, { id: 'b', service: 'Apple Music', startedAt: at(1) + 1 }, 2],
  ['two plans of other services in the same minute', { type: 'maintenance' }, { id: 'b', type: 'maintenance', service: 'Apple Music' }, 2],
])('two ids: %s', (_, first, next, incidents) => {
  expect(record(read(0, event(first)), read(15, event(first), event(next))).incidents).toHaveLength(incidents);
});

test('a reading as old as the last one is taken, an older one is not', () => {
  const first = record(read(10, event()));
  expect(noteReading(first, read(9)).incidents[0]!.status).toBe('ongoing');
  expect(noteReading(first, read(10)).incidents[0]!.status).toBe('over');
});

test('the page for the views: what goes on, what comes, what was lately, the newest first', () => {
  const DAY_MIN = 24 * 60;
  const over = (id: string, minute: number) => event({ id, status: 'over', startedAt: at(minute), endsAt: at(minute + 5), service: id });
  const full = record(
    read(0, event({ id: 'old', startedAt: at(0), service: 'old' }), over('gone', -200)),
    read(DAY_MIN, event({ id: 'old', startedAt: at(0), service: 'old' }), event({ id: 'new', startedAt: at(DAY_MIN), service: 'new' }), over('gone', -200), over('lately', DAY_MIN - 90), event({ id: 'soon', status: 'upcoming', startedAt: at(4 * DAY_MIN), service: 'soon' }), event({ id: 'maps', music: false, service: 'Maps', startedAt: at(700) })),
  );
  const ids = (list: readonly { ids: string[] }[]) => list.map(({ ids: [id] }) => id);
  const now = officialView(full, at(DAY_MIN + 10));
  expect([ids(now.ongoing), ids(now.upcoming), ids(now.lately)]).toEqual([['new', 'old'], ['soon'], ['lately', 'gone']]);
  expect(now).toMatchObject({ readAt: at(DAY_MIN), reachable: true, understood: true, reason: '' });
  // Two days after, and three days after its beginning.
  const later = officialView(full, at(3 * DAY_MIN));
  expect([ids(later.ongoing), ids(later.lately)]).toEqual([['new'], []]);
  expect(ids(officialView(full, at(3 * DAY_MIN) - 1).ongoing)).toEqual(['new', 'old']);
  expect(ids(officialView(full, at(3 * DAY_MIN) - 1).lately)).toEqual(['lately']);
});

test('ends of what the page kept: after the fact never after it was seen, else as the vendor says', () => {
  const watched = (...events: OfficialEvent[]) => vendorPasts(record(read(-15), read(0, ...events), read(15, ...events), read(30)));
  expect(watched(event({ status: 'over', startedAt: at(-40), endsAt: at(20) }))).toMatchObject([{ endedAt: at(0), admittedAt: at(0) }]);
  expect(watched(event({ status: 'over', startedAt: at(-40), endsAt: null }))).toMatchObject([{ endedAt: at(0) }]);
  expect(watched(event({ startedAt: at(-40) }))).toMatchObject([{ startedAt: at(-40), endedAt: at(30), admittedAt: at(0) }]);
  expect(watched(event({ startedAt: at(-40), endsAt: at(-60) }))).toMatchObject([{ endedAt: at(-40) }]);
});

test('admission: what stands there for days admits nothing new, the first of several counts', () => {
  const standing = record(read(0), read(15, event()), read(99, event()));
  expect(admittedAt(standing, { startedAt: at(3 * 24 * 60) - 1, endedAt: null })).toBe(at(15));
  expect(admittedAt(standing, { startedAt: at(3 * 24 * 60), endedAt: null })).toBeNull();
  const two = record(read(0), read(15, event()), read(30, event(), event({ id: 'b', service: 'Apple Music', startedAt: at(20) })));
  expect(admittedAt(two, { startedAt: at(20), endedAt: at(40) })).toBe(at(15));
  const over = record(read(0), read(15, event()), read(90, event({ status: 'over', endsAt: at(80) })));
  expect(admittedAt(over, { startedAt: at(90), endedAt: at(95) })).toBe(at(15));
  expect(admittedAt(over, { startedAt: at(90) + 1, endedAt: at(95) })).toBeNull();
  expect(admittedAt(over, { startedAt: at(-30), endedAt: at(-10) - 1 })).toBeNull();
});

const whole = (): Record<string, any> => JSON.parse(JSON.stringify(record(read(0, event()), { kind: 'unreachable', at: at(5) }))) as Record<string, any>;
test.each<[place: string, change: (stored: Record<string, any>) => void]>([
  ['record.schema', (r) => { r['schema'] = 2; }],
  ['record.readAt', (r) => { r['readAt'] = 'x'; }],
  ['record.readAt', (r) => { delete r['readAt']; }],
  ['record.trouble', (r) => { r['trouble'] = 5; }],
  ['record.trouble', (r) => { r['trouble'] = []; }],
  ['record.trouble.kind', (r) => { r['trouble'].kind = 'read'; }],
  ['record.trouble.since', (r) => { r['trouble'].since = null; }],
  ['record.trouble.reason', (r) => { delete r['trouble'].reason; }],
  ['record.incidents', (r) => { r['incidents'] = {}; }],
  ['record.incidents', (r) => { r['incidents'] = Array.from({ length: 1000 }, () => r['incidents'][0] as unknown); }],
  ['record.incidents[0]', (r) => { r['incidents'][0] = null; }],
  ['record.incidents[0]', (r) => { r['incidents'][0] = []; }],
  ['record.incidents[0]', (r) => { r['incidents'][0] = 'x'; }],
  ['record.incidents[0].ids', (r) => { r['incidents'][0].ids = []; }],
  ['record.incidents[0].ids', (r) => { r['incidents'][0].ids = 'a'; }],
  ['record.incidents[0].ids', (r) => { r['incidents'][0].ids = ['a', 5]; }],
  ['record.incidents[0].ids', (r) => { r['incidents'][0].ids = ['x'.repeat(201)]; }],
  ['record.incidents[0].ids', (r) => { r['incidents'][0].ids = Array.from({ length: 1000 }, () => 'a'); }],
  ['record.incidents[0].services', (r) => { r['incidents'][0].services = null; }],
  ['record.incidents[0].hints', (r) => { r['incidents'][0].hints = 'slow'; }],
  ['record.incidents[0].hints', (r) => { r['incidents'][0].hints = ['slow', 'fast']; }],
  ['record.incidents[0].status', (r) => { r['incidents'][0].status = 'soon'; }],
  ...['startedAt', 'seenAt', 'reopened'].map((name): [string, (stored: Record<string, any>) => void] => [`record.incidents[0].${name}`, (r) => { r['incidents'][0][name] = null; }]),
  ...['endsAt', 'admittedAt', 'overAt'].map((name): [string, (stored: Record<string, any>) => void] => [`record.incidents[0].${name}`, (r) => { r['incidents'][0][name] = '5'; }]),
  ...['music', 'maintenance', 'afterTheFact', 'vanished', 'watched'].map((name): [string, (stored: Record<string, any>) => void] => [`record.incidents[0].${name}`, (r) => { r['incidents'][0][name] = 1; }]),
])('a stored record with a wrong %s is refused there', (place, change) => {
  const stored = whole();
  expect(decodeOfficialRecord(stored).ok).toBe(true);
  change(stored);
  expect(decodeOfficialRecord(stored)).toMatchObject({ ok: false, error: { at: place } });
});

test('a stored record comes back as it was, without what does not belong there', () => {
  const stored = { ...whole(), extra: 1, incidents: [{ ...whole()['incidents'][0], extra: 1, ids: ['x'.repeat(200)], endsAt: 5, admittedAt: 6, overAt: 7, hints: ['slow', 'slow', 'sign-in', 'streaming', 'maintenance', 'purchase'] }] };
  const clean = whole();
  expect(decodeOfficialRecord(stored)).toEqual({ ok: true, value: { ...clean, incidents: [{ ...clean['incidents'][0], ids: ['x'.repeat(200)], endsAt: 5, admittedAt: 6, overAt: 7, hints: ['slow', 'sign-in', 'streaming', 'maintenance', 'purchase'] }] } });
  expect(decodeOfficialRecord({ ...clean, readAt: null, trouble: null })).toEqual({ ok: true, value: { ...clean, readAt: null, trouble: null } });
  for (const none of [null, 'x', [], 5]) expect(decodeOfficialRecord(none)).toMatchObject({ ok: false, error: { at: 'record' } });
});
