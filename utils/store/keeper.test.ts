import { expect, test } from 'vitest';
import type { Storage } from '../app/ports.ts';
import { newMonitorState } from '../core/monitor-state.ts';
import { success } from '../core/result.ts';
import { createKeeper, STATE_KEY } from './keeper.ts';
import { decodeState } from './state.ts';

const NOW = Date.UTC(2026, 2, 10, 12);

/** A keeper whose reads are answered when the test says so. */
function slowly() {
  const stored = new Map<string, unknown>();
  const waiting: (() => void)[] = [];
  const storage: Storage = {
    read: (keys) => {
      // What is there now is what the answer will say, however late it comes.
      const found = Object.fromEntries(keys.filter((key) => stored.has(key)).map((key) => [key, structuredClone(stored.get(key))]));
      return new Promise((resolve) => waiting.push(() => resolve(success(found))));
    },
    write: async (entries) => {
      for (const [key, value] of Object.entries(entries)) stored.set(key, value);
      return success(undefined);
    },
  };
  const keeper = createKeeper({ storage, targets: [], language: () => 'en', utcOffset: () => 0, rehearsal: null, committed: () => undefined, decode: decodeState });
  return { keeper, stored, waiting, answer: () => waiting.splice(0).forEach((go) => go()) };
}

test('whoever asks while the store is being read gets the same answer: it is read once', async () => {
  const { keeper, stored, waiting, answer } = slowly();
  stored.set(STATE_KEY, { ...newMonitorState(NOW), turn: 3 });
  const both = [keeper.load(NOW), keeper.load(NOW)];
  expect(waiting).toHaveLength(1);
  answer();
  const [one, other] = await Promise.all(both);
  expect(one).toBe(other);
  expect(one).toMatchObject({ ok: true, value: { turn: 3 } });
});

test('what was read before all was deleted does not come back', async () => {
  const { keeper, stored, waiting, answer } = slowly();
  stored.set(STATE_KEY, { ...newMonitorState(NOW), turn: 3 });
  const early = keeper.load(NOW);
  stored.clear();
  keeper.forget(true);
  answer();
  await new Promise((resolve) => setTimeout(resolve));
  expect(waiting).toHaveLength(1);
  answer();
  expect(await early).toMatchObject({ ok: true, value: { turn: 0 } });
  expect(await keeper.load(NOW)).toMatchObject({ ok: true, value: { turn: 0 } });
});
