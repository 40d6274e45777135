import { parseArgs } from 'node:util';
import { crashRun } from './crash.ts';
import { damageRun } from './damage.ts';
import { fuzz, parsers } from './fuzz.ts';
import { growthRun } from './growth.ts';

/**
 * Tries to break what must hold: `npm run soak -- [crash damage growth fuzz] [--kills 1000] [--damage 500] [--days 30] [--cases 100000] [--seed 1]`.
 * One line of JSON for each run, a sum at the end; the same seed gives the same lines, but for what time and real browsers have to say. Exit status 1
 * where something did not hold.
 */
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    kills: { type: 'string', default: '1000' },
    damage: { type: 'string', default: '500' },
    days: { type: 'string', default: '30' },
    cases: { type: 'string', default: '100000' },
    seed: { type: 'string', default: '1' },
  },
});
const print = (line: object): void => void process.stdout.write(`${JSON.stringify(line)}\n`);

/** What a run has to say: violations, and figures for the sum. */
interface Line {
  violations: readonly string[];
}

const sum: Record<string, number> = { violations: 0 };
function note(run: string, line: Line, figures: Record<string, number>): void {
  print({ run, ...line });
  sum['violations']! += line.violations.length;
  for (const [name, value] of Object.entries(figures)) sum[name] = (sum[name] ?? 0) + value;
}

const RUNS: Record<string, () => Promise<void>> = {
  async crash() {
    const crash = await crashRun(values.seed, Number(values.kills));
    note('crash', crash, { kills: crash.kills });
  },
  async damage() {
    const damage = await damageRun(values.seed, Number(values.damage));
    note('damage', damage, { inputs: damage.inputs });
  },
  async growth() {
    const growth = await growthRun(values.seed, Number(values.days));
    note('growth', growth, { bytes: growth.all });
  },
  async fuzz() {
    for (const parser of await parsers()) {
      const result = await fuzz(parser, values.seed, Number(values.cases));
      note('fuzz', result, { parsers: 1, inputs: result.cases });
    }
  },
};

const wanted = positionals.length > 0 ? positionals : Object.keys(RUNS);
const unknown = wanted.filter((name) => !(name in RUNS));
if (unknown.length > 0) throw new Error(`no such run: ${unknown.join(', ')}; there are ${Object.keys(RUNS).join(', ')}`);
for (const name of wanted) await RUNS[name]!();
print({ sum });
process.exitCode = sum['violations']! > 0 ? 1 : 0;
