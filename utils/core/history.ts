import { addTime, isSketch, joinTimes, summariseTimes, type TimesSummary } from './response-times.ts';
import { flaw, success, type Flaw, type Outcome } from './result.ts';
import { ROLES, type Role } from './role.ts';
import type { Slice } from './snapshot.ts';
import type { TimeState } from './time-state.ts';

/**
 * What every stretch of time was, kept to the millisecond in buckets of fixed size: minutes for two days, hours for 90 days, days for ten
 * years, all in UTC (a local day is a matter of the view; daylight saving does not exist here). Buckets lie in chunks, one storage key
 * each, so that a check touches one chunk of each tier and no more, however long the history.
 *
 * A bucket stores the *observed* states only; what is left of it is `unobserved`. So up + degraded + down + maintenance + unobserved is the
 * wall clock by construction, a missing chunk reads as "not observed", and sleep costs no byte. A bucket never takes more than its own
 * length: time that a clock set back runs through a second time counts once.
 *
 * Response times per role are kept as sketches in the hours and days.
 */
export const MINUTE = 60_000;
export const HOUR = 3_600_000;
export const DAY = 86_400_000;

/**
 * `size`: ms of a bucket; `per`: buckets in a chunk; `reach`: how far back the tier is read, ms; `keep`: chunks kept: as many as the
 * reach needs, with a few to spare for chunks that a wrong clock made.
 */
const TIERS = {
  m: { size: MINUTE, per: 60, reach: 2 * DAY, keep: 52 },
  h: { size: HOUR, per: 12, reach: 90 * DAY, keep: 185 },
  d: { size: DAY, per: 8, reach: 3653 * DAY, keep: 461 },
} as const;
type Tier = keyof typeof TIERS;
const TIER_NAMES = ['m', 'h', 'd'] as const;

/** Nobody watches with checks a day apart: a longer span is not believed and counts as not observed. */
export const LONGEST_SPAN = DAY;

/** The states a bucket stores, in the order of its numbers, and their letters in the stored text. */
const OBSERVED = ['up', 'degraded', 'down', 'maintenance'] as const;
const LETTERS = 'UGDM';
const WIDTH = OBSERVED.length;

export type Durations = Record<TimeState, number>;

/** A stretch of time in one state, ms since the epoch, `to` excluded. */
export interface Span {
  from: number;
  to: number;
  state: TimeState;
}

/** One response time: when (within the span it comes with) and how long, ms. */
export interface ResponseTime {
  role: Role;
  at: number;
  ms: number;
}

interface Chunk {
  tier: Tier;
  index: number;
  /** ms of up, degraded, down, maintenance for bucket 0, then for bucket 1 … */
  ms: number[];
  /** One sketch per bucket, by role; minutes have none. */
  times: Partial<Record<Role, string[]>>;
}

/** A chunk as it lies in the store. */
export interface StoredChunk {
  /** Buckets in order, with run lengths: `30U` = thirty full minutes up, `.` = not observed, `(Uq1D4k)` = a mixture, ms in base 36. */
  s: string;
  /** Sketches of response times by role, one per bucket, with commas between. */
  t?: Partial<Record<Role, string>>;
}

/** Which chunks exist, so that the oldest can be dropped without listing the store. */
interface Index {
  /** First moment ever observed. */
  since: number | null;
  chunks: Record<Tier, number[]>;
}

export interface History {
  /** Null: not loaded, or damaged. */
  index: Index | null;
  chunks: ReadonlyMap<string, Chunk>;
}

export const EMPTY_HISTORY: History = { index: null, chunks: new Map() };
export const HISTORY_INDEX = 'history.index';

const KEY = /^history\.([mhd])\.(\d{1,9})$/;
const keyOf = (tier: Tier, index: number) => `history.${tier}.${index}`;
const spanOfChunk = (tier: Tier) => TIERS[tier].size * TIERS[tier].per;
const chunkAt = (tier: Tier, at: number) => Math.floor(at / spanOfChunk(tier));

