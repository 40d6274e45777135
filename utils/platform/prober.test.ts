import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Target } from '../core/target.ts';

type Details = Record<string, unknown> & { requestId: string; url: string };
type Listener = (details: Details) => void;
const listeners: Record<string, Listener[]> = {};
const event = (name: string) => ({ addListener: (listener: Listener) => (listeners[name] ??= []).push(listener) });
let permitted = true;
let observing = true;

vi.mock('./browser.ts', () => ({
  default: {
    permissions: { contains: () => Promise.resolve(permitted) },
    webRequest: Object.fromEntries(['onBeforeRequest', 'onBeforeRedirect', 'onResponseStarted', 'onCompleted', 'onErrorOccurred'].map((name) => [name, event(name)])),
  },
}));
vi.mock('./engine.ts', () => ({ canObserveRequests: () => observing }));
const { createProber, readBody, registerProber, respelled } = await import('./prober.ts');
registerProber();

function fire(name: string, details: Details): void {
  for (const listener of listeners[name] ?? []) listener(details);
}

const target: Target = {
  id: 'catalog',
  role: 'catalog',
  host: 'store.example',
  method: 'GET',
  maxBytes: 100,
  usualMs: 100,
  url: ({ nonce }) => `https://store.example/?_=${nonce}`,
  judge: ({ status, text }) => (status === 200 && text === 'fine' ? { kind: 'ok' } : { kind: 'failed', failure: 'content.unexpected', phase: 'content' }),
};
const URL_1 = 'https://store.example/?_=1';
const context = { country: 'jp', nonce: '1' };

/** A fetch that fails as engines do: the reason comes by webRequest, a moment after. */
function failingFetch(error: string, lag: number, before: () => void = () => undefined): typeof fetch {
  return () => {
    fire('onBeforeRequest', { requestId: 'r1', url: URL_1 });
    before();
    setTimeout(() => fire('onErrorOccurred', { requestId: 'r1', url: URL_1, error }), lag);
    return Promise.reject(new TypeError('Failed to fetch'));
  };
}

const hangingFetch: typeof fetch = (_input, init) =>
  new Promise((_resolve, reject) => {
    fire('onBeforeRequest', { requestId: 'r1', url: URL_1 });
    init?.signal?.addEventListener('abort', () => {
      reject(new DOMException('aborted', 'AbortError'));
      fire('onErrorOccurred', { requestId: 'r1', url: URL_1, error: 'net::ERR_ABORTED' });
    });
  });

