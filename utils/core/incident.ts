import type { Cause, Undisclosed } from './causes.ts';
import type { Diagnosis } from './diagnosis.ts';
import type { Glance } from './detector.ts';
import type { StoreRole } from './role.ts';

export type IncidentKind = 'down' | 'degraded' | 'maintenance';

/** One outage as it is lived through. The record kept for ever is made from it (`incident-record.ts`). */
export interface Incident {
  id: string;
  kind: IncidentKind;
  /** First failure, ms since the epoch. */
  startedAt: number;
  /** When the evidence sufficed. */
  detectedAt: number;
  /** First healthy check of the present recovery; null while it lasts. */
  endedAt: number | null;
  /** When recovery was certain; null before. */
  closedAt: number | null;
  relapses: number;
  flapping: boolean;
  /** Leading cause, so that a change of it can be told. */
  cause: Cause | Undisclosed;
  /** Share of failures per role lately, 0 … 1: what a recovery is measured against. */
  rates: Partial<Record<StoreRole, number>>;
  /** First of the healthy checks in a row; null while it fails. */
  healthySince: number | null;
  /** Whether the end fell into time that was not observed (asleep): it is then told as one summary. */
  endUnseen: boolean;
  /** Evidence for a recovery, in natural log units. */
  recovery: number;
}

/**
 * Where the monitor stands:
 * `calm` → `suspect` (something fails, nobody is told) → `open` (an incident) → `recovering` → `calm`.
 * `unseen`: the store cannot be judged (own trouble, blind); an open incident stays open, a suspicion waits.
 */
export interface Course {
  phase: 'calm' | 'suspect' | 'open' | 'recovering';
  /** Whether the last check could not judge the store. */
  unseen: boolean;
  /** The open incident, or the last closed one while it may relapse. */
  incident: Incident | null;
  /** Whether the store failed in each of the last checks that saw it, oldest first. */
  lately: boolean[];
}

export const CALM: Course = { phase: 'calm', unseen: false, incident: null, lately: [] };

export type IncidentEvent =
  | { kind: 'suspected'; at: number }
  | { kind: 'cleared'; at: number }
  | { kind: 'opened'; at: number; incident: Incident }
  /** The leading cause or the kind changed. */
  | { kind: 'reclassified'; at: number; incident: Incident; from: Cause | Undisclosed; fromKind: IncidentKind }
  | { kind: 'recovering'; at: number; incident: Incident }
  | { kind: 'relapsed'; at: number; incident: Incident }
  | { kind: 'recovered'; at: number; incident: Incident };

/** What a check means, with everything weighed: the only input of the reducer. */
export interface Assessment {
  at: number;
  glance: Glance;
  /** Whether the detector's evidence suffices (`isReliable`). */
  reliable: boolean;
  /** First failure of the present suspicion; null = nothing suspicious. */
  firstFailureAt: number | null;
  /** Null where nothing failed. */
  diagnosis: Diagnosis | null;
  /** Share of failures per role since the trouble began, 0 … 1. */
  shares: Partial<Record<StoreRole, number>>;
  /** Whether what is seen is maintenance: a maintenance page, or failures while the vendor's announced one is under way. */
  maintenance: boolean;
  /** Whether the time since the last check was not observed. */
  gap: boolean;
}

const MINUTE = 60_000;
/** A recovery is announced after a tenth of the outage, at least three minutes (updown.io, Better Stack: three good checks), at most half an hour. */
const RECOVERY_SHARE = 0.1;
const RECOVERY_MIN_MS = 3 * MINUTE;
const RECOVERY_MAX_MS = 30 * MINUTE;
/** Evidence that a recovery needs, natural log units: e^5 ≈ 150 : 1 against chance. */
const RECOVERY_EVIDENCE = 5;
/** And so much before it is called a recovery at all: e^3 ≈ 20 : 1. */
const RECOVERING_EVIDENCE = 3;
/** 24 % of documented incidents had a second wave; it belongs to the same incident when it comes within a quarter of its length. */
const RELAPSE_SHARE = 0.25;
const RELAPSE_MIN_MS = 30 * MINUTE;
const RELAPSE_MAX_MS = 6 * 60 * MINUTE;

/** Below this probability of the store's side a check says nothing of the store. */
const STORE_SIDE = 0.5;
/** And it must be this sure, three to one, before anybody is told: a look more costs half a minute, a false alarm costs trust. */
const TELL_SIDE = 0.75;

/**
 * Share of changes among the last 21 states, the recent ones weighing more (Nagios' rule: weights 0.75 … 1.25).
 * @returns 0 … 1
 */
