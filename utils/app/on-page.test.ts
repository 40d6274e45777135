import { expect, test } from 'vitest';
import { BANNER_KEY, type BannerView } from '../core/banner.ts';
import { success } from '../core/result.ts';
import { DEFAULT_SETTINGS } from '../core/settings.ts';
import type { Snapshot } from '../core/snapshot.ts';
import { createOnPage, TOLD_EVERY_MS, type OnPagePorts } from './on-page.ts';

const snapshot = (state: Snapshot['state'], more: Partial<Snapshot> = {}): Snapshot => ({ state, pausedUntil: null, incident: null, rehearsal: null, ...more }) as Snapshot;
const view = (kind: BannerView['kind']): BannerView => ({ kind, incident: 'i', title: kind, rehearsal: null }) as BannerView;
const OUTAGE = { id: 'i', detectedAt: 0 } as NonNullable<Snapshot['incident']>;

/** A world in which everything that is done is written down. */
function world(given: Partial<OnPagePorts> = {}, session: Record<string, unknown> = {}) {
  const done: string[] = [];
  const watched: boolean[] = [];
  const stored: Record<string, unknown> = {};
  const at = { now: 10_000_000, verdict: snapshot('up') };
  const onPage = createOnPage({
    clock: { now: () => at.now, wait: async () => undefined },
    storage: {
      read: async (keys) => success(Object.fromEntries(keys.filter((key) => key in stored).map((key) => [key, stored[key]]))),
      write: async (entries) => {
        for (const [key, value] of Object.entries(entries)) {
          done.push(value === undefined ? `remove ${key}` : `write ${(value as BannerView).kind}`);
          if (value === undefined) delete stored[key];
          else stored[key] = value;
        }
        return success(undefined);
      },
    },
    view: async ({ state }, before) => (state === 'down' ? view('trouble') : state === 'own' ? view('own') : before?.kind === 'trouble' ? view('back') : null),
    watchPages: async (wanted) => { watched.push(wanted); return success(undefined); },
    storeTabs: async () => [3, 4],
    inject: async (id) => { done.push(`inject ${id}`); return success(undefined); },
    lookAgain: async (id) => { done.push(`look ${id}`); return success(undefined); },
    check: async () => { done.push('check'); await onPage.show(at.verdict); return success(null); },
    readSession: async (key) => session[key],
    writeSession: async (entries) => void Object.assign(session, entries),
    settings: () => ({ ...DEFAULT_SETTINGS, openPopup: true, reopenFailedTab: true }),
    isActive: async () => true,
    openPopup: async () => { done.push('popup'); return true; },
    notify: async ({ id }) => { done.push(`notify ${id}`); return success(undefined); },
    pageNotice: ({ state }) => (state === 'up' || state === 'suspect' ? null : { id: 'page', title: '', message: '', buttons: [] }),
    stillFails: async () => true,
    reload: async (id) => { done.push(`reload ${id}`); return success(undefined); },
    ...given,
  });
  return { onPage, done, watched, stored, session, at };
}

const MUTE = { ...DEFAULT_SETTINGS, notify: { ...DEFAULT_SETTINGS.notify, outage: false } };
const PAGE = { tabId: 7, url: 'https://music.apple.com/jp/new' };

test('while all is well nothing is written, and a page that comes gets nothing', async () => {
  const { onPage, done } = world();
  await onPage.show(snapshot('up'));
  await onPage.arrived(1);
  expect(done).toEqual([]);
});

test('an outage is written, put into pages that come, said to be over, and taken away', async () => {
  const { onPage, done, stored } = world();
  await onPage.show(snapshot('down'));
  await onPage.arrived(1);
  await onPage.show(snapshot('up'));
  await onPage.arrived(2);
  await onPage.show(snapshot('up'));
  expect(done).toEqual(['write trouble', 'inject 3', 'inject 4', 'inject 1', 'write back', `remove ${BANNER_KEY}`]);
  expect(stored).toEqual({});
});

test('what is only played ends without news, brings no tab back, and explains no page', async () => {
  const played = { rehearsal: { id: 'r', title: 'R' } };
  const { onPage, done, stored, at } = world({
    view: async ({ state, rehearsal }, before) => {
      const next = state === 'down' ? view('trouble') : before?.kind === 'trouble' ? view('back') : null;
      return next && { ...next, rehearsal: rehearsal?.title ?? null };
    },
  });
  at.verdict = snapshot('own');
  await onPage.failed(PAGE);
  done.length = 0;
  // Its own end is told like any other's, but no page of the user is touched.
  await onPage.show(snapshot('down', played));
  await onPage.show(snapshot('up', played));
  expect(done.filter((one) => !one.startsWith('inject'))).toEqual(['write trouble', 'write back']);
  // Stopped in the middle: what is real then knows of no trouble.
  await onPage.show(snapshot('down', played));
  await onPage.show(snapshot('up'));
  expect(stored).toEqual({});
  expect(done.filter((one) => one === 'write back')).toHaveLength(1);
  expect(done.at(-1)).toBe('reload 7');
});

test('open pages are given the banner once for an outage, and no hint about their connection', async () => {
  const { onPage, done } = world();
  await onPage.show(snapshot('own'));
  await onPage.show(snapshot('down'));
  await onPage.show(snapshot('down'));
  expect(done.filter((one) => one.startsWith('inject'))).toEqual(['inject 3', 'inject 4']);
  // With every later check those that have none look for themselves: a page may have come back out of the browser's memory.
  expect(done.filter((one) => one.startsWith('look'))).toEqual(['look 3', 'look 4']);
});

