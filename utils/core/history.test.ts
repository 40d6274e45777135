import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  allKeys, appendSpan, bucketsOf, DAY, decodeChunk, encodeChunk, HISTORY_INDEX, HOUR, isHistoryKey, keysFor, keysForQuery, loadHistory,
  mergeHistory, MINUTE, observedSince, queryRange, responseTimes, shedTimes, sliceOf, totals, type History, type ResponseTime, type Span,
} from './history.ts';
import { TIME_STATES, type TimeState } from './time-state.ts';

/** 2026-03-02 00:00 UTC. */
const T0 = Date.UTC(2026, 2, 2);

/** A store of JSON: what is loaded is what the keys ask for, as after a restart of the worker. */
class Store {
  readonly entries = new Map<string, string>();
  writes: number[] = [];
  load(keys: readonly string[]): History {
    const { history, damaged } = loadHistory(Object.fromEntries(keys.flatMap((key) => (this.entries.has(key) ? [[key, JSON.parse(this.entries.get(key)!)]] : []))));
    expect(damaged).toEqual([]);
    return history;
  }
  append(span: Span, times: ResponseTime[] = []): number {
    const { entries, recorded } = appendSpan(this.load(keysFor(span.from, span.to)), span, times);
    this.write(entries);
    return recorded;
  }
  write(entries: Record<string, unknown>): void {
    let bytes = 0;
    for (const [key, value] of Object.entries(entries)) {
      if (value === undefined) this.entries.delete(key);
      else {
        const text = JSON.stringify(value);
        bytes += key.length + text.length;
        this.entries.set(key, text);
      }
    }
    this.writes.push(bytes);
  }
  totals(from: number, to: number, now: number) {
    return totals(this.load(keysForQuery(from, to, now)), from, to, now);
  }
  all(): History {
    return this.load(allKeys(this.load([HISTORY_INDEX])));
  }
}

const wallClock = ({ from, to, ms }: { from: number; to: number; ms: Record<TimeState, number> }) => {
  expect(Object.values(ms).reduce((sum, value) => sum + value, 0)).toBe(to - from);
  for (const value of Object.values(ms)) expect(value).toBeGreaterThanOrEqual(0);
};

const spans = (most: number, longest: number) =>
  fc.array(fc.record({ length: fc.integer({ min: 0, max: longest }), state: fc.constantFrom(...TIME_STATES) }), { maxLength: most });

function lay(list: { length: number; state: TimeState }[], from = T0): Span[] {
  let at = from;
  return list.map(({ length, state }) => ({ from: at, to: (at += length), state }));
}

test('what is recorded is what comes back, to the millisecond, and the rest is not observed', () => {
  fc.assert(
    fc.property(spans(20, 3 * HOUR), (list) => {
      const laid = lay(list);
      const store = new Store();
      for (const span of laid) store.append(span);
      const now = laid.at(-1)?.to ?? T0;
      const sum = store.totals(T0, now, now);
      wallClock(sum);
      for (const state of TIME_STATES) {
        const expected = laid.filter((span) => span.state === state).reduce((total, span) => total + span.to - span.from, 0);
        expect(sum.ms[state]).toBe(expected);
      }
    }),
    { numRuns: 60 },
  );
});

test('splitting a span anywhere gives the same history', () => {
  fc.assert(
    fc.property(spans(8, 2 * HOUR), fc.array(fc.nat(), { maxLength: 12 }), (list, cuts) => {
      const whole = new Store();
      const split = new Store();
      for (const span of lay(list, T0 + 12_345)) {
        whole.append(span);
        const points = [...new Set(cuts.map((cut) => span.from + (cut % (span.to - span.from + 1))))].sort((a, b) => a - b);
        for (const [i, to] of [...points, span.to].entries()) split.append({ from: points[i - 1] ?? span.from, to, state: span.state });
      }
      expect(Object.fromEntries(split.entries)).toEqual(Object.fromEntries(whole.entries));
    }),
    { numRuns: 60 },
  );
});

test('the sums of the slices and of the parts are the sum of the whole, at any age', () => {
  const age = fc.constantFrom(0, HOUR, 30 * HOUR, 3 * DAY, 60 * DAY, 89 * DAY, 95 * DAY, 400 * DAY);
  fc.assert(
    fc.property(spans(12, 5 * HOUR), age, fc.nat(), fc.integer({ min: 1, max: 97 }), (list, age, cut, slices) => {
      const store = new Store();
      const laid = lay(list, T0 + 777);
      for (const span of laid) store.append(span);
      const end = laid.at(-1)?.to ?? T0 + 777;
      const now = end + age;
      const history = store.load(keysForQuery(T0, end, now));
      const whole = totals(history, T0, end, now);
      wallClock(whole);
      const middle = T0 + (cut % (end - T0 + 1));
      const [a, b] = [totals(history, T0, middle, now), totals(history, middle, end, now)];
      for (const state of TIME_STATES) expect(a.ms[state] + b.ms[state]).toBe(whole.ms[state]);
      const pieces = queryRange(history, T0, end, slices, now);
      expect(pieces).toHaveLength(slices);
      for (const piece of pieces) {
        wallClock(piece);
        expect(piece.seen).toBeGreaterThanOrEqual(0);
        expect(piece.seen).toBeLessThanOrEqual(1);
      }
    }),
    { numRuns: 80 },
  );
});

