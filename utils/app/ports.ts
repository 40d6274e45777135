import type { Notice } from '../core/notice.ts';
import type { Span } from '../core/history.ts';
import type { Incident } from '../core/incident.ts';
import type { Contact } from '../core/ledger.ts';
import type { MonitorState } from '../core/monitor-state.ts';
import type { Reminder } from '../core/reminder.ts';
import type { Outcome } from '../core/result.ts';
import type { Settings } from '../core/settings.ts';
import type { Snapshot } from '../core/snapshot.ts';
import type { Observation } from '../core/observation.ts';
import type { OfficialReading } from '../core/official.ts';
import type { ResolverOpinion, StorefrontOpinion, WorldOpinion } from '../core/opinion.ts';
import type { Target, TargetContext } from '../core/target.ts';

/** What the application needs of the world. The browser implements these (`utils/platform`), the replay gives virtual ones. */

export interface Clock {
  /** ms since the epoch. */
  now(): number;
  wait(ms: number): Promise<void>;
}

/** @returns a number in [0, 1). */
export type Random = () => number;

/** Asks one target once. Never throws: whatever happens is an observation. */
export type Probe = (target: Target, context: TargetContext) => Promise<Observation>;

/** Raw store: any JSON may come back, so whoever reads decodes. */
export interface Storage {
  read(keys: readonly string[]): Promise<Outcome<Record<string, unknown>>>;
  /** All entries in one write; `undefined` removes the key. */
  write(entries: Readonly<Record<string, unknown>>): Promise<Outcome<void>>;
}

export interface Commit {
  state: MonitorState;
  settings: Settings;
  country: string;
  now: number;
  /** Stretches of time that were settled by this check. */
  spans: readonly Span[];
  observations: readonly Observation[];
  /** An incident that ended with this check. */
  closed: Incident | null;
  /** What the sources contacted since the last commit. */
  contacts: readonly Contact[];
}

/** Keeps what the monitor knows. One write per commit: state, snapshot and history belong together. */
export interface Keeper {
  /**
   * May be asked at any moment, also during a check: all who ask while the store is being read get the one answer.
   * @returns the state; an error where the store could not be read, and then nothing must be written.
   */
  load(now: number): Promise<Outcome<MonitorState>>;
  /** In memory the commit counts whether or not the store took it; what was refused goes with the next one. */
  commit(commit: Commit): Promise<Outcome<Snapshot>>;
  /**
   * Forgets what was read: somebody else changed the store.
   * @param unwritten whether what a refused write left over goes too; else it is found again
   */
  forget(unwritten: boolean): void;
}

/** What is asked besides the targets; each has its own budget and never throws. */
export interface Sources {
  /** Reads the vendor's feed in a language, conditional on what was read before. */
  official(): Promise<OfficialReading>;
  /** Asks public resolvers for the names of these hosts. */
  resolver(hosts: readonly string[]): Promise<ResolverOpinion>;
  /**
   * Asks vantage points elsewhere about a host. Null where consent is missing, and until their answers are in: ask again with the next check.
   * An opinion without votes says why there are none.
   */
  world(target: Target, context: TargetContext): Promise<WorldOpinion | null>;
  /** Asks another country's storefront. */
  storefront(country: string): Promise<StorefrontOpinion | null>;
}

/** Songs kept through an outage, the newest first. */
export interface Reminders {
  list(): Promise<Reminder[]>;
  add(reminder: Reminder): Promise<Outcome<null>>;
  remove(id: string): Promise<Outcome<null>>;
}

/**
 * What became of a notification that was not refused: where the browser tells, it is known whether it appeared; a browser without notifications
 * (Safari) shows none, and toolbar, popup and banner tell alone.
 */
export type Shown = 'swallowed' | 'unsupported' | undefined;

/** Shows a notice in the user's words; the composition renders it and hands it to the `Notifier`. */
export type Tell = (notice: Notice) => Promise<Outcome<Shown>>;

export interface Notification {
  /** Stable: incident and event. The same id replaces, it never stacks. */
  id: string;
  title: string;
  message: string;
  /** Words of the buttons, where the platform has them. */
  buttons: string[];
}

export interface Notifier {
  /** @returns an error where the system refused it: it may be tried again */
  show(notification: Notification): Promise<Outcome<Shown>>;
  clear(id: string): Promise<void>;
  /** Whether the browser draws buttons on notifications. */
  hasButtons(): boolean;
}
