import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { HEALTHY_PHASE, type Scenario } from '../../utils/core/scenario.ts';
import { SNAPSHOTS } from '../../utils/view/examples.ts';
import { poorYear, STRAY } from '../replay/poor-line.ts';
import { DEFAULT_OPTIONS, replay } from '../replay/run.ts';
import { median, processorTime, type Figure } from './figure.ts';

/** Processor time (ms) of a fixed piece of ordinary work on this machine, now: a snapshot written as JSON and read again, 1,000 times. */
async function yardstick(): Promise<number> {
  const text = JSON.stringify(SNAPSHOTS);
  const times: number[] = [];
  for (let turn = 0; turn < 5; turn++) {
    const { ms } = await processorTime(() => {
      for (let i = 0; i < 1_000; i++) JSON.parse(JSON.stringify(JSON.parse(text)));
    });
    times.push(ms);
  }
  return median(times);
}

/** Runs a benchmark of its own, in a process of its own: its memory and its warmed-up code are not those of the one before. */
function run(script: string, ...args: string[]): string {
  const done = spawnSync(process.execPath, [join(import.meta.dirname, script), ...args], { encoding: 'utf8' });
  if (done.status !== 0) throw new Error(`${script}: ${done.stderr.trim()}`);
  return done.stdout;
}

interface HistoryLine {
  months: number;
  hoursAwake: number;
  bytes: number;
  writeBytes: number;
  appendMs: number;
  yearMs: number;
  yearColdMs: number;
}

function history(): Figure[] {
  const lines = run('history.ts').trim().split('\n').map((line) => JSON.parse(line) as HistoryLine);
  const first = lines[0]!;
  const beside = (value: number) => ({ what: 'after a month', value });
  const figures = lines.flatMap(({ months, hoursAwake, bytes, writeBytes, appendMs, yearColdMs }): Figure[] => {
    const age = `${months === 1 ? 'a month' : `${months} months`}${hoursAwake === 24 ? ', never asleep' : ''}`;
    return [
      { id: 'history.bytes', what: `history stored after ${age} of 1-minute checks`, value: bytes / 1_000, unit: 'kB', yardstick: beside(first.bytes / 1_000) },
      { id: 'history.write', what: `a check's write into it after ${age}`, value: writeBytes / 1_000, unit: 'kB', yardstick: beside(first.writeBytes / 1_000) },
      { id: 'history.append', what: `a check's work on it after ${age}`, value: appendMs, unit: 'ms', yardstick: beside(first.appendMs) },
      { id: 'history.year', what: `the year's query, decoding included, after ${age}`, value: yearColdMs, unit: 'ms', yardstick: beside(first.yearColdMs) },
    ];
  });
  // By subject, not by age.
  return [...new Set(figures.map(({ id }) => id))].flatMap((id) => figures.filter((figure) => figure.id === id));
}

/** `diagnose: median 0.0931 ms, p99 …` */
function diagnosis(reference: number): Figure[] {
  const text = run('../fit/bench.ts');
  return (['observeRound', 'collectEvidence', 'diagnose'] as const).flatMap((name): Figure[] => {
    const match = new RegExp(`^${name}: median ([\\d.]+) ms, p99 ([\\d.]+) ms`, 'm').exec(text);
    if (match === null) return [];
    return [{ id: `core.${name}`, what: `${name}(), median`, value: Number(match[1]), unit: 'ms', yardstick: { what: 'JSON of all example snapshots, once there and back', value: reference / 1_000 }, note: `99 %: ${match[2]} ms` }];
  });
}

/** A year in which nothing happens to a machine that never sleeps. */
function quietYear(days: number): Scenario {
  return {
    format: 1, id: 'quiet', title: 'nothing happens', start: Date.UTC(2026, 0, 1), endMinute: days * 1_440, phases: [HEALTHY_PHASE],
    truth: { side: 'none', causes: [], relapse: false, confidence: 'high' }, source: [],
  };
}

async function year(id: string, what: string, scenario: Scenario, days: number, stray: number, reference: number): Promise<Figure[]> {
  const { ms, value: { line } } = await processorTime(() => replay(scenario, { ...DEFAULT_OPTIONS, stray }));
  const whole = 365 / days;
  return [
    { id: `${id}.seconds`, what: `${what}: processor time`, value: (ms / 1_000) * whole, unit: 's', yardstick: { what: '1,000 JSON round trips of the example snapshots', value: reference / 1_000 }, ...(whole > 1 ? { note: `${days} days, times ${whole.toFixed(1)}` } : {}) },
    { id: `${id}.speed`, what: `${what}: checks a second`, value: line.checks / (ms / 1_000), unit: '1/s', note: `${Math.round(line.checks * whole).toLocaleString('en')} checks a year` },
    ...(id === 'quiet' ? [{ id: 'wakes', what: 'wake-ups of the background an hour, nothing wrong, 5-minute interval', value: line.checks / (days * 24), unit: '1/h', yardstick: { what: 'one every 5 minutes', value: 12 } } satisfies Figure] : []),
  ];
}

/** @param days how much of each simulated year is lived through */
export async function core(days: number): Promise<Figure[]> {
  const reference = await yardstick();
  const poor = poorYear('1', 12, days);
  return [
    ...diagnosis(reference),
    ...(await year('poor', 'a year on a poor line, awake 10 hours a day', poor.scenario, days, STRAY, reference)),
    ...(await year('quiet', 'a quiet year, never asleep', quietYear(days), days, 0, reference)),
    ...history(),
  ];
}
