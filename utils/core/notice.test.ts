import { describe, expect, test } from 'vitest';
import type { Course, Incident } from './incident.ts';
import { isQuiet, withReminder, type Notice } from './notice.ts';
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
