import { REMINDER_KINDS } from '../core/reminder.ts';
import { PAGE_HOSTS } from '../core/targets.ts';
import browser from './browser.ts';

const PAGE_ITEM = 'remind-page';
const LINK_ITEM = 'remind-link';

/** Something whose menu was opened: a page of the store, or a link to one. */
export interface MenuChoice {
  url: string;
  /** The tab's title, or the link's words where the browser tells them. */
  title: string | null;
}

/** Of what can be kept; `songOf` looks closer. */
function patterns(): string[] {
  return PAGE_HOSTS.flatMap((host) => REMINDER_KINDS.map((kind) => `https://${host}/*${kind}/*`));
}

/** Puts the entry into the context menu of the store's songs and of links to them, in the user's words. Doing it again replaces it. */
export async function putMenu(title: string): Promise<void> {
  const { contextMenus } = browser as Partial<typeof browser>;
  if (contextMenus === undefined) return;
  await contextMenus.removeAll();
  const quiet = (): void => void browser.runtime.lastError; // two starts at once: the entry is there already
  contextMenus.create({ id: PAGE_ITEM, title, contexts: ['page'], documentUrlPatterns: patterns() }, quiet);
  contextMenus.create({ id: LINK_ITEM, title, contexts: ['link'], targetUrlPatterns: patterns() }, quiet);
}

/** Listens to the entry being chosen. Call it synchronously when the background starts. */
export function onMenu(listener: (choice: MenuChoice) => void): void {
  const { contextMenus } = browser as Partial<typeof browser>;
  contextMenus?.onClicked.addListener(({ menuItemId, linkUrl, linkText, pageUrl }, tab) => {
    if (menuItemId === LINK_ITEM && linkUrl !== undefined) listener({ url: linkUrl, title: linkText ?? null });
    else if (menuItemId === PAGE_ITEM && (tab?.url ?? pageUrl) !== undefined) listener({ url: (tab?.url ?? pageUrl)!, title: tab?.title ?? null });
  });
}
