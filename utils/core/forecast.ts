import type { Cause, Undisclosed } from './causes.ts';
import type { Diagnosis } from './diagnosis.ts';
import { logUpperTail } from './normal.ts';
import type { Band } from './snapshot.ts';
import { MEDIAN_MINUTES } from './survival.ts';

/**
 * How much longer: a mixture of the causes' lognormal durations, weighted by the diagnosis and conditioned on the time that has passed,
 *
 *   P(over within r more) = Σ P(cause) · (1 − S(elapsed + r | cause) / S(elapsed | cause))
 *
 * with three things known from elsewhere added: what fails is already failing less (a recovery can be seen), the vendor has named an
 * end, and this user's own past outages. The diagnosis already weighs the causes by the time that has passed; here it must not be done again.
 */

/**
 * Spread of each cause's duration, natural logarithm. Wider than what the diagnosis weighs causes by, since medians of three to twelve
 * incidents are themselves uncertain. Chosen on 46 documented incidents, where 1.2 … 1.6 hold the band at 75–85 %, and looked at on
 * 37 durations that the vendor recorded in 2019–2021: `test/bench/forecast.ts` prints the coverage, also with the spread chosen each time
 * on the other incidents.
 */
export const DURATION_SPREAD = 1.5;

/**
 * Once the share of failures has fallen well below its peak, the end is mostly a matter of minutes, and in 24 % of documented
 * incidents a second wave follows (33 of 139): so at most 76 % of the weight goes to a recovery. Its median is a judgement;
 * its spread is wide because services come back in steps.
 */
const RECOVERY = { weight: 0.76, medianMin: 20, sigma: 2.2 };
/** From this share of the peak downwards failures count as easing; at half of it fully. */
const EASING_FROM = 0.6;

/** An announced end is mostly kept, to within about a third; 15 % keeps the ordinary duration of maintenance in play. */
const ANNOUNCED = { weight: 0.85, sigma: 0.35 };
/** Maintenance that has overrun its end: from there on an outage of its own, with this median. Judgement. */
const OVERRUN_MEDIAN_MIN = 45;

/** So many own outages weigh as much as the documented ones. One of another cause counts half. */
const PRIOR_OUTAGES = 8;
const OTHER_CAUSE = 0.5;
/** Only the latest count: vendors change. */
const LATEST = 50;

/** An outage of the past that this browser saw from beginning to end. */
export interface PastOutage {
  cause: Cause | Undisclosed;
  minutes: number;
}

export interface ForecastInput {
  /** The diagnosis of this moment. */
  causes: Diagnosis['causes'];
  /** Minutes since the first failure. */
  elapsedMin: number;
  /** Share of failures now, against its peak in this incident: 1 = as bad as it was, 0 = all answers are healthy again. Null or left out: not known. */
  easing?: number | null;
  /** Minutes until the end that the vendor announced for maintenance; negative = it should be over. Null or left out: none announced. */
  plannedEndMin?: number | null;
  /** Own outages, newest last. */
  past?: readonly PastOutage[];
}

/** One way it can go on: a lognormal duration, of which so much has passed. */
interface Course {
  weight: number;
  medianMin: number;
  sigma: number;
  elapsedMin: number;
}

function logSurvival(course: Course, minutes: number): number {
  return minutes > 0 ? Math.min(0, logUpperTail(Math.log(minutes / course.medianMin) / course.sigma)) : 0;
}

/** P(over within so many more minutes). */
function overWithin(courses: readonly Course[], minutes: number): number {
  let p = 0;
  for (const course of courses) p -= course.weight * Math.expm1(logSurvival(course, course.elapsedMin + minutes) - logSurvival(course, course.elapsedMin));
  return p;
}

function quantile(courses: readonly Course[], q: number): number {
  let low = Math.log(0.01);
  let high = Math.log(10_000_000);
  for (let i = 0; i < 40; i++) {
    const middle = (low + high) / 2;
    if (overWithin(courses, Math.exp(middle)) < q) low = middle;
    else high = middle;
  }
  return Math.exp(high);
}

/**
 * How much longer or shorter than documented the outages of a cause are here: own outages pull the median towards their own
 * (geometric mean, shrunk: n of the same cause move it n / (n + 8) of the way).
 */
function ownFactor(cause: Cause | Undisclosed, past: readonly PastOutage[]): number {
  let weights = 0;
  let sum = 0;
  for (const outage of past.slice(-LATEST)) {
    if (!(outage.minutes > 0)) continue;
    const weight = outage.cause === cause ? 1 : OTHER_CAUSE;
    weights += weight;
    sum += weight * Math.log(outage.minutes / MEDIAN_MINUTES[outage.cause]);
  }
  return Math.exp(sum / (weights + PRIOR_OUTAGES));
}

function announced(plannedEndMin: number, weight: number): Course {
  return plannedEndMin > 0
    ? { weight, medianMin: plannedEndMin, sigma: ANNOUNCED.sigma, elapsedMin: 0 }
    : { weight, medianMin: OVERRUN_MEDIAN_MIN, sigma: DURATION_SPREAD, elapsedMin: -plannedEndMin };
}

/** Below this a cause does not move the band by a minute. */
const NEGLIGIBLE = 0.001;

/**
 * @param spread spread of the durations; only the fit sets another than the default
 * @returns the remaining time as a band in whole minutes, rounded outwards; null where there is no diagnosis
 */
export function forecastRemaining(input: ForecastInput, spread = DURATION_SPREAD): Band | null {
  const { easing = null, plannedEndMin = null, past = [] } = input;
  const elapsedMin = Math.max(0, input.elapsedMin);
  const causes = input.causes.filter(({ p }) => p > NEGLIGIBLE);
  const total = causes.reduce((sum, { p }) => sum + p, 0);
  if (!(total > 0)) return null;

  const recovery = easing === null ? 0 : RECOVERY.weight * Math.min(1, Math.max(0, (EASING_FROM - easing) / (EASING_FROM / 2)));
  const courses: Course[] = [];
  for (const { id, p } of causes) {
    let weight = (p / total) * (1 - recovery);
    if (id === 'planned-maintenance' && plannedEndMin !== null) {
      courses.push(announced(plannedEndMin, weight * ANNOUNCED.weight));
      weight *= 1 - ANNOUNCED.weight;
    }
    courses.push({ weight, medianMin: MEDIAN_MINUTES[id] * ownFactor(id, past), sigma: spread, elapsedMin });
  }
  if (recovery > 0) courses.push({ weight: recovery, medianMin: RECOVERY.medianMin, sigma: RECOVERY.sigma, elapsedMin: 0 });
  return { p10: Math.floor(quantile(courses, 0.1)), p50: Math.round(quantile(courses, 0.5)), p90: Math.ceil(quantile(courses, 0.9)) };
}

/** Requests that one share is taken over: with fewer, chance alone makes a steady outage ease. */
const WINDOW = 24;

/**
 * @param course requests asked and failed over the incident, oldest first (`Trouble.course` of the episode)
 * @returns the failing share of the latest requests against the worst so far, for `ForecastInput.easing`; null while too little is known
 */
export function easingOf(course: readonly { asked: number; failed: number }[]): number | null {
  let peak = 0;
  let latest: number | null = null;
  for (let end = 0; end < course.length; end++) {
    let [asked, failed] = [0, 0];
    for (let i = end; i >= 0 && asked < WINDOW; i--) {
      asked += course[i]!.asked;
      failed += course[i]!.failed;
    }
    if (asked < WINDOW) continue;
    latest = failed / asked;
    peak = Math.max(peak, latest);
  }
  return latest === null || peak < 0.02 ? null : latest / peak;
}
