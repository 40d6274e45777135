import { WORLD_REFUSALS, WORLD_TOKEN } from '../core/opinion.ts';
import type { WorldOpinion, WorldRefusal } from '../core/opinion.ts';
import { flaw, success } from '../core/result.ts';
import type { Outcome } from '../core/result.ts';
import type { Received, Target, TargetContext } from '../core/target.ts';
import { fetchText } from './fetch-text.ts';
import type { Fetch, TextAnswer, TextRequest } from './fetch-text.ts';
import { finite, isObject, parseJson } from './json.ts';
import type { JsonObject } from './json.ts';
import { plainText } from './plain-text.ts';

/** The public measurement network: it allows any origin, so no permission of the browser is needed; the user's consent is. */
export const GLOBALPING = 'https://api.globalping.io';

const MINUTE = 60_000;
/** At most one run in a quarter of an hour: 32 of the 250 tests an hour that an address may cost. */
const RUN_INTERVAL = 15 * MINUTE;
/** One test each. */
export const MAX_PROBES = 8;
const OWN_PROBES = 3;
/** Countries far apart with many probes; the user's own is left out of them. */
const ELSEWHERE = ['us', 'de', 'gb', 'sg', 'au', 'jp', 'br'];
/** The service asks its clients to wait this long after each answer. */
const POLL_INTERVAL = 500;
const FIRST_POLL = 1_000;
/** A measurement is over after 30 s by the service's own rule; ten more for the way. */
const GIVE_UP = 40_000;
/** A run that was begun and never got an id (the worker died in between) is not begun again: it may have been paid for. */
const LOST_AFTER = 15_000;
const TIMEOUT = 10_000;
const MAX_BYTES = 400_000;
const MAX_RESULTS = 60;

/* ---- what to measure ---- */

interface Location {
  country: string;
  limit: number;
  tags?: string[];
}

/** Body of the request that creates a measurement. */
export interface MeasurementPlan {
  type: 'http';
  /** Host only. */
  target: string;
  locations: Location[];
  /** Seconds. */
  timeout: number;
  measurementOptions: { protocol: 'HTTPS'; request: { method: 'GET'; path: string; query: string; headers: Record<string, string> } };
}

/**
 * Plans one measurement of a target: three homes in the user's country, one probe in each of five others.
 * @param context its `country` is the user's own (ISO 3166)
 * @returns the plan, or a flaw where the target has no https address.
 */
export function planMeasurement(target: Target, context: TargetContext): Outcome<MeasurementPlan> {
  let url: URL;
  try {
    url = new URL(target.url(context));
  } catch {
    return flaw('target.url', 'no address');
  }
  if (url.protocol !== 'https:') return flaw('target.url', 'not https');
  const own = /^[a-z]{2}$/i.test(context.country) ? context.country.toLowerCase() : null;
  const others = ELSEWHERE.filter((country) => country !== own).slice(0, MAX_PROBES - OWN_PROBES);
  return success({
    type: 'http',
    target: url.hostname,
    locations: [
      ...(own === null ? [] : [{ country: own.toUpperCase(), tags: ['eyeball-network'], limit: OWN_PROBES }]),
      ...others.map((country) => ({ country: country.toUpperCase(), limit: 1 })),
    ],
    timeout: 10,
    measurementOptions: { protocol: 'HTTPS', request: { method: 'GET', path: url.pathname, query: url.search.slice(1), headers: {} } },
  });
}

/* ---- what came back ---- */

/** One probe's vote. */
export interface Vote {
  /** ISO 3166, lower case. */
  country: string;
  /** `ignored`: the probe's own trouble, or an answer that is about the probe. `pending`: not yet. */
  kind: 'ok' | 'failed' | 'ignored' | 'pending';
  /** What failed, as far as it is told. */
  part: 'dns' | 'certificate' | 'http' | 'connection' | null;
}

export interface Measurement {
  finished: boolean;
  votes: Vote[];
}

/** How a healthy answer looks: the target's own judgement. */
export type Judge = Target['judge'];

function lowerHeaders(value: unknown): Record<string, string> {
  const headers: Record<string, string> = {};
  if (!isObject(value)) return headers;
  for (const [name, entry] of Object.entries(value).slice(0, 100)) {
    const one: unknown = Array.isArray(entry) ? entry.join(', ') : entry;
    if (typeof one === 'string') headers[name.toLowerCase()] = one.slice(0, 1000);
  }
  return headers;
}

