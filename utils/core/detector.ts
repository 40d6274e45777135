import { isStoreRole, STORE_ROLES, type StoreRole } from './role.ts';
import { failureOf, type Observation } from './observation.ts';
import { isTrusted, type Profiles } from './trust.ts';
import { phaseOf, statusOf } from './failure.ts';

/**
 * Decides whether something of the store *reliably* fails, against the noise of a home line. It is Page's cumulative-sum
 * test (CUSUM): each answer adds the logarithm of how much more likely it is under a fault than under noise, and a sum
 * never falls below zero. Several faults are looked for at once, because they look different:
 * one function dead or failing now and then, many parts failing together, and a thin failure spread over everything.
 *
 * Noise is not a constant: when controls fail, the user's own line fails, and then a failure of the store says less.
 * So the noise rate is estimated from the controls of the last hours, and a store that fails no more often than the
 * controls gathers no suspicion at all.
 */
export interface Detector {
  /** Sum per role: that this role fails most of the time. */
  role: Partial<Record<StoreRole, number>>;
  /** Sum per role: that this role fails now and then. */
  partial: Partial<Record<StoreRole, number>>;
  /** Sum over all roles: many fail together. */
  wide: number;
  /** Sum over all roles: a small share fails everywhere. */
  thin: number;
  /** Sum over all roles: answers, but slowly. */
  slow: number;
  /** Roles that failed the last time they were asked. */
  failedLast: StoreRole[];
  /** Healthy full checks in a row. */
  clean: number;
  /** What the controls did lately, newest last. */
  controls: ControlTally[];
  /** First failure of the present suspicion, ms since the epoch. */
  firstFailureAt: number | null;
}

export interface ControlTally {
  at: number;
  /** Control → whether it answered. */
  answered: Record<string, boolean>;
}

export const NEW_DETECTOR: Detector = { role: {}, partial: {}, wide: 0, thin: 0, slow: 0, failedLast: [], clean: 0, controls: [], firstFailureAt: null };

/**
 * Sums that open an incident. By the theory of the test a sum of h is reached by chance about once in e^(θh) answers; at 0.5 %
 * random failures and h = 16 that is less than once in a hundred years of 5-minute checks, and four failures in a row of
 * one function, or two checks in which many parts fail, reach it.
 */
const OPEN_AT = 16;
/** One check alone never opens an incident. */
const MOST_PER_CHECK = 9;
/** Sums do not grow beyond this, nor for the cautious beyond as many times it: what is over must be seen to be over within a few checks, however long it was. */
const MOST = 24;
/** After so many healthy full checks in a row what was before is forgotten. */
const FORGET_AFTER = 8;
/** Noise with healthy controls, and the least that is ever assumed: a poor home line loses 0.5 %, twice that is taken. */
const NOISE = 0.01;
/** Weight of that assumption, in answers of controls. */
const NOISE_WEIGHT = 10;
/** A line that was bad this morning is not trusted at noon. */
const CONTROL_MEMORY_MS = 6 * 3_600_000;
/** Failure rates looked for. */
const SOLID = 0.7;
const PARTIAL = 0.3;
const WIDE = 0.5;
const THIN = 0.1;
/** Share of slow answers: on a healthy line (cold connections, a busy moment) and under a fault. */
const SLOW_NOISE = 0.1;
const SLOW_FAULT = 0.7;

/** How one check looks, before any memory. */
export interface Glance {
  /** Trusted, judged observations of the store. */
  asked: { role: StoreRole; failed: boolean; slow: boolean }[];
  controlsAsked: number;
  controlsFailed: number;
  /** Half of the controls or more failed: nothing can be said of the store. */
  lineDown: boolean;
  /** Everything that failed got no answer at all: it may have been the user's resolver that gave none. */
  silent: boolean;
}

/** Failures that speak of the user's own machine whatever the store does. */
function isOwnFailure(o: Observation): boolean {
  const failure = failureOf(o);
  return failure !== null && phaseOf(failure) === 'local';
}

/** Failures that a dead resolver and a dead server share, as a browser tells them. */
const SILENCE: ReadonlySet<string> = new Set(['timed_out', 'timed_out.unconnected', 'dns.timed_out']);

/** How many times its usual time an answer took; nothing where that is not known. */
function ratioOf(o: Observation, profiles: Profiles): number[] {
  const usual = profiles[o.target]?.usualMs;
  return usual == null ? [] : [o.ms / usual];
}

function median(values: readonly number[]): number | null {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted.length === 0 ? null : sorted[Math.floor(sorted.length / 2)]!;
}

