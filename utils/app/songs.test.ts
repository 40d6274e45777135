import { beforeEach, expect, test } from 'vitest';
import type { Notice } from '../core/notice.ts';
import type { Reminder } from '../core/reminder.ts';
import { flaw, success } from '../core/result.ts';
import { createReminders } from '../store/reminders.ts';
import { createSongs, type Songs } from './songs.ts';

const PAGE = 'https://music.apple.com/jp/album/lemon/1352845788?i=1352845798';
const notice = (id: string, kind: Notice['kind']): Notice => ({ id, kind }) as Notice;

/** What outlives the background; `wake` starts another one on it. */
let stored: Record<string, unknown>;
let session: Record<string, unknown>;
let done: string[];
let buttons: boolean;
let full: boolean;
let opens: boolean;

function wake(): Songs {
  const reminders = createReminders({
    read: async (keys) => success(Object.fromEntries(keys.filter((key) => key in stored).map((key) => [key, structuredClone(stored[key])]))),
    write: async (entries) => (full ? flaw('storage', 'full') : success(void Object.assign(stored, entries))),
  });
  return createSongs({
    clock: { now: () => 5, wait: async () => undefined },
    reminders,
    notifier: {
      show: async ({ id, title }) => (done.push(`show ${id} ${title}`), success(undefined)),
      clear: async (id) => void done.push(`clear ${id}`),
      hasButtons: () => buttons,
    },
    readSession: async (key) => structuredClone(session[key]),
    writeSession: async (entries) => void Object.assign(session, structuredClone(entries)),
    keptWords: (song, kept) => ({ id: 'kept', title: kept ? song.title : `not ${song.title}`, message: '', buttons: [] }),
    open: async (id) => {
      const song = (await reminders.list()).find((each) => each.id === id);
      if (song === undefined || !opens) return flaw('id', 'not to be opened');
      done.push(`open ${song.url}`);
      return reminders.remove(id);
    },
    openDetails: async (incident) => (done.push(`details ${incident}`), success(undefined)),
  });
}

const list = (): Reminder[] => (stored['reminders'] ?? []) as Reminder[];

beforeEach(() => {
  [stored, session, done, buttons, full, opens] = [{}, {}, [], true, false, true];
});

test('a song chosen in the context menu is kept, once, and that is said', async () => {
  await wake().chosen({ url: PAGE, title: 'Lemon - Song by Kenshi Yonezu - Apple Music' });
  await wake().chosen({ url: PAGE, title: 'Lemon - Song by Kenshi Yonezu - Apple Music' });
  expect(list()).toEqual([{ id: 'jp:song:1352845798', kind: 'song', title: 'Lemon', artist: 'Kenshi Yonezu', artwork: null, url: PAGE, addedAt: 5 }]);
  expect(done).toEqual(['show kept Lemon', 'show kept Lemon']);
});

test.each([[{ url: 'https://music.apple.com/jp/new', title: 'New' }], [{ url: 'https://evil.example/jp/song/1', title: 'x' }], [{ url: 'javascript:alert(1)//song/1', title: null }]])('what is no song is not kept: %o', async (choice) => {
  await wake().chosen(choice);
  expect(list()).toEqual([]);
  expect(done).toEqual([]);
});

test('one that could not be kept is not said to be', async () => {
  full = true;
  await wake().chosen({ url: PAGE, title: null });
  expect(done).toEqual(['show kept not Lemon']);
});

test.each<[Notice['kind'], offered: boolean]>([['recovery', true], ['summary', true], ['outage', false], ['relapse', false], ['reminder', false]])('%s: the song is offered: %s', async (kind, offered) => {
  await wake().chosen({ url: PAGE, title: null });
  expect((await wake().offeredWith(notice('i:x', kind)))?.id ?? null).toBe(offered ? 'jp:song:1352845798' : null);
});

test.each<[string, drawn: boolean, button: number | null, expected: string]>([
  ['its first button opens the song', true, 0, `open ${PAGE}`],
  ['its second tells all', true, 1, 'details i'],
  ['it itself tells all', true, null, 'details i'],
  ['where there are no buttons, it itself opens the song', false, null, `open ${PAGE}`],
])('the notification that offered a song, pressed after the background has slept: %s', async (_, drawn, button, expected) => {
  buttons = drawn;
  await wake().chosen({ url: PAGE, title: null });
  await wake().offeredWith(notice('i:recovery', 'recovery'));
  done.length = 0;
  await wake().pressed('i:recovery', button);
  expect(done).toEqual(['clear i:recovery', expected]);
  expect(list()).toHaveLength(expected.startsWith('open') ? 0 : 1);
});

test('a song that was kept after the notification is not what its first button says', async () => {
  await wake().offeredWith(notice('i:summary', 'summary'));
  await wake().chosen({ url: PAGE, title: null });
  done.length = 0;
  await wake().pressed('i:summary', 0);
  expect(done).toEqual(['clear i:summary', 'details i']);
  expect(list()).toHaveLength(1);
});

test('the song that was offered is opened, also where another has been kept since', async () => {
  await wake().chosen({ url: PAGE, title: null });
  await wake().offeredWith(notice('i:recovery', 'recovery'));
  await wake().chosen({ url: 'https://music.apple.com/jp/song/other/7', title: null });
  await wake().pressed('i:recovery', 0);
  expect(done).toContain(`open ${PAGE}`);
  expect(list().map(({ id }) => id)).toEqual(['jp:song:7']);
});

test('one that was taken off the list, or cannot be opened, leads to the details, and what is kept stays kept', async () => {
  await wake().chosen({ url: PAGE, title: null });
  await wake().offeredWith(notice('i:recovery', 'recovery'));
  opens = false;
  await wake().pressed('i:recovery', 0);
  expect(done.at(-1)).toBe('details i');
  expect(list()).toHaveLength(1);
});

test.each([['page', ['clear page', 'details ']], ['kept', ['clear kept']], ['test', ['clear test']]])('the notification "%s"', async (id, expected) => {
  await wake().pressed(id, null);
  expect(done).toEqual(expected);
});
