import * as fc from 'fast-check';
import { expect, test } from 'vitest';
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