export function changeShare(states: readonly boolean[]): number {
  const last = states.slice(-21);
  if (last.length < 21) return 0;
  let sum = 0;
  for (let i = 1; i < last.length; i++) if (last[i] !== last[i - 1]) sum += 0.75 + ((i - 1) * 0.5) / 19;
  return sum / 20;
}
/** Nagios' compiled defaults: begin at 30 %, end at 20 %. */
const FLAP_START = 0.3;
const FLAP_STOP = 0.2;

/** @returns how long after its end a new failure belongs to the same incident, ms. */
export function relapseWindow(incident: Incident): number {
  const length = (incident.endedAt ?? incident.startedAt) - incident.startedAt;
  return Math.min(RELAPSE_MAX_MS, Math.max(RELAPSE_MIN_MS, length * RELAPSE_SHARE));
}

/** @returns how long all must be well before a recovery is announced, ms. */
export function recoveryWindow(incident: Incident): number {
  const length = (incident.endedAt ?? incident.startedAt) - incident.startedAt;
  return Math.min(RECOVERY_MAX_MS, Math.max(RECOVERY_MIN_MS, length * RECOVERY_SHARE));
}

const CORE_ROLES: ReadonlySet<StoreRole> = new Set(['storefront', 'catalog', 'directory']);

/** Down: most of what was asked fails, or most of the parts that every client needs first. Else degraded. */
function kindOf(rates: Incident['rates'], maintenance: boolean, before: IncidentKind | null = null): IncidentKind {
  if (maintenance) return 'maintenance';
  const all = Object.entries(rates) as [StoreRole, number][];
  const share = all.reduce((sum, [, rate]) => sum + rate, 0) / Math.max(1, all.length);
  const core = all.filter(([role]) => CORE_ROLES.has(role));
  const coreShare = core.reduce((sum, [, rate]) => sum + rate, 0) / Math.max(1, core.length);
  // Hysteresis: what is called down stays so until it is clearly better, or the word would change with every check.
  const enough = before === 'down' ? 0.25 : 0.5;
  return Math.max(share, coreShare) >= enough ? 'down' : 'degraded';
}

/** Rates follow what is seen within some ten checks. */
const RATE_STEP = 0.12;

function nextRates(rates: Incident['rates'], seen: Glance): Incident['rates'] {
  const next = { ...rates };
  for (const { role, failed, slow } of seen.asked) {
    const bad = failed ? 1 : slow ? 0.5 : 0;
    const old = next[role];
    next[role] = old === undefined ? bad : old * (1 - RATE_STEP) + bad * RATE_STEP;
  }
  return next;
}

/** A rate that stray failures alone make. */
const NEVER_FAILED = 0.01;

/** What an answer says for a recovery: much from a part that always failed, little from one that failed now and then. */
function recoveryEvidence(rates: Incident['rates'], seen: Glance): number {
  // What failed is not asked any more (set aside): the rest was never ill, and each healthy check says so.
  let sum = Object.values(rates).every((rate) => rate < NEVER_FAILED) ? 1 : 0;
  for (const { role, failed, slow } of seen.asked) {
    const rate = Math.min(0.95, rates[role] ?? 0);
    sum += failed || slow ? -3 : -Math.log(1 - rate);
  }
  return sum;
}

/**
 * The life of an incident, one check at a time. Pure: the same course and assessment give the same answer.
 * Local trouble opens nothing and closes nothing.
 * @returns the new course and what happened, in order; `opened` and `recovered` alternate, and never are two incidents open
 */
export function advance(course: Course, now: Assessment): [Course, IncidentEvent[]] {
  const { at, glance: seen, diagnosis } = now;
  const sideIsStore = diagnosis === null || diagnosis.side.store >= STORE_SIDE;
  const unseen = seen.lineDown || seen.asked.length === 0 || (seen.asked.some((a) => a.failed) && !sideIsStore);
  if (unseen) {
    // Asleep, and the network not ready yet: should it be over by then, its end was not seen.
    const slept = now.gap && course.phase === 'open' && course.incident?.healthySince === null;
    return [{ ...course, unseen: true, incident: slept ? { ...course.incident!, endUnseen: true } : course.incident }, []];
  }

  const failing = seen.asked.some((a) => a.failed || a.slow);
  const lately = [...course.lately, failing].slice(-21);
  const base: Course = { ...course, unseen: false, lately };

  switch (course.phase) {
    case 'calm':
    case 'suspect':
      return whileClosed(base, now, diagnosis === null || diagnosis.side.store >= TELL_SIDE);
    case 'open':
      return whileOpen(base, now, failing);
    case 'recovering':
      return whileRecovering(base, now, failing, at);
  }
}

function leading(diagnosis: Diagnosis | null): Cause | Undisclosed {
  return diagnosis?.causes[0]?.id ?? 'undisclosed';
}

