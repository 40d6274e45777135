/**
 * Photographs every view in every state, language and theme, without the extension: builds `page.tsx`, opens it in headless Chromium.
 * `node test/views/photograph.ts [FOLDER] [VIEW/STATE…]`: pictures go to FOLDER (default `.cache/views`), named view-state-language-theme-width.png.
 */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import puppeteer from 'puppeteer-core';
import { build } from 'vite';
import { SNAPSHOTS } from './snapshots.ts';

const here = import.meta.dirname;
const folder = resolve(process.argv[2] ?? join(here, '../../.cache/views'));
const only = process.argv.slice(3);

/** Pages besides the popup, with the widths they are looked at in. */
export const VIEWS: Record<string, { states: readonly string[]; widths: readonly number[] }> = {
  popup: { states: Object.keys(SNAPSHOTS), widths: [380] },
  options: { states: ['down'], widths: [360, 1100] },
  incidents: { states: ['down', 'up-first'], widths: [360, 1100] },
};

await mkdir(folder, { recursive: true });
await build({
  root: here,
  logLevel: 'error',
  configFile: false,
  build: { outDir: folder, emptyOutDir: false, cssCodeSplit: false, lib: { entry: join(here, 'page.tsx'), formats: ['iife'], name: 'page', fileName: () => 'page.js', cssFileName: 'page' } },
  define: { 'process.env.NODE_ENV': '"production"' },
});
const [script, style] = await Promise.all([readFile(join(folder, 'page.js'), 'utf8'), readFile(join(folder, 'page.css'), 'utf8')]);
const html = join(folder, 'page.html');
await writeFile(html, `<!doctype html><html><head><meta charset="utf-8"><style>${style}</style></head><body><div id="app"></div><script>${script.replaceAll('</script', '<\\/script')}</script></body></html>`);

const browser = await puppeteer.launch({ executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium', args: ['--no-sandbox', '--disable-gpu'], env: { ...process.env, TZ: 'Asia/Tokyo' } });
const page = await browser.newPage();
const faults: string[] = [];
page.on('pageerror', (error) => faults.push(`${page.url()}: ${String(error)}`));
for (const [view, { states, widths }] of Object.entries(VIEWS)) {
  for (const state of states) {
    if (only.length && !only.includes(`${view}/${state}`) && !only.includes(view)) continue;
    for (const language of ['en', 'ja']) {
      for (const theme of ['light', 'dark']) {
        for (const width of widths) {
          await page.setViewport({ width, height: 100, deviceScaleFactor: 2 });
          await page.goto(`${pathToFileURL(html).href}?view=${view}&state=${state}&lang=${language}&theme=${theme}`);
          await new Promise((done) => setTimeout(done, view === 'incidents' ? 150 : 0));
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
