import { parseArgs } from 'node:util';
import { crashRun } from './crash.ts';
import { damageRun } from './damage.ts';
import { growthRun } from './growth.ts';

/**
 * Tries to break what must hold: `npm run soak -- [--kills 1000] [--damage 500] [--days 30] [--seed 1]`. One line of JSON for each run,
 * a sum at the end; the same seed gives the same lines. Exit status 1 where something did not hold.
 */
const { values } = parseArgs({
  options: {
    kills: { type: 'string', default: '1000' },
    damage: { type: 'string', default: '500' },
    days: { type: 'string', default: '30' },
    seed: { type: 'string', default: '1' },
  },
});
const print = (line: object): void => void process.stdout.write(`${JSON.stringify(line)}\n`);

const crash = await crashRun(values.seed, Number(values.kills));
print({ run: 'crash', ...crash });
const damage = await damageRun(values.seed, Number(values.damage));
print({ run: 'damage', ...damage });
const growth = await growthRun(values.seed, Number(values.days));
print({ run: 'growth', ...growth });

const violations = crash.violations.length + damage.violations.length + growth.violations.length;
print({ kills: crash.kills, inputs: damage.inputs, bytes: { monitor: growth.monitor, snapshot: growth.snapshot, all: growth.all }, violations });
process.exitCode = violations > 0 ? 1 : 0;