function judgeAnswer(result: JsonObject, datacenter: boolean, judge: Judge | null, url: string, now: number): Pick<Vote, 'kind' | 'part'> {
  const status = finite(result['statusCode']);
  if (status === null || status < 100 || status > 599) return { kind: 'ignored', part: null };
  const tls = result['tls'];
  if (isObject(tls)) {
    const expires = typeof tls['expiresAt'] === 'string' ? Date.parse(tls['expiresAt']) : Number.NaN;
    if (tls['authorized'] === false || expires < now) return { kind: 'failed', part: 'certificate' };
  }
  // Redirects are not followed: one is an answer. A refusal is about the asking address (data centres, shared addresses), not about the store.
  if (status >= 300 && status < 400) return { kind: 'ok', part: null };
  if (status === 429 || (status === 403 && datacenter)) return { kind: 'ignored', part: null };
  const body = typeof result['rawBody'] === 'string' ? result['rawBody'] : null;
  if (judge !== null) {
    const received: Received = { status, headers: lowerHeaders(result['headers']), url, text: body ?? '', bytes: body?.length ?? 0, cut: result['truncated'] === true, now };
    const verdict = judge(received);
    if (verdict.kind === 'ok') return { kind: 'ok', part: null };
    if (verdict.kind === 'discarded') return { kind: 'ignored', part: null };
    // Of a body only the first 10 kB are passed on, or nothing: then its content cannot be held against it.
    const unread = body === null || result['truncated'] === true;
    if (unread && status < 300) return { kind: 'ok', part: null };
    return { kind: 'failed', part: 'http' };
  }
  return status < 300 || status === 401 ? { kind: 'ok', part: null } : { kind: 'failed', part: 'http' };
}

const NAME_FAILED = /ENOTFOUND|EAI_AGAIN|ESERVFAIL|ENODATA|SERVFAIL|NXDOMAIN|queryA/i;
const CERTIFICATE_FAILED = /certificate|CERT_|ERR_TLS|self[- ]signed|altnames/i;

function readVote(entry: unknown, judge: Judge | null, url: string, now: number): Vote | null {
  if (!isObject(entry) || !isObject(entry['probe']) || !isObject(entry['result'])) return null;
  const { probe, result } = entry as { probe: JsonObject; result: JsonObject };
  const country = typeof probe['country'] === 'string' && /^[A-Za-z]{2}$/.test(probe['country']) ? probe['country'].toLowerCase() : null;
  if (country === null) return null;
  const datacenter = Array.isArray(probe['tags']) && probe['tags'].includes('datacenter-network');
  if (result['status'] === 'in-progress') return { country, kind: 'pending', part: null };
  if (result['status'] === 'finished') return { country, ...judgeAnswer(result, datacenter, judge, url, now) };
  // `offline`, and whatever may come: no vote.
  if (result['status'] !== 'failed') return { country, kind: 'ignored', part: null };
  const source = result['failureSource'];
  const raw = typeof result['rawOutput'] === 'string' ? result['rawOutput'].slice(0, 2000) : '';
  if (source === 'internal' || source === 'offline') return { country, kind: 'ignored', part: null };
  if (source === 'resolver' || NAME_FAILED.test(raw)) return { country, kind: 'failed', part: 'dns' };
  return { country, kind: 'failed', part: CERTIFICATE_FAILED.test(raw) ? 'certificate' : 'connection' };
}

/**
 * Reads a measurement as the service gives it. Trusts nothing.
 * @param judge how a healthy answer of the target looks; null = by its status alone
 * @param now ms since the epoch, against which certificates are held
 */
export function readMeasurement(text: string, judge: Judge | null, now: number): Outcome<Measurement> {
  const parsed = parseJson(text, MAX_BYTES);
  if (!parsed.ok) return flaw('measurement', parsed.error.reason);
  const body = parsed.value;
  if (!isObject(body)) return flaw('measurement', 'not an object');
  if (body['status'] !== 'in-progress' && body['status'] !== 'finished') return flaw('measurement.status', 'unknown');
  const results = body['results'];
  if (!Array.isArray(results)) return flaw('measurement.results', 'not a list');
  if (results.length > MAX_RESULTS) return flaw('measurement.results', `more than ${MAX_RESULTS}`);
  const host = typeof body['target'] === 'string' && /^[a-z0-9.-]+$/i.test(body['target']) ? body['target'] : 'unknown.invalid';
  const votes: Vote[] = [];
  for (const [index, entry] of (results as unknown[]).entries()) {
    const vote = readVote(entry, judge, `https://${host}/`, now);
    if (vote === null) return flaw(`measurement.results[${index}]`, 'not a result');
    votes.push(vote);
  }
  return success({ finished: body['status'] === 'finished', votes });
}

