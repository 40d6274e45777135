import { describe, expect, test } from 'vitest';
import type { Course, Incident, IncidentEvent } from './incident.ts';
import { fateOf, isEnd, isQuiet, isWanted, noticesOf, withReminder, type Notice } from './notice.ts';
import { DEFAULT_SETTINGS, type Settings } from './settings.ts';

const HOUR = 3_600_000;
const incident = { id: 'i', kind: 'down', startedAt: -60_000, detectedAt: 0, cause: 'storage' } as Incident;
const OPEN: Course = { phase: 'open', unseen: false, incident, lately: [] };
const every = (reminderHours: Settings['notify']['reminderHours']): Settings => ({ ...DEFAULT_SETTINGS, notify: { ...DEFAULT_SETTINGS.notify, reminderHours } });

describe('while it lasts', () => {
  test.each<[string, hours: Settings['notify']['reminderHours'], Course, told: string[], at: number, ids: string[]]>([
    ['never, unless wished', 0, OPEN, [], 30, []],
    ['not before the first span is over', 3, OPEN, [], 2.99, []],
    ['once it is', 3, OPEN, [], 3, ['i:reminder:1']],
    ['once for each span', 3, OPEN, ['i:reminder:1'], 5, []],
    ['again after the next', 3, OPEN, ['i:reminder:1'], 6.2, ['i:reminder:2']],
    ['once for all that was slept through', 1, OPEN, [], 9.5, ['i:reminder:9']],
    ['not while it recovers', 1, { ...OPEN, phase: 'recovering' }, [], 5, []],
    ['not for maintenance', 1, { ...OPEN, incident: { ...incident, kind: 'maintenance' } }, [], 5, []],
    ['not when all is well', 1, { ...OPEN, phase: 'calm', incident: null }, [], 5, []],
  ])('%s', (_, hours, course, told, at, ids) => {
    expect(withReminder([], course, told, 0.4, every(hours), at * HOUR).map(({ id }) => id)).toEqual(ids);
  });

  test('it says what the outage is', () => {
    expect(withReminder([], OPEN, [], 0.4, every(1), HOUR)).toEqual([
      { id: 'i:reminder:1', kind: 'reminder', dueAt: HOUR, incident: 'i', incidentKind: 'down', cause: 'storage', causeP: 0.4, startedAt: -60_000, endedAt: null, seenMs: null },
    ]);
  });

  test('a reminder that still waits is replaced, other notices stay', () => {
    const other = { id: 'i:outage', kind: 'outage' } as Notice;
    const first = withReminder([other], OPEN, [], 0.4, every(1), HOUR);
    expect(withReminder(first, OPEN, [], 0.4, every(1), HOUR)).toEqual(first);
    expect(withReminder(first, OPEN, [], 0.4, every(1), 2 * HOUR).map(({ id }) => id)).toEqual(['i:outage', 'i:reminder:2']);
  });
});

test.each([
  [22, 7, 23, true], [22, 7, 3, true], [22, 7, 7, false], [22, 7, 12, false], [9, 17, 9, true], [9, 17, 17, false], [0, 0, 5, false],
])('quiet from %i to %i: at %i %s', (quietFrom, quietTo, hour, quiet) => {
  expect(isQuiet({ ...DEFAULT_SETTINGS, notify: { ...DEFAULT_SETTINGS.notify, quietFrom, quietTo } }, hour)).toBe(quiet);
});

const at = 1_000_000;
const lived = (change: Partial<Incident> = {}): Incident =>
  ({ id: 'i', kind: 'down', startedAt: 1, detectedAt: 2, endedAt: null, closedAt: null, relapses: 0, flapping: false, cause: 'dns', rates: {}, healthySince: null, endUnseen: false, recovery: 0, ...change });
const reclassified = (from: Incident['cause'], fromKind: Incident['kind'], to: Partial<Incident>): IncidentEvent => ({ kind: 'reclassified', at, incident: lived(to), from, fromKind });

