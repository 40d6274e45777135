import { createKeeper } from '../../utils/store/keeper.ts';
import type { Keeper } from '../../utils/app/ports.ts';
import { createMonitor } from '../../utils/app/monitor.ts';
import { diagnose, type Diagnosis } from '../../utils/core/diagnosis.ts';
import { collectEvidence } from '../../utils/core/evidence.ts';
import { isOpen } from '../../utils/core/incident.ts';
import { newMonitorState, type MonitorState } from '../../utils/core/monitor-state.ts';
import { DEFAULT_SETTINGS, type Settings } from '../../utils/core/settings.ts';
import type { Scenario } from '../../utils/core/scenario.ts';
import type { Snapshot } from '../../utils/core/snapshot.ts';
import { TARGETS } from '../../utils/core/targets.ts';
import { MINUTE, type Engine } from '../../utils/rehearsal/network.ts';
import { CHECKPOINTS, type Checkpoint, type ReplayLine } from './score.ts';
import { drive, lastMinutes } from '../../utils/rehearsal/drive.ts';
import { createWorld } from '../../utils/rehearsal/world.ts';

/** The real monitor, diagnosis and forecast on a virtual clock and a virtual network. There is no second engine. */

export interface ReplayOptions {
  engine: Engine;
  /** Minutes between checks while all is well. */
  interval: Settings['interval'];
  seed: string;
  /** Whether public resolvers, vantage points and another country's shop are asked. Vantage points need the user's consent in the product. */
  secondOpinion: boolean;
  /** Share of requests that fail by accident, 0 … 1. */
  stray?: number;
}

export const DEFAULT_OPTIONS: ReplayOptions = { engine: 'chromium', interval: 5, seed: '1', secondOpinion: true };

/** Healthy time before minute 0. */
const LEAD_MS = 24 * 60 * MINUTE;
/** A recovery is told within a minute after it is certain. */
const TELL_MIN = 1.5;
const UTC_OFFSET_MIN = 9 * 60;
const COUNTRY = 'jp';

/** A turn of the event loop: all promises that can go on go on. */
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** An incident as the replay saw it open and close, minutes since the scenario's start. */
export interface SeenIncident {
  openedMinute: number;
  startedMinute: number;
  kind: string;
  closedMinute: number | null;
}

export interface Replay {
  line: ReplayLine;
  incidents: SeenIncident[];
}

/**
 * @param onCommit called with every state the monitor stores, for whoever wants to know why
 * @returns the line to print of a scenario; the same scenario, options and code give the same line
 */