/** An opinion, and what the failures were as far as the probes told. */
export interface WorldVotes extends WorldOpinion {
  /** Probes for which the name did not resolve. */
  dnsFailed: number;
  /** Probes that were shown a certificate that is invalid or expired. */
  certificateFailed: number;
  /** Probes whose vote does not count: their own troubles, refusals. */
  ignored: number;
}

/**
 * Counts votes. @param ownCountry ISO 3166; @param now ms since the epoch
 * @returns usable votes by country: the own one first, then those with the greatest share of failures.
 */
export function countVotes(votes: readonly Vote[], ownCountry: string, now: number): WorldVotes {
  const own = ownCountry.toLowerCase();
  const usable = votes.filter((vote) => vote.kind === 'ok' || vote.kind === 'failed');
  const places = new Map<string, { country: string; votes: number; failed: number }>();
  for (const vote of usable) {
    const place = places.get(vote.country) ?? { country: vote.country, votes: 0, failed: 0 };
    places.set(vote.country, place);
    place.votes += 1;
    if (vote.kind === 'failed') place.failed += 1;
  }
  const failed = (part?: Vote['part']): number => usable.filter((vote) => vote.kind === 'failed' && (part === undefined || vote.part === part)).length;
  return {
    at: now,
    votes: usable.length,
    failed: failed(),
    ownCountryVotes: places.get(own)?.votes ?? 0,
    ownCountryFailed: places.get(own)?.failed ?? 0,
    places: [...places.values()].sort((a, b) =>
      Number(b.country === own) - Number(a.country === own) || b.failed / b.votes - a.failed / a.votes || (a.country < b.country ? -1 : 1)),
    dnsFailed: failed('dns'),
    certificateFailed: failed('certificate'),
    ignored: votes.filter((vote) => vote.kind === 'ignored').length,
  };
}

/* ---- a run, step by step ---- */

export type RunFailure = Exclude<WorldRefusal, 'not-yet'>;
const RUN_FAILURES = WORLD_REFUSALS.filter((one): one is RunFailure => one !== 'not-yet');

/** A run in progress or done. JSON: it is kept after every step, so that a worker that dies loses nothing and asks nothing twice. */
export type WorldRun =
  | { phase: 'create'; plan: MeasurementPlan; country: string; startedAt: number; /** Second attempt, without the wish for home networks. */ relaxed: boolean }
  | { phase: 'poll'; id: string; /** That is measured: its judgement is looked up by it when a worker takes the run up again. */ host: string; country: string; createdAt: number; nextAt: number; etag: string | null; votes: Vote[] }
  | { phase: 'done'; at: number; opinion: WorldVotes }
  | { phase: 'failed'; at: number; because: RunFailure };

/** What is kept of the second opinion between runs. */
export interface WorldMemory {
  run: WorldRun | null;
  /** Start of the last run, ms since the epoch. */
  lastRunAt: number | null;
  /** The service asked not to be asked before this. */
  blockedUntil: number | null;
}

export const NO_RUN: WorldMemory = { run: null, lastRunAt: null, blockedUntil: null };

/** Nobody is sent away for longer. */
const LONGEST_BLOCK = 24 * 60 * MINUTE;

/**
 * @returns when the next run may begin, ms since the epoch; `now` or earlier = at once. What lies further ahead than any wait was noted by a clock that
 * has since been set back, and is not waited for.
 */
export function nextRunAt({ lastRunAt, blockedUntil }: WorldMemory, now: number): number {
  const rested = lastRunAt === null || lastRunAt > now ? 0 : lastRunAt + RUN_INTERVAL;
  return Math.max(rested, blockedUntil === null || blockedUntil - now > LONGEST_BLOCK ? 0 : blockedUntil);
}

/** @returns whether a run is under way: `step` has something to do. */
export function isRunning(memory: WorldMemory): boolean {
  return memory.run?.phase === 'create' || memory.run?.phase === 'poll';
}

/** Begins a run; to be kept before the first step. @returns the memory unchanged where one is under way or the budget does not allow one. */
export function beginRun(memory: WorldMemory, plan: MeasurementPlan, country: string, now: number): WorldMemory {
  // One that a dead worker left behind may have run out of time since.
  const current = expireRun(memory, now);
  if (isRunning(current) || nextRunAt(current, now) > now) return memory;
  return { ...current, lastRunAt: now, run: { phase: 'create', plan, country, startedAt: now, relaxed: false } };
}

/** Seconds or an HTTP date. */
function retryAfter(answer: TextAnswer, now: number): number | null {
  const value = answer.headers['retry-after'] ?? answer.headers['x-ratelimit-reset'];
  if (value === undefined) return null;
  const ms = /^\d{1,6}$/.test(value.trim()) ? Number(value) * 1000 : Date.parse(value) - now;
  return Number.isFinite(ms) && ms >= 0 ? Math.min(ms, LONGEST_BLOCK) : null;
}

