import { beforeEach, expect, test, vi } from 'vitest';

type Details = Record<string, unknown>;
interface Registered {
  listener: (details: Details) => void;
  filter: { urls: string[]; types: string[] };
}
const registered: Record<string, Registered[]> = {};
const event = (name: string) => ({ addListener: (listener: Registered['listener'], filter: Registered['filter']) => (registered[name] ??= []).push({ listener, filter }) });
vi.mock('./browser.ts', () => ({ default: { webRequest: { onErrorOccurred: event('error'), onCompleted: event('completed') } } }));
const { registerPageFailures, takePageFailures } = await import('./page-failures.ts');

const onFailure = vi.fn();
registerPageFailures(onFailure);
beforeEach(() => {
  onFailure.mockClear();
  takePageFailures();
});

/** As the browser does: only the listeners whose filter fits. */
function fire(name: string, details: Details & { url: string; type: string }): void {
  const origin = `${new URL(details.url).origin}/*`;
  for (const { listener, filter } of registered[name] ?? []) if (filter.types.includes(details.type) && filter.urls.includes(origin)) listener(details);
}

const main = { tabId: 3, url: 'https://music.apple.com/jp/album/1', type: 'main_frame' };
const sub = { tabId: 3, url: 'https://amp-api.music.apple.com/v1/me', type: 'xmlhttprequest' };

test('a page that does not load is told at once', () => {
  fire('error', { ...main, error: 'net::ERR_CONNECTION_TIMED_OUT' });
  expect(onFailure).toHaveBeenCalledExactlyOnceWith({ tabId: 3, url: main.url, failure: 'tcp.timed_out' });
  expect(takePageFailures()).toEqual({ byRole: { storefront: { failed: 1, answered: 0 } } });
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

test("requests of the store's pages are counted by part, in both engines; others are not", () => {
  fire('error', { ...sub, initiator: 'https://music.apple.com', error: 'net::ERR_CONNECTION_RESET' });
  fire('completed', { ...sub, documentUrl: 'https://music.apple.com/jp/new', statusCode: 401 });
  fire('completed', { ...sub, url: 'https://buy.music.apple.com/account', initiator: 'https://music.apple.com', statusCode: 500 });
  fire('error', { ...sub, initiator: 'https://elsewhere.example', error: 'net::ERR_CONNECTION_RESET' });
  fire('error', { ...sub, tabId: -1, initiator: 'https://music.apple.com', error: 'net::ERR_CONNECTION_RESET' });
  expect(takePageFailures()).toEqual({ byRole: { catalog: { failed: 1, answered: 1 }, purchase: { failed: 1, answered: 0 } } });
  expect(takePageFailures()).toBeNull();
});

test('images that load do not wake anybody', () => {
  const wakes = (registered['completed'] ?? []).filter(({ filter }) => filter.types.includes('image'));
  expect(wakes).toEqual([]);
});
