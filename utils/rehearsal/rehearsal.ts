import { createMonitor } from '../app/monitor.ts';
import type { Clock, Keeper, Tell } from '../app/ports.ts';
import { isOpen } from '../core/incident.ts';
import { newMonitorState } from '../core/monitor-state.ts';
import { LONGEST_MS, REHEARSALS, slowestFor } from '../core/rehearsal.ts';
import { flaw, success, type Outcome } from '../core/result.ts';
import type { Scenario } from '../core/scenario.ts';
import type { Language, Settings } from '../core/settings.ts';
import type { Snapshot } from '../core/snapshot.ts';
import type { Target } from '../core/target.ts';
import { createKeeper } from '../store/keeper.ts';
import { drive, lastMinutes } from './drive.ts';
import { MINUTE, type Engine } from './network.ts';
import { shiftNotice, shiftSnapshot } from './shift.ts';
import { createWorld, type Settle, type World } from './world.ts';

/**
 * Plays a documented outage through the real monitor, detector, diagnosis and forecast, on a virtual clock, a virtual network and a store in
 * memory. What comes of it is shown in place of the real state; nothing of it is kept, and the real monitor goes on beside it.
 */

export interface RehearsalPorts {
  /** The user's. */
  clock: Clock;
  /** A turn of the event loop. */
  settle: Settle;
  /** The user's engine: what it reports of a failure is what is played. */
  engine: Engine;
  targets: readonly Target[];
  settings(): Settings;
  country(): string;
  language(): Language;
  utcOffset(at: number): number;
  /** Reads the scenario. */
  load(id: string): Promise<Outcome<Scenario>>;
  /** Its title in the user's words. */
  title(key: (typeof REHEARSALS)[number]['title']): string;
  /** Shows a snapshot wherever the real one is shown otherwise. */
  show(snapshot: Snapshot): Promise<void>;
  /** Tells a notice, with the word that it is only played. */
  tell: Tell;
  /** Shows the real state again. */
  restore(): Promise<void>;
}

export interface Rehearsal {
  /** @param speed times faster than it was. @returns when it has begun; an error where the scenario is not there, the speed too slow, or another is being played */
  start(wish: { scenario: string; speed: number }): Promise<Outcome<void>>;
  /** Ends it at once; without one nothing happens. */
  stop(): Promise<void>;
  playing(): boolean;
  /** No banner for the rest of it. @returns false where nothing is played */
  dismiss(): boolean;
  dismissed(): boolean;
}

/** Healthy time before minute 0, played in no time: targets earn their trust, and the day's strip is not empty. */
const LEAD_MS = 24 * 60 * MINUTE;
/** What stays the same is shown anew once in so long: readers of the screen are not to be talked to death, and the background stays awake by it. */
const SHOW_EVERY_MS = 1_000;
/** The end is left to be looked at. */
const CURTAIN_MS = 6_000;
/** The same accidents every time. */
const SEED = 'rehearsal';

interface Play {
  stopped: boolean;
  dismissed: boolean;
  /** The last thing that was shown, until it stands there. */
  showing: Promise<void>;
}

/** @returns the stage: at most one outage is played on it. */
export function createRehearsal(ports: RehearsalPorts): Rehearsal {
  let play: Play | null = null;

  async function end(mine: Play): Promise<void> {
    if (mine.stopped) return;
    mine.stopped = true;
    await mine.showing;
    play = null;
    await ports.restore();
  }

  return {
    async start({ scenario: id, speed }) {
      if (play !== null) return flaw('rehearse', 'another one is being played');
      const listed = REHEARSALS.find((one) => one.id === id);
      if (listed === undefined) return flaw('rehearse.scenario', `knows none named ${JSON.stringify(id)}`);
      const slowest = slowestFor(listed.minutes);
      if (!(speed >= slowest)) return flaw('rehearse.speed', `must be at least ${slowest}: five minutes are the longest`);
      const mine: Play = { stopped: false, dismissed: false, showing: Promise.resolve() };
      play = mine;
      const scenario = await ports.load(id);
      if (!scenario.ok) {
        await end(mine);
        return scenario;
      }
      void perform(ports, mine, scenario.value, { id, title: ports.title(listed.title) }, speed).finally(() => end(mine));
      return success(undefined);
    },
    async stop() {
      if (play !== null) await end(play);
    },
    playing: () => play !== null,
    dismiss() {
      if (play === null) return false;
      play.dismissed = true;
      return true;
    },
    dismissed: () => play?.dismissed ?? false,
  };
}

