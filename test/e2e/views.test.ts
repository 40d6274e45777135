import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import puppeteer from 'puppeteer-core';
import type { Browser, Page } from 'puppeteer-core';
import { afterAll, beforeAll, describe, expect, test as base } from 'vitest';
import { findBrowser } from '../setup/ensure.ts';
import type { Engine } from '../setup/ensure.ts';
import { VIEWS, buildPage } from '../views/build.ts';
import type { Asked } from '../views/build.ts';

let address: (asked: Asked) => string;
let axe: string;
beforeAll(async () => {
  address = await buildPage(join(import.meta.dirname, '../../.cache/views-test'));
  axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
});

async function launch(engine: Engine, path: string): Promise<Browser> {
  return engine === 'firefox' ? await puppeteer.launch({ browser: 'firefox', executablePath: path, headless: true }) : await puppeteer.launch({ executablePath: path, args: ['--no-sandbox', '--disable-gpu'] });
}

/** What each view looks like in every state without the extension: no violation of WCAG 2.2 AA that a machine can find, nothing cut off. */
describe.each(['chromium', 'firefox'] as const)('views in %s', (engine) => {
  const found = findBrowser(engine);
  let browser: Browser;
  let page: Page;
  beforeAll(async () => {
    if (!found.ok) return;
    browser = await launch(engine, found.value.path);
    page = await browser.newPage();
  });
  afterAll(() => browser?.close());
  const test = base.skipIf(!found.ok);

  test.each(Object.entries(VIEWS).map(([view, { states }]) => ({ view, states })))('$view: axe finds nothing in any state, in both themes', async ({ view, states }) => {
    await page.setViewport({ width: view === 'popup' ? 380 : 1100, height: 900 });
    await page.goto(address({ view, state: states[0]!, language: 'en', theme: 'light' }));
    await page.evaluate(axe);
    // One page for all of them. Unfolded shows nearly all that folded does; Firefox takes the themes in turn: the colours are the same.
    const themes = ['light', 'dark'].map((theme, turn) => ({ theme, turn }));
    const looks = states.flatMap((state, index) => [
      ...themes.filter(({ turn }) => engine === 'chromium' || turn === index % 2).map(({ theme }) => `view=${view}&state=${state}&lang=ja&theme=${theme}&open`),
      ...(view === 'popup' && engine === 'chromium' ? [`view=${view}&state=${state}&lang=en&theme=light`] : []),
    ]);
    if (view === 'popup' || view === 'welcome') looks.push(...themes.map(({ theme }) => `view=${view}&state=up&lang=en&theme=${theme}&progress&open`));
    const violations = await page.evaluate(async (queries) => {
      const { axe, show } = globalThis as unknown as { axe: typeof import('axe-core'); show(query: string): void };
      const found: string[] = [];
      for (const query of queries) {
        show(query);
        // A number out of bounds: the words that say so are looked at too.
        for (const field of document.querySelectorAll<HTMLInputElement>('#songPrice, #return-low')) {
          field.value = '-1';
          field.dispatchEvent(new Event('change', { bubbles: true }));
        }
        await new Promise((resolve) => setTimeout(resolve));
        const { violations } = await axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa', 'best-practice'], resultTypes: ['violations'] });
        found.push(...violations.map(({ id, nodes }) => `${query}: ${id}: ${nodes.map(({ html, failureSummary }) => `${html.slice(0, 160)} ${failureSummary?.slice(0, 300)}`).join(' | ')}`));
      }
      return found;
    }, looks);
    expect(violations).toEqual([]);
  });

  test.each(Object.entries(VIEWS).map(([view, { states }]) => ({ view, states })))('$view: nothing runs over the edge in any state, at 320 px nor at 200 %', async ({ view, states }) => {
    await page.goto(address({ view, state: states[0]!, language: 'en', theme: 'light' }));
    for (const [width, deviceScaleFactor] of [[320, 1], [view === 'popup' ? 380 : 640, 2]] as const) {
      await page.setViewport({ width, height: 700, deviceScaleFactor });
      const queries = states.flatMap((state) => ['en', 'ja', 'de'].map((language) => `view=${view}&state=${state}&lang=${language}&theme=light&open`));
      const over = await page.evaluate(async (all) => {
        const { show } = globalThis as unknown as { show(query: string): void };
        const found: string[] = [];
        for (const query of all) {
          show(query);
          // What is drawn to measure is told the width a moment later.
          const plot = document.querySelector('.plot');
          for (let frame = 0; frame < 60 && plot !== null && (plot.querySelector('svg')?.getBoundingClientRect().width ?? 0) > plot.clientWidth; frame++) await new Promise((resolve) => requestAnimationFrame(resolve));
          const edge = document.documentElement.clientWidth;
          const over = [...document.querySelectorAll('body *')].filter((each) => !each.closest('.scrolls') && each.getBoundingClientRect().right > edge + 1 && each.getBoundingClientRect().width > 1);
          found.push(...over.map((each) => `${query}: ${each.outerHTML.slice(0, 140)}`));
        }
        return found;
      }, queries);
      expect(over, `at ${width}`).toEqual([]);
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

  base.skipIf(!found.ok || engine === 'firefox')('everything that can be pressed is reached by Tab, and shows where the focus is', async () => {
    await page.bringToFront();
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
