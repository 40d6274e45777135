import type { HistorySlice, Totals } from '../core/history.ts';
import { HISTORY_INDEX, isHistoryKey, loadHistory, observedSince, queryRange, responseTimes, totals } from '../core/history.ts';
import type { IncidentRecord, Statistics } from '../core/incident-record.ts';
import { causeOf, decodeIncident, INCIDENT_PREFIX, minutesOf, scoreForecasts, statisticsOf } from '../core/incident-record.ts';
import { LEDGER_KEY, decodeLedger } from '../core/ledger.ts';
import type { AdmissionStats } from '../core/official-record.ts';
import { admissionStats } from '../core/official-record.ts';
import { exportIncident, importIncident } from '../core/portable.ts';
import type { TimesSummary } from '../core/response-times.ts';
import type { Role } from '../core/role.ts';
import type { Uptime } from '../core/uptime.ts';
import { uptimeOf } from '../core/uptime.ts';

/** One host that was contacted: why, how often, how many bytes came. */
export interface Contacted {
  host: string;
  /** Role of the target, or the name of what else asked it. */
  why: string;
  count: number;
  bytes: number;
}

/** Everything that was recorded, for reading. All times are ms since the epoch; ranges are [from, to). */
export interface HistorySource {
  /** First moment ever observed; null where nothing was. */
  since: number | null;
  /** Newest first. */
  incidents: readonly IncidentRecord[];
  slices(from: number, to: number, count: number): HistorySlice[];
  totals(from: number, to: number): Totals;
  /** Median and 95th percentile of a role's response times in equal steps; null where there were none. */
  times(role: Role, from: number, to: number, steps: number): (TimesSummary | null)[];
  contacted: readonly Contacted[];
  /** Bytes in the browser's storage, as text. */
  bytes: number;
}

/** @param stored everything in the local storage: any JSON; what cannot be read is left out @param now ms since the epoch */
export function historySource(stored: Readonly<Record<string, unknown>>, now: number): HistorySource {
  const { history } = loadHistory(Object.fromEntries(Object.entries(stored).filter(([key]) => key === HISTORY_INDEX || isHistoryKey(key))));
  const incidents = Object.entries(stored)
    .filter(([key]) => key.startsWith(INCIDENT_PREFIX))
    .map(([, value]) => decodeIncident(value))
    .flatMap((decoded) => (decoded.ok ? [decoded.value] : []))
    .sort((a, b) => b.startedAt - a.startedAt);
  return {
    since: observedSince(history),
    incidents,
    slices: (from, to, count) => queryRange(history, from, to, count, now),
    totals: (from, to) => totals(history, from, to, now),
    times: (role, from, to, steps) => Array.from({ length: steps }, (_, i) => responseTimes(history, role, from + ((to - from) * i) / steps, from + ((to - from) * (i + 1)) / steps, now)),
    contacted: contactedOf(stored[LEDGER_KEY]),
    bytes: JSON.stringify(stored).length,
  };
}

/** @param stored the ledger as it is stored: any JSON @returns its lines, most bytes first */
export function contactedOf(stored: unknown): Contacted[] {
  return Object.entries(decodeLedger(stored).hosts)
    .map(([host, line]) => ({ host, ...line }))
    .sort((a, b) => b.bytes - a.bytes);
}

/** @returns midnights of local days, oldest first, the last one being that after `now`: a day has 23 or 25 hours where the clocks change. */
function midnights(now: number, days: number): number[] {
  return Array.from({ length: days + 1 }, (_, i) => {
    const day = new Date(now);
    return new Date(day.getFullYear(), day.getMonth(), day.getDate() + 1 - days + i).getTime();
  });
}

/** One local day as the calendar shows it. */
export interface Day {
  from: number;
  to: number;
  uptime: Uptime;
  down: number;
  degraded: number;
  maintenance: number;
}

/** @returns the last days, oldest first, today included. */
export function daysOf(source: HistorySource, now: number, days: number): Day[] {
  const edges = midnights(now, days);
  return edges.slice(0, -1).map((from, i) => {
    const to = edges[i + 1] ?? now;
    const { ms } = source.totals(from, Math.min(to, now));
    return { from, to, uptime: uptimeOf(ms), down: ms.down, degraded: ms.degraded, maintenance: ms.maintenance };
  });
}

/** @returns statistics in local time. */
export function localStatistics(records: readonly IncidentRecord[]): Statistics {
  return statisticsOf(records, (at) => -new Date(at).getTimezoneOffset());
}

/** @returns how late the vendor admitted the outages that were seen here and are over. */
export function vendorLag(records: readonly IncidentRecord[]): AdmissionStats {
  return admissionStats(records.flatMap(({ startedAt, endedAt, admittedAt, kind, side }) => (endedAt !== null && kind !== 'maintenance' && side === 'store' ? [{ startedAt, endedAt, admittedAt }] : [])));
}

export { causeOf, exportIncident, importIncident, minutesOf, scoreForecasts, uptimeOf };
export type { IncidentRecord, TimesSummary };
