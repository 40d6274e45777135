import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import puppeteer, { type Browser, type CDPSession, type LaunchOptions, type Page, type Target } from 'puppeteer-core';
import type { Browser as WebExtension } from 'webextension-polyfill';
import type { Snapshot } from '../../utils/core/snapshot.ts';
import type { Answer, Ask, CommandName } from '../../utils/messages/contract.ts';
import { flaw, success, type Outcome } from '../../utils/core/result.ts';
import type { Lab } from '../lab/lab.ts';
import { findBrowser, type Engine } from '../setup/ensure.ts';
import { build, ROOT } from './build.ts';

/** The extension's API, as it is in a page of the extension; only functions that are sent to such a page may name it. */
declare const browser: WebExtension;
/** What the watching page has seen; the name is this file's own. */
declare const seen: Notice[];

/** A notification that the browser really showed. */
export interface Notice {
  id: string;
  /** Empty where the browser does not tell (Chromium, when the background was not alive). */
  title: string;
  message: string;
}

export interface Badge {
  text: string;
  title: string;
}

export interface SessionOptions {
  engine: Engine;
  /** Language of the browser's own surface; `en` unless told. */
  language?: 'en' | 'ja';
  /** The tiny internet that the browser shall live in; the machine's own network unless told. */
  lab?: Lab;
  /** Gives the program to start in the browser's place, which starts it; the lab's own unless told. */
  wrap?: (program: string) => string;
  /** Folder of the built extension; built when left out. */
  extension?: string;
  /** Shows a window; headless unless told. */
  window?: boolean;
  /** More of the command line or of Firefox's preferences. */
  args?: string[];
  prefs?: Record<string, unknown>;
  /** Stays open when the process ends: its profile is kept. */
  profile?: string;
}

/** Fixed, so that the address of the extension's pages in Firefox is known. */
const UUID = '7a1f0c52-6d0e-4b0a-9c55-3d1e7b2f8a64';
/** A document of the extension that runs none of its code: from here the API is asked without disturbing anything. */
const WATCH = 'icon/16.png';

const QUIET = [
  '--no-first-run', '--no-default-browser-check', '--disable-background-networking', '--disable-component-update', '--disable-sync', '--disable-search-engine-choice-screen',
  '--password-store=basic', '--use-mock-keychain',
];

const QUIET_FIREFOX: Record<string, unknown> = {
  'app.update.enabled': false,
  'browser.aboutwelcome.enabled': false,
  'browser.shell.checkDefaultBrowser': false,
  'browser.startup.homepage_override.mstone': 'ignore',
  'datareporting.policy.dataSubmissionEnabled': false,
  'toolkit.telemetry.reportingpolicy.firstRun': false,
  'termsofuse.bypassNotification': true,
  // Real alerts, drawn by Firefox itself: a machine without a desktop has nobody else to draw them.
  'alerts.useSystemBackend': false,
};

const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Waits until `ask` gives something other than null, false or undefined. Throws after `ms` with what was waited for. */
export async function until<T>(what: string, ms: number, ask: () => Promise<T | null | undefined | false>, every = 100): Promise<T> {
  const end = Date.now() + ms;
  let last = '';
  for (;;) {
    try {
      const value = await ask();
      if (value !== null && value !== undefined && value !== false) return value;
    } catch (error) {
      last = ` (${String(error)})`;
    }
    if (Date.now() > end) throw new Error(`waited ${ms} ms for ${what}${last}`);
    await sleep(every);
  }
}

