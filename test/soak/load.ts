import { open, until, type Session } from '../e2e/driver.ts';
import { openLab, type Lab } from '../lab/lab.ts';
import type { Engine } from '../setup/ensure.ts';
import { Heap } from './heap.ts';

declare const browser: import('webextension-polyfill').Browser;

export interface LoadResult {
  engine: Engine;
  tabs: number;
  /** Messages that one page sent, how many of them a second, and how many were refused as too many. */
  messages: number;
  perSecond: number;
  refused: number;
  /** Checks while a hundred of them were asked for at once from pages, views and the alarm; and during the flood. */
  checksAtOnce: number;
  checksInFlood: number;
  /** Tabs with a banner once the store fails. */
  banners: number;
  /** Memory of the background before and after the flood, bytes (Chromium alone tells). */
  heldBefore: number | null;
  heldAfter: number | null;
  seconds: number;
  violations: string[];
}

/** Every full check asks this host once, and no page does. */
const CHECKED = 'buy.itunes.apple.com';
const STORE = 'https://music.apple.com';

async function checksOf(lab: Lab): Promise<number> {
  return (await lab.requests()).filter(({ host, userAgent }) => host === CHECKED && userAgent !== '').length;
}

/** What a content script of a page of the store sends, as fast as it is told to. @returns how many messages were sent, and how many were refused */
async function flood(session: Session, url: string, perSecond: number, seconds: number): Promise<{ sent: number; refused: number }> {
  return await session.evaluate(async (address: string, rate: number, length: number) => {
    const [tab] = (await browser.tabs.query({})).filter((one) => one.url === address);
    const [done] = await browser.scripting.executeScript({
      target: { tabId: tab!.id! },
      args: [rate, length],
      func: async (wanted: number, long: number) => {
        const scope = globalThis as unknown as Record<string, { runtime?: { sendMessage(message: unknown): Promise<{ ok?: boolean } | undefined> } } | undefined>;
        const runtime = (scope['browser']?.runtime ?? scope['chrome']?.runtime)!;
        const answers: Promise<boolean>[] = [];
        const began = performance.now();
        while (performance.now() - began < long * 1_000) {
          const due = Math.floor(((performance.now() - began) * wanted) / 1_000);
          while (answers.length < due) answers.push(runtime.sendMessage({ command: 'page-arrived', ask: { url: location.href } }).then((answer) => answer?.ok === true, () => false));
          await new Promise((resolve) => setTimeout(resolve, 5));
        }
        const taken = await Promise.all(answers);
        return { sent: taken.length, refused: taken.filter((one) => !one).length };
      },
    });
    return done!.result as { sent: number; refused: number };
  }, url, perSecond, seconds);
}

/**
 * Tabs of the store, a page that does not stop talking, and a check asked for from everywhere at once.
 * @param tabs how many pages of the store are open
 * @param floodSeconds how long the one page talks, a hundred messages a second
 */
export async function loadRun(engine: Engine, tabs: number, floodSeconds: number, borrowed?: { lab: Lab; session: Session }): Promise<LoadResult> {
  const began = Date.now();
  const lab = borrowed?.lab ?? (await openLab());
  const violations: string[] = [];
  let session = borrowed?.session;
  try {
    if (session === undefined) {
      const opened = await open({ engine, lab });
      if (!opened.ok) throw new Error(`${opened.error.at}: ${opened.error.reason}`);
      session = opened.value;
      await session.snapshotWith('the first check', ({ checkedAt, state }) => checkedAt !== null && state === 'up', 90_000);
    }
    const here = session;
    const urls = Array.from({ length: tabs }, (_, i) => `${STORE}/jp/album/lab/${1_600_000_001 + i}`);
    // All of them as a session that is restored does it: one call each, none waits for another.
    await here.evaluate(async (list: string[]) => void (await Promise.all(list.map((url) => browser.tabs.create({ url, active: false })))), urls);
    const loaded = async (): Promise<number> => here.evaluate(async (root: string) => (await browser.tabs.query({ url: `${root}/*` })).filter(({ status }) => status === 'complete').length, STORE);
    await until('all tabs to load', 240_000, async () => (await loaded()) >= tabs, 500);
    await here.idle();

    // From everywhere at once: every view and page, and the alarm.
    await lab.forget();
    const before = (await here.snapshot())!.checkedAt!;
    await here.evaluate(async () => {
      const [alarm] = await browser.alarms.getAll();
      await Promise.all([...Array.from({ length: 100 }, () => browser.runtime.sendMessage({ command: 'check', ask: {} })), browser.alarms.create(alarm!.name, { when: Date.now() })]);
    });
    await here.snapshotWith('the check', ({ checkedAt }) => checkedAt! > before, 30_000);
    await here.idle();
    const checksAtOnce = await checksOf(lab);
    if (checksAtOnce !== 1) violations.push(`${checksAtOnce} checks, asked for at once`);

    const heap = engine === 'chromium' ? await Heap.ofBackground(here) : null;
    const heldBefore = (await heap?.held()) ?? null;
    await lab.forget();
    const { sent, refused } = await flood(here, urls[0]!, 100, floodSeconds);
    await here.idle();
    const checksInFlood = await checksOf(lab);
    const heldAfter = (await heap?.held()) ?? null;
    if (checksInFlood > 1 + Math.floor(floodSeconds / 60)) violations.push(`a page that talks caused ${checksInFlood} checks`);
    if (sent < floodSeconds * 50) violations.push(`only ${sent} messages were sent`);
    // Ten at once, and one a second.
    if (sent - refused > 12 + floodSeconds * 2) violations.push(`${sent - refused} of ${sent} messages were taken`);
    if (heldBefore !== null && heldAfter! - heldBefore > 300_000) violations.push(`${heldAfter! - heldBefore} bytes stayed behind`);

    await lab.apply({ hosts: { catalog: { fail: { 'http.500': 1 } }, purchase: { fail: { 'http.500': 1 } } } });
    await here.send('check', {});
    const withBanner = async (): Promise<number> => here.evaluate(async (root: string) => {
      const all = await Promise.all((await browser.tabs.query({ url: `${root}/*` })).map(({ id }) => browser.scripting.executeScript({ target: { tabId: id! }, func: () => document.querySelector('tsunagaru-banner') !== null }).then(([done]) => done?.result === true, () => false)));
      return all.filter(Boolean).length;
    }, STORE);
    let banners = 0;
    await until('every tab’s banner', 60_000, async () => (banners = await withBanner()) >= tabs, 500).catch((error: unknown) => violations.push(`${banners} of ${tabs} tabs have a banner: ${String(error).slice(0, 120)}`));
    for (const fault of here.faults) violations.push(`thrown: ${fault.slice(0, 300)}`);
    return { engine, tabs, messages: sent, perSecond: Math.round(sent / floodSeconds), refused, checksAtOnce, checksInFlood, banners, heldBefore, heldAfter, seconds: Math.round((Date.now() - began) / 1_000), violations };
  } finally {
    if (borrowed === undefined) {
      await session?.close();
      await lab.close();
    }
  }
}
