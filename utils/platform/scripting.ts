import { flaw, success, type Outcome } from '../core/result.ts';
import { PAGE_HOSTS } from '../core/targets.ts';
import browser from './browser.ts';
import { wordsOf } from './words.ts';

/** Runs some of the extension's own files in the top frame of a tab, one after the other. @param files paths within the extension, e.g. `banner-ui.js` */
export async function inject(tabId: number, ...files: string[]): Promise<Outcome<void>> {
  try {
    await browser.scripting.executeScript({ target: { tabId }, files: files.map((file) => (file.startsWith('/') ? file : `/${file}`)) });
    return success(undefined);
  } catch (error) {
    return flaw(`tab ${tabId}`, wordsOf(error)); // gone, not permitted, or the browser's own error page
  }
}

const WATCHER = { id: 'banner', js: ['banner.js'], matches: PAGE_HOSTS.map((host) => `https://${host}/*`), runAt: 'document_idle' } as const;

/**
 * Puts the script that looks for a banner on every page of the store that comes, or no longer. While all is well it is on none: a page of a store
 * that works costs nothing at all.
 */
export async function watchPages(wanted: boolean): Promise<Outcome<void>> {
  try {
    const there = (await browser.scripting.getRegisteredContentScripts({ ids: [WATCHER.id] })).length > 0;
    if (wanted && !there) await browser.scripting.registerContentScripts([{ ...WATCHER, js: [...WATCHER.js] }]);
    if (!wanted && there) await browser.scripting.unregisterContentScripts({ ids: [WATCHER.id] });
    return success(undefined);
  } catch (error) {
    return flaw('scripting', wordsOf(error));
  }
}
