/**
 * What the product costs, in one table: each figure beside what it may be at most and beside a yardstick of the same run.
 *
 *   npm run bench               everything (needs Chromium; what it takes in requests and bytes needs the lab as well)
 *   npm run bench -- quick      without a browser, and a tenth of the simulated years
 *   npm run bench -- long       and beside what one would use instead
 *   … --json                    one JSON document instead of the table
 *
 * Ends with status 1 where a budget of what is shipped, or of what a page of the store may notice, is broken. Times are shown against theirs and
 * break nothing, for they depend on the machine; nor do bytes on the wire, most of which are what the browser's TLS says at the beginning.
 */
import { parseArgs } from 'node:util';
import { BROWSERS, build } from '../e2e/build.ts';
import { labUnavailable } from '../lab/lab.ts';
import { findBrowser } from '../setup/ensure.ts';
import { core } from './core.ts';
import { skipped, type Figure } from './figure.ts';
import { SIZE_BUDGETS, sizes } from './sizes.ts';

interface Budget {
  most: number;
  /** `ratio`: to the yardstick. */
  of?: 'value' | 'ratio';
  /** Whether breaking it fails the run. */
  fails: boolean;
}

/** All budgets. */
const BUDGETS: Readonly<Record<string, Budget>> = {
  ...Object.fromEntries(Object.entries(SIZE_BUDGETS).map(([id, most]) => [id, { most, fails: true }])),
  'popup.up': { most: 1.3, of: 'ratio', fails: false },
  'popup.down': { most: 1.3, of: 'ratio', fails: false },
  'popup.up.seen': { most: 1.3, of: 'ratio', fails: false },
  'popup.down.seen': { most: 1.3, of: 'ratio', fails: false },
  'page.own': { most: 1, fails: false },
  'page.shift': { most: 0, fails: true },
  'page.requests': { most: 1, of: 'ratio', fails: true },
  'wire.light': { most: 12, fails: false },
  'wire.day': { most: 3, fails: false },
  'wakes': { most: 13, fails: true },
  'core.diagnose': { most: 0.3, fails: false },
  'poor.seconds': { most: 10, fails: false },
  'history.bytes': { most: 1_000, fails: true },
  'history.write': { most: 1.5, of: 'ratio', fails: true },
  'history.append': { most: 1.5, of: 'ratio', fails: false },
  'history.year': { most: 10, fails: false },
};
/** Design asks that a year fit; what ten years take is shown beside it. */
const YEAR_ONLY: ReadonlySet<string> = new Set(['history.bytes']);

interface Judged extends Figure {
  section: string;
  ratio: number | null;
  budget: Budget | null;
  holds: boolean | null;
}

function judge(section: string, figure: Figure): Judged {
  const ratio = figure.value === null || figure.yardstick === undefined || figure.yardstick.value === 0 ? (figure.value === 0 && figure.yardstick?.value === 0 ? 1 : null) : figure.value / figure.yardstick.value;
  const budget = YEAR_ONLY.has(figure.id) && figure.what.includes('120 months') ? null : (BUDGETS[figure.id] ?? null);
  const measured = budget?.of === 'ratio' ? ratio : figure.value;
  return { ...figure, section, ratio, budget, holds: budget === null || measured === null ? null : measured <= budget.most };
}

const short = (value: number): string => (Math.abs(value) >= 100 ? Math.round(value).toLocaleString('en') : value.toPrecision(3).replace(/\.?0+$/, ''));

function asked({ budget, unit }: Judged): string {
  return budget === null ? '' : budget.of === 'ratio' ? `≤ ${budget.most} ×` : `≤ ${short(budget.most)} ${unit}`;
}

function row(figure: Judged): string[] {
  if (figure.value === null) return [figure.what, `skipped: ${figure.skipped ?? 'not measured'}`, asked(figure), '', '', ''];
  const { yardstick, ratio } = figure;
  return [
    figure.what,
    `${short(figure.value)} ${figure.unit}`,
    asked(figure),
    figure.holds === null ? '' : figure.holds ? 'holds' : figure.budget!.fails ? 'BROKEN' : 'over',
    yardstick === undefined ? '' : `${ratio === null ? '' : `${short(ratio)} × `}${short(yardstick.value)} ${yardstick.what}`,
    figure.note ?? '',
  ];
}

