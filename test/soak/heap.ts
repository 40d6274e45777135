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

  /**
   * @returns what is held, told apart: bytes of machine code and what belongs to it, which the engine makes of functions that run often and which
   * ends with the number of functions; and bytes of all else, which is what a program can leak
   */
  async census(): Promise<Census> {
    const parts: string[] = [];
    const gather = ({ chunk }: { chunk: string }): void => void parts.push(chunk);
    this.#client.on('HeapProfiler.addHeapSnapshotChunk', gather);
    await this.held();
    await this.#client.send('HeapProfiler.takeHeapSnapshot', { reportProgress: false });
    this.#client.off('HeapProfiler.addHeapSnapshotChunk', gather);
    return censusOf(JSON.parse(parts.join('')) as HeapSnapshot);
  }

  /** @returns whether it is still the same one that was watched from the beginning */
  async isSame(): Promise<boolean> {
    const { result } = await this.#client.send('Runtime.evaluate', { expression: 'globalThis.soakWorld', returnByValue: true });
    return result.value === this.#world;
  }
}

export interface Census {
  code: number;
  data: number;
}

/** The part of a heap snapshot, as V8 writes it, that is read here: numbers in rows of `node_fields`. */
interface HeapSnapshot {
  snapshot: { meta: { node_fields: string[]; node_types: [string[], ...unknown[]] } };
  nodes: number[];
  strings: string[];
}

/** V8's own: `system / InstructionStream`, `system / WeakArrayList` (code that depends on a shape) and the like, under whatever type. */
const OWN = /^\(?system \//;

function censusOf({ snapshot: { meta }, nodes, strings }: HeapSnapshot): Census {
  const [width, type, name, size] = [meta.node_fields.length, ...['type', 'name', 'self_size'].map((field) => meta.node_fields.indexOf(field))] as [number, number, number, number];
  const census: Census = { code: 0, data: 0 };
  for (let i = 0; i < nodes.length; i += width) {
    const isCode = meta.node_types[0][nodes[i + type]!] === 'code' || OWN.test(strings[nodes[i + name]!]!);
    census[isCode ? 'code' : 'data'] += nodes[i + size]!;
  }
  return census;
}

/** @param points bytes by check @returns the straight line's rise through them, bytes a check */
export function slopeOf(points: readonly (readonly [number, number])[]): number {
  const mean = (list: readonly number[]): number => list.reduce((sum, one) => sum + one, 0) / list.length;
  const [x, y] = [mean(points.map(([at]) => at)), mean(points.map(([, bytes]) => bytes))];
  const spread = points.reduce((sum, [at]) => sum + (at - x) ** 2, 0);
  return spread === 0 ? 0 : points.reduce((sum, [at, bytes]) => sum + (at - x) * (bytes - y), 0) / spread;
}