test.each<[string, IncidentEvent[], told: Partial<Notice>[]]>([
  ['nothing', [], []],
  ['a suspicion is not told, nor that it was none', [{ kind: 'suspected', at }, { kind: 'cleared', at }], []],
  ['an outage', [{ kind: 'opened', at, incident: lived() }], [{ id: 'i:outage', kind: 'outage', dueAt: at }]],
  ['a partial one', [{ kind: 'opened', at, incident: lived({ kind: 'degraded' }) }], [{ id: 'i:outage', kind: 'outage', incidentKind: 'degraded' }]],
  ['maintenance', [{ kind: 'opened', at, incident: lived({ kind: 'maintenance' }) }], [{ id: 'i:outage', kind: 'maintenance', dueAt: at }]],
  ['a first relapse', [{ kind: 'relapsed', at, incident: lived({ relapses: 1 }) }], [{ id: 'i:relapse', kind: 'relapse', dueAt: at }]],
  ['a second one is flapping', [{ kind: 'relapsed', at, incident: lived({ relapses: 2 }) }], []],
  ['another cause', [reclassified('storage', 'down', {})], [{ id: 'i:cause', kind: 'cause', dueAt: at, cause: 'dns' }]],
  ['down is worse than degraded, but no news', [reclassified('dns', 'degraded', { kind: 'down' })], []],
  ['maintenance that becomes an outage', [reclassified('dns', 'maintenance', { kind: 'down' })], [{ id: 'i:outage', kind: 'outage', dueAt: at }]],
  ['and for another reason', [reclassified('storage', 'maintenance', { kind: 'down' })], [{ kind: 'outage' }, { kind: 'cause' }]],
  ['maintenance with another cause', [reclassified('storage', 'maintenance', { kind: 'maintenance' })], [{ kind: 'cause' }]],
  ['what recovers is not yet over', [{ kind: 'recovering', at, incident: lived({ endedAt: 5 }) }], []],
  ['over, told within a minute', [{ kind: 'recovered', at, incident: lived({ endedAt: 5 }) }], [{ id: 'i:recovery', kind: 'recovery', dueAt: at + 15_000, endedAt: 5, seenMs: 77 }]],
  ['over, unseen: at once', [{ kind: 'recovered', at, incident: lived({ endedAt: 5, endUnseen: true }) }], [{ id: 'i:recovery', kind: 'summary', dueAt: at, seenMs: 77 }]],
  ['over after a relapse', [{ kind: 'recovered', at, incident: lived({ endedAt: 5, relapses: 3 }) }], [{ id: 'i:1:recovery', kind: 'recovery' }]],
])('there is to tell: %s', (_, events, told) => {
  const notices = noticesOf(events, 0.25, 0.4, 77);
  expect(notices).toMatchObject(told);
  expect(notices).toHaveLength(told.length);
  for (const notice of notices) expect(notice).toMatchObject({ incident: 'i', causeP: 0.4, startedAt: 1 });
});

test.each<[Notice['kind'], off: Partial<Settings['notify']>, on: Partial<Settings['notify']>]>([
  ['outage', { outage: false }, { outage: true }],
  ['relapse', { outage: false }, { outage: true }],
  ['recovery', { recovery: false }, { recovery: true }],
  ['summary', { summary: false }, { summary: true }],
  ['cause', { cause: false }, { cause: true }],
  ['reminder', { reminderHours: 0 }, { reminderHours: 1 }],
])('%s is told as the user wishes, whatever he wishes of the others', (kind, off, on) => {
  const all = { outage: true, recovery: true, summary: true, cause: true, reminderHours: 1 } as const;
  const none = { outage: false, recovery: false, summary: false, cause: false, reminderHours: 0 } as const;
  const wanted = (notify: Partial<Settings['notify']>) => isWanted({ kind } as Notice, { ...DEFAULT_SETTINGS, notify: { ...DEFAULT_SETTINGS.notify, ...notify } });
  expect(wanted({ ...all, ...off })).toBe(false);
  expect(wanted({ ...none, ...on })).toBe(true);
});

test('an end is told as a recovery or as a summary', () => {
  const kinds: Notice['kind'][] = ['outage', 'maintenance', 'recovery', 'relapse', 'cause', 'reminder', 'summary'];
  expect(kinds.filter((kind) => isEnd({ kind } as Notice))).toEqual(['recovery', 'summary']);
});

