import { readAnswer } from '../core/answer.ts';
import type { Observation, PhaseTimes, Result } from '../core/observation.ts';
import type { Target } from '../core/target.ts';
import { TARGETS, isHome, originPattern } from '../core/targets.ts';
import type { Probe } from '../app/ports.ts';
import browser from './browser.ts';
import { canObserveRequests } from './engine.ts';
import { readNetworkError, scrub, timedOut } from './network-errors.ts';

/** What `webRequest` tells of one request of ours, while it is under way. */
interface Trace {
  id: string | null;
  address: string | null;
  /** Where a redirect led, the last one. */
  redirect: string | null;
  error: string | null;
  /** Resolves when the browser says that the request is over. */
  over: Promise<void>;
  end(): void;
}

/** Requests that `fetch` has begun and `webRequest` has not named yet, by address; and those it has named, by its id. */
const unnamed = new Map<string, Trace[]>();
const named = new Map<string, Trace>();

/** How long the browser's word on a failed request may lag behind the failure itself, ms. Measured: under 20 ms in both engines. */
const WORD_MS = 500;
/** How long the entry of Resource Timing may lag behind the end of the body, ms. */
const TIMING_MS = 60;
/** The wall clock and the monotonic one part by so much only when the machine sleeps or the clock is set, ms. */
const CLOCKS_PART_MS = 5_000;
/**
 * A request that fails sooner than this and that no listener ever saw was not sent: after 500, 503 and 509 (not after 502 and 504) Chromium holds an
 * extension's requests to the same address back. Measured: such a fetch fails in 1–2 ms.
 */
const NEVER_SENT_MS = 50;
/**
 * How many other spellings of an address are tried in one check. The one in use may be held back as well by now; the next has never been asked.
 */
const SPELLINGS_TRIED = 2;

/**
 * Another spelling of the same address. Chromium (156, measured; the rule is that of its `ExtensionThrottleManager`) lets two errors in a row pass,
 * then waits 0.7 s × 1.4 for each further one, up to 15 minutes, for as long as the background lives: after 24 checks that were answered with 503
 * the end of an outage could be seen a quarter of an hour late (measured: of six checks after it none saw it; `npm run bench:recovery`). It goes by
 * scheme, host, port and path in lower case; neither another query, nor HEAD, nor another cache mode is a way round, another spelling of the path
 * is. A letter and its percent-encoding are the same address (RFC 3986, 6.2.2.2). Asking remains as rare as the schedule has it; what Chromium's
 * rule is against does not happen.
 * @param turn which spelling: each bit says whether a letter of the path, the last one first, is encoded; 0 = as it is
 */
export function respelled(url: string, turn: number): string {
  const parsed = new URL(url);
  let bits = turn;
  const letters = [...parsed.pathname].reverse().map((letter, index, all) => {
    // What already is an encoding stays one.
    if (!/[a-z]/.test(letter) || all[index + 1] === '%' || all[index + 2] === '%') return letter;
    const encode = bits % 2 === 1;
    bits = Math.floor(bits / 2);
    return encode ? `%${letter.charCodeAt(0).toString(16).toUpperCase()}` : letter;
  });
  parsed.pathname = letters.reverse().join('');
  return parsed.href;
}

/**
 * What was seen at another spelling counts where it would be the same at any: no answer, the server's own trouble (5xx), or the healthy content. A
 * server that does not take the spelling for the same address answers otherwise (404, 400, 403), which says nothing.
 */
function holdsForAnySpelling({ result, answer }: Observation): boolean {
  return result.kind === 'ok' || (result.kind === 'failed' && (answer === null || answer.status >= 500));
}

/**
 * Registers the listeners that tell in which phase a request of ours failed. Call it synchronously when the background starts, as
 * every listener must be. Without `webRequest` (Safari) it does nothing, and the prober sees less.
 */