/** @returns whether a storage key belongs to the history. */
export function isHistoryKey(key: string): boolean {
  return key === HISTORY_INDEX || KEY.test(key);
}

function keysBetween(tier: Tier, from: number, to: number): string[] {
  const keys: string[] = [];
  for (let index = Math.max(0, chunkAt(tier, from)); index <= chunkAt(tier, to); index++) keys.push(keyOf(tier, index));
  return keys;
}

/**
 * @param from start of the span to record, ms since the epoch
 * @param to its end, ms since the epoch
 * @returns the storage keys to load before `appendSpan`: four for a usual check, a few more where the span crosses a chunk's edge
 */
export function keysFor(from: number, to: number): string[] {
  const start = Math.max(Math.min(from, to), to - LONGEST_SPAN);
  return [HISTORY_INDEX, ...TIER_NAMES.flatMap((tier) => keysBetween(tier, start, to))];
}

/**
 * @param from start of the range to show, ms since the epoch
 * @param to its end
 * @param now the present, which decides how fine the past is
 * @returns the storage keys to load before `totals`, `queryRange` or `responseTimes`: at most a few hundred for ten years
 */
export function keysForQuery(from: number, to: number, now: number): string[] {
  const end = Math.min(to, now);
  const keys = new Set<string>([HISTORY_INDEX]);
  for (const tier of TIER_NAMES) {
    const start = Math.max(from - TIERS.d.size, tier === 'd' ? now - TIERS.d.reach : horizon(tier, now));
    if (start <= end) for (const key of keysBetween(tier, start, end)) keys.add(key);
  }
  return [...keys];
}

// ---- the stored text ----

const RUN = /(\d*)(?:([.UGDM])|\(((?:[UGDM][0-9a-z]{1,6})+)\))/y;
const PART = /([UGDM])([0-9a-z]+)/g;

function readBuckets(text: string, size: number, per: number): Outcome<number[]> {
  const ms: number[] = Array.from({ length: per * WIDTH }, () => 0);
  let bucket = 0;
  RUN.lastIndex = 0;
  while (RUN.lastIndex < text.length) {
    const at = RUN.lastIndex;
    const match = RUN.exec(text);
    if (!match) return flaw(`s[${at}]`, 'not a bucket');
    const count = match[1] ? Number(match[1]) : 1;
    if (count < 1 || bucket + count > per) return flaw(`s[${at}]`, `more than ${per} buckets`);
    const values = [0, 0, 0, 0];
    if (match[3]) for (const [, letter, value] of match[3].matchAll(PART)) values[LETTERS.indexOf(letter!)] = parseInt(value!, 36);
    else if (match[2] !== '.') values[LETTERS.indexOf(match[2]!)] = size;
    if (values.reduce((sum, value) => sum + value, 0) > size) return flaw(`s[${at}]`, `more than ${size} ms in a bucket`);
    for (const last = bucket + count; bucket < last; bucket++) for (let i = 0; i < WIDTH; i++) ms[bucket * WIDTH + i] = values[i]!;
  }
  return success(ms);
}

function writeBuckets(ms: readonly number[], size: number): string {
  let text = '';
  let last = '';
  let run = 0;
  const flush = () => {
    if (run > 0) text += (run > 1 ? run : '') + last;
  };
  for (let bucket = 0; bucket < ms.length; bucket += WIDTH) {
    const values = ms.slice(bucket, bucket + WIDTH);
    const full = values.indexOf(size);
    const parts = values.map((value, i) => (value > 0 ? LETTERS[i]! + value.toString(36) : '')).join('');
    const word = full >= 0 ? LETTERS[full]! : parts ? `(${parts})` : '.';
    if (word !== last) {
      flush();
      last = word;
      run = 0;
    }
    run++;
  }
  if (last !== '.') flush(); // what is not observed at the end needs no words
  return text;
}

/**
 * @param key the storage key it lay under
 * @param stored whatever lay there
 * @returns the chunk, or the place and reason why it is none
 */