test('minutes, hours and days tell the same: a day that grew old has the sums it had', () => {
  const store = new Store();
  for (const span of lay([{ length: 9 * HOUR + 12_001, state: 'up' }, { length: 55 * MINUTE, state: 'down' }, { length: 3 * HOUR, state: 'unobserved' }, { length: 7 * HOUR + 5, state: 'degraded' }, { length: HOUR, state: 'maintenance' }])) store.append(span);
  const young = store.totals(T0, T0 + DAY, T0 + DAY);
  for (const age of [3 * DAY, 100 * DAY, 3000 * DAY]) expect(store.totals(T0, T0 + DAY, T0 + DAY + age)).toEqual(young);
});

test('dropping what is too many never changes a sum that is shown', () => {
  const kept = new Store();
  const dropping = new Store();
  let at = T0;
  for (let day = 0; day < 130; day++) {
    for (const [state, length] of [['up', 7 * HOUR], ['down', 17 * MINUTE + day], ['unobserved', 14 * HOUR], ['up', 2 * HOUR + 43 * MINUTE - day]] as const) {
      const span: Span = { from: at, to: at + length, state };
      dropping.append(span);
      const { entries } = appendSpan(kept.load(keysFor(span.from, span.to)), span);
      kept.write(Object.fromEntries(Object.entries(entries).filter(([, value]) => value !== undefined)));
      at += length;
    }
  }
  expect(dropping.entries.size).toBeLessThan(kept.entries.size);
  for (const [from, to] of [[T0, at], [at - 30 * HOUR, at], [at - 47 * HOUR, at - 40 * HOUR], [at - 89 * DAY, at - DAY], [at - 91 * DAY, at - 90 * DAY], [at - 90 * DAY - 1, at]] as const) {
    expect(dropping.totals(from, to, at)).toEqual(kept.totals(from, to, at));
    expect(queryRange(dropping.load(keysForQuery(from, to, at)), from, to, 50, at)).toEqual(queryRange(kept.load(keysForQuery(from, to, at)), from, to, 50, at));
  }
});

test('a clock set back counts no moment twice, one set forward leaves a gap that was not observed', () => {
  const store = new Store();
  store.append({ from: T0, to: T0 + 30 * MINUTE, state: 'up' });
  expect(store.append({ from: T0 + 30 * MINUTE, to: T0 + 10 * MINUTE, state: 'down' }), 'backwards').toBe(0);
  expect(store.append({ from: T0 + 10 * MINUTE, to: T0 + 40 * MINUTE, state: 'down' }), 'only the ten minutes that are new').toBe(10 * MINUTE);
  const far = T0 + 4 * 365 * DAY;
  expect(store.append({ from: T0 + 40 * MINUTE, to: far, state: 'up' }), 'nobody watched for four years').toBe(0);
  expect(store.append({ from: far, to: far + MINUTE, state: 'up' })).toBe(MINUTE);
  const sum = store.totals(T0, T0 + HOUR, T0 + HOUR);
  expect(sum.ms).toEqual({ up: 30 * MINUTE, degraded: 0, down: 10 * MINUTE, maintenance: 0, unobserved: 20 * MINUTE });
});

test('an hour on a clock that is years ahead, or years behind, loses nothing', () => {
  for (const wrong of [T0 + 9 * 365 * DAY, T0 - 9 * 365 * DAY]) {
    const store = new Store();
    for (let hour = 0; hour < 100; hour++) store.append({ from: T0 + hour * HOUR, to: T0 + (hour + 1) * HOUR, state: 'up' });
    for (let minute = 0; minute < 60; minute++) store.append({ from: wrong + minute * MINUTE, to: wrong + (minute + 1) * MINUTE, state: 'down' });
    const now = T0 + 101 * HOUR;
    store.append({ from: now - HOUR, to: now, state: 'up' });
    expect(store.totals(T0, now, now).ms).toEqual({ up: 101 * HOUR, degraded: 0, down: 0, maintenance: 0, unobserved: 0 });
    expect(store.totals(now - 40 * HOUR - MINUTE, now, now).ms.up).toBe(40 * HOUR + MINUTE);
  }
});

