import { expect, test } from 'vitest';
import { diagnose } from './diagnosis.ts';
import { closeEpisode, observeRound, openEpisode, type Episode } from './episode.ts';
import { collectEvidence } from './evidence.ts';
import type { Failure } from './failure.ts';
import { phaseOf } from './failure.ts';
import type { Observation } from './observation.ts';
import type { OfficialEvent } from './official.ts';
import { STORE_ROLES, type Role } from './role.ts';
import type { PageHost, Round } from './round.ts';

const START = Date.UTC(2026, 0, 15, 12);
const MINUTE = 60_000;
const USUAL = Object.fromEntries([...STORE_ROLES, 'neighbour', 'controls'].map((role) => [role, 200]));

function seen(role: Role, failure: Failure | null = null, ms = 200): Observation {
  return { target: role, role, at: START, ms, result: failure ? { kind: 'failed', failure, phase: phaseOf(failure) } : { kind: 'ok' }, times: null, answer: null, bytes: 0 };
}

function round(minute: number, observations: Observation[], more: Partial<Round> = {}): Round {
  return { at: START + minute * MINUTE, trigger: 'schedule', full: true, observations, official: null, resolver: null, world: null, storefront: null, page: null, clockSkew: null, ...more };
}

const healthy = (minute: number): Round => round(minute, STORE_ROLES.map((role) => seen(role)));
const broken = (minute: number, failure: Failure = 'http.503'): Round => round(minute, STORE_ROLES.map((role) => seen(role, failure)));
const slow = (minute: number, factor: number): Round => round(minute, STORE_ROLES.map((role) => seen(role, null, 200 * factor)));
const run = (rounds: Round[], from: Episode = openEpisode()): Episode => rounds.reduce((episode, one) => observeRound(episode, one, USUAL), from);
const minutes = (from: number, to: number, step = 1): number[] => Array.from({ length: Math.floor((to - from) / step) + 1 }, (_, i) => from + i * step);

test('while all is well only the ring moves, and it is bounded', () => {
  const episode = run(minutes(0, 500, 5).map(healthy));
  expect(episode.trouble).toBeNull();
  expect(episode.recent).toHaveLength(12);
});

test('the onset lies between the last healthy and the first failing round', () => {
  const { trouble } = run([healthy(0), healthy(5), broken(10)]);
  expect(trouble).toMatchObject({ openedAt: START + 10 * MINUTE, lastOkAt: START + 5 * MINUTE, failingSince: START + 10 * MINUTE });
});

test('slow before failing: trouble opens with the slowness', () => {
  const { trouble } = run([healthy(0), slow(5, 4), slow(10, 5), broken(15)]);
  expect(trouble).toMatchObject({ openedAt: START + 5 * MINUTE, failingSince: START + 15 * MINUTE });
});

test('a store as slow as the controls is trouble, but the line’s', () => {
  const all = (minute: number): Round => round(minute, [...STORE_ROLES.map((role) => seen(role, null, 1000)), seen('controls', null, 1000)]);
  const episode = run([healthy(0), ...minutes(5, 10).map(all)]);
  expect(episode.trouble).not.toBeNull();
  expect(diagnose(collectEvidence(episode, START)).side.store).toBeLessThan(0.5);
  const storeAlone = run([healthy(0), ...minutes(5, 10).map((minute) => round(minute, [...STORE_ROLES.map((role) => seen(role, null, 1000)), seen('controls')]))]);
  expect(diagnose(collectEvidence(storeAlone, START)).side.store).toBeGreaterThan(0.8);
});

test('healthy rounds after the end do not water the picture down', () => {
  const during = run(minutes(0, 10).map((minute) => broken(minute)));
  const later = run(minutes(11, 25).map(healthy), during);
  expect(later.trouble?.roles).toEqual(during.trouble?.roles);
});

test('healthy rounds between two failures count', () => {
  const { trouble } = run([broken(0), broken(1), broken(2), healthy(3), broken(4)]);
  expect(trouble?.roles.catalog).toMatchObject({ asked: expect.closeTo(5, 0), failed: expect.closeTo(4, 0) });
  expect(trouble?.turns).toBe(2);
});

test('a relapse after a quarter of an hour is counted, and the quiet in between is not', () => {
  const { trouble } = run([...minutes(0, 5).map((minute) => broken(minute)), ...minutes(6, 30).map(healthy), broken(31)]);
  expect(trouble?.relapses).toBe(1);
  expect(trouble?.roles.catalog?.asked).toBeLessThan(8);
});

