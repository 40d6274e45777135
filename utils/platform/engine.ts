import browser from './browser.ts';

/** @returns whether this is Firefox: its notifications, alarms and permissions refuse options that Chromium takes. */
export function isFirefox(): boolean {
  return 'getBrowserInfo' in browser.runtime;
}

/** @returns whether requests can be observed: not in Safari, whose background sleeps, nor where the permission is missing. */
export function canObserveRequests(): boolean {
  return (browser as Partial<typeof browser>).webRequest?.onErrorOccurred !== undefined;
}
