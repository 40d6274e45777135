import type { Page } from 'puppeteer-core';
import type { Browser as WebExtension } from 'webextension-polyfill';
import { afterAll, describe, expect, test } from 'vitest';
import type { MonitorState } from '../../utils/core/monitor-state.ts';
import { DEFAULT_SETTINGS } from '../../utils/core/settings.ts';
import type { State } from '../../utils/core/snapshot.ts';
import { en } from '../../utils/i18n/en/index.ts';
import type { LabPhase } from '../lab/lab.ts';
import type { Engine } from '../setup/ensure.ts';
import { describe as line, until } from './driver.ts';
import { Stations, whyNot, type Station } from './station.ts';

declare const browser: WebExtension;

/** Pages of the store that do not load, and what of them fails, in both real browsers: whose fault it is, and that the user's own doings never count. */
const ENGINES: readonly Engine[] = ['chromium', 'firefox'];
const LIMIT = 400_000;
const stations = new Stations(1);
afterAll(() => stations.close());

const ALBUM = 'https://music.apple.com/jp/album/lab/1600000001';
/** Asked by every check, and by no page of the lab. */
const CHECKED = 'buy.itunes.apple.com';

/** Kinds in which a page does not load: what the lab does to its host. */
const KINDS: readonly (readonly [name: string, kind: string])[] = [
  ['refused', 'tcp.refused'],
  ['silent', 'tcp.timed_out'],
  ['reset', 'tcp.reset'],
  ['name not found', 'dns.name_not_resolved'],
  ['certificate', 'tls.cert.authority_invalid'],
  ['503', 'http.503'],
];
const everything = (kind: string): LabPhase => ({ store: { fail: { [kind]: 1 } }, neighbour: { fail: { [kind]: 1 } }, controls: { fail: { [kind]: 1 } } });
const NOT_THE_STORE: readonly State[] = ['own', 'blind', 'unknown'];

/** As newly installed; the popup stays closed, so that what is told is told by notification. */
async function fresh(station: Station): Promise<void> {
  const saved = await station.session.send('settings', { settings: { ...DEFAULT_SETTINGS, openPopup: false, reopenFailedTab: true } });
  if (!saved.ok) throw new Error(saved.error.reason);
  await station.fresh();
}

const checks = async ({ lab }: Station): Promise<number> => (await lab.requests()).filter(({ host }) => host === CHECKED).length;
const paths = async ({ lab }: Station): Promise<string[]> => (await lab.requests()).filter(({ host }) => host === 'music.apple.com').map(({ path }) => path);

/** Has a page begin to load another and do something else before it has come. */
async function leave(page: Page, url: string, how: 'stop' | 'back' | 'redirect'): Promise<void> {
  await page.evaluate((to, doing) => {
    setTimeout(() => {
      if (doing === 'stop') globalThis.stop();
      else if (doing === 'back') history.back();
      else location.replace('/us/new?redirected');
    }, 700);
    location.assign(to);
  }, url, how).catch(() => undefined);
}