function count(answer: TextAnswer, header: string): number | null {
  const value = answer.headers[header];
  return value !== undefined && /^\d{1,9}$/.test(value.trim()) ? Number(value) : null;
}

/**
 * @param token the user's own, null without
 * @returns the request the run needs now; null where it needs none (done, failed, or not due yet).
 */
function nextRequest(run: WorldRun, token: string | null, now: number): TextRequest | null {
  const headers: Record<string, string> = token === null ? {} : { Authorization: `Bearer ${token}` };
  const bounds = { timeoutMs: TIMEOUT, maxBytes: MAX_BYTES, headers };
  if (run.phase === 'create') {
    return { ...bounds, url: `${GLOBALPING}/v1/measurements`, method: 'POST', headers: { ...headers, 'Content-Type': 'application/json' }, body: JSON.stringify(run.plan) };
  }
  if (run.phase !== 'poll' || now < run.nextAt) return null;
  return { ...bounds, url: `${GLOBALPING}/v1/measurements/${run.id}`, cache: 'no-cache', validators: { etag: run.etag, lastModified: null } };
}

function fail(memory: WorldMemory, because: RunFailure, now: number, blockedFor = 0): WorldMemory {
  return { ...memory, run: { phase: 'failed', at: now, because }, blockedUntil: blockedFor > 0 ? now + blockedFor : memory.blockedUntil };
}

function onCreated(memory: WorldMemory, run: WorldRun & { phase: 'create' }, answer: TextAnswer, now: number): WorldMemory {
  switch (answer.status) {
    case 202: {
      const body = parseJson(answer.text, MAX_BYTES);
      const id = body.ok && isObject(body.value) ? body.value['id'] : null;
      if (typeof id !== 'string' || !/^[A-Za-z0-9_-]{1,64}$/.test(id)) return fail(memory, 'not-understood', now);
      const left = Math.max(count(answer, 'x-ratelimit-remaining') ?? MAX_PROBES, count(answer, 'x-credits-remaining') ?? 0);
      const blockedUntil = left < MAX_PROBES ? now + (retryAfter(answer, now) ?? 60 * MINUTE) : memory.blockedUntil;
      return { ...memory, blockedUntil, run: { phase: 'poll', id, host: run.plan.target, country: run.country, createdAt: now, nextAt: now + FIRST_POLL, etag: null, votes: [] } };
    }
    case 422: {
      if (run.relaxed) return fail(memory, 'no-probes', now);
      const locations = run.plan.locations.map(({ country, limit }) => ({ country, limit }));
      return { ...memory, run: { ...run, startedAt: now, relaxed: true, plan: { ...run.plan, locations } } };
    }
    case 429: return fail(memory, 'limited', now, retryAfter(answer, now) ?? 60 * MINUTE);
    case 401: return fail(memory, 'token', now);
    case 400: return fail(memory, 'refused', now);
    case 403: return fail(memory, 'refused', now, LONGEST_BLOCK);
    default: return fail(memory, 'unreachable', now);
  }
}

function onPolled(memory: WorldMemory, run: WorldRun & { phase: 'poll' }, answer: TextAnswer | null, judge: Judge | null, now: number): WorldMemory {
  if (answer?.status === 404) return fail(memory, 'lost', now);
  let { votes, etag } = run;
  if (answer?.status === 200) {
    const measurement = readMeasurement(answer.text, judge, now);
    if (!measurement.ok) return fail(memory, 'not-understood', now);
    votes = measurement.value.votes;
    etag = answer.validators.etag;
    if (measurement.value.finished) return { ...memory, run: { phase: 'done', at: now, opinion: countVotes(votes, run.country, now) } };
  }
  const wait = answer?.status === 429 ? Math.max(retryAfter(answer, now) ?? 5_000, POLL_INTERVAL) : answer === null ? FIRST_POLL : POLL_INTERVAL;
  return { ...memory, run: { ...run, votes, etag, nextAt: now + wait } };
}

/**
 * Takes in what came back. Pure.
 * @param answer null = no answer (network)
 * @returns the memory with the run one step further.
 */
export function advanceRun(memory: WorldMemory, answer: TextAnswer | null, judge: Judge | null, now: number): WorldMemory {
  const { run } = memory;
  if (run === null) return memory;
  if (run.phase === 'create') return answer === null ? fail(memory, 'unreachable', now) : onCreated(memory, run, answer, now);
  return run.phase === 'poll' ? onPolled(memory, run, answer, judge, now) : memory;
}