test('a check of one minute touches one chunk of each tier and writes little, on the first day as after a year', () => {
  const store = new Store();
  for (let day = 0; day < 365; day += 5) {
    for (let i = 0; i < 30; i++) {
      const from = T0 + day * DAY + i * MINUTE;
      store.append({ from, to: from + MINUTE, state: 'up' }, [{ role: 'catalog', at: from + MINUTE, ms: 120 }]);
    }
  }
  expect(keysFor(T0 + 5 * MINUTE, T0 + 6 * MINUTE)).toHaveLength(4);
  expect(Math.max(...store.writes)).toBeLessThan(1500);
});

test('response times come back as median and 95th percentile, within an eighth', () => {
  const store = new Store();
  for (let i = 0; i < 100; i++) store.append({ from: T0 + i * MINUTE, to: T0 + (i + 1) * MINUTE, state: 'up' }, [{ role: 'catalog', at: T0 + i * MINUTE, ms: i < 90 ? 100 : 2000 }]);
  for (const age of [0, 200 * DAY]) {
    const now = T0 + 100 * MINUTE + age;
    const got = responseTimes(store.load(keysForQuery(T0, T0 + DAY, now)), 'catalog', T0, T0 + DAY, now)!;
    expect(got.count).toBe(100);
    expect(got.p50 / 100).toBeGreaterThan(0.87);
    expect(got.p50 / 100).toBeLessThan(1.14);
    expect(got.p95 / 2000).toBeGreaterThan(0.87);
    expect(got.p95 / 2000).toBeLessThan(1.14);
  }
  expect(responseTimes(store.all(), 'audio', T0, T0 + DAY, T0 + DAY)).toBeNull();
});

const sliceMs = (down: number, up: number, unobserved = 0) => ({ up, degraded: 0, down, maintenance: 0, unobserved });

test('a slice has the colour of the worst that took a hundredth of what was observed', () => {
  expect(sliceOf(sliceMs(0, 0, 100))).toEqual({ state: 'unobserved', seen: 0 });
  expect(sliceOf(sliceMs(0, 25, 75))).toEqual({ state: 'up', seen: 0.25 });
  expect(sliceOf(sliceMs(1, 99)).state).toBe('down');
  expect(sliceOf(sliceMs(1, 200)).state).toBe('up');
});

test('a damaged chunk is set aside and named, the rest is kept', () => {
  const store = new Store();
  store.append({ from: T0, to: T0 + 3 * HOUR, state: 'up' });
  const raw = Object.fromEntries([...store.entries].map(([key, text]) => [key, JSON.parse(text) as unknown]));
  const key = keysFor(T0, T0 + 1)[1]!;
  const { history, damaged } = loadHistory({ ...raw, [key]: { s: '61U' } });
  expect(damaged).toEqual([{ key, stored: { s: '61U' }, error: { at: `${key}.s[0]`, reason: 'more than 60 buckets' } }]);
  expect(totals(history, T0, T0 + 3 * HOUR, T0 + 200 * DAY).ms.up, 'the day still knows').toBe(0);
  expect(totals(history, T0, T0 + DAY, T0 + 200 * DAY).ms.up, 'the day still knows').toBe(3 * HOUR);
  expect(totals(history, T0, T0 + 2 * HOUR, T0 + 3 * HOUR).ms.up).toBe(2 * HOUR);
});

test('without its index the history goes on and still drops what is too old', () => {
  const store = new Store();
  for (let hour = 0; hour < 60; hour++) store.append({ from: T0 + hour * HOUR, to: T0 + (hour + 1) * HOUR, state: 'up' });
  store.entries.delete(HISTORY_INDEX);
  for (let hour = 60; hour < 200; hour++) store.append({ from: T0 + hour * HOUR, to: T0 + (hour + 1) * HOUR, state: 'up' });
  expect([...store.entries.keys()].filter((key) => key.startsWith('history.m.')).length).toBe(52);
  expect(store.totals(T0, T0 + 200 * HOUR, T0 + 200 * HOUR).ms.up).toBe(200 * HOUR);
});

test.each([
  ['no object', 5, 'not an object'],
  ['no text', { s: 5 }, 'not a text'],
  ['a letter nobody knows', { s: '3UX' }, 'not a bucket'],
  ['more than a minute in a minute', { s: '(U1aaoD1)' }, 'more than 60000 ms in a bucket'],
  ['no bucket', { s: '0U' }, 'more than 60 buckets'],
  ['sketches that are none', { s: 'U', t: { catalog: 'k3,<b>' } }, 'not sketches of response times'],
  ['too many sketches', { s: 'U', t: { catalog: ','.repeat(61) } }, 'not sketches of response times'],
])('%s is no chunk', (_, stored, reason) => {
  const outcome = decodeChunk('history.m.5', stored);
  expect(outcome.ok ? null : outcome.error.reason).toBe(reason);
});

