import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import type { CDPSession } from 'puppeteer-core';
import type { Ledger } from '../../utils/core/ledger.ts';
import { open, until, type Session } from '../e2e/driver.ts';
import { openLab, type Lab, type LabLogEntry } from '../lab/lab.ts';
import { mean, type Figure } from './figure.ts';

/** Light checks take turns with most targets: so many until all had theirs, and the vendor's feed its share. */
const LIGHT = 6;
const CHECKS_A_DAY = 288;
const MINUTE = 60_000;
const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

type Connection = Extract<LabLogEntry, { kind: 'connection' }>;

interface Cost {
  requests: number;
  /** Connections that were opened for it. */
  connections: Connection[];
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

/** TCP payload both ways, TLS included. */
const bytesOf = ({ bytesIn, bytesOut }: Connection): number => bytesIn + bytesOut;

/**
 * What a check takes after five quiet minutes, bytes, in an estimate that is on the safe side. What is known of such minutes, and how it is had here:
 *
 * - All connections are gone: servers close idle ones after one to three minutes, Chromium closes those it has used after five. Here the browser is told
 *   of a change of network (`jolt`), which closes them all. It does not make it forget TLS sessions: measured, connections after it are resumed.
 * - TLS sessions are not gone: tickets hold for hours, and Chromium keeps them in memory, the extension's requests without credentials apart from
 *   those of pages. A resumed connection carries no certificate. What remains is much even so: 1.2 kB each way are the key exchange against
 *   quantum computers (X25519MLKEM768).
 * - Servers of today give a new ticket with each resumed connection. Those of the lab, Node's, give two with a full handshake and none after, so that
 *   every third connection to a host is a full one. It is counted here with what the host's resumed ones took; both are shown.
 * - The vendor's hosts partly share an address and a certificate (`SHARED_EDGE`), and then a connection. In the lab they have addresses of their own, so
 *   that each begins one: the figure for shared ones stands beside it.
 *
 * Not in it: certificates at the first connection after the browser's start (the vendor's, of 72 names, are about 3 kB larger than the lab's), and how
 * much larger than the lab's the real page of the storefront is: its beginning is read and the rest cut off.
 */
function afterQuiet(light: readonly Cost[]): number {
  const resumed = light.flatMap(({ connections }) => connections).filter((one) => one.resumed === true);
  const usual = (host: string): number => {
    const same = resumed.filter((one) => one.host === host);
    return mean((same.length > 0 ? same : resumed).map(bytesOf));
  };
  return mean(light.map(({ connections }) => connections.reduce((sum, one) => sum + (one.resumed === false ? usual(one.host) : bytesOf(one)), 0)));
}

/** Makes one check, with no connection left over from before, and counts what it cost. */
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
  const connections = (await lab.log()).filter((entry) => entry.kind === 'connection' && entry.at <= end) as Connection[];
  await session.idle();
  return {
    requests: asked.length,
    connections,
    bodies: asked.reduce((sum, { bytes }) => sum + bytes, 0),
    ledger: { requests: after.requests - before.requests, bytes: after.bytes - before.bytes },
    busy: profile === null ? NaN : busyMs(profile.profile as Profile),
  };
}

interface Measured {
  light: Cost[];
  full: Cost;
  heap: number | null;
}

/** @param sharedEdge whether the hosts that may share an address do @param checks how many light checks */
async function measure(extension: string, sharedEdge: boolean, checks: number): Promise<Measured> {
  const lab = await openLab({ sharedEdge });
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
    for (let turn = 0; turn < checks; turn++) {
      await value.advance(5 * MINUTE);
      light.push(await cost(value, lab, () => watched(() => value.fireAlarm())));
    }
    const full = await cost(value, lab, () => watched(() => value.checkNow()));
    const worker = await workerOf(value);
    const heap = worker === null ? null : ((await worker.send('HeapProfiler.collectGarbage').then(() => worker.send('Runtime.getHeapUsage')).catch(() => null)) as { usedSize: number } | null);
    return { light, full, heap: heap?.usedSize ?? null };
  } finally {
    await value.close();
    await lab.close();
  }
}

