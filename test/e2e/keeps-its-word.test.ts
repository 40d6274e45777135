import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'puppeteer-core';
import type { Browser as WebExtension } from 'webextension-polyfill';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { en } from '../../utils/i18n/en/index.ts';
import { openLab, type Lab } from '../lab/lab.ts';
import type { Engine } from '../setup/ensure.ts';
import { build } from './build.ts';
import { describe as line, open, until, type Session } from './driver.ts';
import { Station, whyNot } from './station.ts';

declare const browser: WebExtension;

/** What a browser, its user and its disk may take from the monitor: it says what is missing, never that the store is down, and goes on once it is back. */
const ENGINES: readonly Engine[] = ['chromium', 'firefox'];
const LIMIT = 120_000;
const FAILS = { store: { fail: { 'http.503': 1 }, by: 'origin' } } as const;

/** Chromium makes the id of an extension that is not from its store out of its folder. */
function idOf(folder: string): string {
  return Array.from(createHash('sha256').update(folder).digest('hex').slice(0, 32), (digit) => String.fromCharCode(97 + Number.parseInt(digit, 16))).join('');
}

/** A Chromium whose user has switched the extension's notifications off. @returns its folder as well, for whoever removes it */
async function muted(lab: Lab): Promise<{ session: Session; profile: string }> {
  const profile = mkdtempSync(join(tmpdir(), 'tsunagaru-word-'));
  const built = build('chrome');
  if (!built.ok) throw new Error(built.error.reason);
  const folder = join(profile, 'profile/Default');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'Preferences'), JSON.stringify({ message_center: { disabled_extension_ids: [idOf(built.value.chrome)] } }));
  const session = await open({ engine: 'chromium', lab, profile });
  if (!session.ok) throw new Error(`${session.error.at}: ${session.error.reason}`);
  return { session: session.value, profile };
}

/** What a person does who takes a site from an extension: in Chromium its page of settings, which alone may. `null` gives all back. */
async function permit(station: Station, origins: string[] | null): Promise<void> {
  const { session, engine } = station;
  if (engine === 'firefox') {
    if (origins !== null) await session.evaluate(async (taken: string[]) => void (await browser.permissions.remove({ origins: taken })), origins);
    return;
  }
  const page = await session.browser.newPage();
  try {
    await page.goto('chrome://extensions', { waitUntil: 'domcontentloaded', timeout: 10_000 });
    await page.evaluate(async (id: string, access: string) => {
      const { developerPrivate } = (globalThis as unknown as { chrome: { developerPrivate: { updateExtensionConfiguration(update: object): Promise<void> } } }).chrome;
      await developerPrivate.updateExtensionConfiguration({ extensionId: id, hostAccess: access });
    }, new URL(session.base).host, origins === null ? 'ON_ALL_SITES' : 'ON_CLICK');
  } finally {
    await page.close();
  }
}

async function textOf(page: Page): Promise<string> {
  return await page.evaluate(() => document.body.innerText);
}