test('any JSON is read or refused, never thrown over; what is read adds up', () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.constantFrom('history.m.1', 'history.h.1', 'history.d.1', HISTORY_INDEX, 'history.x.1', 'settings'), (value, key) => {
      const { history, damaged } = loadHistory({ [key]: value });
      if (isHistoryKey(key)) expect(damaged.length + history.chunks.size + (history.index ? 1 : 0)).toBe(1);
      wallClock(totals(history, 0, 20 * DAY, 20 * DAY));
      appendSpan(history, { from: 5, to: 70_000, state: 'down' });
    }),
  );
  fc.assert(
    fc.property(fc.stringMatching(/^(\d{0,2}(U|D|\.|\([UGDM][0-9a-z]{1,4}\))){0,9}$/), (s) => {
      const outcome = decodeChunk('history.h.3', { s });
      if (!outcome.ok) return;
      const again = decodeChunk('history.h.3', encodeChunk(outcome.value));
      expect(again).toEqual(outcome);
    }),
  );
});

test('merging fills in what was not seen here and loses nothing; merging again changes nothing', () => {
  fc.assert(
    fc.property(spans(8, 4 * HOUR), spans(8, 4 * HOUR), fc.boolean(), (a, b, replace) => {
      const mine = new Store();
      const theirs = new Store();
      for (const span of lay(a)) mine.append(span);
      for (const span of lay(b, T0 + HOUR)) theirs.append(span);
      const now = T0 + 2 * DAY;
      const before = mine.totals(T0, now, now);
      mine.write(mergeHistory(mine.all(), theirs.all(), now, replace).entries);
      const merged = mine.totals(T0, now, now);
      wallClock(merged);
      if (replace) expect(merged.ms.unobserved).toBeLessThanOrEqual(Math.min(before.ms.unobserved, theirs.totals(T0, now, now).ms.unobserved));
      else for (const state of ['up', 'degraded', 'down', 'maintenance'] as const) expect(merged.ms[state]).toBeGreaterThanOrEqual(before.ms[state]);
      const again = mergeHistory(mine.all(), theirs.all(), now, replace);
      expect(again.entries).toEqual({});
      expect(again.recorded).toBe(0);
    }),
    { numRuns: 40 },
  );
});

test('the table of the history holds each moment once', () => {
  const store = new Store();
  for (let hour = 0; hour < 100 * 24; hour += 3) store.append({ from: T0 + hour * HOUR, to: T0 + (hour + 1) * HOUR, state: hour % 2 ? 'down' : 'up' });
  const now = T0 + 100 * DAY;
  const rows = bucketsOf(store.all(), now);
  rows.forEach((row, i) => {
    wallClock(row);
    if (i > 0) expect(row.from).toBeGreaterThanOrEqual(rows[i - 1]!.to);
  });
  expect(rows.reduce((sum, row) => sum + row.ms.up, 0)).toBe(400 * HOUR);
  expect(rows.reduce((sum, row) => sum + row.ms.down, 0)).toBe(400 * HOUR);
  expect(observedSince(store.all())).toBe(T0);
});

test('a full store is relieved of old response times, never of time', () => {
  const store = new Store();
  for (let hour = 0; hour < 60 * 24; hour += 2) store.append({ from: T0 + hour * HOUR, to: T0 + (hour + 1) * HOUR, state: 'up' }, [{ role: 'catalog', at: T0 + hour * HOUR, ms: 90 }]);
  const now = T0 + 60 * DAY;
  const size = () => [...store.entries.values()].reduce((sum, text) => sum + text.length, 0);
  const before = { size: size(), sums: totals(store.all(), T0, now, now), slices: queryRange(store.all(), T0, now, 700, now) };
  store.write(shedTimes(store.all()).entries);
  expect(size()).toBeLessThan(before.size * 0.8);
  expect(totals(store.all(), T0, now, now)).toEqual(before.sums);
  expect(queryRange(store.all(), T0, now, 700, now)).toEqual(before.slices);
  expect(responseTimes(store.all(), 'catalog', now - 5 * DAY, now, now), 'the newer half is kept').not.toBeNull();
  expect(responseTimes(store.all(), 'catalog', T0, T0 + DAY, now)).toBeNull();
});

