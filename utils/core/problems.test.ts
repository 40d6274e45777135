import { describe, expect, test } from 'vitest';
import { newMonitorState, type MonitorState } from './monitor-state.ts';
import type { Observation, Result } from './observation.ts';
import { monitorProblems, withNotificationTrouble } from './problems.ts';
import type { Snapshot } from './snapshot.ts';
import { TARGETS } from './targets.ts';

type Problems = Snapshot['problems'];
const NOW = 1_700_000_000_000;
const MINUTE = 60_000;
const [FIRST, SECOND] = [TARGETS[0]!, TARGETS.find(({ host }) => host !== TARGETS[0]!.host)!];
const seen = (target: string, result: Result): Observation => ({ target, role: 'catalog', at: NOW, ms: 1, result, times: null, answer: null, bytes: 0 });
const denied: Result = { kind: 'discarded', because: 'no-permission' };
const state = (change: Partial<MonitorState>): MonitorState => ({ ...newMonitorState(NOW), ...change });
const feed = (kind: 'unreachable' | 'not-understood', minutes: number, reason = 'why'): Partial<MonitorState> => ({
  officialRecord: { ...newMonitorState(NOW).officialRecord, trouble: { kind, since: NOW - minutes * MINUTE, reason } },
});
const kept: Problems = [{ kind: 'storage', detail: 'full' }, { kind: 'notifications', detail: 'off' }];

test.each<[string, MonitorState, skew: number | null, Problems]>([
  ['nothing', state({}), null, []],
  ['what is noted elsewhere stays', state({ problems: kept }), 0, kept],
  ['what is found here is looked for anew', state({ problems: [{ kind: 'permission', detail: 'x' }, { kind: 'feed', detail: 'x' }, { kind: 'clock', detail: 'x' }] }), 0, []],
  ['the clock stays as long as no answer told', state({ problems: [{ kind: 'clock', detail: '9 min' }] }), null, [{ kind: 'clock', detail: '9 min' }]],
  ['a clock that is four minutes off', state({}), 4.99 * MINUTE, []],
  ['a clock that is ahead', state({}), 5 * MINUTE, [{ kind: 'clock', detail: '5 min' }]],
  ['a clock that is behind', state({ problems: [{ kind: 'clock', detail: '9 min' }] }), -61.4 * MINUTE, [{ kind: 'clock', detail: '-61 min' }]],
  ['hosts that may not be asked', state({ last: { [FIRST.id]: seen(FIRST.id, denied), [SECOND.id]: seen(SECOND.id, denied) } }), null, [{ kind: 'permission', detail: `${FIRST.host}, ${SECOND.host}` }]],
  ['thrown away for another reason', state({ last: { [FIRST.id]: seen(FIRST.id, { kind: 'discarded', because: 'late' }), [SECOND.id]: seen(SECOND.id, { kind: 'ok' }) } }), null, []],
  ['a page that is not understood', state(feed('not-understood', 0)), null, [{ kind: 'feed', detail: 'why' }]],
  ['a page that cannot be reached for a while', state(feed('unreachable', 59)), null, []],
  ['for an hour', state(feed('unreachable', 60)), null, [{ kind: 'feed', detail: 'why' }]],
  ['for an hour, and the store neither', state({ ...feed('unreachable', 60), course: { ...newMonitorState(NOW).course, unseen: true } }), null, []],
  ['not understood, while nothing can be seen', state({ ...feed('not-understood', 60), course: { ...newMonitorState(NOW).course, unseen: true } }), null, [{ kind: 'feed', detail: 'why' }]],
  ['a reason without end is cut', state(feed('not-understood', 0, 'x'.repeat(1000))), null, [{ kind: 'feed', detail: 'x'.repeat(300) }]],
])('%s', (_, of, skew, problems) => {
  expect(monitorProblems(of, TARGETS, skew, NOW)).toEqual(problems);
});

test('a host is named once, however many of its parts are refused', () => {
  const twice = [FIRST, { ...FIRST, id: 'again' }];
  const last = { [FIRST.id]: seen(FIRST.id, denied), again: seen('again', denied) };
  expect(monitorProblems(state({ last }), twice, null, NOW)).toEqual([{ kind: 'permission', detail: FIRST.host }]);
});

describe('notifications', () => {
  const storage: Problems[number] = { kind: 'storage', detail: 'full' };
  const off: Problems[number] = { kind: 'notifications', detail: 'off' };
  test('refused, refused again, for another reason, shown', () => {
    const refused = withNotificationTrouble([storage], 'off');
    expect(refused).toEqual([storage, off]);
    expect(withNotificationTrouble(refused, 'off')).toBe(refused);
    expect(withNotificationTrouble(refused, 'denied')).toEqual([storage, { kind: 'notifications', detail: 'denied' }]);
    expect(withNotificationTrouble(refused, null)).toEqual([storage]);
    const fine = [storage];
    expect(withNotificationTrouble(fine, null)).toBe(fine);
    expect(withNotificationTrouble([], 'x'.repeat(1000))[0]!.detail).toHaveLength(300);
    // The same words of another problem are not its own.
    expect(withNotificationTrouble([{ kind: 'storage', detail: 'off' }], 'off')).toHaveLength(2);
  });
});

test('what an organisation set that cannot be used is named, until it is set right', () => {
  const wrong = monitorProblems(state({}), TARGETS, null, NOW, [{ at: 'interval', reason: 'none of the choices' }, { at: 'colour', reason: 'unknown setting' }]);
  expect(wrong).toEqual([{ kind: 'policy', detail: 'interval (none of the choices); colour (unknown setting)' }]);
  expect(monitorProblems(state({ problems: wrong }), TARGETS, null, NOW, [])).toEqual([]);
});
