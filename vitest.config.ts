import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Files of browser tests by how long they take, the longest first: so that none of them is waited for alone at the end. */
const LONG = ['outage', 'banner', 'second-opinion', 'failed-pages', 'lab'];
const rank = ({ moduleId }: TestSpecification): number => {
  const at = LONG.findIndex((name) => moduleId.endsWith(`/${name}.test.ts`));
  return at < 0 ? LONG.length : at;
};

class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    return (await super.sort(files)).toSorted((a, b) => rank(a) - rank(b));
  }
}

export default defineConfig({
  test: {
    sequence: { sequencer: LongestFirst },
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
          maxWorkers: 3,
          testTimeout: 120_000,
          hookTimeout: 300_000,
        },
      },
    ],
  },
});