describe('what lies in the store', () => {
  const day = (s: unknown, t?: unknown): Record<string, unknown> => ({ 'history.d.2565': t === undefined ? { s } : { s, t } });
  const index = (change: Record<string, unknown>): Record<string, unknown> => ({ [HISTORY_INDEX]: { since: T0, m: [], h: [], d: [], ...change } });
  test.each<[string, Record<string, unknown>, at: string, reason: RegExp]>([
    ['no object', { 'history.d.2565': 5 }, 'history.d.2565', /not an object/],
    ['nothing', { 'history.d.2565': null }, 'history.d.2565', /not an object/],
    ['no text', day(5), 'history.d.2565.s', /not a text/],
    ['a letter too many', day('UX'), 'history.d.2565.s[1]', /not a bucket/],
    ['a bucket too many', day('9U'), 'history.d.2565.s[0]', /more than 8/],
    ['none of a bucket', day('0U'), 'history.d.2565.s[0]', /more than 8/],
    ['a bucket that is too full', day('U(U1kD1)D(Uzzzzzz)'), 'history.d.2565.s[9]', /more than 86400000 ms/],
    ['times that are none', day('U', 5), 'history.d.2565.t', /not an object/],
    ['times that are null', day('U', null), 'history.d.2565.t', /not an object/],
    ['times of a role that are no text', day('U', { catalog: 5 }), 'history.d.2565.t.catalog', /not a text/],
    ['too many times', day('U', { catalog: 'k1,'.repeat(8) }), 'history.d.2565.t.catalog', /not sketches/],
    ['times that are no sketch', day('U', { catalog: 'k1,?' }), 'history.d.2565.t.catalog', /not sketches/],
    ['an index that is none', { [HISTORY_INDEX]: 5 }, HISTORY_INDEX, /not an object/],
    ['an index that is null', { [HISTORY_INDEX]: null }, HISTORY_INDEX, /not an object/],
    ['a beginning that is no time', index({ since: 'x' }), `${HISTORY_INDEX}.since`, /not a time/],
    ['a beginning that is half a time', index({ since: 0.5 }), `${HISTORY_INDEX}.since`, /not a time/],
    ['chunks that are no list', index({ m: 5 }), `${HISTORY_INDEX}.m`, /not a list of chunks/],
    ['no chunks at all', { [HISTORY_INDEX]: { since: null } }, `${HISTORY_INDEX}.m`, /not a list of chunks/],
    ['half a run', index({ h: [5] }), `${HISTORY_INDEX}.h`, /not a list of chunks/],
    ['a run of nothing', index({ h: [5, 0] }), `${HISTORY_INDEX}.h`, /not a list of chunks/],
    ['a run from before all time', index({ h: [-1, 5] }), `${HISTORY_INDEX}.h`, /not a list of chunks/],
    ['a run that is no number', index({ h: ['5', 1] }), `${HISTORY_INDEX}.h`, /not a list of chunks/],
    ['a length that is no number', index({ h: [5, '1'] }), `${HISTORY_INDEX}.h`, /not a list of chunks/],
    ['a run without end', index({ d: [5, 463] }), `${HISTORY_INDEX}.d`, /not a list of chunks/],
    ['runs without end', index({ d: [5, 461, 600, 2] }), `${HISTORY_INDEX}.d`, /not a list of chunks/],
    ['a number twice', index({ d: [5, 2, 6, 1] }), `${HISTORY_INDEX}.d`, /not a list of chunks/],
    ['numbers that run back', index({ d: [5, 2, 3, 1] }), `${HISTORY_INDEX}.d`, /not a list of chunks/],
  ])('%s is set aside, with its place', (_, stored, at, reason) => {
    const { damaged, history } = loadHistory({ ...stored, 'history.h.1': { s: 'U' } });
    expect(damaged).toEqual([{ key: Object.keys(stored)[0], stored: Object.values(stored)[0], error: { at, reason: expect.stringMatching(reason) as string } }]);
    expect([...history.chunks.keys()]).toEqual(['history.h.1']);
    expect(history.index).toBeNull();
  });

  test('what is readable is read: gaps, full and mixed buckets, times with gaps, runs', () => {
    const stored = { ...day('2U.(Uz2D5)', { catalog: 'k1,,k2', audio: '' }), [HISTORY_INDEX]: { since: null, m: [0, 2, 5, 1], h: [], d: [5, 462] }, other: 5, 'history.x.1': 7, 'history.m.1': undefined };
    const { history, damaged } = loadHistory(stored);
    expect(damaged).toEqual([]);
    const chunk = history.chunks.get('history.d.2565')!;
    expect(chunk.ms.slice(0, 16)).toEqual([DAY, 0, 0, 0, DAY, 0, 0, 0, 0, 0, 0, 0, 35 * 36 + 2, 0, 5, 0]);
    expect(chunk.times).toEqual({ catalog: ['k1', '', 'k2'], audio: [''] });
    expect(history.index).toEqual({ since: null, chunks: { m: [0, 1, 5], h: [], d: Array.from({ length: 462 }, (_, i) => 5 + i) } });
    expect(observedSince(history)).toBeNull();
    expect(encodeChunk(chunk)).toEqual({ s: '2U.(Uz2D5)', t: { catalog: 'k1,,k2', audio: '' } });
    expect(decodeChunk('history.q.1', { s: '' })).toMatchObject({ ok: false, error: { at: 'history.q.1', reason: 'not a key of the history' } });
  });

  test.each([['history.m.1', true], ['history.d.123456789', true], ['history.d.1234567890', false], ['history.d.', false], ['xhistory.d.1', false], ['history.d.1x', false], [HISTORY_INDEX, true], ['ledger', false]])('%s: %s', (key, is) => {
    expect(isHistoryKey(key)).toBe(is);
  });

  test('chunks that follow one another are written as runs', () => {
    const store = new Store();
    for (const hour of [0, 1, 2, 5, 6, 30]) store.append({ from: T0 + hour * HOUR, to: T0 + hour * HOUR + MINUTE, state: 'up' });
    const first = T0 / HOUR;
    expect(JSON.parse(store.entries.get(HISTORY_INDEX)!)).toEqual({ since: T0, m: [first, 3, first + 5, 2, first + 30, 1], h: [first / 12, 1, first / 12 + 2, 1], d: [Math.floor(T0 / DAY / 8), 1] });
  });

  test('the beginning is the first moment observed, whatever comes later or earlier; the index is written when it changes', () => {
    const store = new Store();
    store.append({ from: T0 + HOUR, to: T0 + HOUR + MINUTE, state: 'unobserved' });
    expect(store.entries.size).toBe(0);
    store.append({ from: T0 + HOUR, to: T0 + HOUR + MINUTE, state: 'up' });
    const again = appendSpan(store.all(), { from: T0 + HOUR + MINUTE, to: T0 + HOUR + 2 * MINUTE, state: 'up' });
    expect(again.entries).not.toHaveProperty([HISTORY_INDEX]);
    expect(Object.keys(again.entries)).toHaveLength(3);
    expect(appendSpan(store.all(), { from: T0 + HOUR, to: T0 + HOUR + MINUTE, state: 'up' })).toMatchObject({ entries: {}, recorded: 0 });
    store.append({ from: T0, to: T0 + MINUTE, state: 'down' });
    expect(observedSince(store.all())).toBe(T0);
  });

  test('all keys: from the index, or, where it is lost, of what was loaded', () => {
    const store = new Store();
    store.append({ from: T0, to: T0 + MINUTE, state: 'up' });
    const keys = [HISTORY_INDEX, `history.m.${T0 / HOUR}`, `history.h.${T0 / HOUR / 12}`, `history.d.${Math.floor(T0 / DAY / 8)}`];
    expect(allKeys(store.load([HISTORY_INDEX]))).toEqual(keys);
    expect(allKeys({ ...store.all(), index: null }).sort()).toEqual([...keys].sort());
  });

  test('what is asked for is loaded, as fine as it is kept, and no more', () => {
    const now = T0 + 100 * DAY;
    const count = (from: number, to: number, tier: string) => keysForQuery(from, to, now).filter((key) => key.startsWith(`history.${tier}.`)).length;
    expect(keysForQuery(now - HOUR, now, now)[0]).toBe(HISTORY_INDEX);
    // The minutes of two days, the hours of ninety, the days of ten years.
    expect(count(0, now, 'm')).toBeLessThanOrEqual(50);
    expect(count(0, now, 'm')).toBeGreaterThanOrEqual(48);
    expect(count(0, now, 'h')).toBeLessThanOrEqual(182);
    expect(count(0, now, 'h')).toBeGreaterThanOrEqual(180);
    expect(count(0, now, 'd')).toBeLessThanOrEqual(459);
    expect(count(now - 30 * DAY, now - 20 * DAY, 'm')).toBe(0);
    expect(count(now - 99 * DAY, now - 95 * DAY, 'h')).toBe(0);
    expect(count(now - 99 * DAY, now - 95 * DAY, 'd')).toBeGreaterThan(0);
    expect(keysForQuery(now - HOUR, now + 999 * DAY, now)).toEqual(keysForQuery(now - HOUR, now, now));
  });
});

