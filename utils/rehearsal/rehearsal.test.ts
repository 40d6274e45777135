import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Notice } from '../core/notice.ts';
import { LONGEST_MS, playingTime, REHEARSALS, speedsFor } from '../core/rehearsal.ts';
import { success } from '../core/result.ts';
import { decodeScenario } from '../core/scenario.ts';
import { DEFAULT_SETTINGS } from '../core/settings.ts';
import type { Snapshot } from '../core/snapshot.ts';
import { TARGETS } from '../core/targets.ts';
import { createRehearsal, type RehearsalPorts } from './rehearsal.ts';

const FOLDER = join(import.meta.dirname, '../../test/scenarios');
const fileOf = (id: string): unknown => JSON.parse(readFileSync(join(FOLDER, `${id}.json`), 'utf8'));
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
/** Real checks by the thousand. */
const SLOW = 60_000;
const BEGIN = Date.UTC(2026, 4, 5, 3);

/** The user's side, with a clock that stands until somebody waits. */
function stage(given: Partial<RehearsalPorts> = {}) {
  let now = BEGIN;
  let waiting = 0;
  const shown: { at: number; snapshot: Snapshot }[] = [];
  const told: { at: number; notice: Notice }[] = [];
  let restored = 0;
  const ports: RehearsalPorts = {
    clock: {
      now: () => now,
      wait: async (ms) => {
        waiting += 1;
        now += ms;
        await turn();
      },
    },
    settle: turn,
    engine: 'chromium',
    targets: TARGETS,
    settings: () => DEFAULT_SETTINGS,
    country: () => 'jp',
    language: () => 'en',
    utcOffset: () => 540,
    load: async (id) => decodeScenario(fileOf(id)),
    title: (key) => key,
    show: async (snapshot) => void shown.push({ at: now, snapshot }),
    tell: async (notice) => {
      told.push({ at: now, notice });
      return success(undefined);
    },
    restore: async () => void (restored += 1),
    ...given,
  };
  const rehearsal = createRehearsal(ports);
  const ended = async () => {
    while (rehearsal.playing()) await turn();
  };
  return { rehearsal, shown, told, ended, waits: () => waiting, restored: () => restored, elapsed: () => now - BEGIN };
}

/** Every number that can only be a moment. */
function moments(value: unknown): number[] {
  if (typeof value === 'number') return value > 1e12 && value < 1e13 ? [value] : [];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(moments) : [];
}

