import type { Reminder } from '../core/reminder.ts';
import { flaw, success, type Outcome } from '../core/result.ts';
import { songOf } from '../core/song.ts';
import { PAGE_HOSTS, hostOf } from '../core/targets.ts';
import browser from './browser.ts';
import { wordsOf } from './words.ts';

/** Pages of the extension that open in a tab. */
export type ExtensionPage = 'incidents.html' | 'options.html' | 'welcome.html' | 'popup.html';

/** Opens a page of the extension, or goes to it where it is open already. @param hash part of the page, without '#' */
export async function openExtensionPage(page: ExtensionPage, hash = ''): Promise<Outcome<void>> {
  const url = browser.runtime.getURL(page);
  const target = hash === '' ? url : `${url}#${encodeURIComponent(hash)}`;
  try {
    const [open] = await browser.tabs.query({ url: `${url}*` }).catch(() => []);
    if (open?.id === undefined) {
      await browser.tabs.create({ url: target });
      return success(undefined);
    }
    await browser.tabs.update(open.id, hash === '' ? { active: true } : { active: true, url: target });
    if (open.windowId !== undefined) await browser.windows?.update(open.windowId, { focused: true });
    return success(undefined);
  } catch (error) {
    return flaw('tabs', wordsOf(error));
  }
}

/** Opens an https address in a new tab; everything else is refused. */
export async function openUrl(url: string): Promise<Outcome<void>> {
  if (!URL.canParse(url) || new URL(url).protocol !== 'https:') return flaw('tabs.url', 'not an https address');
  try {
    await browser.tabs.create({ url });
    return success(undefined);
  } catch (error) {
    return flaw('tabs', wordsOf(error));
  }
}

function isStorePage(url: string | undefined): url is string {
  return url !== undefined && url.startsWith('https:') && (PAGE_HOSTS as readonly string[]).includes(hostOf(url));
}

export interface StoreTab {
  id: number;
  url: string;
}

/** @param now ms since the epoch @returns what the user looks at, so that it can be kept; null where it is no page of a song, an album and the like. */
export async function songOfTab(now: number): Promise<Reminder | null> {
  const [tab] = await browser.tabs.query({ active: true, lastFocusedWindow: true }).catch(() => []);
  return isStorePage(tab?.url) ? songOf(tab!.url!, { title: tab!.title ?? null }, now) : null;
}

/** @returns all open pages of the store. */
export async function storeTabs(): Promise<StoreTab[]> {
  const tabs = await browser.tabs.query({ url: PAGE_HOSTS.map((host) => `https://${host}/*`) }).catch(() => []);
  return tabs.flatMap((tab) => (tab.id !== undefined && isStorePage(tab.url) ? [{ id: tab.id, url: tab.url }] : []));
}

/** Loads a tab anew, at the address it could not reach. @returns an error where the tab is gone. */
export async function reloadTab(id: number): Promise<Outcome<void>> {
  try {
    await browser.tabs.reload(id);
    return success(undefined);
  } catch (error) {
    return flaw('tabs', wordsOf(error));
  }
}

/** @returns whether the user looks at that tab. */
export async function isActive(id: number): Promise<boolean> {
  return browser.tabs.get(id).then(({ active }) => active, () => false);
}

/**
 * @param tab a tab, and the address it could not load
 * @returns whether it still shows that: the browser's own error page, into which no script can be put, or the server's answer above 500
 */
export async function stillFails({ tabId, url }: { tabId: number; url: string }): Promise<boolean> {
  const tab = await browser.tabs.get(tabId).catch(() => null);
  // Of a tab that has gone on to a site that is not the store's, the browser tells no address: it is somebody's page, and is left alone.
  if (tab === null || tab.status === 'loading' || tab.url !== url) return false;
  try {
    const [answer] = await browser.scripting.executeScript({
      target: { tabId },
      func: () => (performance.getEntriesByType('navigation')[0] as (PerformanceEntry & { responseStatus?: number }) | undefined)?.responseStatus ?? 0,
    });
    return typeof answer?.result === 'number' && answer.result >= 500;
  } catch {
    return true;
  }
}
