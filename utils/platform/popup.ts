import browser from './browser.ts';

/**
 * Opens the popup by itself, where the browser allows that without a click, and only with a focused window. Measured in Chromium 156 and Firefox 153.
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
