import { expect, test, vi } from 'vitest';
import { crashRun } from '../../test/soak/crash.ts';

vi.setConfig({ testTimeout: 60_000 });

// `npm run soak` kills it a thousand times.
test('killed a hundred times at any call: nothing lost, nothing counted or told twice', async () => {
  const result = await crashRun('unit', 100);
  expect(result.violations).toEqual([]);
  expect(result.kills).toBeGreaterThanOrEqual(100);
  expect(result.outages).toBeGreaterThan(0);
});
