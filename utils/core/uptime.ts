import type { Cause, Undisclosed } from './causes.ts';
import type { Durations } from './history.ts';
import type { IncidentKind } from './incident.ts';
import { causeOf, type IncidentRecord } from './incident-record.ts';

/** Uptime that says how much of the time it is about. */
export interface Uptime {
  /** Share of the observed time in which the store could be used, well or badly, 0 … 1; null where nothing was observed. */
  uptime: number | null;
  /** Share of the observed time in which nothing was wrong at all; null where nothing was observed. */
  flawless: number | null;
  /** Share of the whole time that was observed, 0 … 1. */
  coverage: number;
}

/**
 * "99.2 % of the 61 % of the month we watched". Maintenance counts as observed time in which the store could not be used: the listener
 * does not care who planned it.
 * @param ms how long each state lasted
 */
export function uptimeOf(ms: Durations): Uptime {
  const observed = ms.up + ms.degraded + ms.down + ms.maintenance;
  const whole = observed + ms.unobserved;
  return {
    uptime: observed > 0 ? (ms.up + ms.degraded) / observed : null,
    flawless: observed > 0 ? ms.up / observed : null,
    coverage: whole > 0 ? observed / whole : 0,
  };
}

/**
 * @param places digits after the point that will be shown of the percentage
 * @returns the share rounded for showing, but never up to 1 or down to 0: 99.97 % of a month is not 100 %
 */
export function honestShare(share: number, places: number): number {
  const step = 10 ** -(places + 2);
  const rounded = Math.round(share / step) * step;
  if (share < 1 && rounded >= 1) return 1 - step;
  if (share > 0 && rounded <= 0) return step;
  return Math.min(1, Math.max(0, rounded));
}

/** An outage that fell into somebody's absence. */
export interface MissedOutage {
  id: string;
  kind: IncidentKind;
  cause: Cause | Undisclosed;
  /** ms since the epoch. */
  from: number;
  /** Null: it goes on. */
  to: number | null;
  /** Its length so far, and how much of that was observed, minutes. */
  minutes: number;
  seenMinutes: number;
}

/** One summary of an absence: "While you were away: down 02:10–03:05, 45 of 55 minutes seen". */
export interface AwaySummary {
  /** The longest, oldest first, at most `MOST_TOLD`. */
  outages: MissedOutage[];
  /** How many there were in all. */
  count: number;
  /** Length of all of them together, and how much was seen, minutes. */
  minutes: number;
  seenMinutes: number;
}

const MOST_TOLD = 3;
const MINUTE = 60_000;

/**
 * @param records incidents of the time in question
 * @param from when the user was last there, ms since the epoch
 * @param now when he is back
 * @returns what ended, or began, while he was away; null where there is nothing to tell. Maintenance and his own side's troubles are no news
 */
export function summariseAbsence(records: readonly IncidentRecord[], from: number, now: number): AwaySummary | null {
  const missed = records
    .filter((record) => record.side === 'store' && record.kind !== 'maintenance' && record.startedAt < now && (record.endedAt === null ? record.startedAt >= from : record.endedAt > from))
    .map((record): MissedOutage => {
      const minutes = ((record.endedAt ?? now) - record.startedAt) / MINUTE;
      return {
        id: record.id,
        kind: record.kind,
        cause: causeOf(record),
        from: record.startedAt,
        to: record.endedAt,
        minutes: Math.round(minutes),
        seenMinutes: Math.min(Math.round(minutes), Math.round(minutes * record.observed)),
      };
    });
  if (missed.length === 0) return null;
  const told = [...missed].sort((a, b) => b.minutes - a.minutes).slice(0, MOST_TOLD);
  return {
    outages: told.sort((a, b) => a.from - b.from),
    count: missed.length,
    minutes: missed.reduce((sum, outage) => sum + outage.minutes, 0),
    seenMinutes: missed.reduce((sum, outage) => sum + outage.seenMinutes, 0),
  };
}
