// @vitest-environment happy-dom
import { act } from 'preact/test-utils';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { BannerView } from '../../utils/core/banner.ts';
import type { Reminder } from '../../utils/core/reminder.ts';
import { flaw, success } from '../../utils/core/result.ts';
import { en } from '../../utils/i18n/en/index.ts';
import { translator } from '../../utils/i18n/translate.ts';
import { bannerView } from '../../utils/view/banner.ts';
import { NOW, SNAPSHOTS, type SnapshotName } from '../../utils/view/examples.ts';
import type { Send } from '../../utils/view/source.ts';
import { createLive, HOST, type Live, type LiveGiven } from './live.tsx';

const SONG: Reminder = { id: 'jp:song:1', kind: 'song', title: '<b>雨</b>', artist: '小川', artwork: null, url: 'https://music.apple.com/jp/song/1', addedAt: 0 };
const PLACES = [{ name: 'mora', url: 'https://mora.jp/?q={query}' }];
const t = translator(en, 'en');
const viewOf = (name: SnapshotName, before: BannerView | null = null): BannerView => bannerView({ snapshot: SNAPSHOTS[name], wanted: true, dismissed: [], before }, t, PLACES, NOW)!;

let root: ShadowRoot;
let sent: [string, unknown][];
let alive: boolean;
let live: Live;
const gone = vi.fn();

/** Puts the banner into the page as its script does; the root is closed, so it is caught on its way. */
function start(given: Partial<LiveGiven> = {}, answer = success(null) as Awaited<ReturnType<Send>>): void {
  const attach = Element.prototype.attachShadow;
  const spy = vi.spyOn(Element.prototype, 'attachShadow').mockImplementation(function (this: Element, init) {
    expect(init.mode).toBe('closed');
    return (root = attach.call(this, { ...init, mode: 'open' }));
  });
  const send = (async (command: string, ask: unknown) => {
    sent.push([command, ask]);
    return answer;
  }) as Send;
  live = createLive({ css: '', send, song: () => SONG, query: () => `${SONG.title} 小川`, alive: () => alive, now: () => NOW, backMs: 8_000, proofMs: 60_000, gone, ...given });
  spy.mockRestore();
}

const show = (view: BannerView | null): void => void act(() => live.show(view));
const hosts = (): number => document.querySelectorAll(HOST).length;
const button = (action: string): HTMLButtonElement | null => root.querySelector(`[data-action="${action}"]`);
const press = async (element: HTMLElement | null): Promise<void> => act(async () => element!.click());
/** Mutation observers report later. */
const soon = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 5));

beforeEach(() => {
  [sent, alive] = [[], true];
  gone.mockReset();
  document.title = 'A page';
});
afterEach(() => {
  live.leave();
  vi.useRealTimers();
});

test('says state, cause, since and forecast, in a region of its own', () => {
  start();
  show(viewOf('down'));
  const card = root.querySelector('section')!;
  expect(card.getAttribute('aria-label')).toBe('Tsunagaru: state of the store');
  expect(card.dir).toBe('ltr');
  expect(card.lang).toBe('en');
  const said = root.querySelector('[role=status]')!.textContent;
  for (const part of ['It’s the store, not you', 'since', 'suspected: A bad release 46%', 'likely 20 min to 6 hr more', 'Your connection is fine']) expect(said).toContain(part);
  expect(hosts()).toBe(1);
  expect(document.body.querySelector(HOST)).toBeNull();
});

test('what a page is called is text, never markup', async () => {
  start();
  show(viewOf('down'));
  await press([...root.querySelectorAll('button')].find((each) => each.textContent === 'Elsewhere')!);
  const link = root.querySelector('a')!;
  expect(link.href).toBe('https://mora.jp/?q=%3Cb%3E%E9%9B%A8%3C%2Fb%3E%20%E5%B0%8F%E5%B7%9D');
  expect(link.rel).toBe('noopener noreferrer');
  expect(root.querySelector('b')).toBeNull();
});

test('keeps the song, once, and says so', async () => {
  start();
  show(viewOf('down'));
  await press(button('remind'));
  await press(button('remind'));
  expect(sent).toEqual([['remind', { reminder: SONG }]]);
  expect(button('remind')!.textContent).toBe('Kept for you');
});

test('says when the song could not be kept', async () => {
  start({}, flaw('storage', 'full'));
  show(viewOf('down'));
  await press(button('remind'));
  expect(button('remind')!.textContent).toBe('That didn’t work');
});

test('offers nothing to keep where there is no song', () => {
  start({ song: () => null, query: () => '' });
  show(viewOf('down'));
  expect(button('remind')).toBeNull();
  expect(root.textContent).not.toContain('Elsewhere');
  expect(button('dismiss')).not.toBeNull();
});

test('tells more on request, and leads to everything', async () => {
  start();
  show(viewOf('down'));
  await press(button('details'));
  expect(button('details')!.getAttribute('aria-expanded')).toBe('true');
  expect(root.querySelector('dl')!.textContent).toContain('admitted it at');
  await press(root.querySelector('.more button'));
  expect(sent).toEqual([['open-details', { incident: 'i-1' }]]);
});