export function registerProber(): void {
  if (!canObserveRequests()) return;
  const { webRequest } = browser;
  const filter = { urls: TARGETS.map(originPattern), types: ['xmlhttprequest' as const], tabId: -1 };
  webRequest.onBeforeRequest.addListener((details) => {
    if (named.has(details.requestId)) return undefined; // the same request, redirected
    const trace = unnamed.get(details.url)?.shift();
    if (trace === undefined) return undefined;
    trace.id = details.requestId;
    named.set(details.requestId, trace);
    return undefined;
  }, filter);
  webRequest.onBeforeRedirect.addListener((details) => {
    const trace = named.get(details.requestId);
    if (trace) trace.redirect = details.redirectUrl;
  }, filter);
  webRequest.onResponseStarted.addListener((details) => {
    const trace = named.get(details.requestId);
    if (trace) trace.address = details.ip ?? trace.address;
  }, filter);
  webRequest.onCompleted.addListener((details) => {
    const trace = named.get(details.requestId);
    if (!trace) return;
    trace.address = details.ip ?? trace.address;
    trace.end();
  }, filter);
  webRequest.onErrorOccurred.addListener((details) => {
    const trace = named.get(details.requestId);
    if (!trace) return;
    trace.error = details.error;
    trace.end();
  }, filter);
}

function follow(url: string): Trace {
  const { promise, resolve } = Promise.withResolvers<void>();
  const trace: Trace = { id: null, address: null, redirect: null, error: null, over: promise, end: resolve };
  unnamed.set(url, [...(unnamed.get(url) ?? []), trace]);
  return trace;
}

function unfollow(url: string, trace: Trace): void {
  if (trace.id !== null) named.delete(trace.id);
  const rest = (unnamed.get(url) ?? []).filter((other) => other !== trace);
  if (rest.length > 0) unnamed.set(url, rest);
  else unnamed.delete(url);
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms);
  });
}

interface Body {
  text: string;
  bytes: number;
  cut: boolean;
}

/**
 * Reads a body piece by piece, to the end, to `maxBytes` or until the target has seen enough, and lets go of the rest.
 * What is not UTF-8 becomes replacement characters. Rejects when the connection breaks or the timer fires.
 */
export async function readBody(response: Pick<Response, 'body'>, target: Pick<Target, 'maxBytes' | 'enough'>): Promise<Body> {
  const reader = response.body?.getReader();
  if (reader === undefined) return { text: '', bytes: 0, cut: false };
  const decoder = new TextDecoder();
  let text = '';
  let bytes = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return { text: text + decoder.decode(), bytes, cut: false };
    const piece = value.subarray(0, target.maxBytes - bytes);
    bytes += piece.length;
    text += decoder.decode(piece, { stream: true });
    if (piece.length < value.length || target.enough?.(text)) {
      void reader.cancel().catch(() => undefined);
      return { text, bytes, cut: true };
    }
  }
}

async function timingOf(url: string, since: number): Promise<PerformanceResourceTiming | null> {
  const find = (): PerformanceResourceTiming | null =>
    (performance.getEntriesByName(url, 'resource') as PerformanceResourceTiming[]).findLast((entry) => entry.startTime >= since - 1) ?? null;
  const entry = find();
  if (entry !== null) return entry;
  await pause(TIMING_MS);
  return find();
}

function span(from: number, to: number): number {
  return from > 0 && to > from ? Math.round(to - from) : 0;
}

function phaseTimes(entry: PerformanceResourceTiming | null): PhaseTimes | null {
  if (entry === null || entry.responseStart === 0) return null;
  const secure = entry.secureConnectionStart > 0;
  return {
    dns: span(entry.domainLookupStart, entry.domainLookupEnd),
    tcp: span(entry.connectStart, secure ? entry.secureConnectionStart : entry.connectEnd),
    tls: secure ? span(entry.secureConnectionStart, entry.connectEnd) : 0,
    firstByte: span(entry.requestStart, entry.responseStart),
  };
}

/** What Resource Timing counts for the head of an answer, bytes. */
const HEAD_BYTES = 300;

function bytesOf(entry: PerformanceResourceTiming | null, body: Body | null): number {
  // A body that was let go of is not in the entry.
  const read = body === null ? 0 : body.bytes + HEAD_BYTES;
  return body === null || body.cut ? Math.max(entry?.transferSize ?? 0, read) : entry?.transferSize || read;
}

