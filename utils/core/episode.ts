import { failureOf } from './observation.ts';
import type { Observation } from './observation.ts';
import type { OfficialEvent, OfficialHint, OfficialReading } from './official.ts';
import type { WorldOpinion } from './opinion.ts';
import { isStoreRole, ROLES, STORE_ROLES } from './role.ts';
import type { Role } from './role.ts';
import type { Round } from './round.ts';
import { statedCauses } from './stated-cause.ts';
import type { Cause } from './causes.ts';

/**
 * What the rounds of one outage left behind: a bounded, JSON-serialisable sum from which the evidence is read. An outage may last
 * a day and the background dies between checks, so nothing is kept per round beyond a small ring, and a round is never needed twice.
 */

const MINUTE = 60_000;
/** Rounds kept from before the trouble: enough to see an hour of 5-minute checks slow down. */
const RING = 12;
/** Points of the course of the failing share; when they run out, neighbours are merged and the step doubles. */
const COURSE = 24;
/** Half-life of the tallies: an outage that changes its face is judged by the new one within hours, not days. */
const HALF_LIFE = 120 * MINUTE;
/** Half-life of what the controls did. */
const LINE_HALF_LIFE = 20 * MINUTE;
/** Healthy for so long, then failing again: a relapse rather than a failure now and then. */
const RELAPSE_GAP = 15 * MINUTE;
/** Further apart than so, and the first of them alone, two failures belong to two troubles. */
const STRAY_GAP = 10 * MINUTE;
/** An onset that is known no better than so is not known. */
const ONSET_KNOWN = 35 * MINUTE;
/** A stray failure or two (0.5 % of requests on a poor line) are forgotten after so long without another. */
const FORGET_STRAY = 40 * MINUTE;
/** More is kept until the monitor closes the incident, or at the latest so long after the last trouble. */
const FORGET = 24 * 60 * MINUTE;
/** Nobody calls an answer of another company within so many ms slow. */
const QUICK_MS = 500;
/** So many times the usual, on average over the round, is slow: with a spread of a third per request and three requests, 3 standard deviations. */
export const SLOW_ROUND = Math.log(1.8);

/** Usual time of each target in ms, by target id: the median of its healthy answers from this browser. A target that is missing is never slow. */
export type Profile = Readonly<Record<string, number>>;

/** Decayed counts of one role. `kinds` sums to `failed`. */
export interface Tally {
  asked: number;
  failed: number;
  kinds: Record<string, number>;
  /** Failed answers with a status, by who wrote them. */
  edge: number;
  origin: number;
  /** Sum of ln(time ÷ usual time) over `timed` answers. */
  slow: number;
  timed: number;
}

/** One round in the ring. `slow`: mean of ln(time ÷ usual) over the store's answers, null where none was timed. */
export interface Glance {
  at: number;
  asked: number;
  failed: number;
  slow: number | null;
}

export interface Share {
  asked: number;
  failed: number;
}

export interface Trouble {
  /** First round that failed or was slow, ms since the epoch. */
  openedAt: number;
  /** When what fails had last answered as it should; null where that is not known to half an hour. */
  lastOkAt: number | null;
  /** First round in which a request of the store failed; null while all is merely slow. */
  failingSince: number | null;
  lastTroubleAt: number;
  rounds: number;
  troubled: number;
  roles: Partial<Record<Role, Tally>>;
  /** Healthy rounds since the last trouble: they count only if trouble returns soon. */
  pending: Partial<Record<Role, Tally>>;
  /** Times the round turned from failing to healthy or back. */
  turns: number;
  relapses: number;
  lastRoundTroubled: boolean;
  /** Course of the store's failing share, oldest first, in steps of `courseStep` ms. */
  course: (Share & { at: number })[];
  courseStep: number;
  /** Mean slowness of the rounds just before the trouble, ln(time ÷ usual); null where not seen. */
  slowBefore: number | null;
  resolver: { ok: number; failing: number; unreachable: number };
  world: Pick<WorldOpinion, 'votes' | 'failed' | 'ownCountryVotes' | 'ownCountryFailed'> | null;
  storefront: Share | null;
  /** The user's clock minus the answers', ms; null where no answer ever told. */
  clockSkew: number | null;
  /** Failures of the user's own page loads, by role. */
  page: Partial<Record<Role, { failed: number; answered: number }>>;
}

/** What the feed has said about the music store while it was worth knowing. */
export interface OfficialSummary {
  /** When such an event was first seen, ms since the epoch. */
  seenAt: number;
  hints: OfficialHint[];
  types: OfficialEvent['type'][];
  /** Causes that the vendor's words name. */
  stated: Cause[];
}

