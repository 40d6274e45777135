import { describe, expect, test } from 'vitest';
import { PROOF_MS } from '../core/banner.ts';
import { newMonitorState, type MonitorState } from '../core/monitor-state.ts';
import type { Reminder } from '../core/reminder.ts';
import { flaw, success, type Outcome } from '../core/result.ts';
import { DEFAULT_SETTINGS } from '../core/settings.ts';
import type { Snapshot } from '../core/snapshot.ts';
import { createCommands, type CommandPorts } from './commands.ts';
import type { Shown } from './ports.ts';

const NOW = 1_700_000_000_000;
const song = (id: string): Reminder => ({ id, url: `https://music.apple.com/jp/song/${id}` }) as Reminder;

/** A desk whose every port notes what it was asked; `broken` ones refuse. */
function desk({ broken = false, shown = undefined as Shown, checkedAt = null as number | null, change = {} as Partial<MonitorState> } = {}) {
  let state: MonitorState = { ...newMonitorState(NOW), nextAt: NOW + 1000, ...change };
  let kept = [song('a'), song('b')];
  const log: string[] = [];
  const done = <T>(what: string, value: T): Promise<Outcome<T>> => {
    log.push(what);
    return Promise.resolve(broken ? flaw('port', 'broken') : success(value));
  };
  const ports: CommandPorts = {
    monitor: {
      change: (edit: (state: MonitorState, now: number) => MonitorState) => {
        if (!broken) state = edit(state, NOW);
        return done('change', {} as Snapshot);
      },
    } as CommandPorts['monitor'],
    tick: (trigger) => done(`tick ${trigger}`, 'something'),
    clock: { now: () => NOW, wait: async () => {} },
    reminders: {
      list: async () => kept,
      add: (one) => { kept = [one, ...kept]; return done(`add ${one.id}`, null); },
      remove: (id) => { kept = kept.filter((one) => one.id !== id); return done(`remove ${id}`, null); },
    },
    saveSettings: (settings) => done(`settings ${settings.interval}`, undefined),
    openUrl: (url) => done(`open ${url}`, undefined),
    openDetails: (incident) => done(`details ${incident}`, undefined),
    testNotification: () => done('test', shown),
    askWorld: (consent) => done(`world ${consent}`, undefined),
    keepWorldToken: (token) => done(`token ${token}`, undefined),
    rehearse: (ask) => done(`rehearse ${JSON.stringify(ask)}`, undefined),
    exportData: (format) => done(`export ${format}`, 'text'),
    importData: (text, replace) => done(`import ${text} ${replace}`, { incidents: 3 }),
    deleteData: () => done('delete', undefined),
    checkedAt: async () => checkedAt,
  };
  return { commands: createCommands(ports), log, state: () => state, kept: () => kept.map(({ id }) => id) };
}
type Commands = ReturnType<typeof createCommands>;

describe.each<[string, run: (commands: Commands) => Promise<Outcome<unknown>>, log: string[], answer: unknown]>([
  ['check', (c) => c.check({}), ['tick user'], null],
  ['settings', (c) => c.settings({ settings: { ...DEFAULT_SETTINGS, interval: 15 } }), ['settings 15'], null],
  ['remind', (c) => c.remind({ reminder: song('c') }), ['add c'], null],
  ['forget', (c) => c.forget({ id: 'a' }), ['remove a'], null],
  ['open-reminder', (c) => c['open-reminder']({ id: 'b' }), ['open https://music.apple.com/jp/song/b', 'remove b'], null],
  ['ask-world', (c) => c['ask-world']({ consent: true }), ['world true'], null],
  ['world-token', (c) => c['world-token']({ token: null }), ['token null'], null],
  ['rehearse', (c) => c.rehearse({ stop: true }), ['rehearse {"stop":true}'], null],
  ['test-notification', (c) => c['test-notification']({}), ['test', 'change'], null],
  ['export', (c) => c.export({ format: 'csv' }), ['export csv'], 'text'],
  ['import', (c) => c.import({ text: 'x', replace: true }), ['import x true'], { incidents: 3 }],
  ['delete-data', (c) => c['delete-data']({}), ['delete'], null],
  ['open-details', (c) => c['open-details']({ incident: 'i' }), ['details i'], null],
  ['dismiss', (c) => c.dismiss({ incident: 'i' }), ['change'], null],
  ['pause', (c) => c.pause({ until: NOW + 5 }), ['change'], null],
  ['page-arrived', (c) => c['page-arrived']({ url: 'https://music.apple.com/' }), ['tick page'], null],
])('%s', (_, run, log, answer) => {
  test('does what it says, and hands nothing on but its answer', async () => {
    const it = desk();
    expect(await run(it.commands)).toEqual(success(answer));
    expect(it.log).toEqual(log);
  });

  test('says what went wrong', async () => {
    expect(await run(desk({ broken: true }).commands)).toEqual(flaw('port', 'broken'));
  });
});

test('a pause leaves the plan of checks alone; its end checks at once', async () => {
  const it = desk();
  await it.commands.pause({ until: NOW + 99 });
  expect(it.state()).toMatchObject({ pausedUntil: NOW + 99, nextAt: NOW + 1000 });
  await it.commands.pause({ until: null });
  expect(it.state()).toMatchObject({ pausedUntil: null, nextAt: NOW });
  expect(it.log).toEqual(['change', 'change', 'tick user']);
});

test('what is dismissed is kept once, the last fifty', async () => {
  const it = desk({ change: { dismissed: Array.from({ length: 50 }, (_, i) => `i${i}`) } });
  await it.commands.dismiss({ incident: 'i7' });
  expect(it.state().dismissed).toHaveLength(50);
  await it.commands.dismiss({ incident: 'new' });
  expect(it.state().dismissed).toEqual([...Array.from({ length: 49 }, (_, i) => `i${i + 1}`), 'new']);
});

test('a song that could not be opened is kept', async () => {
  const it = desk({ broken: true });
  await it.commands['open-reminder']({ id: 'a' });
  expect(it.kept()).toEqual(['a', 'b']);
});

test('a notification that the system swallows is said, one that appears takes that back', async () => {
  const it = desk({ shown: 'swallowed' });
  const answer = await it.commands['test-notification']({});
  expect(answer).toMatchObject({ ok: false, error: { at: 'notifications' } });
  expect(it.state().problems).toMatchObject([{ kind: 'notifications' }]);
  const fine = desk({ change: { problems: it.state().problems } });
  expect(await fine.commands['test-notification']({})).toEqual(success(null));
  expect(fine.state().problems).toEqual([]);
});

test('a browser without notifications says so at a place of its own: no settings of the system help there', async () => {
  expect(await desk({ shown: 'unsupported' }).commands['test-notification']({})).toMatchObject({ ok: false, error: { at: 'notifications.none' } });
});

test('a song that is not kept is not opened', async () => {
  const it = desk();
  expect(await it.commands['open-reminder']({ id: 'z' })).toEqual(flaw('id', 'no such song is kept'));
  expect(it.log).toEqual([]);
  expect(it.kept()).toEqual(['a', 'b']);
});

test.each<[string, checkedAt: number | null, log: string[]]>([
  ['a fresh check proves enough', NOW - PROOF_MS + 1, []],
  ['an old one is repeated', NOW - PROOF_MS, ['tick page']],
  ['there was none', null, ['tick page']],
])('a page arrives: %s', async (_, checkedAt, log) => {
  const it = desk({ checkedAt });
  expect(await it.commands['page-arrived']({ url: 'https://music.apple.com/' })).toEqual(success(null));
  expect(it.log).toEqual(log);
});
