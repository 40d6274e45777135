import { mkdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import puppeteer from 'puppeteer-core';
import { findBrowser } from './ensure.ts';
import { decode, indexed } from './png.ts';

/**
 * Draws the icons into `public/icon/`: `node test/setup/icons.ts`. The PNGs are committed, so that a build needs no browser.
 *
 * The mark is two links of a chain on a tile: つながる. All drawings sit on a grid of 16, so that the edges fall on whole pixels at 16, 32 and 128. The states of the toolbar differ in outline, not only in colour (square, triangle, octagon, dashed ring, hexagon, open circle), and
 * stand out from a light and from a dark toolbar alike, so that one drawing serves both.
 */
const OUT = join(import.meta.dirname, '../../public/icon');

const tile = (fill: string, inside: string): string => `<rect width="16" height="16" rx="3.75" fill="${fill}"/>${inside}`;
const stroke = (d: string, color: string, width: number, more = ''): string =>
  `<path d="${d}" fill="none" stroke="${color}" stroke-width="${width}" stroke-linecap="round" stroke-linejoin="round" ${more}/>`;

/** Two links: the left one lies over the right one at the upper crossing (8, 5.4) and under it at the lower one (8, 10.6). */
const LINKS = (ground: string): string => `<g fill="none" stroke="#fff" stroke-width="1.7">
  <circle cx="10" cy="8" r="3.3"/>
  <path d="M6.854 4.812 A3.3 3.3 0 0 1 8.829 6.3" stroke="${ground}" stroke-width="2.8"/>
  <circle cx="6" cy="8" r="3.3"/>
  <path d="M9.146 11.188 A3.3 3.3 0 0 1 7.171 9.7" stroke="${ground}" stroke-width="2.8"/>
  <path d="M9.712 11.287 A3.3 3.3 0 0 1 6.919 9.183"/></g>`;

const BRAND = '#3b4ccf';
const GREY = '#7d828c';
const dashedRing = (inside: string): string =>
  `<circle cx="8" cy="8" r="6.6" fill="none" stroke="${GREY}" stroke-width="1.8" stroke-dasharray="3.0 2.184" stroke-dashoffset="1.5"/>${inside}`;

const DRAWINGS: Record<string, string> = {
  mark: tile(BRAND, LINKS(BRAND)),
  degraded: `<path d="M8 2.4 L14.4 13.6 H1.6 Z" fill="#f2a71b" stroke="#f2a71b" stroke-width="2.6" stroke-linejoin="round"/>
    ${stroke('M8 5.6 V9.2', '#2b1c00', 2)}<circle cx="8" cy="12.4" r="1.2" fill="#2b1c00"/>`,
  down: `<path d="M5 .6 H11 L15.4 5 V11 L11 15.4 H5 L.6 11 V5 Z" fill="#cc1f36" stroke="#cc1f36" stroke-width="1" stroke-linejoin="round"/>
    ${stroke('M5.3 5.3 L10.7 10.7 M10.7 5.3 L5.3 10.7', '#fff', 2.1)}`,
  recovering: `${stroke('M13.6 9.5 A5.9 5.9 0 1 1 12.4 4', '#17935a', 2.2)}<path d="M15.2 1.2 V7 H9.4 Z" fill="#17935a"/>`,
  maintenance: `<path d="M8 .8 L14.4 4.4 V11.6 L8 15.2 L1.6 11.6 V4.4 Z" fill="#2d74d6" stroke="#2d74d6" stroke-width="1.2" stroke-linejoin="round"/>
    ${stroke('M6 5.6 V10.4 M10 5.6 V10.4', '#fff', 2)}`,
  own: dashedRing(`${stroke('M8 4.6 V8.4', GREY, 2)}<circle cx="8" cy="11.2" r="1.2" fill="${GREY}"/>`),
  unknown: dashedRing(`${stroke('M6.2 6.2 A1.9 1.9 0 1 1 8.7 8 Q8 8.3 8 9', GREY, 1.7)}<circle cx="8" cy="11.5" r="1.1" fill="${GREY}"/>`),
};

const found = findBrowser('chromium');
if (!found.ok) throw new Error(found.error.reason);
mkdirSync(OUT, { recursive: true });
const browser = await puppeteer.launch({ executablePath: found.value.path, args: ['--no-sandbox'], pipe: true });
const page = await browser.newPage();
let total = 0;
for (const [name, drawing] of Object.entries(DRAWINGS)) {
  for (const size of name === 'mark' ? [16, 32, 128] : [32]) {
    await page.setViewport({ width: size, height: size });
    await page.setContent(`<style>body{margin:0}svg{display:block}</style><svg xmlns="http://www.w3.org/2000/svg" width="${size}" height="${size}" viewBox="0 0 16 16">${drawing}</svg>`);
    const file = join(OUT, name === 'mark' ? `${size}.png` : `${name}-${size}.png`);
    writeFileSync(file, indexed(decode(Buffer.from(await page.screenshot({ omitBackground: true })))));
    total += statSync(file).size;
  }
}
await browser.close();
console.log(`${total} bytes in public/icon`);
