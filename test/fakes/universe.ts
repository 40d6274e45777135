import { createMonitor, type Monitor } from '../../utils/app/monitor.ts';
import type { Storage } from '../../utils/app/ports.ts';
import type { Contact } from '../../utils/core/ledger.ts';
import { phaseOf, type Failure } from '../../utils/core/failure.ts';
import { allKeys, HISTORY_INDEX, loadHistory, totals, type Durations, type History } from '../../utils/core/history.ts';
import type { MonitorState } from '../../utils/core/monitor-state.ts';
import type { Notice } from '../../utils/core/notice.ts';
import { answeredOf } from '../../utils/core/progress.ts';
import type { DiscardReason, Observation } from '../../utils/core/observation.ts';
import type { OfficialReading } from '../../utils/core/official.ts';
import type { ResolverOpinion, StorefrontOpinion, WorldOpinion } from '../../utils/core/opinion.ts';
import { flaw, success, type Flaw, type Outcome } from '../../utils/core/result.ts';
import type { PageFailures, Trigger } from '../../utils/core/round.ts';
import { DEFAULT_SETTINGS, type Settings } from '../../utils/core/settings.ts';
import type { Snapshot } from '../../utils/core/snapshot.ts';
import type { Target } from '../../utils/core/target.ts';
import { TARGETS } from '../../utils/core/targets.ts';
import { createKeeper, SNAPSHOT_KEY, STATE_KEY } from '../../utils/store/keeper.ts';
import { decodeState } from '../../utils/store/state.ts';

export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;
/** A Tuesday noon, UTC. */
export const BIRTH = Date.UTC(2026, 2, 10, 12);

const DISCARDS: ReadonlySet<string> = new Set<DiscardReason>(['aborted', 'network-changed', 'suspended', 'late', 'rate-limited', 'no-permission']);

/** What happens to a request: null = a healthy answer. */
export type Fate = Failure | DiscardReason | 'slow' | null;

/** Where the background can be killed: before a call to the outside, and after it. */
export type Point = `${'read' | 'write' | 'probe' | 'official' | 'wait' | 'tell'} ${'before' | 'after'}`;

/**
 * A world in which tests have the background live: what it keeps lies in `stored`, everything else can be taken from it at any call.
 * Time is the user's clock: it moves while the background waits, and where a test moves it.
 */
export class Universe {
  now = BIRTH;
  settings: Settings = structuredClone(DEFAULT_SETTINGS);
  utcOffsetMinutes = 0;
  random = 0.5;
  stored = new Map<string, unknown>();
  /** What lasts until the browser is closed. */
  session: unknown = null;

  /** What becomes of a request now. */
  fate: (target: Target, now: number) => Fate = () => null;
  reading: (now: number) => OfficialReading = (now) => ({ kind: 'read', at: now, events: [] });
  resolver: (now: number) => ResolverOpinion = (now) => ({ at: now, verdict: 'ok', details: [] });
  world: (now: number) => WorldOpinion | null = () => null;
  storefront: (now: number) => StorefrontOpinion | null = () => null;
  /** What the sources contacted since they were asked last. */
  contacted: Contact[] = [];
  /** What the user's own pages met since the last check. */
  page: PageFailures | null = null;
  /** Why a read, a write, a notification is refused; null = it is not. */
  readRefused: (keys: readonly string[]) => string | null = () => null;
  writeRefused: (entries: Readonly<Record<string, unknown>>) => string | null = () => null;
  tellRefused: () => string | null = () => null;
  /** What an organisation set that cannot be used. */
  refusedSettings: Flaw[] = [];
  /** Whether the system takes a notification and shows nothing, where the browser tells that. */
  swallows = false;
  /** Whether the background dies here. */
  kills: (point: Point) => boolean = () => false;

  /** Everything that was asked, shown and written. */
  asked: { target: string; role: string; at: number }[] = [];
  told: { at: number; notice: Notice; /** Deaths before it was shown. */ deaths: number }[] = [];
  rounds = 0;
  deaths = 0;
  writes = 0;
  officialReads = 0;
  snapshot: Snapshot | null = null;
  /** Largest sizes seen, characters of JSON. */
  largest = { monitor: 0, snapshot: 0 };

  monitor: Monitor;
  #life = { alive: true, die: (): void => undefined, death: Promise.resolve() as Promise<unknown> };

  constructor(stored: Readonly<Record<string, unknown>> = {}) {
    for (const [key, value] of Object.entries(stored)) this.stored.set(key, value);
    this.monitor = this.restart();
  }

