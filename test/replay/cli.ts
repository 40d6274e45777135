import { parseArgs } from 'node:util';
import type { Settings } from '../../utils/core/settings.ts';
import { flaw, success, type Outcome } from '../../utils/core/result.ts';
import type { Scenario } from '../../utils/core/scenario.ts';
import { readScenarios } from './files.ts';
import type { Engine } from '../../utils/rehearsal/network.ts';
import { DEFAULT_OPTIONS, replay, type ReplayOptions } from './run.ts';
import { score, type ReplayLine } from './score.ts';

const USAGE = 'usage: npm run -s replay -- [--engine chromium|firefox] [--interval MINUTES] [--seed N] [--score] [--without-second-opinion] FILE|FOLDER…';
const INTERVALS: readonly number[] = [1, 2, 5, 10, 15, 30] satisfies Settings['interval'][];

interface Arguments {
  options: ReplayOptions;
  scored: boolean;
  paths: string[];
}

/** @returns what the command line asks for; a flaw names the option. */
export function readArguments(args: readonly string[]): Outcome<Arguments> {
  let parsed;
  try {
    parsed = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        engine: { type: 'string', default: DEFAULT_OPTIONS.engine },
        interval: { type: 'string', default: String(DEFAULT_OPTIONS.interval) },
        seed: { type: 'string', default: DEFAULT_OPTIONS.seed },
        score: { type: 'boolean', default: false },
        'without-second-opinion': { type: 'boolean', default: false },
      },
    });
  } catch (error) {
    return flaw('arguments', (error as Error).message);
  }
  const { values, positionals } = parsed;
  if (values.engine !== 'chromium' && values.engine !== 'firefox') return flaw('--engine', `must be chromium or firefox, not ${values.engine}`);
  const interval = Number(values.interval);
  if (!INTERVALS.includes(interval)) return flaw('--interval', `must be one of ${INTERVALS.join(', ')} minutes, not ${values.interval}`);
  if (!/^\d+$/.test(values.seed)) return flaw('--seed', `must be a whole number, not ${values.seed}`);
  if (positionals.length === 0) return flaw('FILE', 'is missing');
  const engine: Engine = values.engine;
  return success({
    options: { ...DEFAULT_OPTIONS, engine, interval: interval as Settings['interval'], seed: values.seed, secondOpinion: !values['without-second-opinion'] },
    scored: values.score,
    paths: positionals,
  });
}

/** Nothing goes to standard output before all files are known to be good. @returns the exit status. */
export async function main(args: readonly string[], print: (line: string) => void, complain: (line: string) => void): Promise<number> {
  const asked = readArguments(args);
  if (!asked.ok) {
    complain(`${asked.error.at}: ${asked.error.reason}`);
    complain(USAGE);
    return 2;
  }
  const scenarios = readScenarios(asked.value.paths);
  if (!scenarios.ok) {
    complain(`${scenarios.error.at}: ${scenarios.error.reason}`);
    return 2;
  }
  const pairs: [Scenario, ReplayLine][] = [];
  for (const scenario of scenarios.value) {
    const { line } = await replay(scenario, asked.value.options);
    print(JSON.stringify(line));
    pairs.push([scenario, line]);
  }
  if (asked.value.scored) print(JSON.stringify({ score: score(pairs) }));
  return 0;
}

if (import.meta.main) {
  // A pipe that is closed early (`| head`) is no fault.
  process.stdout.on('error', () => process.exit(0));
  process.exitCode = await main(process.argv.slice(2), (line) => process.stdout.write(`${line}\n`), (line) => process.stderr.write(`${line}\n`));
}