test('maintenance is never told', () => {
  expect(isWanted({ kind: 'maintenance' } as Notice, every(1))).toBe(false);
});

describe('what is due', () => {
  const DAY = 24 * HOUR;
  const notice = (kind: Notice['kind'], id = `i:${kind}`, dueAt = at): Notice => ({ ...noticesOf([{ kind: 'opened', at, incident: lived() }], 0, 0, 0)[0]!, kind, id, dueAt });
  const openNow: Course = { phase: 'open', unseen: false, incident: lived(), lately: [] };
  const back: Course = { ...openNow, phase: 'recovering' };
  const over: Course = { ...openNow, phase: 'calm', incident: lived({ endedAt: 5, closedAt: 6 }) };
  const heard = ['i:outage'];

  test.each<[string, Notice, Course, outbox: Notice[], told: string[], after: number, fate: string]>([
    ['an outage that goes on', notice('outage'), openNow, [], [], 0, 'tell'],
    ['told before', notice('outage'), openNow, [], ['i:outage'], 0, 'drop'],
    ['an outage that is coming back', notice('outage'), back, [], [], 0, 'hold'],
    ['an outage that is over', notice('outage'), over, [], [], 0, 'drop'],
    ['an outage of another time', notice('outage'), { ...openNow, incident: lived({ id: 'h' }) }, [], [], 0, 'drop'],
    ['an outage that is forgotten', notice('outage'), { ...openNow, phase: 'calm', incident: null }, [], [], 0, 'drop'],
    ['an outage, closed and suspected anew', notice('outage'), { ...over, phase: 'suspect' }, [], [], 0, 'drop'],
    ['an outage, not closed but no longer open', notice('outage'), { ...openNow, phase: 'suspect' }, [], [], 0, 'drop'],
    ['an outage, closed, whatever the phase', notice('outage'), { ...openNow, incident: lived({ closedAt: 6 }) }, [], [], 0, 'drop'],
    ['maintenance', notice('maintenance'), openNow, [], [], 0, 'tell'],
    ['a relapse', notice('relapse'), back, [], [], 0, 'hold'],
    ['another cause', notice('cause'), openNow, [], [], 0, 'tell'],
    ['a reminder', notice('reminder', 'i:reminder:1'), over, [], [], 0, 'drop'],
    ['the end', notice('recovery'), over, [], heard, 0, 'tell'],
    ['the end of what was told as a relapse', notice('recovery'), over, [], ['i:relapse'], 0, 'tell'],
    ['the end of what nobody heard of', notice('recovery'), over, [], ['h:outage'], 0, 'drop'],
    ['a summary all the same', notice('summary'), over, [], [], 0, 'tell'],
    ['the end of what goes on', notice('recovery'), openNow, [], heard, 0, 'drop'],
    ['the end of what may go on', notice('summary'), back, [], heard, 0, 'drop'],
    ['the end, a day later', notice('recovery'), over, [], heard, DAY, 'tell'],
    ['the end, more than a day later', notice('recovery'), over, [], heard, DAY + 1, 'drop'],
    ['the end before a later end', notice('recovery'), over, [notice('recovery', 'i:1:recovery', at + 1)], heard, 0, 'drop'],
    ['the end before a later summary', notice('recovery'), over, [notice('summary', 'i:1:recovery', at + 1)], heard, 0, 'drop'],
    ['the end after an earlier end', notice('recovery'), over, [notice('recovery', 'i:1:recovery', at)], heard, 0, 'tell'],
    ['the end before the end of another', notice('recovery'), over, [{ ...notice('recovery', 'h:recovery', at + 1), incident: 'h' }], heard, 0, 'tell'],
    ['the end before something else', notice('recovery'), over, [notice('cause', 'i:cause', at + 1)], heard, 0, 'tell'],
    ['the end, and itself in the list', notice('recovery'), over, [notice('recovery', 'i:recovery', at + 1)], heard, 0, 'tell'],
  ])('%s', (_, one, course, outbox, told, after, fate) => {
    expect(fateOf(one, course, outbox, told, at + after)).toBe(fate);
  });
});
