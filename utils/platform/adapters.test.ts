import { beforeEach, expect, test, vi } from 'vitest';

function area() {
  const kept: Record<string, unknown> = {};
  return {
    kept,
    get: vi.fn((keys: string | string[]) => Promise.resolve(Object.fromEntries([keys].flat().filter((key) => key in kept).map((key) => [key, kept[key]])))),
    set: vi.fn((entries: object) => Promise.resolve(void Object.assign(kept, entries))),
    clear: () => Promise.resolve(Object.keys(kept).forEach((key) => delete kept[key])),
    remove: vi.fn((keys: string | string[]) => Promise.resolve([keys].flat().forEach((key) => delete kept[key]))),
  };
}

/** A browser as small as the adapters need it; each test takes away what its engine lacks. */
function fakeBrowser() {
  const alarms: Record<string, { name: string; scheduledTime: number; periodInMinutes: number }> = {};
  return {
    storage: { local: area(), sync: area(), session: area() as ReturnType<typeof area> | undefined, managed: undefined as { get(): Promise<unknown> } | undefined },
    alarms: {
      get: (name: string) => Promise.resolve(alarms[name]),
      create: vi.fn((name: string, { when, periodInMinutes }: { when: number; periodInMinutes: number }) => {
        alarms[name] = { name, scheduledTime: when, periodInMinutes };
        return Promise.resolve();
      }),
      onAlarm: { addListener: vi.fn<(listener: (alarm: { name: string; scheduledTime: number }) => void) => void>() },
    },
    notifications: { create: vi.fn((_id: string, _options: object) => Promise.resolve('id')), clear: vi.fn(() => Promise.resolve(true)), getPermissionLevel: vi.fn(() => Promise.resolve('granted')), onButtonClicked: { addListener: vi.fn() } },
    permissions: { contains: vi.fn(({ origins }: { origins: string[] }) => Promise.resolve(!origins.includes('https://b.example/*'))) },
    runtime: { getURL: (path: string) => `ext://${path}`, getManifest: () => ({ host_permissions: ['https://a.example/*', 'https://b.example/*'] }) },
    action: {
      setBadgeText: vi.fn(() => Promise.resolve()),
      setBadgeBackgroundColor: vi.fn(() => Promise.resolve()),
      setTitle: vi.fn(() => Promise.reject(new Error('no window'))),
      setIcon: vi.fn(() => Promise.resolve()),
    } as Record<string, unknown>,
  };
}

let fake = fakeBrowser();
let firefox = false;
vi.mock('./browser.ts', () => ({
  get default() {
    return fake;
  },
}));
vi.mock('./engine.ts', () => ({ isFirefox: () => firefox }));
const { createStorage, readSettings, writeSettings } = await import('./storage.ts');
const { clearSession, readSession, writeSession } = await import('./session.ts');
const { ensureAlarm, setAlarm, onAlarm } = await import('./scheduler.ts');
const { createNotifier } = await import('./notifier.ts');
const { paint } = await import('./badge.ts');
const { openPopup } = await import('./popup.ts');
const { stillFails } = await import('./tabs.ts');

const FAILED = 'https://music.apple.com/jp/album/1';

beforeEach(() => {
  fake = fakeBrowser();
  firefox = false;
});

test('all entries go in one write, undefined removes', async () => {
  await createStorage().write({ old: 1 });
  fake.storage.local.set.mockClear();
  expect(await createStorage().write({ a: 1, b: 2, old: undefined })).toEqual({ ok: true, value: undefined });
  expect(fake.storage.local.set).toHaveBeenCalledExactlyOnceWith({ a: 1, b: 2 });
  expect(await createStorage().read(['a', 'b', 'old'])).toEqual({ ok: true, value: { a: 1, b: 2 } });
});

test('a full disk is a value', async () => {
  fake.storage.local.set.mockRejectedValue(new Error('QUOTA_BYTES quota exceeded'));
  expect(await createStorage().write({ a: 1 })).toEqual({ ok: false, error: { at: 'storage.local', reason: 'QUOTA_BYTES quota exceeded' } });
});

test('settings are shared with other browsers; where that is refused, the newest win all the same', async () => {
  await writeSettings({ n: 1 });
  expect(fake.storage.sync.kept).toEqual({ settings: { n: 1 } });
  fake.storage.sync.set.mockRejectedValueOnce(new Error('sync is off'));
  expect(await writeSettings({ n: 2 })).toEqual({ ok: true, value: undefined });
  expect(await readSettings()).toEqual({ own: { n: 2 } });
  await writeSettings({ n: 3 });
  expect(await readSettings()).toEqual({ own: { n: 3 } });
});

test('settings that cannot be read are none', async () => {
  fake.storage.sync.get.mockRejectedValue(new Error('no'));
  fake.storage.local.get.mockRejectedValue(new Error('no'));
  expect(await readSettings()).toEqual({});
});

test.each([
  ['set by an organisation', () => Promise.resolve({ interval: 10 }), { interval: 10 }],
  ['that no organisation set: Firefox refuses', () => Promise.reject(new Error('Managed storage manifest not found')), undefined],
])('settings %s', async (_, get, managed) => {
  await writeSettings({ n: 1 });
  fake.storage.managed = { get };
  expect(await readSettings()).toEqual({ own: { n: 1 }, managed });
});

