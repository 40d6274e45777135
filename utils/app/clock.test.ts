import { expect, test, vi } from 'vitest';
import { BIRTH, DAY, failing, HEALTHY, HOUR, isSound, MINUTE, Universe } from '../../test/fakes/universe.ts';
import { decodeIncident } from '../core/incident-record.ts';
import { incidentKey, INCIDENTS_KEY } from '../store/record.ts';

vi.setConfig({ testTimeout: 60_000 });

const YEAR = 365 * DAY;
const JUMPS = [-5 * YEAR, -YEAR, -3 * DAY, -2 * HOUR, -20 * MINUTE, -2 * MINUTE, -5_000, 2 * MINUTE, 20 * MINUTE, 3 * HOUR, 2 * DAY, YEAR, 8 * YEAR] as const;
const named = (ms: number): string => `${ms < 0 ? '−' : '+'}${Math.abs(ms) / MINUTE} min`;
/** A day, an outage's detection, its end and an hour of calm take this long. */
const AFTER = 6 * HOUR;

/** Whatever the clock did before: from here on all is as it should be. */
async function isWell(world: Universe): Promise<void> {
  world.fate = HEALTHY;
  await world.live(3 * HOUR);
  expect(world.snapshot!.state).toBe('up');
  const [from, told] = [world.now, world.told.length];
  world.fate = failing('http.503');
  await world.live(HOUR);
  expect(world.snapshot!.state).toBe('down');
  expect(world.snapshot!.incident!.startedAt).toBeGreaterThanOrEqual(from);
  world.fate = HEALTHY;
  await world.live(2 * HOUR);
  expect(world.snapshot!.state).toBe('up');
  expect(world.told.slice(told).map(({ notice }) => notice.kind)).toEqual(['outage', 'recovery']);
  const ms = world.time(from, world.now);
  expect(ms.down / MINUTE).toBeCloseTo(60, -1);
  expect(ms.unobserved / MINUTE).toBeLessThan(10);
  expect(isSound(world)).toBe(true);
  for (const id of world.stored.get(INCIDENTS_KEY) as string[]) expect(decodeIncident(world.stored.get(incidentKey(id)))).toMatchObject({ ok: true });
}

test.each(JUMPS.map((jump) => [named(jump), jump] as const))('%s while all is well: the next alarm is a check, no alarm is raised, time goes on', async (_, jump) => {
  const world = new Universe();
  world.now += 20 * YEAR;
  await world.live(3 * HOUR, 'start');
  world.now += jump;
  const rounds = world.rounds;
  const done = await world.tick();
  // A clock that goes back within one interval cannot be told from one that stands.
  if (Math.abs(jump) > 10 * MINUTE) expect(world.rounds).toBeGreaterThan(rounds);
  expect(done?.ok && done.value.nextAt - world.now).toBeLessThan(10 * MINUTE);
  await world.live(HOUR);
  expect(world.told).toEqual([]);
  await isWell(world);
});

test.each(JUMPS.map((jump) => [named(jump), jump] as const))('%s in the middle of an outage: it is not told twice, and its end is', async (_, jump) => {
  const world = new Universe();
  world.now += 20 * YEAR;
  await world.live(2 * HOUR, 'start');
  world.fate = failing('http.503');
  await world.live(30 * MINUTE);
  world.now += jump;
  await world.live(30 * MINUTE);
  expect(world.kinds).toEqual(['outage']);
  world.fate = HEALTHY;
  await world.live(AFTER);
  expect(world.kinds).toHaveLength(2);
  expect(['recovery', 'summary']).toContain(world.kinds[1]);
  await isWell(world);
});

test.each([DAY, YEAR, 8 * YEAR])('ahead by %i ms for an hour with an outage in it, and back: nothing waits for that time to come again', async (jump) => {
  const world = new Universe();
  await world.live(2 * HOUR, 'start');
  world.now += jump;
  world.fate = failing('http.503');
  await world.live(20 * MINUTE);
  world.fate = HEALTHY;
  await world.live(40 * MINUTE);
  world.now -= jump;
  await world.live(AFTER);
  await isWell(world);
  // What was seen before the jump is still there.
  expect(world.time(BIRTH, BIRTH + 2 * HOUR).up / HOUR).toBeCloseTo(2, 0);
});

test('a pause of an hour is an hour long though the clock goes back a year', async () => {
  const world = new Universe();
  world.now += 2 * YEAR;
  await world.live(HOUR, 'start');
  await world.monitor.change((state) => ({ ...state, pausedUntil: world.now + HOUR }));
  world.now -= YEAR;
  await world.live(2 * HOUR);
  expect(world.snapshot).toMatchObject({ state: 'up', pausedUntil: null });
});

test.each([60, -60, 840])('the user’s zone moves by %i minutes (summer time, a flight): nothing but the hour of the day changes', async (minutes) => {
  const world = new Universe();
  await world.live(3 * HOUR, 'start');
  world.utcOffsetMinutes += minutes;
  await world.live(3 * HOUR);
  expect(world.time().unobserved).toBeLessThan(7 * MINUTE);
  await isWell(world);
});