for (const engine of ENGINES) {
  const reason = whyNot(engine);
  const run = (name: string, task: (station: Station) => Promise<void>): void =>
    void test.skipIf(reason !== null)(`${name}${reason === null ? '' : ` (${reason})`}`, { timeout: LIMIT }, () => stations.use(engine, task));

  describe.concurrent(engine, () => {
    for (const [name, kind] of KINDS) {
      run(`a page does not load (${name}), and it is the store: checked at once, told once`, async (station) => {
        await fresh(station);
        const { session, lab } = station;
        await station.apply({ store: { fail: { [kind]: 1 } } });
        const before = (await session.snapshot())!.checkedAt!;
        const opened = session.visit(ALBUM);
        if (kind === 'tcp.timed_out') {
          // Long before the browser gives up. Silence is weighed over a minute (a resolver can be silent too); its verdict has its own test.
          const looked = await session.snapshotWith('the check', ({ checkedAt, state }) => checkedAt! > before && state === 'suspect', 40_000);
          expect(looked.targets.find(({ target }) => target === 'storefront')?.status).toBe('failed');
          expect(await station.told()).toEqual([]);
          await lab.clear();
          await (await opened).close();
          return;
        }
        const snapshot = await session.snapshotWith('the verdict', ({ checkedAt, state }) => checkedAt! > before && state !== 'suspect', 60_000);
        expect(snapshot.state, line(snapshot)).toBe('down');
        expect(snapshot.side).toBe('store');
        await until('the notification', 15_000, async () => (await station.told()).some(({ id }) => id.endsWith(':outage')));
        expect((await station.told()).map(({ id }) => id.replace(/.*:/, ''))).toEqual(['outage']);
        await (await opened).close();
      });

      run(`a page does not load (${name}), and nothing else does either: nobody is told that it is the store`, async (station) => {
        await fresh(station);
        const { session } = station;
        await station.apply(everything(kind));
        const before = (await session.snapshot())!.checkedAt!;
        const opened = session.visit(ALBUM);
        const snapshot = await session.snapshotWith('the verdict', ({ checkedAt, state }) => checkedAt! > before && state !== 'suspect', 60_000);
        expect(NOT_THE_STORE, line(snapshot)).toContain(snapshot.state);
        // What can be said is said: one's own connection. Where nothing can, nothing is.
        if (snapshot.state === 'own') await until('the hint', 15_000, async () => (await station.told()).some(({ id }) => id === 'page'));
        await session.idle();
        for (const told of await station.told()) {
          expect(told.id).toBe('page');
          if (told.title !== '') expect(told.title).toBe(en['notice.own']);
        }
        expect((await session.badge()).text).not.toBe('✕');
        await (await opened).close();
      });
    }

    run('loads that the user gave up, Back, a download, a redirect: none starts a check or counts as a failure', async (station) => {
      await fresh(station);
      const { session, lab, page } = station;
      await lab.forget();
      // Slow enough to be left in the middle, fast enough not to count as silent.
      await lab.apply({ byHost: { 'music.apple.com': { slow: 60 } } });
      // What Back leads to is here already.
      await page.evaluate(() => history.pushState({}, '', '/us/browse'));
      for (const how of ['stop', 'back', 'redirect'] as const) {
        const asked = (await paths(station)).length;
        await leave(page, `/us/album/lab/16000001?${how}`, how);
        await until(`${how}: the load`, 15_000, async () => (await paths(station)).length > asked);
        if (how === 'redirect') await until('the other page', 15_000, async () => (await paths(station)).some((path) => path.includes('redirected')));
        await until('the page to be itself again', 15_000, async () => (await page.evaluate(() => document.readyState === 'complete' && document.querySelector('.player') !== null)));
      }
      await lab.clear();
      await page.evaluate(() => location.assign('https://itunes.apple.com/search?term=lab')).catch(() => undefined);
      await until('the download', 15_000, async () => (await lab.requests()).some(({ path }) => path.startsWith('/search')));
      await session.idle(1_500);
      expect(await checks(station)).toBe(0);
      expect(await station.told()).toEqual([]);
      const { page: met } = (await session.checkNow(), (await session.stored<MonitorState>('monitor'))!);
      expect(met).toEqual([]);
    });

    run('a tab that failed is brought back by itself once the store answers; one that the user has moved on is left alone', async (station) => {
      await fresh(station);
      const { session, lab } = station;
      // Refused: of a reset Firefox makes an empty page now and then, which shows no failure.
      await station.apply({ store: { fail: { 'tcp.refused': 1 } } });
      const failed = await session.visit(ALBUM);
      await session.snapshotWith('the verdict', ({ state }) => state === 'down', 30_000);
      const moved = await session.visit(`${ALBUM}?moved`);
      // An answer of the server's that is none: that, too, is brought back.
      await station.apply({ store: { fail: { 'http.503': 1 } } });
      const answered = await session.visit(`${ALBUM}?again`);
      await until('all to be noted', 10_000, async () => {
        const noted = await session.evaluate(async () => JSON.stringify((await browser.storage.session.get('failedPages'))['failedPages'] ?? {}));
        return Object.keys(JSON.parse(noted) as object).length === 3;
      });
      await moved.goto('http://detectportal.firefox.com/success.txt', { waitUntil: 'domcontentloaded' }).catch(() => null);
      await session.idle();
      await lab.clear();
      await lab.forget();
      await session.checkNow();
      const all = async (): Promise<string[]> => (await paths(station)).filter((path) => path.startsWith(new URL(ALBUM).pathname)).toSorted();
      await until('both tabs to be brought back', 15_000, async () => (await all()).length >= 2);
      await until('the page', 15_000, () => failed.evaluate(() => document.querySelector('.player') !== null));
      // Once, however often all is well from now on.
      await session.checkNow();
      await session.idle(1_000);
      expect(await all()).toEqual([new URL(ALBUM).pathname, `${new URL(ALBUM).pathname}?again`]);
      expect(moved.url()).toContain('detectportal');
      for (const page of [failed, moved, answered]) await page.close();
    });

    run('what fails on the user’s own page alone starts a check and is named, and no address of it is kept', async (station) => {
      await fresh(station);
      const { session, lab, page } = station;
      await lab.apply({ byHost: { 'aod-ssl.itunes.apple.com': { fail: { 'tcp.refused': 1 } } } });
      await lab.forget();
      await page.bringToFront();
      const before = (await session.snapshot())!.checkedAt!;
      // As a player asks for its song, more than once.
      await page.evaluate(async () => {
        for (let attempt = 0; attempt < 3; attempt += 1) await fetch(`https://aod-ssl.itunes.apple.com/itunes-assets/secret-${attempt}.m4a`, { mode: 'no-cors' }).catch(() => null);
      });
      const snapshot = await session.snapshotWith('the check', ({ checkedAt, page: met }) => checkedAt! > before && met.length > 0, 30_000);
      expect(snapshot).toMatchObject({ state: 'up', page: [{ role: 'audio', host: 'aod-ssl.itunes.apple.com', failure: 'tcp.refused' }] });
      expect(await checks(station)).toBeGreaterThan(0);
      expect(await session.popupText()).toContain(`but on your open page this fails: ${en['targets.role.audio']}`);
      expect(await session.evaluate(async () => JSON.stringify([await browser.storage.local.get(null), await browser.storage.session.get(null)]))).not.toContain('secret');
      expect(await station.told()).toEqual([]);
      // It answers again: forgotten.
      await lab.clear();
      await page.evaluate(async () => { for (let attempt = 0; attempt < 3; attempt += 1) await fetch('https://aod-ssl.itunes.apple.com/itunes-assets/song.m4a', { mode: 'no-cors' }).catch(() => null); });
      expect((await session.checkNow()).page).toEqual([]);
    });
  });
}
