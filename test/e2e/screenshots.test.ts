import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Page } from 'puppeteer-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { DEFAULT_SETTINGS } from '../../utils/core/settings.ts';
import type { State } from '../../utils/core/snapshot.ts';
import type { LabPhase } from '../lab/lab.ts';
import { Stations, whyNot, type Station } from './station.ts';

/**
 * Pictures of popup and banner as the browser really paints them, in `.output/screenshots`: four states, two languages, two themes. What can be
 * judged without eyes is judged here: nothing is cut off, a popup is no higher than a browser allows, and axe finds nothing.
 */
const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const LOOKS: readonly (readonly ['en' | 'ja', 'light' | 'dark'])[] = [['en', 'light'], ['en', 'dark'], ['ja', 'light'], ['ja', 'dark']];

const STATES: readonly { name: string; state: State; phases: readonly LabPhase[]; banner: boolean }[] = [
  { name: 'up', state: 'up', phases: [], banner: false },
  { name: 'down', state: 'down', phases: [{ store: { fail: { 'http.503': 1 }, by: 'origin' } }], banner: true },
  { name: 'degraded', state: 'degraded', phases: [{ hosts: { audio: { fail: { 'http.503': 1 } }, artwork: { fail: { 'http.503': 1 } } } }], banner: true },
  { name: 'recovering', state: 'recovering', phases: [{ store: { fail: { 'http.503': 1 } } }, {}], banner: true },
  { name: 'own', state: 'own', phases: [{ client: { online: false } }], banner: false },
];

const reason = whyNot('chromium');
const stations = new Stations(1);
afterAll(() => stations.close());

interface Violation {
  id: string;
  nodes: { target: string[]; failureSummary?: string }[];
}

async function violations(page: Page): Promise<string[]> {
  await page.evaluate(AXE);
  const found = (await page.evaluate(() => (globalThis as unknown as { axe: { run(): Promise<{ violations: unknown[] }> } }).axe.run().then((result) => result.violations))) as Violation[];
  return found.map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(' ')).join(', ')}`);
}

/** Sets language and theme as the options page does, and waits until everything shown follows. */
async function dress({ session }: Station, language: 'en' | 'ja', theme: 'light' | 'dark'): Promise<void> {
  const answer = await session.send('settings', { settings: { ...DEFAULT_SETTINGS, language, theme } });
  expect(answer).toMatchObject({ ok: true });
  await session.snapshotWith(`${language}, ${theme}`, (snapshot) => snapshot.language === language && snapshot.theme === theme, 10_000);
}

describe.skipIf(reason !== null)(`pictures${reason === null ? '' : ` (${reason})`}`, () => {
  for (const { name, state, phases, banner } of STATES) {
    describe(name, () => {
      const faults: string[] = [];
      beforeAll(async () => {
        await stations.use('chromium', async (station) => {
          const { session } = station;
          let snapshot = await station.fresh();
          for (const phase of phases) {
            await station.apply(phase);
            snapshot = await station.verdict();
          }
          for (let minute = 0; minute < 6 && snapshot.state !== state; minute += 1) {
            await session.advance(60_000);
            snapshot = await station.verdict();
          }
          expect(snapshot.state).toBe(state);
          await session.idle();
          for (const [language, theme] of LOOKS) {
            const label = `${name}-${language}-${theme}`;
            await dress(station, language, theme);
            const popup = await session.openPopup();
            await popup.waitForFunction(() => document.body.innerText.trim() !== '', { timeout: 10_000 });
            await session.theme(popup, theme);
            await session.screenshot(popup, `popup-${label}`);
            const size = await popup.evaluate(() => ({ width: document.documentElement.scrollWidth, inner: innerWidth, height: innerHeight, lang: document.documentElement.lang }));
            if (size.width > size.inner) faults.push(`popup-${label}: wider than its window (${size.width} > ${size.inner})`);
            if (size.height > 600) faults.push(`popup-${label}: ${size.height} px high`);
            if (size.lang !== language) faults.push(`popup-${label}: the document says lang="${size.lang}"`);
            faults.push(...(await violations(popup)).map((one) => `popup-${label}: ${one}`));
            await popup.close().catch(() => undefined);
            if (!banner) continue;
            await session.theme(station.page, theme);
            await station.page.bringToFront();
            await station.bannerIs(true);
            // Its words follow a moment after the snapshot's.
            await new Promise((resolve) => setTimeout(resolve, 400));
            await session.screenshot(station.page, `banner-${label}`);
          }
        });
      }, 300_000);

      test('nothing is cut off, and axe finds nothing', () => {
        expect(faults).toEqual([]);
      });
    });
  }
});