test('a stray failure neither lasts nor begins the trouble that comes later', () => {
  const stray = round(0, [seen('catalog', 'tcp.reset'), ...STORE_ROLES.slice(2).map((role) => seen(role))]);
  expect(run([stray, ...minutes(5, 50, 5).map(healthy)]).trouble).toBeNull();
  expect(run([stray, ...minutes(5, 20, 5).map(healthy), broken(25)]).trouble?.openedAt).toBe(START + 25 * MINUTE);
});

test('what was thrown away is neither up nor down', () => {
  const observation: Observation = { ...seen('catalog'), result: { kind: 'discarded', because: 'suspended' } };
  const before = run([healthy(0)]);
  expect(run([round(5, [observation])], before)).toEqual({ ...before, line: expect.anything() });
});

test('an outage of a month keeps a small record and its first minute', () => {
  const kinds: Failure[] = ['http.500', 'http.502', 'http.503', 'timed_out', 'tcp.reset'];
  const episode = run(minutes(0, 60 * 24 * 30, 15).map((minute, i) => broken(minute, kinds[i % kinds.length])));
  expect(episode.trouble?.openedAt).toBe(START);
  expect(episode.trouble?.course.length).toBeLessThanOrEqual(24);
  expect(JSON.stringify(episode).length).toBeLessThan(8000);
});

test('an outage that changes its face is judged by the new one', () => {
  const { trouble } = run([...minutes(0, 300, 5).map((minute) => broken(minute, 'http.503')), ...minutes(305, 800, 5).map((minute) => broken(minute, 'content.maintenance'))]);
  const kinds = trouble?.roles.catalog?.kinds ?? {};
  expect(kinds['content.maintenance']).toBeGreaterThan(5 * (kinds['http.503'] ?? 0));
});

test('what the vendor said is kept through the trouble and forgotten with it', () => {
  const event: OfficialEvent = { id: '1', service: 'iTunes Store', type: 'outage', status: 'ongoing', startedAt: START, endsAt: null, text: 'A DNS problem.', hints: ['purchase'], music: true };
  const told = run([broken(0), { ...broken(1), official: { kind: 'read', at: START, events: [event] } }, { ...broken(2), official: { kind: 'read', at: START, events: [] } }]);
  expect(told.official).toMatchObject({ hints: ['purchase'], stated: ['dns'] });
  expect(run([{ ...healthy(3), official: { kind: 'read', at: START, events: [] } }], closeEpisode(told)).official).toBeNull();
});

test('other products’ events and unreadable feeds say nothing', () => {
  const event: OfficialEvent = { id: '1', service: 'Maps', type: 'outage', status: 'ongoing', startedAt: START, endsAt: null, text: '', hints: [], music: false };
  expect(run([{ ...broken(0), official: { kind: 'read', at: START, events: [event] } }]).official).toBeNull();
  expect(run([{ ...broken(0), official: { kind: 'unreachable', at: START } }])).toMatchObject({ official: null, feed: 'unreachable' });
});

test('the old episode is left as it was', () => {
  const before = run([broken(0)]);
  const copy = structuredClone(before);
  run([broken(1), healthy(2)], before);
  expect(before).toEqual(copy);
});

const control = (target: string, failure: Failure | null = null, ms = 200): Observation => ({ ...seen('controls', failure, ms), target });
const LINE = { ...USUAL, a: 200, b: 200 };
const line = (rounds: Round[]): Episode['line']['controls'] => rounds.reduce((episode, one) => observeRound(episode, one, LINE), openEpisode()).line.controls;
const answer = (by: 'edge' | 'origin' | null): Observation['answer'] => ({ status: 503, by, cached: null, edge: null, site: null, address: null, protocol: null, date: null });

