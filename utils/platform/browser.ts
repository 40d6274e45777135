import browser from 'webextension-polyfill';

/**
 * The browser's extension API, by promises in every engine. The polyfill fills in for Chromium before 148 and hands the native API
 * through elsewhere. This is the only file that imports it, and only its neighbours import this one; nothing here touches the API while the module loads, because the build
 * runs entry modules without a browser.
 */
export default browser;
