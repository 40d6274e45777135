import { rememberOutage } from '../core/outlook.ts';
import type { Incident } from '../core/incident.ts';
import type { MonitorState } from '../core/monitor-state.ts';
import { admittedAt } from '../core/official-record.ts';

const MINUTE = 60_000;

/**
 * What is kept of an incident that is over.
 * @param during the state before the incident was closed: forecasts and causes over time
 * @param state the state to go on with
 * @returns the state that remembers it
 */
export function closeIncident(during: MonitorState, state: MonitorState, incident: Incident): MonitorState {
  const endedAt = incident.endedAt ?? incident.closedAt ?? incident.detectedAt;
  const admitted = admittedAt(during.officialRecord, { startedAt: incident.startedAt, endedAt });
  const made = during.forecasts.length;
  const inside = during.forecasts.filter(({ at, band }) => {
    const remaining = (endedAt - at) / MINUTE;
    return remaining >= band.p10 && remaining <= band.p90;
  }).length;
  return {
    ...state,
    lastIncident: {
      id: incident.id,
      startedAt: incident.startedAt,
      endedAt,
      cause: incident.cause,
      admittedAfterMin: admitted === null ? null : Math.round((admitted - incident.startedAt) / MINUTE),
    },
    forecastRecord: { made: state.forecastRecord.made + made, inside: state.forecastRecord.inside + inside },
    past: rememberOutage(state.past, { cause: incident.cause, minutes: Math.max(1, (endedAt - incident.startedAt) / MINUTE) }),
  };
}
