import type { Page } from 'puppeteer-core';
import type { Browser as WebExtension } from 'webextension-polyfill';
import { afterAll, describe, expect, test } from 'vitest';
import { WORLD_TOKEN_KEY } from '../../utils/core/opinion.ts';
import { DEFAULT_SETTINGS, type Settings } from '../../utils/core/settings.ts';
import type { Snapshot } from '../../utils/core/snapshot.ts';
import { en } from '../../utils/i18n/en/index.ts';
import type { LabPhase } from '../lab/lab.ts';
import type { Engine } from '../setup/ensure.ts';
import { describe as line, until } from './driver.ts';
import { Stations, whyNot, type Station } from './station.ts';

declare const browser: WebExtension;

/** "Down for everyone, or just you?" in both real browsers, asked in the lab's own small world as a user in Japan would ask it. */
const ENGINES: readonly Engine[] = (['chromium', 'firefox'] as const).filter((engine) => (process.env['TSUNAGARU_ENGINE'] ?? engine) === engine);
/** Waiting for a free browser counts too. */
const LIMIT = 600_000;
const POPUP = 'popup.do.others';
const stations = new Stations(2, { prefs: { 'extensions.webextOptionalPermissionPrompts': false } });
afterAll(() => stations.close());

interface Case {
  what: string;
  phase: LabPhase;
  states: readonly Snapshot['state'][];
  /** Presses "Ask around the world". */
  ask: boolean;
  says: readonly (string | RegExp)[];
  saysNot?: readonly string[];
  /** What it is once the answer has been weighed. */
  becomes?: Snapshot['state'];
}

const EVERYWHERE: LabPhase = { store: { fail: { 'http.503': 1 } }, world: { failShare: 1, ownCountryFailShare: 1 } };
const SILENT: LabPhase['store'] = { fail: { 'tcp.timed_out': 1 } };
const CASES: readonly Case[] = [
  {
    what: 'only me', phase: { store: SILENT, world: { failShare: 0, ownCountryFailShare: 0 } }, states: ['own', 'down'], ask: true,
    says: [en[`${POPUP}.only-you`], '8 places in 6 countries can reach it'], saysNot: [en[`${POPUP}.everyone`]],
  },
  {
    what: 'my country only', phase: { store: { fail: { 'http.503': 1 } }, sparedStorefronts: ['us'], world: { failShare: 0, ownCountryFailShare: 1 } }, states: ['down'], ask: true,
    says: ['Only in Japan: elsewhere the store answers.', '3 of 8 places in 6 countries can’t reach it either; Japan: 3 of 3 fail', 'United States store: answers, so it’s only yours'],
  },
  {
    what: 'everywhere', phase: { store: { fail: { 'http.503': 1 } }, world: { failShare: 1, ownCountryFailShare: 1 } }, states: ['down'], ask: true,
    says: [en[`${POPUP}.everyone`], '8 of 8 places in 6 countries can’t reach it either; Japan: 3 of 3 fail', 'United States store: fails too, so it isn’t only yours'],
  },
  {
    what: 'my resolver lies: nobody is at home at its addresses', phase: { resolver: 'lies', store: SILENT }, states: ['own', 'down'], ask: false,
    says: [/public DNS can|Public DNS finds the store’s names/], saysNot: [en[`${POPUP}.resolver.failing`]],
  },
  {
    what: 'my resolver does not know the names, public ones do', phase: { store: { fail: { 'dns.name_not_resolved': 1 } }, doh: 'ok' }, states: ['own'], ask: false,
    says: [en[`${POPUP}.resolver.yours`]],
  },
  {
    // To this browser a null address looks like servers that refuse; others are not refused.
    what: 'a blocker answers with the null address for everything', phase: { store: { lie: 'null' }, world: { failShare: 0, ownCountryFailShare: 0 } }, states: ['own', 'down', 'suspect'], ask: true,
    says: [en[`${POPUP}.only-you`], en[`${POPUP}.resolver.yours`]], becomes: 'own',
  },
  {
    what: 'nobody resolves the names, and why is told', phase: { store: { fail: { 'dns.failed': 1 } }, doh: 'failing' }, states: ['down'], ask: false,
    says: [en[`${POPUP}.resolver.failing`], /SERVFAIL/, /EDE 22: No Reachable Authority/],
  },
  {
    what: 'the edge answers, the site behind it does not', phase: { store: { fail: { 'http.503': 1 }, by: 'edge' } }, states: ['down'], ask: false,
    says: [en['popup.way.edge-only']],
  },
  {
    what: 'the application itself answers with errors', phase: { store: { fail: { 'http.503': 1 }, by: 'origin' } }, states: ['down'], ask: false,
    says: [en['verdict.down']], saysNot: [en['popup.way.edge-only']],
  },
];