const answersSick = (o: Observation): boolean => (statusOf(failureOf(o) ?? 'unknown') ?? 0) >= 500;

/**
 * A control that answers with an error of its own has trouble of its own, and proves the line all the same. Not where half of them do: unrelated
 * companies do not fall ill together, but a proxy or a gateway on the user's side answers for all of them.
 * @param controls all that were asked
 * @returns those that do not prove that the user's line works
 */
function notProving(controls: readonly Observation[]): Observation[] {
  const sick = controls.filter(answersSick);
  const inTheirStead = sick.length >= 2 && sick.length * 2 >= controls.length;
  return controls.filter((o) => failureOf(o) !== null && (inTheirStead || !answersSick(o)));
}

/**
 * Looks at one check.
 * @param slowFactor an answer that takes so many times its usual time is slow
 * @param excused failures that are known not to be the store's (names that public resolvers resolve), by target
 */
export function glance(
  observations: readonly Observation[],
  profiles: Profiles,
  slowFactor: number,
  excused: ReadonlySet<string>,
  controls: readonly ControlTally[],
  now: number,
): Glance {
  const judged = observations.filter((o) => o.result.kind !== 'discarded');
  const anyProven = Object.values(profiles).some((p) => p.firstHealthyAt !== null);
  const asked: Glance['asked'] = [];
  // A line that is slow for everybody is not a slow store.
  const lineFactor = Math.max(1, median(judged.filter((o) => o.role === 'controls' && o.result.kind === 'ok').flatMap((o) => ratioOf(o, profiles))) ?? 1);
  for (const o of judged) {
    if (!isStoreRole(o.role) || isOwnFailure(o)) continue;
    const profile = profiles[o.target];
    const failed = o.result.kind === 'failed' && !excused.has(o.target);
    if (o.result.kind === 'failed' && excused.has(o.target)) continue;
    // A healthy answer proves its target at once. Before anything was ever healthy here, only failures below the content can be believed: a wrong table gives wrong content, not dead connections.
    const believable = o.result.kind === 'ok' || isTrusted(profile, now) || (!anyProven && o.result.kind === 'failed' && phaseOf(o.result.failure) !== 'content');
    if (!believable) continue;
    const usual = profile?.usualMs ?? null;
    asked.push({ role: o.role, failed, slow: !failed && usual !== null && o.ms >= Math.max(1_000, usual * slowFactor * lineFactor) });
  }
  const failures = judged.flatMap((o) => (isStoreRole(o.role) ? (failureOf(o) ?? []) : []));
  const silent = failures.length > 0 && failures.every((failure) => SILENCE.has(failure));
  const broken = brokenControls(controls);
  const asControl = judged.filter((o) => o.role === 'controls' && !broken.has(o.target));
  const controlsFailed = notProving(asControl).length;
  return { asked, controlsAsked: asControl.length, controlsFailed, lineDown: asControl.length > 0 && controlsFailed * 2 >= asControl.length, silent };
}

/** @returns controls that fail every time while all the others answer: blocked or broken by themselves, so they say nothing of the line. */
export function brokenControls(controls: readonly ControlTally[]): ReadonlySet<string> {
  const last = controls.slice(-6);
  const names = new Set(last.flatMap((c) => Object.keys(c.answered)));
  const broken = new Set<string>();
  for (const name of names) {
    const asked = last.filter((c) => name in c.answered);
    const othersFine = asked.every((c) => Object.entries(c.answered).every(([other, ok]) => other === name || ok));
    if (asked.length >= 3 && othersFine && asked.every((c) => !c.answered[name])) broken.add(name);
  }
  return broken;
}

/** @returns the share of requests that fail for reasons of the line, from what the controls did in the last hours while the line as such was up. */
export function noiseRate(controls: readonly ControlTally[]): number {
  const broken = brokenControls(controls);
  const answers = controls.filter((c) => !isDown(c, broken)).flatMap((c) => Object.entries(c.answered).filter(([name]) => !broken.has(name)));
  const failed = answers.filter(([, ok]) => !ok).length;
  return Math.max(NOISE, Math.min(0.9, (failed + NOISE * NOISE_WEIGHT) / (answers.length + NOISE_WEIGHT)));
}

/** A dead line is not a noisy one: it is seen by itself, and says nothing of the hours after. */
function isDown(tally: ControlTally, broken: ReadonlySet<string>): boolean {
  const answers = Object.entries(tally.answered).filter(([name]) => !broken.has(name));
  return answers.filter(([, ok]) => !ok).length * 2 >= answers.length;
}

