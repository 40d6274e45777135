import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';

type Details = Record<string, unknown>;
interface Registered {
  listener: (details: Details) => void;
  filter: { urls: string[]; types: string[] };
}
const registered: Record<string, Registered[]> = {};
const event = (name: string) => ({ addListener: (listener: Registered['listener'], filter: Registered['filter']) => (registered[name] ??= []).push({ listener, filter }) });
vi.mock('./browser.ts', () => ({ default: { webRequest: { onBeforeRequest: event('before'), onHeadersReceived: event('headers'), onErrorOccurred: event('error'), onCompleted: event('completed') } } }));
const { registerPageFailures, SILENT_MS, takePageFailures } = await import('./page-failures.ts');

const onFailure = vi.fn();
const onTrouble = vi.fn();
registerPageFailures(onFailure, onTrouble);
beforeEach(() => {
  onFailure.mockClear();
  onTrouble.mockClear();
  takePageFailures();
});

/** As the browser does: only the listeners whose filter fits. */
function fire(name: string, details: Details & { url: string; type: string }): void {
  const origin = `${new URL(details.url).origin}/*`;
  for (const { listener, filter } of registered[name] ?? []) if (filter.types.includes(details.type) && filter.urls.includes(origin)) listener(details);
}

const main = { tabId: 3, requestId: '1', url: 'https://music.apple.com/jp/album/1', type: 'main_frame' };
const sub = { tabId: 3, requestId: '2', url: 'https://amp-api.music.apple.com/v1/me', type: 'xmlhttprequest' };

test('a page that does not load is told at once', () => {
  fire('error', { ...main, error: 'net::ERR_CONNECTION_TIMED_OUT' });
  expect(onFailure).toHaveBeenCalledExactlyOnceWith({ tabId: 3, url: main.url, failure: 'tcp.timed_out' });
  expect(takePageFailures()).toEqual({ byHost: { 'music.apple.com': { role: 'storefront', failed: 1, answered: 0, kinds: { 'tcp.timed_out': 1 } } } });
});

test('so is one that the server could not make', () => {
  fire('completed', { ...main, statusCode: 503 });
  expect(onFailure).toHaveBeenCalledExactlyOnceWith({ tabId: 3, url: main.url, failure: 'http.503' });
});

test.each(['net::ERR_ABORTED', 'NS_BINDING_ABORTED', 'net::ERR_BLOCKED_BY_CLIENT', 'net::ERR_NETWORK_CHANGED'])('%s is not the store', (error) => {
  fire('error', { ...main, error });
  expect(onFailure).not.toHaveBeenCalled();
  expect(takePageFailures()).toBeNull();
});

test('a page that is there, or is not found, is no failure', () => {
  fire('completed', { ...main, statusCode: 200 });
  fire('completed', { ...main, statusCode: 404 });
  expect(onFailure).not.toHaveBeenCalled();
});

test("requests of the store's pages are counted by host and kind, in both engines; others are not", () => {
  fire('error', { ...sub, initiator: 'https://music.apple.com', error: 'net::ERR_CONNECTION_RESET' });
  fire('completed', { ...sub, documentUrl: 'https://music.apple.com/jp/new', statusCode: 401 });
  fire('completed', { ...sub, url: 'https://buy.music.apple.com/account', initiator: 'https://music.apple.com', statusCode: 500 });
  fire('error', { ...sub, initiator: 'https://elsewhere.example', error: 'net::ERR_CONNECTION_RESET' });
  fire('error', { ...sub, tabId: -1, initiator: 'https://music.apple.com', error: 'net::ERR_CONNECTION_RESET' });
  expect(takePageFailures()).toEqual({
    byHost: {
      'amp-api.music.apple.com': { role: 'catalog', failed: 1, answered: 1, kinds: { 'tcp.reset': 1 } },
      'buy.music.apple.com': { role: 'purchase', failed: 1, answered: 0, kinds: { 'http.500': 1 } },
    },
  });
  expect(takePageFailures()).toBeNull();
});

test('images that load do not wake anybody', () => {
  const wakes = (registered['completed'] ?? []).filter(({ filter }) => filter.types.includes('image'));
  expect(wakes).toEqual([]);
});

test.each<[string, { error?: string; statusCode?: number }[], calls: number]>([
  ['one failure is an accident', [{ error: 'net::ERR_CONNECTION_RESET' }], 0],
  ['two are not', [{ error: 'net::ERR_CONNECTION_RESET' }, { error: 'NS_ERROR_NET_TIMEOUT' }], 1],
  ['nor are two that the server could not answer', [{ statusCode: 503 }, { statusCode: 500 }], 1],
  ['as many answers as failures are no trouble', [{ statusCode: 200 }, { statusCode: 200 }, { statusCode: 503 }, { statusCode: 503 }], 0],
  ['what a page or its worker does to itself says nothing', [{ error: 'net::ERR_FAILED' }, { error: 'net::ERR_FAILED' }, { error: 'net::ERR_BLOCKED_BY_CLIENT' }, { error: 'net::ERR_ABORTED' }], 0],
])('requests of an open page: %s', (_, events, calls) => {
  for (const each of events) fire(each.error === undefined ? 'completed' : 'error', { ...sub, url: 'https://aod-ssl.itunes.apple.com/song', initiator: 'https://music.apple.com', ...each });
  expect(onTrouble).toHaveBeenCalledTimes(calls);
});

describe('a page whose server stays silent', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());
  const silent = { tabId: 3, url: main.url, failure: 'timed_out' };

  test('is told before the browser itself gives up, once', () => {
    fire('before', main);
    vi.advanceTimersByTime(SILENT_MS - 1);
    expect(onFailure).not.toHaveBeenCalled();
    vi.advanceTimersByTime(60_000);
    expect(onFailure).toHaveBeenCalledExactlyOnceWith(silent);
    expect(takePageFailures()).toBeNull();
  });

  test.each<[string, name: string, Details]>([
    ['answers', 'headers', { statusCode: 200 }],
    ['leads to somebody else’s page', 'headers', { statusCode: 302 }],
    ['is given up by the user', 'error', { error: 'net::ERR_ABORTED' }],
    ['has come', 'completed', { statusCode: 200 }],
    ['starts anew at another address', 'before', { tabId: -1 }],
  ])('not one that %s', (_, name, more) => {
    fire('before', main);
    vi.advanceTimersByTime(SILENT_MS - 1);
    fire(name, { ...main, ...more });
    vi.advanceTimersByTime(SILENT_MS - 1);
    expect(onFailure).not.toHaveBeenCalled();
  });

  test('nor one that is only fetched ahead', () => {
    fire('before', { ...main, documentLifecycle: 'prerender' });
    vi.advanceTimersByTime(60_000);
    fire('error', { ...main, documentLifecycle: 'prerender', error: 'net::ERR_CONNECTION_RESET' });
    expect(onFailure).not.toHaveBeenCalled();
  });
});
