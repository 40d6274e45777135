import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createMonitor } from '../app/monitor.ts';
import type { Storage } from '../app/ports.ts';
import { success } from '../core/result.ts';
import { decodeScenario } from '../core/scenario.ts';
import { DEFAULT_SETTINGS } from '../core/settings.ts';
import type { Snapshot } from '../core/snapshot.ts';
import { TARGETS } from '../core/targets.ts';
import { createKeeper, SNAPSHOT_KEY } from '../store/keeper.ts';
import { decodeState } from '../store/state.ts';
import { createRehearsal } from './rehearsal.ts';
import { createWorld } from './world.ts';

/** The rehearsal beside the real monitor, on one store, put together as the background does it. */

const TIMEOUT = 60_000;
const FOLDER = join(import.meta.dirname, '../../test/scenarios');
const fileOf = (id: string): unknown => JSON.parse(readFileSync(join(FOLDER, `${id}.json`), 'utf8'));
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

const quiet = decodeScenario(fileOf('trap-quiet-day'));
if (!quiet.ok) throw new Error(quiet.error.reason);

/** The real store: a quiet day. */
const real = createWorld(quiet.value, { engine: 'chromium', seed: '1' }, quiet.value.start, turn);
const common = { targets: TARGETS, language: () => 'en' as const, utcOffset: () => 540 };

/** A background that wakes on what the one before has left. */
function wake(storage: Storage) {
  const clock = { asleep: false, ahead: 0 };
  const told: string[] = [];
  const keeper = createKeeper({ ...common, storage, rehearsal: null, seen: () => !rehearsal.playing(), committed: () => undefined, decode: decodeState });
  const monitor = createMonitor({
    ...common,
    clock: real.clock,
    random: real.random,
    probe: real.probe,
    sources: real.sources,
    keeper,
    tell: real.tell,
    settings: () => DEFAULT_SETTINGS,
    country: () => 'jp',
    pageFailures: () => null,
    contacts: () => [],
    progress: () => undefined,
  });
  const repaint = async (): Promise<void> => void (await monitor.change((state) => state));
  const rehearsal = createRehearsal({
    ...common,
    clock: {
      now: () => real.clock.now() + clock.ahead,
      wait: async (ms) => {
        clock.ahead += ms;
        await (clock.asleep ? new Promise(() => undefined) : turn());
      },
    },
    settle: turn,
    engine: 'chromium',
    settings: () => DEFAULT_SETTINGS,
    country: () => 'jp',
    load: async (id) => decodeScenario(fileOf(id)),
    title: (key) => key,
    show: async (snapshot) => void (await storage.write({ [SNAPSHOT_KEY]: snapshot })),
    tell: async (notice) => {
      told.push(notice.kind);
      return success(undefined);
    },
    restore: repaint,
  });
  return { monitor, rehearsal, repaint, told, die: () => (clock.asleep = true) };
}

/** The browser's store. */
function createDisk() {
  const stored = new Map<string, string>();
  const storage: Storage = {
    read: async (keys) => success(Object.fromEntries(keys.flatMap((key) => (stored.has(key) ? [[key, JSON.parse(stored.get(key)!) as unknown]] : [])))),
    write: async (entries) => {
      for (const [key, value] of Object.entries(entries)) {
        if (value === undefined) stored.delete(key);
        else stored.set(key, JSON.stringify(value));
      }
      return success(undefined);
    },
  };
  return { storage, dump: () => Object.fromEntries(stored), snapshot: () => JSON.parse(stored.get(SNAPSHOT_KEY)!) as Snapshot };
}

async function begun() {
  const disk = createDisk();
  const background = wake(disk.storage);
  await real.run(background.monitor.tick('start'));
  await real.run(background.monitor.tick('user'));
  await background.repaint();
  const before = disk.dump();
  expect(disk.snapshot()).toMatchObject({ state: 'up', rehearsal: null });
  return { disk, background, before };
}

const isDown = (disk: ReturnType<typeof createDisk>) => async () => {
  while (disk.snapshot().state !== 'down') await turn();
};

test('after it the store is what it was before, byte for byte', { timeout: TIMEOUT }, async () => {
  const { disk, background, before } = await begun();
  await background.rehearsal.start({ scenario: 'rehearsal-2015-dns', speed: 1200 });
  await isDown(disk)();
  expect(disk.snapshot().rehearsal).toEqual({ id: 'rehearsal-2015-dns', title: 'rehearsal.2015-dns' });
  while (background.rehearsal.playing()) await turn();
  expect(background.told).toEqual(['outage', 'recovery']);
  expect(disk.dump()).toEqual(before);
});

test('stopped in the middle: the same', { timeout: TIMEOUT }, async () => {
  const { disk, background, before } = await begun();
  await background.rehearsal.start({ scenario: 'rehearsal-2015-dns', speed: 1200 });
  await isDown(disk)();
  await background.rehearsal.stop();
  expect(disk.dump()).toEqual(before);
});

test('the real monitor goes on meanwhile: it keeps what it sees, shows it afterwards, and takes nothing over', { timeout: TIMEOUT }, async () => {
  const { disk, background, before } = await begun();
  await background.rehearsal.start({ scenario: 'rehearsal-2015-dns', speed: 1200 });
  await isDown(disk)();
  const incident = disk.snapshot().incident!.id;
  const at = real.clock.now();
  await real.run(background.monitor.tick('user'));
  expect(disk.dump()['monitor']).not.toBe(before['monitor']);
  expect(disk.snapshot().rehearsal).not.toBeNull();
  await background.rehearsal.stop();
  expect(disk.snapshot()).toMatchObject({ state: 'up', rehearsal: null, incident: null, lastIncident: null });
  expect(disk.snapshot().checkedAt).toBeGreaterThanOrEqual(at);
  expect(JSON.stringify(disk.dump())).not.toContain(incident);
});

test('a background that dies in the middle: the next one shows what is real', { timeout: TIMEOUT }, async () => {
  const { disk, background, before } = await begun();
  await background.rehearsal.start({ scenario: 'rehearsal-2015-dns', speed: 1200 });
  await isDown(disk)();
  background.die();
  for (let i = 0; i < 100; i++) await turn();
  expect(disk.snapshot().rehearsal).not.toBeNull();
  const next = wake(disk.storage);
  expect(next.rehearsal.playing()).toBe(false);
  await next.repaint();
  expect(disk.dump()).toEqual(before);
});