/**
 * Where a request stood when our own timer fired, as far as Resource Timing kept it. Measured: Firefox keeps the phases that were reached and
 * gives the others the time of the start; Chromium makes an entry of zeros. Firefox counts in whole milliseconds, so that on a network
 * with no delay at all a silent TLS server can look unconnected. A connection that was there before proves nothing: its far end may be gone.
 */
function placeOfTimeout(entry: PerformanceResourceTiming | null): Result {
  if (entry === null || entry.connectStart === 0) return { kind: 'failed', failure: 'timed_out', phase: 'unknown' };
  const connected = entry.connectEnd > entry.connectStart || entry.secureConnectionStart > entry.connectEnd;
  if (entry.requestStart > entry.fetchStart) {
    return connected ? { kind: 'failed', failure: 'http.timed_out', phase: 'http' } : { kind: 'failed', failure: 'timed_out', phase: 'unknown' };
  }
  if (!connected) return { kind: 'failed', failure: 'timed_out.unconnected', phase: 'unknown' };
  return entry.name.startsWith('https:')
    ? { kind: 'failed', failure: 'tls.timed_out', phase: 'tls' }
    : { kind: 'failed', failure: 'timed_out.connected', phase: 'unknown' };
}

/** Firefox has no better word than NS_ERROR_FAILURE for some connections that break while they are made; its timing shows that one was. */
function whileConnecting(result: Result, entry: PerformanceResourceTiming | null): Result {
  if (result.kind !== 'failed' || result.failure !== 'unknown' || entry === null) return result;
  const began = entry.connectStart > entry.fetchStart && entry.requestStart <= entry.fetchStart;
  return began ? { ...result, failure: 'tcp.failed', phase: 'tcp' } : result;
}

/** A machine without a network reports names and routes that fail; that it knows of no network is the better word. */
function unlessOffline(result: Result): Result {
  const local = result.kind === 'failed' && (result.phase === 'dns' || result.phase === 'tcp' || result.phase === 'unknown');
  return local && navigator.onLine === false ? { kind: 'failed', failure: 'local.offline', phase: 'local' } : result;
}

async function mayAsk(target: Target): Promise<boolean> {
  try {
    return await browser.permissions.contains({ origins: [originPattern(target)] });
  } catch {
    return true; // cannot be asked: the request itself will tell
  }
}

/**
 * Firefox's word for a name that cannot be resolved, and no proof of it. Measured (153): where a host was reached over IPv4 before and its
 * connections now fail (refused, unreachable, silent), Firefox tries the other family by itself, finds no address of it, and says this,
 * without having asked a resolver. Resource Timing looks the same in both cases. Asked again, it says what the connection really met.
 */
const DOUBTFUL_WORD = 'NS_ERROR_UNKNOWN_HOST';

export interface ProberOptions {
  /** A request that takes longer has failed, ms. */
  timeoutMs?: number;
}

/**
 * @returns a function that asks one target once (once more where the engine's word cannot be trusted, or where it did not ask at all) and says what it
 * saw: how far the request came, how it failed, how long each phase took, who answered. It never throws and, with the timeout left alone, is done
 * within ten seconds.
 */
