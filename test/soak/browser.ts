import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { allKeys, HISTORY_INDEX, loadHistory, totals } from '../../utils/core/history.ts';
import { decodeIncident } from '../../utils/core/incident-record.ts';
import { DEFAULT_SETTINGS } from '../../utils/core/settings.ts';
import { STATE_KEY } from '../../utils/store/keeper.ts';
import { decodeIndex, incidentKey, INCIDENTS_KEY } from '../../utils/store/record.ts';
import { decodeState } from '../../utils/store/state.ts';
import { open, type Session } from '../e2e/driver.ts';
import { openLab, type LabPhase } from '../lab/lab.ts';
import type { Engine } from '../setup/ensure.ts';
import { seededRandom } from '../fakes/seeded.ts';
import { Age, agedBuild, birthsOf, toldOf } from './aged.ts';

declare const browser: import('webextension-polyfill').Browser;

/** What a real browser has shown whose background, and which itself, kept being killed. */
export interface BrowserResult {
  engine: Engine;
  seed: string;
  /** Deaths of the background; how many of them in the middle of a check. */
  kills: number;
  midCheck: number;
  /** How often a background began to live. */
  births: number;
  /** Orderly ends of the browser, and ends by SIGKILL, each with the same profile afterwards. */
  restarts: number;
  browserKills: number;
  outages: number;
  /** Checks that were written. */
  checks: number;
  notices: number;
  /** Notifications shown a second time under their id. */
  again: number;
  /** Minutes that the background lived through, and real ones. */
  minutes: number;
  realMinutes: number;
  violations: string[];
}

export interface BrowserRun {
  engine: Engine;
  seed: string;
  kills: number;
  /** Ends of the whole browser, every other one by SIGKILL. */
  restarts: number;
  /** After so many real minutes nobody is killed any more, and what was reached is reported. */
  minutes: number;
}

const MINUTE = 60_000;
/** The background sets its alarm so far ahead before a check, for the case that it does not live to see the end of it. */
const GUARD = MINUTE;
/** Deaths between one whole check and the next: most where a browser has to be thrown out of its stride. */
const MOST_DEATHS = 6;
const OUTAGES: readonly LabPhase[] = [
  { store: { fail: { 'http.503': 1 }, by: 'origin' } },
  { store: { fail: { 'tcp.refused': 1 } } },
  { hosts: { catalog: { fail: { 'http.500': 1 } }, storefront: { fail: { 'http.500': 1 } }, purchase: { fail: { 'http.500': 1 } } } },
];
/** So that Firefox keeps what an add-on stored that is not there when it starts: the tests install theirs anew each time. */
const KEPT = { 'extensions.webextensions.keepStorageOnUninstall': true, 'extensions.webextensions.keepUuidOnUninstall': true };

const wait = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Ends the background wherever it is, as the browser itself would. @returns whether there was one; that a new one is born at once is no matter here */
async function stop(session: Session): Promise<boolean> {
  if (session.engine === 'firefox') return session.killWorker().then(() => true);
  const target = session.browser.targets().find((one) => one.type() === 'service_worker' && one.url().startsWith(session.base));
  const worker = (await target?.worker().catch(() => null)) ?? null;
  await worker?.close().catch(() => undefined);
  return worker !== null;
}

/** Kills a browser with all that belongs to it, as a machine that loses its power would. */
async function slay(session: Session): Promise<void> {
  const child = session.browser.process();
  if (child?.pid === undefined) throw new Error('the browser has no process');
  // One that has already gone will not say so again.
  const gone = child.exitCode !== null || child.signalCode !== null ? null : new Promise((resolve) => child.once('exit', resolve));
  for (const target of [-child.pid, child.pid]) {
    try {
      process.kill(target, 'SIGKILL');
    } catch {
      // Its group, or it alone.
    }
  }
  await gone;
  // What holds the profile's lock is gone with it.
  await wait(500);
}

/**
 * Lives through outages in a real browser whose background is killed at random moments, and which is itself ended and killed with its profile kept;
 * then holds what is stored and what was shown against what was. Time is set forward, from one check to the next.
 */