describe('from start to end', { timeout: SLOW }, () => {
  test.each(REHEARSALS.filter(({ id }) => id !== 'rehearsal-own-line'))('$id: an outage is shown and told, and so is its end', async ({ id, title, minutes }) => {
    const { rehearsal, shown, told, ended, restored, elapsed } = stage();
    const speed = speedsFor(minutes).usual;
    expect(await rehearsal.start({ scenario: id, speed })).toEqual(success(undefined));
    expect(rehearsal.playing()).toBe(true);
    await ended();

    expect(told.map(({ notice }) => notice.kind)).toEqual(['outage', 'recovery']);
    const states = shown.map(({ snapshot }) => snapshot.state);
    expect(states[0]).toBe('up');
    expect(states.at(-1)).toBe('up');
    expect(states.some((state) => state === 'down' || state === 'degraded')).toBe(true);
    expect(new Set(shown.map(({ snapshot }) => JSON.stringify(snapshot.rehearsal)))).toEqual(new Set([JSON.stringify({ id, title })]));
    const open = shown.filter(({ snapshot }) => snapshot.incident !== null);
    expect(open.some(({ snapshot }) => snapshot.forecast !== null && snapshot.loss !== null)).toBe(true);

    // It is over in the time that was promised, and the real state is back.
    expect(elapsed()).toBeLessThan(playingTime(minutes, speed) + 10_000);
    expect(elapsed()).toBeLessThan(LONGEST_MS);
    expect(restored()).toBe(1);
  });

  test('the own line stays the own line: nobody is told of an outage', async () => {
    const { rehearsal, shown, told, ended } = stage();
    await rehearsal.start({ scenario: 'rehearsal-own-line', speed: 30 });
    await ended();
    expect(told).toEqual([]);
    expect(shown.some(({ snapshot }) => snapshot.state === 'own')).toBe(true);
    expect(shown.every(({ snapshot }) => snapshot.incident === null)).toBe(true);
  });

  test('every moment is told in the time of the user: what is checked is checked now', async () => {
    const { rehearsal, shown, told, ended } = stage();
    await rehearsal.start({ scenario: 'rehearsal-2015-dns', speed: 240 });
    await ended();
    const day = 86_400_000;
    for (const { at, snapshot } of shown) {
      for (const moment of moments(snapshot)) expect(Math.abs(moment - at)).toBeLessThan(2 * day);
      expect(at - snapshot.checkedAt!).toBeGreaterThanOrEqual(0);
      expect(at - snapshot.checkedAt!).toBeLessThan(6 * 60_000);
    }
    const [outage, recovery] = told;
    expect(outage!.at - outage!.notice.startedAt).toBeLessThan(10 * 60_000);
    const length = recovery!.notice.endedAt! - recovery!.notice.startedAt;
    expect(length / 60_000).toBeGreaterThan(680);
    expect(length / 60_000).toBeLessThan(705);
    // The price grows with what is played, not with what the user waits.
    const prices = shown.flatMap(({ snapshot }) => (snapshot.loss === null ? [] : [snapshot.loss.atRisk[1]]));
    expect(prices.at(-1)!).toBeGreaterThan(prices[0]! * 20);
  });

  test('what stays the same is shown once in a second, not with each check', async () => {
    const { rehearsal, shown, ended } = stage();
    await rehearsal.start({ scenario: 'rehearsal-26-hours', speed: 600 });
    await ended();
    const gaps = shown.slice(1).map(({ at, snapshot }, i) => ({ ms: at - shown[i]!.at, same: snapshot.state === shown[i]!.snapshot.state && snapshot.incident?.state === shown[i]!.snapshot.incident?.state }));
    expect(gaps.filter(({ ms, same }) => same && ms < 1_000)).toEqual([]);
    // And often enough for a background that sleeps after half a minute of rest.
    expect(Math.max(...gaps.map(({ ms }) => ms))).toBeLessThan(5_000);
  });

  test('quiet hours do not silence a rehearsal, but what the user never wants told is not told', async () => {
    const quiet = stage({ settings: () => ({ ...DEFAULT_SETTINGS, notify: { ...DEFAULT_SETTINGS.notify, quietFrom: 0, quietTo: 23 } }) });
    await quiet.rehearsal.start({ scenario: 'rehearsal-sign-in', speed: 60 });
    await quiet.ended();
    expect(quiet.told).toHaveLength(2);
    const never = stage({ settings: () => ({ ...DEFAULT_SETTINGS, notify: { ...DEFAULT_SETTINGS.notify, outage: false, recovery: false } }) });
    await never.rehearsal.start({ scenario: 'rehearsal-sign-in', speed: 60 });
    await never.ended();
    expect(never.told).toEqual([]);
  });
});