export function decodeChunk(key: string, stored: unknown): Outcome<Chunk> {
  const match = KEY.exec(key);
  if (!match) return flaw(key, 'not a key of the history');
  const tier = match[1] as Tier;
  const { size, per } = TIERS[tier];
  if (typeof stored !== 'object' || stored === null) return flaw(key, 'not an object');
  const { s, t } = stored as { s?: unknown; t?: unknown };
  if (typeof s !== 'string') return flaw(`${key}.s`, 'not a text');
  const ms = readBuckets(s, size, per);
  if (!ms.ok) return flaw(`${key}.${ms.error.at}`, ms.error.reason);
  const times: Chunk['times'] = {};
  if (t !== undefined) {
    if (typeof t !== 'object' || t === null) return flaw(`${key}.t`, 'not an object');
    for (const role of ROLES) {
      const text = (t as Record<string, unknown>)[role];
      if (text === undefined) continue;
      if (typeof text !== 'string') return flaw(`${key}.t.${role}`, 'not a text');
      const sketches = text.split(',');
      if (sketches.length > per || !sketches.every(isSketch)) return flaw(`${key}.t.${role}`, 'not sketches of response times');
      times[role] = sketches;
    }
  }
  return success({ tier, index: Number(match[2]), ms: ms.value, times });
}

/** A chunk is never changed once it is in a history: what was written of it before is written of it again. */
const encoded = new WeakMap<Chunk, StoredChunk>();

/** @returns the chunk as it is stored: plain JSON. */
export function encodeChunk(chunk: Chunk): StoredChunk {
  let stored = encoded.get(chunk);
  if (stored === undefined) encoded.set(chunk, (stored = writeChunk(chunk)));
  return stored;
}

function writeChunk(chunk: Chunk): StoredChunk {
  const s = writeBuckets(chunk.ms, TIERS[chunk.tier].size);
  const t = Object.entries(chunk.times).map(([role, sketches]) => [role, Array.from(sketches, (sketch) => sketch ?? '').join(',').replace(/,+$/, '')] as const);
  return t.length > 0 ? { s, t: Object.fromEntries(t) } : { s };
}

/** Lists of whole numbers as pairs of first and count: chunks mostly follow one another. */
function toRuns(numbers: readonly number[]): number[] {
  const runs: number[] = [];
  for (const n of numbers) {
    if (runs.length > 0 && n === runs.at(-2)! + runs.at(-1)!) runs[runs.length - 1]! += 1;
    else runs.push(n, 1);
  }
  return runs;
}

function fromRuns(runs: unknown, most: number): number[] | null {
  if (!Array.isArray(runs) || runs.length % 2 === 1) return null;
  const numbers: number[] = [];
  for (let i = 0; i < runs.length; i += 2) {
    const [first, count] = [runs[i], runs[i + 1]] as [unknown, unknown];
    if (!Number.isSafeInteger(first) || !Number.isSafeInteger(count) || (first as number) < 0 || (count as number) < 1) return null;
    if (numbers.length + (count as number) > most) return null;
    for (let n = 0; n < (count as number); n++) numbers.push((first as number) + n);
  }
  return numbers.every((n, i) => i === 0 || n > numbers[i - 1]!) ? numbers : null;
}

function decodeIndex(stored: unknown): Outcome<Index> {
  if (typeof stored !== 'object' || stored === null) return flaw(HISTORY_INDEX, 'not an object');
  const raw = stored as Record<string, unknown>;
  const since = raw['since'] ?? null;
  if (since !== null && !Number.isSafeInteger(since)) return flaw(`${HISTORY_INDEX}.since`, 'not a time');
  const chunks: Record<Tier, number[]> = { m: [], h: [], d: [] };
  for (const tier of TIER_NAMES) {
    const numbers = fromRuns(raw[tier], TIERS[tier].keep + 1);
    if (!numbers) return flaw(`${HISTORY_INDEX}.${tier}`, 'not a list of chunks');
    chunks[tier] = numbers;
  }
  return success({ since: since as number | null, chunks });
}

const sameNumbers = (a: readonly number[], b: readonly number[]) => a === b || (a.length === b.length && a.every((n, i) => n === b[i]));
const encodeIndex = (index: Index) => ({ since: index.since, m: toRuns(index.chunks.m), h: toRuns(index.chunks.h), d: toRuns(index.chunks.d) });

