/**
 * How long an outage goes unnoticed: from the moment at which the store of the lab begins to fail until the browser has shown the notification. Real
 * time, production build, checks once a minute, the fault at a random moment of the minute. `visit`: a page of the store is opened right after the
 * fault and does not load. Prints one line of JSON for each run and one for each of both ways; exits with 1 where a median is over its budget.
 *
 *   node test/bench/detection.ts [--runs 20] [--labs 6] [--seed 1] [--engine chromium] [--only wait|visit]
 *
 * A run in which nothing was shown counts as endless. Labs run side by side, since most of the time is waiting.
 */
import { parseArgs } from 'node:util';
import { DEFAULT_SETTINGS } from '../../utils/core/settings.ts';
import { describe, until } from '../e2e/driver.ts';
import { Stations, whyNot, type Station } from '../e2e/station.ts';
import { seededRandom } from '../fakes/seeded.ts';
import type { Engine } from '../setup/ensure.ts';

type Way = 'wait' | 'visit';

interface Run {
  way: Way;
  run: number;
  /** What the store fails with. */
  fault: string;
  /** When in the minute, ms after the check before. */
  at: number;
  /** From the fault to the notification, ms; null where there was none. */
  ms: number | null;
  error?: string;
}

/** What is asked of the medians, ms. */
const BUDGET: Record<Way, number> = { wait: 90_000, visit: 15_000 };
const LIMIT: Record<Way, number> = { wait: 240_000, visit: 60_000 };
/** Names that do not resolve are left out: the lab tells the browser of a changed network then, which would have it checked at once. */
const FAULTS: Record<Way, readonly string[]> = {
  wait: ['http.503', 'tcp.refused', 'tcp.reset', 'tcp.timed_out', 'tls.cert.date_invalid'],
  // A silent address keeps a page waiting for minutes before it counts as not loaded.
  visit: ['http.503', 'tcp.refused', 'tcp.reset', 'tls.cert.date_invalid'],
};
const MINUTE = 60_000;
const PAGE = 'https://music.apple.com/jp/album/lab/1600000001';

const wait = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

async function once(station: Station, { way, fault, at }: Run): Promise<number> {
  const { session, lab } = station;
  await station.fresh();
  const saved = await session.send('settings', { settings: { ...DEFAULT_SETTINGS, interval: 1 } });
  if (!saved.ok) throw new Error(saved.error.reason);
  // What is usual is known by more than one check, as it is after some minutes.
  for (let check = 0; check < 2; check += 1) await session.checkNow();
  await session.idle();
  await wait(Math.max(0, (await session.snapshot())!.checkedAt! + at - Date.now()));
  // A check under way would see half of the fault; it is not waited for: the moment is random.
  const began = Date.now();
  await lab.apply({ store: { fail: { [fault]: 1 } } });
  const page = way === 'visit' ? session.visit(PAGE) : null;
  try {
    return await until('the notification', LIMIT[way], async () => ((await station.told()).some(({ id }) => id.endsWith(':outage')) ? Date.now() - began : null));
  } catch (error) {
    const snapshot = await session.snapshot();
    throw new Error(`${String(error)}; last seen: ${snapshot === null ? 'nothing' : describe(snapshot)}; shown: ${(await station.told()).map(({ id }) => id).join(' ')}`, { cause: error });
  } finally {
    await (await page)?.close().catch(() => undefined);
  }
}

const { values } = parseArgs({ options: { runs: { type: 'string', default: '20' }, labs: { type: 'string', default: '6' }, seed: { type: 'string', default: '1' }, engine: { type: 'string', default: 'chromium' }, only: { type: 'string' } } });
const engine = values.engine as Engine;
const runs = Number(values.runs);
const reason = whyNot(engine);
if (reason !== null || !Number.isInteger(runs) || runs < 1) {
  console.error(reason ?? `--runs ${values.runs}: a number of runs is wanted`);
  process.exit(1);
}
const stations = new Stations(Number(values.labs));

/** A browser that a busy machine did not get started is started again: nothing has been measured. */
async function measure(one: Run): Promise<void> {
  for (let tries = 0; tries < 4; tries += 1) {
    try {
      one.ms = await stations.use(engine, (station) => once(station, one));
      delete one.error;
      return;
    } catch (error) {
      one.error = String(error);
      if (!one.error.includes('did not start')) return;
    }
  }
}

try {
  for (const way of (['wait', 'visit'] as const).filter((one) => values.only === undefined || one === values.only)) {
    const random = seededRandom(`detection/${way}/${values.seed}`);
    const planned = Array.from({ length: runs }, (_, run): Run => ({ way, run, fault: FAULTS[way][run % FAULTS[way].length]!, at: way === 'wait' ? Math.round(random() * MINUTE) : Math.round(random() * 20_000), ms: null }));
    await Promise.all(planned.map(async (one) => {
      await measure(one);
      console.log(JSON.stringify(one));
    }));
    const sorted = planned.map(({ ms }) => ms ?? Infinity).toSorted((a, b) => a - b);
    const at = (share: number): number => sorted[Math.min(sorted.length - 1, Math.ceil(share * sorted.length) - 1)]!;
    const missed = sorted.filter((ms) => ms === Infinity).length;
    console.log(JSON.stringify({ way, engine, runs, missed, median: at(0.5), p90: at(0.9), worst: at(1), budget: BUDGET[way] }));
    if (at(0.5) > BUDGET[way]) process.exitCode = 1;
  }
} finally {
  await stations.close();
}
