import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { instrument, type Mutant } from './mutants.ts';
import { CORE, load, OUTPUT, ROOT, save, type Fate } from './results.ts';

/**
 * `npm run mutate`: puts small faults into utils/core one at a time and counts how many of them the unit tests notice.
 * `npm run mutate -- detector.ts trust.ts` only these files; `-- --again` also the mutants that were killed before.
 * Prints the score of each file and the survivors; they stand in `.output/mutation/survivors.txt` too.
 */
const names = process.argv.slice(2).filter((one) => !one.startsWith('--'));
const again = process.argv.includes('--again');
const report = process.argv.includes('--report');

const sources = readdirSync(CORE).filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts') && (names.length === 0 || names.includes(name)));
const before = load();
const results = { ...before, tests: 0, leftOut: {} as Record<string, string> };
const mutants = new Map<string, Mutant[]>();
for (const name of sources) {
  const text = readFileSync(join(CORE, name), 'utf8');
  const hash = createHash('sha256').update(text).digest('hex');
  mutants.set(name, instrument(name, text).mutants);
  for (const { id } of mutants.get(name)!) {
    // A mutant that some test killed stays killed while its file is the same; every other one is tried anew.
    if (!report && (again || before.sources[name] !== hash || before.mutants[id]?.fate !== 'killed')) delete results.mutants[id];
  }
  results.sources[name] = hash;
}
let code: number | null = 0;
if (!report) {
  save(results);
  ({ status: code } = spawnSync(process.execPath, [join(ROOT, 'node_modules/vitest/vitest.mjs'), 'run', '--config', join(import.meta.dirname, 'vitest.config.ts'), '--reporter=dot'], {
    cwd: ROOT,
    env: { ...process.env, NO_COLOR: '1', MUTATION_FILES: sources.join(',') },
    stdio: ['ignore', 'inherit', 'inherit'],
  }));
}

const after = load();
const count = { killed: 0, survived: 0, unreached: 0, loading: 0 };
const lines: string[] = [];
const rows: string[] = [];
const fateOf = (id: string): Fate['fate'] | 'unreached' => after.mutants[id]?.fate ?? 'unreached';
const short = (text: string): string => {
  const flat = text.replace(/\s+/g, ' ');
  return flat.length > 70 ? `${flat.slice(0, 67)}...` : flat;
};
for (const [name, all] of mutants) {
  const of = { killed: 0, survived: 0, unreached: 0, loading: 0 };
  for (const one of all) {
    const fate = fateOf(one.id);
    of[fate] += 1;
    count[fate] += 1;
    if (fate === 'survived' || fate === 'unreached') lines.push(`${name}:${one.line}:${one.column} ${fate === 'unreached' ? '(no test gets here) ' : ''}${one.kind}: ${short(one.original)} → ${short(one.replacement)}`);
  }
  const judged = of.killed + of.survived + of.unreached;
  rows.push(`${name.padEnd(24)} ${share(of.killed, judged)}  killed ${String(of.killed).padStart(4)}  survived ${String(of.survived).padStart(4)}  not reached ${String(of.unreached).padStart(4)}  at loading ${String(of.loading).padStart(4)}`);
}
function share(part: number, whole: number): string {
  return (whole === 0 ? '-' : `${((100 * part) / whole).toFixed(1)} %`).padStart(7);
}

writeFileSync(join(OUTPUT, 'survivors.txt'), `${lines.join('\n')}\n`);
console.log(lines.join('\n'));
console.log(rows.join('\n'));
console.log(`left out as too long: ${Object.keys(after.leftOut).length} of ${after.tests} tests`);
console.log(`score ${share(count.killed, count.killed + count.survived + count.unreached).trim()}: ${count.killed} killed, ${count.survived} survived, ${count.unreached} not reached by any test, ${count.loading} left out because they act only while a module is loaded`);
process.exitCode = code ?? 1;
