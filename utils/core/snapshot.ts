import type { Diagnosis, Side } from './diagnosis.ts';
import type { Failure, Phase } from './failure.ts';
import type { OfficialEvent } from './official.ts';
import type { ResolverOpinion, StorefrontOpinion, WorldOpinion } from './opinion.ts';
import type { PageSight } from './page-sight.ts';
import type { Role } from './role.ts';
import type { Language } from './settings.ts';
import type { TimeState } from './time-state.ts';
import type { Cause } from './causes.ts';
import type { Answer } from './observation.ts';
import type { Served } from './served.ts';

/**
 * What the popup, the badge and the banner show as the answer to "is it me?".
 * - `up`, `degraded`, `down`, `maintenance`, `recovering`: about the store, seen through a working connection.
 * - `suspect`: something failed and is being checked again; nobody is told yet.
 * - `own`: the trouble is on the user's side or on the way; the store cannot be judged.
 * - `blind`: the monitor itself cannot see (permission revoked, every target unproven). Never "down".
 * - `unknown`: nothing seen yet, or nothing seen lately.
 */
export type State = 'up' | 'degraded' | 'down' | 'maintenance' | 'recovering' | 'suspect' | 'own' | 'blind' | 'unknown';

/** A band of remaining time in minutes: one in ten outages like this ends before p10, nine in ten before p90. */
export interface Band {
  p10: number;
  p50: number;
  p90: number;
}

/** The price of an outage so far, in `currency`, each as a range [low, high]. */
export interface Loss {
  currency: string;
  atRisk: [number, number];
  deferred: [number, number];
  lost: [number, number];
}

/** One line per target: how far it came the last time it was asked. */
export interface TargetLine {
  target: string;
  role: Role;
  host: string;
  /** When, ms since the epoch; null = never asked. */
  at: number | null;
  status: 'ok' | 'slow' | 'failed' | 'unobserved' | 'set-aside' | 'no-permission';
  failure: Failure | null;
  phase: Phase;
  ms: number | null;
  /** Whether it has been healthy from this browser: only then does it count as evidence. */
  trusted: boolean;
  edge: string | null;
  site: string | null;
  /** Who wrote the last answer: the edge itself, or the vendor's application behind it; null where nobody can tell. */
  by: Answer['by'];
  /** Which sites answered so far, newest last, and by which way the last answer came. */
  served: Served | null;
}

export interface IncidentView {
  id: string;
  state: 'down' | 'degraded' | 'recovering' | 'maintenance';
  /** First failure, ms since the epoch. */
  startedAt: number;
  /** When we were sure, ms since the epoch. */
  detectedAt: number;
  /** When the vendor's page first said so in our sight; null = not so far. */
  admittedAt: number | null;
  relapses: number;
  flapping: boolean;
}

/** A piece of the 24-hour strip: equal slices, oldest first. */
export interface Slice {
  state: TimeState;
  /** Share of the slice that was observed, 0 … 1. */
  seen: number;
}

/** Everything a view needs, written by the background in one piece; views never compute a verdict of their own. */
export interface Snapshot {
  schema: 1;
  at: number;
  state: State;
  /** Since when the state holds, ms since the epoch. */
  since: number;
  side: Side | null;
  /** The finer name of own-side trouble, where it is known. */
  ownTrouble: Cause | null;
  incident: IncidentView | null;
  diagnosis: Diagnosis | null;
  targets: TargetLine[];
  /** What fails on the user's own pages of the store, signed in as they are: no check can see that. */
  page: PageSight[];
  checkedAt: number | null;
  nextCheckAt: number | null;
  pausedUntil: number | null;
  forecast: Band | null;
  /** How past forecasts did: of `made`, so many ends lay inside the band. */
  forecastRecord: { made: number; inside: number };
  loss: Loss | null;
  official: { events: OfficialEvent[]; readAt: number | null; understood: boolean; reachable: boolean };
  resolver: ResolverOpinion | null;
  world: WorldOpinion | null;
  storefront: StorefrontOpinion | null;
  strip: { from: number; sliceMs: number; slices: Slice[]; uptime: number | null; coverage: number };
  lastIncident: { id: string; startedAt: number; endedAt: number; cause: Cause | 'undisclosed'; admittedAfterMin: number | null } | null;
  /** What is wrong with the monitor itself, each with a button in the popup. */
  problems: { kind: 'permission' | 'notifications' | 'storage' | 'feed' | 'clock' | 'policy'; detail: string }[];
  /** Set while a documented outage is played: everything shown says so. */
  rehearsal: { id: string; title: string } | null;
  language: Language;
  theme: 'auto' | 'light' | 'dark';
  storefrontCountry: string;
}

/** Under which what the store refused to write lies, in what lasts until the browser is closed: pages show the snapshot in it. */
export const UNSAVED_KEY = 'unsaved';