describe('what is not believed', () => {
  const record = (span: Span, times: ResponseTime[] = []): number => Object.keys(appendSpan({ index: null, chunks: new Map() }, span, times).entries).length;
  const at = (ms: number): ResponseTime[] => [{ role: 'catalog', at: T0 + 5, ms }];
  test.each<[string, Span, ResponseTime[], written: boolean]>([
    ['a day', { from: T0, to: T0 + DAY, state: 'up' }, [], true],
    ['more than a day', { from: T0, to: T0 + DAY + 1, state: 'up' }, [], false],
    ['no time', { from: T0, to: T0, state: 'up' }, [], false],
    ['time that runs back', { from: T0 + 5, to: T0, state: 'up' }, at(100), false],
    ['a time at the end', { from: T0, to: T0 + 5, state: 'unobserved' }, at(100), true],
    ['a time at the beginning', { from: T0 + 5, to: T0 + 9, state: 'unobserved' }, at(100), true],
    ['a time of a check that took none', { from: T0 + 5, to: T0 + 5, state: 'unobserved' }, at(100), true],
    ['a time after it', { from: T0, to: T0 + 4, state: 'unobserved' }, at(100), false],
    ['a time before it', { from: T0 + 6, to: T0 + 9, state: 'unobserved' }, at(100), false],
    ['a time of nothing', { from: T0, to: T0 + 9, state: 'unobserved' }, at(0), true],
    ['a time of less than nothing', { from: T0, to: T0 + 9, state: 'unobserved' }, at(-1), false],
    ['a time without end', { from: T0, to: T0 + 9, state: 'unobserved' }, at(Infinity), false],
    ['a time at no time', { from: T0, to: T0 + 9, state: 'unobserved' }, [{ role: 'catalog', at: Number.NaN, ms: 5 }], false],
  ])('%s', (_, span, times, written) => {
    expect(record(span, times) > 0).toBe(written);
  });
});