export interface LoadedHistory {
  history: History;
  /** Entries that could not be read: set aside, the rest is kept. Their time reads as not observed in that tier. */
  damaged: { key: string; stored: unknown; error: Flaw }[];
}

/**
 * @param stored what the store gave for the keys of `keysFor` or `keysForQuery`: any JSON; other keys are ignored
 * @returns the history as far as it is readable
 */
export function loadHistory(stored: Readonly<Record<string, unknown>>): LoadedHistory {
  const chunks = new Map<string, Chunk>();
  const damaged: LoadedHistory['damaged'] = [];
  let index: Index | null = null;
  for (const [key, value] of Object.entries(stored)) {
    if (value === undefined || !isHistoryKey(key)) continue;
    const outcome = key === HISTORY_INDEX ? decodeIndex(value) : decodeChunk(key, value);
    if (!outcome.ok) damaged.push({ key, stored: value, error: outcome.error });
    else if ('since' in outcome.value) index = outcome.value;
    else chunks.set(key, outcome.value);
  }
  return { history: { index, chunks }, damaged };
}

// ---- recording ----

export interface Appended {
  history: History;
  /** What changed, for the one write: chunks as JSON, `undefined` for what is dropped because there are too many. */
  entries: Record<string, unknown>;
  /** ms that were recorded: less than the span where its time was recorded before, or where it is not believed. */
  recorded: number;
}

const emptyChunk = (tier: Tier, index: number): Chunk => ({ tier, index, ms: Array.from({ length: TIERS[tier].per * WIDTH }, () => 0), times: {} });

/** The chunks being changed: a copy at the first touch. */
class Draft {
  readonly touched = new Map<string, Chunk>();
  readonly #before: ReadonlyMap<string, Chunk>;
  constructor(before: ReadonlyMap<string, Chunk>) {
    this.#before = before;
  }

  chunk(tier: Tier, at: number): Chunk {
    const index = chunkAt(tier, at);
    const key = keyOf(tier, index);
    const known = this.touched.get(key);
    if (known) return known;
    const before = this.#before.get(key) ?? emptyChunk(tier, index);
    const copy = { ...before, ms: [...before.ms], times: Object.fromEntries(Object.entries(before.times).map(([role, list]) => [role, [...list]])) };
    this.touched.set(key, copy);
    return copy;
  }
}

const bucketIn = (tier: Tier, at: number) => Math.floor(at / TIERS[tier].size) % TIERS[tier].per;

/** What a bucket can still take, ms. */
const roomIn = (chunk: Chunk, bucket: number) => TIERS[chunk.tier].size - observedIn(chunk.ms, bucket);

/**
 * Without an index nobody knows which chunks exist: assume all that may, thrice as many as are kept because sleep leaves gaps.
 * Dropping what is not there does no harm.
 */
function assumedIndex(now: number): Index {
  const all = (tier: Tier) => {
    const last = chunkAt(tier, now);
    return Array.from({ length: 3 * TIERS[tier].keep }, (_, i) => last - 3 * TIERS[tier].keep + 1 + i).filter((n) => n >= 0);
  };
  return { since: null, chunks: { m: all('m'), h: all('h'), d: all('d') } };
}

/**
 * Drops what is too many, by count, never by age: a clock that leaps years ahead for an hour must not delete ten years. Chunks that lie
 * ahead of the present go first (a wrong clock made them), oldest first; then the oldest. What is dropped is never read: see `horizon`.
 */
function dropSurplus(tier: Tier, chunks: number[], now: number): { kept: number[]; dropped: number[] } {
  const surplus = chunks.length - TIERS[tier].keep;
  if (surplus <= 0) return { kept: chunks, dropped: [] };
  const present = chunkAt(tier, now);
  const order = [...chunks.filter((n) => n > present), ...chunks.filter((n) => n <= present)];
  const dropped = new Set(order.slice(0, surplus));
  return { kept: chunks.filter((n) => !dropped.has(n)), dropped: [...dropped] };
}