export interface Episode {
  version: 1;
  recent: Glance[];
  /** When each role last answered as it should, ms since the epoch: light checks ask some parts only every half hour. */
  okAt: Partial<Record<Role, number>>;
  /**
   * The user's line: controls by target, for one that is blocked for itself must not look like a dead line. Only failures on the way count,
   * and they fade: what the line did an hour ago says little of now. Kept through the end of a trouble, since a weak line makes many small ones.
   */
  line: { at: number; controls: Record<string, Share> };
  trouble: Trouble | null;
  official: OfficialSummary | null;
  /** Whether the feed could be read the last time; null before the first reading. */
  feed: OfficialReading['kind'] | null;
}

/** @returns an episode that has seen nothing. */
export function openEpisode(): Episode {
  return { version: 1, recent: [], okAt: {}, line: { at: 0, controls: {} }, trouble: null, official: null, feed: null };
}

/**
 * Ends the trouble (the monitor closed the incident): the sums are dropped, the ring stays.
 * @returns the episode as while all is well
 */
export function closeEpisode(episode: Episode): Episode {
  return { ...episode, trouble: null };
}

/**
 * Adds one check. Called for every check, also while all is well: then only the ring moves. Trouble opens by itself with the first
 * failing or clearly slow round, and a single stray failure is forgotten by itself; everything longer is closed by the monitor.
 * @param profile usual times, see {@link Profile}
 * @returns the new episode; the old one is left as it was
 */
export function observeRound(episode: Episode, round: Round, profile: Profile): Episode {
  const seen = tallyRound(round.observations, profile);
  const feed = round.official?.kind ?? episode.feed;
  const official = officialOf(episode, round.official, round.at);
  const okAt = { ...episode.okAt };
  for (const role of ROLES) if (seen.roles[role] && seen.roles[role].failed === 0) okAt[role] = round.at;
  const base = { ...episode, feed, official, okAt, line: lineOf(episode.line, seen.controls, round.at) };
  if (seen.asked === 0) return base;

  const glance: Glance = { at: round.at, asked: seen.asked, failed: seen.failed, slow: seen.slow };
  const recent = [...episode.recent.slice(-(RING - 1)), glance];
  const troubled = seen.failed > 0 || isSlow(seen);
  const before = episode.trouble;
  if (!before && !troubled) return { ...base, recent };
  if (before && !troubled && round.at - before.lastTroubleAt > (before.troubled < 3 ? FORGET_STRAY : FORGET)) return { ...base, recent, trouble: null };
  // A stray failure a while ago did not begin this trouble.
  const stray = before !== null && before.troubled < 3 && troubled && !before.lastRoundTroubled && round.at - before.lastTroubleAt > STRAY_GAP;
  return { ...base, recent, trouble: observeTrouble(before && !stray ? before : openTrouble(episode, seen, round.at), round, seen, troubled) };
}

interface Seen {
  asked: number;
  failed: number;
  /** Mean ln(time ÷ usual) over the store's answers; null where none was timed. */
  slow: number | null;
  slowest: number;
  roles: Partial<Record<Role, Tally>>;
  controls: Record<string, Share>;
}

const EMPTY: Tally = { asked: 0, failed: 0, kinds: {}, edge: 0, origin: 0, slow: 0, timed: 0 };

function tallyRound(observations: readonly Observation[], profile: Profile): Seen {
  const roles: Partial<Record<Role, Tally>> = {};
  const controls: Record<string, Share> = {};
  const sum = { store: 0, storeTimed: 0 };
  let asked = 0;
  let failed = 0;
  let slowest = 0;
  for (const observation of observations) {
    if (observation.result.kind === 'discarded') continue;
    const { role, target } = observation;
    const tally = (roles[role] ??= { ...EMPTY, kinds: {} });
    const failure = failureOf(observation);
    tally.asked++;
    if (isStoreRole(role)) asked++;
    if (failure) {
      tally.failed++;
      if (isStoreRole(role)) failed++;
      tally.kinds[failure] = (tally.kinds[failure] ?? 0) + 1;
      if (observation.answer?.by === 'edge') tally.edge++;
      if (observation.answer?.by === 'origin') tally.origin++;
    }
    const usual = profile[target];
    // What was answered has a time worth comparing; what timed out has only that of our own patience.
    if (usual && (!failure || observation.answer)) {
      const compared = Math.log(Math.max(observation.ms, 1) / usual);
      // What answers at once is not slow, however quick it was before: a busy machine is no bad line.
      const slow = isStoreRole(role) || observation.ms >= QUICK_MS ? compared : Math.min(0, compared);
      tally.slow += slow;
      tally.timed++;
      if (isStoreRole(role)) [sum.store, sum.storeTimed, slowest] = [sum.store + slow, sum.storeTimed + 1, Math.max(slowest, slow)];
    }
    if (role === 'controls') {
      const share = (controls[target] ??= { asked: 0, failed: 0 });
      share.asked++;
      // A control that answers, with whatever status, proves the line.
      if (failure && !/^http\.[1-5]\d\d$/.test(failure)) share.failed++;
    }
  }
  return {
    asked,
    failed,
    slow: sum.storeTimed > 0 ? sum.store / sum.storeTimed : null,
    slowest,
    roles,
    controls,
  };
}

