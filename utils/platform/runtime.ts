import browser from './browser.ts';

/** @returns the address of one of the extension's own files. */
export function urlOf(path: string): string {
  return browser.runtime.getURL(path);
}

/** @returns the user's languages, the most wanted first, as the browser's own words are spoken. */
export function browserLanguages(): string[] {
  return [browser.i18n.getUILanguage(), ...navigator.languages];
}

/** @returns the extension's version, as in the manifest. */
export function version(): string {
  return browser.runtime.getManifest().version;
}

/** Listens to installation, update and start of the browser. Call it synchronously when the background starts. */
export function onLifecycle(listener: (event: 'install' | 'update' | 'startup') => void): void {
  browser.runtime.onInstalled.addListener(({ reason }) => {
    if (reason === 'install') listener('install');
    else if (reason === 'update') listener('update');
  });
  browser.runtime.onStartup.addListener(() => listener('startup'));
}

/** Listens to the machine coming back online, for as long as the background is awake; an alarm does the rest. */
export function onOnline(listener: () => void): void {
  globalThis.addEventListener?.('online', listener);
}
