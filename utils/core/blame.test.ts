import { describe, expect, test } from 'vitest';
import { glance, isReliable, NEW_DETECTOR, observe } from './detector.ts';
import { diagnose } from './diagnosis.ts';
import { observeRound, openEpisode } from './episode.ts';
import { collectEvidence } from './evidence.ts';
import { FAILURES, phaseOf, type Failure } from './failure.ts';
import { advance, CALM, type Course } from './incident.ts';
import type { Observation } from './observation.ts';
import { STORE_ROLES, type StoreRole } from './role.ts';
import type { Round } from './round.ts';
import { TARGETS } from './targets.ts';
import type { Profile } from './trust.ts';
import { likeliestSide, verdictOf } from './verdict.ts';

const T0 = Date.UTC(2026, 2, 10, 12);
const KINDS: readonly Failure[] = [...FAILURES, 'http.403', 'http.404', 'http.429', 'http.500', 'http.502', 'http.503', 'http.504'];
const CONTROLS = TARGETS.filter(({ role }) => role === 'controls');
const PROFILES: Record<string, Profile> = Object.fromEntries(
  TARGETS.map(({ id, usualMs }) => [id, { firstHealthyAt: T0 - 86_400_000, lastHealthyAt: T0 - 300_000, usualMs, aloneSince: null, lastAskedAt: T0 - 300_000 }]),
);
const USUAL = Object.fromEntries(TARGETS.map(({ id, usualMs }) => [id, usualMs]));

/** A fault: what fails, and how. */
type Fault = readonly [role: StoreRole | 'all', kind: Failure];
type Line = 'well' | 'one control fails' | 'most controls fail' | 'all controls fail';
const LINES: readonly Line[] = ['well', 'one control fails', 'most controls fail', 'all controls fail'];

interface Seen {
  states: string[];
  side: string | null;
  store: number;
}

/** Lives through so many checks of a fault, each with everything asked, after a healthy one: first look, recheck after 8 s, then every 30 s. */
function live(faults: readonly Fault[], line: Line, checks: number): Seen {
  const broken = line === 'well' ? 0 : line === 'one control fails' ? 1 : line === 'most controls fail' ? CONTROLS.length - 1 : CONTROLS.length;
  // What breaks the line breaks it for the controls in the same way, unless it is an answer of the store itself.
  const onTheWay = faults.map(([, kind]) => kind).find((kind) => !/^(http\.\d|content\.)/.test(kind)) ?? 'timed_out';
  const down = new Set(CONTROLS.slice(0, broken).map(({ id }) => id));
  let detector = NEW_DETECTOR;
  let course: Course = CALM;
  let episode = openEpisode();
  const seen: Seen = { states: [], side: null, store: 0 };
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
    if (i > 0) [seen.side, seen.store] = [likeliestSide(diagnosis), diagnosis!.side.store];
  }
  return seen;
}

const isTold = ({ states }: Seen): boolean => states.includes('down') || states.includes('degraded');
const isOwn = (kind: Failure): boolean => kind.startsWith('local.') || kind.startsWith('blocked.');
const words = (faults: readonly Fault[], line: Line): string => `${faults.map(([role, kind]) => `${role} ${kind}`).join(' + ')}, ${line}`;

const single: Fault[] = KINDS.flatMap((kind) => (['all', ...STORE_ROLES] as const).map((role): Fault => [role, kind]));
/** All pairs of kinds, the roles taken in turn: each pair of kinds stands once, each pair of roles many times. */
const pairs: (readonly [Fault, Fault])[] = KINDS.flatMap((a, i) =>
  KINDS.map((b, k): readonly [Fault, Fault] => {
    const first = STORE_ROLES[(i + k) % STORE_ROLES.length]!;
    const second = STORE_ROLES[(i * 3 + k * 5 + 1) % STORE_ROLES.length]!;
    return [[first, a], [second === first ? STORE_ROLES[(STORE_ROLES.indexOf(first) + 1) % STORE_ROLES.length]! : second, b]];
  }),
);
const all: (readonly Fault[])[] = [...single.map((fault) => [fault]), ...pairs];

describe(`${all.length} faults (every kind at every part and at all of them, every pair of kinds) × ${LINES.length} states of the controls`, () => {
  test('nobody is told of the store while most controls fail', () => {
    const wrong = all.flatMap((faults) => (['most controls fail', 'all controls fail'] as const).filter((line) => isTold(live(faults, line, 6))).map((line) => words(faults, line)));
    expect(wrong).toEqual([]);
  });

  test('what fails on the user’s own machine is never the store’s', () => {
    const own = all.filter((faults) => faults.every(([, kind]) => isOwn(kind)));
    expect(own.length).toBeGreaterThan(40);
    const wrong = own.flatMap((faults) => LINES.filter((line) => isTold(live(faults, line, 6))).map((line) => words(faults, line)));
    expect(wrong).toEqual([]);
    const sided = own.flatMap((faults) => LINES.filter((line) => live(faults, line, 6).side === 'store').map((line) => words(faults, line)));
    expect(sided).toEqual([]);
  });

  // A refusal at some hosts alone is what a blocker and a firewall at home look like; at all of them it is the store's, and one kind of it takes longer.
  const LIKE_A_BLOCKER: ReadonlySet<string> = new Set(['tcp.refused', 'tcp.reset', 'tcp.closed', 'tcp.address_unreachable']);
  // Silence and broken answers at some hosts alone: the store, but not with the three to one that it takes to tell anybody.
  const UNSURE_AT_SOME: ReadonlySet<string> = new Set(['http.timed_out', 'http.response.truncated', 'http.response.invalid', 'http.protocol.error']);
  const SOME: readonly (readonly StoreRole[])[] = [['catalog', 'storefront', 'directory'], ['artwork', 'audio', 'charts'], ['account', 'purchase', 'catalog']];
  const served = KINDS.filter((kind) => /^(tcp\.|http\.)/.test(kind) && !/^http\.(403|404|429|response\.redirect_loop)$/.test(kind));
  const at = (kind: Failure, roles: readonly StoreRole[], checks: number): Seen => live(roles.map((role): Fault => [role, kind]), 'well', checks);

  test.each(served)('%s everywhere, controls well: the store, and told', (kind) => {
    const seen = at(kind, STORE_ROLES, kind === 'tcp.refused' ? 20 : 4);
    expect([isTold(seen), seen.side]).toEqual([true, 'store']);
  });

  test.each(served.filter((kind) => !LIKE_A_BLOCKER.has(kind)))('%s at three parts, controls well: the store within four checks', (kind) => {
    for (const roles of SOME) {
      const seen = at(kind, roles, 4);
      expect(seen.side, roles.join()).toBe('store');
      if (!UNSURE_AT_SOME.has(kind)) expect(isTold(seen), roles.join()).toBe(true);
    }
  });
});
