import { glance, isReliable, NEW_DETECTOR, observe } from '../../utils/core/detector.ts';
import { diagnose } from '../../utils/core/diagnosis.ts';
import { observeRound, openEpisode } from '../../utils/core/episode.ts';
import { collectEvidence } from '../../utils/core/evidence.ts';
import { FAILURES, phaseOf, type Failure } from '../../utils/core/failure.ts';
import { advance, CALM, type Course } from '../../utils/core/incident.ts';
import type { Observation } from '../../utils/core/observation.ts';
import { STORE_ROLES, type StoreRole } from '../../utils/core/role.ts';
import type { Round } from '../../utils/core/round.ts';
import { TARGETS } from '../../utils/core/targets.ts';
import type { Profile } from '../../utils/core/trust.ts';
import { likeliestSide, verdictOf } from '../../utils/core/verdict.ts';

const T0 = Date.UTC(2026, 2, 10, 12);
export const KINDS: readonly Failure[] = [...FAILURES, 'http.403', 'http.404', 'http.429', 'http.500', 'http.502', 'http.503', 'http.504'];
const CONTROLS = TARGETS.filter(({ role }) => role === 'controls');
const PROFILES: Record<string, Profile> = Object.fromEntries(
  TARGETS.map(({ id, usualMs }) => [id, { firstHealthyAt: T0 - 86_400_000, lastHealthyAt: T0 - 300_000, usualMs, aloneSince: null, lastAskedAt: T0 - 300_000 }]),
);
const USUAL = Object.fromEntries(TARGETS.map(({ id, usualMs }) => [id, usualMs]));

/** A fault: what fails, and how. */
export type Fault = readonly [role: StoreRole | 'all', kind: Failure];
export type Line = 'well' | 'one control fails' | 'most controls fail' | 'all controls fail';
export const LINES: readonly Line[] = ['well', 'one control fails', 'most controls fail', 'all controls fail'];

export interface Seen {
  states: string[];
  /** The side that is shown with each state; and the one that the diagnosis holds the likeliest at the end. */
  shown: (string | null)[];
  side: string | null;
  store: number;
}

/** Lives through so many checks of a fault, each with everything asked, after a healthy one: first look, recheck after 8 s, then every 30 s. */
export function live(faults: readonly Fault[], line: Line, checks: number): Seen {
  const broken = line === 'well' ? 0 : line === 'one control fails' ? 1 : line === 'most controls fail' ? CONTROLS.length - 1 : CONTROLS.length;
  // What breaks the line breaks it for the controls in the same way, unless it is an answer of the store itself.
  const onTheWay = faults.map(([, kind]) => kind).find((kind) => !/^(http\.\d|content\.)/.test(kind)) ?? 'timed_out';
  const down = new Set(CONTROLS.slice(0, broken).map(({ id }) => id));
  let detector = NEW_DETECTOR;
  let course: Course = CALM;
  let episode = openEpisode();
  const seen: Seen = { states: [], shown: [], side: null, store: 0 };
  for (let i = 0; i <= checks; i++) {
    const at = i === 0 ? T0 - 300_000 : i === 1 ? T0 : T0 + 8_000 + (i - 2) * 30_000;
    const observations = TARGETS.map((target): Observation => {
      const fault = i > 0 ? faults.find(([role]) => role === target.role || (role === 'all' && target.role !== 'controls' && target.role !== 'neighbour')) : undefined;
      const failure = i > 0 && down.has(target.id) ? onTheWay : (fault?.[1] ?? null);
      return {
        target: target.id,
        role: target.role,
        at,
        ms: target.usualMs,
        result: failure === null ? { kind: 'ok' } : { kind: 'failed', failure, phase: phaseOf(failure) },
        times: null,
        answer: null,
        bytes: 0,
      };
    });
    const round: Round = { at, trigger: i === 0 ? 'schedule' : 'recheck', full: true, observations, official: null, resolver: null, world: null, storefront: null, page: null, clockSkew: 0 };
    const looked = glance(observations, PROFILES, 4, new Set(), detector.controls, at);
    detector = observe(detector, looked, observations, at);
    episode = observeRound(episode, round, USUAL);
    const diagnosis = i === 0 ? null : diagnose(collectEvidence(episode, { now: at, utcOffsetMinutes: 540 }));
    [course] = advance(course, { at, glance: looked, reliable: isReliable(detector, 1), firstFailureAt: detector.firstFailureAt, diagnosis, shares: {}, maintenance: false, gap: false });
    const shown = verdictOf(course, looked, observations, diagnosis);
    seen.states.push(shown.state);
    seen.shown.push(shown.side);
    if (i > 0) [seen.side, seen.store] = [likeliestSide(diagnosis), diagnosis!.side.store];
  }
  return seen;
}

export const isTold = ({ states }: Seen): boolean => states.includes('down') || states.includes('degraded');
export const isOwn = (kind: Failure): boolean => kind.startsWith('local.') || kind.startsWith('blocked.');
export const words = (faults: readonly Fault[], line: Line): string => `${faults.map(([role, kind]) => `${role} ${kind}`).join(' + ')}, ${line}`;

/** What the table of truth has shown under every combination of faults. */
export interface BlameResult {
  faults: number;
  /** Lives: faults × states of the controls. */
  lives: number;
  checks: number;
  violations: string[];
}

const CHECKS = 6;
const isBroken = (line: Line): boolean => line === 'most controls fail' || line === 'all controls fail';
/** The server itself has answered that it fails: nothing on the way says that. */
const isServers = (kind: Failure): boolean => /^http\.50\d$/.test(kind);

/** @returns what is wrong with that, in words; none where nothing is */
function wrongs(faults: readonly Fault[], line: Line, seen: Seen): string[] {
  const wrong: string[] = [];
  if (isBroken(line) && isTold(seen)) wrong.push('told of the store while the controls fail');
  if (isBroken(line) && seen.shown.includes('store')) wrong.push('the store blamed while the controls fail');
  if (faults.every(([, kind]) => isOwn(kind)) && (isTold(seen) || seen.side === 'store')) wrong.push('the store blamed for what fails on the machine');
  if (line === 'well' && faults.every(([, kind]) => isServers(kind)) && (seen.side !== 'store' || seen.states.includes('own'))) wrong.push('somebody else blamed for what the store’s servers say');
  return wrong.map((what) => `${words(faults, line)}: ${what}`);
}

/**
 * Every kind of failure at every part, alone and together with every other kind at every other part, under every state of the controls.
 * @param every so many of the pairs, beginning with the first: 1 for all of them
 */
export function blameRun(every: number): BlameResult {
  const single = STORE_ROLES.flatMap((role) => KINDS.map((kind): Fault => [role, kind]));
  const pairs = single.flatMap((a, i) => single.slice(i + 1).flatMap((b) => (a[0] === b[0] ? [] : [[a, b]])));
  const all: (readonly Fault[])[] = [...single.map((fault) => [fault]), ...KINDS.map((kind): Fault[] => [['all', kind]]), ...pairs.filter((_, i) => i % every === 0)];
  const violations: string[] = [];
  for (const faults of all) for (const line of LINES) violations.push(...wrongs(faults, line, live(faults, line, CHECKS)));
  return { faults: all.length, lives: all.length * LINES.length, checks: all.length * LINES.length * CHECKS, violations };
}
