import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { findBrowser } from '../setup/ensure.ts';
import { build } from './build.ts';
import { open, until } from './driver.ts';

/** Where Debian's Chromium reads what an administrator set. */
const CONFIGURATION = '/etc/chromium';

/** An extension that is loaded from a folder gets its id from the folder's name. */
function idOf(folder: string): string {
  return createHash('sha256').update(folder).digest('hex').slice(0, 32).replace(/./g, (digit) => String.fromCodePoint(97 + Number.parseInt(digit, 16)));
}

/**
 * Other browsers of this machine, those of tests that run at the same time among them, see nothing of the policy: it lies in a folder of its own, which
 * stands in the place of the configuration for this one process (a mount namespace).
 */
function inOrganisation(folder: string): (program: string) => string {
  return (program) => {
    const path = join(folder, 'chromium');
    writeFileSync(path, `#!/bin/sh\nexec unshare --mount --propagation private sh -c 'mount --bind "$0" ${CONFIGURATION} && shift && exec "$@"' ${join(folder, 'configuration')} - ${program} "$@"\n`, { mode: 0o755 });
    return path;
  };
}

const chromium = findBrowser('chromium');
const possible = process.getuid?.() === 0 && chromium.ok && chromium.value.name === 'chromium' && existsSync(CONFIGURATION);

test.skipIf(!possible)('what an organisation set in Chromium counts, is shown as such, and one bad value is named (skipped without root and a Chromium with /etc/chromium)', async () => {
  const built = build('chrome');
  if (!built.ok) throw new Error(built.error.reason);
  const folder = mkdtempSync(join(tmpdir(), 'tsunagaru-organisation-'));
  const policies = join(folder, 'configuration/policies/managed');
  mkdirSync(policies, { recursive: true });
  // The schema knows no pattern for a place: one without {query} comes through, and is ours to refuse.
  const managed = { interval: 30, notify: { outage: false }, theme: 'dark', elsewhere: [{ name: 'Library', url: 'https://library.example/' }] };
  writeFileSync(join(policies, 'extensions.json'), JSON.stringify({ '3rdparty': { extensions: { [idOf(built.value.chrome)]: managed } } }));
  try {
    const session = await open({ engine: 'chromium', extension: built.value.chrome, wrap: inOrganisation(folder) });
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
      // Not with the mouse: the welcome page may have come to the front.
      await page.evaluate(() => document.querySelector<HTMLElement>('#notify-recovery')!.click());
      const own = await until('the setting to be stored', 10_000, () => page.evaluate(async () => {
        const { settings } = (await (globalThis as unknown as { chrome: { storage: { sync: { get(key: string): Promise<{ settings?: { interval: number; notify: { outage: boolean; recovery: boolean } } }> } } } }).chrome.storage.sync.get('settings'));
        return settings?.notify.recovery === false ? settings : null;
      }));
      expect(own).toMatchObject({ interval: 5, notify: { outage: true, recovery: false } });
    } finally {
      await session.value.close();
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
