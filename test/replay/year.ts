import { parseArgs } from 'node:util';
import { STRAY, mustFindWithin, poorYear, type PoorYear } from './poor-line.ts';
import { DEFAULT_OPTIONS, replay, type Replay } from './run.ts';
import { quantile } from './score.ts';
import type { Engine } from '../../utils/rehearsal/network.ts';

/** A notice that comes while the line or the laptop takes a moment to come back is still of the outage. */
const GRACE_MIN = 5;

export interface YearResult {
  seed: string;
  checks: number;
  /** Processor time of the replay. */
  seconds: number;
  outages: number;
  /** Outages that the awake laptop could watch for long enough (`mustFindWithin`). */
  watchable: number;
  found: number;
  missed: string[];
  /** From the first minute that could be watched to detection. */
  delays: number[];
  /** Notifications of an outage when there was none. */
  falseAlarms: number[];
  /** Incidents opened when there was no outage, told or not. */
  falseIncidents: number[];
}

/** Holds what was seen against what was. */
export function judgeYear(seed: string, year: PoorYear, { line, incidents }: Replay, seconds: number): YearResult {
  const isReal = (minute: number): boolean => year.outages.some(({ from, to }) => minute >= from && minute <= to + GRACE_MIN);
  const result: YearResult = { seed, checks: line.checks, seconds, outages: year.outages.length, watchable: 0, found: 0, missed: [], delays: [], falseAlarms: [], falseIncidents: [] };
  for (const outage of year.outages) {
    const parts = year.watchable(outage);
    const minutes = parts.reduce((sum, { from, to }) => sum + to - from, 0);
    // An incident that was already open, for another outage just before, counts as found as well.
    const incident = incidents.find(({ openedMinute, closedMinute }) => openedMinute <= outage.to + GRACE_MIN && (closedMinute ?? Infinity) >= outage.from);
    if (minutes < mustFindWithin(outage)) continue;
    result.watchable++;
    if (!incident) {
      result.missed.push(`${outage.kind} at ${Math.round(outage.from)}, ${Math.round(minutes)} minutes watchable`);
      continue;
    }
    result.found++;
    result.delays.push(Math.max(0, incident.openedMinute - parts[0]!.from));
  }
  result.falseAlarms = line.notifications.filter(({ kind, minute }) => (kind === 'outage' || kind === 'relapse') && !isReal(minute)).map(({ minute }) => minute);
  result.falseIncidents = incidents.filter(({ openedMinute }) => !isReal(openedMinute)).map(({ openedMinute }) => Math.round(openedMinute));
  return result;
}

if (import.meta.main) {
  const { values } = parseArgs({
    options: {
      seeds: { type: 'string', default: '10' },
      outages: { type: 'string', default: '12' },
      days: { type: 'string', default: '365' },
      engine: { type: 'string', default: 'chromium' },
    },
  });
  const results: YearResult[] = [];
  for (let seed = 1; seed <= Number(values.seeds); seed++) {
    const year = poorYear(String(seed), Number(values.outages), Number(values.days));
    const began = process.cpuUsage();
    const seen = await replay(year.scenario, { ...DEFAULT_OPTIONS, engine: values.engine as Engine, seed: String(seed), stray: STRAY });
    const { user, system } = process.cpuUsage(began);
    const result = judgeYear(String(seed), year, seen, (user + system) / 1e6);
    results.push(result);
    console.log(JSON.stringify({ ...result, delays: result.delays.map((minute) => Math.round(minute * 10) / 10), seconds: Math.round(result.seconds * 10) / 10 }));
  }
  const delays = results.flatMap((result) => result.delays);
  console.log(
    JSON.stringify({
      seeds: results.length,
      falseAlarms: results.reduce((sum, result) => sum + result.falseAlarms.length, 0),
      falseIncidents: results.reduce((sum, result) => sum + result.falseIncidents.length, 0),
      watchable: results.reduce((sum, result) => sum + result.watchable, 0),
      missed: results.reduce((sum, result) => sum + result.missed.length, 0),
      delayMedian: quantile(delays, 0.5),
      delayP90: quantile(delays, 0.9),
      secondsPerYear: quantile(results.map((result) => result.seconds), 0.5),
    }),
  );
}
