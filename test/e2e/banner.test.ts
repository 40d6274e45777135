import type { Page } from 'puppeteer-core';
import type { Browser as WebExtension } from 'webextension-polyfill';
import { afterAll, describe, expect, test } from 'vitest';
import { BANNER_KEY, type BannerView } from '../../utils/core/banner.ts';
import type { Reminder } from '../../utils/core/reminder.ts';
import { en } from '../../utils/i18n/en/index.ts';
import type { Engine } from '../setup/ensure.ts';
import { outputOf } from './build.ts';
import { BANNER, until } from './driver.ts';
import { Stations, whyNot, type Station } from './station.ts';

declare const browser: WebExtension;

/** The banner on real pages, in both real browsers: what it says, what it survives, and that it goes. */
const ENGINES: readonly Engine[] = ['chromium', 'firefox'];
const LIMIT = 240_000;
const stations = new Stations(1);
afterAll(() => stations.close());

const ALBUM = 'https://music.apple.com/jp/album/lab/1600000001';
const STRICT = 'https://music.apple.com/jp/song/lab/1600000002?lab-csp=strict';
/** Fails what no page needs, so that pages still load. */
const OUTAGE = { hosts: { catalog: { fail: { 'http.500': 1 } }, purchase: { fail: { 'http.500': 1 } } } } as const;

async function shown(station: Station, page: Page, wanted = true): Promise<string> {
  return await until(wanted ? 'the banner' : 'the banner to go', 12_000, async () => {
    const text = await station.session.banner(page);
    // What is said comes a moment after what says it, so that it is read aloud.
    return (wanted ? text?.includes('since') : text === null) ? { text: text ?? '' } : null;
  }).then(({ text }) => text);
}

/** Where the banner is, and what lies at its middle. */
async function place(page: Page): Promise<{ top: number; bottom: number; height: number; position: string; onTop: boolean }> {
  return await page.evaluate((name) => {
    const host = document.querySelector(name)!;
    const { top, bottom, height, left, width } = host.getBoundingClientRect();
    return { top, bottom, height, position: getComputedStyle(host).position, onTop: document.elementFromPoint(left + width / 2, top + height / 2) === host };
  }, BANNER);
}

/** The page as a user would measure it: where its content and its player stand. */
async function layout(page: Page): Promise<unknown> {
  return await page.evaluate(() => ['main', '.player'].map((one) => JSON.stringify(document.querySelector(one)?.getBoundingClientRect())));
}