test('the line: failures on the way count, errors and foreign pages of a status do not, and both fade by half in twenty minutes', () => {
  expect(line([round(0, [control('a', 'timed_out'), control('b', 'http.503')])])).toEqual({ a: { asked: 1, failed: 1 }, b: { asked: 1, failed: 0 } });
  expect(line([round(0, [control('a', 'timed_out')]), round(20, [control('b')])])).toEqual({ a: { asked: 0.5, failed: 0.5 }, b: { asked: 1, failed: 0 } });
  expect(line([round(0, [control('a', 'timed_out')]), round(20, [control('a')])])).toEqual({ a: { asked: 1.5, failed: 0.5 } });
  // What has faded to nothing is dropped; a clock set back fades nothing.
  expect(line([round(0, [control('a', 'timed_out')]), round(140, [seen('catalog')])])).toEqual({});
  expect(line([round(0, [control('a', 'timed_out')]), round(120, [seen('catalog')])])).toHaveProperty('a');
  expect(line([round(30, [control('a')]), round(0, [control('a')])])).toEqual({ a: { asked: 2, failed: 0 } });
});

test('twelve controls at most: a table that changes cannot grow the record', () => {
  const many = line([round(0, Array.from({ length: 12 }, (_, i) => control(`c${i}`))), round(1, [control('c0', 'timed_out'), control('new')])]);
  expect(Object.keys(many)).toHaveLength(12);
  expect(many).not.toHaveProperty('new');
  expect(many['c0']!.failed).toBe(1);
});

test('a round is summed up by part: kinds, who wrote the errors, how slow', () => {
  const observations: Observation[] = [
    { ...seen('catalog', 'http.503', 400), answer: answer('edge') },
    { ...seen('catalog', 'http.500', 800), answer: answer('origin') },
    { ...seen('audio', 'timed_out', 9999) },
    seen('charts', null, 100),
    { ...seen('artwork'), result: { kind: 'discarded', because: 'late' } },
    seen('neighbour', null, 100),
    seen('controls', null, 499),
  ];
  const { trouble, recent } = run([round(0, observations)]);
  expect(trouble!.roles).toEqual({
    catalog: { asked: 2, failed: 2, kinds: { 'http.503': 1, 'http.500': 1 }, edge: 1, origin: 1, slow: Math.log(2) + Math.log(4), timed: 2 },
    audio: { asked: 1, failed: 1, kinds: { timed_out: 1 }, edge: 0, origin: 0, slow: 0, timed: 0 },
    charts: { asked: 1, failed: 0, kinds: {}, edge: 0, origin: 0, slow: Math.log(0.5), timed: 1 },
    neighbour: { asked: 1, failed: 0, kinds: {}, edge: 0, origin: 0, slow: Math.log(0.5), timed: 1 },
    // An answer within half a second is not slow, whoever is compared with.
    controls: { asked: 1, failed: 0, kinds: {}, edge: 0, origin: 0, slow: 0, timed: 1 },
  });
  expect(recent).toEqual([{ at: START, asked: 4, failed: 3, slow: (Math.log(2) + Math.log(4) + Math.log(0.5)) / 3 }]);
  expect(run([round(0, [seen('catalog', 'http.503'), seen('controls', null, 500)])]).trouble!.roles.controls!.slow).toBeCloseTo(Math.log(2.5), 9);
});

test.each<[string, Observation[], troubled: boolean]>([
  ['healthy', [seen('catalog')], false],
  ['one failure', [seen('catalog', 'http.503'), seen('audio')], true],
  ['the neighbour’s failure', [seen('catalog'), seen('neighbour', 'http.503')], false],
  ['the whole round slower by 80 %', [seen('catalog', null, 361), seen('audio', null, 361)], true],
  ['by less', [seen('catalog', null, 359), seen('audio', null, 359)], false],
  ['one part six times slower', [seen('catalog', null, 1167), ...STORE_ROLES.slice(2).map((role) => seen(role, null, 150))], true],
  ['one part somewhat slower', [seen('catalog', null, 1160), ...STORE_ROLES.slice(2).map((role) => seen(role, null, 150))], false],
  ['a slow control is no trouble of the store', [seen('catalog'), seen('controls', null, 60_000)], false],
])('trouble: %s', (_, observations, troubled) => {
  expect(run([round(0, observations)]).trouble !== null).toBe(troubled);
});

test('a round that asked nothing of the store moves the line alone', () => {
  const before = run([broken(0)]);
  const after = observeRound(before, round(5, [control('a')]), LINE);
  expect(after).toEqual({ ...before, okAt: { controls: START + 5 * MINUTE }, line: { at: START + 5 * MINUTE, controls: { a: { asked: 1, failed: 0 } } } });
  expect(observeRound(before, round(5, [seen('neighbour')]), USUAL).okAt).toEqual({ neighbour: START + 5 * MINUTE });
});