describe('slices', () => {
  const now = T0 + 10 * DAY;
  const store = new Store();
  store.append({ from: T0, to: T0 + 12 * HOUR, state: 'up' });
  store.append({ from: T0 + 12 * HOUR, to: T0 + 18 * HOUR, state: 'degraded' });
  store.append({ from: T0 + 18 * HOUR, to: T0 + DAY, state: 'maintenance' });
  store.append({ from: now - 2 * HOUR, to: now - HOUR, state: 'down' });
  store.append({ from: now - HOUR, to: now, state: 'up' });

  test.each<[string, from: number, to: number, slices: number, states: TimeState[], starts: number[]]>([
    ['a day in quarters', T0, T0 + DAY, 4, ['up', 'up', 'degraded', 'maintenance'], [0, 6, 12, 18]],
    ['finer than the hour shows the hour', T0 + 11 * HOUR, T0 + 13 * HOUR, 4, ['up', 'up', 'degraded', 'degraded'], [11, 11, 12, 12]],
    ['the present hour and what lies ahead', now - 2 * HOUR, now + 2 * HOUR, 4, ['down', 'up', 'unobserved', 'unobserved'], [238, 239, 240, 240]],
    ['one', T0, T0 + DAY, 1, ['degraded'], [0]],
    ['one and a half is one', T0, T0 + DAY, 1.5, ['degraded'], [0]],
    ['none', T0, T0 + DAY, 0, [], []],
    ['less than none', T0, T0 + DAY, -3, [], []],
  ])('%s', (_, from, to, count, states, starts) => {
    const slices = queryRange(store.all(), from, to, count, now);
    expect(slices.map(({ state }) => state)).toEqual(states);
    expect(slices.map((slice) => (slice.from - T0) / HOUR)).toEqual(starts);
    for (const slice of slices) wallClock(slice);
  });

  test('each has its sums, and how much of it was seen', () => {
    const [one] = queryRange(store.all(), T0, T0 + 2 * DAY, 1, now);
    expect(one).toEqual({ from: T0, to: T0 + 2 * DAY, ms: { up: 12 * HOUR, degraded: 6 * HOUR, down: 0, maintenance: 6 * HOUR, unobserved: DAY }, state: 'degraded', seen: 0.5 });
    expect(sliceOf({ up: 99, degraded: 0, down: 1, maintenance: 0, unobserved: 100 })).toEqual({ state: 'down', seen: 0.5 });
    expect(sliceOf({ up: 991, degraded: 0, down: 9, maintenance: 0, unobserved: 0 })).toEqual({ state: 'up', seen: 1 });
    expect(sliceOf({ up: 0, degraded: 0, down: 0, maintenance: 1, unobserved: 0 })).toEqual({ state: 'maintenance', seen: 1 });
    expect(sliceOf({ up: 0, degraded: 1, down: 0, maintenance: 1, unobserved: 0 })).toEqual({ state: 'degraded', seen: 1 });
  });

  test('a clock that was set back leaves no more in the running minute than has passed of it', () => {
    const set = new Store();
    set.append({ from: T0, to: T0 + 40_000, state: 'up' });
    set.append({ from: T0 + 40_000, to: T0 + 60_000, state: 'down' });
    expect(set.totals(T0, T0 + 30_000, T0 + 30_000).ms).toEqual({ up: 20_000, degraded: 0, down: 10_000, maintenance: 0, unobserved: 0 });
    expect(set.totals(T0, T0 + 60_000, T0 + 60_000).ms).toEqual({ up: 40_000, degraded: 0, down: 20_000, maintenance: 0, unobserved: 0 });
  });
});

