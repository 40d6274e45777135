import { expect, test } from 'vitest';
import { diagnose } from './diagnosis.ts';
import { closeEpisode, observeRound, openEpisode, type Episode } from './episode.ts';
import { collectEvidence } from './evidence.ts';
import type { Failure } from './failure.ts';
import { phaseOf } from './failure.ts';
import type { Observation } from './observation.ts';
import type { OfficialEvent } from './official.ts';
import { STORE_ROLES, type Role } from './role.ts';
import type { Round } from './round.ts';

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
