import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ElementHandle, Page } from 'puppeteer-core';
import type { Browser as WebExtension } from 'webextension-polyfill';
import { afterAll, describe, expect, test } from 'vitest';
import { REMINDERS_KEY } from '../../utils/store/reminders.ts';
import { DEFAULT_SETTINGS, type Settings } from '../../utils/core/settings.ts';
import type { Snapshot } from '../../utils/core/snapshot.ts';
import { TARGETS } from '../../utils/core/targets.ts';
import { de } from '../../utils/i18n/de/index.ts';
import { en } from '../../utils/i18n/en/index.ts';
import type { LabLogRequest } from '../lab/lab.ts';
import { storefrontOf, type LabPhase } from '../lab/plan.ts';
import type { Engine } from '../setup/ensure.ts';
import { until } from './driver.ts';
import { Stations, whyNot, type Station } from './station.ts';

declare const browser: WebExtension;

/** The settings page in both real browsers: each setting, set as a user sets it, changes what it says it changes, and at once. */
const LIMIT = 180_000;
const OUTAGE: LabPhase = { store: { fail: { 'http.503': 1 }, by: 'origin' } };
/** Nobody's window opens by itself while another is looked at. */
const START: Settings = { ...DEFAULT_SETTINGS, openPopup: false };
const HOUR = 3_600_000;
const MINUTE = 60_000;

// Answers so slow that "20 times as slow as usual" and "twice" are far apart; Firefox grants what is asked for by a key or a click.
const stations = new Stations(2, { prefs: { 'extensions.webextOptionalPermissionPrompts': false } }, { latencyMs: 150 });
afterAll(() => stations.close());

type Backup = { history: Record<string, unknown>; incidents: { id: string }[]; settings: Settings; reminders: unknown[] };
const song = { id: 'us:album:1', kind: 'album' as const, title: 'Kind of Blue', artist: 'Miles Davis', artwork: null, url: 'https://music.apple.com/us/album/1', addedAt: 1_790_000_000_000 };

/** A newly installed extension with its settings page open, and what a user does there. */
class Walk {
  readonly engine: Engine;
  readonly station: Station;
  readonly page: Page;

  constructor(station: Station, page: Page) {
    this.engine = station.engine;
    this.station = station;
    this.page = page;
  }

  static async begin(station: Station): Promise<Walk> {
    // Settings outlive the rest: they are the browser's own to keep.
    expect(await station.session.send('settings', { settings: START })).toMatchObject({ ok: true });
    await station.fresh();
    const page = await station.session.page('options.html');
    await page.bringToFront();
    await until('the settings', 10_000, async () => await page.evaluate(() => document.querySelector('#interval') !== null));
    return new Walk(station, page);
  }

  async stored(): Promise<Settings> {
    return await this.station.session.evaluate(async () => (await browser.storage.sync.get('settings'))['settings'] as Settings);
  }

  async saved(fits: (settings: Settings) => boolean): Promise<void> {
    await until('the setting to be stored', 5_000, async () => fits(await this.stored()), 30);
  }

  async choose(id: string, value: string, fits: (settings: Settings) => boolean): Promise<void> {
    await this.page.select(`#${id}`, value);
    await this.saved(fits);
  }

  async toggle(id: string, fits: (settings: Settings) => boolean): Promise<void> {
    await this.page.bringToFront();
    await this.page.click(`#${id}`);
    await this.saved(fits);
  }

  async key(id: string, key: 'Home' | 'End' | 'ArrowUp' | 'ArrowDown', fits: (settings: Settings) => boolean): Promise<void> {
    await this.page.bringToFront();
    await this.page.focus(`#${id}`);
    await this.page.keyboard.press(key);
    await this.saved(fits);
  }

  /** Types a number and leaves the field. */
  async type(id: string, text: string): Promise<void> {
    await this.page.bringToFront();
    await this.page.focus(`#${id}`);
    await this.page.$eval(`#${id}`, (field) => (field as HTMLInputElement).select());
    await this.page.keyboard.type(text);
    await this.page.keyboard.press('Tab');
  }

