import { flaw, success, type Outcome } from '../core/result.ts';
import browser from './browser.ts';
import { wordsOf } from './words.ts';

/** Runs one of the extension's own files in the top frame of a tab. @param file path within the extension, e.g. `banner-ui.js` */
export async function inject(tabId: number, file: string): Promise<Outcome<void>> {
  try {
    await browser.scripting.executeScript({ target: { tabId }, files: [file.startsWith('/') ? file : `/${file}`] });
    return success(undefined);
  } catch (error) {
    return flaw(`tab ${tabId}`, wordsOf(error)); // gone, not permitted, or the browser's own error page
  }
}