test.each([true, false])('the session store, there: %s', async (there) => {
  if (!there) fake.storage.session = undefined;
  await writeSession({ progress: { done: 1, total: 3 } });
  expect(await readSession('progress')).toEqual({ done: 1, total: 3 });
  expect(await readSession('nothing')).toBeUndefined();
  await clearSession();
  expect(await readSession('progress')).toBeUndefined();
});

test('an alarm that is there stays; setting it replaces it in one step', async () => {
  await ensureAlarm(0, 1_000, 5);
  await ensureAlarm(0, 9_000, 5);
  expect(await fake.alarms.get('tick')).toMatchObject({ scheduledTime: 1_000 });
  await setAlarm(9_000, 5);
  expect(await fake.alarms.get('tick')).toMatchObject({ scheduledTime: 9_000 });
  expect(fake.alarms.create).toHaveBeenCalledTimes(2);
});

test('our alarm is heard; others are not ours', () => {
  const heard = vi.fn();
  onAlarm(heard);
  const ring = fake.alarms.onAlarm.addListener.mock.calls[0]![0];
  ring({ name: 'other', scheduledTime: 60_000 });
  expect(heard).not.toHaveBeenCalled();
  ring({ name: 'tick', scheduledTime: 60_000 });
  expect(heard).toHaveBeenCalledTimes(1);
});

test('buttons only where the browser has them, two at most', async () => {
  const notice = { id: 'i1:outage', title: 'T', message: 'M', buttons: ['a', 'b', 'c'] };
  await createNotifier().show(notice);
  expect(fake.notifications.create).toHaveBeenLastCalledWith('i1:outage', { type: 'basic', iconUrl: 'ext://icon/128.png', title: 'T', message: 'M', buttons: [{ title: 'a' }, { title: 'b' }] });
  firefox = true;
  await createNotifier().show(notice);
  expect(fake.notifications.create.mock.lastCall?.[1]).not.toHaveProperty('buttons');
});

test('notifications that are forbidden are told as such', async () => {
  fake.notifications.getPermissionLevel.mockResolvedValue('denied');
  expect(await createNotifier().show({ id: 'a', title: '', message: '', buttons: [] })).toEqual({ ok: false, error: { at: 'notifications', reason: 'denied' } });
  expect(fake.notifications.create).not.toHaveBeenCalled();
});

test.each([['it appears', 'i1:outage', undefined], ['another one does', 'i2:outage', 'swallowed'], ['nothing does', null, 'swallowed']])('Firefox tells what appears: %s', async (_, shown, value) => {
  vi.useFakeTimers();
  const listeners = new Set<(id: string) => void>();
  Object.assign(fake.notifications, { onShown: { addListener: (one: (id: string) => void) => listeners.add(one), removeListener: (one: (id: string) => void) => listeners.delete(one) } });
  // It may appear before the call that shows it comes back.
  fake.notifications.create.mockImplementation(async (id: string) => {
    if (shown !== null) for (const listener of listeners) listener(shown);
    return id;
  });
  const done = createNotifier().show({ id: 'i1:outage', title: '', message: '', buttons: [] });
  await vi.advanceTimersByTimeAsync(5_000);
  expect(await done).toEqual({ ok: true, value });
  expect(listeners.size).toBe(0);
  vi.useRealTimers();
});

test('the badge is cut to four characters, and a part that cannot be painted stops nothing', async () => {
  await paint({ text: '12345', colour: '#aa0000', title: 'T', shape: 'down' });
  expect(fake.action['setBadgeText']).toHaveBeenCalledWith({ text: '1234' });
  expect(fake.action['setIcon']).toHaveBeenCalledWith({ path: { 32: '/icon/down-32.png' } });
  delete fake.action['setBadgeText'];
  await paint({ text: '', colour: '#000000', title: 'T', shape: 'plain' });
  expect(fake.action['setIcon']).toHaveBeenLastCalledWith({ path: { 16: '/icon/16.png', 32: '/icon/32.png' } });
});

test('a popup that cannot be opened is no error', async () => {
  expect(await openPopup()).toBe(false);
  fake.action['openPopup'] = () => Promise.reject(new Error('no focused window'));
  expect(await openPopup()).toBe(false);
  fake.action['openPopup'] = () => Promise.resolve();
  expect(await openPopup()).toBe(true);
});

test.each([
  ['its error page, into which no script goes', { url: FAILED }, null, true],
  ["the server's answer above 500", { url: FAILED }, 503, true],
  ['the page, by now', { url: FAILED }, 200, false],
  ['another page of the store', { url: 'https://music.apple.com/jp/new' }, 200, false],
  ["somebody else's page, whose address the browser does not tell", {}, null, false],
  ['something that is on its way', { url: FAILED, status: 'loading' }, null, false],
])('a failed tab that now shows %s', async (_, tab, status, still) => {
  const executeScript = () => (status === null ? Promise.reject(new Error('cannot access')) : Promise.resolve([{ result: status }]));
  Object.assign(fake, { tabs: { get: () => Promise.resolve(tab) }, scripting: { executeScript } });
  expect(await stillFails({ tabId: 1, url: FAILED })).toBe(still);
});

test('a tab that is gone is not loaded again', async () => {
  Object.assign(fake, { tabs: { get: () => Promise.reject(new Error('no tab')) } });
  expect(await stillFails({ tabId: 1, url: FAILED })).toBe(false);
});
