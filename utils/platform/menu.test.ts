import { beforeEach, expect, test, vi } from 'vitest';

interface Item { id: string; title: string; contexts: string[]; documentUrlPatterns?: string[]; targetUrlPatterns?: string[] }
interface Clicked { menuItemId: string; linkUrl?: string; linkText?: string; pageUrl?: string }
type Tab = { url?: string; title?: string };

/** A context menu as browsers have it: entries last, two of one id are refused, and only those whose patterns fit can be clicked. Real ones cannot be opened by automation. */
const menu = {
  items: [] as Item[],
  listeners: [] as ((info: Clicked, tab?: Tab) => void)[],
  removeAll: async () => void (menu.items = []),
  create: (item: Item, after: () => void) => {
    if (!menu.items.some(({ id }) => id === item.id)) menu.items.push(item);
    after();
  },
  onClicked: { addListener: (listener: (info: Clicked, tab?: Tab) => void) => void menu.listeners.push(listener) },
};
const fits = (patterns: string[] | undefined, url: string): boolean =>
  (patterns ?? []).some((pattern) => new RegExp(`^${pattern.replace(/[.+?^${}()|[\]\\]/g, '\\$&').replaceAll('*', '.*')}$`).test(url.replace(/#.*/, '')));

/** Opens the menu on a page, or on a link in it, and clicks every entry of ours that is there. @returns how many there were */
function click(tab: Tab & { url: string }, link?: { url: string; text?: string }): number {
  const there = menu.items.filter((item) => (link === undefined ? item.contexts.includes('page') && fits(item.documentUrlPatterns, tab.url) : item.contexts.includes('link') && fits(item.targetUrlPatterns, link.url)));
  for (const { id } of there) {
    const info: Clicked = { menuItemId: id, pageUrl: tab.url, ...(link === undefined ? {} : { linkUrl: link.url, ...(link.text === undefined ? {} : { linkText: link.text }) }) };
    for (const listener of menu.listeners) listener(info, tab);
  }
  return there.length;
}

vi.mock('./browser.ts', () => ({ default: { contextMenus: menu, runtime: {} } }));
const { onMenu, putMenu } = await import('./menu.ts');
const chosen = vi.fn();
onMenu(chosen);
beforeEach(async () => {
  chosen.mockClear();
  await putMenu('Remind me');
});

const SONG = 'https://music.apple.com/jp/album/lemon/1352845788?i=1352845798';

test('on the page of a song: its address and the title of its tab', () => {
  expect(click({ url: SONG, title: 'Lemon by Kenshi Yonezu on Apple Music' })).toBe(1);
  expect(chosen).toHaveBeenCalledExactlyOnceWith({ url: SONG, title: 'Lemon by Kenshi Yonezu on Apple Music' });
});

test('on a link to one, on whatever page: the link’s address, never the page’s title', () => {
  expect(click({ url: 'https://blog.example/', title: 'A blog' }, { url: SONG })).toBe(1);
  expect(chosen).toHaveBeenLastCalledWith({ url: SONG, title: null });
  click({ url: 'https://blog.example/', title: 'A blog' }, { url: SONG, text: 'Lemon' });
  expect(chosen).toHaveBeenLastCalledWith({ url: SONG, title: 'Lemon' });
});

test.each(['https://music.apple.com/jp/new', 'https://blog.example/album/1', 'https://music.apple.com.evil.example/jp/song/1'])('no entry on %s', (url) => {
  expect(click({ url })).toBe(0);
});

test('put there again, in another language, it stands there once', async () => {
  await putMenu('思い出させて');
  expect(menu.items.map(({ title }) => title)).toEqual(['思い出させて', '思い出させて']);
  expect(click({ url: SONG })).toBe(1);
});
