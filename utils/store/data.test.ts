import { expect, test } from 'vitest';
import { DEFAULT_SETTINGS, type Settings } from '../core/settings.ts';
import type { Reminder } from '../core/reminder.ts';
import { flaw, success, type Outcome } from '../core/result.ts';
import { createData } from './data.ts';
import { MOST_REMINDERS, REMINDERS_KEY } from './reminders.ts';

const song = (n: number): Reminder => ({ id: `jp:song:${n}`, kind: 'song', title: `Song ${n}`, artist: null, artwork: null, url: `https://music.apple.com/jp/song/${n}`, addedAt: n });
const NOW = Date.UTC(2026, 5, 1);

function machine(entries: Record<string, unknown>, settings: Settings = DEFAULT_SETTINGS, refused: { write?: Outcome<void>; save?: Outcome<void> } = {}) {
  const kept = new Map(Object.entries(entries));
  const saved: Settings[] = [];
  let alone = 0;
  let session = true;
  const data = createData({
    storage: {
      read: async (keys) => success(Object.fromEntries(keys.filter((key) => kept.has(key)).map((key) => [key, kept.get(key)]))),
      write: async (more) => {
        if (refused.write) return refused.write;
        for (const [key, value] of Object.entries(more)) {
          if (value === undefined) kept.delete(key);
          else kept.set(key, structuredClone(value));
        }
        return success(undefined);
      },
    },
    clock: { now: () => NOW, wait: async () => undefined },
    settings: () => settings,
    saveSettings: async (wanted) => refused.save ?? (saved.push(wanted), success(undefined)),
    keys: async () => [...kept.keys()],
    clearSession: async () => void (session = false),
    exclusive: (work) => (alone++, work(success(null))),
  });
  return { kept, data, saved, alone: () => alone, session: () => session };
}

test('deleting leaves the settings and nothing else, and no check runs meanwhile', async () => {
  const { kept, data, alone, session } = machine({ settings: {}, monitor: {}, snapshot: {}, incidents: ['a'], 'incident.a': {}, [REMINDERS_KEY]: [song(1)], ledger: {}, 'world-token': 'x', banner: {} });
  expect(await data.deleteData()).toEqual(success(undefined));
  expect([...kept.keys()]).toEqual(['settings']);
  expect(alone()).toBe(1);
  expect(session()).toBe(false);
});

test('what one browser exports another takes over: songs at once, settings only where the user says so', async () => {
  const chosen: Settings = { ...DEFAULT_SETTINGS, interval: 15 };
  const file = await machine({ [REMINDERS_KEY]: [song(1), song(2)] }, chosen).data.exportData('json');
  const other = machine({ [REMINDERS_KEY]: [song(2), song(3)] });
  const text = file.ok ? file.value : '';
  expect(await other.data.importData(text, false)).toEqual(success({ incidents: 0 }));
  expect((other.kept.get(REMINDERS_KEY) as Reminder[]).map(({ id }) => id)).toEqual(['jp:song:2', 'jp:song:3', 'jp:song:1']);
  expect(other.saved).toEqual([]);
  await other.data.importData(text, true);
  expect(other.saved).toEqual([chosen]);
});

test('no more songs come with a file than are ever kept; those here stay', async () => {
  const file = await machine({ [REMINDERS_KEY]: Array.from({ length: 90 }, (_, n) => song(n)) }).data.exportData('json');
  const mine = Array.from({ length: 30 }, (_, n) => song(1_000 + n));
  const { kept, data } = machine({ [REMINDERS_KEY]: mine });
  await data.importData(file.ok ? file.value : '', false);
  const list = kept.get(REMINDERS_KEY) as Reminder[];
  expect(list).toHaveLength(MOST_REMINDERS);
  expect(list.slice(0, 30)).toEqual(mine);
});

test.each([
  [{ incidents: [{ id: 'x' }] }, 'incidents.0'],
  [{ reminders: [song(7), { ...song(8), url: 'javascript:alert(1)' }] }, 'reminders.1.url'],
  [{ reminders: 'all' }, 'reminders'],
  [{ settings: { interval: 7 } }, 'settings.interval'],
])('a file with one damaged part changes nothing, and the part is named: %j', async (part, at) => {
  const file = await machine({}).data.exportData('json');
  const damaged = JSON.stringify({ ...JSON.parse(file.ok ? file.value : '{}'), ...part });
  const { kept, data } = machine({ [REMINDERS_KEY]: [song(1)] });
  const answer = await data.importData(damaged, true);
  expect(answer.ok ? '' : answer.error.at).toContain(at);
  expect([...kept]).toEqual([[REMINDERS_KEY, [song(1)]]]);
});

test.each([['the settings', 'save'], ['everything else', 'write']] as const)('a file of which %s is refused changes nothing', async (_, what) => {
  const chosen: Settings = { ...DEFAULT_SETTINGS, interval: 15 };
  const file = await machine({ [REMINDERS_KEY]: [song(2)] }, chosen).data.exportData('json');
  const { kept, data, saved } = machine({ [REMINDERS_KEY]: [song(1)] }, DEFAULT_SETTINGS, { [what]: flaw('storage', 'full') });
  expect(await data.importData(file.ok ? file.value : '', true)).toEqual(flaw('storage', 'full'));
  expect([...kept]).toEqual([[REMINDERS_KEY, [song(1)]]]);
  expect(saved.at(-1) ?? DEFAULT_SETTINGS).toEqual(DEFAULT_SETTINGS);
});
