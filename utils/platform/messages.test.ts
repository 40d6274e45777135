import { beforeEach, expect, test, vi } from 'vitest';
import { success } from '../core/result.ts';

const ROOT = 'chrome-extension://me/';
type Listener = (message: unknown, sender: object) => Promise<unknown> | undefined;
let listener: Listener = () => undefined;
const sendMessage = vi.fn<(message: unknown) => Promise<unknown>>();
vi.mock('./browser.ts', () => ({ default: { runtime: { id: 'me', getURL: (path: string) => ROOT + path, sendMessage: (message: unknown) => sendMessage(message), onMessage: { addListener: (given: Listener) => (listener = given) } } } }));
const { createRateLimit, identify, receiveCommands } = await import('./messages.ts');
const { sendCommand } = await import('./send.ts');

const own = { id: 'me', root: ROOT };
const popup = { id: 'me', url: `${ROOT}popup.html` };
const page = { id: 'me', url: 'https://music.apple.com/jp/new', frameId: 0, tab: { id: 7 } };

test.each<[string, object, unknown]>([
  ['the popup', popup, { kind: 'view' }],
  ['a page of ours in a tab', { ...popup, frameId: 0, tab: { id: 3 } }, { kind: 'view' }],
  ['the content script', page, { kind: 'page', tabId: 7 }],
  ['a frame within the store', { ...page, frameId: 4 }, null],
  ['the store without TLS', { ...page, url: 'http://music.apple.com/' }, null],
  ['the embedded player', { ...page, url: 'https://embed.music.apple.com/jp' }, null],
  ['a page that only looks like it', { ...page, url: 'https://music.apple.com.evil.example/' }, null],
  ['another extension', { ...popup, id: 'you' }, null],
  ['a page whose address begins like ours', { id: 'me', url: 'chrome-extension://menace/popup.html' }, null],
  ['nobody', {}, null],
])('%s', (_name, sender, expected) => {
  expect(identify(sender, own)).toEqual(expected);
});

test('a tab may send a burst and then one a second; other tabs are not its concern', () => {
  let now = 0;
  const allowed = createRateLimit(() => now);
  expect(Array.from({ length: 12 }, () => allowed(1))).toEqual([...Array.from({ length: 10 }, () => true), false, false]);
  expect(allowed(2)).toBe(true);
  now = 1_000;
  expect([allowed(1), allowed(1)]).toEqual([true, false]);
});

const handlers = { 'check': vi.fn(() => Promise.resolve(success(null))), 'page-arrived': vi.fn(() => Promise.resolve(success(null))), 'delete-data': vi.fn(() => Promise.reject(new Error('disk'))) };
let ready = Promise.resolve();
beforeEach(() => {
  vi.clearAllMocks();
  ready = Promise.resolve();
  receiveCommands(handlers as unknown as Parameters<typeof receiveCommands>[0], () => ready);
});

test('the command that wakes the background waits until the settings are read', async () => {
  let resolve = (): void => undefined;
  ready = new Promise<void>((settle) => { resolve = settle; });
  const answer = listener({ command: 'check', ask: {} }, popup);
  await new Promise((turn) => setTimeout(turn));
  expect(handlers.check).not.toHaveBeenCalled();
  resolve();
  expect(await answer).toEqual({ ok: true, value: null });
});

test('views may send everything, pages only what is theirs', async () => {
  expect(await listener({ command: 'check', ask: {} }, popup)).toEqual({ ok: true, value: null });
  expect(await listener({ command: 'page-arrived', ask: { url: page.url } }, page)).toEqual({ ok: true, value: null });
  expect(handlers['page-arrived']).toHaveBeenCalledWith({ url: page.url }, { kind: 'page', tabId: 7 });
  handlers.check.mockClear();
  expect(await listener({ command: 'check', ask: {} }, page)).toMatchObject({ ok: false, error: { at: 'check' } });
  expect(handlers.check).not.toHaveBeenCalled();
});

test('every command is answered, also one that is wrong or fails', async () => {
  expect(await listener({ command: 'page-arrived', ask: {} }, page)).toMatchObject({ ok: false, error: { at: 'page-arrived.url' } });
  expect(await listener({ command: 'delete-data', ask: {} }, popup)).toEqual({ ok: false, error: { at: 'delete-data', reason: 'disk' } });
  expect(await listener({ command: 'check', ask: {} }, { ...page, url: 'https://evil.example/' })).toMatchObject({ ok: false, error: { at: 'sender' } });
  expect(listener({ type: 'not ours' }, popup)).toBeUndefined();
});

test.each<[string, () => Promise<unknown>, object]>([
  ['an answer', () => Promise.resolve({ ok: true, value: null }), { ok: true, value: null }],
  ['no answer', () => Promise.resolve(undefined), { ok: false, error: { at: 'check', reason: 'no answer' } }],
  ['no background', () => Promise.reject(new Error('no receiving end')), { ok: false, error: { at: 'check', reason: 'no receiving end' } }],
])('sending, with %s', async (_name, impl, expected) => {
  sendMessage.mockImplementation(impl);
  expect(await sendCommand('check', {})).toEqual(expected);
  expect(sendMessage).toHaveBeenCalledWith({ command: 'check', ask: {} });
});