test('when a part last answered is known by part: one that failed in the round did not', () => {
  const { okAt } = run([healthy(0), round(5, [seen('catalog'), seen('audio', 'http.503')])]);
  expect(okAt).toMatchObject({ catalog: START + 5 * MINUTE, audio: START, charts: START });
});

test.each<[string, Round[], minute: number | null]>([
  ['what fails had answered', [healthy(0), round(5, [seen('charts')]), round(10, [seen('catalog', 'http.503'), seen('charts')])], 0],
  ['another part that fails answered later', [healthy(0), round(5, [seen('charts')]), round(10, [seen('catalog', 'http.503'), seen('charts', 'http.503')])], 5],
  ['half an hour ago and some', [healthy(0), round(35, [seen('catalog', 'http.503')])], 0],
  ['longer ago is not known', [healthy(0), round(35.1, [seen('catalog', 'http.503')])], null],
  ['never', [round(0, [seen('charts')]), round(5, [seen('catalog', 'http.503')])], null],
  ['all is slow: any part bounds it', [healthy(0), round(3, [seen('charts')]), slow(5, 4)], 3],
])('the onset is bounded: %s', (_, rounds, minute) => {
  expect(run(rounds).trouble!.lastOkAt).toBe(minute === null ? null : START + minute * MINUTE);
});

test('how slow it was just before: the twenty minutes before, not the hour', () => {
  const before = (rounds: Round[]): number | null => run([...rounds, broken(60)]).trouble!.slowBefore;
  expect(before([])).toBeNull();
  expect(before([slow(0, 1.5)])).toBeNull();
  expect(before([slow(30, 1.5), slow(40, 1.2), slow(55, 1.6)])).toBeCloseTo((Math.log(1.2) + Math.log(1.6)) / 2, 9);
  expect(before([round(50, [{ ...seen('catalog'), target: 'not timed' }])])).toBeNull();
});

test.each<[string, troubled: number, quiet: number, forgotten: boolean]>([
  ['a stray failure, forty minutes later', 1, 40, false],
  ['a stray failure, later', 1, 40.1, true],
  ['two of them', 2, 40.1, true],
  ['three are an outage', 3, 40.1, false],
  ['which is kept for a day', 3, 24 * 60, false],
  ['and no longer', 3, 24 * 60 + 0.1, true],
])('forgotten: %s', (_, troubled, quiet, forgotten) => {
  const rounds = minutes(0, troubled - 1).map((minute) => broken(minute));
  expect(run([...rounds, healthy(troubled - 1 + quiet)]).trouble === null).toBe(forgotten);
});

test.each<[string, Round[], openedAt: number]>([
  ['failing again at once', [broken(0), broken(1)], 0],
  ['a stray failure, and another soon', [broken(0), healthy(5), broken(10)], 0],
  ['later it is another one', [broken(0), healthy(5), broken(10.1)], 10.1],
  ['without a healthy round between', [broken(0), broken(30)], 0],
  ['after an outage it is the same', [broken(0), broken(1), broken(2), healthy(5), broken(30)], 0],
])('began: %s', (_, rounds, openedAt) => {
  expect(run(rounds).trouble!.openedAt).toBe(START + openedAt * MINUTE);
});

test('it turns, and relapses after a quarter of an hour of health; a lone failure is no relapse', () => {
  const outage = [broken(0), broken(1), broken(2)];
  expect(run(outage).trouble).toMatchObject({ rounds: 3, troubled: 3, turns: 0, relapses: 0, lastRoundTroubled: true, failingSince: START, lastTroubleAt: START + 2 * MINUTE });
  expect(run([...outage, healthy(3)]).trouble).toMatchObject({ rounds: 4, troubled: 3, turns: 1, lastRoundTroubled: false, lastTroubleAt: START + 2 * MINUTE });
  expect(run([...outage, healthy(3), broken(17)]).trouble).toMatchObject({ turns: 2, relapses: 0 });
  expect(run([...outage, healthy(3), broken(17.1)]).trouble).toMatchObject({ turns: 2, relapses: 1 });
  expect(run([...outage, broken(18)]).trouble).toMatchObject({ turns: 0, relapses: 0 });
  expect(run([...outage, healthy(3), round(18, [seen('catalog', 'http.503'), seen('audio')])]).trouble!.relapses).toBe(0);
  expect(run([...outage, healthy(3), slow(18, 4)]).trouble!.relapses).toBe(1);
});

