import type { Accounting } from './accounting.ts';
import type { Cause, Undisclosed } from './causes.ts';
import { NEW_DETECTOR, type Detector } from './detector.ts';
import type { Diagnosis, Side } from './diagnosis.ts';
import { openEpisode, type Episode } from './episode.ts';
import { CALM, type Course, type IncidentKind } from './incident.ts';
import type { Seen } from './incident-record.ts';
import type { PastOutage } from './forecast.ts';
import type { FailingStretch } from './loss.ts';
import type { Notice } from './notice.ts';
import { EMPTY_RECORD, type OfficialRecord } from './official-record.ts';
import type { OfficialReading } from './official.ts';
import type { ResolverOpinion, StorefrontOpinion, WorldOpinion } from './opinion.ts';
import type { PageTrouble } from './page-sight.ts';
import type { Band, Snapshot, State } from './snapshot.ts';
import type { ServedBy } from './served.ts';
import type { Profiles } from './trust.ts';
import type { Observation } from './observation.ts';

/** Everything the monitor remembers between two checks. JSON, written in one piece with what the views read. */
export interface MonitorState {
  schema: 1;
  /** When the last check began, ms since the epoch; null = never. */
  lastRoundAt: number | null;
  /** When the next check is due. */
  nextAt: number | null;
  /** How far apart checks were planned when the last one ended, ms: longer gaps were not observed. */
  plannedMs: number;
  /** Counts light checks; targets take their turns by it. */
  turn: number;
  profiles: Profiles;
  detector: Detector;
  course: Course;
  episode: Episode;
  diagnosis: Diagnosis | null;
  /** When the user's own resolver was last seen to fail. */
  namesFailedAt: number | null;
  /** What is shown, and since when. */
  verdict: { state: State; since: number; side: Side | null; ownTrouble: Cause | null };
  accounting: Accounting;
  /** How much of the present incident was seen, ms. */
  incidentSeenMs: number;
  official: OfficialReading | null;
  officialRecord: OfficialRecord;
  resolver: ResolverOpinion | null;
  world: WorldOpinion | null;
  storefront: StorefrontOpinion | null;
  /** Incident for which vantage points were asked by themselves. */
  worldAskedFor: string | null;
  /** Where the user's own pages of the store fail. */
  page: PageTrouble[];
  /** Which sites answered for each target, and by which way. */
  served: ServedBy;
  /** Last observation of each target. */
  last: Record<string, Observation>;
  /** What was seen of each role during the incident. */
  seen: Seen;
  /** The open incident so far, by the share of purchases that fail: what the price is reckoned from. */
  stretches: FailingStretch[];
  /** Outages this browser has lived through, for the forecasts to come. */
  past: PastOutage[];
  /** Forecasts made in the open incident: how they did is shown afterwards. */
  forecasts: { at: number; band: Band }[];
  /** Leading cause over the open incident, each time it changed. */
  causes: { at: number; cause: Cause | Undisclosed; p: number; kind: IncidentKind }[];
  outbox: Notice[];
  /** Notices that were shown, newest last: a second showing under the same id is left out. */
  told: string[];
  /** Incidents for which the user wants no banner. */
  dismissed: string[];
  pausedUntil: number | null;
  lastIncident: Snapshot['lastIncident'];
  forecastRecord: Snapshot['forecastRecord'];
  /** What went wrong with the monitor itself, by kind. */
  problems: Snapshot['problems'];
}

/** @returns the state of a monitor that has never checked. */
export function newMonitorState(now: number): MonitorState {
  return {
    schema: 1,
    lastRoundAt: null,
    nextAt: null,
    plannedMs: 0,
    turn: 0,
    profiles: {},
    detector: NEW_DETECTOR,
    course: CALM,
    episode: openEpisode(),
    diagnosis: null,
    namesFailedAt: null,
    verdict: { state: 'unknown', since: now, side: null, ownTrouble: null },
    accounting: { upTo: now, running: 'unobserved', lastAt: now },
    incidentSeenMs: 0,
    official: null,
    officialRecord: EMPTY_RECORD,
    resolver: null,
    world: null,
    storefront: null,
    worldAskedFor: null,
    page: [],
    served: {},
    last: {},
    seen: {},
    stretches: [],
    past: [],
    forecasts: [],
    causes: [],
    outbox: [],
    told: [],
    dismissed: [],
    pausedUntil: null,
    lastIncident: null,
    forecastRecord: { made: 0, inside: 0 },
    problems: [],
  };
}