export function createProber({ timeoutMs = 8_000 }: ProberOptions = {}): Probe {
  const observing = canObserveRequests();
  /** The spelling in use, by address without query. Kept in memory like Chromium's own account of errors, and gone with the background like it. */
  const spellings = new Map<string, number>();

  const once = async (target: Target, url: string, limitMs: number): Promise<{ observation: Observation; word: string | null }> => {
    const say = (observation: Observation, word: string | null = null): { observation: Observation; word: string | null } => ({ observation, word });
    const seen = (at: number, ms: number, result: Result, more: Partial<Observation> = {}): Observation => ({
      target: target.id,
      role: target.role,
      at,
      ms: Math.round(ms),
      result,
      times: null,
      answer: null,
      bytes: 0,
      ...more,
    });
    if (!(await mayAsk(target))) return say(seen(Date.now(), 0, { kind: 'discarded', because: 'no-permission' }));

    const trace = follow(url);
    const stop = new AbortController();
    let fired = false;
    const timer = setTimeout(() => {
      fired = true;
      stop.abort();
    }, limitMs);
    const at = Date.now();
    const began = performance.now();

    let response: Response | null = null;
    let body: Body | null = null;
    let complaint = '';
    try {
      response = await fetch(url, {
        method: target.method,
        headers: { ...target.headers },
        cache: 'no-store',
        credentials: 'omit',
        redirect: 'follow',
        referrerPolicy: 'no-referrer',
        signal: stop.signal,
      });
      body = await readBody(response, target);
    } catch (error) {
      complaint = error instanceof Error ? error.message : String(error);
    }
    clearTimeout(timer);
    const ms = performance.now() - began;
    const wall = Date.now() - at;

    // A failed request: its reason comes a moment later, by another way. After a redirect to a host we may not see, none comes.
    const ledAway = (): boolean => trace.redirect !== null && !isHome(target, trace.redirect);
    if (observing && body === null && !ledAway()) await Promise.race([trace.over, pause(WORD_MS)]);
    else if (observing && trace.address === null) await Promise.race([trace.over, pause(TIMING_MS)]);
    const entry = await timingOf(url, began);
    unfollow(url, trace);
    if (named.size === 0 && unnamed.size === 0) performance.clearResourceTimings();

    const headers = response === null ? {} : Object.fromEntries(response.headers.entries());
    const times = phaseTimes(entry);
    const answer =
      response === null
        ? null
        : readAnswer({ status: response.status, headers, text: body?.text ?? '', address: trace.address, protocol: entry?.nextHopProtocol || null });
    const bytes = bytesOf(entry, body);

    if (response !== null && body !== null) {
      const result = target.judge({ status: response.status, headers, url: response.url || url, ...body, now: at });
      // Chromium takes any bytes for an answer of HTTP/0.9: status 200 and not one header.
      const noHttp = result.kind === 'failed' && result.failure === 'content.unexpected' && Object.keys(headers).length === 0;
      return say(seen(at, ms, noHttp ? { kind: 'failed', failure: 'http.response.invalid', phase: 'http' } : result, { times, answer, bytes }));
    }
    const answered = response !== null;
    const result = ((): Result => {
      if (Math.abs(wall - ms) > CLOCKS_PART_MS || Math.max(wall, ms) > limitMs + CLOCKS_PART_MS) return { kind: 'discarded', because: 'suspended' };
      if (ledAway()) return { kind: 'failed', failure: 'redirect.foreign', phase: 'http' };
      if (observing && trace.id === null && !fired && ms < NEVER_SENT_MS) return { kind: 'discarded', because: 'throttled' };
      if (trace.error !== null) return readNetworkError(trace.error, { timedOut: fired, answered });
      if (fired) return timedOut({ answered });
      return { kind: 'failed', failure: 'unknown', phase: answered ? 'http' : 'unknown', raw: scrub(complaint) };
    })();
    const placed = result.kind === 'failed' && result.failure === 'timed_out' && fired ? placeOfTimeout(entry) : whileConnecting(result, entry);
    return say(seen(at, ms, unlessOffline(placed), { times, answer, bytes }), trace.error);
  };

  const ask = async (target: Target, url: string): Promise<Observation> => {
    const { observation, word } = await once(target, url, timeoutMs);
    const left = timeoutMs - observation.ms;
    return word === DOUBTFUL_WORD && left > 0 ? (await once(target, url, left)).observation : observation;
  };

  return async (target, context) => {
    const url = new URL(target.url(context)).href;
    const heldBack = (o: Observation): boolean => o.result.kind === 'discarded' && o.result.because === 'throttled';
    const plain = await ask(target, url);
    if (!heldBack(plain)) return plain;
    const address = url.split('?')[0]!;
    for (let tried = 0; tried < SPELLINGS_TRIED; tried++) {
      const turn = spellings.get(address) ?? 1;
      const other = await ask(target, respelled(url, turn));
      if (!heldBack(other)) return holdsForAnySpelling(other) ? other : { ...plain, bytes: other.bytes };
      spellings.set(address, turn + 1);
    }
    return plain;
  };
}