test('tallies fade by half in two hours; health between two failures counts only where it was short', () => {
  const catalog = (rounds: Round[]) => run(rounds).trouble!.roles.catalog!;
  const one = (minute: number, failure: Failure | null): Round => round(minute, [seen('catalog', failure), seen('audio', 'http.503')]);
  expect(catalog([one(0, 'http.503'), one(120, 'http.500')])).toMatchObject({ asked: 1.5, failed: 1.5, kinds: { 'http.503': 0.5, 'http.500': 1 } });
  const fade = 0.5 ** (2 / 120);
  expect(catalog([one(0, 'http.503'), healthy(1), one(2, 'http.503')]).asked).toBeCloseTo(2 * fade + 1, 9);
  const relapse = 0.5 ** (20 / 120);
  const outage = [broken(0), broken(0), broken(0)];
  expect(run([...outage, healthy(1), broken(20)]).trouble!.roles.catalog!.asked).toBeCloseTo(3 * relapse + 1, 9);
  expect(run([...outage, healthy(1)]).trouble!.pending.catalog).toMatchObject({ asked: 1, failed: 0 });
  expect(run([...outage, healthy(1), healthy(2)]).trouble!.pending.catalog).toMatchObject({ asked: 2, failed: 0 });
  expect(run([...outage, healthy(1), broken(2)]).trouble!.pending).toEqual({});
  // A kind that has faded to a hundredth is dropped, and its failures with it.
  expect(run([...outage, broken(120 * 9, 'http.500')]).trouble!.roles.catalog!.kinds).toEqual({ 'http.500': 1 });
  const edge = run([round(0, [{ ...seen('catalog', 'http.503', 400), answer: answer('edge') }]), round(120, [{ ...seen('catalog', 'http.503', 400), answer: answer('origin') }])]).trouble!.roles.catalog!;
  expect(edge).toMatchObject({ edge: 0.5, origin: 1, timed: 1.5 });
  expect(edge.slow).toBeCloseTo(1.5 * Math.log(2), 9);
});

test('the course: a minute a point, and wider steps when there are too many; nothing is lost', () => {
  const { course, courseStep } = run([broken(0), broken(0.5), healthy(1), broken(1.5)]).trouble!;
  expect(courseStep).toBe(MINUTE);
  expect(course).toEqual([{ at: START, asked: 16, failed: 16 }, { at: START + MINUTE, asked: 16, failed: 8 }]);
  const full = run(minutes(0, 23).map((minute) => broken(minute))).trouble!;
  expect(full.course).toHaveLength(24);
  const long = run(minutes(0, 24).map((minute) => (minute % 2 === 0 ? broken(minute) : healthy(minute)))).trouble!;
  expect(long.courseStep).toBe(2 * MINUTE);
  expect(long.course.map(({ at }) => (at - START) / MINUTE)).toEqual(minutes(0, 24, 2));
  expect(long.course.slice(0, 12).every(({ asked, failed }) => asked === 16 && failed === 8)).toBe(true);
  const longer = run(minutes(0, 500).map((minute) => broken(minute))).trouble!;
  expect(longer.course.reduce((total, point) => total + point.failed, 0)).toBe(501 * STORE_ROLES.length);
  expect(longer.course.length).toBeLessThanOrEqual(24);
  for (const [i, point] of longer.course.entries()) if (i > 0) expect(point.at - longer.course[i - 1]!.at).toBeGreaterThanOrEqual(longer.courseStep);
});

test('second opinions are kept while the trouble lasts', () => {
  const world = { at: START, votes: 4, failed: 4, ownCountryVotes: 0, ownCountryFailed: 0, places: [] };
  const opinion = (verdict: 'ok' | 'failing' | 'unreachable') => ({ resolver: { at: START, verdict, details: [] } });
  const { trouble } = run([
    round(0, [seen('catalog', 'http.503')], { ...opinion('ok'), world, clockSkew: 7 }),
    round(1, [seen('catalog', 'http.503')], opinion('ok')),
    round(2, [seen('catalog', 'http.503')], opinion('failing')),
    round(3, [seen('catalog', 'http.503')]),
  ]);
  expect(trouble).toMatchObject({ resolver: { ok: 2, failing: 1, unreachable: 0 }, world, clockSkew: 7 });
  expect(run([round(0, [seen('catalog', 'http.503')], { clockSkew: 7 }), round(1, [seen('catalog', 'http.503')], { clockSkew: 9 })]).trouble!.clockSkew).toBe(9);
});