/** What checks take from the network, and the worker's script from the processor. @param extension folder of the build */
export async function wire(extension: string): Promise<Figure[]> {
  const { light, full, heap } = await measure(extension, false, LIGHT);
  const shared = await measure(extension, true, LIGHT);
  const of = (name: 'requests' | 'bodies'): number => mean(light.map((one) => one[name]));
  const bytes = afterQuiet(light);
  const sharedBytes = afterQuiet(shared.light);
  const asTheyCame = (all: readonly Cost[]): number => mean(all.map(({ connections }) => connections.reduce((sum, one) => sum + bytesOf(one), 0)));
  const all = light.flatMap(({ connections }) => connections);
  const each = (resumed: boolean): number => mean(all.filter((one) => one.resumed === resumed).map(bytesOf));
  const busy = light.map((one) => one.busy).filter((ms) => !Number.isNaN(ms));
  const counts = light.map(({ requests }) => requests).toSorted((a, b) => a - b);
  const perCheck = (costs: readonly Cost[]): string => `${(mean(costs.map(({ connections }) => connections.length))).toFixed(1)} connections`;
  const fullBytes = full.connections.reduce((sum, one) => sum + bytesOf(one), 0);
  return [
    { id: 'wire.light', what: 'a light check on the wire, TLS resumed, each host at its own address', value: bytes / 1_000, unit: 'kB', yardstick: { what: 'kB of bodies', value: of('bodies') / 1_000 }, note: `${perCheck(light)}; ${(asTheyCame(light) / 1_000).toFixed(1)} kB with the lab’s full handshakes` },
    { id: 'wire.light.shared', what: 'where the storefront’s edge is the catalogue’s (as seen 2026-09-26)', value: sharedBytes / 1_000, unit: 'kB', yardstick: { what: 'kB, each at its own', value: bytes / 1_000 }, note: perCheck(shared.light) },
    { id: 'wire.connection', what: 'one of its connections, resumed, answer and all', value: each(true) / 1_000, unit: 'kB', yardstick: { what: 'kB with a full handshake', value: each(false) / 1_000 }, note: `${all.filter((one) => one.resumed === true).length} of ${all.length} were resumed` },
    { id: 'wire.light.requests', what: 'requests of a light check', value: of('requests'), unit: '', yardstick: { what: 'in the ledger', value: mean(light.map(({ ledger }) => ledger.requests)) }, note: `${counts[0]}–${counts.at(-1)} in ${LIGHT} checks` },
    { id: 'wire.light.ledger', what: 'its bytes as the ledger tells the user (Resource Timing)', value: mean(light.map(({ ledger }) => ledger.bytes)) / 1_000, unit: 'kB', yardstick: { what: 'kB on the wire', value: bytes / 1_000 } },
    { id: 'wire.full', what: 'a full check on the wire', value: fullBytes / 1_000, unit: 'kB', yardstick: { what: 'kB, the light one', value: bytes / 1_000 }, note: `${full.requests} requests, ${full.connections.length} connections` },
    { id: 'wire.day', what: 'a day at 5 minutes, never asleep', value: (bytes * CHECKS_A_DAY) / 1e6, unit: 'MB', yardstick: { what: 'MB with the shared edge', value: (sharedBytes * CHECKS_A_DAY) / 1e6 }, note: `${Math.round(of('requests') * CHECKS_A_DAY)} requests` },
    ...(busy.length === 0 ? [] : [{ id: 'wire.light.busy', what: 'the worker’s script runs in a light check, once it is loaded', value: mean(busy), unit: 'ms', ...(Number.isNaN(full.busy) ? {} : { yardstick: { what: 'ms in a full one', value: full.busy } }), note: `${((mean(busy) * CHECKS_A_DAY) / 1_000).toFixed(1)} s a day` } satisfies Figure]),
    ...(heap === null ? [] : [{ id: 'heap', what: 'memory of the background’s script after all this', value: heap / 1e6, unit: 'MB' } satisfies Figure]),
  ];
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
