import fc from 'fast-check';
import { expect, test, vi } from 'vitest';
import { failing, HEALTHY, HOUR, isSound, MINUTE, Universe } from '../../test/fakes/universe.ts';
import { damageRun } from '../../test/soak/damage.ts';
import { decodeIncident } from '../core/incident-record.ts';
import { ASIDE_KEY, SNAPSHOT_KEY, STATE_KEY } from './keeper.ts';
import { incidentKey, INCIDENTS_KEY } from './record.ts';

vi.setConfig({ testTimeout: 60_000 });

/** A store with an incident that is over, and one hour of calm after it. */
async function lived(): Promise<Universe> {
  const world = new Universe();
  await world.live(HOUR, 'start');
  world.fate = failing('http.503');
  await world.live(30 * MINUTE);
  world.fate = HEALTHY;
  await world.live(HOUR);
  return world;
}

const LIVED = await lived();
/** Goes on from there on another store. */
async function goOn(stored: Readonly<Record<string, unknown>>): Promise<Universe> {
  const world = new Universe(structuredClone(stored));
  world.now = LIVED.now + MINUTE;
  await world.live(20 * MINUTE, 'start');
  return world;
}
const sound = (): Record<string, unknown> => structuredClone(Object.fromEntries(LIVED.stored));

test.each([...LIVED.stored.keys()])('without %s it begins, and goes on', async (key) => {
  const stored = sound();
  delete stored[key];
  const world = await goOn(stored);
  expect(world.snapshot!.state).toBe('up');
  expect(isSound(world)).toBe(true);
});

test('any JSON in any key: it begins, sees the store, and what is left reads back', async () => {
  await fc.assert(
    fc.asyncProperty(fc.subarray([...LIVED.stored.keys()], { minLength: 1 }), fc.array(fc.jsonValue(), { minLength: 1, maxLength: 5 }), async (keys, values) => {
      const stored = sound();
      keys.forEach((key, i) => (stored[key] = values[i % values.length]));
      const world = await goOn(stored);
      expect(world.snapshot!.state).toBe('up');
      expect(isSound(world)).toBe(true);
      for (const key of [STATE_KEY, INCIDENTS_KEY]) if (keys.includes(key) && JSON.stringify(stored[key]) !== '[]') expect(world.stored.get(ASIDE_KEY)).toHaveProperty(['entries', key]);
    }),
    { numRuns: 60 },
  );
});

test('every damaged entry is set aside as it was, said, and still said by the next life', async () => {
  const stored = { ...sound(), [STATE_KEY]: { ...(sound()[STATE_KEY] as object), course: 7 }, [INCIDENTS_KEY]: 'none', ledger: [1] };
  const chunk = Object.keys(stored).findLast((key) => key.startsWith('history.m.'))!;
  const world = await goOn({ ...stored, [chunk]: { s: 'what?' } });
  const aside = world.stored.get(ASIDE_KEY) as { places: string[]; entries: Record<string, unknown> };
  expect(aside.entries).toMatchObject({ [STATE_KEY]: { course: 7 }, [INCIDENTS_KEY]: 'none', ledger: [1], [chunk]: { s: 'what?' } });
  expect(aside.places).toEqual(expect.arrayContaining([expect.stringMatching(/^monitor\.course: /), expect.stringMatching(/^incidents: /), expect.stringMatching(/^ledger: /), expect.stringMatching(/^history\.m\./)]));
  expect(world.snapshot!.problems).toMatchObject([{ kind: 'storage' }]);
  world.restart();
  await world.live(10 * MINUTE);
  expect(world.snapshot!.problems).toMatchObject([{ kind: 'storage' }]);
  expect(world.stored.get(ASIDE_KEY)).toEqual(aside);
  // The rest was kept.
  expect(world.state.told).toEqual(LIVED.state.told);
  expect(world.state.profiles['catalog']?.firstHealthyAt).toBe(LIVED.state.profiles['catalog']?.firstHealthyAt);
});

test('a newer version’s state: what is known here is kept, the whole is set aside', async () => {
  const newer = { ...(sound()[STATE_KEY] as object), schema: 2, telepathy: { on: true } };
  const world = await goOn({ ...sound(), [STATE_KEY]: newer });
  expect(world.stored.get(ASIDE_KEY)).toMatchObject({ entries: { [STATE_KEY]: newer } });
  expect(world.state.lastIncident).toEqual(LIVED.state.lastIncident);
});

test('half written: an incident without its index entry, and an index entry without its incident', async () => {
  const [id] = sound()[INCIDENTS_KEY] as [string];
  const stored = sound();
  delete stored[incidentKey(id)];
  const world = await goOn(stored);
  world.fate = failing('http.503');
  await world.live(30 * MINUTE);
  world.fate = HEALTHY;
  await world.live(HOUR);
  const ids = world.stored.get(INCIDENTS_KEY) as string[];
  expect(decodeIncident(world.stored.get(incidentKey(ids[0]!)))).toMatchObject({ ok: true });
  expect(world.stored.has(SNAPSHOT_KEY)).toBe(true);
});

// `npm run soak` tries more of them.
test('bitten anywhere, with values that look sound: lives on, sees the next outage and its end, loses little time', async () => {
  const result = await damageRun('unit', 30);
  expect(result.violations).toEqual([]);
  expect(result.aside).toBeGreaterThan(10);
});
