import browser from './browser.ts';

/**
 * Opens the popup by itself, where the browser allows that without a click: Chromium from 127, and only with a focused window.
 * @returns whether it opened
 */
export async function openPopup(): Promise<boolean> {
  try {
    if (browser.action.openPopup === undefined) return false;
    await browser.action.openPopup();
    return true;
  } catch {
    return false;
  }
}
