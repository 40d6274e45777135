import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    projects: [
      { test: { name: 'unit', include: ['utils/**/*.test.ts', 'components/**/*.test.{ts,tsx}', 'test/*.test.ts', 'test/replay/*.test.ts', 'test/scenarios/*.test.ts'] } },
      {
        test: {
          name: 'browser',
          // Real browsers on a loaded machine: one that fails twice fails.
          retry: 1,
          include: ['test/e2e/**/*.test.ts', 'test/lab/**/*.test.ts'],
          fileParallelism: false,
          testTimeout: 120_000,
          hookTimeout: 300_000,
        },
      },
    ],
  },
});