/** Settings as they come from another of the user's browsers: nothing was clicked here. */
async function wish(station: Station, world: Settings['secondOpinion']['world']): Promise<void> {
  const settings: Settings = { ...DEFAULT_SETTINGS, storefront: 'jp', openPopup: false, secondOpinion: { ...DEFAULT_SETTINGS.secondOpinion, world } };
  await station.session.evaluate(async (all: object) => browser.storage.sync.set({ settings: all }), settings);
}

/** The whole text of the popup, folded parts too. */
async function wholeText(page: Page): Promise<string> {
  return await page.evaluate(() => {
    for (const each of document.querySelectorAll('details')) each.open = true;
    return document.body.innerText;
  });
}

async function press(page: Page, selector: string): Promise<void> {
  await until(`the button ${selector}`, 10_000, async () => await page.evaluate((wanted) => document.querySelector<HTMLButtonElement>(`${wanted}:not(:disabled, [aria-disabled="true"])`) !== null, selector));
  // A real click: browsers give permissions to nothing less. Not below the buttons that always stay in sight.
  await page.evaluate((wanted) => document.querySelector(wanted)?.scrollIntoView({ block: 'center' }), selector);
  await page.click(selector);
}

async function held(station: Station): Promise<boolean> {
  return await station.session.evaluate(async () => browser.permissions.contains({ origins: ['https://api.globalping.io/*'] }));
}

const asked = async (station: Station, method: string): Promise<number> => (await station.lab.requests()).filter((one) => one.host === 'api.globalping.io' && one.method === method).length;