/**
 * Records a stretch of time. Work and size of the write do not depend on how long the history is.
 * @param history what was loaded for `keysFor(span.from, span.to)`
 * @param span the stretch since the last check. One that runs backwards (the clock was set back), is longer than `LONGEST_SPAN` or is
 *   `unobserved` records nothing: not observed is what is left when nothing is recorded
 * @param times response times of the check at its end
 */
export function appendSpan(history: History, span: Span, times: readonly ResponseTime[] = []): Appended {
  const from = Math.max(0, Math.floor(span.from));
  const to = Math.floor(span.to);
  const state = OBSERVED.indexOf(span.state as (typeof OBSERVED)[number]);
  const draft = new Draft(history.chunks);
  let recorded = 0;
  if (state >= 0 && to > from && to - from <= LONGEST_SPAN) {
    for (let at = from; at < to; ) {
      const end = Math.min(to, (Math.floor(at / MINUTE) + 1) * MINUTE);
      const places = TIER_NAMES.map((tier) => ({ chunk: draft.chunk(tier, at), bucket: bucketIn(tier, at) }));
      const ms = Math.min(end - at, ...places.map(({ chunk, bucket }) => roomIn(chunk, bucket)));
      for (const { chunk, bucket } of places) chunk.ms[bucket * WIDTH + state]! += ms;
      recorded += ms;
      at = end;
    }
  }
  if (to >= from) {
    for (const time of times) {
      if (!(time.at >= from && time.at <= to) || !Number.isFinite(time.ms) || time.ms < 0) continue;
      for (const tier of ['h', 'd'] as const) {
        const sketches = (draft.chunk(tier, time.at).times[time.role] ??= []);
        const bucket = bucketIn(tier, time.at);
        while (sketches.length <= bucket) sketches.push('');
        sketches[bucket] = addTime(sketches[bucket]!, time.ms);
      }
    }
  }
  return commit(history, draft, to, recorded > 0 ? from : null, recorded);
}

function commit(history: History, draft: Draft, now: number, from: number | null, recorded: number): Appended {
  const chunks = new Map(history.chunks);
  const entries: Record<string, unknown> = {};
  const known = history.index;
  const before = known ?? (history.chunks.size > 0 ? assumedIndex(now) : { since: null, chunks: { m: [], h: [], d: [] } });
  const index: Index = { since: from === null ? before.since : Math.min(before.since ?? from, from), chunks: { ...before.chunks } };
  for (const [key, chunk] of draft.touched) {
    const old = history.chunks.get(key);
    const stored = encodeChunk(chunk);
    if (old ? sameStored(encodeChunk(old), stored) : stored.s === '' && !stored.t) continue;
    chunks.set(key, chunk);
    entries[key] = stored;
    if (!index.chunks[chunk.tier].includes(chunk.index)) index.chunks[chunk.tier] = [...index.chunks[chunk.tier], chunk.index].sort((a, b) => a - b);
  }
  for (const tier of TIER_NAMES) {
    const { kept, dropped } = dropSurplus(tier, index.chunks[tier], now);
    index.chunks[tier] = kept;
    for (const n of dropped) {
      entries[keyOf(tier, n)] = undefined;
      chunks.delete(keyOf(tier, n));
    }
  }
  const grown = !known || known.since !== index.since || TIER_NAMES.some((tier) => !sameNumbers(known.chunks[tier], index.chunks[tier]));
  if (Object.keys(entries).length > 0 && grown) entries[HISTORY_INDEX] = encodeIndex(index);
  return { history: { index, chunks }, entries, recorded };
}

const sameStored = (a: StoredChunk, b: StoredChunk) => a.s === b.s && JSON.stringify(a.t) === JSON.stringify(b.t);

// ---- asking ----

/** From here on the tier is read; before it, the next coarser one. On the coarser tier's edge, so that a bucket lies on one side. */
function horizon(tier: 'm' | 'h', now: number): number {
  const coarser = TIERS[tier === 'm' ? 'h' : 'd'].size;
  return Math.ceil((now - TIERS[tier].reach) / coarser) * coarser;
}

