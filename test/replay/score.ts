import { FAMILY_OF, type Cause, type Family, type Undisclosed } from '../../utils/core/causes.ts';
import type { Side } from '../../utils/core/diagnosis.ts';
import { STORE_ROLES } from '../../utils/core/role.ts';
import { failShare, isVisible, viewOf, type Scenario } from '../../utils/core/scenario.ts';

/** What the replay prints of one scenario. Minutes since the scenario's start. */
export interface ReplayLine {
  id: string;
  checks: number;
  suspectedMinute: number | null;
  detectedMinute: number | null;
  recoveredMinute: number | null;
  notifications: { minute: number; kind: string }[];
  at: Checkpoint[];
}

export interface Checkpoint {
  minute: number;
  state: string;
  side: Record<Side, number>;
  causes: { id: Cause | Undisclosed; p: number }[];
  families: { id: Family | Undisclosed; p: number }[];
  remaining: { p10: number; p50: number; p90: number } | null;
}

/** Numbers are shares 0 … 1 or minutes; null where there was nothing to take them over. Each with the count it is taken over. */
export interface Score {
  scenarios: number;
  visible: number;
  /** Visible faults with side own, path or store, judged at the last checkpoint up to 60 minutes; own and path count as one. */
  side: { n: number; top1: number | null; brier: number | null; logLoss: number | null };
  /** Visible faults of the store with a known cause, at the same checkpoint. Brier and log loss over all classes, the accepted ones taken together. */
  family: { n: number; top1: number | null; brier: number | null; logLoss: number | null; calibrationError: number | null };
  cause: { n: number; top1: number | null; top3: number | null };
  /**
   * Share of true remaining times within the band p10 … p90, over visible faults of the store with a known end: at the fixed checkpoints, and
   * with the last minute before the end, which is chosen knowing the end and so is no fair question.
   */
  remaining: { n: number; coverage: number | null; nWithLastMinute: number; coverageWithLastMinute: number | null };
  /** From the first visible minute to detection, over visible faults of the store that were detected. */
  detectionDelay: { n: number; median: number | null; p90: number | null };
  /** Notifications of an outage that was none of the store's: before minute 0, after the end, or in a scenario of another side. */
  falseAlarms: number;
  /** Visible faults of the store that were not detected before their end. */
  missedOutages: number;
  falseAlarmIds: string[];
  missedIds: string[];
}

export const CHECKPOINTS = [5, 15, 60, 240, 1440] as const;
const JUDGED_UP_TO = 60;
const BINS = 10;
/** Keeps the log loss of a flat "impossible" finite. */
const LEAST_P = 1e-6;

/** @returns the first minute at which the fault can be seen, by the same bounds as `isVisible`; null where it cannot. */
export function firstVisibleMinute(scenario: Scenario): number | null {
  const end = scenario.endMinute ?? Infinity;
  const phase = scenario.phases.find(
    (one) => one.atMinute < end && STORE_ROLES.some((role) => failShare(viewOf(one, role)) >= 0.1 - 1e-9 || viewOf(one, role).slow >= 2),
  );
  return phase?.atMinute ?? null;
}

/** @returns the checkpoint at which side, family and cause are judged: the last one up to 60 minutes. */
export function judgedCheckpoint(line: ReplayLine): Checkpoint | undefined {
  return line.at.filter((checkpoint) => checkpoint.minute <= JUDGED_UP_TO).at(-1);
}

/** @returns causes or families without `undisclosed`, most probable first. */
export function ranked<T extends string>(list: readonly { id: T; p: number }[]): { id: Exclude<T, Undisclosed>; p: number }[] {
  const known = list.filter((one) => one.id !== 'undisclosed') as { id: Exclude<T, Undisclosed>; p: number }[];
  return known.sort((a, b) => b.p - a.p);
}