for (const engine of ENGINES) {
  const reason = whyNot(engine);
  const run = (what: string, world: Settings['secondOpinion']['world'], phase: LabPhase, task: (station: Station) => Promise<void>): void => {
    test.skipIf(reason !== null)(`${engine}: ${what}${reason === null ? '' : ` (${reason})`}`, { timeout: LIMIT }, () => stations.use(engine, async (station) => {
      await wish(station, world);
      await station.fresh();
      await station.lab.forget();
      await station.apply(phase);
      await task(station);
    }));
  };
  describe.concurrent(engine, () => {
    for (const one of CASES) {
      run(one.what, 'on-request', one.phase, async (station) => {
        // Where only others can tell, the popup may not be sure before they are asked.
        const seen = one.becomes === undefined ? await station.verdict() : await station.session.checkNow(60_000);
        expect(one.states, line(seen)).toContain(seen.state);
        // Nobody is asked without a click.
        expect(await asked(station, 'POST')).toBe(0);
        const page = await station.session.openPopup();
        try {
          if (one.ask) {
            await press(page, '[data-action="ask-world"]');
            await station.session.snapshotWith('an opinion of the world', ({ world }) => (world?.votes ?? 0) > 0, 60_000);
          }
          if (one.becomes !== undefined) await station.session.snapshotWith(one.becomes, ({ state }) => state === one.becomes, 20_000);
          const says = one.says.map((words) => (typeof words === 'string' ? (text: string) => text.includes(words) : (text: string) => words.test(text)));
          let text = '';
          await until('the popup to say it', 20_000, async () => says.every((said) => said(text)) || ((text = await wholeText(page)), says.every((said) => said(text)))).catch((error: unknown) => {
            throw new Error(`${String(error)}: ${one.says.join(' | ')}\nit says: ${text}`);
          });
          for (const words of one.saysNot ?? []) expect(text).not.toContain(words);
          if (one.ask) expect(await asked(station, 'POST')).toBe(1);
        } finally {
          await page.close().catch(() => undefined);
        }
        expect(station.session.faults).toEqual([]);
      });
    }

    run('asked again at once: not yet, and from when on', 'on-request', EVERYWHERE, async (station) => {
      await station.verdict();
      const page = await station.session.openPopup();
      try {
        await press(page, '[data-action="ask-world"]');
        await station.session.snapshotWith('an opinion of the world', ({ world }) => world?.votes === 8, 60_000);
        await press(page, '[data-action="ask-world"]');
        await station.session.snapshotWith('a refusal beside the opinion', ({ world }) => world?.votes === 8 && world.refused?.because === 'not-yet', 20_000);
        await until('the popup to say why', 10_000, async () => (await wholeText(page)).includes(`${en[`${POPUP}.why.not-yet`]} Again from`));
        expect(await asked(station, 'POST')).toBe(1);
      } finally {
        await page.close().catch(() => undefined);
      }
    });

    run('a background that is killed in the middle goes on, and asks nothing twice', 'on-request', EVERYWHERE, async (station) => {
      await station.verdict();
      const page = await station.session.openPopup();
      try {
        await press(page, '[data-action="ask-world"]');
        await until('a run with an id', 10_000, async () => (await station.session.stored<{ run: { phase: string } | null }>('world'))?.run?.phase === 'poll', 20);
        await station.session.killWorker();
      } finally {
        await page.close().catch(() => undefined);
      }
      await station.session.ring();
      await station.session.snapshotWith('an opinion of the world', ({ world }) => world?.votes === 8, 60_000);
      expect(await asked(station, 'POST')).toBe(1);
    });

    run('once for each outage, by itself, where that is wished', 'once-per-incident', EVERYWHERE, async (station) => {
      expect((await station.verdict()).state).toBe('down');
      // Sure by now: with the next check others are asked.
      await station.session.checkNow();
      await until('the question to be answered', 30_000, async () => {
        const run = (await station.session.stored<{ run: { phase: string } | null }>('world'))?.run;
        return run?.phase === 'done';
      });
      for (let check = 0; check < 2; check += 1) await station.session.checkNow();
      expect((await station.session.snapshot())?.world).toMatchObject({ votes: 8, failed: 8 });
      expect(await asked(station, 'POST')).toBe(1);
    });

    run('nobody is asked before the user has agreed; switched off, permission and token are gone', 'off', EVERYWHERE, async (station) => {
      await station.verdict();
      const page = await station.session.openPopup();
      try {
        await press(page, '[data-action="ask-world"]');
        await until('the question for consent', 10_000, async () => (await wholeText(page)).includes(en[`${POPUP}.consent`]));
        expect(await asked(station, 'POST')).toBe(0);
        expect(await held(station)).toBe(false);
        // Chromium asks with a window of its own that no driver can press; from here on Firefox, which can be told to agree.
        if (engine !== 'firefox') return;
        await press(page, '[data-action="agree-world"]');
        await station.session.snapshotWith('an opinion of the world', ({ world }) => world?.votes === 8, 60_000);
        expect(await held(station)).toBe(true);
      } finally {
        await page.close().catch(() => undefined);
      }
      await station.session.write({ [WORLD_TOKEN_KEY]: 'a-token' });
      const options = await station.session.page('options.html#opinion');
      try {
        await until('the choice', 10_000, async () => await options.evaluate(() => document.querySelector<HTMLSelectElement>('#world')?.value === 'on-request'));
        expect(await options.evaluate(() => document.querySelector<HTMLInputElement>('#token')?.placeholder)).toBe(en['options.token.kept']);
        await options.select('#world', 'off');
        await until('permission and token to go', 10_000, async () => !(await held(station)) && (await station.session.stored(WORLD_TOKEN_KEY)) === null);
      } finally {
        await options.close().catch(() => undefined);
      }
    });
  });
}
