import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import type { CDPSession } from 'puppeteer-core';
import type { Ledger } from '../../utils/core/ledger.ts';
import { open, until, type Session } from '../e2e/driver.ts';
import { openLab, type Lab } from '../lab/lab.ts';
import { mean, type Figure } from './figure.ts';

/** Light checks take turns with most targets: so many until all had theirs, and the vendor's feed its share. */
const LIGHT = 6;
const CHECKS_A_DAY = 288;
const MINUTE = 60_000;
const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

interface Cost {
  requests: number;
  /** TCP payload both ways, TLS included. */
  wire: number;
  /** Connections that were opened for it. */
  connections: number;
  /** Bodies as they were sent. */
  bodies: number;
  /** What the ledger, which the user sees, says of it. */
  ledger: { requests: number; bytes: number };
  /** Time in which the worker's script ran, ms. */
  busy: number;
}

async function ledgerOf(session: Session): Promise<{ requests: number; bytes: number }> {
  const lines = Object.values((await session.stored<Ledger>('ledger'))?.hosts ?? {});
  return { requests: lines.reduce((sum, { count }) => sum + count, 0), bytes: lines.reduce((sum, { bytes }) => sum + bytes, 0) };
}

async function workerOf(session: Session): Promise<CDPSession | null> {
  const target = session.browser.targets().find((one) => one.type() === 'service_worker' && one.url().startsWith(session.base));
  return (await target?.worker().catch(() => null))?.client ?? null;
}

interface Profile {
  nodes: { id: number; callFrame: { functionName: string } }[];
  samples?: number[];
  timeDeltas?: number[];
}

const NOT_OURS: ReadonlySet<string> = new Set(['(idle)', '(program)', '(root)']);

function busyMs({ nodes, samples = [], timeDeltas = [] }: Profile): number {
  const names = new Map(nodes.map(({ id, callFrame }) => [id, callFrame.functionName]));
  return samples.reduce((sum, id, index) => sum + (NOT_OURS.has(names.get(id) ?? '') ? 0 : (timeDeltas[index] ?? 0)), 0) / 1_000;
}

/** Makes one check and counts what it cost. All connections begin anew, as they do after five minutes of silence. */
async function cost(session: Session, lab: Lab, check: () => Promise<unknown>): Promise<Cost> {
  await lab.jolt();
  await sleep(1_500);
  await session.idle();
  const before = await ledgerOf(session);
  await lab.forget();
  await check();
  await session.idle();
  const asked = await lab.requests();
  const worker = await workerOf(session);
  const profile = worker === null ? null : await worker.send('Profiler.stop').catch(() => null);
  const end = Date.now();
  const after = await ledgerOf(session);
  // Bytes of a connection are known when it has ended.
  await lab.jolt();
  await sleep(1_500);
  const connections = (await lab.log()).filter((entry) => entry.kind === 'connection' && entry.at <= end).map((entry) => entry as Extract<typeof entry, { kind: 'connection' }>);
  await session.idle();
  return {
    requests: asked.length,
    wire: connections.reduce((sum, { bytesIn, bytesOut }) => sum + bytesIn + bytesOut, 0),
    connections: connections.length,
    bodies: asked.reduce((sum, { bytes }) => sum + bytes, 0),
    ledger: { requests: after.requests - before.requests, bytes: after.bytes - before.bytes },
    busy: profile === null ? NaN : busyMs(profile.profile as Profile),
  };
}