/** @returns the metrics over the given pairs of a scenario and what the replay printed of it. */
export function score(pairs: readonly (readonly [Scenario, ReplayLine])[]): Score {
  const side: Judgement[] = [];
  const family: Judgement[] = [];
  const causes = { n: 0, top1: 0, top3: 0 };
  const band = { n: 0, hits: 0, nLast: 0, hitsLast: 0 };
  const delays: number[] = [];
  const falseAlarmIds: string[] = [];
  const missedIds: string[] = [];
  let visible = 0;
  let falseAlarms = 0;

  for (const [scenario, line] of pairs) {
    const { truth, endMinute } = scenario;
    const seen = isVisible(scenario);
    const ofStore = truth.side === 'store';
    if (seen) visible++;

    const wrong = line.notifications.filter(
      ({ kind, minute }) => kind === 'outage' && (!ofStore || minute < 0 || (endMinute !== null && minute > endMinute)),
    ).length;
    falseAlarms += wrong;
    if (wrong > 0) falseAlarmIds.push(scenario.id);

    if (!seen || truth.side === 'none') continue;
    const judged = judgedCheckpoint(line);
    if (judged) {
      const store = judged.side.store;
      const other = judged.side.own + judged.side.path;
      side.push(judge([{ p: store, right: ofStore }, { p: other, right: !ofStore }]));
    }
    if (!ofStore) continue;

    const begin = firstVisibleMinute(scenario) ?? 0;
    const detected = line.detectedMinute !== null && (endMinute === null || line.detectedMinute <= endMinute);
    if (detected) delays.push(Math.max(0, line.detectedMinute! - begin));
    else missedIds.push(scenario.id);

    if (endMinute !== null) {
      for (const { minute, remaining } of line.at) {
        if (remaining === null) continue;
        const left = endMinute - minute;
        const hit = left >= remaining.p10 && left <= remaining.p90 ? 1 : 0;
        band.nLast++;
        band.hitsLast += hit;
        if ((CHECKPOINTS as readonly number[]).includes(minute)) {
          band.n++;
          band.hits += hit;
        }
      }
    }

    const accepted = truth.causes.filter((cause) => cause !== 'undisclosed') as Cause[];
    if (!judged || accepted.length === 0) continue;
    const families = new Set<string>(accepted.map((cause) => FAMILY_OF[cause]));
    family.push(judge(judged.families.map(({ id, p }) => ({ p, right: families.has(id), unranked: id === 'undisclosed' }))));
    const order = ranked(judged.causes).map(({ id }) => id);
    causes.n++;
    if (accepted.includes(order[0]!)) causes.top1++;
    if (order.slice(0, 3).some((id) => accepted.includes(id))) causes.top3++;
  }

  return {
    scenarios: pairs.length,
    visible,
    side: { n: side.length, top1: mean(side, 'first'), brier: mean(side, 'brier'), logLoss: mean(side, 'logLoss') },
    family: {
      n: family.length,
      top1: mean(family, 'first'),
      brier: mean(family, 'brier'),
      logLoss: mean(family, 'logLoss'),
      calibrationError: calibrationError(family.map(({ confidence, first }) => ({ p: confidence, right: first === 1 }))),
    },
    cause: { n: causes.n, top1: share(causes.top1, causes.n), top3: share(causes.top3, causes.n) },
    remaining: {
      n: band.n,
      coverage: share(band.hits, band.n),
      nWithLastMinute: band.nLast,
      coverageWithLastMinute: share(band.hitsLast, band.nLast),
    },
    detectionDelay: { n: delays.length, median: quantile(delays, 0.5), p90: quantile(delays, 0.9) },
    falseAlarms,
    missedOutages: missedIds.length,
    falseAlarmIds,
    missedIds,
  };
}

interface Judgement {
  /** 1 where the most probable class is right. */
  first: number;
  /** Probability given to that class. */
  confidence: number;
  brier: number;
  logLoss: number;
}

/** Right classes count as one: their probabilities are added. An unranked class cannot be the answer but keeps its probability. */
function judge(classes: readonly { p: number; right: boolean; unranked?: boolean }[]): Judgement {
  let best: { p: number; right: boolean } | null = null;
  let right = 0;
  let wrongSquares = 0;
  for (const one of classes) {
    if (!one.unranked && (best === null || one.p > best.p)) best = one;
    if (one.right) right += one.p;
    else wrongSquares += one.p * one.p;
  }
  return {
    first: best?.right ? 1 : 0,
    confidence: best?.p ?? 0,
    brier: (1 - right) ** 2 + wrongSquares,
    logLoss: -Math.log(Math.max(LEAST_P, Math.min(1, right))),
  };
}

/** Expected calibration error in ten bins of equal width: mean distance of confidence and share of right answers, weighted by the bins' sizes. */
export function calibrationError(answers: readonly { p: number; right: boolean }[]): number | null {
  if (answers.length === 0) return null;
  let error = 0;
  for (let bin = 0; bin < BINS; bin++) {
    const inside = answers.filter(({ p }) => Math.min(BINS - 1, Math.floor(p * BINS)) === bin);
    const confidence = inside.reduce((sum, { p }) => sum + p, 0);
    const right = inside.filter((answer) => answer.right).length;
    error += Math.abs(confidence - right) / answers.length;
  }
  return error;
}

/** @returns the value below which a share of the list lies, linear between neighbours; null of an empty list. */
export function quantile(values: readonly number[], part: number): number | null {
  if (values.length === 0) return null;
  const sorted = [...values].sort((a, b) => a - b);
  const at = (sorted.length - 1) * part;
  const low = Math.floor(at);
  const below = sorted[low]!;
  return below + (at - low) * ((sorted[low + 1] ?? below) - below);
}

function mean(list: readonly Judgement[], key: keyof Judgement): number | null {
  return list.length === 0 ? null : list.reduce((sum, one) => sum + one[key], 0) / list.length;
}

function share(hits: number, n: number): number | null {
  return n === 0 ? null : hits / n;
}