function whileClosed(course: Course, now: Assessment, sure: boolean): [Course, IncidentEvent[]] {
  if (now.firstFailureAt === null) {
    const events: IncidentEvent[] = course.phase === 'suspect' ? [{ kind: 'cleared', at: now.at }] : [];
    const forgotten = course.incident !== null && now.at - (course.incident.endedAt ?? now.at) > relapseWindow(course.incident);
    return [{ ...course, phase: 'calm', incident: forgotten ? null : course.incident }, events];
  }
  const failing = now.glance.asked.some((a) => a.failed || a.slow);
  if (!now.reliable || !sure || !failing) {
    const events: IncidentEvent[] = course.phase === 'calm' ? [{ kind: 'suspected', at: now.at }] : [];
    return [{ ...course, phase: 'suspect' }, events];
  }
  const rates = nextRates(now.shares, now.glance);
  const last = course.incident;
  if (last !== null && now.firstFailureAt - (last.endedAt ?? 0) <= relapseWindow(last)) {
    const incident: Incident = { ...last, kind: kindOf(rates, now.maintenance), endedAt: null, healthySince: null, closedAt: null, endUnseen: false, relapses: last.relapses + 1, rates, recovery: 0 };
    return [{ ...course, phase: 'open', incident }, [{ kind: 'relapsed', at: now.at, incident }]];
  }
  const incident: Incident = {
    id: now.firstFailureAt.toString(36),
    kind: kindOf(rates, now.maintenance),
    startedAt: now.firstFailureAt,
    detectedAt: now.at,
    endedAt: null,
    closedAt: null,
    relapses: 0,
    flapping: false,
    cause: leading(now.diagnosis),
    rates,
    healthySince: null,
    endUnseen: false,
    recovery: 0,
  };
  return [{ ...course, phase: 'open', incident }, [{ kind: 'opened', at: now.at, incident }]];
}

function whileOpen(course: Course, now: Assessment, failing: boolean): [Course, IncidentEvent[]] {
  const incident = course.incident!;
  const share = changeShare(course.lately);
  const flapping = incident.flapping ? share > FLAP_STOP : share >= FLAP_START;
  if (!failing) {
    // One healthy check of a store that fails now and then is no recovery yet.
    const recovery = incident.recovery + recoveryEvidence(incident.rates, now.glance);
    const healthy: Incident = { ...incident, flapping, recovery, healthySince: incident.healthySince ?? now.at, endUnseen: incident.endUnseen || (incident.healthySince === null && now.gap) };
    if (recovery < RECOVERING_EVIDENCE) return [{ ...course, phase: 'open', incident: healthy }, []];
    const recovering: Incident = { ...healthy, endedAt: healthy.healthySince };
    return [{ ...course, phase: 'recovering', incident: recovering }, [{ kind: 'recovering', at: now.at, incident: recovering }]];
  }
  const rates = nextRates(incident.rates, now.glance);
  const kind = kindOf(rates, now.maintenance, incident.kind);
  const cause = leading(now.diagnosis);
  const next: Incident = { ...incident, rates, kind, cause, flapping, recovery: 0, healthySince: null, endUnseen: false };
  const changed = cause !== incident.cause || kind !== incident.kind;
  return [
    { ...course, phase: 'open', incident: next },
    changed ? [{ kind: 'reclassified', at: now.at, incident: next, from: incident.cause, fromKind: incident.kind }] : [],
  ];
}

function whileRecovering(course: Course, now: Assessment, failing: boolean, at: number): [Course, IncidentEvent[]] {
  const incident = course.incident!;
  const share = changeShare(course.lately);
  const flapping = incident.flapping ? share > FLAP_STOP : share >= FLAP_START;
  const recovery = incident.recovery + recoveryEvidence(incident.rates, now.glance);
  // One stray failure in a long recovery is the noise of the line; evidence that falls back to nothing is the outage going on.
  if (failing && (recovery < 0 || now.reliable)) {
    const back: Incident = { ...incident, endedAt: null, healthySince: null, endUnseen: false, recovery: 0, flapping, rates: nextRates(incident.rates, now.glance) };
    return [{ ...course, phase: 'open', incident: back }, []];
  }
  const next: Incident = { ...incident, recovery, flapping };
  const longEnough = at - (incident.endedAt ?? at) >= recoveryWindow(incident);
  if (failing || flapping || !longEnough || recovery < RECOVERY_EVIDENCE) return [{ ...course, phase: 'recovering', incident: next }, []];
  const closed: Incident = { ...next, closedAt: at };
  return [{ ...course, phase: 'calm', incident: closed }, [{ kind: 'recovered', at, incident: closed }]];
}

/** @returns whether an incident is under way (told, and not yet over). */
export function isOpen(course: Course): boolean {
  return course.phase === 'open' || course.phase === 'recovering';
}