for (const engine of ENGINES) {
  const reason = whyNot(engine);
  describe.skipIf(reason !== null)(`${engine}${reason === null ? '' : ` (${reason})`}`, () => {
    let station: Station;
    beforeAll(async () => {
      const lab = await openLab();
      // Firefox asks nobody here whether a permission may be given.
      const session = await open({ engine, lab, prefs: { 'extensions.webextOptionalPermissionPrompts': false } });
      if (!session.ok) {
        await lab.close();
        throw new Error(`${session.error.at}: ${session.error.reason}`);
      }
      station = new Station(engine, lab, session.value);
    });
    afterAll(() => station?.close());

    test('all hosts are taken away, and the store fails: blind, what is missing and a button; never down, and nobody is told', { timeout: LIMIT }, async () => {
      await station.fresh();
      const { session } = station;
      const hosts = await session.evaluate(() => (browser.runtime.getManifest() as { host_permissions: string[] }).host_permissions);
      await station.apply(FAILS);
      await permit(station, hosts);
      // Taking it away is noticed by itself.
      const blind = await session.snapshotWith('blindness', ({ state }) => state === 'blind', 30_000);
      expect(blind.problems.find(({ kind }) => kind === 'permission')?.detail).toMatch(/music\.apple\.com.*itunes\.apple\.com/);
      expect(blind.targets.map(({ status }) => status)).not.toContain('failed');
      expect((await session.badge()).text).toBe('?');
      const again = await session.checkNow();
      expect(again.state, line(again)).toBe('blind');
      const popup = await session.openPopup();
      try {
        const text = await until('the popup to say it', 10_000, async () => ((await textOf(popup)).includes(en['popup.problem.permission']) ? textOf(popup) : null));
        expect(text).toContain(en['verdict.blind']);
        expect(text).not.toContain(en['verdict.down']);
        expect(text).not.toContain(en['verdict.up']);
        const button = await popup.waitForSelector('.problems button.main', { timeout: 5_000 });
        expect(await button!.evaluate((one) => one.textContent)).toBe(en['popup.problem.permission.do']);
        // Of Chromium a person gets a window that no driver can press.
        if (engine === 'firefox') await button!.click();
        else await permit(station, null);
        const seen = await session.snapshotWith('sight again', ({ state }) => state !== 'blind' && state !== 'suspect' && state !== 'unknown', 60_000);
        expect(seen.state, line(seen)).toBe('down');
        expect(seen.problems.map(({ kind }) => kind)).not.toContain('permission');
      } finally {
        await popup.close().catch(() => undefined);
      }
    });

    test('one host is taken away: that host is named, and the rest is judged', { timeout: LIMIT }, async () => {
      // Chromium takes all or none.
      if (engine === 'chromium') return;
      await station.fresh();
      const { session } = station;
      await permit(station, ['https://itunes.apple.com/*']);
      const partly = await session.snapshotWith('the problem', ({ problems }) => problems.some(({ kind }) => kind === 'permission'), 30_000);
      expect(partly.problems.find(({ kind }) => kind === 'permission')!.detail).toBe('itunes.apple.com');
      expect(partly.state, line(partly)).toBe('up');
      const popup = await session.openPopup();
      await (await popup.waitForSelector('.problems button.main', { timeout: 5_000 }))!.click();
      await session.snapshotWith('no problem', ({ problems }) => problems.length === 0, 30_000);
      await popup.close().catch(() => undefined);
    });

    test('notifications are switched off: it is said, the badge tells, and the outage is what it is', { timeout: LIMIT }, async () => {
      // Firefox hands them to the system and hears nothing: what is swallowed is tried on a desktop (`toast.test.ts`).
      if (engine === 'firefox') return;
      await station.apply({});
      const { session, profile } = await muted(station.lab);
      try {
        expect(await session.evaluate(() => (browser.notifications as unknown as { getPermissionLevel(): Promise<string> }).getPermissionLevel())).toBe('denied');
        await session.snapshotWith('the first check', ({ state }) => state === 'up', 60_000);
        await station.apply(FAILS);
        await session.checkNow();
        const told = await session.snapshotWith('the problem', ({ problems }) => problems.some(({ kind }) => kind === 'notifications'), 45_000);
        expect(told.state, line(told)).toBe('down');
        const popup = await session.popupText();
        expect(popup).toContain(en['verdict.down']);
        expect(popup).toContain(en['popup.problem.notifications']);
        expect((await session.badge()).text).not.toBe('');
        expect(session.faults).toEqual([]);
      } finally {
        await session.close();
        rmSync(profile, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
      }
    });

    test('alarms are lost: the next start of the background makes them anew', { timeout: LIMIT }, async () => {
      await station.fresh();
      const { session } = station;
      await session.evaluate(() => browser.alarms.clearAll());
      await session.killWorker();
      expect(await session.evaluate(async () => (await browser.alarms.getAll()).length)).toBe(0);
      // Any event: here a page of the store that comes.
      await session.evaluate(() => browser.runtime.sendMessage({}).catch(() => undefined));
      const alarm = await until('an alarm', 15_000, () => session.evaluate(async () => (await browser.alarms.getAll())[0] ?? null));
      expect(alarm.scheduledTime - Date.now()).toBeLessThan(40 * 60_000);
      expect(alarm.periodInMinutes).toBeGreaterThan(0);
    });

    test('the store of the browser is full: it is said in popup and settings, the outage is seen all the same, and all is kept once there is room', { timeout: LIMIT }, async () => {
      // Firefox has no bound but the disk's.
      if (engine === 'firefox') return;
      await station.fresh();
      const { session } = station;
      await session.evaluate(async () => {
        const { local } = browser.storage;
        let n = 0;
        for (let size = 2 ** 22; size >= 1; size /= 2) {
          while (await local.set({ [`fill${n}`]: 'x'.repeat(size) }).then(() => true, () => false)) n += 1;
        }
      });
      await station.apply(FAILS);
      const unsaved = async () => await session.evaluate(async () => ((await browser.storage.session.get('unsaved'))['unsaved'] as { entries: { snapshot: { state: string; problems: { kind: string }[] } } } | null | undefined)?.entries.snapshot ?? null);
      await session.send('check', {});
      const seen = await until('the outage', 40_000, async () => {
        const one = await unsaved();
        return one?.state === 'down' ? one : null;
      });
      expect(seen.problems.map(({ kind }) => kind)).toContain('storage');
      // Killed, it knows what it saw.
      await session.killWorker();
      await session.ring();
      const popup = await session.popupText();
      expect(popup).toContain(en['verdict.down']);
      expect(popup).toContain(en['popup.problem.storage']);
      const options = await session.page('options.html#data');
      expect(await until('the settings to say it', 10_000, () => options.evaluate(() => document.querySelector('[data-trouble="storage"]')?.textContent ?? null))).toContain(en['popup.problem.storage']);
      await options.close();
      await session.evaluate(async () => {
        const { local } = browser.storage;
        await local.remove(Object.keys(await local.get(null)).filter((key) => key.startsWith('fill')));
      });
      const kept = await session.checkNow();
      expect(kept.state, line(kept)).toBe('down');
      expect(kept.problems.map(({ kind }) => kind)).not.toContain('storage');
      expect(await unsaved()).toBeNull();
      expect(session.faults).toEqual([]);
    });
  });
}
