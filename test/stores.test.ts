import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { decodeIncident } from '../utils/core/incident-record.ts';
import { newMonitorState } from '../utils/core/monitor-state.ts';
import { ASIDE_KEY, STATE_KEY } from '../utils/store/keeper.ts';
import { incidentKey, INCIDENTS_KEY } from '../utils/store/record.ts';
import { decodeReminders, REMINDERS_KEY } from '../utils/store/reminders.ts';
import { decodeSettings } from '../utils/store/settings.ts';
import { HEALTHY, failing, HOUR, isSound, MINUTE, Universe } from './fakes/universe.ts';

const FOLDER = join(import.meta.dirname, 'stores');
const NEWEST = newMonitorState(0).schema;
const SCHEMAS = Array.from({ length: NEWEST }, (_, i) => i + 1);

interface Frozen {
  /** The moment at which it was frozen, ms since the epoch. */
  at: number;
  stored: Record<string, unknown>;
}

function frozen(schema: number): Frozen {
  return JSON.parse(readFileSync(join(FOLDER, `schema-${schema}.json`), 'utf8')) as Frozen;
}

test('of every schema there is a store as its users have it', () => {
  expect(readdirSync(FOLDER).filter((name) => name.endsWith('.json')).sort()).toEqual(SCHEMAS.map((schema) => `schema-${schema}.json`).sort());
  for (const schema of SCHEMAS) expect((frozen(schema).stored[STATE_KEY] as { schema: number }).schema).toBe(schema);
});

test.each(SCHEMAS)('a store of schema %i is taken over whole, by the schema of today, and lived on in', async (schema) => {
  const { at, stored } = frozen(schema);
  const world = new Universe(stored);
  world.now = at + MINUTE;
  const before = stored[STATE_KEY] as { told: string[]; course: { incident: { id: string } | null } };
  world.fate = failing('http.500', 'catalog', 'purchase');
  await world.live(10 * MINUTE, 'start');
  // Nothing was damaged by being old, and nothing was told again.
  expect(world.stored.get(ASIDE_KEY)).toBeUndefined();
  expect(world.snapshot!.problems).toEqual([]);
  expect(world.told).toEqual([]);
  expect(world.state.schema).toBe(NEWEST);
  expect(world.state.told).toEqual(before.told);
  expect(world.state.course.incident?.id).toBe(before.course.incident!.id);
  expect(isSound(world)).toBe(true);
  // What was recorded is there: the hour before, its outage, and no gap but the minute between.
  const ms = world.time(at - 2 * HOUR, world.now);
  expect(ms.down + ms.degraded).toBeGreaterThan(25 * MINUTE);
  expect(ms.unobserved).toBeLessThan(2 * MINUTE);
  world.fate = HEALTHY;
  await world.live(HOUR);
  expect(world.kinds).toEqual(['recovery']);
  const ids = world.stored.get(INCIDENTS_KEY) as string[];
  expect(ids.slice(1)).toEqual(stored[INCIDENTS_KEY]);
  for (const id of ids) expect(decodeIncident(world.stored.get(incidentKey(id))).ok).toBe(true);
  expect(decodeReminders(world.stored.get(REMINDERS_KEY))).toEqual(stored[REMINDERS_KEY]);
  expect(decodeSettings(stored['settings']).flaws).toEqual([]);
});