/** Gives up on a promise after `ms`; what it was doing goes on, unobserved. */
async function within<T>(ms: number, promise: Promise<T>): Promise<T | null> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<null>((resolve) => { timer = setTimeout(() => resolve(null), ms); });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** @returns a TCP port of the loopback that nobody uses at the moment. */
async function freePort(): Promise<number> {
  return await new Promise((resolve, reject) => {
    const server = createServer().once('error', reject).listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}

/**
 * Starts a browser with the built extension. With a lab the browser lives in the lab's network, and this process stays outside.
 * @returns the session, or what is missing; whoever opens it closes it
 */
export async function open(options: SessionOptions): Promise<Outcome<Session>> {
  const { engine, language = 'en', window = false } = options;
  const found = findBrowser(engine);
  if (!found.ok) return found;
  let extension = options.extension;
  if (extension === undefined) {
    const target = engine === 'firefox' ? 'firefox' : 'chrome';
    const done = build(target);
    if (!done.ok) return done;
    extension = done.value[target]!;
  }
  const manifest = JSON.parse(readFileSync(join(extension, 'manifest.json'), 'utf8')) as { browser_specific_settings?: { gecko?: { id?: string } } };

  const folder = options.profile ?? mkdtempSync(join(tmpdir(), 'tsunagaru-browser-'));
  const profile = join(folder, 'profile');
  mkdirSync(profile, { recursive: true });
  const { lab } = options;
  lab?.prepareProfile(profile, engine);
  const env: Record<string, string | undefined> = { ...process.env, LANGUAGE: language, LANG: language === 'ja' ? 'ja_JP.UTF-8' : 'en_US.UTF-8' };

  const common: LaunchOptions = { executablePath: (options.wrap ?? lab?.wrap)?.(found.value.path) ?? found.value.path, headless: !window, userDataDir: profile, env, timeout: 60_000, defaultViewport: window ? null : { width: 1024, height: 768 } };
  try {
    if (engine === 'firefox') {
      const id = manifest.browser_specific_settings?.gecko?.id;
      if (id === undefined) return flaw('manifest.browser_specific_settings.gecko.id', 'is missing: Firefox would give the extension an address nobody knows');
      // The protocol is spoken over TCP on the loopback, and a lab has a loopback of its own.
      const debuggingPort = await freePort();
      await lab?.relay(debuggingPort);
      const firefox = await puppeteer.launch({
        ...common,
        debuggingPort,
        browser: 'firefox',
        args: ['--remote-allow-system-access', ...(options.args ?? [])],
        extraPrefsFirefox: { ...QUIET_FIREFOX, 'extensions.webextensions.uuids': JSON.stringify({ [id]: UUID }), 'intl.locale.requested': language === 'ja' ? 'ja' : 'en-US', ...options.prefs },
      });
      await firefox.installExtension(extension);
      return success(await Session.of(engine, firefox, `moz-extension://${UUID}/`, options.profile === undefined ? folder : null));
    }
    const root = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
    const chromium = await puppeteer.launch({ ...common, pipe: true, enableExtensions: [extension], args: [...root, ...QUIET, `--lang=${language === 'ja' ? 'ja' : 'en-US'}`, ...(options.args ?? [])] });
    const worker = await chromium.waitForTarget((target) => target.type() === 'service_worker' && target.url().startsWith('chrome-extension://'), { timeout: 30_000 });
    return success(await Session.of(engine, chromium, `chrome-extension://${new URL(worker.url()).host}/`, options.profile === undefined ? folder : null));
  } catch (error) {
    return flaw(found.value.path, `did not start: ${String(error)}`);
  }
}

/** One browser with the extension; the same questions for both engines. */
export class Session {
  readonly engine: Engine;
  readonly browser: Browser;
  /** Where the extension's pages are, with a slash at the end. */
  readonly base: string;
  /** What the background threw and nobody caught (Chromium only): a throw is a bug. */
  readonly faults: string[] = [];
  readonly #folder: string | null;
  #watch: Page | null = null;
  #notices: Notice[] = [];

  private constructor(engine: Engine, launched: Browser, base: string, folder: string | null) {
    this.engine = engine;
    this.browser = launched;
    this.base = base;
    this.#folder = folder;
  }

  static async of(engine: Engine, launched: Browser, base: string, folder: string | null): Promise<Session> {
    const session = new Session(engine, launched, base, folder);
    if (engine === 'chromium') {
      const overhear = async (target: Target): Promise<void> => {
        if (target.type() !== 'service_worker' || !target.url().startsWith(base)) return;
        const worker = await target.worker().catch(() => null);
        worker?.client.on('Runtime.exceptionThrown', ({ exceptionDetails: { text, exception } }) => session.faults.push(exception?.description ?? text));
      };
      launched.on('targetcreated', (target) => void overhear(target));
      for (const target of launched.targets()) void overhear(target);
    }
    await session.#watcher();
    return session;
  }

  /** Opens a page of the extension. Firefox never tells that such a page has loaded, so the document is asked. */
  async page(path: string): Promise<Page> {
    const page = await this.browser.newPage();
    const going = page.goto(this.base + path, { timeout: this.engine === 'firefox' ? 1_000 : 10_000, waitUntil: 'domcontentloaded' }).catch(() => null);
    if (this.engine === 'chromium') await going;
    await until(`${path} to load`, 15_000, () => page.evaluate((start) => location.href.startsWith(start) && document.readyState !== 'loading', this.base));
    await going;
    return page;
  }

  /** Opens a page of the web; an address that cannot be reached is not an error here. */
  async visit(url: string): Promise<Page> {
    const page = await this.browser.newPage();
    await page.goto(url, { timeout: 15_000, waitUntil: 'domcontentloaded' }).catch(() => null);
    return page;
  }

  async #watcher(): Promise<Page> {
    if (this.#watch !== null && !this.#watch.isClosed()) {
      const alive = await within(2_000, this.#watch.evaluate(() => typeof browser?.runtime?.id === 'string').catch(() => false));
      if (alive === true) return this.#watch;
      await within(2_000, this.#watch.close().catch(() => undefined));
    }
    const page = await this.page(WATCH);
    await page.evaluate(() => {
      const list: Notice[] = [];
      Object.assign(globalThis, { seen: list });
      type All = Record<string, { title?: string; message?: string } | true>;
      const note = (id: string, all: All): void => {
        const one = all[id];
        list.push({ id, title: typeof one === 'object' ? (one.title ?? '') : '', message: typeof one === 'object' ? (one.message ?? '') : '' });
      };
      const getAll = async (): Promise<All> => (await browser.notifications.getAll()) as unknown as All;
      if (browser.notifications.onShown) {
        browser.notifications.onShown.addListener((id: string) => void getAll().then((all) => note(id, all)));
        return;
      }
      // Chromium has no such event: what was not there at the last look has been shown.
      let before: string[] = [];
      const look = async (): Promise<void> => {
        const all = await getAll();
        for (const id of Object.keys(all)) if (!before.includes(id)) note(id, all);
        before = Object.keys(all);
        setTimeout(() => void look(), 50);
      };
      void look();
    });
    this.#watch = page;
    await this.#listen();
    return page;
  }

  /** Chromium does not give a shown notification's words back: they are read on their way out of the background, as far as it is alive. */
  async #listen(): Promise<void> {
    if (this.engine !== 'chromium') return;
    const worker = await within(3_000, this.#worker());
    await worker?.evaluate(() => {
      const scope = globalThis as unknown as { told?: Record<string, { title?: string; message?: string }>; chrome: { notifications?: object }; browser?: { notifications?: object } };
      if (scope.told) return;
      const told: Record<string, { title?: string; message?: string }> = {};
      scope.told = told;
      for (const api of new Set([scope.chrome.notifications, scope.browser?.notifications])) {
        if (!api) continue;
        const notifications = api as { create: (...args: unknown[]) => unknown };
        const create = notifications.create.bind(notifications);
        notifications.create = (...args: unknown[]) => {
          if (typeof args[0] === 'string') told[args[0]] = args[1] as { title?: string; message?: string };
          return create(...args);
        };
      }
    }).catch(() => undefined);
  }

  async #worker(): Promise<Awaited<ReturnType<NonNullable<ReturnType<Browser['targets']>[number]>['worker']>>> {
    const target = this.browser.targets().find((one) => one.type() === 'service_worker' && one.url().startsWith(this.base));
    return target ? await target.worker() : null;
  }

  /** Runs a function in a document of the extension, where `browser` is its API. */
  async evaluate<A extends unknown[], R>(task: (...args: A) => R | Promise<R>, ...args: A): Promise<R> {
    const page = await this.#watcher();
    return (await page.evaluate(task as (...all: unknown[]) => unknown, ...args)) as R;
  }

  async stored<T>(key: string): Promise<T | null> {
    // As text: the protocol of Firefox leaves out what it has already sent once (the same object at two places).
    return JSON.parse(await this.evaluate(async (name: string) => JSON.stringify((await browser.storage.local.get(name))[name] ?? null), key)) as T | null;
  }

  /** Sends a command to the background, as a page of the extension does. */
  async send<K extends CommandName>(command: K, ask: Ask<K>): Promise<Answer<K>> {
    return (await this.evaluate(async (message: { command: string; ask: unknown }) => browser.runtime.sendMessage(message), { command, ask })) as Answer<K>;
  }

  /** Writes into the extension's storage, as a test alone may. */
  async write(entries: Record<string, unknown>): Promise<void> {
    await this.evaluate(async (all: Record<string, unknown>) => browser.storage.local.set(all), entries);
  }

  /** What the views are given, as the background last wrote it. */
  async snapshot(): Promise<Snapshot | null> {
    return await this.stored<Snapshot>('snapshot');
  }

  /** Waits for a snapshot of that kind. */
  async snapshotWith(what: string, fits: (snapshot: Snapshot) => boolean, ms = 45_000): Promise<Snapshot> {
    let last: Snapshot | null = null;
    return await until(what, ms, async () => {
      last = await this.snapshot();
      return last !== null && fits(last) ? last : null;
    }, 150).catch((error: unknown) => {
      throw new Error(`${String(error)}; last seen: ${last === null ? 'no snapshot' : describe(last)}${this.faults.length > 0 ? `; the background threw ${this.faults.join(' | ')}` : ''}`);
    });
  }

  async badge(): Promise<Badge> {
    return await this.evaluate(async () => ({ text: await browser.action.getBadgeText({}), title: await browser.action.getTitle({}) }));
  }

  /** Every notification the browser has shown since the session began, in order. */
  async notifications(): Promise<Notice[]> {
    const fresh = await this.evaluate(() => seen.splice(0));
    if (fresh.length > 0 && this.engine === 'chromium') {
      const worker = await within(2_000, this.#worker());
      const told = await worker?.evaluate(() => (globalThis as unknown as { told?: Record<string, { title?: string; message?: string }> }).told ?? {}).catch(() => null);
      for (const one of fresh) Object.assign(one, { title: told?.[one.id]?.title ?? '', message: told?.[one.id]?.message ?? '' });
    }
    this.#notices.push(...fresh);
    return [...this.#notices];
  }

  /** Lets the extension's alarm ring now, whatever it is called, and waits until the check it starts has been written. */
  async fireAlarm(ms = 45_000): Promise<Snapshot> {
    await this.#listen();
    const before = (await this.snapshot())?.checkedAt ?? 0;
    await this.ring();
    return await this.snapshotWith('the check that an alarm starts', (snapshot) => (snapshot.checkedAt ?? 0) > before, ms);
  }

  /** Lets the alarm ring and waits for nothing. */
  async ring(): Promise<void> {
    await this.evaluate(async () => {
      for (const alarm of await browser.alarms.getAll()) {
        await browser.alarms.create(alarm.name, { when: Date.now() + 50, ...(alarm.periodInMinutes === undefined ? {} : { periodInMinutes: alarm.periodInMinutes }) });
      }
    });
  }

  /** Ends the background without warning, in the middle of whatever it does; the next event starts it again. */
  async killWorker(): Promise<void> {
    await this.notifications();
    if (this.engine === 'chromium') {
      const worker = await this.#worker();
      if (worker === null) return;
      const marked = (one: typeof worker): Promise<boolean> => one.evaluate(() => 'doomed' in globalThis);
      await worker.evaluate(() => Object.assign(globalThis, { doomed: true }));
      await worker.close().catch(() => undefined);
      // Gone, or another in its place: an open page that loses its answer wakes the next one at once.
      await until('the worker to end', 15_000, async () => {
        const now = await this.#worker();
        return now === null || (await within(1_000, marked(now))) === false;
      });
      return;
    }
    // Firefox ends its event page from within; this is how it does so itself when the page has been idle.
    const { connection } = this.browser as unknown as { connection: { send(method: string, params: object): Promise<{ result: { contexts: { context: string }[] } }> } };
    const { contexts } = (await connection.send('browsingContext.getTree', { 'moz:scope': 'chrome' })).result;
    await connection.send('script.evaluate', {
      expression: `WebExtensionPolicy.getByHostname('${new URL(this.base).host}').extension.terminateBackground()`,
      target: { context: contexts[0]!.context }, awaitPromise: true,
    });
  }

  /** Everything the extension has stored is gone, as if it had just been installed, and its first check is on its way. */
  async forget(): Promise<void> {
    await this.idle();
    await this.evaluate(async () => {
      await browser.storage.local.clear();
      for (const id of Object.keys(await browser.notifications.getAll())) await browser.notifications.clear(id);
    });
    await this.killWorker();
    await this.ring();
  }

  /**
   * Lets time pass: every moment that the extension has stored lies so much further back, and its background forgets what it held in memory.
   * @param ms how much time
   */
  async advance(ms: number): Promise<void> {
    await this.idle();
    await this.evaluate(async (by: number) => {
      // Moments of this decade; nothing else the extension stores is as large.
      const shifted = (value: unknown): unknown => {
        if (typeof value === 'number') return value > 1.5e12 && value < 2.5e12 ? value - by : value;
        if (Array.isArray(value)) return value.map(shifted);
        if (typeof value === 'object' && value !== null) return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, shifted(inner)]));
        return value;
      };
      const { monitor, snapshot } = await browser.storage.local.get(['monitor', 'snapshot']);
      await browser.storage.local.set({ monitor: shifted(monitor), snapshot: shifted(snapshot) });
    }, ms);
    await this.killWorker();
  }

  /** Waits until the background has stopped writing. */
  async idle(quietMs = 400, ms = 60_000): Promise<void> {
    let last = '';
    let since = Date.now();
    await until('the background to rest', ms, async () => {
      const now = JSON.stringify(await this.stored('monitor'));
      if (now !== last) [last, since] = [now, Date.now()];
      return Date.now() - since >= quietMs;
    });
  }

  /** The popup: the real one in Chromium, its page in a window of that size in Firefox. */
  async openPopup(): Promise<Page> {
    if (this.engine === 'chromium') {
      const known = new Set(this.browser.targets());
      await this.evaluate(() => (browser.action as unknown as { openPopup(): Promise<void> }).openPopup()).catch(() => undefined);
      const target = await this.browser.waitForTarget((one) => !known.has(one) && one.url().startsWith(`${this.base}popup.html`), { timeout: 5_000 }).catch(() => null);
      if (target !== null) return await target.asPage();
    }
    const page = await this.page('popup.html');
    await page.setViewport({ width: 400, height: 600 });
    return page;
  }

  /** What the popup says, line by line as a person reads it; waits until all of it is there. */
  async popupText(): Promise<string> {
    const page = await this.openPopup();
    try {
      // The verdict is there before the rest.
      return await until('the popup to say all', 10_000, async () => await page.evaluate(() => document.querySelector('.actions') !== null && document.body.innerText.trim()));
    } finally {
      await within(2_000, page.close().catch(() => undefined));
    }
  }

  /** Presses "Check now" (or what it is called in the popup's language: the first button marked so) and waits for the check. */
  async checkNow(ms = 45_000): Promise<Snapshot> {
    await this.#listen();
    const before = (await this.snapshot())?.checkedAt ?? 0;
    const page = await this.openPopup();
    try {
      const button = '[data-action="check"], button.check';
      await until('the button "Check now"', 10_000, async () => await page.evaluate((selector) => {
        const found = document.querySelector<HTMLButtonElement>(selector);
        if (found === null || found.disabled || found.getAttribute('aria-disabled') === 'true') return false;
        found.click();
        return true;
      }, button));
      return await this.snapshotWith('the check that was asked for', (snapshot) => (snapshot.checkedAt ?? 0) > before, ms);
    } finally {
      await within(2_000, page.close().catch(() => undefined));
    }
  }

  /**
   * Runs something inside the banner on a page, whose root is closed to the page: in the extension's own world, where browsers open it.
   * @returns what it gives, null where the page has no banner
   */
  async #inBanner(page: Page, doing: 'read' | { press: string }): Promise<string | null> {
    // The document's own word: a page that came back out of the browser's memory is not known to the driver by its new address.
    const address = await page.evaluate(() => location.href).catch(() => page.url());
    return await this.evaluate(async (url: string, name: string, press: string | null) => {
      const [tab] = (await browser.tabs.query({})).filter((one) => one.url === url);
      if (tab?.id === undefined) return null;
      const [done] = await browser.scripting.executeScript({
        target: { tabId: tab.id },
        args: [name, press],
        func: (element: string, selector: string | null) => {
          const host = document.querySelector(element);
          if (host === null) return null;
          const dom = (globalThis as unknown as { chrome?: { dom?: { openOrClosedShadowRoot(of: Element): ShadowRoot | null } } }).chrome?.dom;
          const root = dom ? dom.openOrClosedShadowRoot(host) : ((host as unknown as { openOrClosedShadowRoot?: ShadowRoot | null }).openOrClosedShadowRoot ?? host.shadowRoot);
          if (selector !== null) root?.querySelector<HTMLElement>(selector)?.click();
          const text = [...(root?.children ?? [])].filter((child) => child.localName !== 'style').map((child) => (child as HTMLElement).innerText ?? '').join('\n').trim();
          return text === '' ? null : text;
        },
      });
      return (done?.result as string | null | undefined) ?? null;
    }, address, BANNER, doing === 'read' ? null : doing.press);
  }

  /** What the banner on a page says, null where there is none. */
  async banner(page: Page): Promise<string | null> {
    return await this.#inBanner(page, 'read');
  }

  /** Presses a button of the banner, by a selector. */
  async pressInBanner(page: Page, selector: string): Promise<void> {
    if ((await this.banner(page)) === null) throw new Error('there is no banner to press a button of');
    await this.#inBanner(page, { press: selector });
  }

  /** Writes a picture into `.output/screenshots`, which git ignores. */
  async screenshot(page: Page, name: string): Promise<void> {
    const file = join(ROOT, '.output/screenshots', `${name}.png`);
    mkdirSync(dirname(file), { recursive: true });
    await page.screenshot({ path: file as `${string}.png` });
  }

  /** The light or the dark theme, as the system would ask for it (Chromium only; Firefox takes it from the extension's setting). */
  async theme(page: Page, theme: 'light' | 'dark'): Promise<void> {
    if (this.engine === 'chromium') await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: theme }]);
  }

  async cdp(page: Page): Promise<CDPSession> {
    return await page.createCDPSession();
  }

  /** Ends the browser, by its process if it does not go by itself. */
  async close(): Promise<void> {
    const pid = this.browser.process()?.pid;
    const gone = await within(8_000, this.browser.close().then(() => true, () => false));
    if (gone !== true && pid !== undefined) {
      for (const target of [-pid, pid]) {
        try {
          process.kill(target, 'SIGKILL');
        } catch {
          // It went in the meantime.
        }
      }
    }
    if (this.#folder !== null) rmSync(this.#folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  }
}

/** The element that the content script puts into a page. */
export const BANNER = 'tsunagaru-banner';

/** One line about a snapshot, for the message of a test that failed. */
export function describe(snapshot: Snapshot): string {
  const targets = snapshot.targets.map((line) => `${line.target}:${line.status}${line.failure === null ? '' : `(${line.failure})`}`).join(' ');
  return `state ${snapshot.state}, side ${snapshot.side ?? '–'}, checked ${snapshot.checkedAt ?? 'never'}, ${targets}`;
}