const tierAt = (at: number, now: number): Tier => (at >= horizon('m', now) ? 'm' : at >= horizon('h', now) ? 'h' : 'd');

/**
 * Moves a moment back onto the edge of its bucket, as fine as the past is kept there. It depends on the age alone, not on what was
 * dropped: so dropping never changes a sum that is shown.
 */
function snap(at: number, now: number): number {
  if (at >= now) return now;
  const { size } = TIERS[tierAt(at, now)];
  return Math.floor(at / size) * size;
}

const noTime = (): Durations => ({ up: 0, degraded: 0, down: 0, maintenance: 0, unobserved: 0 });

/** Adds what is recorded of [from, to), which is one bucket, or the part of it that is over. */
function addBucket(history: History, tier: Tier, from: number, to: number, sum: Durations): void {
  const length = to - from;
  const chunk = history.chunks.get(keyOf(tier, chunkAt(tier, from)));
  const base = chunk ? bucketIn(tier, from) * WIDTH : 0;
  const values = OBSERVED.map((_, i) => chunk?.ms[base + i] ?? 0);
  const observed = values.reduce((total, value) => total + value, 0);
  // A clock that was set back leaves more in the running bucket than has passed of it.
  const scale = observed > length ? length / observed : 1;
  let counted = 0;
  OBSERVED.forEach((state, i) => {
    const value = scale === 1 ? values[i]! : Math.floor(values[i]! * scale);
    sum[state] += value;
    counted += value;
  });
  sum.unobserved += length - counted;
}

/** The largest bucket that begins at `at` and ends by `to` (or runs on past the present). */
function bucketAt(at: number, to: number, now: number): { tier: Tier; end: number } {
  const finest = tierAt(at, now);
  for (const tier of ['d', 'h', 'm'] as const) {
    const { size } = TIERS[tier];
    const end = at + size;
    if (at % size === 0 && (end <= to || to >= now || tier === finest)) return { tier, end: Math.min(end, to) };
  }
  return { tier: finest, end: to };
}

function sumBetween(history: History, from: number, to: number, now: number): Durations {
  const sum = noTime();
  for (let at = from; at < to; ) {
    const { tier, end } = bucketAt(at, to, now);
    addBucket(history, tier, at, end, sum);
    at = end;
  }
  return sum;
}

export interface Totals {
  /** The range that the sums are for: the one asked for, moved back to the edges of what is kept, and not beyond the present. */
  from: number;
  to: number;
  /** ms of each state; they add up to `to` − `from` exactly. */
  ms: Durations;
}

/**
 * @param history what was loaded for `keysForQuery(from, to, now)`
 * @param from start, ms since the epoch
 * @param to end, ms since the epoch
 * @param now the present: two days back minutes are kept, 90 days back hours, before that days
 * @returns how long each state lasted
 */
export function totals(history: History, from: number, to: number, now: number): Totals {
  const start = snap(from, now);
  const end = Math.max(start, snap(to, now));
  return { from: start, to: end, ms: sumBetween(history, start, end, now) };
}

export interface HistorySlice extends Slice, Totals {}

/** A state colours a slice from this share of its observed time on: a minute of 24 hours' trouble does not paint the day. */
const COLOURING_SHARE = 0.01;

/** @returns the worst state that took a share of the observed time worth showing, and the share of the time that was observed. */
export function sliceOf(ms: Durations): Slice {
  const observed = ms.up + ms.degraded + ms.down + ms.maintenance;
  if (observed === 0) return { state: 'unobserved', seen: 0 };
  const state = (['down', 'degraded', 'maintenance'] as const).find((state) => ms[state] > 0 && ms[state] >= observed * COLOURING_SHARE) ?? 'up';
  return { state, seen: observed / (observed + ms.unobserved) };
}

/**
 * @param slices how many equal slices the range is cut into
 * @returns the slices, oldest first. A slice that is finer than what is kept shows the bucket it lies in; one ahead of the present is unobserved
 */