/** What checks take from the network, and the worker's script from the processor. @param extension folder of the build */
export async function wire(extension: string): Promise<Figure[]> {
  const lab = await openLab();
  const session = await open({ engine: 'chromium', lab, extension });
  if (!session.ok) {
    await lab.close();
    throw new Error(`${session.error.at}: ${session.error.reason}`);
  }
  const { value } = session;
  /** The worker is watched at its work from the moment it is there. */
  const watched = async (work: () => Promise<unknown>): Promise<void> => {
    const watching = until('the worker', 5_000, () => workerOf(value), 10).then((worker) => worker.send('Profiler.enable').then(() => worker.send('Profiler.start'))).catch(() => undefined);
    await work();
    await watching;
  };
  try {
    await value.snapshotWith('the first check', ({ state }) => state === 'up', 60_000);
    await value.idle();
    // What is loaded once, names and certificates among it, is loaded.
    await value.checkNow();
    const light: Cost[] = [];
    for (let turn = 0; turn < LIGHT; turn++) {
      await value.advance(5 * MINUTE);
      light.push(await cost(value, lab, () => watched(() => value.fireAlarm())));
    }
    const full = await cost(value, lab, () => watched(() => value.checkNow()));
    const worker = await workerOf(value);
    const heap = worker === null ? null : ((await worker.send('HeapProfiler.collectGarbage').then(() => worker.send('Runtime.getHeapUsage')).catch(() => null)) as { usedSize: number } | null);
    const of = (name: 'requests' | 'wire' | 'connections' | 'bodies'): number => mean(light.map((one) => one[name]));
    const busy = light.map((one) => one.busy).filter((ms) => !Number.isNaN(ms));
    const range = (name: 'requests' | 'wire'): string => {
      const sorted = light.map((one) => one[name]).toSorted((a, b) => a - b);
      return name === 'wire' ? `${(sorted[0]! / 1_000).toFixed(1)}–${(sorted.at(-1)! / 1_000).toFixed(1)} kB in ${LIGHT} checks` : `${sorted[0]}–${sorted.at(-1)} in ${LIGHT} checks`;
    };
    return [
      { id: 'wire.light', what: 'a light check on the wire, TLS and all, new connections', value: of('wire') / 1_000, unit: 'kB', yardstick: { what: 'kB of bodies', value: of('bodies') / 1_000 }, note: range('wire') },
      { id: 'wire.light.requests', what: 'its requests', value: of('requests'), unit: '', yardstick: { what: 'in the ledger', value: mean(light.map(({ ledger }) => ledger.requests)) }, note: range('requests') },
      { id: 'wire.light.ledger', what: 'its bytes as the ledger tells the user (Resource Timing)', value: mean(light.map(({ ledger }) => ledger.bytes)) / 1_000, unit: 'kB', yardstick: { what: 'kB on the wire', value: of('wire') / 1_000 } },
      { id: 'wire.full', what: 'a full check on the wire', value: full.wire / 1_000, unit: 'kB', yardstick: { what: 'kB, the light one', value: of('wire') / 1_000 }, note: `${full.requests} requests, ${full.connections} connections` },
      { id: 'wire.day', what: 'a day at 5 minutes, never asleep', value: (of('wire') * CHECKS_A_DAY) / 1e6, unit: 'MB', note: `${Math.round(of('requests') * CHECKS_A_DAY)} requests` },
      ...(busy.length === 0 ? [] : [{ id: 'wire.light.busy', what: 'the worker’s script runs in a light check, once it is loaded', value: mean(busy), unit: 'ms', ...(Number.isNaN(full.busy) ? {} : { yardstick: { what: 'ms in a full one', value: full.busy } }), note: `${((mean(busy) * CHECKS_A_DAY) / 1_000).toFixed(1)} s a day` } satisfies Figure]),
      ...(heap === null ? [] : [{ id: 'heap', what: 'memory of the background’s script after all this', value: heap.usedSize / 1e6, unit: 'MB' } satisfies Figure]),
    ];
  } finally {
    await value.close();
    await lab.close();
  }
}

interface PageLine {
  loads: number;
  script: number;
  onDemand: number;
  ms: { own: number; ownWorst: number; tasks: { with: number; without: number }; scripts: { with: number; without: number } };
  layouts: { with: number; without: number };
  requests: { with: number; without: number };
  shift: { with: number; without: number };
}

/** A healthy page of the store, with the extension and without: `page.ts` in a process of its own. */
export function page(): Figure[] {
  const done = spawnSync(process.execPath, [join(import.meta.dirname, 'page.ts'), '12'], { encoding: 'utf8' });
  if (done.status !== 0) throw new Error(done.stderr.trim().split('\n').at(-1) ?? 'page.ts');
  const line = JSON.parse(done.stdout.trim().split('\n').at(-1)!) as PageLine;
  const beside = (name: 'tasks' | 'scripts', what: string): Figure => ({ id: `page.${name}`, what, value: line.ms[name].with, unit: 'ms', yardstick: { what: 'without the extension', value: line.ms[name].without } });
  return [
    { id: 'page.own', what: 'the extension’s script on a healthy page, main thread', value: line.ms.own, unit: 'ms', yardstick: { what: 'all scripts of the bare page', value: line.ms.scripts.without }, note: `${line.loads} loads, at most ${line.ms.ownWorst} ms` },
    beside('tasks', 'all tasks of the page'),
    { id: 'page.layouts', what: 'layouts of the page', value: line.layouts.with, unit: '', yardstick: { what: 'without the extension', value: line.layouts.without } },
    { id: 'page.requests', what: 'requests of the page', value: line.requests.with, unit: '', yardstick: { what: 'without the extension', value: line.requests.without } },
    { id: 'page.shift', what: 'layout shift', value: line.shift.with, unit: '', yardstick: { what: 'without the extension', value: line.shift.without } },
  ];
}

if (import.meta.main) console.log(JSON.stringify(await wire(process.argv[2]!), null, 1));
