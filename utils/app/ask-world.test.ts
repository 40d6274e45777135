import { expect, test } from 'vitest';
import { newMonitorState, type MonitorState } from '../core/monitor-state.ts';
import type { Observation } from '../core/observation.ts';
import { refusal, WORLD_TOKEN_KEY, type WorldOpinion } from '../core/opinion.ts';
import { flaw, success } from '../core/result.ts';
import { DEFAULT_SETTINGS, type Settings } from '../core/settings.ts';
import type { Snapshot } from '../core/snapshot.ts';
import { TARGETS } from '../core/targets.ts';
import { createAskWorld, type AskWorldPorts } from './ask-world.ts';

const NOW = Date.UTC(2026, 4, 1, 12);
const OPINION: WorldOpinion = { at: NOW, votes: 8, failed: 8, ownCountryVotes: 3, ownCountryFailed: 3, places: [] };
const failed = (target: string, role: Observation['role']): Observation => ({ target, role, at: NOW, ms: 1, result: { kind: 'failed', failure: 'http.503', phase: 'http' }, times: null, answer: null, bytes: 0 });

function desk(wish: Settings['secondOpinion']['world'], change: Partial<AskWorldPorts> = {}, last: Observation[] = []) {
  let settings: Settings = { ...DEFAULT_SETTINGS, secondOpinion: { ...DEFAULT_SETTINGS.secondOpinion, world: wish } };
  let state: MonitorState = { ...newMonitorState(NOW), last: Object.fromEntries(last.map((one) => [one.target, one])) };
  const kept: Record<string, unknown> = { [WORLD_TOKEN_KEY]: 'tok' };
  const log: string[] = [];
  const world = createAskWorld({
    clock: { now: () => NOW, wait: async () => {} },
    storage: {
      read: async (keys) => success(Object.fromEntries(keys.map((key) => [key, kept[key]]))),
      write: async (entries) => { Object.assign(kept, entries); log.push(`write ${Object.keys(entries).join()}`); return success(undefined); },
    },
    keeper: { load: async () => success(state) },
    monitor: { change: async (edit) => { state = edit(state, NOW); return success({} as Snapshot); } },
    world: async (target) => { log.push(`ask ${target.role}`); return OPINION; },
    settings: () => settings,
    chosen: () => true,
    saveSettings: async (next) => { settings = next; log.push(`save ${next.secondOpinion.world}`); return success(undefined); },
    targets: TARGETS,
    context: () => ({ country: 'jp', nonce: '1' }),
    dropPermission: async () => { log.push('drop'); },
    check: () => { log.push('check'); },
    ...change,
  });
  return { world, log, kept, state: () => state };
}

test('without consent nobody is asked, and nothing is switched on', async () => {
  const { world, log, state } = desk('off');
  expect(await world.ask(false)).toMatchObject({ ok: false, error: { reason: 'off' } });
  expect(log).toEqual([]);
  expect(state().world).toBeNull();
});

test('consent is kept as "when I click" before anybody is asked; what was heard is weighed at once', async () => {
  const { world, log, state } = desk('off');
  expect(await world.ask(true)).toEqual(success(undefined));
  expect(log).toEqual(['save on-request', 'ask catalog', 'check']);
  expect(state().world).toEqual(OPINION);
});

test('consent that cannot be kept is none', async () => {
  const { world, log } = desk('off', { saveSettings: async () => flaw('storage.settings', 'full') });
  expect(await world.ask(true)).toMatchObject({ ok: false, error: { reason: 'full' } });
  expect(log).toEqual([]);
});

test('settings that could not be read switch nothing off', async () => {
  const { world, log, kept } = desk('off', { chosen: () => false });
  await world.afterSettings();
  expect(log).toEqual([]);
  expect(kept[WORLD_TOKEN_KEY]).toBe('tok');
});

test('consent that an organisation overrules: nobody is asked, and the permission is given back', async () => {
  const { world, log } = desk('off', { saveSettings: async () => success(undefined) });
  expect(await world.ask(true)).toMatchObject({ ok: false, error: { at: 'secondOpinion.world', reason: 'off' } });
  expect(log).toEqual(['drop']);
});

test('others are asked about what fails here', async () => {
  const { world, log } = desk('once-per-incident', {}, [failed('control', 'controls'), failed('audio', 'audio')]);
  await world.ask(false);
  expect(log[0]).toBe('ask audio');
});

test('a refusal is kept beside what was known, and leads to no check', async () => {
  const answers = [OPINION, refusal(NOW, 'limited', NOW + 5)];
  const { world, log, state } = desk('on-request', { world: async () => answers.shift()! });
  await world.ask(false);
  await world.ask(false);
  expect(state().world).toEqual({ ...OPINION, refused: { because: 'limited', until: NOW + 5 } });
  expect(log).toEqual(['check']);
});

test('a token is kept while the feature is on; switched off, it goes with the permission', async () => {
  const off = desk('off');
  expect(await off.world.keepToken('new')).toMatchObject({ ok: false });
  expect(off.kept[WORLD_TOKEN_KEY]).toBe('tok');
  await off.world.afterSettings();
  expect(off.kept[WORLD_TOKEN_KEY]).toBeUndefined();
  expect(off.log.at(-1)).toBe('drop');

  const on = desk('on-request');
  await on.world.afterSettings();
  expect(on.log).toEqual([]);
  await on.world.keepToken('new');
  expect(on.kept[WORLD_TOKEN_KEY]).toBe('new');
  await on.world.keepToken(null);
  expect(on.kept[WORLD_TOKEN_KEY]).toBeUndefined();
});
