import { expect, test } from 'vitest';
import { askStorefront, otherStorefront } from './storefront.ts';
import type { Probe } from '../app/ports.ts';
import type { Observation, Result } from '../core/observation.ts';
import type { Target } from '../core/target.ts';

const TARGET: Target = {
  id: 'x', role: 'catalog', host: 'store.example', method: 'GET', maxBytes: 1000, usualMs: 100,
  url: ({ country, nonce }) => `https://store.example/${country}?n=${nonce}`, judge: () => ({ kind: 'ok' }),
};
function probeThat(result: Result): { probe: Probe; asked: string[] } {
  const asked: string[] = [];
  const probe: Probe = async (target, context) => {
    asked.push(target.url(context));
    const seen: Observation = { target: target.id, role: target.role, at: 77, ms: 5, result, times: null, answer: null, bytes: 0 };
    return seen;
  };
  return { probe, asked };
}

test.each([['jp', 'us'], ['gb', 'us'], ['us', 'gb'], ['US', 'gb']])('%s is compared with %s', (own, other) => {
  expect(otherStorefront(own)).toBe(other);
});

test.each<[Result, boolean | null]>([
  [{ kind: 'ok' }, false],
  [{ kind: 'failed', failure: 'http.503', phase: 'http' }, true],
  [{ kind: 'discarded', because: 'rate-limited' }, null],
])('%j', async (result, failed) => {
  const { probe, asked } = probeThat(result);
  expect(await askStorefront(probe, TARGET, 'jp', '9')).toEqual(failed === null ? null : { at: 77, country: 'us', role: 'catalog', failed });
  expect(asked).toEqual(['https://store.example/us?n=9']);
});

test('a target that is the same in every country, or no part of the store, is not asked', async () => {
  const { probe, asked } = probeThat({ kind: 'ok' });
  expect(await askStorefront(probe, { ...TARGET, url: () => 'https://store.example/' }, 'jp', '9')).toBeNull();
  expect(await askStorefront(probe, { ...TARGET, role: 'neighbour' }, 'jp', '9')).toBeNull();
  expect(asked).toEqual([]);
});
