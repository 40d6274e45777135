import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { FAMILIES, type Family } from '../../utils/core/causes.ts';
import { diagnose } from '../../utils/core/diagnosis.ts';
import { foldersThatExist, playAll, readScenarios, type Case } from './cases.ts';
import { ELSEWHERE } from './elsewhere.ts';
import { answer, learn, leftOut, type Leash } from './learn.ts';
import { reliabilitySvg } from './reliability.ts';
import { rightFamilies, score, type Answered, type Score } from './score.ts';

/**
 * How good the diagnosis is, honestly: `node test/fit/report.ts [--svg FILE] [FOLDER…]`.
 * Standard output is Markdown. The rows:
 * - *left out*: each incident is answered with numbers tuned on incidents of the other nine folds. This is the figure to quote, with the
 *   reserve that signs and rough sizes were reasoned by somebody who had read the scenarios.
 * - *as shipped*: the numbers in the catalogue.
 * - *tuned on all*: what a fit would look like. Not to be quoted; its distance from *left out* is what tuning overfits.
 * - *told from memory*: other outages, sketched before the numbers were looked at again (`elsewhere.ts`), as shipped.
 */
const DEFAULT_FOLDERS = ['../shared/scenarios/real', 'test/scenarios'];
/** Small: what the left-out answers do not lose by. Longer leashes fit better and predict worse. */
const LEASH: Leash = { family: 0.15, cause: 0.1, steps: 30 };

const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;

function row(name: string, s: Score): string {
  return `| ${name} | ${percent(s.side)} | ${percent(s.familyFirst)} | ${percent(s.familyThree)} | ${percent(s.causeFirst)} | ${percent(s.causeThree)} | ${s.familyError.toFixed(3)} | ${s.familyErrorKnown.toFixed(3)} | ${s.familyBrier.toFixed(3)} | ${s.familyLoss.toFixed(3)} |`;
}

function confusion(answers: readonly Answered[]): string {
  const names = [...(Object.keys(FAMILIES) as Family[]).filter((family) => family !== 'own'), 'own' as const];
  const cells = new Map<string, number>();
  for (const { of, diagnosis } of answers) {
    if (!of.known) continue;
    const right = rightFamilies(of);
    const first = diagnosis.families.find((family) => family.id !== 'undisclosed')!.id;
    // An incident with several right names stands in the row of the one that was told, else of the first.
    const truth = right.has(first) ? first : [...right][0]!;
    cells.set(`${truth}/${first}`, (cells.get(`${truth}/${first}`) ?? 0) + 1);
  }
  const lines = names.map((truth) => `| ${truth} | ${names.map((told) => (cells.has(`${truth}/${told}`) ? String(cells.get(`${truth}/${told}`)) : '·')).join(' | ')} |`);
  return [`| truth \\ told | ${names.join(' | ')} |`, `| --- | ${names.map(() => '---:').join(' | ')} |`, ...lines].join('\n');
}

function missed(answers: readonly Answered[]): string {
  const wrong = new Map<string, { n: number; of: number; told: string; truth: string }>();
  for (const { of, diagnosis } of answers) {
    if (!of.known) continue;
    const right = rightFamilies(of);
    const ranking = diagnosis.families.filter((family) => family.id !== 'undisclosed');
    const entry = wrong.get(of.scenario.id) ?? { n: 0, of: 0, told: '', truth: of.scenario.truth.causes.join(', ') };
    entry.of++;
    if (!right.has(ranking[0]!.id)) {
      entry.n++;
      entry.told = ranking.slice(0, 3).map((family) => `${family.id} ${family.p.toFixed(2)}`).join(', ');
    }
    wrong.set(of.scenario.id, entry);
  }
  return [...wrong]
    .filter(([, entry]) => entry.n > 0)
    .map(([id, entry]) => `- ${id} (${entry.truth}): wrong in ${entry.n} of ${entry.of}; told ${entry.told}`)
    .join('\n');
}

function main(): void {
  const { values, positionals } = parseArgs({ allowPositionals: true, options: { svg: { type: 'string' } } });
  const folders = foldersThatExist(positionals.length > 0 ? positionals : DEFAULT_FOLDERS);
  const scenarios = readScenarios(folders);
  const cases: Case[] = playAll(scenarios);
  const held = leftOut(cases.filter((one) => one.visible), LEASH);
  const shipped = cases.map((of) => ({ of, diagnosis: diagnose(of.evidence) }));
  const elsewhere = playAll(ELSEWHERE).map((of) => ({ of, diagnosis: diagnose(of.evidence) }));
  const s = score(held);
  console.log(`${scenarios.length} scenarios from ${folders.join(', ')}, each under four conditions (two engines, with and without vantage points elsewhere).`);
  console.log(`Visible faults: ${s.sideOf / 4}; of them the store's with a known cause: ${s.knownOf / 4}.\n`);
  console.log('| | side | family first | family in 3 | cause first | cause in 3 | calibration error | the same, known only | Brier | log loss |');
  console.log('| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |');
  console.log(row('left out (cross-validated)', s));
  console.log(row('as shipped', score(shipped)));
  const tuned = learn(cases.filter((one) => one.visible), LEASH);
  console.log(row('tuned on all (a fit)', score(cases.map((of) => ({ of, diagnosis: answer(of, tuned) })))));
  console.log(row(`told from memory (${ELSEWHERE.length})`, score(elsewhere)));
  console.log(`\nFamily told first, left out, known causes:\n\n${confusion(held)}\n\nFamily wrong, left out:\n\n${missed(held)}`);
  if (values.svg) {
    writeFileSync(values.svg, reliabilitySvg(s.bins, `Left out: said and true, ${s.sideOf / 4} visible incidents × 4 conditions`));
    console.log(`\nReliability plot: ${values.svg}`);
  }
}

main();
