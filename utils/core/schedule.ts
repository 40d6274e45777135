import type { Course } from './incident.ts';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;

/** The first look again after a failure, within the same wake of the background. */
export const RECHECK_MS = 8 * SECOND;
/** Chromium's shortest alarm is 30 s (since 120). */
export const SUSPECT_MS = 30 * SECOND;
export const INCIDENT_MS = 60 * SECOND;
/** A day-long outage is watched less closely: its end is then told within two minutes, at half the requests. */
const LONG_OUTAGE_MS = 6 * 60 * MINUTE;
const LONG_INCIDENT_MS = 120 * SECOND;

/**
 * When the next check is due.
 * @param intervalMinutes the user's setting
 * @param random spreads the checks of many users: ± 10 % while all is well
 * @returns ms from now
 */
export function nextDelay(course: Course, intervalMinutes: number, now: number, random: number): number {
  const usual = intervalMinutes * MINUTE;
  if (course.phase === 'suspect') return SUSPECT_MS;
  if (course.phase === 'open' || course.phase === 'recovering') {
    const long = course.incident !== null && now - course.incident.startedAt > LONG_OUTAGE_MS;
    return Math.min(usual, long ? LONG_INCIDENT_MS : INCIDENT_MS);
  }
  if (course.unseen) return Math.min(usual, INCIDENT_MS);
  return Math.round(usual * (0.9 + 0.2 * random));
}

/**
 * Whether a check comes so late that the machine must have slept or the browser been closed: alarms may fire up to 30 s late by themselves.
 * @param dueAt when the check was due, ms since the epoch; null = none was planned
 */
export function isLate(dueAt: number | null, now: number): boolean {
  return dueAt !== null && now - dueAt > 90 * SECOND;
}

/** @returns whether so much time passed since the last check that the time between cannot be called observed. */
export function isGap(lastAt: number | null, plannedMs: number, now: number): boolean {
  return lastAt === null || now < lastAt || now - lastAt > plannedMs * 2 + 90 * SECOND;
}
