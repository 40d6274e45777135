import { parseArgs } from 'node:util';
import { whyNot } from '../e2e/station.ts';
import type { Engine } from '../setup/ensure.ts';
import { blameRun } from './blame.ts';
import { browserRun } from './browser.ts';
import { crashRun } from './crash.ts';
import { damageRun } from './damage.ts';
import { fuzz, parsers } from './fuzz.ts';
import { growthRun } from './growth.ts';
import { loadRun } from './load.ts';
import { memoryRun } from './memory.ts';

/**
 * Tries to break what must hold: `npm run soak -- [blame crash damage growth fuzz browser load memory] [--kills 1000] [--damage 500] [--days 30]
 * [--cases 100000] [--browser-kills 1000] [--restarts 20] [--lives 2] [--browser-minutes 40] [--tabs 100] [--checks 60] [--engine firefox] [--seed 1]`; all of them unless some are named. One line of JSON for each run, a sum at the end; the same seed gives the same lines, but for what time and real browsers have to say. Exit status 1
 * where something did not hold.
 */
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    kills: { type: 'string', default: '1000' },
    damage: { type: 'string', default: '500' },
    days: { type: 'string', default: '30' },
    cases: { type: 'string', default: '100000' },
    /** Deaths of the background in each real browser, and ends of the browser itself. */
    'browser-kills': { type: 'string', default: '1000' },
    restarts: { type: 'string', default: '20' },
    /** In so many profiles of each, side by side. */
    lives: { type: 'string', default: '2' },
    'browser-minutes': { type: 'string', default: '40' },
    tabs: { type: 'string', default: '100' },
    checks: { type: 'string', default: '60' },
    engine: { type: 'string', multiple: true, default: ['chromium', 'firefox'] },
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

/** @returns the real browsers that can be put into a lab here; says of the others why not */
function engines(run: string): Engine[] {
  return (values.engine as Engine[]).filter((engine) => {
    const reason = whyNot(engine);
    if (reason !== null) print({ run, engine, skipped: reason });
    return reason === null;
  });
}

const RUNS: Record<string, () => Promise<void>> = {
  async blame() {
    const blame = blameRun(1);
    note('blame', blame, { faults: blame.faults });
  },
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
  async browser() {
    const lives = Number(values.lives);
    const share = (whole: string): number => Math.ceil(Number(whole) / lives);
    // Side by side: a browser that dies every other second leaves a machine idle for the most part.
    await Promise.all(
      engines('browser').flatMap((engine) =>
        Array.from({ length: lives }, async (_, i) => {
          const result = await browserRun({ engine, seed: `${values.seed}/${i + 1}`, kills: share(values['browser-kills']), restarts: share(values.restarts), minutes: Number(values['browser-minutes']) });
          note('browser', result, { [`${engine}Kills`]: result.kills, midCheck: result.midCheck, restarts: result.restarts, browserKills: result.browserKills });
        }),
      ),
    );
  },
  async load() {
    for (const engine of engines('load')) {
      const result = await loadRun(engine, Number(values.tabs), 10);
      note('load', result, { messages: result.messages });
    }
  },
  async memory() {
    if (!engines('memory').includes('chromium')) return;
    for (const store of ['healthy', 'failing'] as const) note('memory', await memoryRun(store, Number(values.checks)), {});
  },
};

const wanted = positionals.length > 0 ? positionals : Object.keys(RUNS);
const unknown = wanted.filter((name) => !(name in RUNS));
if (unknown.length > 0) throw new Error(`no such run: ${unknown.join(', ')}; there are ${Object.keys(RUNS).join(', ')}`);
for (const name of wanted) await RUNS[name]!();
print({ sum });
process.exitCode = sum['violations']! > 0 ? 1 : 0;