  /** Presses the button of these words, on the settings page or on another. */
  async press(words: string, page: Page = this.page): Promise<void> {
    await until(`the button "${words}"`, 5_000, async () => await page.evaluate((text) => {
      const found = [...document.querySelectorAll('button')].find((each) => each.textContent === text);
      found?.click();
      return found !== undefined;
    }, words));
  }

  async said(words: string): Promise<void> {
    await until(`"${words}"`, 10_000, async () => await this.page.evaluate((text) => [...document.querySelectorAll('[role=status]')].some((each) => each.textContent?.includes(text)), words));
  }

  async rings(everyMinutes: number): Promise<void> {
    await until(`the alarm to ring every ${everyMinutes} min`, 5_000, async () => (await this.station.session.evaluate(async () => (await browser.alarms.getAll())[0]?.periodInMinutes)) === everyMinutes);
  }

  async requests(fits: (request: LabLogRequest, url: URL) => boolean): Promise<number> {
    return (await this.station.lab.requests()).filter((one) => fits(one, new URL(`https://${one.host}${one.path}`))).length;
  }

  /** Kinds of what the desktop was shown, by the alphabet. */
  async kinds(): Promise<string[]> {
    return (await this.station.told()).map(({ id }) => id.replace(/^[^:]*:(?:\d+:)?/, '').replace(/:\d+$/, '')).toSorted();
  }

  async isToldOf(...expected: string[]): Promise<void> {
    await until(`notifications: ${expected.join(', ')}`, 15_000, async () => (await this.kinds()).length >= expected.length).catch(() => undefined);
    expect(await this.kinds()).toEqual(expected);
  }

  /** A check, asked for without a window of its own. @returns what its first look brought */
  async look(): Promise<Snapshot> {
    const { session } = this.station;
    const before = (await session.snapshot())?.checkedAt ?? 0;
    void session.send('check', {}).catch(() => undefined);
    return await session.snapshotWith('the check that was asked for', ({ checkedAt }) => (checkedAt ?? 0) > before, 60_000);
  }

  /** The same, with the look again at what failed. */
  async verdict(): Promise<Snapshot> {
    const seen = await this.look();
    return seen.state === 'suspect' ? await this.station.session.snapshotWith('a verdict', ({ state }) => state !== 'suspect', 60_000) : seen;
  }

  /** All is well again, for longer than a recovery has to be watched and than its news may wait. */
  async recover(): Promise<void> {
    const { session, lab } = this.station;
    await lab.clear();
    expect((await this.look()).state).toBe('recovering');
    await session.advance(31 * MINUTE);
    expect((await this.look()).state).toBe('up');
    await session.advance(61_000);
    await this.look();
    await session.idle();
  }
}

