import { boundRecord, INCIDENT_PREFIX, pastOutages, type IncidentRecord } from '../core/incident-record.ts';
import type { Incident } from '../core/incident.ts';
import type { MonitorState } from '../core/monitor-state.ts';
import { rememberOutage } from '../core/outlook.ts';
import { admittedAt } from '../core/official-record.ts';
import type { Loss } from '../core/snapshot.ts';
import { MOST_INCIDENTS } from '../core/transfer.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
/** Index of the incidents kept, newest first. */
export const INCIDENTS_KEY = 'incidents';

/** @returns the storage key of an incident's record. */
export function incidentKey(id: string): string {
  return INCIDENT_PREFIX + id;
}

/** @returns what is kept of an incident for ever. */
export function recordOf(during: MonitorState, incident: Incident, loss: Loss | null): IncidentRecord {
  // A clock that was set back may have turned the order of the times round.
  const startedAt = Math.max(0, Math.floor(incident.startedAt));
  const endedAt = Math.max(startedAt, Math.floor(incident.endedAt ?? incident.closedAt ?? incident.detectedAt));
  const length = Math.max(1, endedAt - startedAt);
  const official = during.official?.kind === 'read' ? during.official.events : [];
  return boundRecord({
    schema: 1,
    id: incident.id,
    kind: incident.kind,
    side: 'store',
    startedAt,
    detectedAt: Math.max(startedAt, Math.floor(incident.detectedAt)),
    endedAt,
    relapses: incident.relapses,
    flapping: incident.flapping,
    observed: Math.min(1, during.incidentSeenMs / length),
    course: during.causes,
    causes: during.diagnosis?.causes ?? [],
    because: during.diagnosis?.because ?? [],
    seen: during.seen,
    official: official
      .filter((e) => e.music && e.startedAt <= endedAt && e.startedAt >= incident.startedAt - 6 * HOUR)
      .map(({ id, service, type, startedAt, endsAt, text }) => ({ id, service, type, startedAt, endsAt, text })),
    admittedAt: admittedAt(during.officialRecord, { startedAt: incident.startedAt, endedAt }),
    forecasts: during.forecasts,
    loss,
  });
}

/**
 * Takes over an incident that is over.
 * @param index ids of the incidents kept so far, newest first
 * @returns the state that remembers it, the new index, and what to write
 */
export function closeIncident(state: MonitorState, record: IncidentRecord, index: readonly string[]): { state: MonitorState; index: string[]; entries: Record<string, unknown> } {
  const endedAt = record.endedAt ?? record.detectedAt;
  const cause = record.causes[0]?.id ?? 'undisclosed';
  const inside = record.forecasts.filter(({ at, band }) => {
    const remaining = (endedAt - at) / MINUTE;
    return remaining >= band.p10 && remaining <= band.p90;
  }).length;
  const known = index.includes(record.id);
  const ids = [record.id, ...index.filter((id) => id !== record.id)];
  const kept = ids.slice(0, MOST_INCIDENTS);
  const dropped = Object.fromEntries(ids.slice(MOST_INCIDENTS).map((id) => [incidentKey(id), undefined]));
  return {
    state: {
      ...state,
      lastIncident: {
        id: record.id,
        startedAt: record.startedAt,
        endedAt,
        cause,
        admittedAfterMin: record.admittedAt === null ? null : Math.round((record.admittedAt - record.startedAt) / MINUTE),
      },
      // A relapse closes the same incident again: its forecasts were scored the first time.
      forecastRecord: known ? state.forecastRecord : { made: state.forecastRecord.made + record.forecasts.length, inside: state.forecastRecord.inside + inside },
      // Only what was seen teaches the forecast: nobody knows how long one that was slept through lasted.
      past: (known ? [] : pastOutages([record])).reduce((past, { minutes }) => rememberOutage(past, { cause, minutes: Math.max(1, minutes) }), state.past),
    },
    index: kept,
    entries: { ...dropped, [incidentKey(record.id)]: record, [INCIDENTS_KEY]: kept },
  };
}

/** @returns the index as it is stored: any JSON; what is no id is left out. */
export function decodeIndex(stored: unknown): string[] {
  return Array.isArray(stored) ? stored.filter((id): id is string => typeof id === 'string' && /^[\w-]{1,40}$/.test(id)) : [];
}