export function queryRange(history: History, from: number, to: number, slices: number, now: number): HistorySlice[] {
  return Array.from({ length: Math.max(0, Math.floor(slices)) }, (_, i) => {
    const at = from + ((to - from) * i) / slices;
    const until = from + ((to - from) * (i + 1)) / slices;
    const start = snap(at, now);
    let end = snap(until, now);
    if (end <= start) end = at >= now ? start : Math.min(now, start + TIERS[tierAt(start, now)].size);
    const ms = sumBetween(history, start, end, now);
    return { from: start, to: end, ms, ...sliceOf(ms) };
  });
}

/**
 * @returns response times of a role in the range, null where there were none. Kept by the hour for 90 days, then by the day: the range is
 *   widened to whole hours or days
 */
export function responseTimes(history: History, role: Role, from: number, to: number, now: number): TimesSummary | null {
  const sketches: string[] = [];
  for (let at = Math.floor(from / DAY) * DAY; at < Math.min(to, now); ) {
    const tier: Tier = at >= horizon('h', now) ? 'h' : 'd';
    const { size } = TIERS[tier];
    if (at + size > from) sketches.push(history.chunks.get(keyOf(tier, chunkAt(tier, at)))?.times[role]?.[bucketIn(tier, at)] ?? '');
    at += size;
  }
  return summariseTimes(joinTimes(sketches));
}

/** @returns first moment ever observed, ms since the epoch; null where nothing was, or the index is lost. */
export function observedSince(history: History): number | null {
  return history.index?.since ?? null;
}

/**
 * Every bucket that has something in it, each stretch of time once, as fine as it is kept: what a table of the history holds.
 * @param history the whole history (`allKeys`)
 */
export function bucketsOf(history: History, now: number): Totals[] {
  const rows: Totals[] = [];
  for (const tier of ['d', 'h', 'm'] as const) {
    const chunks = [...history.chunks.values()].filter((chunk) => chunk.tier === tier).sort((a, b) => a.index - b.index);
    for (const chunk of chunks) {
      for (let bucket = 0; bucket < TIERS[tier].per; bucket++) {
        const from = chunk.index * spanOfChunk(tier) + bucket * TIERS[tier].size;
        if (from >= now || tierAt(from, now) !== tier) continue;
        const to = Math.min(now, from + TIERS[tier].size);
        const ms = noTime();
        addBucket(history, tier, from, to, ms);
        if (ms.unobserved < to - from) rows.push({ from, to, ms });
      }
    }
  }
  return rows;
}

/** @returns the keys of the whole history, from its index: for export and deletion. */
export function allKeys(history: History): string[] {
  if (!history.index) return [HISTORY_INDEX, ...history.chunks.keys()];
  const { chunks } = history.index;
  return [HISTORY_INDEX, ...TIER_NAMES.flatMap((tier) => chunks[tier].map((index) => keyOf(tier, index)))];
}

const observedIn = (ms: readonly number[], bucket: number) => ms.slice(bucket * WIDTH, (bucket + 1) * WIDTH).reduce((sum, value) => sum + value, 0);

/**
 * Merges another history into this one: a bucket is taken from there where it holds all that this one does and more, then hours and days are
 * made to hold what their minutes and hours do. So nothing that was seen here is lost, and merging the same again changes nothing.
 * @param history the whole history here (`allKeys`)
 * @param other the chunks to merge in
 * @param now the present, for dropping what is too many
 * @param replace where the two contradict one another, the one that observed more wins, even if that overwrites what was seen here
 */