const WALKS: Readonly<Record<string, (walk: Walk) => Promise<void>>> = {
  'checks: how often, which storefront, what is slow': async (walk) => {
    const { session, lab } = walk.station;
    await walk.choose('interval', '1', ({ interval }) => interval === 1);
    await walk.rings(1);
    await walk.choose('interval', '30', ({ interval }) => interval === 30);
    await walk.rings(30);

    await walk.choose('storefront', 'jp', ({ storefront }) => storefront === 'jp');
    await walk.choose('slow', '20', ({ thresholds }) => thresholds.slowFactor === 20);
    await lab.forget();
    await lab.apply({ hosts: { catalog: { slow: 12 } } });
    const catalog = ({ targets }: Snapshot) => targets.find(({ role }) => role === 'catalog')?.status;
    // The popup names who is still asked, whoever began the check.
    const popup = await session.openPopup();
    const asking = async (): Promise<string> => await popup.evaluate(() => document.querySelector('.asking')?.textContent ?? '');
    const checked = (await session.snapshot())!.checkedAt!;
    await walk.press(en['popup.check'], popup);
    await until('the popup to name whom it waits for', 10_000, async () => (await asking()).endsWith(en['popup.checking.asking'].replace('{targets}', en['targets.role.catalog'])), 30);
    const seen = await session.snapshotWith('the check', ({ checkedAt }) => checkedAt! > checked, 20_000);
    await until('nobody to be asked any more', 5_000, async () => (await asking()) === '', 30);
    expect(catalog(seen)).toBe('ok');
    void session.send('check', {}).catch(() => undefined);
    await until('the popup to follow a check of the background', 10_000, async () => (await asking()).includes(en['targets.role.catalog']), 30);
    await session.snapshotWith('that check', ({ checkedAt }) => checkedAt! > seen.checkedAt!, 20_000);
    await popup.close().catch(() => undefined);
    await walk.page.bringToFront();
    expect(await walk.requests((_, url) => storefrontOf(url) === 'jp')).toBeGreaterThan(0);
    expect(await walk.requests((_, url) => storefrontOf(url) === 'us')).toBe(0);
    await walk.choose('slow', '2', ({ thresholds }) => thresholds.slowFactor === 2);
    await session.snapshotWith('the same answer to be slow', (snapshot) => catalog(snapshot) === 'slow', 10_000);
  },

  'an outage: caution, quiet hours, reminders, changes of the cause, banner, price, recovery': async (walk) => {
    const { station, page } = walk;
    const { session } = station;
    await walk.key('caution', 'End', ({ thresholds }) => thresholds.caution === 2);
    await walk.toggle('notify-recovery', ({ notify }) => !notify.recovery);
    await walk.choose('reminder', '1', ({ notify }) => notify.reminderHours === 1);
    const hour = await page.evaluate(() => new Date().getHours());
    const later = (hour + 2) % 24;
    await walk.choose('quiet-from', String(hour), ({ notify }) => notify.quietFrom === hour);
    await walk.choose('quiet-to', String(later), ({ notify }) => notify.quietTo === later);

    await station.apply(OUTAGE);
    const first = await walk.look();
    const again = await session.snapshotWith('the look again', ({ checkedAt }) => (checkedAt ?? 0) > first.checkedAt!, 20_000);
    expect(again.state, 'asked to be sure, two looks do not do').toBe('suspect');
    await walk.key('caution', 'Home', ({ thresholds }) => thresholds.caution === 0.5);
    expect((await walk.verdict()).state, 'asked to tell early').toBe('down');
    await session.idle();
    expect(await walk.kinds(), 'in quiet hours').toEqual([]);
    await page.bringToFront();
    await walk.choose('quiet-to', String(hour), ({ notify }) => notify.quietTo === hour);
    await walk.isToldOf('outage');

    await station.bannerIs(true);
    await walk.toggle('banner', ({ banner }) => !banner);
    await station.bannerIs(false);
    await walk.toggle('banner', ({ banner }) => banner);
    await station.bannerIs(true);

    // An hour later, and another cause was the likeliest before.
    await walk.toggle('notify-cause', ({ notify }) => notify.cause);
    await session.idle();
    const monitor = (await session.stored<{ course: { incident: { cause: string } } }>('monitor'))!;
    monitor.course.incident.cause = monitor.course.incident.cause === 'storage' ? 'database' : 'storage';
    await session.write({ monitor });
    await session.advance(HOUR + MINUTE);
    await walk.look();
    await walk.isToldOf('cause', 'outage', 'reminder');
    await session.idle();
    const loss = (await session.snapshot())!.loss!;
    const price = async (what: string, fits: (now: typeof loss) => boolean): Promise<unknown> => await session.snapshotWith(what, (snapshot) => snapshot.loss !== null && fits(snapshot.loss), 10_000);
    const near = (value: number, expected: number): boolean => value > expected * 0.98 && value < expected * 1.05;
    await walk.type('songsPerDay', '2000000');
    await price('twice the songs: twice the price', (now) => near(now.atRisk[1], 2 * loss.atRisk[1]));
    await walk.type('songPrice', '75');
    await price('half the price of a song', (now) => near(now.atRisk[1], loss.atRisk[1]));
    await walk.choose('currency', 'EUR', ({ price: { currency } }) => currency === 'EUR');
    await price('Euro', ({ currency }) => currency === 'EUR');
    expect(await session.popupText()).toContain('€');
    await walk.type('return-low', '100');
    await price('nothing lost where all come back', ({ lost }) => lost[1] === 0);
    expect(await page.$eval('#return-high', (field) => (field as HTMLInputElement).value), 'at most is no less than at least').toBe('100');

    await walk.recover();
    expect(await walk.kinds(), 'nothing is told of the end').toEqual(['cause', 'outage', 'reminder']);
  },

  'outages are not told; their end is, where the computer slept over it; export, delete, import': async (walk) => {
    const { station, page } = walk;
    const { session } = station;
    await walk.toggle('notify-outage', ({ notify }) => !notify.outage);
    await walk.choose('interval', '10', ({ interval }) => interval === 10);
    await walk.type('songPrice', '99');
    await walk.saved(({ price }) => price.songPrice === 99);
    await station.apply(OUTAGE);
    expect((await walk.verdict()).state).toBe('down');
    await session.idle();
    expect(await walk.kinds()).toEqual([]);
    await session.advance(3 * HOUR);
    await walk.recover();
    // A summary takes the place of the recovery.
    await walk.isToldOf('recovery');
    for (const { title } of await station.told()) if (title !== '') expect(title).toBe(en['notice.summary']);

    expect(await session.send('remind', { reminder: song })).toMatchObject({ ok: true });
    await page.bringToFront();
    await page.evaluate(() => {
      const make = URL.createObjectURL.bind(URL);
      URL.createObjectURL = (given: Blob) => {
        void given.text().then((text) => Object.assign(globalThis, { exported: text }));
        return make(given);
      };
      // What is saved is looked at here, and not put into a folder of this machine.
      HTMLAnchorElement.prototype.click = () => undefined;
    });
    await walk.press(en['options.data.export.json']);
    const text = await until('the export', 10_000, async () => await page.evaluate(() => (globalThis as { exported?: string }).exported));
    const backup = JSON.parse(text) as Backup;
    expect(backup.incidents).toHaveLength(1);
    expect(backup).toMatchObject({ reminders: [song], settings: { interval: 10, price: { songPrice: 99 } } });

    const folder = mkdtempSync(join(tmpdir(), 'tsunagaru-import-'));
    const importing = async (given: string): Promise<void> => {
      const file = join(folder, 'tsunagaru.json');
      writeFileSync(file, given);
      const input = (await page.$('#data input[type=file]')) as ElementHandle<HTMLInputElement>;
      await input.uploadFile(file);
      await walk.press(en['options.data.import.replace']);
    };
    // All but what every check renews.
    const whole = async (): Promise<Record<string, unknown>> => JSON.parse(await session.evaluate(async () => {
      const { monitor: _monitor, snapshot: _snapshot, ledger: _ledger, ...rest } = await browser.storage.local.get(null);
      return JSON.stringify({ ...Object.fromEntries(Object.entries(rest).filter(([key]) => !key.startsWith('history'))), settings: (await browser.storage.sync.get('settings'))['settings'] });
    })) as Record<string, unknown>;
    try {
      const before = await whole();
      for (const [wrong, at] of [
        [text.slice(0, -20), 'file'],
        [JSON.stringify({ ...backup, settings: { ...backup.settings, interval: 7 } }), 'settings.interval'],
        [JSON.stringify({ ...backup, reminders: [{ ...song, url: 'javascript:alert(1)' }] }), 'reminders.0.url'],
        [JSON.stringify({ ...backup, incidents: [{ ...backup.incidents[0], startedAt: 'yesterday' }] }), 'incidents.0'],
        [JSON.stringify({ ...backup, history: { ...backup.history, snapshot: { state: 'down' } } }), 'history.snapshot'],
      ] as const) {
        await importing(wrong);
        await walk.said(`${en['options.data.failed'].replace('{reason}', '')}${at}`);
      }
      expect(await whole()).toEqual(before);

      await walk.press(en['options.data.delete.do']);
      await walk.press(en['options.data.delete.sure']);
      await walk.said(en['options.data.delete.done']);
      await session.send('settings', { settings: START });
      await session.idle();
      const gone = await whole();
      expect([gone[REMINDERS_KEY] ?? [], gone['incidents'] ?? []]).toEqual([[], []]);

      await importing(text);
      await walk.said('imported');
      await session.idle();
      const answer = await session.send('export', { format: 'json' });
      const after = JSON.parse(answer.ok ? answer.value : '{}') as Backup;
      expect(after.incidents).toEqual(backup.incidents);
      expect(after.reminders).toEqual(backup.reminders);
      expect(after.settings).toEqual(backup.settings);
      expect(Object.keys(after.history)).toEqual(expect.arrayContaining(Object.keys(backup.history)));
      await walk.rings(10);
      const incidents = await session.page('incidents.html');
      await until('the incident on its page', 10_000, async () => await incidents.evaluate((id) => document.getElementById(id) !== null, backup.incidents[0]!.id));
      await incidents.close();
    } finally {
      rmSync(folder, { recursive: true });
    }
  },

  'second opinions: whom the settings allow is asked, and nobody else': async (walk) => {
    const { lab, session } = walk.station;
    const resolvers = async (): Promise<number> => await walk.requests(({ host }) => host === 'cloudflare-dns.com' || host === 'dns.google');
    const others = async (): Promise<number> => await walk.requests((_, url) => storefrontOf(url) === 'gb');
    await walk.toggle('resolvers', ({ secondOpinion }) => !secondOpinion.resolvers);
    await walk.toggle('otherStorefront', ({ secondOpinion }) => !secondOpinion.storefront);
    await walk.station.apply({ store: { fail: { 'dns.name_not_resolved': 1 } }, doh: 'ok' });
    await lab.forget();
    await walk.look();
    expect(await resolvers()).toBe(0);
    await walk.toggle('resolvers', ({ secondOpinion }) => secondOpinion.resolvers);
    void session.send('check', {});
    await until('public resolvers to be asked', 20_000, async () => (await resolvers()) > 0);

    await walk.station.apply(OUTAGE);
    await lab.forget();
    await walk.look();
    expect(await others()).toBe(0);
    await walk.toggle('otherStorefront', ({ secondOpinion }) => secondOpinion.storefront);
    void session.send('check', {});
    await until('another storefront to be asked', 20_000, async () => (await others()) > 0);

    // Chromium asks with a window of its own that no driver can press.
    if (walk.engine !== 'firefox') return;
    const held = async (): Promise<boolean> => await session.evaluate(async () => browser.permissions.contains({ origins: ['https://api.globalping.io/*'] }));
    expect(await held()).toBe(false);
    await walk.key('world', 'ArrowDown', ({ secondOpinion }) => secondOpinion.world === 'on-request');
    expect(await held()).toBe(true);
    await walk.key('world', 'ArrowUp', ({ secondOpinion }) => secondOpinion.world === 'off');
    await until('the permission to be handed back', 5_000, async () => !(await held()));
  },

  'a store page that fails: the window opens by itself, the tab is brought back': async (walk) => {
    const { lab, session } = walk.station;
    const popups = (): number => session.browser.targets().filter((one) => one.url() === `${session.base}popup.html`).length;
    await walk.toggle('reopen', ({ reopenFailedTab }) => reopenFailedTab);
    await walk.toggle('openPopup', ({ openPopup }) => openPopup);
    await walk.station.apply({ store: { fail: { 'tcp.refused': 1 } } });
    const tab = await session.visit('https://music.apple.com/us/album/1');
    await session.snapshotWith('the outage', ({ state }) => state === 'down', 30_000);
    // Firefox opens it for nobody who did not click.
    if (walk.engine === 'chromium') await until('the window to open', 15_000, async () => popups() > 0);
    await lab.clear();
    void session.send('check', {});
    await until('the tab to come back', 20_000, async () => (await tab.evaluate(() => location.hostname === 'music.apple.com' && document.body.innerText !== '').catch(() => false)) === true);
    await tab.close();
  },

  'language and theme, on this page, in the popup and on the icon; a pause': async (walk) => {
    const { page } = walk;
    const { session, lab } = walk.station;
    const theme = async (): Promise<string | undefined> => await page.evaluate(() => document.documentElement.dataset['theme']);
    for (const wanted of ['dark', 'light']) {
      await walk.choose('theme', wanted, ({ theme: chosen }) => chosen === wanted);
      await until(`the page to be ${wanted}`, 2_000, async () => (await theme()) === wanted);
    }
    await page.select('#language', 'de');
    await until('the page to speak German', 10_000, async () => (await page.evaluate(() => document.querySelector('h1')?.textContent)) === de['options.title']);
    expect(await page.evaluate(() => document.documentElement.lang)).toBe('de');
    await until('the icon to speak German', 10_000, async () => (await session.badge()).title.includes(de['verdict.up']));

    const popup = await session.openPopup();
    await walk.press(de['popup.pause'], popup);
    await walk.press(de['popup.pause.hour'], popup);
    const { pausedUntil } = await session.snapshotWith('the pause', (snapshot) => snapshot.pausedUntil !== null, 5_000);
    expect(Math.abs(pausedUntil! - Date.now() - HOUR)).toBeLessThan(MINUTE);
    const asked = async (): Promise<number> => await walk.requests(({ host }) => TARGETS.some((target) => target.host === host));
    await lab.forget();
    await session.ring();
    await session.idle(800);
    expect(await asked()).toBe(0);
    await walk.press(de['popup.resume'], popup);
    await session.snapshotWith('the end of the pause', (snapshot) => snapshot.pausedUntil === null, 10_000);
    await until('a check', 20_000, async () => (await asked()) > 0);
    await popup.close().catch(() => undefined);
  },

  'what is wrong is refused with its place and reason, nothing of it is applied; settings travel, measurements do not': async (walk) => {
    const { page } = walk;
    const { session } = walk.station;
    await walk.type('return-low', '140');
    await until('the bounds', 5_000, async () => (await page.$eval('#return-low-flaw', (each) => each.textContent)) === 'Must be a number from 0 to 100. Until then 50 counts.');
    await walk.type('songPrice', '-1');
    expect(await walk.stored()).toEqual(START);
    for (const [wrong, at] of [
      [{ interval: 7 }, 'settings.interval'],
      [{ notify: { ...START.notify, quietFrom: 24 } }, 'settings.notify.quietFrom'],
      [{ price: { ...START.price, returnLow: 0.9, returnHigh: 0.1 } }, 'settings.price.returnLow'],
      [{ elsewhere: [{ name: 'x', url: 'javascript:alert(1)//{query}' }] }, 'settings.elsewhere.0.url'],
      [{ surprise: 1 }, 'settings.surprise'],
    ] as const) {
      const answer = await session.send('settings', { settings: { ...START, theme: 'dark', ...wrong } as Settings });
      expect(answer).toMatchObject({ ok: false, error: { at } });
      expect(answer.ok ? '' : answer.error.reason).toMatch(/\w/);
    }
    expect(await walk.stored()).toEqual(START);
    expect(await session.evaluate(async () => [Object.keys(await browser.storage.sync.get(null)), 'settings' in (await browser.storage.local.get(null))])).toEqual([['settings'], false]);

    // From another of the user's browsers; one field of it is of a version that is not known here.
    await session.evaluate(async (settings: object) => browser.storage.sync.set({ settings }), { ...START, interval: 15, theme: 'sepia' });
    await walk.rings(15);
    await until('the choice of the other browser', 5_000, async () => await page.evaluate(() => document.querySelector<HTMLSelectElement>('#interval')?.value === '15' && document.querySelector<HTMLSelectElement>('#theme')?.value === 'auto'));
  },
};

describe.concurrent('settings', () => {
  for (const [name, walk] of Object.entries(WALKS)) {
    for (const engine of ['chromium', 'firefox'] as const) {
      const reason = whyNot(engine);
      test.skipIf(reason !== null)(`${engine}: ${name}${reason === null ? '' : ` (${reason})`}`, { timeout: LIMIT }, () => stations.use(engine, async (station) => {
        const begun = await Walk.begin(station);
        await walk(begun);
        await begun.page.close().catch(() => undefined);
        expect(station.session.faults).toEqual([]);
      }));
    }
  }
});
