import type { Notice } from '../core/notice.ts';
import type { Observation } from '../core/observation.ts';
import { success } from '../core/result.ts';
import type { Clock, Probe, Random, Sources, Storage, Tell } from '../app/ports.ts';
import type { Scenario } from '../core/scenario.ts';
import { TIMEOUT_MS, createNetwork, type Network, type NetworkOptions } from './network.ts';
import { seededRandom } from './random.ts';

/** Waking takes a moment before the first timer fires, ms. */
const WAKE_MS = 2_000;
/** What is asked besides the targets takes about so long, ms. */
const SOURCE_MS = 300;

/** A scenario's world behind the application's ports: a virtual clock, the scenario's network, a store in memory, and an ear for what is told. */
export interface World {
  network: Network;
  clock: Clock;
  random: Random;
  probe: Probe;
  sources: Sources;
  storage: Storage;
  tell: Tell;
  /** What was shown, with the true time. */
  told: { at: number; notice: Notice }[];
  /** True time, ms since the epoch; the application only ever sees `clock`. */
  trueNow(): number;
  /** Lets virtual time run until the work is done. */
  run<T>(work: Promise<T>): Promise<T>;
  /** Moves on to a moment of the user's clock, or later where the machine sleeps then: a timer that fires. */
  sleepUntil(told: number): void;
  /** Moves on to a moment of true time, or later where the machine sleeps then. */
  moveTo(at: number): void;
}

interface Timer {
  at: number;
  fire(): void;
}

/** Lets all promises that can go on go on: a turn of the event loop. */
export type Settle = () => Promise<void>;

/** @param begin true time at which the clock stands first, ms since the epoch */
export function createWorld(scenario: Scenario, options: NetworkOptions, begin: number, settle: Settle): World {
  const network = createNetwork(scenario, options);
  const random = seededRandom(`${options.seed}/${scenario.id}/application`);
  const told: World['told'] = [];
  const stored = new Map<string, unknown>();
  /** Sorted by time, the next one last. */
  const timers: Timer[] = [];
  let now = begin;

  function awake(at: number): number {
    const wakes = network.wakesAt(at);
    return wakes === at ? at : wakes + WAKE_MS;
  }

  function after<T>(ms: number, value: () => T): Promise<T> {
    return new Promise((resolve) => {
      // From a sleep without an end nothing comes back: what is under way then ends as if there were none, lest time itself become endless.
      const wakes = awake(now + ms);
      const at = Number.isFinite(wakes) ? wakes : now + ms;
      let index = timers.length;
      while (index > 0 && timers[index - 1]!.at <= at) index--;
      timers.splice(index, 0, { at, fire: () => resolve(value()) });
    });
  }

  async function run<T>(work: Promise<T>): Promise<T> {
    let done = false;
    const finish = (): void => void (done = true);
    work.then(finish, finish);
    for (;;) {
      await settle();
      if (done) return work;
      const timer = timers.pop();
      if (!timer) throw new Error(`${scenario.id}: the application waits for something that will never come`);
      now = Math.max(now, timer.at);
      timer.fire();
      // What falls on the same moment goes on together.
      while (timers.length > 0 && timers.at(-1)!.at <= now) timers.pop()!.fire();
    }
  }

  function moveTo(at: number): void {
    now = awake(Math.max(now, at));
  }

  const tell: Tell = async (notice) => {
    told.push({ at: now, notice });
    return success(undefined);
  };

  return {
    network,
    clock: { now: () => now + network.skewAt(now), wait: (ms) => after(ms, () => undefined) },
    random,
    probe: (target, context) => {
      const seen = network.request(target, context, now);
      const sleeps = network.sleepsAfter(now);
      if (now + seen.ms < sleeps) return after(seen.ms, () => seen);
      // The machine slept in the middle: what comes back says nothing.
      const suspended: Observation = { ...seen, result: { kind: 'discarded', because: 'suspended' }, answer: null };
      return after(sleeps - now, () => suspended);
    },
    sources: {
      official: () => after(SOURCE_MS, () => network.official(now)),
      resolver: (hosts) => {
        const opinion = network.resolver(hosts, now);
        return after(opinion.verdict === 'unreachable' ? TIMEOUT_MS : SOURCE_MS, () => opinion);
      },
      world: () => after(10 * SOURCE_MS, () => network.world(now)),
      storefront: (country) => after(SOURCE_MS, () => network.storefront(country, now)),
    },
    storage: {
      read: async (keys) => success(Object.fromEntries(keys.filter((key) => stored.has(key)).map((key) => [key, stored.get(key)]))),
      write: async (entries) => {
        for (const [key, value] of Object.entries(entries)) {
          if (value === undefined) stored.delete(key);
          else stored.set(key, value);
        }
        return success(undefined);
      },
    },
    tell,
    told,
    trueNow: () => now,
    run,
    // The clock may jump while one waits: a timer counts what was left of it when it was set.
    sleepUntil: (at) => moveTo(at - network.skewAt(now)),
    moveTo,
  };
}