test('pages look for a banner only while there may be one', async () => {
  const { onPage, watched } = world();
  for (const state of ['up', 'up', 'down', 'down', 'own', 'up', 'up'] as const) await onPage.show(snapshot(state));
  expect(watched).toEqual([false, true, false]);
});

test('what comes at once is done in order: the later verdict stays', async () => {
  const { onPage, stored } = world();
  await Promise.all([onPage.show(snapshot('down')), onPage.show(snapshot('own')), onPage.show(snapshot('up'))]);
  expect(stored[BANNER_KEY]).toBeUndefined();
});

test('without words yet nothing changes', async () => {
  const { onPage, done } = world({ view: async () => undefined });
  await onPage.show(snapshot('down'));
  expect(done).toEqual([]);
});

test.each<[string, Snapshot, Partial<OnPagePorts>, string[]]>([
  ['the popup opens where it may', snapshot('down', { incident: OUTAGE }), {}, ['popup']],
  ['else a notification says what it is', snapshot('own'), { openPopup: async () => false }, ['notify page']],
  ['the popup opens for nobody who looks elsewhere', snapshot('own'), { isActive: async () => false }, ['notify page']],
  ['nor against the user’s wish', snapshot('down', { incident: OUTAGE }), { settings: () => ({ ...DEFAULT_SETTINGS, openPopup: false, reopenFailedTab: false }) }, ['notify page']],
  ['an outage that was just told is not told again', snapshot('down', { incident: { ...OUTAGE, detectedAt: 9_999_000 } }), { openPopup: async () => false }, []],
  ['a page that fails while the store works is told nothing', snapshot('up'), {}, []],
  ['nor is one that fails while checking is paused', snapshot('down', { incident: OUTAGE, pausedUntil: 20_000_000 }), {}, []],
  ['who wants no notice of outages gets none here', snapshot('down', { incident: OUTAGE }), { openPopup: async () => false, settings: () => MUTE }, []],
  ['but hears that it is his connection', snapshot('own'), { openPopup: async () => false, settings: () => MUTE }, ['notify page']],
])('a page does not load: %s', async (_, verdict, given, expected) => {
  const { onPage, done, at } = world(given);
  at.verdict = verdict;
  await onPage.failed(PAGE);
  expect(done.filter((one) => !/^(write|inject)/.test(one))).toEqual(['check', ...expected]);
});

test('a tab is told of once in five minutes, and pages that fail in a row share a check', async () => {
  const { onPage, done, at } = world();
  at.verdict = snapshot('own');
  await onPage.failed(PAGE);
  at.now += 1_000;
  await onPage.failed(PAGE);
  await onPage.failed({ ...PAGE, tabId: 8 });
  expect(done.filter((one) => one === 'check')).toHaveLength(1);
  expect(done.filter((one) => one === 'popup')).toHaveLength(2);
  at.now += TOLD_EVERY_MS;
  await onPage.failed(PAGE);
  expect(done.filter((one) => one === 'popup')).toHaveLength(3);
});

test.each<[string, Partial<OnPagePorts>, string[]]>([
  ['brought back once the store answers, once', {}, ['reload 7']],
  ['left alone where that is not wished', { settings: () => ({ ...DEFAULT_SETTINGS, openPopup: false, reopenFailedTab: false }) }, []],
  ['left alone where it shows something else by now', { stillFails: async () => false }, []],
])('a tab that failed is %s', async (_, given, expected) => {
  const { onPage, done, at } = world(given);
  at.verdict = snapshot('down', { incident: OUTAGE });
  await onPage.failed(PAGE);
  expect(done.filter((one) => one.startsWith('reload'))).toEqual([]);
  await onPage.show(snapshot('recovering'));
  await onPage.show(snapshot('up'));
  expect(done.filter((one) => one.startsWith('reload'))).toEqual(expected);
});

test('a page that fails while the store works is not loaded again and again', async () => {
  const { onPage, done, at } = world();
  await onPage.failed(PAGE);
  at.now += 60_000;
  await onPage.failed(PAGE);
  await onPage.show(snapshot('up'));
  expect(done).toEqual(['check', 'check']);
});

test('a page is judged by what its own check has brought, also where showing that takes longer than the check', async () => {
  const here = world({
    check: async () => {
      void here.onPage.show(snapshot('suspect'));
      void here.onPage.show(snapshot('own'));
      return success(null);
    },
    view: async () => new Promise((resolve) => setTimeout(() => resolve(view('own')), 5)),
  });
  await here.onPage.show(snapshot('up'));
  here.done.length = 0;
  await here.onPage.failed(PAGE);
  expect(here.done).toContain('popup');
});

test('requests of an open page that fail have it checked at once, then every five minutes at most', async () => {
  const { onPage, done, at } = world();
  await Promise.all([onPage.requestsFail(), onPage.requestsFail()]);
  at.now += 60_000;
  await onPage.requestsFail();
  expect(done).toEqual(['check']);
  at.now += 5 * 60_000;
  await onPage.requestsFail();
  expect(done).toEqual(['check', 'check']);
});

test('they share the check of a page that did not load', async () => {
  const { onPage, done } = world();
  await Promise.all([onPage.failed(PAGE), onPage.requestsFail()]);
  expect(done).toEqual(['check']);
});

test('nor more often where the background dies between two of them', async () => {
  const { onPage, done, session } = world();
  await onPage.requestsFail();
  const next = world({}, session);
  next.at.now += 60_000;
  await next.onPage.requestsFail();
  expect([done, next.done]).toEqual([['check'], []]);
  next.at.now += 5 * 60_000;
  await next.onPage.requestsFail();
  expect(next.done).toEqual(['check']);
});
