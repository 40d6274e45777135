/**
 * What the extension costs a page of the store while all is well: the same page of the lab, loaded in turn in a Chromium with the extension and in
 * one without, in one run. Prints one line of JSON.
 *
 *   node test/bench/page.ts [LOADS]
 *
 * `gzip`: bytes of what would be put into the page if the store failed. `ms`: time of the page's main thread, medians over all loads, as the browser
 * itself counts it: for the extension's scripts alone (from a trace), and for the whole load (tasks and scripts) with and without.
 * `layouts`, `styles`, `requests`: how often the page was laid out and restyled, and what it asked of the network. `shift`: cumulative layout shift.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import puppeteer, { type Browser } from 'puppeteer-core';
import { build } from '../e2e/build.ts';
import { open } from '../e2e/driver.ts';
import { openLab } from '../lab/lab.ts';
import { findBrowser } from '../setup/ensure.ts';

const PAGE = 'https://music.apple.com/us/new';
const SCRIPTS = ['banner.js', 'preact.js', 'song.js', 'banner-ui.js'];
const LOADS = Number(process.argv[2] ?? 15);

interface Load {
  own: number;
  tasks: number;
  scripts: number;
  layouts: number;
  styles: number;
  requests: number;
  shift: number;
}

const median = (numbers: readonly number[]): number => numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? 0;
const round = (ms: number): number => Math.round(ms * 100) / 100;

async function load(browser: Browser): Promise<Load> {
  const page = await browser.newPage();
  const cdp = await page.createCDPSession();
  let requests = 0;
  page.on('request', () => { requests += 1; });
  await cdp.send('Performance.enable');
  await page.tracing.start({ categories: ['devtools.timeline', 'v8.execute'] });
  await page.goto(PAGE, { waitUntil: 'load', timeout: 30_000 });
  await new Promise((resolve) => setTimeout(resolve, 1_000));
  const shift = await page.evaluate(() => new Promise<number>((resolve) => {
    let sum = 0;
    new PerformanceObserver((list) => { for (const entry of list.getEntries()) sum += (entry as PerformanceEntry & { value: number }).value; }).observe({ type: 'layout-shift', buffered: true });
    setTimeout(() => resolve(sum), 50);
  }));
  const trace = JSON.parse(Buffer.from((await page.tracing.stop()) ?? []).toString()) as { traceEvents: { name: string; dur?: number; args?: { data?: { url?: string } } }[] };
  // Everything of ours that ran in the page.
  const own = trace.traceEvents.filter(({ name, args }) => SCRIPTS.some((file) => args?.data?.url?.endsWith(`/${file}`)) && (name === 'EvaluateScript' || name === 'FunctionCall'));
  const { metrics } = await cdp.send('Performance.getMetrics');
  const of = (name: string): number => metrics.find((one) => one.name === name)?.value ?? 0;
  await page.close();
  return {
    own: own.reduce((sum, { dur = 0 }) => sum + dur / 1_000, 0),
    tasks: of('TaskDuration') * 1_000,
    scripts: of('ScriptDuration') * 1_000,
    layouts: of('LayoutCount'),
    styles: of('RecalcStyleCount'),
    requests,
    shift,
  };
}

const built = build('chrome');
if (!built.ok) throw new Error(built.error.reason);
const found = findBrowser('chromium');
if (!found.ok) throw new Error(found.error.reason);
const lab = await openLab();
const folder = mkdtempSync(join(tmpdir(), 'tsunagaru-bench-'));
const session = await open({ engine: 'chromium', lab, extension: built.value.chrome });
if (!session.ok) throw new Error(session.error.reason);
lab.prepareProfile(folder, 'chromium');
const bare = await puppeteer.launch({ executablePath: lab.wrap(found.value.path), pipe: true, userDataDir: folder, args: ['--no-sandbox', '--no-first-run', '--disable-background-networking'] });
try {
  await session.value.snapshotWith('the first check', ({ state }) => state === 'up', 60_000);
  await session.value.idle();
  const loads: Record<'with' | 'without', Load[]> = { with: [], without: [] };
  // The first load of each fills caches, and does not count.
  for (let turn = -1; turn < LOADS; turn += 1) {
    for (const [which, browser] of [['with', session.value.browser], ['without', bare]] as const) {
      const one = await load(browser);
      if (turn >= 0) loads[which].push(one);
    }
  }
  const of = (which: 'with' | 'without', name: keyof Load): number => round(median(loads[which].map((one) => one[name])));
  const both = (name: keyof Load): { with: number; without: number } => ({ with: of('with', name), without: of('without', name) });
  console.log(JSON.stringify({
    loads: LOADS,
    gzip: Object.fromEntries(SCRIPTS.map((file) => [file, gzipSync(readFileSync(join(built.value.chrome, file))).length])),
    ms: { own: of('with', 'own'), ownWorst: round(Math.max(...loads.with.map(({ own }) => own))), tasks: both('tasks'), scripts: both('scripts') },
    layouts: both('layouts'),
    styles: both('styles'),
    requests: both('requests'),
    shift: both('shift'),
  }));
} finally {
  await session.value.close();
  await bare.close();
  await lab.close();
  rmSync(folder, { recursive: true, force: true });
}