beforeEach(() => {
  permitted = true;
  observing = true;
  vi.useFakeTimers();
  vi.stubGlobal('navigator', { onLine: true });
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

async function probe(impl: typeof fetch, options: Parameters<typeof createProber>[0] = {}) {
  vi.stubGlobal('fetch', impl);
  const observation = createProber(options)(target, context);
  await vi.runAllTimersAsync();
  return observation;
}

test('a healthy answer is judged by the target', async () => {
  const observation = await probe(() => Promise.resolve(new Response('fine', { headers: { server: 'daiquiri/5' } })));
  expect(observation).toMatchObject({ target: 'catalog', role: 'catalog', result: { kind: 'ok' }, answer: { status: 200, by: 'origin' } });
});

test('the reason of a failure comes a moment after it', async () => {
  const observation = await probe(failingFetch('net::ERR_CONNECTION_REFUSED', 120));
  expect(observation.result).toEqual({ kind: 'failed', failure: 'tcp.refused', phase: 'tcp' });
  expect(observation.answer).toBeNull();
});

test('a reason that never comes is not waited for without end', async () => {
  const observation = await probe(failingFetch('net::ERR_CONNECTION_REFUSED', 10_000));
  expect(observation.result).toEqual({ kind: 'failed', failure: 'unknown', phase: 'unknown', raw: 'Failed to fetch' });
});

test('another request of the same address does not speak for this one', async () => {
  const observation = await probe(failingFetch('net::ERR_CONNECTION_REFUSED', 50, () => fire('onErrorOccurred', { requestId: 'other', url: URL_1, error: 'net::ERR_NAME_NOT_RESOLVED' })));
  expect(observation.result).toMatchObject({ failure: 'tcp.refused' });
});

test("one's own timer: too slow, the place unknown", async () => {
  const observation = await probe(hangingFetch, { timeoutMs: 3_000 });
  expect(observation.result).toEqual({ kind: 'failed', failure: 'timed_out', phase: 'unknown' });
  expect(observation.ms).toBe(3_000);
});

/** What Resource Timing keeps, in ms since the start of the request; the rest stands at the start, as Firefox leaves it. */
function timing(part: Partial<Record<'connectStart' | 'connectEnd' | 'secureConnectionStart' | 'requestStart', number>>, start = 1_000) {
  const entry = { name: URL_1, fetchStart: start, responseStart: start, ...Object.fromEntries(['domainLookupStart', 'domainLookupEnd', 'connectStart', 'connectEnd', 'secureConnectionStart', 'requestStart'].map((key) => [key, start])) };
  return { ...entry, ...Object.fromEntries(Object.entries(part).map(([key, value]) => [key, start + value])), startTime: Number.MAX_SAFE_INTEGER, transferSize: 0, nextHopProtocol: '' };
}

test.each<[string, object, string]>([
  ['no entry of use (Chromium)', { ...timing({}, 0) }, 'unknown: timed_out'],
  ['no connection', timing({}), 'unknown: timed_out.unconnected'],
  ['a connection was begun', timing({ connectStart: 7, connectEnd: 7, secureConnectionStart: 7 }), 'unknown: timed_out.unconnected'],
  ['TLS was begun', timing({ connectStart: 7, connectEnd: 9, secureConnectionStart: 9 }), 'tls: tls.timed_out'],
  ['TLS was begun within a millisecond', timing({ connectStart: 7, connectEnd: 7, secureConnectionStart: 8 }), 'tls: tls.timed_out'],
  ['the request was sent', timing({ connectStart: 7, secureConnectionStart: 8, connectEnd: 19, requestStart: 19 }), 'http: http.timed_out'],
  ['the request was sent on a connection of old', timing({ requestStart: 2 }), 'unknown: timed_out'],
])("one's own timer, where Resource Timing tells more: %s", async (_name, entry, expected) => {
  vi.spyOn(performance, 'getEntriesByName').mockReturnValue([entry as PerformanceEntry]);
  const { result } = await probe(hangingFetch);
  expect(result.kind === 'failed' && `${result.phase}: ${result.failure}`).toBe(expected);
});

test("Firefox's word for everything, while the connection was being made", async () => {
  vi.spyOn(performance, 'getEntriesByName').mockReturnValue([timing({ connectStart: 3, connectEnd: 4 }) as unknown as PerformanceEntry]);
  expect((await probe(failingFetch('NS_ERROR_FAILURE', 5))).result).toEqual({ kind: 'failed', failure: 'tcp.failed', phase: 'tcp', raw: 'NS_ERROR_FAILURE' });
});

test.each([
  ['the connection was refused', 'NS_ERROR_CONNECTION_REFUSED', 'tcp.refused'],
  ['the name is really unknown', 'NS_ERROR_UNKNOWN_HOST', 'dns.name_not_resolved'],
])("Firefox's first word after a connection that used to work is not believed: %s", async (_name, second, expected) => {
  const words = ['NS_ERROR_UNKNOWN_HOST', second];
  let asked = 0;
  const observation = await probe((...all) => failingFetch(words[asked++]!, 5)(...all));
  expect(observation.result).toMatchObject({ failure: expected });
  expect(asked).toBe(2);
});

test("Chromium's word on a name is believed at once", async () => {
  const asked = vi.fn(failingFetch('net::ERR_NAME_NOT_RESOLVED', 5));
  expect((await probe(asked)).result).toMatchObject({ failure: 'dns.name_not_resolved' });
  expect(asked).toHaveBeenCalledTimes(1);
});

test('the second time counts on the same timer: silence is told as such', async () => {
  let asked = 0;
  const observation = await probe((...all) => (asked++ === 0 ? failingFetch('NS_ERROR_UNKNOWN_HOST', 5) : hangingFetch)(...all), { timeoutMs: 3_000 });
  expect(observation.result).toEqual({ kind: 'failed', failure: 'timed_out', phase: 'unknown' });
});

test('a machine that slept in the middle: not observed', async () => {
  vi.stubGlobal('fetch', hangingFetch);
  const pending = createProber()(target, context);
  await vi.advanceTimersByTimeAsync(2_000);
  vi.setSystemTime(Date.now() + 3_600_000);
  await vi.runAllTimersAsync();
  expect((await pending).result).toEqual({ kind: 'discarded', because: 'suspended' });
});

test('a network that changed: not observed', async () => {
  expect((await probe(failingFetch('net::ERR_NETWORK_CHANGED', 1))).result).toEqual({ kind: 'discarded', because: 'network-changed' });
});

test('a host that may not be asked is not asked', async () => {
  permitted = false;
  const asked = vi.fn<typeof fetch>();
  expect((await probe(asked)).result).toEqual({ kind: 'discarded', because: 'no-permission' });
  expect(asked).not.toHaveBeenCalled();
});

test("led to somebody else's page, which may not be read", async () => {
  const observation = await probe(failingFetch('net::ERR_FAILED', 60_000, () => fire('onBeforeRedirect', { requestId: 'r1', url: URL_1, redirectUrl: 'http://login.hotel.example/' })));
  expect(observation.result).toEqual({ kind: 'failed', failure: 'redirect.foreign', phase: 'http' });
});

test('a machine that knows it has no network', async () => {
  vi.stubGlobal('navigator', { onLine: false });
  expect((await probe(failingFetch('NS_ERROR_UNKNOWN_HOST', 1))).result).toEqual({ kind: 'failed', failure: 'local.offline', phase: 'local' });
});

test('without webRequest (Safari) a failure is unknown, and does not wait', async () => {
  observing = false;
  const observation = await probe(() => Promise.reject(new TypeError('Load failed')));
  expect(observation.result).toEqual({ kind: 'failed', failure: 'unknown', phase: 'unknown', raw: 'Load failed' });
});

test.each([
  ['https://store.example/lookup?id=1&_=n', 0, 'https://store.example/lookup?id=1&_=n'],
  ['https://store.example/lookup?id=1&_=n', 1, 'https://store.example/looku%70?id=1&_=n'],
  ['https://store.example/lookup?id=1&_=n', 2, 'https://store.example/look%75p?id=1&_=n'],
  ['https://store.example/lookup?id=1&_=n', 3, 'https://store.example/look%75%70?id=1&_=n'],
  ['https://store.example/60x60bb.jpg', 4, 'https://store.example/60x60bb.%6Apg'],
  ['https://store.example/%E9%ab%8a/b', 1, 'https://store.example/%E9%ab%8a/%62'],
  ['https://store.example/%E9%ab%8a/b', 2, 'https://store.example/%E9%ab%8a/b'],
])('%s in spelling %i', (url, turn, expected) => {
  expect(respelled(url, turn)).toBe(expected);
  expect(decodeURI(expected)).toBe(decodeURI(url));
});

/** A browser that holds some addresses back (they are known without their query) and a server that gives the others this answer. */
async function probeHeldBack(held: readonly string[], answer: () => Response, times = 1) {
  const sent: string[] = [];
  const tried: string[] = [];
  vi.stubGlobal('fetch', ((input: string) => {
    const address = input.split('?')[0]!;
    tried.push(address);
    if (held.includes(address)) return Promise.reject(new TypeError('Failed to fetch'));
    sent.push(address);
    fire('onBeforeRequest', { requestId: `r${tried.length}`, url: input });
    return Promise.resolve(answer());
  }) as typeof fetch);
  const asked: Target = {
    ...target,
    url: ({ nonce }) => `https://store.example/lookup?_=${nonce}`,
    judge: ({ status }) => (status === 200 ? { kind: 'ok' } : { kind: 'failed', failure: `http.${status}`, phase: 'http' }),
  };
  const prober = createProber();
  const results: unknown[] = [];
  for (let time = 0; time < times; time++) {
    const pending = prober(asked, context);
    await vi.runAllTimersAsync();
    results.push((await pending).result);
  }
  return { sent, tried, results };
}
const PLAIN = 'https://store.example/lookup';
const OTHER = 'https://store.example/looku%70';
const THIRD = 'https://store.example/look%75p';

test('an address that is not held back is asked as it is, and once', async () => {
  expect(await probeHeldBack([], () => new Response('down', { status: 503 }))).toMatchObject({ tried: [PLAIN], results: [{ failure: 'http.503' }] });
});

test('held back by the browser for errors of before: asked in another spelling, and what it says counts', async () => {
  expect(await probeHeldBack([PLAIN], () => new Response('fine'))).toMatchObject({ sent: [OTHER], results: [{ kind: 'ok' }] });
  expect(await probeHeldBack([PLAIN], () => new Response('down', { status: 503 }))).toMatchObject({ sent: [OTHER], results: [{ kind: 'failed', failure: 'http.503' }] });
});

test.each([400, 403, 404])('a server that answers another spelling with %i has said nothing', async (status) => {
  expect(await probeHeldBack([PLAIN], () => new Response('', { status }))).toMatchObject({ sent: [OTHER], results: [{ kind: 'discarded', because: 'throttled' }] });
});

test('a spelling that is held back as well gives way to the next, which is remembered', async () => {
  const { sent, tried } = await probeHeldBack([PLAIN, OTHER], () => new Response('down', { status: 503 }), 2);
  expect(sent).toEqual([THIRD, THIRD]);
  expect(tried).toEqual([PLAIN, OTHER, THIRD, PLAIN, THIRD]);
});

test('a browser that lets nothing through is not pressed', async () => {
  const { tried, results } = await probeHeldBack([PLAIN, OTHER, THIRD], () => new Response('fine'));
  expect([tried.length, results]).toEqual([3, [{ kind: 'discarded', because: 'throttled' }]]);
});

test('bytes that are no HTTP', async () => {
  const bare = { status: 200, headers: new Headers(), url: URL_1, body: null } as unknown as Response;
  expect((await probe(() => Promise.resolve(bare))).result).toEqual({ kind: 'failed', failure: 'http.response.invalid', phase: 'http' });
});

test('a body that breaks off keeps the head of the answer', async () => {
  const observation = await probe(() => {
    const body = new ReadableStream({
      pull(controller) {
        fire('onBeforeRequest', { requestId: 'r1', url: URL_1 });
        fire('onErrorOccurred', { requestId: 'r1', url: URL_1, error: 'net::ERR_CONNECTION_RESET' });
        controller.error(new TypeError('network error'));
      },
    });
    return Promise.resolve(new Response(body, { status: 200, headers: { server: 'daiquiri/5' } }));
  });
  expect(observation).toMatchObject({ result: { kind: 'failed', failure: 'http.response.truncated', phase: 'http' }, answer: { status: 200, by: 'origin' } });
});

function stream(...pieces: (string | Uint8Array)[]): { response: Response; taken: () => number } {
  let taken = 0;
  const body = new ReadableStream<Uint8Array>(
    {
      pull(controller) {
        const piece = pieces[taken++];
        if (piece === undefined) controller.close();
        else controller.enqueue(typeof piece === 'string' ? new TextEncoder().encode(piece) : piece);
      },
    },
    { highWaterMark: 0 },
  );
  return { response: new Response(body), taken: () => taken };
}

test('a body is read to its end, characters put together again', async () => {
  const bytes = new TextEncoder().encode('つながる');
  expect(await readBody(stream(bytes.slice(0, 4), bytes.slice(4)).response, { maxBytes: 100 })).toEqual({ text: 'つながる', bytes: 12, cut: false });
});

test('a body without end costs no more than its limit', async () => {
  const { response, taken } = stream(...Array.from({ length: 1_000 }, () => 'x'.repeat(40)));
  expect(await readBody(response, { maxBytes: 100 })).toEqual({ text: 'x'.repeat(100), bytes: 100, cut: true });
  expect(taken()).toBe(3);
});

test('reading stops as soon as the target has seen enough', async () => {
  const { response, taken } = stream('<html>', '<script src="/assets/index', 'never read');
  expect(await readBody(response, { maxBytes: 1_000, enough: (text) => text.includes('/assets/index') })).toMatchObject({ cut: true });
  expect(taken()).toBe(2);
});

test('what is not UTF-8 is replaced, not refused', async () => {
  expect((await readBody(stream(new Uint8Array([0xff, 0xfe, 0x41])).response, { maxBytes: 100 })).text).toBe('\ufffd\ufffdA');
});

test('no body', async () => {
  expect(await readBody({ body: null }, { maxBytes: 100 })).toEqual({ text: '', bytes: 0, cut: false });
});
