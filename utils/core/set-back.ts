import type { MonitorState } from './monitor-state.ts';
import type { OfficialRecord } from './official-record.ts';

const HOUR = 3_600_000;

/**
 * Whether the clock says less than what was noted by it: it was set back, or what is stored was damaged. A time to come is
 * one more than an hour ahead, which no check ever plans.
 */
export function isAhead(state: MonitorState, now: number): boolean {
  const { course, detector, accounting } = state;
  if (now < (state.lastRoundAt ?? 0) || now < accounting.lastAt) return true;
  return [state.nextAt, course.incident?.startedAt, course.incident?.endedAt, detector.firstFailureAt].some((at) => at != null && at > now + HOUR);
}

/**
 * After the clock was set back: nothing remembered lies ahead of it any more, or it would be waited for until the clock comes
 * there once more, which may take years. What was going on goes on.
 * @returns the state as if its times had been no later than now; what was counted of time is left to the accounting
 */
export function setBack(state: MonitorState, now: number): MonitorState {
  const at = (time: number): number => Math.min(time, now);
  const maybe = <T extends number | null>(time: T): T => (time === null ? time : (Math.min(time, now) as T));
  const known = <T extends { at: number }>(opinion: T | null): T | null => (opinion !== null && opinion.at <= now ? opinion : null);
  const past = <T extends { at: number }>(list: readonly T[]): T[] => list.filter((one) => one.at <= now);
  const { course, detector, episode } = state;
  const { incident } = course;
  const { trouble } = episode;
  const by = Math.max(state.lastRoundAt ?? 0, state.accounting.lastAt) - now;
  return {
    ...state,
    lastRoundAt: maybe(state.lastRoundAt),
    nextAt: now,
    profiles: Object.fromEntries(
      Object.entries(state.profiles).map(([id, p]) => [
        id,
        { ...p, firstHealthyAt: maybe(p.firstHealthyAt), lastHealthyAt: maybe(p.lastHealthyAt), aloneSince: maybe(p.aloneSince), lastAskedAt: maybe(p.lastAskedAt) },
      ]),
    ),
    detector: { ...detector, controls: past(detector.controls), firstFailureAt: maybe(detector.firstFailureAt) },
    course: {
      ...course,
      incident: incident && {
        ...incident,
        startedAt: at(incident.startedAt),
        detectedAt: at(incident.detectedAt),
        endedAt: maybe(incident.endedAt),
        closedAt: maybe(incident.closedAt),
        healthySince: maybe(incident.healthySince),
      },
    },
    episode: {
      ...episode,
      recent: past(episode.recent),
      okAt: Object.fromEntries(Object.entries(episode.okAt).map(([role, time]) => [role, at(time)])),
      line: { ...episode.line, at: at(episode.line.at) },
      trouble: trouble && {
        ...trouble,
        openedAt: at(trouble.openedAt),
        lastOkAt: maybe(trouble.lastOkAt),
        failingSince: maybe(trouble.failingSince),
        lastTroubleAt: at(trouble.lastTroubleAt),
        course: past(trouble.course),
      },
      official: episode.official && { ...episode.official, seenAt: at(episode.official.seenAt) },
    },
    namesFailedAt: state.namesFailedAt === null || state.namesFailedAt > now ? null : state.namesFailedAt,
    verdict: { ...state.verdict, since: at(state.verdict.since) },
    official: known(state.official),
    officialRecord: officialSetBack(state.officialRecord, now),
    resolver: known(state.resolver),
    world: known(state.world),
    storefront: known(state.storefront),
    last: Object.fromEntries(Object.entries(state.last).map(([id, o]) => [id, { ...o, at: at(o.at) }])),
    stretches: state.stretches.filter(({ from }) => from < now).map((stretch) => ({ ...stretch, to: at(stretch.to) })),
    forecasts: past(state.forecasts),
    causes: state.causes.map((one) => ({ ...one, at: at(one.at) })),
    outbox: state.outbox.map((notice) => ({ ...notice, dueAt: at(notice.dueAt), startedAt: at(notice.startedAt), endedAt: maybe(notice.endedAt) })),
    // A pause lasts as long as it was meant to.
    pausedUntil: state.pausedUntil === null || by <= 0 ? state.pausedUntil : state.pausedUntil - by,
    lastIncident: state.lastIncident && { ...state.lastIncident, startedAt: at(state.lastIncident.startedAt), endedAt: at(state.lastIncident.endedAt) },
  };
}

/** The vendor's own times are his; when we read them is by our clock. */
function officialSetBack(record: OfficialRecord, now: number): OfficialRecord {
  const maybe = (time: number | null): number | null => (time === null ? null : Math.min(time, now));
  return {
    ...record,
    readAt: maybe(record.readAt),
    trouble: record.trouble && { ...record.trouble, since: Math.min(record.trouble.since, now) },
    incidents: record.incidents.map((one) => ({ ...one, seenAt: Math.min(one.seenAt, now), admittedAt: maybe(one.admittedAt), overAt: maybe(one.overAt) })),
  };
}