/**
 * One slow answer is an accident; the whole round, or one part slower by far, is not. Where the controls are as slow it is trouble
 * too, the line's: that is weighed later, since a light round does not ask them.
 */
function isSlow({ slow, slowest }: Seen): boolean {
  return slow !== null && (slow > SLOW_ROUND || slowest > 3 * SLOW_ROUND);
}

function openTrouble({ recent: ring, okAt }: Episode, seen: Seen, at: number): Trouble {
  // What fails now and answered then bounds the onset; a part that was not asked lately bounds nothing.
  const bounds = STORE_ROLES.flatMap((role) => (seen.failed === 0 || (seen.roles[role]?.failed ?? 0) > 0 ? [okAt[role] ?? 0] : []));
  const last = Math.max(0, ...bounds);
  const near = ring.filter((glance) => at - glance.at <= 20 * MINUTE && glance.slow !== null);
  return {
    openedAt: at,
    lastOkAt: last > 0 && last < at && at - last <= ONSET_KNOWN ? last : null,
    failingSince: null,
    lastTroubleAt: at,
    rounds: 0,
    troubled: 0,
    roles: {},
    pending: {},
    turns: 0,
    relapses: 0,
    lastRoundTroubled: true,
    course: [],
    courseStep: MINUTE,
    slowBefore: near.length > 0 ? near.reduce((total, glance) => total + (glance.slow ?? 0), 0) / near.length : null,
    resolver: { ok: 0, failing: 0, unreachable: 0 },
    world: null,
    storefront: null,
    clockSkew: null,
    page: {},
  };
}

function observeTrouble(before: Trouble, round: Round, seen: Seen, troubled: boolean): Trouble {
  const gap = round.at - before.lastTroubleAt;
  // A lone failure long after is an accident of the line, not the outage come back.
  const relapsed = troubled && seen.failed !== 1 && gap > RELAPSE_GAP && !before.lastRoundTroubled;
  const keep = 0.5 ** (Math.max(0, gap) / HALF_LIFE);
  // Healthy rounds wait in `pending`: after the end they must not water the picture of the outage down.
  const pending = troubled ? {} : addTallies(before.pending, seen.roles);
  const roles = troubled
    ? addTallies(scaleTallies(relapsed ? before.roles : addTallies(before.roles, before.pending), keep), seen.roles)
    : before.roles;
  const answers = round.resolver?.verdict;
  return {
    ...before,
    failingSince: before.failingSince ?? (seen.failed > 0 ? round.at : null),
    lastTroubleAt: troubled ? round.at : before.lastTroubleAt,
    rounds: before.rounds + 1,
    troubled: before.troubled + (troubled ? 1 : 0),
    roles,
    pending,
    turns: before.turns + (before.rounds > 0 && before.lastRoundTroubled !== troubled ? 1 : 0),
    relapses: before.relapses + (relapsed ? 1 : 0),
    lastRoundTroubled: troubled,
    ...addCourse(before, round.at, seen),
    resolver: answers ? { ...before.resolver, [answers]: before.resolver[answers] + 1 } : before.resolver,
    world: round.world ?? before.world,
    // Another country's shop is a comparison only for the part that fails here.
    storefront: round.storefront && (seen.roles[round.storefront.role]?.failed ?? 0) > 0
      ? { asked: (before.storefront?.asked ?? 0) + 1, failed: (before.storefront?.failed ?? 0) + (round.storefront.failed ? 1 : 0) }
      : before.storefront,
    clockSkew: round.clockSkew ?? before.clockSkew,
    page: addPage(before.page, round),
  };
}