function bounded(sum: number, most: number): number {
  return Math.min(most, Math.max(0, sum));
}

function step(p0: number, p1: number, failed: boolean): number {
  return failed ? Math.log(p1 / p0) : Math.log((1 - p1) / (1 - p0));
}

/**
 * Takes one check into the sums. While the line is down nothing is gathered: local trouble opens nothing.
 * @param caution the user's factor on the evidence an outage needs, 0.5 … 2: what is asked for must be within reach
 */
export function observe(detector: Detector, seen: Glance, observations: readonly Observation[], at: number, caution = 1): Detector {
  const most = MOST * Math.max(1, caution);
  const mostPerCheck = Math.min(MOST_PER_CHECK, 0.9 * OPEN_AT * caution);
  const asked = observations.filter((o) => o.role === 'controls' && o.result.kind !== 'discarded');
  const doubtful = notProving(asked);
  const tally = Object.fromEntries(asked.map((o) => [o.target, !doubtful.includes(o)]));
  const controls = [...detector.controls, ...(Object.keys(tally).length > 0 ? [{ at, answered: tally }] : [])]
    .filter((c) => at - c.at <= CONTROL_MEMORY_MS)
    .slice(-60);
  if (seen.lineDown) return { ...detector, controls, wide: detector.wide / 2, thin: detector.thin / 2, slow: 0, role: {}, partial: {}, failedLast: [] };

  const p0 = noiseRate(controls);
  const solid = Math.max(SOLID, Math.min(0.97, p0 * 1.5));
  const partial = Math.max(PARTIAL, Math.min(0.95, p0 * 1.5));
  const wide = Math.max(WIDE, Math.min(0.95, p0 * 1.5));
  const thin = Math.max(THIN, Math.min(0.95, p0 * 1.5));
  let addWide = 0;
  let addThin = 0;
  let addSlow = 0;
  const role: Partial<Record<StoreRole, number>> = { ...detector.role };
  const now: Partial<Record<StoreRole, number>> = { ...detector.partial };
  for (const { role: name, failed, slow } of seen.asked) {
    // A resolver that stumbles is silent too, now for this name, now for that; a part that is down is silent again. So where all is silence,
    // only a part that failed the last time as well counts towards "many fail together".
    const counted = !(failed && seen.silent) || detector.failedLast.includes(name);
    if (counted) {
      addWide += step(p0, wide, failed);
      addThin += step(p0, thin, failed);
    }
    if (!failed) addSlow += step(SLOW_NOISE, SLOW_FAULT, slow);
    role[name] = bounded((role[name] ?? 0) + step(p0, solid, failed), most);
    now[name] = bounded((now[name] ?? 0) + step(p0, partial, failed), most);
  }
  const anyFailed = seen.asked.some((a) => a.failed || a.slow);
  const next: Detector = {
    role,
    partial: now,
    wide: bounded(detector.wide + Math.min(mostPerCheck, addWide), most),
    thin: bounded(detector.thin + Math.min(mostPerCheck, addThin), most),
    slow: bounded(detector.slow + Math.min(MOST_PER_CHECK / 2, addSlow), most),
    failedLast: [...detector.failedLast.filter((role) => seen.asked.every((a) => a.role !== role)), ...seen.asked.flatMap((a) => (a.failed ? [a.role] : []))],
    clean: anyFailed ? 0 : detector.clean + (seen.asked.length >= STORE_ROLES.length / 2 + 1 ? 1 : 0),
    controls,
    firstFailureAt: detector.firstFailureAt,
  };
  if (next.clean >= FORGET_AFTER) return { ...NEW_DETECTOR, controls, clean: next.clean };
  if (anyFailed && next.firstFailureAt === null) return { ...next, firstFailureAt: at };
  if (!anyFailed && suspicion(next) < 1) return { ...next, firstFailureAt: null };
  return next;
}

/** @returns the largest of the sums: 0 = nothing, ≥ 16 × caution = an incident. */
export function suspicion(detector: Detector): number {
  return Math.max(detector.wide, detector.thin, detector.slow, ...STORE_ROLES.map((r) => Math.max(detector.role[r] ?? 0, detector.partial[r] ?? 0)));
}

/** @returns whether the evidence suffices. `caution` is the user's factor on it, 0.5 … 2. */
export function isReliable(detector: Detector, caution: number): boolean {
  return suspicion(detector) >= OPEN_AT * caution;
}