test('response times are asked by the hour for ninety days, then by the day; what is beside the range does not count', () => {
  const store = new Store();
  const time = (at: number, ms: number) => store.append({ from: at, to: at + 1, state: 'up' }, [{ role: 'catalog', at, ms }]);
  const now = T0 + 100 * DAY;
  time(T0 + 3 * HOUR, 100);
  time(T0 + 5 * HOUR, 800);
  time(now - DAY + 3 * HOUR, 100);
  time(now - DAY + 5 * HOUR, 800);
  const count = (from: number, to: number) => responseTimes(store.all(), 'catalog', from, to, now)?.count ?? 0;
  expect(count(T0 + 3 * HOUR, T0 + 4 * HOUR)).toBe(2);
  expect(count(now - DAY + 3 * HOUR, now - DAY + 4 * HOUR)).toBe(1);
  expect(count(now - DAY + 4 * HOUR, now - DAY + 5 * HOUR)).toBe(0);
  expect(count(now - DAY + 3 * HOUR, now - DAY + 6 * HOUR)).toBe(2);
  expect(count(T0 + DAY, now - DAY)).toBe(0);
  expect(count(T0, now + DAY)).toBe(4);
  expect(responseTimes(store.all(), 'audio', T0, now, now)).toBeNull();
});

test('room is made by dropping the times of the older half of what has any', () => {
  const store = new Store();
  for (const day of [0, 8, 16, 24]) store.append({ from: T0 + day * DAY, to: T0 + day * DAY + HOUR, state: 'up' }, day === 8 ? [] : [{ role: 'catalog', at: T0 + day * DAY, ms: 90 }]);
  const all = store.all();
  const { history, entries } = shedTimes({ ...all, chunks: new Map([...all.chunks].reverse()) });
  // Three hours' chunks and three days' have times: the three that begin first lose theirs.
  const timed = [...all.chunks].filter(([, chunk]) => Object.keys(chunk.times).length > 0);
  expect(timed).toHaveLength(6);
  expect(Object.keys(entries)).toHaveLength(3);
  expect(Object.values(entries).every((one) => !('t' in (one as object)))).toBe(true);
  expect([...history.chunks].filter(([, chunk]) => Object.keys(chunk.times).length > 0).map(([key]) => key).sort()).toEqual(timed.map(([key]) => key).filter((key) => !(key in entries)).sort());
  expect(Object.keys(entries)).toContain(`history.h.${T0 / HOUR / 12}`);
  expect(Object.keys(entries)).not.toContain(`history.h.${(T0 + 24 * DAY) / HOUR / 12}`);
  expect(history.index).toBe(all.index);
  for (const [key, chunk] of history.chunks) expect(chunk.ms).toEqual(all.chunks.get(key)!.ms);
  expect(shedTimes({ index: null, chunks: new Map() }).entries).toEqual({});
});

test('merging: where nothing was seen here theirs is taken, times by which has more of them', () => {
  const make = (lay: (store: Store) => void): History => {
    const store = new Store();
    lay(store);
    return store.all();
  };
  const times = (n: number, at: number): ResponseTime[] => Array.from({ length: n }, () => ({ role: 'catalog' as const, at, ms: 90 }));
  const mine = make((store) => { store.append({ from: T0 + HOUR, to: T0 + 2 * HOUR, state: 'up' }, times(3, T0 + HOUR)); });
  const theirs = make((store) => {
    store.append({ from: T0 - 9 * DAY, to: T0 - 9 * DAY + HOUR, state: 'up' }, times(2, T0 - 9 * DAY));
    store.append({ from: T0 + HOUR, to: T0 + 2 * HOUR, state: 'up' }, times(5, T0 + HOUR));
  });
  const now = T0 + DAY;
  const { history, recorded } = mergeHistory(mine, theirs, now);
  expect(recorded).toBe(HOUR);
  expect(observedSince(history)).toBe(T0 - 9 * DAY);
  expect(responseTimes(history, 'catalog', T0, now, now)!.count).toBe(5);
  expect(responseTimes(history, 'catalog', T0 - 10 * DAY, now, now)!.count).toBe(7);
  expect(responseTimes(mergeHistory(theirs, mine, now).history, 'catalog', T0, now, now)!.count).toBe(5);
  // Theirs without an index: it begins with the first bucket that has something in it.
  expect(observedSince(mergeHistory(mine, { ...theirs, index: null }, now).history)).toBe(T0 - 9 * DAY);
  const empty: History = { index: null, chunks: new Map() };
  expect(mergeHistory(empty, empty, now)).toMatchObject({ entries: {}, recorded: 0 });
  expect(observedSince(mergeHistory(mine, empty, now).history)).toBe(T0 + HOUR);
});

test('the table is in the order of time within each tier, whatever order it lies in, and ends with the present', () => {
  const store = new Store();
  for (const hour of [5, 20, 47]) store.append({ from: T0 + hour * HOUR, to: T0 + hour * HOUR + MINUTE, state: 'up' });
  const all = store.all();
  const now = T0 + 47 * HOUR + 30_000;
  const rows = bucketsOf({ ...all, chunks: new Map([...all.chunks].reverse()) }, now);
  expect(rows.map(({ from }) => (from - T0) / HOUR)).toEqual([5, 20, 47]);
  expect(rows.at(-1)).toMatchObject({ to: now, ms: { up: 30_000 } });
  expect(bucketsOf(all, T0 + 47 * HOUR)).toHaveLength(2);
});
