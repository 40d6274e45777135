import { expect, test, vi } from 'vitest';
import { DEFAULT_SETTINGS } from '../utils/core/settings.ts';
import { WORLD_TOKEN_KEY } from '../utils/core/opinion.ts';

/** Functions and events of a browser that does nothing at all; what is given stands in for its part. */
function idle(given: Record<string, unknown> = {}): unknown {
  return new Proxy(() => Promise.resolve(undefined), { get: (_, name) => (name === 'then' ? undefined : name in given ? given[name as string] : idle()) });
}

function area(kept: Record<string, unknown>) {
  return {
    get: async (keys: string | string[] | null) => Object.fromEntries((keys === null ? Object.keys(kept) : [keys].flat()).filter((key) => key in kept).map((key) => [key, kept[key]])),
    set: async (entries: object) => void Object.assign(kept, entries),
    remove: async (keys: string | string[]) => [keys].flat().forEach((key) => delete kept[key]),
  };
}

/** Starts the background in a browser with these settings. @returns what it keeps, what it gave back, and a start of the browser */
async function started(world: 'off' | 'on-request') {
  const local: Record<string, unknown> = { [WORLD_TOKEN_KEY]: 'tok' };
  const given: string[] = [];
  const starts: (() => void)[] = [];
  const browser = idle({
    storage: idle({ local: area(local), session: area({}), sync: area({ settings: { ...DEFAULT_SETTINGS, secondOpinion: { ...DEFAULT_SETTINGS.secondOpinion, world } } }), managed: area({}) }),
    runtime: idle({ id: 'own-id', getURL: (path: string) => path, onStartup: { addListener: (listener: () => void) => starts.push(listener) } }),
    permissions: idle({ contains: async () => true, remove: async ({ origins }: { origins: string[] }) => given.push(...origins) }),
    i18n: { getUILanguage: () => 'en' },
    alarms: idle({ get: async () => undefined }),
  });
  vi.resetModules();
  vi.doMock('../utils/platform/browser.ts', () => ({ default: browser }));
  vi.stubGlobal('fetch', () => Promise.reject(new TypeError('Failed to fetch')));
  const { default: background } = await import('../entrypoints/background/index.ts');
  background.main();
  // Everything here answers at once: one turn, and all that follows from it is done.
  const settle = () => new Promise((resolve) => setTimeout(resolve));
  await settle();
  return { local, given, start: async () => (starts.forEach((each) => each()), settle()) };
}

test('switched off while the browser was closed: with its start the token goes, and the permission', async () => {
  const { local, given, start } = await started('off');
  // A wake alone takes nothing: the permission may have been granted just now, and what it is for is about to be saved.
  expect([local[WORLD_TOKEN_KEY], given]).toEqual(['tok', []]);
  await start();
  expect([local[WORLD_TOKEN_KEY], given]).toEqual([undefined, ['https://api.globalping.io/*']]);
});

test('while it is switched on, both stay', async () => {
  const { local, given, start } = await started('on-request');
  await start();
  expect([local[WORLD_TOKEN_KEY], given]).toEqual(['tok', []]);
});
