import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    // `npm run coverage`: what decides and what acts on it. The rest is shown by the real browsers.
    coverage: {
      provider: 'v8',
      include: ['utils/core/**', 'utils/app/**'],
      exclude: ['**/*.test.ts'],
      reporter: ['text', 'json'],
      reportsDirectory: '.output/reports/coverage',
      thresholds: { 'utils/core/**': { branches: 95 }, 'utils/app/**': { branches: 95 } },
    },
    projects: [
      { test: { name: 'unit', testTimeout: 60_000, include: ['utils/**/*.test.ts', 'components/**/*.test.{ts,tsx}', 'test/*.test.ts', 'test/replay/*.test.ts', 'test/scenarios/*.test.ts'] } },
      {
        test: {
          name: 'browser',
          // Real browsers on a loaded machine: one that fails three times fails.
          retry: 2,
          include: ['test/e2e/**/*.test.ts', 'test/lab/**/*.test.ts'],
          // Browsers mostly wait: for silent addresses, and for time to pass.
          maxWorkers: 4,
          testTimeout: 120_000,
          hookTimeout: 300_000,
        },
      },
    ],
  },
});