export async function browserRun({ engine, seed, kills, restarts, minutes }: BrowserRun): Promise<BrowserResult> {
  const random = seededRandom(`browser/${engine}/${seed}`);
  const profile = mkdtempSync(join(tmpdir(), 'tsunagaru-soak-'));
  const extension = agedBuild(engine);
  // Slow answers: a check lasts long enough to be died in.
  const lab = await openLab({ latencyMs: 150 });
  const age = new Age(lab);
  const violations: string[] = [];
  const result: BrowserResult = { engine, seed, kills: 0, midCheck: 0, births: 0, restarts: 0, browserKills: 0, outages: 0, checks: 0, notices: 0, again: 0, minutes: 0, realMinutes: 0, violations };
  const began = Date.now();
  let session: Session | null = null;
  const inTime = (): boolean => Date.now() - began < minutes * MINUTE;

  async function start(): Promise<Session> {
    const opened = await open({ engine, lab, extension, profile, prefs: KEPT });
    if (!opened.ok) throw new Error(`${opened.error.at}: ${opened.error.reason}`);
    return (session = opened.value);
  }

  try {
    let alive = await start();
    await alive.send('settings', { settings: { ...DEFAULT_SETTINGS, interval: 5, notify: { ...DEFAULT_SETTINGS.notify, quietFrom: 0, quietTo: 0 } } });
    const first = await alive.snapshotWith('the first check', ({ checkedAt, state }) => checkedAt !== null && state === 'up', 90_000);
    const birth = first.checkedAt!;

    /** When the check that is due became so. */
    let due = age.now();
    /** Lets the check that is due run to its end; one that a background made as it woke counts as well. */
    const whole = async (): Promise<void> => {
      for (let ring = 0; ((await alive.snapshot())?.checkedAt ?? 0) < due; ring++) {
        if (ring === 6) throw new Error('no check was made');
        await alive.ring();
        await alive.snapshotWith('a check', ({ checkedAt }) => (checkedAt ?? 0) >= due, 20_000).catch(() => null);
      }
      result.checks += 1;
      // A suspicion is looked at again within the same wake; where that wake was cut off, with the alarm that was set for that case.
      for (let wake = 0; ; wake++) {
        const verdict = await alive.snapshotWith('a verdict', ({ state }) => state !== 'suspect', 20_000).catch((error: unknown) => (wake === 2 ? Promise.reject(error) : null));
        if (verdict !== null) break;
        await age.pass(alive, GUARD);
        await alive.ring();
      }
      await alive.idle(250);
    };
    const toNext = async (): Promise<void> => {
      const next = (await alive.snapshot())?.nextCheckAt ?? age.now();
      await age.pass(alive, Math.min(6 * MINUTE, Math.max(20_000, next - age.now() + 1_000)));
      due = age.now();
    };
    /** Begins a check and kills the background, or the browser, somewhere in it or after it. */
    const murder = async (): Promise<void> => {
      const before = (await alive.snapshot())?.checkedAt ?? 0;
      await lab.forget();
      await alive.ring();
      // Most die while the answers come in, some in the pause before a suspicion is looked at again, or after all.
      await wait(random() < 0.1 ? random() * 9_000 : 50 + random() * 600);
      const total = result.restarts + result.browserKills;
      if (total < restarts && result.kills >= ((total + 1) * kills) / (restarts + 1)) {
        if (total % 2 === 0) {
          await slay(alive);
          result.browserKills += 1;
        } else {
          await alive.close();
          result.restarts += 1;
        }
        alive = await start();
        return;
      }
      if (!(await stop(alive))) return;
      result.kills += 1;
      // It had begun to ask, and nothing came of it.
      if ((await lab.requests()).length > 0 && ((await alive.snapshot())?.checkedAt ?? 0) <= before) result.midCheck += 1;
    };

    const truth: { from: number; to: number }[] = [];
    /** @param first whether a check is due at once */
    const live = async (steps: number, first: boolean): Promise<void> => {
      for (let step = 0; step < steps; step++) {
        if (step > 0 || !first) await toNext();
        for (let deaths = 0; deaths < MOST_DEATHS && random() < 0.8 && result.kills < kills && inTime(); deaths++) await murder();
        await whole();
      }
    };
    do {
      await toNext();
      const from = age.now();
      await age.apply(OUTAGES[Math.floor(random() * OUTAGES.length)]!);
      await live(8 + Math.floor(random() * 6), true);
      await toNext();
      const to = age.now();
      truth.push({ from, to });
      await age.apply({});
      await live(1, true);
      // What fails again sooner would be the same incident.
      while (age.now() - to < 45 * MINUTE) await live(1, false);
    } while (result.kills < kills && violations.length === 0 && inTime());
    result.outages = truth.length;

    const stored = JSON.parse(await alive.evaluate(async () => JSON.stringify(await browser.storage.local.get(null)))) as Record<string, unknown>;
    const now = age.now();
    const { state, damaged } = decodeState(stored[STATE_KEY], now);
    for (const place of damaged) violations.push(`does not read back: ${place}`);
    if ('aside' in stored) violations.push('something was set aside');

    // Incidents: each outage once.
    const ids = decodeIndex(stored[INCIDENTS_KEY]);
    if (new Set(ids).size !== ids.length) violations.push('an incident stands twice in the index');
    if (ids.length !== truth.length) violations.push(`${truth.length} outages, ${ids.length} incidents`);
    const told = toldOf(stored);
    for (const { from, to } of truth) {
      const records = ids.flatMap((id) => {
        const record = decodeIncident(stored[incidentKey(id)]);
        if (!record.ok) violations.push(`incident ${id}: ${record.error.at} ${record.error.reason}`);
        return record.ok && record.value.startedAt >= from - MINUTE && record.value.startedAt <= to ? [record.value] : [];
      });
      if (records.length !== 1) {
        violations.push(`the outage from ${from} has ${records.length} incidents`);
        continue;
      }
      const { id, startedAt, endedAt } = records[0]!;
      if (endedAt === null || Math.abs(endedAt - to) > 3 * MINUTE || startedAt - from > 3 * MINUTE) violations.push(`${id}: ${startedAt - from} ms late, ends ${(endedAt ?? 0) - to} ms off`);
      for (const kind of ['outage', 'recovery']) {
        const times = told.filter((one) => one === `${id}:${kind}`).length;
        if (times === 0) violations.push(`${id}: its ${kind} was not told`);
        if (times > 2) violations.push(`${id}: its ${kind} was told ${times} times`);
        if (!state.told.includes(`${id}:${kind}`)) violations.push(`${id}: its ${kind} was not noted`);
      }
    }
    const counts = Map.groupBy(told, (id) => id);
    result.notices = counts.size;
    result.again = told.length - counts.size;
    for (const [id, times] of counts) if (times.length > 2) violations.push(`${id} was told ${times.length} times`);

    // Time: every millisecond is something, and none is two things.
    const index = loadHistory({ [HISTORY_INDEX]: stored[HISTORY_INDEX] }).history;
    const { history, damaged: torn } = loadHistory(Object.fromEntries([HISTORY_INDEX, ...allKeys(index)].map((key) => [key, stored[key]])));
    for (const { key, error } of torn) violations.push(`${key}: ${error.reason}`);
    const { upTo } = state.accounting;
    const { ms } = totals(history, birth, upTo, now);
    const sum = Object.values(ms).reduce((all, one) => all + one, 0);
    if (Math.abs(sum - (upTo - birth)) > 2 * MINUTE) violations.push(`time: ${sum} ms counted of ${upTo - birth}`);
    const failing = truth.reduce((all, { from, to }) => all + to - from, 0);
    if (ms.down + ms.degraded > failing * 1.1 + truth.length * MINUTE) violations.push(`time: ${ms.down + ms.degraded} ms of outage counted, ${failing} were`);
    if (ms.down + ms.degraded + ms.unobserved < failing * 0.85) violations.push(`time: only ${ms.down + ms.degraded} ms of outage counted, ${failing} were`);
    if (ms.unobserved > (upTo - birth) * 0.05 + 2 * MINUTE) violations.push(`time: ${ms.unobserved} ms lost of ${upTo - birth}`);
    for (const fault of alive.faults) violations.push(`thrown: ${fault.slice(0, 300)}`);
    result.births = birthsOf(stored);
    // Each death is followed by a birth, if only by the one that the next alarm brings.
    if (result.births < result.kills * 0.8) violations.push(`${result.births} lives for ${result.kills} deaths`);
    result.minutes = Math.round((upTo - birth) / MINUTE);
  } catch (error) {
    violations.push(`did not come to its end: ${error instanceof Error ? (error.stack ?? error.message).slice(0, 800) : String(error)}`);
  } finally {
    await (session as Session | null)?.close().catch(() => undefined);
    await lab.close();
    rmSync(profile, { recursive: true, force: true, maxRetries: 5, retryDelay: 300 });
    rmSync(extension, { recursive: true, force: true });
  }
  result.realMinutes = Math.round((Date.now() - began) / 6_000) / 10;
  return result;
}

