import browser from 'webextension-polyfill';

/**
 * The browser's extension API, by promises in every engine. The polyfill fills in for Chromium before 148 and hands the native API
 * through elsewhere. This is the only file that imports it; nothing here touches the API while the module loads, because the build
 * runs entry modules without a browser.
 */
export default browser;

/** @returns whether this is Firefox: its notifications, alarms and permissions refuse options that Chromium takes. */
export function isFirefox(): boolean {
  return 'getBrowserInfo' in browser.runtime;
}

/** @returns whether requests can be observed: not in Safari, whose background sleeps, nor where the permission is missing. */
export function canObserveRequests(): boolean {
  return (browser as Partial<typeof browser>).webRequest?.onErrorOccurred !== undefined;
}