describe('dismissal', () => {
  test('by its button: gone here, and told for all other tabs', async () => {
    start();
    show(viewOf('down'));
    await press(button('dismiss'));
    expect(sent).toEqual([['dismiss', { incident: 'i-1' }]]);
    expect(hosts()).toBe(0);
    expect(gone).toHaveBeenCalledOnce();
    show(viewOf('down'));
    expect(hosts()).toBe(0);
  });
  test('by Escape: what is open closes first', async () => {
    start();
    show(viewOf('down'));
    await press(button('details'));
    const escape = (): void => void act(() => void button('details')!.dispatchEvent(new KeyboardEvent('keydown', { key: 'Escape', bubbles: true })));
    escape();
    expect(root.querySelector('.more')).toBeNull();
    expect(hosts()).toBe(1);
    escape();
    expect(hosts()).toBe(0);
  });
  test('in another tab: nothing lies there any more', () => {
    start();
    show(viewOf('down'));
    show(null);
    expect(hosts()).toBe(0);
    expect(sent).toEqual([]);
  });
});

describe('over time', () => {
  test('follows what is written', () => {
    start();
    show(viewOf('down'));
    show(viewOf('degraded'));
    expect(root.textContent).toContain('Part of the store is failing');
    show(viewOf('recovering'));
    expect(root.textContent).toContain('The store is coming back');
  });
  test('says that it is over, and leaves by itself', () => {
    vi.useFakeTimers();
    start();
    show(viewOf('down'));
    show(viewOf('up', viewOf('down')));
    expect(root.textContent).toContain('The store is back');
    expect(button('remind')).toBeNull();
    show(null); // the next check takes the news away for whoever comes later
    vi.advanceTimersByTime(7_900);
    expect(hosts()).toBe(1);
    vi.advanceTimersByTime(200);
    expect(hosts()).toBe(0);
    expect(gone).toHaveBeenCalledOnce();
  });
  test('says that it is over only where it said that it began', () => {
    start();
    show(viewOf('up', viewOf('down')));
    expect(hosts()).toBe(0);
  });
  test('an outage that comes back while the good news stands takes the news back', () => {
    vi.useFakeTimers();
    start();
    show(viewOf('down'));
    show(viewOf('up', viewOf('down')));
    vi.advanceTimersByTime(4_000);
    const again = { ...viewOf('degraded'), incident: 'i-2', parts: ['since 10:07'] };
    show(again);
    expect(root.textContent).toContain('Part of the store is failing');
    expect(root.textContent).toContain('since 10:07');
    expect(root.textContent).not.toContain('The store is back');
    // The time that the news had is not the outage's.
    vi.advanceTimersByTime(60_000);
    expect(hosts()).toBe(1);
    button('dismiss')!.click();
    expect(sent).toEqual([['dismiss', { incident: 'i-2' }]]);
  });
  test('and the next end is told for its own time', () => {
    vi.useFakeTimers();
    start();
    show(viewOf('down'));
    show(viewOf('up', viewOf('down')));
    vi.advanceTimersByTime(7_000);
    show(viewOf('down'));
    show(viewOf('up', viewOf('down')));
    vi.advanceTimersByTime(7_000);
    expect(hosts()).toBe(1);
    vi.advanceTimersByTime(1_100);
    expect(hosts()).toBe(0);
  });
  test.each<[string, BannerView | null, shown: string | null]>([
    ['nothing is wrong any more', null, null],
    ['it was over before', viewOf('up', viewOf('down')), null],
    ['it has become something else', viewOf('degraded'), 'Part of the store is failing'],
  ])('a page that comes back from memory says what is true now: %s', (_, now, shown) => {
    start();
    show(viewOf('down'));
    act(() => live.renew(now));
    expect(hosts()).toBe(shown === null ? 0 : 1);
    if (shown !== null) expect(root.textContent).toContain(shown);
  });
  test('nor does old news of an end stand there again', () => {
    start();
    show(viewOf('down'));
    show(viewOf('up', viewOf('down')));
    act(() => live.renew(null));
    expect(hosts()).toBe(0);
  });
  test('own trouble is a smaller hint, with nothing to do but close it', () => {
    start();
    show(viewOf('offline'));
    expect(root.querySelector('section')!.className).toContain('own');
    expect([...root.querySelectorAll('button')]).toHaveLength(1);
  });
  test('a page that goes on without loading gets its own song', () => {
    vi.useFakeTimers();
    let song: Reminder | null = null;
    start({ song: () => song });
    show(viewOf('down'));
    expect(button('remind')).toBeNull();
    song = SONG;
    history.pushState({}, '', '#elsewhere');
    act(() => void vi.advanceTimersByTime(1_100));
    expect(button('remind')).not.toBeNull();
  });
  test('an extension that is gone takes its banner along', () => {
    vi.useFakeTimers();
    start();
    show(viewOf('down'));
    alive = false;
    vi.advanceTimersByTime(1_100);
    expect(hosts()).toBe(0);
  });
});

describe('among others', () => {
  test('a predecessor’s remains, and imitations, are taken away', () => {
    document.body.append(document.createElement(HOST), document.createElement(HOST));
    start();
    show(viewOf('down'));
    expect(hosts()).toBe(1);
    expect(root.textContent).toContain('It’s the store');
  });
  test('a page that removes it gets it back, but not without end', async () => {
    start();
    show(viewOf('down'));
    for (let times = 1; times <= 8; times += 1) {
      document.querySelector(HOST)?.remove();
      await soon();
      expect(hosts(), `after removal ${times}`).toBe(times <= 5 ? 1 : 0);
    }
  });
  test('one whose extension is gone does not come back', async () => {
    start();
    show(viewOf('down'));
    alive = false;
    document.querySelector(HOST)!.remove();
    await soon();
    expect(hosts()).toBe(0);
  });
});
