/**
 * The pictures that stores ask for: 1280 × 800, light and dark, in every language: `npm run pictures:store [-- LANGUAGE …]`.
 * They go to `.output/store/LANGUAGE/`. Chromium paints them; it is looked for as in the tests (TSUNAGARU_CHROMIUM).
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import puppeteer, { type Page } from 'puppeteer-core';
import { LANGUAGES } from '../../utils/core/settings.ts';
import { findBrowser } from '../setup/ensure.ts';
import { buildPage } from './build.ts';

const [WIDTH, HEIGHT] = [1280, 800];
/** What a browser shows of a popup at most. */
const POPUP = { width: 380, height: 600 };

/** Pages as they open, and popups side by side. */
const PICTURES: readonly { name: string; theme: 'light' | 'dark'; view?: string; popups?: readonly string[] }[] = [
  { name: '1-popup', theme: 'light', popups: ['down', 'offline', 'up'] },
  { name: '2-incidents', theme: 'light', view: 'incidents' },
  { name: '3-popup-dark', theme: 'dark', popups: ['degraded', 'maintenance', 'recovering'] },
  { name: '4-options', theme: 'light', view: 'options' },
];

const chromium = findBrowser('chromium');
if (!chromium.ok) {
  console.error(`${chromium.error.at}: ${chromium.error.reason}`);
  process.exit(1);
}
const out = join(import.meta.dirname, '../../.output/store');
const address = await buildPage(join(import.meta.dirname, '../../.cache/views'));
const browser = await puppeteer.launch({ executablePath: chromium.value.path, args: ['--no-sandbox', '--disable-gpu'], env: { ...process.env, TZ: 'Asia/Tokyo' } });
const page = await browser.newPage();

async function photograph(size: { width: number; height: number }, url: string, view: string): Promise<Buffer> {
  await page.setViewport(size);
  await page.goto(url);
  if (view === 'incidents') await page.waitForSelector('.plot svg, .chart-empty');
  return Buffer.from(await page.screenshot());
}

/** Puts pictures beside each other on a plain ground, each as large as it was. */
async function beside(sheet: Page, pictures: readonly Buffer[], theme: 'light' | 'dark'): Promise<Buffer> {
  await sheet.setViewport({ width: WIDTH, height: HEIGHT });
  const images = pictures.map((one) => `<img src="data:image/png;base64,${one.toString('base64')}">`).join('');
  const [ground, line] = theme === 'light' ? ['#dfe3ec', '#b9bfcc'] : ['#12141a', '#3a3f4b'];
  await sheet.setContent(`<style>body{margin:0;height:100vh;display:flex;gap:28px;justify-content:center;align-items:center;background:${ground}}img{width:${POPUP.width}px;height:${POPUP.height}px;border-radius:14px;outline:1px solid ${line}}</style>${images}`);
  return Buffer.from(await sheet.screenshot());
}

const wanted = process.argv.slice(2);
for (const language of LANGUAGES.filter((one) => wanted.length === 0 || wanted.includes(one))) {
  mkdirSync(join(out, language), { recursive: true });
  for (const { name, theme, view, popups } of PICTURES) {
    const parts: Buffer[] = [];
    for (const state of popups ?? []) parts.push(await photograph(POPUP, address({ view: 'popup', state, language, theme }), 'popup'));
    const picture = view === undefined ? await beside(page, parts, theme) : await photograph({ width: WIDTH, height: HEIGHT }, address({ view, state: 'down', language, theme }), view);
    writeFileSync(join(out, language, `${name}.png`), picture);
  }
  console.log(join(out, language));
}
await browser.close();
