import { statSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';
import { instrument } from './mutants.ts';
import { CORE, ROOT } from './results.ts';

const only = new Set((process.env['MUTATION_FILES'] ?? '').split(',').filter(Boolean));

/** Unit tests beside the core first, short files before long ones: most mutants die cheaply. */
class CheapFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const cost = ({ moduleId }: TestSpecification): number => statSync(moduleId).size + (moduleId.includes('/utils/core/') ? 0 : 1e6);
    return files.toSorted((a, b) => cost(a) - cost(b));
  }
}

export default defineConfig({
  root: ROOT,
  plugins: [
    {
      name: 'mutants',
      enforce: 'pre',
      transform(code, id) {
        const file = relative(CORE, id.split('?')[0]!).split(sep).join('/');
        if (file.startsWith('..') || file.endsWith('.test.ts') || !file.endsWith('.ts') || (only.size > 0 && !only.has(file))) return null;
        return { code: instrument(file, code).code, map: null };
      },
    },
  ],
  test: {
    include: (process.env['MUTATION_TESTS'] ?? 'utils/core/**/*.test.ts,test/scenarios/*.test.ts').split(','),
    runner: join(import.meta.dirname, 'runner.ts'),
    setupFiles: [join(import.meta.dirname, 'switch.ts')],
    sequence: { sequencer: CheapFirst },
    // One worker that loads every module once: a mutant is a switch, not another build.
    isolate: false,
    maxWorkers: 1,
    fileParallelism: false,
    testTimeout: 0,
    hookTimeout: 0,
  },
});