function table(figures: readonly Judged[]): string {
  const lines: string[] = [];
  const head = ['', 'measured', 'asked', '', 'beside', ''];
  const rows = figures.map((figure) => ({ section: figure.section, cells: row(figure) }));
  const widths = head.map((title, column) => Math.max(title.length, ...rows.map(({ cells }) => (column === 1 && cells[1]!.startsWith('skipped') ? 0 : cells[column]!.length))));
  const line = (cells: readonly string[]): string => cells.map((cell, column) => cell.padEnd(widths[column]!)).join('  ').trimEnd();
  let section = '';
  for (const { section: of, cells } of rows) {
    if (of !== section) lines.push('', of.toUpperCase(), line(head));
    section = of;
    lines.push(line(cells));
  }
  return lines.join('\n').trim();
}

/** A part that fails says so in the table, and the rest goes on. */
async function part(section: string, id: string, work: () => Figure[] | Promise<Figure[]>): Promise<Judged[]> {
  console.error(`${section} …`);
  const figures = await Promise.resolve().then(work).catch((error: unknown) => [{ id, what: section, value: null, unit: '', skipped: `it broke: ${String(error).split('\n')[0]}` }] as Figure[]);
  return figures.map((figure) => judge(section, figure));
}

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({ allowPositionals: true, options: { json: { type: 'boolean', default: false } }, strict: false });
  const wrong = [...Object.keys(values).filter((name) => name !== 'json'), ...positionals.filter((one) => one !== 'quick' && one !== 'long')];
  if (wrong.length > 0) {
    console.error(`${wrong[0]}: not known; usage: npm run bench -- [quick|long] [--json]`);
    return 2;
  }
  const quick = positionals.includes('quick');
  const built = build(...BROWSERS);
  const chromium = findBrowser('chromium');
  const noBrowser = quick ? 'quick' : chromium.ok ? null : chromium.error.reason;
  const noLab = noBrowser ?? labUnavailable();

  const figures = [
    ...(await part('size', 'packed', () => (built.ok ? sizes() : skipped(built.error.reason.split('\n').at(-1)!, ['packed.chrome', 'packed size'])))),
    ...(await part('core', 'core.diagnose', () => core(quick ? 36 : 365))),
    ...(await part('popup', 'popup.up', async () => {
      if (noBrowser !== null || !built.ok) return skipped(noBrowser ?? 'no build', ['popup.up', 'popup: verdict painted']);
      return (await import('./popup.ts')).popup(built.value.chrome);
    })),
    ...(await part('page of the store', 'page.own', async () => {
      if (noLab !== null || !built.ok) return skipped(noLab ?? 'no build', ['page.own', 'healthy page of the store']);
      return (await import('./wire.ts')).page();
    })),
    ...(await part('wire', 'wire.light', async () => {
      if (noLab !== null || !built.ok) return skipped(noLab ?? 'no build', ['wire.light', 'one light check'], ['wire.day', 'a day at 5 minutes']);
      return (await import('./wire.ts')).wire(built.value.chrome);
    })),
    ...(positionals.includes('long') ? await part('what one would use instead', 'instead', async () => {
      if (noLab !== null || !built.ok) return skipped(noLab ?? 'no build', ['instead', 'from fault to knowledge']);
      return (await import('./instead.ts')).instead(built.value.chrome);
    }) : []),
  ];
  console.log(values['json'] === true ? JSON.stringify(figures, null, 2) : table(figures));
  const broken = figures.filter(({ holds, budget }) => holds === false && budget?.fails === true);
  for (const { what } of broken) console.error(`over budget: ${what}`);
  return broken.length > 0 ? 1 : 0;
}

process.exitCode = await main();
