import { failureOf } from './observation.ts';
import { isOpen } from './incident.ts';
import { isSetAside, isTrusted } from './trust.ts';
import type { MonitorState } from './monitor-state.ts';
import type { Language, Settings } from './settings.ts';
import type { Band, IncidentView, Loss, Snapshot, TargetLine } from './snapshot.ts';
import { pageSights } from './page-sight.ts';
import type { Target } from './target.ts';
import { isStoreRole } from './role.ts';

export interface SnapshotInput {
  state: MonitorState;
  settings: Settings;
  country: string;
  language: Language;
  targets: readonly Target[];
  strip: Snapshot['strip'];
  forecast: Band | null;
  loss: Loss | null;
  admittedAt: number | null;
  rehearsal: Snapshot['rehearsal'];
  now: number;
}

/** @returns everything a view shows, from what the monitor knows. */
export function snapshotOf(input: SnapshotInput): Snapshot {
  const { state, settings, now } = input;
  const paused = state.pausedUntil !== null && state.pausedUntil > now;
  return {
    schema: 1,
    at: now,
    state: paused ? 'unknown' : state.verdict.state,
    since: state.verdict.since,
    side: paused ? null : state.verdict.side,
    ownTrouble: state.verdict.ownTrouble,
    incident: incidentView(state, input.admittedAt),
    diagnosis: state.diagnosis,
    targets: input.targets.map((target) => targetLine(target, state, settings, now)),
    // What pages are answered there is counted only where no target asks (`registerPageFailures`): beside a target that answers, it may be two of hundreds.
    page: paused ? [] : pageSights(state.page).filter(({ host }) => !input.targets.some((target) => target.host === host && state.last[target.id]?.result.kind === 'ok')),
    checkedAt: state.lastRoundAt,
    nextCheckAt: state.nextAt,
    pausedUntil: paused ? state.pausedUntil : null,
    forecast: input.forecast,
    forecastRecord: state.forecastRecord,
    loss: input.loss,
    official: {
      events: state.official?.kind === 'read' ? state.official.events.filter((e) => e.music) : [],
      readAt: state.official?.kind === 'read' ? state.official.at : null,
      understood: state.official?.kind !== 'not-understood',
      reachable: state.official?.kind !== 'unreachable',
    },
    resolver: state.resolver,
    world: state.world,
    storefront: state.storefront,
    strip: input.strip,
    lastIncident: state.lastIncident,
    problems: state.problems,
    rehearsal: input.rehearsal,
    language: input.language,
    theme: settings.theme,
    storefrontCountry: input.country,
  };
}

function incidentView(state: MonitorState, admittedAt: number | null): IncidentView | null {
  const { incident } = state.course;
  if (incident === null || !isOpen(state.course)) return null;
  return {
    id: incident.id,
    state: state.course.phase === 'recovering' ? 'recovering' : incident.kind,
    startedAt: incident.startedAt,
    detectedAt: incident.detectedAt,
    admittedAt,
    relapses: incident.relapses,
    flapping: incident.flapping,
  };
}

function targetLine(target: Target, state: MonitorState, settings: Settings, now: number): TargetLine {
  const o = state.last[target.id];
  const profile = state.profiles[target.id];
  const usual = profile?.usualMs ?? target.usualMs;
  const base = { target: target.id, role: target.role, host: target.host, trusted: isTrusted(profile, now) || !isStoreRole(target.role), served: state.served[target.id] ?? null };
  if (o === undefined) return { ...base, at: null, status: 'unobserved', failure: null, phase: 'unknown', ms: null, edge: null, site: null, by: null };
  const seen = { ...base, at: o.at, ms: Math.round(o.ms), edge: o.answer?.edge ?? null, site: o.answer?.site ?? null, by: o.answer?.by ?? null };
  switch (o.result.kind) {
    case 'ok':
      return { ...seen, status: o.ms >= Math.max(1_000, usual * settings.thresholds.slowFactor) ? 'slow' : 'ok', failure: null, phase: 'done' };
    case 'failed':
      return { ...seen, status: isSetAside(profile, now) ? 'set-aside' : 'failed', failure: failureOf(o), phase: o.result.phase };
    case 'discarded':
      return { ...seen, status: o.result.because === 'no-permission' ? 'no-permission' : 'unobserved', failure: null, phase: 'unknown' };
  }
}