test('another country’s shop is a comparison only for the part that fails here', () => {
  const there = (role: 'catalog' | 'audio', failed: boolean) => ({ storefront: { at: START, country: 'de', role, failed } });
  const fails = (minute: number, more: Partial<Round>): Round => round(minute, [seen('catalog', 'http.503'), seen('audio')], more);
  expect(run([fails(0, {})]).trouble!.storefront).toBeNull();
  expect(run([fails(0, there('audio', false))]).trouble!.storefront).toBeNull();
  expect(run([round(0, [seen('audio', 'http.503')], there('catalog', false))]).trouble!.storefront).toBeNull();
  expect(run([fails(0, there('catalog', false)), fails(1, there('catalog', true)), fails(2, {}), fails(3, there('audio', true))]).trouble!.storefront).toEqual({ asked: 2, failed: 1 });
});

test('what the user’s own pages saw adds up by part of the store', () => {
  const page = (byHost: Record<string, Omit<PageHost, 'kinds'>>): Partial<Round> => ({ page: { byHost: Object.fromEntries(Object.entries(byHost).map(([host, met]) => [host, { ...met, kinds: {} }])) } });
  const fails = (minute: number, more: Partial<Round>): Round => round(minute, [seen('catalog', 'http.503')], more);
  expect(run([
    fails(0, page({ 'buy.music.apple.com': { role: 'purchase', failed: 1, answered: 1 }, 'buy.itunes.apple.com': { role: 'purchase', failed: 1, answered: 0 } })),
    fails(1, {}),
    fails(2, page({ 'buy.music.apple.com': { role: 'purchase', failed: 3, answered: 4 }, 'aod-ssl.itunes.apple.com': { role: 'audio', failed: 1, answered: 0 } })),
  ]).trouble!.page).toEqual({ purchase: { failed: 5, answered: 5 }, audio: { failed: 1, answered: 0 } });
});

test('what the vendor says is kept while it is worth knowing', () => {
  const event = (change: Partial<OfficialEvent> = {}): OfficialEvent => ({ id: 'a', service: 'iTunes Store', type: 'outage', status: 'ongoing', startedAt: START, endsAt: null, text: 'Some users were affected.', hints: ['slow'], music: true, ...change });
  const reading = (minute: number, ...events: OfficialEvent[]): Partial<Round> => ({ official: { kind: 'read', at: START + minute * MINUTE, events } });
  const calm = run([round(0, [seen('catalog')], reading(0, event()))]);
  expect(calm).toMatchObject({ feed: 'read', official: { seenAt: START, hints: ['slow'], types: ['outage'], stated: [] } });
  expect(observeRound(calm, round(1, [seen('catalog')], reading(1)), USUAL).official).toBeNull();
  expect(observeRound(calm, round(1, [seen('catalog')], { official: { kind: 'unreachable', at: START } }), USUAL)).toMatchObject({ feed: 'unreachable', official: calm.official });
  expect(observeRound(calm, round(1, [seen('catalog')]), USUAL).feed).toBe('read');
  for (const other of [event({ music: false }), event({ status: 'over' }), event({ status: 'upcoming' })]) expect(run([round(0, [seen('catalog')], reading(0, other))]).official).toBeNull();
  const during = run([round(0, [seen('catalog', 'http.503')], reading(0, event())), round(5, [seen('catalog', 'http.503')], reading(5, event({ type: 'performance', hints: ['slow', 'purchase'], text: 'A network outage.' }))), round(9, [seen('catalog', 'http.503')], reading(9))]);
  expect(during.official).toMatchObject({ seenAt: START, hints: ['slow', 'purchase'], types: ['outage', 'performance'] });
});

test('the end drops the sums and nothing else', () => {
  const during = run([healthy(0), broken(5)]);
  expect(closeEpisode(during)).toEqual({ ...during, trouble: null });
  expect(openEpisode()).toEqual({ version: 1, recent: [], okAt: {}, line: { at: 0, controls: {} }, trouble: null, official: null, feed: null });
});