function addTallies(a: Partial<Record<Role, Tally>>, b: Partial<Record<Role, Tally>>): Partial<Record<Role, Tally>> {
  const sum: Partial<Record<Role, Tally>> = {};
  for (const role of ROLES) {
    const x = a[role];
    const y = b[role];
    if (!x || !y) {
      const one = x ?? y;
      if (one) sum[role] = one;
      continue;
    }
    const kinds = { ...x.kinds };
    for (const [kind, count] of Object.entries(y.kinds)) kinds[kind] = (kinds[kind] ?? 0) + count;
    sum[role] = {
      asked: x.asked + y.asked,
      failed: x.failed + y.failed,
      kinds,
      edge: x.edge + y.edge,
      origin: x.origin + y.origin,
      slow: x.slow + y.slow,
      timed: x.timed + y.timed,
    };
  }
  return sum;
}

function scaleTallies(tallies: Partial<Record<Role, Tally>>, by: number): Partial<Record<Role, Tally>> {
  const scaled: Partial<Record<Role, Tally>> = {};
  for (const role of ROLES) {
    const tally = tallies[role];
    if (!tally) continue;
    // Kinds that have faded to nothing are dropped, so the record stays small however long the outage lasts.
    const kinds: Record<string, number> = {};
    let failed = 0;
    for (const [kind, count] of Object.entries(tally.kinds)) {
      if (count * by < 0.01) continue;
      kinds[kind] = count * by;
      failed += count * by;
    }
    scaled[role] = { asked: tally.asked * by, failed, kinds, edge: tally.edge * by, origin: tally.origin * by, slow: tally.slow * by, timed: tally.timed * by };
  }
  return scaled;
}

function lineOf(before: Episode['line'], seen: Record<string, Share>, at: number): Episode['line'] {
  const keep = 0.5 ** (Math.max(0, at - before.at) / LINE_HALF_LIFE);
  const faded: Record<string, Share> = {};
  for (const [name, { asked, failed }] of Object.entries(before.controls)) if (asked * keep > 0.01) faded[name] = { asked: asked * keep, failed: failed * keep };
  return { at, controls: addShares(faded, seen) };
}

/** Sums shares by name; at most 12 names, so that a table of targets that changes cannot grow the record. */
function addShares(a: Record<string, Share>, b: Record<string, Share>): Record<string, Share> {
  const sum = { ...a };
  for (const [name, share] of Object.entries(b)) {
    const had = sum[name];
    if (!had && Object.keys(sum).length >= 12) continue;
    sum[name] = { asked: (had?.asked ?? 0) + share.asked, failed: (had?.failed ?? 0) + share.failed };
  }
  return sum;
}

function addCourse(before: Trouble, at: number, seen: Seen): Pick<Trouble, 'course' | 'courseStep'> {
  let { courseStep } = before;
  let course = [...before.course];
  const last = course.at(-1);
  if (last && at - last.at < courseStep) {
    course[course.length - 1] = { at: last.at, asked: last.asked + seen.asked, failed: last.failed + seen.failed };
  } else {
    course.push({ at, asked: seen.asked, failed: seen.failed });
  }
  while (course.length > COURSE) {
    courseStep *= 2;
    const merged: typeof course = [];
    for (const point of course) {
      const previous = merged.at(-1);
      if (previous && point.at - previous.at < courseStep) {
        merged[merged.length - 1] = { at: previous.at, asked: previous.asked + point.asked, failed: previous.failed + point.failed };
      } else merged.push(point);
    }
    course = merged;
  }
  return { course, courseStep };
}

function addPage(before: Trouble['page'], round: Round): Trouble['page'] {
  if (!round.page) return before;
  const page = { ...before };
  for (const { role, failed, answered } of Object.values(round.page.byHost)) {
    const had = page[role];
    page[role] = { failed: (had?.failed ?? 0) + failed, answered: (had?.answered ?? 0) + answered };
  }
  return page;
}

function officialOf({ official: before, trouble }: Episode, reading: OfficialReading | null, at: number): OfficialSummary | null {
  if (reading?.kind !== 'read') return before;
  const events = reading.events.filter((event) => event.music && event.status === 'ongoing');
  // Over or gone: what it said stays worth knowing while the trouble lasts, and is forgotten with it.
  if (events.length === 0) return trouble ? before : null;
  const hints = new Set(before?.hints);
  const types = new Set(before?.types);
  const stated = new Set(before?.stated);
  for (const event of events) {
    for (const hint of event.hints) hints.add(hint);
    types.add(event.type);
    for (const cause of statedCauses(event.text)) stated.add(cause);
  }
  return { seenAt: before?.seenAt ?? at, hints: [...hints], types: [...types], stated: [...stated] };
}
