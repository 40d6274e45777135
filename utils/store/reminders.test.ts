import { expect, test } from 'vitest';
import type { Storage } from '../app/ports.ts';
import type { Reminder } from '../core/reminder.ts';
import { flaw, success } from '../core/result.ts';
import { createReminders, MOST_REMINDERS, REMINDERS_KEY } from './reminders.ts';

const song = (n: number): Reminder => ({ id: `jp:song:${n}`, kind: 'song', title: `Song ${n}`, artist: null, artwork: null, url: `https://music.apple.com/jp/song/${n}`, addedAt: n });

function store(entries: Record<string, unknown> = {}): Storage & { entries: Record<string, unknown>; broken: boolean } {
  const kept = {
    entries,
    broken: false,
    read: async () => (kept.broken ? flaw('storage', 'broken') : success({ ...kept.entries })),
    write: async (more: Readonly<Record<string, unknown>>) => (Object.assign(kept.entries, more), success(undefined)),
  };
  return kept;
}

test('songs kept at the same moment are all kept, each once, the newest hundred', async () => {
  const reminders = createReminders(store());
  await Promise.all(Array.from({ length: 120 }, (_, i) => reminders.add(song(i % 110))));
  const list = await reminders.list();
  expect(list).toHaveLength(MOST_REMINDERS);
  expect(new Set(list.map(({ id }) => id)).size).toBe(MOST_REMINDERS);
  expect(list[0]!.id).toBe('jp:song:9');
});

test('a list that cannot be read is not written over', async () => {
  const storage = store({ [REMINDERS_KEY]: [song(1)] });
  const reminders = createReminders(storage);
  storage.broken = true;
  expect(await reminders.add(song(2))).toMatchObject({ ok: false });
  storage.broken = false;
  expect(await reminders.list()).toEqual([song(1)]);
});

test.each([
  [{ ...song(1), url: 'javascript:alert(1)' }],
  [{ ...song(1), url: 'https://music.apple.com.evil.example/jp/song/1' }],
  [{ ...song(1), url: 'https://music.apple.com@evil.example/jp/song/1' }],
  [{ ...song(1), url: 'https://music.apple.com\\@evil.example/jp/song/1' }],
  [{ ...song(1), url: 'https://mus\u0456c.apple.com/jp/song/1' }],
  [{ ...song(1), url: 'https://xn--muic-8na.apple.com/jp/song/1' }],
  [{ ...song(1), url: 'https://music-apple.com/jp/song/1' }],
  [{ ...song(1), url: 'http://music.apple.com/jp/song/1' }],
  [{ ...song(1), url: ' https://music.apple.com/jp/song/1' }],
  [{ ...song(1), title: '\u202e\u2066' }],
  [{ ...song(1), artwork: 'https://evil.example/a.jpg' }],
  [{ ...song(1), artwork: 'https://is1-ssl.mzstatic.com.evil.example/a.jpg' }],
  [{ ...song(1), id: '../settings' }],
])('what is no song of the store is not kept: %j', async (given) => {
  const storage = store();
  expect(await createReminders(storage).add(given as Reminder)).toMatchObject({ ok: false });
  expect(storage.entries).toEqual({});
});

test('words that hide or turn the direction of writing are kept as they look', async () => {
  const reminders = createReminders(store());
  await reminders.add({ ...song(1), title: 'Le\u202emon\u0007\n', artist: '\u2066Kenshi\u200b' });
  expect(await reminders.list()).toMatchObject([{ title: 'Lemon', artist: 'Kenshi' }]);
});
