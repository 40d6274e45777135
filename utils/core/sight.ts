import type { Episode, Tally, Trouble } from './episode.ts';
import { SLOW_ROUND } from './episode.ts';
import { STORE_ROLES } from './role.ts';
import type { StoreRole } from './role.ts';

/** When, and where the user is: for what depends on the hour. */
export interface Moment {
  now: number;
  /** Minutes the user's clock is ahead of UTC; left out = not known, and the local hour says nothing. */
  utcOffsetMinutes?: number;
}

/** An episode boiled down to the quantities the catalogue speaks of. All shares 0 … 1, all slownesses as factors of the usual time. */
export interface Sight {
  episode: Episode;
  moment: Moment;
  trouble: Trouble | null;
  /** Minutes from the first trouble to the last. */
  minutes: number;
  /** Store roles that fail, with their share. */
  failing: StoreRole[];
  /** Store roles that answer, but slowly. */
  slowed: StoreRole[];
  /** Store roles that were asked and are fine. */
  fine: StoreRole[];
  /** Mean failing share of the failing roles. */
  share: number;
  /** Kinds of failure over the failing store roles, as shares of all their failures; where no role fails enough, over the few there are, counted low. */
  kinds: Record<string, number>;
  /** Shares of the failures with a status that the edge, the origin wrote. */
  edge: number;
  origin: number;
  /** How slow the answers of the failing or slowed roles are; 1 = as usual, null = none was timed. */
  slow: number | null;
  /** Lower median over the controls of the share that failed on the way; null = none was asked. */
  controls: number | null;
  /** Answers, and failures on the way, of all controls. */
  controlsAnswered: number;
  controlsFailed: number;
  controlsSlow: number;
  neighbour: number | null;
  neighbourAsked: number;
  neighbourSlow: number;
}

/** A role fails by itself when one in twelve of its requests does. */
const FAILS = 1 / 12;
/** Accidents of a poor line; and the thinnest fault that is told from them. */
const STRAY = 0.005;
const THIN = 0.04;

/** @returns the quantities of the episode at a moment. Total: an empty episode gives an empty sight. */
export function sightOf(episode: Episode, moment: Moment): Sight {
  const trouble = episode.trouble;
  const sight: Sight = {
    episode,
    moment,
    trouble,
    minutes: trouble ? Math.max(0, trouble.lastTroubleAt - trouble.openedAt) / 60_000 : 0,
    failing: [],
    slowed: [],
    fine: [],
    share: 0,
    kinds: {},
    edge: 0,
    origin: 0,
    slow: null,
    controls: null,
    controlsAnswered: 0,
    controlsFailed: 0,
    controlsSlow: 1,
    neighbour: null,
    neighbourAsked: 0,
    neighbourSlow: 1,
  };
  if (!trouble) return sight;

  const { controls, neighbour } = trouble.roles;
  sight.controlsSlow = factorOf(controls);
  sight.neighbourSlow = factorOf(neighbour);
  const pooled = pooledShare(trouble);
  const shares: number[] = [];
  const counted = { failed: 0, edge: 0, origin: 0, kinds: {} as Record<string, number> };
  const all = { failed: 0, edge: 0, origin: 0, kinds: {} as Record<string, number> };
  let slow = 0;
  let timed = 0;
  for (const role of STORE_ROLES) {
    const tally = trouble.roles[role];
    if (!tally || tally.asked <= 0) continue;
    const share = tally.failed / tally.asked;
    const factor = factorOf(tally) / Math.max(1, sight.controlsSlow);
    const fails = failsWith(tally, pooled);
    const slowed = tally.timed >= 1 && Math.log(factor) > SLOW_ROUND;
    if (fails) {
      sight.failing.push(role);
      shares.push(share);
    } else if (slowed) sight.slowed.push(role);
    else sight.fine.push(role);
    if (fails || slowed) {
      slow += tally.slow;
      timed += tally.timed;
    }
    for (const into of fails ? [counted, all] : [all]) {
      into.failed += tally.failed;
      into.edge += tally.edge;
      into.origin += tally.origin;
      for (const [kind, count] of Object.entries(tally.kinds)) into.kinds[kind] = (into.kinds[kind] ?? 0) + count;
    }
  }
  // Two stray failures beside a store that is merely slow are no picture of its failures.
  const from = shares.length > 0 ? counted : all;
  const scale = shares.length > 0 ? from.failed : from.failed + 5;
  if (from.failed > 0) {
    for (const [kind, count] of Object.entries(from.kinds)) sight.kinds[kind] = count / scale;
    sight.edge = from.edge / scale;
    sight.origin = from.origin / scale;
  }
  if (shares.length > 0) sight.share = shares.reduce((sum, share) => sum + share, 0) / shares.length;
  if (timed > 0) sight.slow = Math.exp(slow / timed) / Math.max(1, sight.controlsSlow);

  const byControl = Object.values(episode.line.controls).filter((share) => share.asked > 0);
  if (byControl.length > 0) {
    const sorted = byControl.map((share) => share.failed / share.asked).sort((a, b) => a - b);
    sight.controls = sorted[Math.floor((sorted.length - 1) / 2)]!;
    sight.controlsFailed = byControl.reduce((sum, share) => sum + share.failed, 0);
    sight.controlsAnswered = byControl.reduce((sum, share) => sum + share.asked - share.failed, 0);
  }
  if (neighbour && neighbour.asked > 0) {
    sight.neighbour = neighbour.failed / neighbour.asked;
    sight.neighbourAsked = neighbour.asked;
  }
  return sight;
}

/** Failing share over all roles that failed at all: what a thin fault that is spread over everything would do to each of them. */
function pooledShare(trouble: Trouble): number {
  let asked = 0;
  let failed = 0;
  for (const role of STORE_ROLES) {
    const tally = trouble.roles[role];
    if (tally && tally.failed > 0.5) [asked, failed] = [asked + tally.asked, failed + tally.failed];
  }
  // One failure among many answers is an accident.
  return failed < 1.5 && asked > 8 ? 0 : Math.min(0.99, Math.max(THIN, failed / Math.max(1, asked)));
}

/**
 * Whether a role takes part in the failing. Twice, and a noticeable share of it, or else as often as a fault that hits all alike would
 * make it fail, rather than as seldom as a line has accidents: with few requests a thin fault would otherwise seem to pick one role by chance.
 */
function failsWith({ asked, failed }: Tally, pooled: number): boolean {
  if (failed <= 0.5 || pooled === 0) return false;
  if (failed / asked >= FAILS && (failed >= 1.5 || asked < 4)) return true;
  return failed * Math.log(pooled / STRAY) + (asked - failed) * Math.log((1 - pooled) / (1 - STRAY)) > 0;
}

function factorOf(tally: Tally | undefined): number {
  return tally && tally.timed > 0 ? Math.exp(tally.slow / tally.timed) : 1;
}
