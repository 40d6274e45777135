/**
 * Photographs every view in every state, language and theme, without the extension, in headless Chromium.
 * `node test/views/photograph.ts [FOLDER] [VIEW | VIEW/STATE …]`: pictures go to FOLDER (default `.cache/views`), named
 * view-state-language-theme-width.png. Languages are en and ja, or those that the variable LANGUAGES names (`LANGUAGES=de,ko`). Exits with 1 where a page threw.
 */
import { join, resolve } from 'node:path';
import puppeteer from 'puppeteer-core';
import { VIEWS, buildPage } from './build.ts';

const folder = resolve(process.argv[2] ?? join(import.meta.dirname, '../../.cache/views'));
const only = process.argv.slice(3);

const address = await buildPage(folder);
const browser = await puppeteer.launch({ executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium', args: ['--no-sandbox', '--disable-gpu'], env: { ...process.env, TZ: 'Asia/Tokyo' } });
const page = await browser.newPage();
const languages = process.env['LANGUAGES']?.split(',') ?? ['en', 'ja'];
const faults: string[] = [];
page.on('pageerror', (error) => faults.push(`${page.url()}: ${String(error)}`));
for (const [view, { states, widths }] of Object.entries(VIEWS)) {
  for (const state of states) {
    if (only.length && !only.includes(`${view}/${state}`) && !only.includes(view)) continue;
    for (const language of languages) {
      for (const theme of ['light', 'dark']) {
        for (const width of widths) {
          await page.setViewport({ width, height: 100, deviceScaleFactor: 2 });
          await page.goto(address({ view, state, language, theme }));
          if (view === 'incidents') await page.waitForSelector('.plot svg, .chart-empty');
          const height = await page.evaluate(() => document.querySelector('#app')?.firstElementChild?.scrollHeight ?? 600);
          // As tall as the page, so that what sticks to the window's edge stands at its end.
          await page.setViewport({ width, height, deviceScaleFactor: 2 });
          await page.screenshot({ path: join(folder, `${view}-${state}-${language}-${theme}-${width}.png`) as `${string}.png` });
        }
      }
    }
  }
}
await browser.close();
if (faults.length) {
  console.error(faults.join('\n'));
  process.exitCode = 1;
}
