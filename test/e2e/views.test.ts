import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import puppeteer from 'puppeteer-core';
import type { Browser, Page } from 'puppeteer-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { VIEWS, buildPage } from '../views/build.ts';
import type { Asked } from '../views/build.ts';

const CHROMIUM = process.env['CHROMIUM'] ?? '/usr/bin/chromium';

/** What each view looks like in every state without the extension: no violation of WCAG 2.2 AA that a machine can find, nothing cut off. */
describe.skipIf(!existsSync(CHROMIUM))('views in Chromium (skipped where there is none)', () => {
  let browser: Browser;
  let page: Page;
  let axe: string;
  let address: (asked: Asked) => string;
  beforeAll(async () => {
    address = await buildPage(join(import.meta.dirname, '../../.cache/views-test'));
    axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
    browser = await puppeteer.launch({ executablePath: CHROMIUM, args: ['--no-sandbox', '--disable-gpu'] });
    page = await browser.newPage();
  });
  afterAll(() => browser?.close());

  const cases = Object.entries(VIEWS).flatMap(([view, { states }]) => states.map((state) => ({ view, state })));

  test.each(cases)('$view, $state: axe finds nothing, in both themes', async ({ view, state }) => {
    // Unfolded shows nearly all that folded does; what only folded shows is on the popup.
    for (const [theme, open] of [['light', true], ['dark', true], ...(view === 'popup' ? [['light', false] as const] : [])] as const) {
      await page.setViewport({ width: view === 'popup' ? 380 : 1100, height: 900 });
      await page.goto(address({ view, state, language: open ? 'ja' : 'en', theme, open }));
      await page.evaluate(axe);
      const violations = await page.evaluate(async () => {
        const { violations } = await (globalThis as unknown as { axe: typeof import('axe-core') }).axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa', 'best-practice'] });
        return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html, failureSummary }) => `${html.slice(0, 160)} ${failureSummary?.slice(0, 300)}`).join(' | ')}`);
      });
      expect(violations, `${theme}${open ? ', unfolded' : ''}`).toEqual([]);
    }
  });

  test.each(cases)('$view, $state: nothing runs over the edge at 320 px nor at 200 %', async ({ view, state }) => {
    for (const language of ['en', 'ja']) {
      for (const [width, deviceScaleFactor] of [[320, 1], [view === 'popup' ? 380 : 640, 2]] as const) {
        await page.setViewport({ width, height: 700, deviceScaleFactor });
        await page.goto(address({ view, state, language, theme: 'light', open: true }));
        const over = await page.evaluate(() => {
          const edge = document.documentElement.clientWidth;
          return [...document.querySelectorAll('body *')].filter((each) => !each.closest('.scrolls') && each.getBoundingClientRect().right > edge + 1 && each.getBoundingClientRect().width > 1).map((each) => each.outerHTML.slice(0, 140));
        });
        expect(over, `${language} at ${width}`).toEqual([]);
      }
    }
  });

  test.each(['down', 'degraded', 'maintenance', 'offline', 'up'])('popup, %s: verdict, way, cause and forecast stand in the first 600 px', async (state) => {
    for (const language of ['en', 'ja']) {
      await page.setViewport({ width: 380, height: 600 });
      await page.goto(address({ view: 'popup', state, language, theme: 'light' }));
      const bottoms = await page.evaluate(() => {
        const footer = document.querySelector('.actions')?.getBoundingClientRect().top ?? 0;
        return ['.verdict', '.way', '.cause.first', '.forecast'].flatMap((name) => {
          const found = document.querySelector(name);
          return found ? [{ name, hidden: Math.max(0, found.getBoundingClientRect().bottom - footer) }] : [];
        });
      });
      expect(bottoms.filter(({ hidden }) => hidden > 0), language).toEqual([]);
    }
  });

  test('everything that can be pressed is reached by Tab, and shows where the focus is', async () => {
    await page.setViewport({ width: 380, height: 900 });
    await page.goto(address({ view: 'popup', state: 'degraded', language: 'en', theme: 'light' }));
    const all = await page.evaluate(() => document.querySelectorAll('button, a[href], input, summary').length);
    const seen = new Set<string>();
    for (let step = 0; step < all + 3; step++) {
      await page.keyboard.press('Tab');
      const focused = await page.evaluate(() => {
        const element = document.activeElement;
        if (!element || element === document.body) return null;
        return { html: element.outerHTML.slice(0, 120), outline: getComputedStyle(element).outlineStyle };
      });
      if (!focused) continue;
      expect(focused.outline, focused.html).not.toBe('none');
      seen.add(focused.html);
    }
    expect(seen.size).toBe(all);
  });
});
