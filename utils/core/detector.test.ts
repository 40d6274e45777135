import { expect, test } from 'vitest';
import { glance, isReliable, NEW_DETECTOR, noiseRate, observe, type Detector } from './detector.ts';
import type { Failure } from './failure.ts';
import { phaseOf } from './failure.ts';
import type { Observation } from './observation.ts';
import { STORE_ROLES, type Role } from './role.ts';
import type { Profiles } from './trust.ts';

const T0 = 1_700_000_000_000;
const profiles: Profiles = Object.fromEntries(
  [...STORE_ROLES, 'neighbour'].map((id) => [id, { firstHealthyAt: 1, lastHealthyAt: 1, usualMs: 200, aloneSince: null, lastAskedAt: 1 }]),
);

function seen(target: string, role: Role, failure: Failure | null, at: number, ms = 200): Observation {
  return { target, role, at, ms, result: failure === null ? { kind: 'ok' } : { kind: 'failed', failure, phase: phaseOf(failure) }, times: null, answer: null, bytes: 0 };
}

/** One full check: which store roles fail, which of three controls fail. */
function check(failing: readonly string[], badControls: readonly number[], at: number, failure: Failure = 'http.503', ms = 200): Observation[] {
  return [
    ...STORE_ROLES.map((role) => seen(role, role, failing.includes(role) ? failure : null, at, ms)),
    ...[0, 1, 2].map((i) => seen(`control-${i}`, 'controls', badControls.includes(i) ? 'timed_out' : null, at)),
  ];
}

function run(checks: readonly Observation[][], caution = 1): Detector {
  return checks.reduce((d, observations) => observe(d, glance(observations, profiles, 3, new Set(), d.controls, observations[0]!.at), observations, observations[0]!.at, caution), NEW_DETECTOR);
}
const times = (n: number, make: (i: number) => Observation[]) => Array.from({ length: n }, (_, i) => make(i));
const all = [...STORE_ROLES];

const cases: [name: string, checks: Observation[][], opens: boolean][] = [
  ['one check in which everything fails is not enough', [check(all, [], T0)], false],
  ['two are', times(2, (i) => check(all, [], T0 + i * 8_000)), true],
  ['one function alone needs four in a row', times(3, (i) => check(['audio'], [], T0 + i * 30_000)), false],
  ['and then suffices', times(4, (i) => check(['audio'], [], T0 + i * 30_000)), true],
  ['a single stray failure is nothing', [check(['catalog'], [], T0), check([], [], T0 + 8_000)], false],
  ['stray failures now here, now there, for an hour are nothing', times(60, (i) => check(i % 15 === 0 ? [all[(i / 15) % 8]!] : [], [], T0 + i * 60_000)), false],
  ['a fault of every seventh request everywhere is found', times(12, (i) => check([all[i % 8]!], [], T0 + i * 60_000)), true],
  ['while the line is down nothing is gathered', times(30, (i) => check(all, [0, 1], T0 + i * 60_000)), false],
  ['all controls dead: nothing is gathered', times(30, (i) => check(all, [0, 1, 2], T0 + i * 60_000)), false],
  ['a control that is blocked for itself does not hide an outage', times(8, (i) => check(all, [1], T0 + i * 60_000)), true],
  ['a store that fails as often as the controls is not accused', times(20, (i) => check(i % 3 === 0 ? all.slice(0, 3) : [], [i % 3], T0 + i * 60_000)), false],
  ['all parts ten times slower than usual is found', times(5, (i) => check([], [], T0 + i * 60_000, 'http.503', 2_000)), true],
  ['one slow check is not', [check([], [], T0, 'http.503', 2_000)], false],
  ['offline is never the store', times(10, (i) => check(all, [], T0 + i * 60_000, 'local.offline')), false],
  ['a blocker is never the store', times(10, (i) => check(['artwork'], [], T0 + i * 60_000, 'blocked.by_client')), false],
];
test.each(cases)('%s', (_name, checks, opens) => {
  expect(isReliable(run(checks), 1)).toBe(opens);
});

/** Checks until an outage is told, at each step of the setting: never one alone, and never beyond reach. */
test.each([
  [0.5, 2, 2],
  [0.75, 2, 3],
  [1, 2, 4],
  [1.25, 3, 5],
  [1.5, 3, 6],
  [1.75, 4, 7],
  [2, 4, 8],
])('caution %s: everything dead is told after %s checks, one function after %s', (caution, wide, one) => {
  const needed = (failing: readonly string[]): number => {
    for (let n = 1; n <= 20; n++) if (isReliable(run(times(n, (i) => check(failing, [], T0 + i * 60_000)), caution), caution)) return n;
    return Infinity;
  };
  expect([needed(all), needed(['audio'])]).toEqual([wide, one]);
});

test('a target that was never healthy says nothing while others work', () => {
  const unproven: Profiles = { ...profiles, audio: { firstHealthyAt: null, lastHealthyAt: null, usualMs: null, aloneSince: null, lastAskedAt: null } };
  let d = NEW_DETECTOR;
  for (let i = 0; i < 20; i++) {
    const observations = check(['audio'], [], T0 + i * 60_000);
    d = observe(d, glance(observations, unproven, 3, new Set(), d.controls, T0 + i * 60_000), observations, T0 + i * 60_000);
  }
  expect(isReliable(d, 1)).toBe(false);
});

test('where nothing was ever healthy, dead connections count and wrong content does not', () => {
  const judge = (failure: Failure) => glance(check(all, [], T0, failure), {}, 3, new Set(), [], T0).asked.length;
  expect(judge('tcp.refused')).toBe(8);
  expect(judge('content.unexpected')).toBe(0);
});

test('names that public resolvers resolve are excused', () => {
  const observations = check(['catalog'], [], T0, 'dns.name_not_resolved');
  expect(glance(observations, profiles, 3, new Set(['catalog']), [], T0).asked.some((a) => a.failed)).toBe(false);
});

test('the noise rate follows the controls', () => {
  const tally = (bad: number, n: number) => Array.from({ length: n }, (_, i) => ({ at: T0, answered: { a: i >= bad, b: true, c: true } }));
  expect(noiseRate([])).toBeCloseTo(0.01);
  expect(noiseRate(tally(0, 10))).toBe(0.01);
  expect(noiseRate(tally(4, 10))).toBeGreaterThan(0.09);
});

test('silence now here, now there is a resolver that stumbles; silence of the same parts again is an outage', () => {
  const silent = (parts: readonly string[], i: number) => check(parts, [], T0 + i * 30_000, 'timed_out');
  const wandering = times(20, (i) => silent([all[i % 8]!, all[(i + 3) % 8]!], i));
  expect(isReliable(run(wandering), 1)).toBe(false);
  expect(isReliable(run(times(2, (i) => silent(all, i))), 1)).toBe(false);
  expect(isReliable(run(times(3, (i) => silent(all, i))), 1)).toBe(true);
});
