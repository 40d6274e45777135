import { describe, expect, test } from 'vitest';
import { brokenControls, glance, isReliable, NEW_DETECTOR, noiseRate, observe, suspicion, type ControlTally, type Detector, type Glance } from './detector.ts';
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
function check(failing: readonly string[], badControls: readonly number[], at: number, failure: Failure = 'http.503', ms = 200, atControls: Failure = 'timed_out'): Observation[] {
  return [
    ...STORE_ROLES.map((role) => seen(role, role, failing.includes(role) ? failure : null, at, ms)),
    ...[0, 1, 2].map((i) => seen(`control-${i}`, 'controls', badControls.includes(i) ? atControls : null, at)),
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
  ['a control that is ill itself does not hide an outage', times(2, (i) => check(all, [0], T0 + i * 8_000, 'http.503', 200, 'http.503')), true],
  ['controls of unrelated companies that are all ill are somebody’s who answers in their stead', times(30, (i) => check(all, [0, 1, 2], T0 + i * 60_000, 'http.503', 200, 'http.503')), false],
  ['also where one of them gets through', times(30, (i) => check(all, [0, 1], T0 + i * 60_000, 'http.503', 200, 'http.502')), false],
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

describe('a glance', () => {
  const look = (observations: Observation[], of: Profiles = profiles, factor = 3, excused: string[] = [], controls: ControlTally[] = []): Glance =>
    glance(observations, of, factor, new Set(excused), controls, T0);
  const thrownAway: Observation = { ...seen('catalog', 'catalog', null, T0), result: { kind: 'discarded', because: 'late' } };
  const control = (name: string, failure: Failure | null = null, ms = 200): Observation => seen(name, 'controls', failure, T0, ms);
  const usual = (ms: number | null) => ({ firstHealthyAt: 1, lastHealthyAt: 1, usualMs: ms, aloneSince: null, lastAskedAt: 1 });

  test('what was thrown away, and what is no part of the store, is not asked', () => {
    expect(look([thrownAway, control('a'), seen('neighbour', 'neighbour', 'http.503', T0)]).asked).toEqual([]);
    expect(look([seen('catalog', 'catalog', 'http.503', T0)]).asked).toEqual([{ role: 'catalog', failed: true, slow: false }]);
  });

  test('what is excused is not asked, what answers is, excused or not', () => {
    expect(look([seen('catalog', 'catalog', 'timed_out', T0), seen('audio', 'audio', null, T0)], profiles, 3, ['catalog', 'audio']).asked).toEqual([{ role: 'audio', failed: false, slow: false }]);
  });

  test('a healthy answer proves its target at once; another’s failure does not count before', () => {
    const unknown: Profiles = { other: usual(200) };
    expect(look([seen('catalog', 'catalog', null, T0), seen('audio', 'audio', 'tcp.refused', T0)], unknown).asked.map(({ role }) => role)).toEqual(['catalog']);
    const never: Profiles = { other: { ...usual(null), firstHealthyAt: null } };
    expect(look([seen('audio', 'audio', 'tcp.refused', T0)], never).asked).toHaveLength(1);
  });

  test.each<[string, ms: number, usual: number | null, factor: number, slow: boolean]>([
    ['three times as usual', 1500, 500, 3, true],
    ['less', 1499, 500, 3, false],
    ['under a second never', 999, 10, 3, false],
    ['a second, of nearly nothing', 1000, 10, 3, true],
    ['as the user wants it', 1500, 500, 4, false],
    ['the usual is not known', 60_000, null, 3, false],
  ])('slow: %s', (_, ms, usually, factor, slow) => {
    expect(look([seen('catalog', 'catalog', null, T0, ms)], { catalog: usual(usually) }, factor).asked[0]!.slow).toBe(slow);
    expect(look([seen('catalog', 'catalog', 'http.503', T0, ms)], { catalog: usual(usually) }, factor).asked[0]!.slow).toBe(false);
  });

  test('a line that is slow for everybody is no slow store: the middle one of the controls that answered says how slow', () => {
    const of: Profiles = { catalog: usual(500), a: usual(100), b: usual(100), c: usual(100), neighbour: usual(100) };
    const slow = (...others: Observation[]): boolean => look([seen('catalog', 'catalog', null, T0, 3000), ...others], of).asked[0]!.slow;
    expect(slow()).toBe(true);
    expect(slow(control('a', null, 300), control('b', null, 300), control('c', null, 100))).toBe(false);
    expect(slow(control('a', null, 100), control('b', null, 300), control('c', null, 10_000))).toBe(false);
    expect(slow(control('a', null, 100), control('b', null, 100), control('c', null, 10_000))).toBe(true);
    expect(slow(control('a', null, 20), control('b', null, 20))).toBe(true);
    expect(slow(control('a', 'timed_out', 10_000), control('b', null, 100))).toBe(true);
    expect(slow(seen('neighbour', 'neighbour', null, T0, 10_000))).toBe(true);
    expect(slow(control('unknown', null, 10_000))).toBe(true);
    // Faster controls do not make the store slow.
    expect(look([seen('catalog', 'catalog', null, T0, 1499), control('a', null, 10)], of).asked[0]!.slow).toBe(false);
  });

  test.each<[string, Observation[], silent: boolean]>([
    ['nothing failed', [seen('catalog', 'catalog', null, T0)], false],
    ['all silent', [seen('catalog', 'catalog', 'timed_out', T0), seen('audio', 'audio', 'dns.timed_out', T0), seen('charts', 'charts', 'timed_out.unconnected', T0)], true],
    ['one spoke', [seen('catalog', 'catalog', 'timed_out', T0), seen('audio', 'audio', 'http.503', T0)], false],
    ['a control that spoke does not count', [seen('catalog', 'catalog', 'timed_out', T0), control('a', 'http.503')], true],
    ['only controls failed', [control('a', 'timed_out')], false],
  ])('silence: %s', (_, observations, silent) => {
    expect(look(observations).silent).toBe(silent);
  });

  test.each<[string, Observation[], controls: ControlTally[], asked: number, failed: number, down: boolean]>([
    ['none asked', [seen('catalog', 'catalog', 'timed_out', T0)], [], 0, 0, false],
    ['all answer', [control('a'), control('b')], [], 2, 0, false],
    ['half fail', [control('a', 'timed_out'), control('b')], [], 2, 1, true],
    ['one of three fails', [control('a', 'timed_out'), control('b'), control('c')], [], 3, 1, false],
    ['two of three fail', [control('a', 'timed_out'), control('b', 'tcp.refused'), control('c')], [], 3, 2, true],
    ['an error of its own proves the line', [control('a', 'http.500'), control('b')], [], 2, 0, false],
    ['errors of one in three too', [control('a', 'http.500'), control('b'), control('c')], [], 3, 0, false],
    ['errors of two companies at once are not their own', [control('a', 'http.500'), control('b', 'http.503')], [], 2, 2, true],
    ['being turned away does not', [control('a', 'http.499'), control('b')], [], 2, 1, true],
    ['somebody else’s page does not', [control('a', 'redirect.foreign')], [], 1, 1, true],
    ['one that always fails is left out', [control('a', 'timed_out'), control('b')], Array.from({ length: 3 }, () => ({ at: T0, answered: { a: false, b: true } })), 1, 0, false],
  ])('the line: %s', (_, observations, controls, controlsAsked, controlsFailed, lineDown) => {
    expect(look(observations, profiles, 3, [], controls)).toMatchObject({ controlsAsked, controlsFailed, lineDown });
  });
});

describe('controls that are broken by themselves', () => {
  const tallies = (...answered: Record<string, boolean>[]): ControlTally[] => answered.map((one) => ({ at: T0, answered: one }));
  const bad = { a: false, b: true, c: true };
  test.each<[string, ControlTally[], string[]]>([
    ['never asked', [], []],
    ['twice is chance', tallies(bad, bad), []],
    ['three times, the others being fine', tallies(bad, bad, bad), ['a']],
    ['once it answered', tallies(bad, { a: true, b: true, c: true }, bad, bad), []],
    ['once another failed too', tallies(bad, bad, bad, { a: false, b: false, c: true }), []],
    ['long ago does not count', tallies({ a: true, b: true }, bad, bad, bad, bad, bad, bad), ['a']],
    ['when it was not asked does not count', tallies(bad, { b: true }, bad, { b: false }, bad), ['a']],
    ['it stands alone', tallies({ a: false }, { a: false }, { a: false }), ['a']],
    ['two of them accuse one another', tallies({ a: false, b: false }, { a: false, b: false }, { a: false, b: false }), []],
  ])('%s', (_, controls, names) => {
    expect([...brokenControls(controls)]).toEqual(names);
  });
});

test.each<[string, ControlTally['answered'][], rate: number]>([
  ['nothing known', [], 0.01],
  ['one in ten, weighed with the assumption', Array.from({ length: 10 }, (_, i) => ({ a: i > 2, b: true, c: true })), 3.1 / 40],
  ['a dead line is not a noisy one', [...Array.from({ length: 10 }, () => ({ a: true, b: true, c: true })), { a: false, b: false, c: true }], 0.01],
  ['half is dead', [{ a: false, b: true }, { a: true, b: true }], 0.01],
  ['one that is broken by itself is no noise', Array.from({ length: 5 }, () => ({ a: false, b: true, c: true })), 0.01],
  ['nor does it make the line dead', [{ a: false, b: true, c: true, d: false }, ...Array.from({ length: 6 }, () => ({ a: false, b: true, c: true, d: true }))], 1.1 / 31],
])('noise: %s', (_, answered, rate) => {
  expect(noiseRate(answered.map((one) => ({ at: T0, answered: one })))).toBeCloseTo(rate, 9);
});

describe('the sums', () => {
  const calm: Glance = { asked: [], controlsAsked: 0, controlsFailed: 0, lineDown: false, silent: false };
  const asked = (failing: readonly string[], slow = false, of: readonly (typeof all)[number][] = all): Glance['asked'] => of.map((role) => ({ role, failed: failing.includes(role), slow }));
  const feed = (glances: Glance[], from = NEW_DETECTOR): Detector => glances.reduce((d, one, i) => observe(d, one, [], T0 + i * 60_000), from);

  test('each fault is looked for in its own way, one check at most so much', () => {
    const one = feed([{ ...calm, asked: asked(['audio']) }]);
    expect(one.role.audio).toBeCloseTo(Math.log(0.7 / 0.01), 9);
    expect(one.partial.audio).toBeCloseTo(Math.log(0.3 / 0.01), 9);
    expect(one.role.catalog).toBe(0);
    expect(one.wide).toBe(0);
    expect(one.thin).toBeCloseTo(Math.log(0.1 / 0.01) + 7 * Math.log(0.9 / 0.99), 9);
    expect(feed([{ ...calm, asked: asked(all) }])).toMatchObject({ wide: 9, thin: 9, slow: 0 });
    expect(feed([{ ...calm, asked: asked([], true) }])).toMatchObject({ wide: 0, thin: 0, slow: 4.5 });
  });

  test('they add up, and do not grow without end', () => {
    const many = feed(Array.from({ length: 40 }, () => ({ ...calm, asked: asked(all) })));
    expect(many).toMatchObject({ wide: 24, thin: 24 });
    expect(many.role.audio).toBe(24);
    expect(many.partial.audio).toBe(24);
    const two = feed(Array.from({ length: 2 }, () => ({ ...calm, asked: asked(['audio']) })));
    expect(two.partial.audio).toBeCloseTo(2 * Math.log(30), 9);
    // A healthy answer takes back what it says against a fault, part by part.
    const healthy = feed([{ ...calm, asked: asked([]) }], two);
    expect(healthy.partial.audio).toBeCloseTo(2 * Math.log(30) + Math.log(0.7 / 0.99), 9);
    expect(healthy.role.audio).toBeCloseTo(2 * Math.log(70) + Math.log(0.3 / 0.99), 9);
    // A part that was not asked keeps its sum.
    expect(feed([{ ...calm, asked: asked([], false, ['catalog']) }], two).partial.audio).toBe(two.partial.audio);
  });

  test('the noisier the line, the less a failure says', () => {
    const noisy: ControlTally[] = Array.from({ length: 50 }, (_, i) => ({ at: T0, answered: { a: i % 5 > 0, b: i % 5 !== 1, c: i % 5 !== 2, d: true } }));
    const p0 = noiseRate(noisy);
    const d = feed([{ ...calm, asked: asked(['audio']) }], { ...NEW_DETECTOR, controls: noisy });
    expect(p0).toBeGreaterThan(0.1);
    expect(d.role.audio).toBeCloseTo(Math.log(0.7 / p0), 9);
    expect(d.partial.audio).toBeCloseTo(Math.log(0.3 / p0), 9);
    // A fault is looked for that fails half as often again as the line by itself.
    expect(d.thin).toBeCloseTo(Math.max(0, Math.log(1.5) + 7 * Math.log((1 - 1.5 * p0) / (1 - p0))), 9);
    const awful: ControlTally[] = Array.from({ length: 60 }, (_, i) => ({ at: T0, answered: { a: i % 9 > 3, b: (i + 4) % 9 > 3, c: (i + 1) % 9 > 3, d: (i + 6) % 9 > 3 } }));
    const rate = noiseRate(awful);
    expect(rate).toBeGreaterThan(0.2);
    expect(feed([{ ...calm, asked: asked(['audio'], false, ['audio']) }], { ...NEW_DETECTOR, controls: awful }).partial.audio).toBeCloseTo(Math.log(Math.max(0.3, rate * 1.5) / rate), 9);
  });

  test('while the line is down nothing is gathered, and what was fades', () => {
    const before: Detector = { ...NEW_DETECTOR, wide: 8, thin: 6, slow: 3, role: { audio: 5 }, partial: { audio: 5 }, failedLast: ['audio'], clean: 2, firstFailureAt: T0 - 5 };
    expect(feed([{ ...calm, lineDown: true, asked: asked(all) }], before)).toEqual({ ...before, wide: 4, thin: 3, slow: 0, role: {}, partial: {}, failedLast: [] });
  });

  test('silence counts towards "many fail" only where it comes again', () => {
    const silence: Glance = { ...calm, silent: true, asked: asked(['audio', 'catalog']) };
    const first = feed([silence]);
    expect(first.wide).toBe(0);
    expect(first.failedLast).toEqual(['catalog', 'audio'].sort((a, b) => all.indexOf(a as never) - all.indexOf(b as never)));
    expect(feed([silence, silence]).thin).toBeGreaterThan(first.thin);
    // What was not asked in between is remembered as it was.
    const between = feed([silence, { ...calm, asked: asked([], false, ['charts']) }]);
    expect([...between.failedLast].sort()).toEqual(['audio', 'catalog']);
    const answered = feed([silence, { ...calm, asked: asked([], false, ['audio']) }]);
    expect(answered.failedLast).toEqual(['catalog']);
  });

  test('eight healthy full checks in a row and all is forgotten', () => {
    const failed: Glance = { ...calm, asked: asked(['audio']) };
    const fine: Glance = { ...calm, asked: asked([]) };
    const light: Glance = { ...calm, asked: asked([], false, ['catalog', 'storefront', 'charts', 'audio']) };
    const five: Glance = { ...calm, asked: asked([], false, ['catalog', 'storefront', 'charts', 'audio', 'artwork']) };
    const after = (...glances: Glance[]): number => suspicion(feed([failed, failed, failed, failed, failed, ...glances], { ...NEW_DETECTOR, slow: 20 }));
    const healthy = (n: number, one = fine): Glance[] => Array.from({ length: n }, () => one);
    expect(after(...healthy(7))).toBeGreaterThan(1);
    expect(after(...healthy(8))).toBe(0);
    expect(after(...healthy(8, five))).toBe(0);
    expect(after(...healthy(8, light))).toBeGreaterThan(1);
    expect(after(...healthy(7), ...healthy(3, light))).toBeGreaterThan(1);
    expect(after(...healthy(7), failed, ...healthy(7))).toBeGreaterThan(1);
    expect(feed(healthy(5)).clean).toBe(5);
    expect(feed(healthy(9)).clean).toBe(9);
    expect(feed([...healthy(5), failed]).clean).toBe(0);
    expect(feed([...healthy(5), { ...calm, asked: asked([], true) }]).clean).toBe(0);
  });

  test('the first failure is remembered as long as there is a suspicion', () => {
    const failed: Glance = { ...calm, asked: asked(['audio']) };
    const fine: Glance = { ...calm, asked: asked([]) };
    expect(feed([fine]).firstFailureAt).toBeNull();
    expect(feed([fine, failed]).firstFailureAt).toBe(T0 + 60_000);
    expect(feed([failed, failed, failed]).firstFailureAt).toBe(T0);
    expect(feed([{ ...calm, asked: asked([], true) }]).firstFailureAt).toBe(T0);
    // One failure is four healthy answers' worth.
    const later = Array.from({ length: 8 }, (_, i) => feed([failed, ...Array.from({ length: i + 1 }, () => fine)]));
    const upTo = later.findIndex((d) => d.firstFailureAt === null);
    expect(upTo).toBeGreaterThan(0);
    for (const [i, d] of later.entries()) expect(d.firstFailureAt === null, `${i}`).toBe(i >= upTo);
    expect(suspicion(later[upTo]!)).toBeLessThan(1);
    expect(suspicion(later[upTo - 1]!)).toBeGreaterThanOrEqual(1);
  });

  test('controls are remembered for six hours, sixty checks at most; thrown-away answers are none', () => {
    const control = (at: number, discarded = false): Observation => ({ ...seen('control', 'controls', null, at), ...(discarded ? { result: { kind: 'discarded', because: 'late' } as const } : {}) });
    const at = (d: Detector, minutes: number, observations: Observation[]) => observe(d, calm, observations, T0 + minutes * 60_000);
    const first = at(NEW_DETECTOR, 0, [control(T0)]);
    expect(first.controls).toEqual([{ at: T0, answered: { control: true } }]);
    expect(at(first, 1, [control(T0, true)]).controls).toHaveLength(1);
    expect(at(first, 1, []).controls).toHaveLength(1);
    expect(at(first, 360, []).controls).toHaveLength(1);
    expect(at(first, 361, []).controls).toHaveLength(0);
    const many = Array.from({ length: 80 }, (_, i) => i).reduce((d, i) => at(d, i, [control(T0)]), NEW_DETECTOR);
    expect(many.controls).toHaveLength(60);
    expect(many.controls.at(-1)!.at).toBe(T0 + 79 * 60_000);
    expect(at(NEW_DETECTOR, 0, [seen('control', 'controls', 'timed_out', T0), seen('catalog', 'catalog', 'timed_out', T0)]).controls[0]!.answered).toEqual({ control: false });
  });

  test('the largest of the sums decides, and the user’s caution on it', () => {
    const sums: Partial<Detector>[] = [{ wide: 16 }, { thin: 16 }, { slow: 16 }, { role: { audio: 16 } }, { partial: { audio: 16 } }];
    for (const one of sums) {
      const d: Detector = { ...NEW_DETECTOR, wide: 1, role: { catalog: 2 }, ...one };
      expect(suspicion(d)).toBe(16);
      expect(isReliable(d, 1)).toBe(true);
      expect(isReliable(d, 0.5)).toBe(true);
      expect(isReliable(d, 1.01)).toBe(false);
      expect(isReliable(d, 2)).toBe(false);
    }
    expect(suspicion(NEW_DETECTOR)).toBe(0);
  });
});