export function mergeHistory(history: History, other: History, now: number, replace = false): Appended {
  const draft = new Draft(history.chunks);
  let recorded = 0;
  const mayTake = (mine: Chunk, bucket: number, values: readonly number[]) => replace || values.every((value, i) => value >= mine.ms[bucket * WIDTH + i]!);
  for (const theirs of other.chunks.values()) {
    const mine = draft.chunk(theirs.tier, theirs.index * spanOfChunk(theirs.tier));
    for (let bucket = 0; bucket < TIERS[theirs.tier].per; bucket++) {
      const more = observedIn(theirs.ms, bucket) - observedIn(mine.ms, bucket);
      const values = theirs.ms.slice(bucket * WIDTH, (bucket + 1) * WIDTH);
      if (more > 0 && mayTake(mine, bucket, values)) {
        values.forEach((value, i) => (mine.ms[bucket * WIDTH + i] = value));
        if (theirs.tier === 'd') recorded += more;
      }
      for (const role of ROLES) {
        const sketch = theirs.times[role]?.[bucket] ?? '';
        const sketches = mine.times[role] ?? [];
        if ((summariseTimes(sketch)?.count ?? 0) <= (summariseTimes(sketches[bucket] ?? '')?.count ?? 0)) continue;
        while (sketches.length <= bucket) sketches.push('');
        sketches[bucket] = sketch;
        mine.times[role] = sketches;
      }
    }
  }
  for (const [fine, coarse] of [['m', 'h'], ['h', 'd']] as const) {
    for (const chunk of [...draft.touched.values()].filter((chunk) => chunk.tier === fine)) {
      const sums = new Map<number, number[]>();
      for (let bucket = 0; bucket < TIERS[fine].per; bucket++) {
        const at = chunk.index * spanOfChunk(fine) + bucket * TIERS[fine].size;
        const edge = Math.floor(at / TIERS[coarse].size) * TIERS[coarse].size;
        if (!sums.has(edge)) sums.set(edge, partsOf(draft, history, fine, edge, TIERS[coarse].size));
      }
      for (const [edge, sum] of sums) {
        const into = draft.chunk(coarse, edge);
        const bucket = bucketIn(coarse, edge);
        const more = sum.reduce((total, value) => total + value, 0) - observedIn(into.ms, bucket);
        if (more <= 0 || !mayTake(into, bucket, sum)) continue;
        sum.forEach((value, i) => (into.ms[bucket * WIDTH + i] = value));
        if (coarse === 'd') recorded += more;
      }
    }
  }
  const since = [observedSince(history), observedSince(other) ?? firstBucket(other)].filter((at) => at !== null);
  return commit(history, draft, now, since.length > 0 ? Math.min(...since) : null, recorded);
}

/**
 * Makes room when the store is full: the response times of the older half of what has any are dropped, which is most of the bytes. How long
 * each state lasted stays as it is.
 * @param history the whole history (`allKeys`)
 */
export function shedTimes(history: History): Pick<Appended, 'history' | 'entries'> {
  const timed = [...history.chunks].filter(([, chunk]) => Object.keys(chunk.times).length > 0).sort(([, a], [, b]) => a.index * spanOfChunk(a.tier) - b.index * spanOfChunk(b.tier));
  const chunks = new Map(history.chunks);
  const entries: Record<string, unknown> = {};
  for (const [key, chunk] of timed.slice(0, Math.ceil(timed.length / 2))) {
    const bare: Chunk = { ...chunk, times: {} };
    chunks.set(key, bare);
    entries[key] = encodeChunk(bare);
  }
  return { history: { index: history.index, chunks }, entries };
}

/** Start of the first bucket in which something was observed; null where there is none. */
function firstBucket(history: History): number | null {
  const starts = [...history.chunks.values()].flatMap((chunk) => {
    const first = chunk.ms.findIndex((ms) => ms > 0);
    return first < 0 ? [] : [chunk.index * spanOfChunk(chunk.tier) + Math.floor(first / WIDTH) * TIERS[chunk.tier].size];
  });
  return starts.length > 0 ? Math.min(...starts) : null;
}

function partsOf(draft: Draft, history: History, fine: Tier, from: number, length: number): number[] {
  const sum = [0, 0, 0, 0];
  for (let at = from; at < from + length; at += TIERS[fine].size) {
    const key = keyOf(fine, chunkAt(fine, at));
    const chunk = draft.touched.get(key) ?? history.chunks.get(key);
    if (chunk) for (let i = 0; i < WIDTH; i++) sum[i]! += chunk.ms[bucketIn(fine, at) * WIDTH + i]!;
  }
  return sum;
}
