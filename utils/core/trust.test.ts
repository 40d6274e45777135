import { describe, expect, test } from 'vitest';
import type { Failure } from './failure.ts';
import { phaseOf } from './failure.ts';
import type { Observation, Result } from './observation.ts';
import type { Role } from './role.ts';
import { isSetAside, isTrusted, learnProfiles, NEW_PROFILE, SET_ASIDE_AFTER_MS, type Profile, type Profiles } from './trust.ts';

const T0 = 1_700_000_000_000;
const MINUTE = 60_000;
const PROVEN: Profile = { firstHealthyAt: T0 - 1000, lastHealthyAt: T0 - 1000, usualMs: 200, aloneSince: null, lastAskedAt: T0 - 1000 };

function seen(target: string, result: Failure | 'ok' | 'discarded', ms = 200, role: Role = 'catalog', at = T0): Observation {
  const of: Result = result === 'ok' ? { kind: 'ok' } : result === 'discarded' ? { kind: 'discarded', because: 'late' } : { kind: 'failed', failure: result, phase: phaseOf(result) };
  return { target, role, at, ms, result: of, times: null, answer: null, bytes: 0 };
}

test.each<[string, Profile | undefined, trusted: boolean, aside: boolean]>([
  ['never asked', undefined, false, false],
  ['never healthy', NEW_PROFILE, false, false],
  ['healthy once', PROVEN, true, false],
  ['fails alone since yesterday', { ...PROVEN, aloneSince: T0 - 24 * 60 * MINUTE }, true, false],
  ['just not three days', { ...PROVEN, aloneSince: T0 - SET_ASIDE_AFTER_MS + 1 }, true, false],
  ['three days', { ...PROVEN, aloneSince: T0 - SET_ASIDE_AFTER_MS }, false, true],
  ['never healthy, and three days', { ...NEW_PROFILE, aloneSince: T0 - SET_ASIDE_AFTER_MS }, false, true],
])('%s', (_, profile, trusted, aside) => {
  expect(isTrusted(profile, T0)).toBe(trusted);
  expect(isSetAside(profile, T0)).toBe(aside);
});

describe('usual times', () => {
  const usual = (before: number | null, ms: number, calm = true, reported = false): number | null | undefined =>
    learnProfiles({ a: { ...PROVEN, usualMs: before } }, [seen('a', 'ok', ms)], calm, reported)['a']?.usualMs;

  test.each<[string, before: number | null, ms: number, after: number]>([
    ['the first answer is the first guess', null, 321, 321],
    ['which is never nothing', null, 0, 1],
    ['slower: a twentieth up', 200, 300, 210],
    ['twice as slow still counts as that', 200, 400, 210],
    ['a slow hour hardly counts', 200, 401, 201],
    ['faster: a twentieth down', 200, 100, 190],
    ['the same: the same', 200, 200, 200],
    ['never nothing', 1, 0.5, 1],
  ])('%s', (_, before, ms, after) => {
    expect(usual(before, ms)).toBeCloseTo(after, 9);
  });

  test('are not learnt while the store is in trouble, but a first one is', () => {
    expect(usual(200, 300, false)).toBe(200);
    expect(usual(200, 300, true, true)).toBe(200);
    expect(usual(null, 300, false)).toBe(300);
  });

  test('a month of slower answers becomes the usual thing, an hour does not', () => {
    const after = (checks: number): number => {
      let profiles: Profiles = { a: PROVEN };
      for (let i = 0; i < checks; i++) profiles = learnProfiles(profiles, [seen('a', 'ok', 1000)], true, false);
      return profiles['a']!.usualMs!;
    };
    expect(after(12)).toBeLessThan(220);
    expect(after(30 * 24 * 12)).toBeGreaterThan(900);
  });
});

describe('failing alone', () => {
  const learn = (before: Profiles, observations: Observation[], reported = false): Profile => learnProfiles(before, observations, true, reported)['a']!;
  const failedBefore: Profile = { ...PROVEN, lastAskedAt: T0 - 500, lastHealthyAt: T0 - 1000 };

  test('a healthy answer proves the target and ends it', () => {
    expect(learn({ a: { ...failedBefore, aloneSince: T0 - 5 } }, [seen('a', 'ok')])).toMatchObject({ firstHealthyAt: T0 - 1000, lastHealthyAt: T0, aloneSince: null, lastAskedAt: T0 });
    expect(learn({}, [seen('a', 'ok')])).toMatchObject({ firstHealthyAt: T0, lastHealthyAt: T0 });
  });

  test.each<[string, Profiles, Observation[], reported: boolean, since: number | null]>([
    ['beside others that answer', { a: PROVEN }, [seen('a', 'http.404'), seen('b', 'ok')], false, T0],
    ['since the first time', { a: { ...PROVEN, aloneSince: T0 - 7 } }, [seen('a', 'http.404'), seen('b', 'ok')], false, T0 - 7],
    ['nothing answered beside it', { a: PROVEN }, [seen('a', 'http.404')], false, null],
    ['nothing answered: what is known stays', { a: { ...PROVEN, aloneSince: T0 - 7 } }, [seen('a', 'http.404')], false, T0 - 7],
    ['what was thrown away is no answer', { a: PROVEN }, [seen('a', 'http.404'), seen('b', 'discarded')], false, null],
    ['the vendor reports trouble', { a: PROVEN }, [seen('a', 'http.404'), seen('b', 'ok')], true, null],
    ['the vendor reports trouble: what is known stays', { a: { ...PROVEN, aloneSince: T0 - 7 } }, [seen('a', 'http.404'), seen('b', 'ok')], true, T0 - 7],
    ['a stray failure is no company', { a: { ...PROVEN, aloneSince: T0 - 7 }, b: PROVEN }, [seen('a', 'http.404'), seen('b', 'http.503'), seen('c', 'ok')], false, T0 - 7],
    ['one that failed before too is', { a: { ...PROVEN, aloneSince: T0 - 7 }, b: failedBefore }, [seen('a', 'http.404'), seen('b', 'http.503'), seen('c', 'ok')], false, null],
    ['unless it has been set aside', { a: { ...PROVEN, aloneSince: T0 - 7 }, b: { ...failedBefore, aloneSince: T0 - SET_ASIDE_AFTER_MS } }, [seen('a', 'http.404'), seen('b', 'http.503'), seen('c', 'ok')], false, T0 - 7],
    ['or is no part of the store', { a: { ...PROVEN, aloneSince: T0 - 7 }, b: failedBefore }, [seen('a', 'http.404'), seen('b', 'http.503', 200, 'controls'), seen('c', 'ok')], false, T0 - 7],
    ['or was never asked before', { a: { ...PROVEN, aloneSince: T0 - 7 } }, [seen('a', 'http.404'), seen('b', 'http.503'), seen('c', 'ok')], false, T0 - 7],
    ['it is no company of its own', { a: { ...failedBefore, aloneSince: T0 - 7 } }, [seen('a', 'http.404'), seen('c', 'ok')], false, T0 - 7],
  ])('%s', (_, before, observations, reported, since) => {
    expect(learn(before, observations, reported)).toMatchObject({ aloneSince: since, lastAskedAt: T0 });
  });

  test('what was thrown away changes nothing', () => {
    const before: Profiles = { a: PROVEN };
    expect(learnProfiles(before, [seen('a', 'discarded')], true, false)).toBe(before);
    expect(learnProfiles(before, [seen('a', 'discarded'), seen('b', 'ok')], true, false)['a']).toBe(PROVEN);
  });
});
