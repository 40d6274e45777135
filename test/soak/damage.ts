import { isSound, Universe, failing, HEALTHY, HOUR, MINUTE } from '../fakes/universe.ts';
import { seededRandom } from '../fakes/seeded.ts';

/** What came of damaged stores. */
export interface DamageResult {
  seed: string;
  inputs: number;
  /** How many of them were noticed, and what was there set aside. */
  aside: number;
  violations: string[];
}

type Random = () => number;
type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

const pick = <T>(random: Random, list: readonly T[]): T => list[Math.floor(random() * list.length)]!;

/** Values that programs stumble over. */
const NASTY: readonly Json[] = [
  null, true, false, 0, -1, 0.5, 1e300, -1e300, 8.64e15, 9e15, Number.MAX_SAFE_INTEGER, 1_773_000_000_000, 4_000_000_000_000,
  '', 'up', 'down', 'open', 'calm', 'x'.repeat(5_000), '__proto__', 'constructor', 'toString', '\u202e\u0000', '<b>', [], {}, [null], [[]], { at: 1 }, { kind: 'ok' }, { '': 0 }, { length: 3 },
];

/** Words that are right somewhere. */
const WORDS = ['up', 'down', 'degraded', 'maintenance', 'unobserved', 'pending', 'calm', 'suspect', 'open', 'recovering', 'store', 'own', 'dns', 'local', 'http.503', 'late', 'no-permission', 'audio', 'controls', 'outage', 'recovery', 'ok', 'failed', '30U'] as const;

export function anyJson(random: Random, depth = 3): Json {
  const kind = random();
  if (depth === 0 || kind < 0.6) return pick(random, NASTY);
  if (kind < 0.8) return Array.from({ length: Math.floor(random() * 4) }, () => anyJson(random, depth - 1));
  return Object.fromEntries(Array.from({ length: Math.floor(random() * 4) }, () => [pick(random, ['at', 'kind', 'id', 'schema', 'hosts', 's', 'x']), anyJson(random, depth - 1)]));
}

/** One leaf or branch of it, somewhere, replaced or removed. */
export function bitten(random: Random, value: unknown): unknown {
  // What looks sound is worse than what does not.
  if (typeof value === 'number' && random() < 0.8) return pick(random, [0, 1, -value, value * 2, value + 3e10, value - 3e10, Math.floor(value / 2), 4e12, 8.64e15, value + 0.5]);
  if (typeof value === 'boolean' && random() < 0.8) return !value;
  if (typeof value === 'string' && random() < 0.5) return pick(random, WORDS);
  if (typeof value !== 'object' || value === null || random() < 0.1) return anyJson(random);
  const keys = Object.keys(value);
  if (keys.length === 0) return anyJson(random);
  const key = pick(random, keys);
  const copy = (Array.isArray(value) ? [...value] : { ...value }) as Record<string, unknown>;
  if (random() < 0.1) {
    if (Array.isArray(copy)) copy.splice(Number(key), 1);
    else delete copy[key];
  } else copy[key] = bitten(random, copy[key]);
  return copy;
}

/** Stores of a life with two outages, taken at four moments of it. */
export async function specimens(): Promise<Record<string, unknown>[]> {
  const world = new Universe();
  const taken: Record<string, unknown>[] = [];
  const take = (): void => void taken.push(structuredClone(Object.fromEntries(world.stored)));
  await world.live(2 * HOUR, 'start');
  take();
  world.fate = failing('http.503');
  await world.live(30 * MINUTE);
  take();
  world.fate = HEALTHY;
  await world.live(5 * MINUTE);
  take();
  await world.live(2 * HOUR);
  world.fate = failing('tcp.timed_out', 'audio');
  await world.live(HOUR);
  take();
  return taken;
}

/** @returns a store with something wrong in it. */
export function damagedStore(random: Random, sound: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const stored: Record<string, unknown> = structuredClone(sound);
  const keys = Object.keys(stored);
  for (let i = 0; i <= Math.floor(random() * 3); i++) {
    const key = random() < 0.6 ? 'monitor' : pick(random, keys);
    const how = random();
    if (how < 0.1) delete stored[key];
    else if (how < 0.2) stored[key] = anyJson(random);
    // A newer version wrote it, with a part that is not known here.
    else if (how < 0.3) stored[key] = typeof stored[key] === 'object' && stored[key] !== null ? { ...stored[key], schema: 2, newer: anyJson(random) } : anyJson(random);
    else stored[key] = bitten(random, stored[key]);
  }
  return stored;
}

/** Begins on damaged stores, lives on for hours with an outage in them, and holds it to its promises. */
export async function damageRun(seed: string, inputs: number): Promise<DamageResult> {
  const random = seededRandom(`damage/${seed}`);
  const sound = await specimens();
  const violations: string[] = [];
  let aside = 0;
  let tried = 0;
  for (; tried < inputs && violations.length < 20; tried++) {
    const stored = damagedStore(random, pick(random, sound));
    const world = new Universe(stored);
    world.now += 6 * HOUR + Math.floor(random() * HOUR);
    const began = world.now;
    const say = (what: string): void => void violations.push(`${seed}/${tried}: ${what}`);
    try {
      const first = await world.tick('start');
      if (first?.ok !== true) say('the first check does not come to an end');
      if (first?.ok && first.value.nextAt - world.now > HOUR) say(`the next check is ${first.value.nextAt - world.now} ms away`);
      const known = world.snapshot!.problems.some(({ kind }) => kind === 'storage');
      if (known) aside++;
      if (known !== world.stored.has('aside')) say('what was set aside is not what is said');
      await world.live(3 * HOUR);
      if (world.snapshot!.state !== 'up') say(`${world.snapshot!.state} after three healthy hours`);
      const told = world.told.length;
      world.fate = failing('http.503');
      await world.live(30 * MINUTE);
      if (world.snapshot!.state !== 'down') say(`${world.snapshot!.state} in an outage`);
      if (!world.told.slice(told).some(({ notice }) => notice.kind === 'outage' || notice.kind === 'relapse')) say('an outage was not told');
      world.fate = HEALTHY;
      await world.live(2 * HOUR);
      if (world.snapshot!.state !== 'up') say(`${world.snapshot!.state} after an outage`);
      const ms = world.time(began + 10 * MINUTE, world.now);
      if (ms.unobserved > 40 * MINUTE) say(`${ms.unobserved} ms lost of ${world.now - began}`);
      if (!isSound(world)) say('the state that is left does not read back');
    } catch (error) {
      say(error instanceof Error ? `${error.message} ${error.stack?.split('\n')[1]?.trim()}` : String(error));
    }
  }
  return { seed, inputs: tried, aside, violations };
}