async function perform(ports: RehearsalPorts, play: Play, scenario: Scenario, mark: NonNullable<Snapshot['rehearsal']>, speed: number): Promise<void> {
  const { clock } = ports;
  const { start } = scenario;
  const world: World = createWorld(scenario, { engine: ports.engine, seed: SEED }, start - LEAD_MS, ports.settle);
  /** The user's time at minute 0; null before that. */
  let curtainUp: number | null = null;
  let latest: Snapshot | null = null;
  let shown: { at: number; what: string } = { at: -Infinity, what: '' };
  /** Whether an outage is open, or something is still to be told. */
  let busy = false;

  /** @returns how far the user's time is ahead of the played one, when that stands at `at`; never before what was seen last. */
  const ahead = (at: number): number => Math.floor(clock.now() - Math.max(at + world.network.skewAt(at), latest?.at ?? -Infinity));

  /** @param at the moment the play has come to, true time of the scenario */
  async function show(at: number): Promise<void> {
    if (latest === null) return;
    const what = `${latest.state} ${latest.incident?.state} ${latest.incident?.id} ${play.dismissed}`;
    const now = clock.now();
    if (what === shown.what && now - shown.at < SHOW_EVERY_MS) return;
    shown = { at: now, what };
    play.showing = ports.show(shiftSnapshot(latest, ahead(at))).catch(() => undefined);
    await play.showing;
  }

  const keeper = createKeeper({
    storage: world.storage,
    targets: ports.targets,
    language: () => ports.language(),
    utcOffset: (at) => ports.utcOffset(at),
    rehearsal: mark,
    committed: (snapshot) => void (latest = snapshot),
    decode: (_, now) => ({ state: newMonitorState(now), damaged: [] }),
  });

  const watched: Keeper = {
    ...keeper,
    commit(commit) {
      busy = isOpen(commit.state.course) || commit.state.outbox.length > 0;
      return keeper.commit(commit);
    },
  };

  /** The user's own, but told at any hour: whoever plays it sits before it. */
  const settings = (): Settings => {
    const own = ports.settings();
    return { ...own, notify: { ...own.notify, quietFrom: 0, quietTo: 0 } };
  };

  const monitor = createMonitor({
    clock: world.clock,
    random: world.random,
    probe: world.probe,
    sources: world.sources,
    keeper: watched,
    // The virtual world stands still until a tick is done, so it must not wait for the real one.
    tell: async (notice) => {
      if (!play.stopped) void ports.tell(shiftNotice(notice, ahead(world.trueNow())));
      return success(undefined);
    },
    settings,
    country: () => ports.country(),
    utcOffset: (at) => ports.utcOffset(at),
    targets: ports.targets,
    pageFailures: () => null,
    contacts: () => [],
    progress: () => undefined,
  });

  /** Lets the user's time come to the moment at which the play stands. @returns false where it was stopped, or has lasted too long */
  async function pace(): Promise<boolean> {
    const due = world.trueNow();
    if (due < start) return !play.stopped;
    curtainUp ??= clock.now();
    for (;;) {
      const now = clock.now();
      if (play.stopped || now < curtainUp || now - curtainUp > LONGEST_MS) return false;
      const left = curtainUp + (due - start) / speed - now;
      await show(Math.min(due, start + (clock.now() - curtainUp) * speed));
      if (left <= 0) return !play.stopped;
      await clock.wait(Math.min(Math.ceil(left), SHOW_EVERY_MS));
    }
  }

  const { last, latest: latestMinute } = lastMinutes(scenario);
  await drive(world, monitor, () => settings().interval, async () => {
    const minute = (world.trueNow() - start) / MINUTE;
    return (await pace()) && minute <= latestMinute && (minute <= last || busy);
  });

  for (let left = CURTAIN_MS; left > 0 && !play.stopped; left -= SHOW_EVERY_MS) {
    await show(world.trueNow());
    await clock.wait(SHOW_EVERY_MS);
  }
}
