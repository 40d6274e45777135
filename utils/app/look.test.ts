import { expect, test } from 'vitest';
import type { Observation } from '../core/observation.ts';
import { answeredOf } from '../core/progress.ts';
import { DEFAULT_SETTINGS } from '../core/settings.ts';
import { TARGETS } from '../core/targets.ts';
import { look } from './look.ts';
import type { Sources } from './ports.ts';

const sources = { resolver: () => Promise.resolve(null), storefront: () => Promise.resolve(null) } as unknown as Sources;

/** Looks at a store of which some parts fail. @returns the targets in the order they were asked, and how many were under way when each began */
async function watched(full: boolean, failing: readonly string[] = []) {
  const asked: string[] = [];
  const beside: number[] = [];
  const shares: string[] = [];
  let underWay = 0;
  const found = await look(
    { targets: TARGETS, profiles: {}, settings: { ...DEFAULT_SETTINGS, interval: 5 }, context: { country: 'jp', nonce: '1' }, full, compare: false, turn: 0, now: 0 },
    async (target): Promise<Observation> => {
      asked.push(target.id);
      beside.push(underWay++);
      await new Promise((resolve) => setTimeout(resolve, 1));
      underWay--;
      const result = failing.includes(target.id) ? ({ kind: 'failed', failure: 'http.503', phase: 'http' } as const) : ({ kind: 'ok' } as const);
      return { target: target.id, role: target.role, at: 0, ms: 1, result, times: null, answer: null, bytes: 0 };
    },
    sources,
    (progress) => void shares.push(`${answeredOf(progress)}/${progress.length}`),
  );
  return { shares, asked, beside, full: found.full, seen: found.observations.map(({ target }) => target) };
}

test('a light look while all is well: few are asked, one after another', async () => {
  const { asked, beside, full } = await watched(false);
  expect(asked).toEqual(['storefront', 'catalog', 'directory', 'charts']);
  expect(beside).toEqual([0, 0, 0, 0]);
  expect(full).toBe(false);
});

test.each([
  ['the first', 'storefront', 1],
  ['the last', 'charts', 4],
])('%s that is odd: everything that is left is asked at once, nothing twice', async (_, failing, before) => {
  const { asked, beside, full, seen } = await watched(false, [failing]);
  expect(asked.toSorted()).toEqual(TARGETS.map(({ id }) => id).toSorted());
  expect(seen.toSorted()).toEqual(asked.toSorted());
  expect(asked[before - 1]).toBe(failing);
  expect(beside).toEqual([...Array.from({ length: before }, () => 0), ...Array.from({ length: TARGETS.length - before }, (_unused, index) => index)]);
  expect(full).toBe(true);
});

test('a full look asks the whole store at once', async () => {
  const { asked, beside } = await watched(true);
  expect([asked.length, beside]).toEqual([8, [0, 1, 2, 3, 4, 5, 6, 7]]);
});

test.each<[string, boolean, string[], string[]]>([
  ['light', false, [], ['0/4', '1/4', '2/4', '3/4', '4/4']],
  ['full', true, [], ['0/8', '1/8', '2/8', '3/8', '4/8', '5/8', '6/8', '7/8', '8/8']],
  ['light, and something is odd', false, ['storefront'], ['0/4', '1/4', ...Array.from({ length: TARGETS.length }, (_, n) => `${n + 1}/${TARGETS.length}`)]],
])('a look that is %s has come to its end once, at its end', async (_, full, failing, shares) => {
  expect((await watched(full, failing)).shares).toEqual(shares);
});
