import { expect, test } from 'vitest';
import { growthRun } from '../../test/soak/growth.ts';

// `npm run soak` lives through thirty days.
test('five days with outages of every kind and a busy page of the vendor: what is written with every check stays small', { timeout: 60_000 }, async () => {
  const result = await growthRun('unit', 5);
  expect(result.violations).toEqual([]);
  expect(result.incidents).toBeGreaterThan(1);
});
