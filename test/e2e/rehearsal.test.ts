import type { Browser as WebExtension } from 'webextension-polyfill';
import { afterAll, describe, expect, test } from 'vitest';
import { BANNER_KEY } from '../../utils/core/banner.ts';
import type { Snapshot } from '../../utils/core/snapshot.ts';
import { en } from '../../utils/i18n/en/index.ts';
import type { Engine } from '../setup/ensure.ts';
import { until } from './driver.ts';
import { Stations, whyNot, type Station } from './station.ts';

declare const browser: WebExtension;

/** A documented outage, played from the settings page in both real browsers, while the store (of the lab) is well. */
const ENGINES: readonly Engine[] = ['chromium', 'firefox'];
/** Waiting for a free browser counts too. */
const LIMIT = 600_000;
const stations = new Stations(1);
afterAll(() => stations.close());

const SCENARIO = 'rehearsal-2015-dns';
const TITLE = en['rehearsal.2015-dns'];
/** The fastest that is offered: twelve hours in 36 seconds. */
const SPEED = '1200';
const isPlayed = ({ rehearsal }: Snapshot): boolean => rehearsal?.id === SCENARIO;

/** Everything that is stored, without what each check of the real store changes; of the ledger whom it names, of the history what it says of the day. */
async function kept(station: Station): Promise<Record<string, unknown>> {
  return JSON.parse(
    await station.session.evaluate(async () => {
      const { monitor, snapshot, ledger, ...rest } = await browser.storage.local.get(null);
      const { course, lastIncident, past, told, outbox, dismissed } = monitor as { course: { phase: string; incident: unknown } } & Record<string, unknown>;
      const { rehearsal, state, strip } = snapshot as { rehearsal: unknown; state: unknown; strip: { uptime: number | null } };
      return JSON.stringify({
        ...Object.fromEntries(Object.entries(rest).filter(([key]) => !key.startsWith('history.'))),
        ledger: Object.keys((ledger as { hosts: object }).hosts).sort(),
        settings: await browser.storage.sync.get(null),
        monitor: { phase: course.phase, incident: course.incident, lastIncident, past, told, outbox, dismissed },
        snapshot: { rehearsal, state, failed: strip.uptime !== null && strip.uptime < 1 },
      });
    }),
  ) as Record<string, unknown>;
}

/** Starts it as a user would. */
async function start(station: Station): Promise<void> {
  const page = await station.session.page('options.html#rehearsal');
  try {
    await until('the choice of outages', 10_000, async () => await page.evaluate(() => document.querySelector('#rehearsal-which') !== null));
    await page.select('#rehearsal-which', SCENARIO);
    await page.select('#rehearsal-speed', SPEED);
    await page.evaluate(() => document.querySelector<HTMLButtonElement>('#rehearsal button')!.click());
    await station.session.snapshotWith('an outage that is played', (snapshot) => isPlayed(snapshot) && snapshot.state === 'down', 20_000);
    // The page says so too, and offers to end it.
    await until('the settings to say what is played', 5_000, async () => (await page.evaluate(() => document.querySelector('#rehearsal')!.textContent)).includes(TITLE));
  } finally {
    await page.close().catch(() => undefined);
  }
}

for (const engine of ENGINES) {
  const reason = whyNot(engine);
  const run = (name: string, task: (station: Station) => Promise<void>): void => {
    test.skipIf(reason !== null)(`${name}${reason === null ? '' : ` (${reason})`}`, { timeout: LIMIT }, () => stations.use(engine, task));
  };

  describe.concurrent(engine, () => {
    run('from start to end: icon, popup, banner and notifications say that it is played, and nothing of it stays', async (station) => {
      const { session } = station;
      await station.fresh();
      const before = await kept(station);
      await start(station);

      const [badge, popup, banner] = [await session.badge(), await session.popupText(), await station.bannerIs(true)];
      expect(badge.title).toMatch(/^Rehearsal: /);
      expect(badge.text).not.toBe('');
      expect(popup).toContain(`Rehearsal: ${TITLE}`);
      expect(popup).toContain(en['verdict.down']);
      expect(banner).toContain(`Rehearsal: ${TITLE}`);
      const shown = (await session.snapshot())!;
      expect(shown.forecast).not.toBeNull();
      expect(shown.loss).not.toBeNull();
      expect(Math.abs(Date.now() - shown.checkedAt!)).toBeLessThan(5 * 60_000);

      // The real store is checked meanwhile, and what comes of it is not shown.
      const checkedAt = async (): Promise<number> => (await session.stored<{ lastRoundAt: number }>('monitor'))!.lastRoundAt;
      const checked = await checkedAt();
      expect(await session.evaluate(async () => browser.runtime.sendMessage({ command: 'check', ask: {} }))).toMatchObject({ ok: true });
      expect(await checkedAt()).toBeGreaterThan(checked);
      expect(isPlayed((await session.snapshot())!)).toBe(true);

      const after = await session.snapshotWith('the real state to come back', ({ rehearsal }) => rehearsal === null, 120_000);
      expect(after.state).toBe('up');
      await until('the banner to be taken away', 10_000, async () => (await session.stored(BANNER_KEY)) === null);
      expect(await station.bannerIs(false)).toBeNull();
      const told = await station.told();
      expect(told.map(({ id }) => id.replace(/^[^:]*:/, ''))).toEqual(['outage:rehearsal', 'recovery:rehearsal']);
      for (const { title } of told) if (title !== '') expect(title).toMatch(/^Rehearsal: /);
      expect((await session.badge()).text).toBe('');
      await session.idle();
      expect(await kept(station)).toEqual(before);
    });

    run('stopped in the popup: the real state is there at once, and nothing follows', async (station) => {
      const { session } = station;
      await station.fresh();
      const before = await kept(station);
      await start(station);
      await station.bannerIs(true);
      const told = (await station.told()).length;
      const page = await session.openPopup();
      await until('the button that ends it', 5_000, async () => await page.evaluate(() => {
        const button = document.querySelector<HTMLButtonElement>('.rehearsal button');
        button?.click();
        return button !== null;
      }));
      const after = await session.snapshotWith('the real state', ({ rehearsal }) => rehearsal === null, 5_000);
      expect(after.state).toBe('up');
      await page.close().catch(() => undefined);
      await station.bannerIs(false);
      await new Promise((resolve) => setTimeout(resolve, 3_000));
      expect((await session.snapshot())!.rehearsal).toBeNull();
      expect(await station.told()).toHaveLength(told);
      expect(await kept(station)).toEqual(before);
    });

    run('a background that dies in the middle ends it: with its next start the real state is there', async (station) => {
      const { session } = station;
      await station.fresh();
      const before = await kept(station);
      await start(station);
      await session.killWorker();
      await session.ring();
      const after = await session.snapshotWith('the real state', ({ rehearsal }) => rehearsal === null, 20_000);
      expect(after.state).toBe('up');
      await station.bannerIs(false);
      await new Promise((resolve) => setTimeout(resolve, 2_500));
      expect((await session.snapshot())!.rehearsal).toBeNull();
      expect(await kept(station)).toEqual(before);
    });
  });
}