export async function replay(scenario: Scenario, options: ReplayOptions = DEFAULT_OPTIONS, onCommit?: (minute: number, state: MonitorState) => void): Promise<Replay> {
  const { start } = scenario;
  const world = createWorld(scenario, options, start - LEAD_MS, turn);
  const minuteNow = (): number => (world.trueNow() - start) / MINUTE;

  let state: MonitorState = newMonitorState(world.clock.now());
  let snapshot: Snapshot | null = null;
  let checks = 0;
  let suspectedMinute: number | null = null;
  /** The last one of this scenario: between two failures that come and go, the monitor has none. */
  let diagnosis: Diagnosis | null = null;
  const incidents: SeenIncident[] = [];
  const watch = (next: MonitorState): void => {
    const minute = minuteNow();
    if (next.lastRoundAt !== state.lastRoundAt && minute >= 0) checks++;
    if (suspectedMinute === null && minute >= 0 && next.course.phase !== 'calm') suspectedMinute = minute;
    const { incident } = next.course;
    if (isOpen(next.course) && !isOpen(state.course) && incident !== null) {
      incidents.push({
        openedMinute: minute,
        // The user's clock may be wrong; the length of the suspicion is right all the same.
        startedMinute: minute - (world.clock.now() - incident.startedAt) / MINUTE,
        kind: incident.kind,
        closedMinute: null,
      });
    }
    if (!isOpen(next.course) && isOpen(state.course)) incidents.at(-1)!.closedMinute = minute;
    if (minute >= 0) diagnosis = next.diagnosis ?? diagnosis;
    state = next;
    onCommit?.(minute, next);
  };

  const pending = checkpointMinutes(scenario);
  const at: Checkpoint[] = [];
  const takeCheckpoints = (): void => {
    while (pending.length > 0 && pending[0]! <= minuteNow()) at.push(checkpoint(pending.shift()!, state, diagnosis, snapshot));
  };

  const keeper = createKeeper({
    storage: world.storage,
    targets: TARGETS,
    language: () => 'en',
    rehearsal: null,
    utcOffset: () => UTC_OFFSET_MIN,
    committed: (shown) => void (snapshot = shown),
    decode: (_, now) => ({ state: newMonitorState(now), damaged: [] }),
  });
  const watched: Keeper = {
    load: (now) => keeper.load(now),
    forget: (all) => keeper.forget(all),
    commit: async (commit) => {
      takeCheckpoints();
      const outcome = await keeper.commit(commit);
      watch(commit.state);
      return outcome;
    },
  };
  const settings = settingsOf(options);
  const monitor = createMonitor({
    clock: world.clock,
    random: world.random,
    probe: world.probe,
    sources: world.sources,
    keeper: watched,
    tell: world.tell,
    settings: () => settings,
    country: () => COUNTRY,
    utcOffset: () => UTC_OFFSET_MIN,
    targets: TARGETS,
    pageFailures: () => null,
    contacts: () => [],
    progress: () => undefined,
  });

  const { last, latest } = lastMinutes(scenario);
  /** Whether there is nothing left to see: the incident is closed, and what there was to tell of it has been told. */
  const isOver = (minute: number): boolean => minute > last && !isOpen(state.course) && minute > (incidents.at(-1)?.closedMinute ?? 0) + TELL_MIN;

  await drive(world, monitor, () => settings.interval, () => {
    takeCheckpoints();
    const minute = minuteNow();
    return minute <= latest && !isOver(minute);
  });

  const opened = incidents.filter(({ openedMinute }) => openedMinute >= 0);
  return {
    incidents,
    line: {
      id: scenario.id,
      checks,
      suspectedMinute: rounded(suspectedMinute),
      detectedMinute: rounded(opened[0]?.openedMinute ?? null),
      recoveredMinute: rounded(opened.at(-1)?.closedMinute ?? null),
      notifications: world.told.map(({ at: when, notice }) => ({ minute: rounded((when - start) / MINUTE), kind: notice.kind })),
      at,
    },
  };
}

function settingsOf(options: ReplayOptions): Settings {
  const second = options.secondOpinion;
  return {
    ...DEFAULT_SETTINGS,
    interval: options.interval,
    secondOpinion: { resolvers: second, world: second ? 'once-per-incident' : 'off', storefront: second },
  };
}

/** @returns 5, 15, 60, 240 and 1440 minutes and the last minute before the end, as far as they lie before it. */
export function checkpointMinutes(scenario: Scenario): number[] {
  const { endMinute } = scenario;
  const end = endMinute ?? lastMinutes(scenario).last;
  const minutes = CHECKPOINTS.filter((minute) => minute < end) as number[];
  if (endMinute !== null && endMinute - 1 >= 0 && !minutes.includes(endMinute - 1)) minutes.push(endMinute - 1);
  return minutes.sort((a, b) => a - b);
}

/** What the user saw at that minute: the state after the last check before it. */
function checkpoint(minute: number, state: MonitorState, last: Diagnosis | null, snapshot: Snapshot | null): Checkpoint {
  const diagnosis = last ?? diagnose(collectEvidence(state.episode, { now: state.lastRoundAt ?? 0, utcOffsetMinutes: UTC_OFFSET_MIN }));
  const { side } = diagnosis;
  const forecast = snapshot?.forecast ?? null;
  return {
    minute,
    state: snapshot?.state ?? 'unknown',
    side: { own: probability(side.own), path: probability(side.path), store: probability(side.store) },
    causes: diagnosis.causes.map(({ id, p }) => ({ id, p: probability(p) })),
    families: diagnosis.families.map(({ id, p }) => ({ id, p: probability(p) })),
    remaining: forecast && { p10: rounded(forecast.p10), p50: rounded(forecast.p50), p90: rounded(forecast.p90) },
  };
}

/** Six decimals: sums stay 1 for all purposes, and lines stay short. */
function probability(p: number): number {
  return Math.round(p * 1e6) / 1e6;
}

function rounded(minute: number): number;
function rounded(minute: number | null): number | null;
function rounded(minute: number | null): number | null {
  return minute === null ? null : Math.round(minute * 100) / 100;
}
