import { expect, test } from 'vitest';
import { planLight, storeTargets } from './plan.ts';
import { STORE_ROLES } from './role.ts';
import type { Target } from './target.ts';
import { TARGETS } from './targets.ts';
import { NEW_PROFILE, RETRY_SET_ASIDE_MS, SET_ASIDE_AFTER_MS, type Profiles } from './trust.ts';

const T0 = 1_700_000_000_000;
const ids = (targets: readonly Target[]): string[] => targets.map(({ id }) => id);
const roles = (targets: readonly Target[]): Set<string> => new Set(targets.map(({ role }) => role));
const others = TARGETS.filter(({ role }) => role !== 'catalog' && role !== 'storefront' && role !== 'neighbour' && role !== 'controls');

test('what hits the whole store is asked every time, and nobody else’s hosts are', () => {
  for (let turn = 0; turn < 10; turn++) {
    const asked = planLight(TARGETS, {}, 5, turn, T0);
    expect(roles(asked)).toContain('catalog');
    expect(roles(asked)).toContain('storefront');
    expect(roles(asked)).not.toContain('controls');
    expect(roles(asked)).not.toContain('neighbour');
    expect(new Set(ids(asked)).size).toBe(asked.length);
  }
});

test.each([1, 2, 5, 10, 15, 30])('at %i minutes every part of the store is asked within 25 minutes or two checks, at no more requests than that needs', (interval) => {
  const turns = Math.max(1, Math.floor(25 / interval));
  for (const from of [0, 1, 7, 1000]) {
    const rounds = Array.from({ length: turns }, (_, i) => planLight(TARGETS, {}, interval, from + i, T0));
    expect([...new Set(rounds.flatMap((round) => [...roles(round)]))].sort()).toEqual([...STORE_ROLES].sort());
    const each = rounds.map((round) => round.filter((target) => others.includes(target)).length);
    expect(Math.max(...each)).toBe(Math.ceil(others.length / turns));
  }
});

test('nothing to ask is nothing asked', () => {
  expect(planLight([], {}, 5, 3, T0)).toEqual([]);
  expect(ids(planLight(TARGETS.filter(({ role }) => role === 'catalog'), {}, 5, 3, T0))).toEqual(ids(TARGETS.filter(({ role }) => role === 'catalog')));
});

test('what was set aside is asked again only when its retry is due', () => {
  const one = others[0]!;
  const aside = (lastAskedAt: number | null): Profiles => ({ [one.id]: { ...NEW_PROFILE, firstHealthyAt: 1, aloneSince: T0 - SET_ASIDE_AFTER_MS, lastAskedAt } });
  const asked = (profiles: Profiles): boolean => storeTargets(TARGETS, profiles, T0).includes(one);
  expect(asked({})).toBe(true);
  expect(asked(aside(T0 - RETRY_SET_ASIDE_MS + 1))).toBe(false);
  expect(asked(aside(T0 - RETRY_SET_ASIDE_MS))).toBe(true);
  expect(asked(aside(null))).toBe(true);
  expect(asked({ [one.id]: { ...NEW_PROFILE, aloneSince: T0 - SET_ASIDE_AFTER_MS + 1, lastAskedAt: T0 } })).toBe(true);
  expect(roles(storeTargets(TARGETS, {}, T0))).toEqual(new Set(STORE_ROLES));
});
