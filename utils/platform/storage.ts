import type { Storage } from '../app/ports.ts';
import { flaw, success, type Outcome } from '../core/result.ts';
import type { StoredSettings } from '../core/settings.ts';
import browser from './browser.ts';
import { wordsOf } from './words.ts';

const SETTINGS_KEY = 'settings';

/** @returns the browser's local store. A write of several entries is one call, and so one transaction in every engine; removals follow it. */
export function createStorage(): Storage {
  return {
    async read(keys) {
      try {
        return success(await browser.storage.local.get([...keys]));
      } catch (error) {
        return flaw('storage.local', wordsOf(error));
      }
    },
    async write(entries) {
      const kept = Object.entries(entries).filter(([, value]) => value !== undefined);
      const dropped = Object.keys(entries).filter((key) => entries[key] === undefined);
      try {
        if (kept.length > 0) await browser.storage.local.set(Object.fromEntries(kept));
        if (dropped.length > 0) await browser.storage.local.remove(dropped);
        return success(undefined);
      } catch (error) {
        return flaw('storage.local', wordsOf(error));
      }
    },
  };
}

/**
 * @returns the settings as they are stored: the user's own are the synchronised ones, else this browser's; undefined where there are none. Those of an
 * organisation are undefined where the browser has none (Firefox refuses to read them then, Safari knows no such thing). Whoever reads decodes.
 */
export async function readSettings(): Promise<StoredSettings> {
  const none: Record<string, unknown> = {};
  const managed = (browser.storage as Partial<typeof browser.storage>).managed;
  const [synced, local, ruled] = await Promise.all([
    browser.storage.sync.get(SETTINGS_KEY).catch(() => none),
    browser.storage.local.get(SETTINGS_KEY).catch(() => none),
    managed?.get(null).catch(() => undefined),
  ]);
  return { own: synced[SETTINGS_KEY] ?? local[SETTINGS_KEY], managed: ruled };
}

/** Stores settings where the user's other browsers see them; where that is refused (full, switched off by policy), in this browser alone. */
export async function writeSettings(settings: object): Promise<Outcome<void>> {
  try {
    await browser.storage.sync.set({ [SETTINGS_KEY]: settings });
    await browser.storage.local.remove(SETTINGS_KEY);
    return success(undefined);
  } catch {
    try {
      await browser.storage.local.set({ [SETTINGS_KEY]: settings });
      await browser.storage.sync.remove(SETTINGS_KEY).catch(() => undefined); // the older ones would win
      return success(undefined);
    } catch (error) {
      return flaw('storage.settings', wordsOf(error));
    }
  }
}

/** Tells when settings were written: here, in another of the user's browsers, or by an organisation. Call it synchronously when the background starts. */
export function onSettingsChanged(listener: () => void): void {
  browser.storage.onChanged.addListener((changes, area) => {
    if (area === 'managed' || ((area === 'sync' || area === 'local') && changes[SETTINGS_KEY])) listener();
  });
}

/** @returns these entries of the browser's local store; all there are for null. */
export function readLocal(keys: string[] | null): Promise<Record<string, unknown>> {
  return browser.storage.local.get(keys);
}

/** Tells each entry that was written to one of these stores, with its new value. */
export function onWritten(area: 'local' | 'session', listener: (key: string, value: unknown) => void): void {
  browser.storage.onChanged.addListener((changes, where) => {
    if (where === area) for (const [key, { newValue }] of Object.entries(changes)) listener(key, newValue);
  });
}

/** @returns the names of everything in the browser's local store. */
export async function storedKeys(): Promise<string[]> {
  return Object.keys(await browser.storage.local.get(null).catch(() => ({})));
}