for (const engine of ENGINES) {
  const reason = whyNot(engine);
  const run = (name: string, task: (station: Station) => Promise<void>): void =>
    void test.skipIf(reason !== null)(`${name}${reason === null ? '' : ` (${reason})`}`, { timeout: LIMIT }, () => stations.use(engine, task));

  describe(engine, () => {
    run('stands on every page of the store while it fails, moves nothing, and cannot be taken away, covered or restyled', async (station) => {
      await station.fresh();
      const { page, session } = station;
      const strict = await session.visit(STRICT);
      const before = [await layout(page), await layout(strict)];
      expect(await page.$(BANNER)).toBeNull();
      expect(await session.stored(BANNER_KEY)).toBeNull();

      await station.apply(OUTAGE);
      await station.verdict();
      for (const each of [page, strict]) {
        const text = await shown(station, each);
        for (const part of [en['verdict.degraded'], 'since', en['verdict.connection-fine'], en['banner.details']]) expect(text).toContain(part);
      }
      // Song pages alone offer to keep the song.
      expect(await session.banner(strict)).toContain(en['banner.remind.song']);
      expect(await session.banner(page)).not.toContain(en['banner.remind.song']);
      expect([await layout(page), await layout(strict)]).toEqual(before);

      // Styled in spite of a policy that forbids styles, a page that shouts, and any size of its root.
      await strict.bringToFront();
      await strict.evaluate(() => {
        document.documentElement.dir = 'rtl';
        const { style } = document.documentElement;
        style.fontSize = '40px';
        style.direction = 'rtl';
      });
      const styled = await place(strict);
      expect(styled).toMatchObject({ position: 'fixed', onTop: true });
      expect(styled.top).toBeLessThan(20);
      expect(styled.height).toBeLessThan(130);
      expect(styled.bottom).toBeLessThan(await strict.evaluate(() => document.querySelector('.player')!.getBoundingClientRect().top));

      // Covered by whatever a page may draw, hidden by its styles, removed by its scripts.
      await strict.evaluate((name) => {
        const cover = document.createElement('div');
        for (const [key, value] of Object.entries({ position: 'fixed', inset: '0', zIndex: '2147483647', background: 'black' })) cover.style.setProperty(key.replace('zIndex', 'z-index'), value, 'important');
        document.documentElement.append(cover);
        document.querySelector<HTMLElement>(name)!.style.setProperty('display', 'none', 'important');
        document.querySelector<HTMLElement>(name)!.style.setProperty('opacity', '0', 'important');
      }, BANNER);
      expect(await place(strict)).toMatchObject({ onTop: true, height: styled.height });
      await strict.evaluate((name) => document.querySelector(name)!.remove(), BANNER);
      await shown(station, strict);
      expect(await strict.evaluate((name) => document.querySelector(name)!.shadowRoot, BANNER)).toBeNull();
      await strict.close();
    });

    run('goes along where a page changes without loading, keeps its song, and is dismissed in all tabs at once', async (station) => {
      await station.fresh();
      const { page, session } = station;
      const other = await session.visit(ALBUM);
      await station.apply(OUTAGE);
      await station.verdict();
      await shown(station, page);
      await shown(station, other);

      // One that comes later looks for itself.
      const late = await session.visit('https://music.apple.com/jp/new');
      await shown(station, late);
      await late.close();

      await page.bringToFront();
      await page.evaluate(() => {
        history.pushState({}, '', '/jp/album/lab/1600000001?i=1600000002');
        document.title = 'Paper Lanterns by Hotaru Nakagawa on Apple Music';
      });
      await until('the song’s button', 5_000, async () => (await session.banner(page))?.includes(en['banner.remind.song']));
      await session.pressInBanner(page, '[data-action="remind"]');
      const [kept] = await until('the song to be kept', 5_000, () => session.stored<Reminder[]>('reminders'));
      expect(kept).toMatchObject({ id: 'jp:song:1600000002', title: 'Paper Lanterns', artist: 'Hotaru Nakagawa', url: 'https://music.apple.com/jp/album/lab/1600000001?i=1600000002' });
      expect(await session.banner(page)).toContain(en['banner.reminded']);

      await session.pressInBanner(other, '[data-action="dismiss"]');
      await shown(station, other, false);
      await shown(station, page, false);
      const third = await session.visit(ALBUM);
      await session.idle();
      expect(await session.banner(third)).toBeNull();
      await third.close();
      await other.close();
    });

    run('says when it is over, and leaves by itself', async (station) => {
      await station.fresh();
      const { page, session } = station;
      await station.apply(OUTAGE);
      await station.verdict();
      await shown(station, page);
      const view = (await session.stored<BannerView>(BANNER_KEY))!;
      await session.write({ [BANNER_KEY]: { ...view, kind: 'back', tone: 'ok', state: 'up', title: en['banner.back.title'], parts: [], fine: null } });
      await until('the good news', 3_000, async () => (await session.banner(page))?.includes(en['banner.back.title']));
      const began = Date.now();
      await shown(station, page, false);
      expect(Date.now() - began).toBeGreaterThan(5_000);
    });

    run('gives way to that of a newer version', async (station) => {
      await station.fresh();
      const { page, session } = station;
      await station.apply(OUTAGE);
      await station.verdict();
      await shown(station, page);
      await page.evaluate((name) => Object.assign(globalThis, { old: document.querySelector(name) }), BANNER);
      // Chromium does not bring back an extension that a debugger installed; installed once more, it is updated.
      if (engine === 'chromium') await session.browser.installExtension(outputOf('chrome'));
      else await session.evaluate(() => void setTimeout(() => browser.runtime.reload(), 50)).catch(() => undefined);
      await until('the old banner to go', 10_000, () => page.evaluate(() => !(globalThis as unknown as { old: Element }).old.isConnected));
      await until('the new banner', 20_000, () => page.evaluate((name) => document.querySelectorAll(name).length === 1, BANNER));
    });

    run('a page that does not load at all: checked at once, and told whose fault it is', async (station) => {
      await station.fresh();
      const { session } = station;
      await station.apply({ store: { fail: { 'tcp.reset': 1 } } });
      const began = Date.now();
      const failed = await session.visit(ALBUM);
      const snapshot = await session.snapshotWith('the verdict', ({ state }) => state === 'down', 20_000);
      expect(snapshot.side).toBe('store');
      await until('the notification', 15_000, async () => (await station.told()).some(({ id }) => id.endsWith(':outage')));
      expect(Date.now() - began).toBeLessThan(15_000);
      expect((await session.badge()).text).toBe('✕');
      await failed.close();
    });
  });
}
