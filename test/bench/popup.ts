import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'puppeteer-core';
import type { Browser as WebExtension } from 'webextension-polyfill';
import { SNAPSHOTS, type SnapshotName } from '../../utils/view/examples.ts';
import { open, until, type Session } from '../e2e/driver.ts';
import { median, type Figure } from './figure.ts';

declare const browser: WebExtension;

/** The least that a popup with anything in it can be: a page, a script, a line of text. It is put beside the built pages, and opened in the same way. */
const EMPTY = {
  'empty.html': '<!doctype html><html><head><meta charset="utf-8"><script type="module" src="/empty.js"></script></head><body><div id="app" elementtiming="verdict"></div></body></html>',
  'empty.js': "document.querySelector('#app').textContent = 'Tsunagaru';",
};
const REPEATS = 15;
/** The first openings fill caches of code and files. */
const WARM_UP = 3;

interface Opening {
  /** From the document's beginning until the verdict was painted, ms: as the browser itself counts it (W3C Element Timing). */
  painted: number;
  /** From the document's beginning until all of it had been drawn, ms; null for the empty one. */
  whole: number | null;
  /** From the request to open until then, ms. */
  seen: number;
  heap: number;
}

async function opening(session: Session, file: string): Promise<Opening> {
  const known = new Set(session.browser.targets());
  await session.evaluate((popup: string) => browser.action.setPopup({ popup }), file);
  const began = Date.now();
  await session.evaluate(() => (browser.action as unknown as { openPopup(): Promise<void> }).openPopup()).catch(() => undefined);
  const target = await session.browser.waitForTarget((one) => !known.has(one) && one.url().startsWith(session.base + file), { timeout: 5_000 }).catch(() => null);
  const page: Page = target === null ? await session.page(file) : await target.asPage();
  const { painted, whole, origin } = await until('the popup to paint', 10_000, () => page.evaluate(async (hasMore) => {
    const painted = await new Promise<number | null>((resolve) => {
      new PerformanceObserver((list) => resolve(list.getEntries().find((entry) => (entry as PerformanceEntry & { identifier: string }).identifier === 'verdict')?.startTime ?? null)).observe({ type: 'element', buffered: true });
      setTimeout(resolve, 1_000, null);
    });
    const whole = performance.getEntriesByName('whole')[0]?.startTime ?? null;
    return painted === null || (hasMore && whole === null) ? null : { painted, whole, origin: performance.timeOrigin };
  }, file === 'popup.html'), 20);
  const { JSHeapUsedSize: heap = 0 } = await page.metrics();
  await page.close().catch(() => undefined);
  return { painted, whole, seen: origin + painted - began, heap };
}

/** Popup against empty popup, in turns, in one browser: @param extension folder of the build */
export async function popup(extension: string): Promise<Figure[]> {
  const folder = mkdtempSync(join(tmpdir(), 'tsunagaru-bench-'));
  cpSync(extension, folder, { recursive: true });
  for (const [name, content] of Object.entries(EMPTY)) writeFileSync(join(folder, name), content);
  const session = await open({ engine: 'chromium', extension: folder });
  if (!session.ok) throw new Error(`${session.error.at}: ${session.error.reason}`);
  const { value } = session;
  try {
    await value.snapshotWith('the first check', ({ checkedAt }) => checkedAt !== null, 60_000);
    await value.idle();
    const figures: Figure[] = [];
    for (const name of ['up', 'down'] satisfies SnapshotName[]) {
      await value.write({ snapshot: { ...SNAPSHOTS[name], at: Date.now(), checkedAt: Date.now() } });
      const full: Opening[] = [];
      const empty: Opening[] = [];
      for (let turn = -WARM_UP; turn < REPEATS; turn++) {
        const pair = turn % 2 === 0 ? (['popup.html', 'empty.html'] as const) : (['empty.html', 'popup.html'] as const);
        for (const file of pair) {
          const one = await opening(value, file);
          if (turn >= 0) (file === 'popup.html' ? full : empty).push(one);
        }
      }
      const of = (list: Opening[], part: keyof Opening): number => median(list.map((one) => one[part] ?? 0));
      const words = name === 'up' ? 'all is well' : 'an outage';
      const all = full.map(({ painted }) => painted).toSorted((a, b) => a - b);
      figures.push(
        { id: `popup.${name}`, what: `popup, ${words}: verdict painted, from the document’s beginning`, value: of(full, 'painted'), unit: 'ms', yardstick: { what: 'an empty popup', value: of(empty, 'painted') }, note: `${REPEATS} each in turns, ${Math.round(all[0]!)}–${Math.round(all.at(-1)!)} ms` },
        { id: `popup.${name}.whole`, what: `popup, ${words}: all of it drawn, from the document’s beginning`, value: of(full, 'whole'), unit: 'ms', yardstick: { what: 'an empty popup', value: of(empty, 'painted') } },
        { id: `popup.${name}.seen`, what: `popup, ${words}: verdict painted, from the request to open`, value: of(full, 'seen'), unit: 'ms', yardstick: { what: 'an empty popup', value: of(empty, 'seen') } },
      );
      if (name === 'down') figures.push({ id: 'popup.heap', what: 'memory of the popup’s script', value: of(full, 'heap') / 1e6, unit: 'MB', yardstick: { what: 'an empty popup', value: of(empty, 'heap') / 1e6 } });
    }
    return figures;
  } finally {
    await value.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

if (import.meta.main) console.log(JSON.stringify(await popup(process.argv[2]!), null, 1));