/** @returns the memory with a run ended that waited too long: with the votes it has, or as failed. Pure. */
function expireRun(memory: WorldMemory, now: number): WorldMemory {
  const { run } = memory;
  if (run?.phase === 'create' && (now - run.startedAt > LOST_AFTER || now < run.startedAt)) return fail(memory, 'lost', now);
  if (run?.phase !== 'poll' || (now - run.createdAt <= GIVE_UP && now >= run.createdAt)) return memory;
  const opinion = countVotes(run.votes, run.country, now);
  return opinion.votes > 0 ? { ...memory, run: { phase: 'done', at: now, opinion } } : fail(memory, 'timed-out', now);
}

/** What a step needs of the world. */
export interface WorldPort {
  fetch: Fetch;
  now(): number;
  /** The user's own token; null without. */
  token: string | null;
  judge: Judge | null;
  /**
   * Whether the extension has permission for the service's host. Without it a conditional header would fail the preflight, and the browser's own
   * revalidation (`cache: 'no-cache'`) does the same.
   */
  permitted: boolean;
}

/**
 * Takes one step: at most one request. To be called again at `run.nextAt` while `isRunning`; the returned memory is to be kept each time.
 * Never throws. A worker that died and woke goes on with the kept memory.
 */
export async function step(memory: WorldMemory, port: WorldPort): Promise<WorldMemory> {
  const due = expireRun(memory, port.now());
  if (due.run === null || !isRunning(due)) return due;
  if (port.token !== null && !WORLD_TOKEN.test(port.token)) return fail(due, 'token', port.now());
  const request = nextRequest(due.run, port.token, port.now());
  if (request === null) return due;
  const answer = await fetchText(port.fetch, port.permitted ? request : { ...request, validators: null });
  return advanceRun(due, answer.ok ? answer.value : null, port.judge, port.now());
}

/**
 * Runs to the end: steps, waits, keeps.
 * @param keep is awaited after every step, before the next request
 * @param wait ms
 */
export async function finishRun(memory: WorldMemory, port: WorldPort, keep: (memory: WorldMemory) => Promise<void>, wait: (ms: number) => Promise<void>): Promise<WorldMemory> {
  let current = memory;
  while (isRunning(current)) {
    if (current.run?.phase === 'poll') {
      const pause = current.run.nextAt - port.now();
      if (pause > 0) await wait(Math.min(pause, GIVE_UP));
    }
    current = await step(current, port);
    await keep(current);
  }
  return current;
}

/* ---- decoder ---- */

function isVote(value: unknown): value is Vote {
  return isObject(value) && typeof value['country'] === 'string' && /^[a-z]{2}$/.test(value['country'])
    && ['ok', 'failed', 'ignored', 'pending'].includes(value['kind'] as string)
    && [null, 'dns', 'certificate', 'http', 'connection'].includes(value['part'] as string | null);
}

/**
 * Reads a kept memory, trusting nothing. A run that was in the middle of being created is not taken up again (its request may have been paid
 * for), nor is one that is done: only one with an id is. Why the last one failed is kept, to be shown.
 * @returns the memory; an empty one where it is damaged.
 */
export function decodeWorldMemory(value: unknown): WorldMemory {
  if (!isObject(value)) return NO_RUN;
  const lastRunAt = finite(value['lastRunAt']);
  const blockedUntil = finite(value['blockedUntil']);
  const raw = value['run'];
  const because = isObject(raw) && raw['phase'] === 'failed' ? RUN_FAILURES.find((one) => one === raw['because']) : undefined;
  const failedAt = isObject(raw) ? finite(raw['at']) : null;
  if (because !== undefined && failedAt !== null) return { run: { phase: 'failed', at: failedAt, because }, lastRunAt, blockedUntil };
  if (!isObject(raw) || raw['phase'] !== 'poll') return { run: null, lastRunAt, blockedUntil };
  const { id, host, country, etag, votes } = raw;
  const createdAt = finite(raw['createdAt']);
  const nextAt = finite(raw['nextAt']);
  const sound = typeof id === 'string' && /^[A-Za-z0-9_-]{1,64}$/.test(id) && typeof host === 'string' && typeof country === 'string' && createdAt !== null && nextAt !== null
    && Array.isArray(votes) && votes.length <= MAX_RESULTS && votes.every(isVote);
  if (!sound) return { run: null, lastRunAt, blockedUntil };
  return { run: { phase: 'poll', id, host, country: plainText(country, 2), createdAt, nextAt, etag: typeof etag === 'string' ? etag : null, votes }, lastRunAt, blockedUntil };
}
