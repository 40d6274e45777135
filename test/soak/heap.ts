import type { CDPSession, Page } from 'puppeteer-core';
import type { Session } from '../e2e/driver.ts';

/** Watches how much memory a page, or the background, holds on to (Chromium alone tells). A background that is watched is not put to sleep. */
export class Heap {
  readonly #client: CDPSession;
  #world = '';

  private constructor(client: CDPSession) {
    this.#client = client;
  }

  static async of(page: Page): Promise<Heap> {
    return await new Heap(await page.createCDPSession()).#begin();
  }

  static async ofBackground(session: Session): Promise<Heap> {
    const target = session.browser.targets().find((one) => one.type() === 'service_worker' && one.url().startsWith(session.base));
    if (target === undefined) throw new Error('the background is not awake');
    return await new Heap(await target.createCDPSession()).#begin();
  }

  async #begin(): Promise<this> {
    await this.#client.send('Runtime.enable');
    this.#world = String(Math.random());
    await this.#client.send('Runtime.evaluate', { expression: `globalThis.soakWorld = ${JSON.stringify(this.#world)}` });
    return this;
  }

  /** @returns bytes that are still held after all rubbish was collected */
  async held(): Promise<number> {
    // What was held by what went in the first round goes in the second.
    for (let round = 0; round < 2; round++) await this.#client.send('HeapProfiler.collectGarbage');
    return (await this.#client.send('Runtime.getHeapUsage')).usedSize;
  }

  /** @returns whether it is still the same one that was watched from the beginning */
  async isSame(): Promise<boolean> {
    const { result } = await this.#client.send('Runtime.evaluate', { expression: 'globalThis.soakWorld', returnByValue: true });
    return result.value === this.#world;
  }
}

/** @param points bytes by check @returns the straight line's rise through them, bytes a check */
export function slopeOf(points: readonly (readonly [number, number])[]): number {
  const mean = (list: readonly number[]): number => list.reduce((sum, one) => sum + one, 0) / list.length;
  const [x, y] = [mean(points.map(([at]) => at)), mean(points.map(([, bytes]) => bytes))];
  const spread = points.reduce((sum, [at]) => sum + (at - x) ** 2, 0);
  return spread === 0 ? 0 : points.reduce((sum, [at, bytes]) => sum + (at - x) * (bytes - y), 0) / spread;
}