  /** A new background on what is stored. */
  restart(): Monitor {
    this.#life.alive = false;
    const life = { alive: true, die: (): void => undefined, death: Promise.resolve() as Promise<unknown> };
    life.death = new Promise((resolve) => (life.die = () => resolve(null)));
    this.#life = life;
    const pass = (point: Point): Promise<void> => {
      if (life.alive && this.kills(point)) {
        life.alive = false;
        this.deaths++;
        life.die();
      }
      return life.alive ? Promise.resolve() : new Promise(() => undefined);
    };
    const around = async <T>(what: 'read' | 'write' | 'probe' | 'official' | 'wait' | 'tell', work: () => T): Promise<T> => {
      await pass(`${what} before`);
      const result = work();
      await pass(`${what} after`);
      return result;
    };

    const storage: Storage = {
      read: (keys) =>
        around('read', () => {
          const refused = this.readRefused(keys);
          return refused === null ? success(Object.fromEntries(keys.filter((key) => this.stored.has(key)).map((key) => [key, structuredClone(this.stored.get(key))]))) : flaw('storage', refused);
        }),
      write: (entries) =>
        around('write', (): Outcome<void> => {
          const refused = this.writeRefused(entries);
          if (refused !== null) return flaw('storage', refused);
          this.writes++;
          for (const [key, value] of Object.entries(entries)) {
            if (value === undefined) this.stored.delete(key);
            else this.stored.set(key, JSON.parse(this.#measured(key, value)));
          }
          return success(undefined);
        }),
    };
    const keeper = createKeeper({
      storage,
      targets: TARGETS,
      language: () => 'en',
      utcOffset: () => this.utcOffsetMinutes,
      rehearsal: null,
      committed: (snapshot) => void (this.snapshot = snapshot),
      decode: decodeState,
      spare: {
        read: async () => structuredClone(this.session),
        write: async (unsaved) => void (this.session = structuredClone(unsaved)),
      },
    });
    this.monitor = createMonitor({
      clock: { now: () => this.now, wait: (ms) => around('wait', () => void (this.now += ms)) },
      random: () => this.random,
      probe: (target) => around('probe', () => this.#answer(target)),
      sources: {
        official: () => around('official', () => (this.officialReads++, this.reading(this.now))),
        resolver: async () => this.resolver(this.now),
        world: async () => this.world(this.now),
        storefront: async () => this.storefront(this.now),
      },
      keeper,
      tell: (notice) =>
        around('tell', () => {
          const refused = this.tellRefused();
          if (refused !== null) return flaw('notifications', refused);
          this.told.push({ at: this.now, notice, deaths: this.deaths });
          return success(this.swallows ? ('swallowed' as const) : undefined);
        }),
      settings: () => this.settings,
      country: () => 'jp',
      utcOffset: () => this.utcOffsetMinutes,
      targets: TARGETS,
      pageFailures: () => {
        const met = this.page;
        this.page = null;
        return met;
      },
      contacts: () => this.contacted.splice(0),
      refusedSettings: () => this.refusedSettings,
      progress: (asked) => void (answeredOf(asked) === 0 && this.rounds++),
    });
    return this.monitor;
  }

  #measured(key: string, value: unknown): string {
    const text = JSON.stringify(value);
    if (key === STATE_KEY) this.largest.monitor = Math.max(this.largest.monitor, text.length);
    if (key === SNAPSHOT_KEY) this.largest.snapshot = Math.max(this.largest.snapshot, text.length);
    return text;
  }

  #answer(target: Target): Observation {
    const at = this.now;
    this.asked.push({ target: target.id, role: target.role, at });
    const fate = this.fate(target, at);
    const base = { target: target.id, role: target.role, at, times: null, bytes: 500 };
    const status = fate === null || fate === 'slow' ? 200 : Number(/^http\.(\d+)$/.exec(fate)?.[1] ?? 0);
    const answer = status > 0 ? { status, by: null, cached: false, edge: 'akamai', site: null, address: null, protocol: 'h2', date: Math.floor(at / 1000) * 1000 } : null;
    if (fate === null) return { ...base, ms: target.usualMs, result: { kind: 'ok' }, answer };
    if (fate === 'slow') return { ...base, ms: target.usualMs * 10 + 2_000, result: { kind: 'ok' }, answer };
    if (DISCARDS.has(fate)) return { ...base, ms: 1, result: { kind: 'discarded', because: fate as DiscardReason }, answer: null };
    return { ...base, ms: 100, result: { kind: 'failed', failure: fate as Failure, phase: phaseOf(fate as Failure) }, answer };
  }

  /** One call of the background; null where it died in it: then another one stands ready. */
  async tick(trigger: Trigger = 'schedule'): Promise<Outcome<{ nextAt: number }> | null> {
    const done = await Promise.race([this.monitor.tick(trigger), this.#life.death.then(() => null)]);
    if (done === null) this.restart();
    return done;
  }

  /** Lives on from alarm to alarm. After a death, or where nothing could be stored, the next alarm comes within a minute. */
  async live(ms: number, trigger: Trigger = 'schedule'): Promise<void> {
    const until = this.now + ms;
    for (;;) {
      const done = await this.tick(trigger);
      trigger = 'schedule';
      const next = done?.ok ? done.value.nextAt : this.now + MINUTE;
      // A browser rings no sooner than after half a minute.
      const rings = Math.max(next, this.now + 30_000);
      if (rings > until) {
        this.now = Math.max(this.now, until);
        return;
      }
      this.now = rings;
    }
  }

  /** The state as it is stored. */
  get state(): MonitorState {
    return decodeState(this.stored.get(STATE_KEY), this.now).state;
  }

  /** The whole history as it is stored. */
  get history(): History {
    const stored = Object.fromEntries(this.stored);
    return loadHistory(Object.fromEntries([HISTORY_INDEX, ...allKeys(loadHistory({ [HISTORY_INDEX]: stored[HISTORY_INDEX] }).history)].map((key) => [key, stored[key]]))).history;
  }

  /** What time was between two moments. */
  time(from = BIRTH, to = this.now): Durations {
    return totals(this.history, from, to, this.now).ms;
  }

  get kinds(): string[] {
    return this.told.map(({ notice }) => notice.kind);
  }
}

/** @returns a fate that hits these roles, or these targets, or all of the store. */
export function failing(failure: Fate, ...roles: readonly string[]): Universe['fate'] {
  return (target) => {
    const hit = roles.length === 0 ? target.role !== 'controls' && target.role !== 'neighbour' : roles.includes(target.role) || roles.includes(target.id);
    return hit ? failure : null;
  };
}

export const HEALTHY: Universe['fate'] = () => null;

/** @returns whether the stored state reads back without loss. */
export function isSound(world: Universe): boolean {
  return decodeState(world.stored.get(STATE_KEY), world.now).damaged.length === 0;
}
