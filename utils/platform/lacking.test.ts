import { afterEach, expect, test, vi } from 'vitest';
import { TARGETS } from '../core/targets.ts';

/**
 * What the adapters do in a browser that has less: Safari has no notifications and no `webRequest`, Firefox for Android no context menus, no windows
 * and no icon to paint. Nothing here may throw, since each is called while the background starts or a check runs.
 */
const event = () => ({ addListener: vi.fn(), removeListener: vi.fn() });
const store = () => ({ get: () => Promise.resolve({}), set: () => Promise.resolve(), remove: () => Promise.resolve() });
const fake = {
  storage: { local: store(), sync: store(), onChanged: event() },
  runtime: { id: 'x', getURL: (path: string) => `ext://${path}`, getManifest: () => ({ host_permissions: [] }), onInstalled: event(), onStartup: event() },
  permissions: { contains: () => Promise.resolve(true) },
  alarms: { get: () => Promise.resolve(undefined), create: () => Promise.resolve(), onAlarm: event() },
  action: { setBadgeText: vi.fn(() => Promise.resolve()), setTitle: vi.fn(() => Promise.resolve()) },
  tabs: { query: () => Promise.resolve([{ id: 1, windowId: 1 }]), update: vi.fn(() => Promise.resolve()), create: vi.fn(() => Promise.resolve()) },
  scripting: {},
};
vi.mock('./browser.ts', () => ({ default: fake }));
const { canObserveRequests, isFirefox } = await import('./engine.ts');
const { createNotifier, onNotification } = await import('./notifier.ts');
const { onMenu, putMenu } = await import('./menu.ts');
const { registerPageFailures, takePageFailures } = await import('./page-failures.ts');
const { onPermissionsChanged } = await import('./permissions.ts');
const { createProber, registerProber } = await import('./prober.ts');
const { readSession, writeSession } = await import('./session.ts');
const { readSettings } = await import('./storage.ts');
const { openExtensionPage } = await import('./tabs.ts');
const { openPopup } = await import('./popup.ts');
const { watchPages } = await import('./scripting.ts');
const { paint } = await import('./badge.ts');

afterEach(() => vi.unstubAllGlobals());

test('it is told what is missing', () => {
  expect([canObserveRequests(), isFirefox(), createNotifier().hasButtons()]).toEqual([false, false, false]);
});

test('all listeners that the background registers can be', () => {
  registerProber();
  registerPageFailures(() => undefined, () => undefined);
  onNotification(() => undefined);
  onMenu(() => undefined);
  onPermissionsChanged(() => undefined);
  expect(takePageFailures()).toBeNull();
});

test('without notifications nothing is shown, which is no error and nothing to try again', async () => {
  expect(await createNotifier().show({ id: 'i1:outage', title: 'T', message: 'M', buttons: ['a'] })).toEqual({ ok: true, value: 'unsupported' });
  await createNotifier().clear('i1:outage');
});

test.each<[string, () => Promise<Response>, object]>([
  ['an answer is judged all the same', () => Promise.resolve(new Response('', { status: 503 })), { kind: 'failed', failure: 'http.503' }],
  ['a failure is one of which nobody said why', () => Promise.reject(new TypeError('Load failed')), { kind: 'failed', failure: 'unknown', raw: 'Load failed' }],
])('without webRequest %s', async (_, answer, result) => {
  vi.stubGlobal('fetch', answer);
  const seen = await createProber()(TARGETS[0]!, { country: 'us', nonce: 'n' });
  expect(seen.result).toMatchObject(result);
});

test('the toolbar shows what can be shown', async () => {
  await paint({ text: '!', colour: '#000000', title: 'Down', shape: 'down' });
  expect(fake.action.setBadgeText).toHaveBeenCalledWith({ text: '!' });
  expect(fake.action.setTitle).toHaveBeenCalledWith({ title: 'Down' });
});

test('what cannot be done is left, and said where somebody waits for it', async () => {
  await putMenu('Remind me');
  expect(await openPopup()).toBe(false);
  expect((await watchPages(true)).ok).toBe(false);
  await writeSession({ progress: 1 });
  expect(await readSession('progress')).toBe(1);
  expect(await readSettings()).toEqual({ own: undefined, managed: undefined });
  expect(await openExtensionPage('incidents.html')).toEqual({ ok: true, value: undefined });
});
