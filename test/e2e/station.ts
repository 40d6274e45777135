import type { Page } from 'puppeteer-core';
import type { Snapshot } from '../../utils/core/snapshot.ts';
import { labUnavailable, openLab, type Lab, type LabOptions, type LabPhase } from '../lab/lab.ts';
import { findBrowser, type Engine } from '../setup/ensure.ts';
import { describe, open, until, type Notice, type Session, type SessionOptions } from './driver.ts';

/** Where names changed, the lab tells the browser of a change of network; the requests under way fail for a moment. */
const settle = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 300));

/** One browser in a lab of its own, with a page of the store open. */
export class Station {
  readonly engine: Engine;
  readonly lab: Lab;
  readonly session: Session;
  #page: Page | null = null;
  #told = 0;

  constructor(engine: Engine, lab: Lab, session: Session) {
    this.engine = engine;
    this.lab = lab;
    this.session = session;
  }

  /** The tab with the store's page. */
  get page(): Page {
    if (this.#page === null) throw new Error('no page is open: call fresh() first');
    return this.#page;
  }

  /** As if newly installed: nothing stored, all healthy, the first check made, a page of the store open. */
  async fresh(): Promise<Snapshot> {
    const { session, lab } = this;
    await lab.clear();
    await settle();
    await this.#page?.close().catch(() => undefined);
    await session.forget();
    let snapshot = await session.snapshotWith('the first check', ({ checkedAt }) => checkedAt !== null, 60_000);
    if (snapshot.state !== 'up') snapshot = await session.checkNow();
    if (snapshot.state !== 'up') throw new Error(`all is healthy, but: ${describe(snapshot)}`);
    this.#page = await session.visit('https://music.apple.com/us/new');
    // The page's arrival may have asked for a check of its own.
    await session.idle();
    this.#told = (await session.notifications()).length;
    return snapshot;
  }

  /** Makes a phase true, as a user would meet it: nothing of before is remembered by the browser. */
  async apply(phase: LabPhase): Promise<void> {
    const { notExpressible } = await this.lab.apply(phase);
    if (notExpressible.length > 0) throw new Error(`the lab cannot do ${notExpressible.join(', ')}`);
    await settle();
  }

  /** Asks for a check and waits until it has come to a verdict: a suspicion is looked at again by itself. */
  async verdict(): Promise<Snapshot> {
    const checked = await this.session.checkNow(60_000);
    return checked.state === 'suspect' ? await this.session.snapshotWith('a verdict', ({ state }) => state !== 'suspect', 60_000) : checked;
  }

  /** What the desktop was shown since `fresh`. */
  async told(): Promise<Notice[]> {
    return (await this.session.notifications()).slice(this.#told);
  }

  async banner(): Promise<string | null> {
    return await this.session.banner(this.page);
  }

  /** Waits for the banner to be there, or to be gone. */
  async bannerIs(shown: boolean): Promise<string | null> {
    return await until(shown ? 'the banner' : 'the banner to leave', 10_000, async () => {
      const text = await this.banner();
      return (text !== null) === shown ? { text } : null;
    }).then(({ text }) => text);
  }

  async close(): Promise<void> {
    await this.session.close();
    await this.lab.close();
  }
}

/** Browsers that wait for work: opening one costs seconds, a fault at the store mostly waiting. */
export class Stations {
  readonly #idle: Record<Engine, Station[]> = { chromium: [], firefox: [] };
  readonly #free: Record<Engine, number>;
  readonly #waiting: Record<Engine, (() => void)[]> = { chromium: [], firefox: [] };
  readonly #options: Partial<SessionOptions>;
  readonly #labOptions: LabOptions;

  /**
   * @param limit how many browsers of each engine at most
   * @param options of every browser
   * @param labOptions of every browser's lab
   */
  constructor(limit: number, options: Partial<SessionOptions> = {}, labOptions: LabOptions = {}) {
    this.#free = { chromium: limit, firefox: limit };
    this.#options = options;
    this.#labOptions = labOptions;
  }

  /** Runs a task at a free station. A station where it failed is closed: nobody knows in which state it is. */
  async use<T>(engine: Engine, task: (station: Station) => Promise<T>): Promise<T> {
    await this.#enter(engine);
    let station: Station | undefined;
    try {
      station = this.#idle[engine].pop() ?? (await openStation(engine, this.#options, this.#labOptions));
      const result = await task(station);
      this.#idle[engine].push(station);
      return result;
    } catch (error) {
      await station?.close().catch(() => undefined);
      throw error;
    } finally {
      this.#leave(engine);
    }
  }

  async #enter(engine: Engine): Promise<void> {
    if (this.#free[engine] > 0) this.#free[engine] -= 1;
    else await new Promise<void>((resolve) => this.#waiting[engine].push(resolve));
  }

  #leave(engine: Engine): void {
    const next = this.#waiting[engine].shift();
    if (next === undefined) this.#free[engine] += 1;
    else next();
  }

  async close(): Promise<void> {
    for (const station of [...this.#idle.chromium, ...this.#idle.firefox]) await station.close().catch(() => undefined);
  }
}

async function openStation(engine: Engine, options: Partial<SessionOptions>, labOptions: LabOptions): Promise<Station> {
  const lab = await openLab(labOptions);
  const session = await open({ ...options, engine, lab });
  if (!session.ok) {
    await lab.close();
    throw new Error(`${session.error.at}: ${session.error.reason}`);
  }
  return new Station(engine, lab, session.value);
}

/** @returns why a browser cannot be put through the table here; null where it can. */
export function whyNot(engine: Engine): string | null {
  const found = findBrowser(engine);
  return found.ok ? labUnavailable() : found.error.reason;
}
