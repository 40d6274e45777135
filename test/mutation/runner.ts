import fc from 'fast-check';
import { TestRunner, type RunnerTestCase } from 'vitest';
import { load, save } from './results.ts';
import { mutation } from './switch.ts';

/** A test that takes longer than this, in ms of processor time, does not take part: a mutant that only such a test would notice counts as survived. */
const LONGEST = Number(process.env['MUTATION_LONGEST'] ?? 150);
/** And it takes part for so many mutants as it can run for in this time, ms: a long test that kills nothing would cost more than all the others. */
const BUDGET = 8_000;

/**
 * Runs every test once as it is, to see which mutants it reaches, and then once more for each of those that is still alive.
 * All in one worker, so that every module is loaded once.
 */
export default class MutationRunner extends TestRunner {
  private readonly results = load();

  async runTask(test: RunnerTestCase): Promise<void> {
    const { results } = this;
    const run = TestRunner.getTestFn(test);
    const name = `${test.file.name.replace(/^.*\//, '')} > ${test.name}`;
    // The same cases for every mutant, and no time spent on making a failure smaller.
    fc.configureGlobal({ ...fc.readConfigureGlobal(), seed: 20_150_311, endOnFailure: true });

    for (const id of mutation.hits ?? []) results.mutants[id] ??= { fate: 'loading' };
    mutation.hits = new Set();
    mutation.steps = 0;
    const began = process.cpuUsage();
    await run();
    const { user, system } = process.cpuUsage(began);
    const [reached, steps] = [mutation.hits, mutation.steps];
    mutation.hits = null;

    const alive = [...reached].filter((id) => results.mutants[id]?.fate !== 'killed');
    for (const id of alive) results.mutants[id] = { fate: 'survived', tests: survivedTests(results.mutants[id]) };
    results.tests += 1;
    const ms = Math.max(1, (user + system) / 1000);
    if (ms > LONGEST) {
      results.leftOut[name] = `${Math.round(ms)} ms`;
    } else {
      mutation.limit = steps * 5 + 20_000;
      for (const id of alive.slice(0, Math.ceil(BUDGET / ms))) {
        mutation.active = id;
        mutation.steps = 0;
        try {
          await run();
          results.mutants[id] = { fate: 'survived', tests: survivedTests(results.mutants[id]) + 1 };
        } catch {
          results.mutants[id] = { fate: 'killed', by: name };
        }
      }
      mutation.active = '';
      mutation.limit = Infinity;
      // What a mutant leaves behind would make all after it look killed.
      if (alive.length > 0) await run();
    }
    mutation.hits = new Set();
  }

  override onAfterRunFiles(files: Parameters<TestRunner['onAfterRunFiles']>[0]): void {
    super.onAfterRunFiles(files);
    save(this.results);
  }
}

function survivedTests(fate: ReturnType<typeof load>['mutants'][string] | undefined): number {
  return fate?.fate === 'survived' ? fate.tests : 0;
}
