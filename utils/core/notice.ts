import type { Cause, Undisclosed } from './causes.ts';
import type { Course, IncidentEvent, IncidentKind } from './incident.ts';
import type { Settings } from './settings.ts';

/** Something to be told once. Words are made when it is shown, so that a change of language does not leave old ones behind. */
export interface Notice {
  /** `{incident}:{kind}`, with a count where a kind can come again: showing it twice replaces, it never stacks. */
  id: string;
  kind: 'outage' | 'maintenance' | 'recovery' | 'relapse' | 'cause' | 'reminder' | 'summary';
  /** Not before, ms since the epoch. */
  dueAt: number;
  incident: string;
  incidentKind: IncidentKind;
  cause: Cause | Undisclosed;
  /** Probability of that cause, 0 … 1. */
  causeP: number;
  startedAt: number;
  endedAt: number | null;
  /** For a summary: how much of the time was seen, ms. */
  seenMs: number | null;
  /** For an end that speaks for others too: how many more outages came and went. */
  also?: number;
}

/** @returns whether it tells that an outage is over. */
export function isEnd({ kind }: Notice): boolean {
  return kind === 'recovery' || kind === 'summary';
}

/** A recovery is announced within a minute at random, so that users do not stampede a store that has just risen. */
const STAMPEDE_SPREAD_MS = 60_000;

/**
 * @param random in [0, 1): spreads recovery notices
 * @param seenMs how much of the outage was seen, ms
 * @returns what there is to tell of the events
 */
export function noticesOf(events: readonly IncidentEvent[], random: number, causeP: number, seenMs: number): Notice[] {
  const notices: Notice[] = [];
  for (const event of events) {
    if (!('incident' in event)) continue;
    const { incident } = event;
    const base = {
      incident: incident.id,
      incidentKind: incident.kind,
      cause: incident.cause,
      causeP,
      startedAt: incident.startedAt,
      endedAt: incident.endedAt,
      seenMs: null,
    };
    switch (event.kind) {
      case 'opened':
        notices.push({ ...base, id: `${incident.id}:outage`, kind: incident.kind === 'maintenance' ? 'maintenance' : 'outage', dueAt: event.at });
        break;
      case 'relapsed':
        // Told once more; what comes and goes after that is flapping, and told no further.
        if (incident.relapses === 1) notices.push({ ...base, id: `${incident.id}:relapse`, kind: 'relapse', dueAt: event.at });
        break;
      case 'reclassified':
        // Announced maintenance is not told; what is left of it when it is none any more is an outage.
        if (event.fromKind === 'maintenance' && incident.kind !== 'maintenance') notices.push({ ...base, id: `${incident.id}:outage`, kind: 'outage', dueAt: event.at });
        if (event.from !== incident.cause) notices.push({ ...base, id: `${incident.id}:cause`, kind: 'cause', dueAt: event.at });
        break;
      case 'recovered':
        notices.push({
          ...base,
          // Told after the outage, and once more after the relapse that was told.
          id: incident.relapses === 0 ? `${incident.id}:recovery` : `${incident.id}:1:recovery`,
          kind: incident.endUnseen ? 'summary' : 'recovery',
          dueAt: event.at + (incident.endUnseen ? 0 : Math.floor(random * STAMPEDE_SPREAD_MS)),
          seenMs,
        });
        break;
      case 'recovering':
        break;
    }
  }
  return notices;
}

/**
 * Adds the reminder that an outage still lasts, where the user wants one every so many hours and the last of these spans is over. One that waits
 * for the end of the quiet hours is replaced: nobody is reminded twice at once.
 * @param told ids of the notices that were shown
 * @param causeP probability of the leading cause, 0 … 1
 * @param now ms since the epoch
 */
export function withReminder(outbox: readonly Notice[], course: Course, told: readonly string[], causeP: number, settings: Settings, now: number): Notice[] {
  const { incident } = course;
  const every = settings.notify.reminderHours * 3_600_000;
  if (every === 0 || incident === null || course.phase !== 'open' || incident.kind === 'maintenance') return [...outbox];
  const spans = Math.floor((now - incident.detectedAt) / every);
  const id = `${incident.id}:reminder:${spans}`;
  if (spans < 1 || told.includes(id) || outbox.some((notice) => notice.id === id)) return [...outbox];
  const notice: Notice = {
    id,
    kind: 'reminder',
    dueAt: now,
    incident: incident.id,
    incidentKind: incident.kind,
    cause: incident.cause,
    causeP,
    startedAt: incident.startedAt,
    endedAt: null,
    seenMs: null,
  };
  return [...outbox.filter(({ kind }) => kind !== 'reminder'), notice];
}

/** @returns whether a local hour lies in the quiet ones (22 → 7 spans midnight; equal bounds: none). */
export function isQuiet(settings: Settings, localHour: number): boolean {
  const { quietFrom, quietTo } = settings.notify;
  if (quietFrom === quietTo) return false;
  return quietFrom < quietTo ? localHour >= quietFrom && localHour < quietTo : localHour >= quietFrom || localHour < quietTo;
}

/** @returns whether the user wants to be told of this kind. */
export function isWanted(notice: Notice, settings: Settings): boolean {
  switch (notice.kind) {
    case 'outage':
    case 'relapse':
      return settings.notify.outage;
    case 'maintenance':
      // Maintenance announced ahead does not alarm: it stands in the popup.
      return false;
    case 'recovery':
      return settings.notify.recovery;
    case 'summary':
      return settings.notify.summary;
    case 'cause':
      return settings.notify.cause;
    case 'reminder':
      return settings.notify.reminderHours > 0;
  }
}

/** The end of an outage is news for so long: it may have waited for the end of the quiet hours. */
const END_STALE_MS = 24 * 3_600_000;

/**
 * What a notice that is due has come to: `tell` it, `hold` it until it is known whether the outage is over, or `drop` it, because it was told
 * or what it says has been overtaken. The end of an outage that nobody heard of is not told.
 * @param outbox all that waits, and `told` the ids of what was shown
 * @param now ms since the epoch
 */
export function fateOf(notice: Notice, course: Course, outbox: readonly Notice[], told: readonly string[], now: number): 'tell' | 'hold' | 'drop' {
  if (told.includes(notice.id)) return 'drop';
  const open = course.incident?.id === notice.incident && course.incident.closedAt === null && (course.phase === 'open' || course.phase === 'recovering');
  switch (notice.kind) {
    case 'outage':
    case 'maintenance':
    case 'relapse':
    case 'cause':
    case 'reminder':
      return !open ? 'drop' : course.phase === 'recovering' ? 'hold' : 'tell';
    case 'recovery':
    case 'summary': {
      if (open || now - notice.dueAt > END_STALE_MS) return 'drop';
      const later = outbox.some((other) => other.incident === notice.incident && other.id !== notice.id && (other.kind === 'recovery' || other.kind === 'summary') && other.dueAt > notice.dueAt);
      const heard = told.includes(`${notice.incident}:outage`) || told.includes(`${notice.incident}:relapse`);
      return later || (notice.kind === 'recovery' && !heard) ? 'drop' : 'tell';
    }
  }
}
