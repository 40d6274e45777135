import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, rmdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { findBrowser } from '../setup/ensure.ts';
import { build } from './build.ts';
import { open, until } from './driver.ts';

/** Where Debian's Chromium reads what an administrator set. The file names this checkout's extension alone, and is gone after the test. */
const POLICIES = '/etc/chromium/policies/managed';

/** An extension that is loaded from a folder gets its id from the folder's name. */
function idOf(folder: string): string {
  return createHash('sha256').update(folder).digest('hex').slice(0, 32).replace(/./g, (digit) => String.fromCodePoint(97 + Number.parseInt(digit, 16)));
}

/** Makes a folder and those above it. @returns how to take away what was made, and nothing else */
function makeFolder(folder: string): () => void {
  const made: string[] = [];
  for (let at = folder; !existsSync(at); at = dirname(at)) made.push(at);
  mkdirSync(folder, { recursive: true });
  return () => {
    for (const each of made) if (existsSync(each) && readdirSync(each).length === 0) rmdirSync(each);
  };
}

const chromium = findBrowser('chromium');
const possible = process.getuid?.() === 0 && chromium.ok && chromium.value.name === 'chromium' && existsSync('/etc/debian_version');

test.skipIf(!possible)('what an organisation set in Chromium counts, is shown as such, and one bad value is named (skipped without root and Debian’s Chromium)', async () => {
  const built = build('chrome');
  if (!built.ok) throw new Error(built.error.reason);
  const file = join(POLICIES, `tsunagaru-test-${process.pid}.json`);
  const tidy = makeFolder(POLICIES);
  // The schema knows no pattern for a place: one without {query} comes through, and is ours to refuse.
  const managed = { interval: 30, notify: { outage: false }, theme: 'dark', elsewhere: [{ name: 'Library', url: 'https://library.example/' }] };
  writeFileSync(file, JSON.stringify({ '3rdparty': { extensions: { [idOf(built.value.chrome)]: managed } } }));
  try {
    const session = await open({ engine: 'chromium', extension: built.value.chrome });
    if (!session.ok) throw new Error(session.error.reason);
    try {
      const page = await session.value.page('options.html');
      await page.waitForSelector('#interval');
      const shown = () => page.evaluate(() => {
        const control = (selector: string) => document.querySelector<HTMLInputElement & HTMLSelectElement>(selector)!;
        return {
          interval: [control('#interval').value, control('#interval').matches(':disabled')],
          outage: [control('#notify-outage').checked, control('#notify-outage').matches(':disabled')],
          recovery: [control('#notify-recovery').checked, control('#notify-recovery').matches(':disabled')],
          theme: document.documentElement.dataset['theme'],
          told: document.querySelector('#interval-hint')!.textContent.includes('Set by your organisation'),
          flaw: document.querySelector('[role=alert]')?.textContent ?? null,
        };
      });
      // An extension that is loaded by hand gets its policy some seconds later: it is taken over while the page is open.
      const first = await until('the policy', 20_000, async () => ((await shown()).told ? shown() : null));
      expect(first).toMatchObject({ interval: ['30', true], outage: [false, true], recovery: [true, false], theme: 'dark', told: true });
      expect(first.flaw).toContain('elsewhere');
      // What is changed beside it is saved, and the user's own are not written over with the organisation's.
      await page.click('#notify-recovery');
      const own = await until('the setting to be stored', 10_000, () => page.evaluate(async () => {
        const { settings } = (await (globalThis as unknown as { chrome: { storage: { sync: { get(key: string): Promise<{ settings?: { interval: number; notify: { outage: boolean; recovery: boolean } } }> } } } }).chrome.storage.sync.get('settings'));
        return settings?.notify.recovery === false ? settings : null;
      }));
      expect(own).toMatchObject({ interval: 5, notify: { outage: true, recovery: false } });
    } finally {
      await session.value.close();
    }
  } finally {
    rmSync(file, { force: true });
    tidy();
  }
});