describe('stopped', { timeout: SLOW }, () => {
  test('in the middle: nothing is shown or told after it', async () => {
    const { rehearsal, shown, told, restored, waits } = stage();
    await rehearsal.start({ scenario: 'rehearsal-sign-in', speed: 30 });
    while (!shown.some(({ snapshot }) => snapshot.incident !== null)) await turn();
    await rehearsal.stop();
    expect(rehearsal.playing()).toBe(false);
    expect(restored()).toBe(1);
    const [before, words, waited] = [shown.length, told.length, waits()];
    for (let i = 0; i < 200; i++) await turn();
    expect([shown.length, told.length]).toEqual([before, words]);
    expect(waits() - waited).toBeLessThanOrEqual(1);
    expect(restored()).toBe(1);
    // And the stage is free again.
    expect((await rehearsal.start({ scenario: 'rehearsal-sign-in', speed: 60 })).ok).toBe(true);
    await rehearsal.stop();
  });

  test('with none on: nothing happens', async () => {
    const { rehearsal, restored } = stage();
    await rehearsal.stop();
    expect(restored()).toBe(0);
    expect(rehearsal.dismiss()).toBe(false);
  });

  test('the real state comes back only after the last thing played has been shown', async () => {
    const order: string[] = [];
    let free = (): void => undefined;
    const { rehearsal } = stage({
      show: async () => {
        await new Promise<void>((resolve) => (free = resolve));
        order.push('played');
      },
      restore: async () => void order.push('real'),
    });
    await rehearsal.start({ scenario: 'rehearsal-sign-in', speed: 60 });
    const end = Date.now() + 20_000;
    const first = free;
    while (free === first && Date.now() < end) await turn();
    const stopping = rehearsal.stop();
    await turn();
    expect(order).toEqual([]);
    free();
    await stopping;
    expect(order).toEqual(['played', 'real']);
  });

  test('by a clock that is set back or runs away', async () => {
    for (const jump of [-3_600_000, 3_600_000]) {
      let skew = 0;
      let now = BEGIN;
      const { rehearsal, told, ended, restored } = stage({
        clock: {
          now: () => now + skew,
          wait: async (ms) => {
            now += ms;
            if (now - BEGIN > 3_000) skew = jump;
            await turn();
          },
        },
      });
      await rehearsal.start({ scenario: 'rehearsal-2015-dns', speed: 240 });
      await ended();
      expect(restored()).toBe(1);
      expect(now - BEGIN).toBeLessThan(20_000);
      expect(told.map(({ notice }) => notice.kind)).toEqual(['outage']);
    }
  });
});

describe('refused', () => {
  const CASES: [name: string, wish: { scenario: string; speed: number }, at: string, ports?: Partial<RehearsalPorts>][] = [
    ['an outage that is not there', { scenario: 'rehearsal-1999', speed: 60 }, 'rehearse.scenario'],
    ['a scenario that is not meant to be played', { scenario: 'trap-blip', speed: 60 }, 'rehearse.scenario'],
    ['a speed that takes too long', { scenario: 'rehearsal-26-hours', speed: 60 }, 'rehearse.speed'],
    ['no speed at all', { scenario: 'rehearsal-sign-in', speed: Number.NaN }, 'rehearse.speed'],
    ['a file that cannot be read', { scenario: 'rehearsal-sign-in', speed: 60 }, 'rehearsals/x', { load: async () => ({ ok: false, error: { at: 'rehearsals/x', reason: 'status 404' } }) }],
    ['a file that is no scenario', { scenario: 'rehearsal-sign-in', speed: 60 }, 'format', { load: async () => decodeScenario({ ...(fileOf('rehearsal-sign-in') as object), format: 2 }) }],
  ];
  test.each(CASES)('%s', async (_, wish, at, ports) => {
    const { rehearsal, shown } = stage(ports);
    const answer = await rehearsal.start(wish);
    expect(answer).toMatchObject({ ok: false, error: { at } });
    expect(rehearsal.playing()).toBe(false);
    expect(shown).toEqual([]);
  });

  test('a second one while the first is on', async () => {
    const { rehearsal } = stage();
    const both = await Promise.all([rehearsal.start({ scenario: 'rehearsal-sign-in', speed: 60 }), rehearsal.start({ scenario: 'rehearsal-own-line', speed: 60 })]);
    expect(both.map(({ ok }) => ok)).toEqual([true, false]);
    await rehearsal.stop();
  });
});

test('what can be played is what the files say', () => {
  const there = readdirSync(FOLDER).filter((name) => name.startsWith('rehearsal-')).map((name) => name.replace('.json', ''));
  expect(REHEARSALS.map(({ id }) => id).sort()).toEqual(there.sort());
  for (const { id, minutes } of REHEARSALS) {
    const scenario = decodeScenario(fileOf(id));
    expect(scenario).toMatchObject({ ok: true, value: { id, endMinute: minutes } });
  }
});

test('each can be played at some speed, the usual one in one to three and a half minutes', () => {
  for (const { minutes } of REHEARSALS) {
    const { speeds, usual } = speedsFor(minutes);
    expect(speeds).toContain(usual);
    for (const speed of speeds) expect(playingTime(minutes, speed)).toBeLessThanOrEqual(LONGEST_MS);
    expect(playingTime(minutes, usual)).toBeGreaterThan(60_000);
    expect(playingTime(minutes, usual)).toBeLessThanOrEqual(210_000);
  }
});
