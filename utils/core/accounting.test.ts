import { expect, test } from 'vitest';
import { settle, type Accounting } from './accounting.ts';
import { CALM, type Course, type Incident } from './incident.ts';
import type { Span } from './history.ts';

const T0 = 1_700_000_000_000;
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const incident = (kind: Incident['kind']) => ({ kind }) as Incident;
const course = (phase: Course['phase'], more: Partial<Course> = {}): Course => ({ ...CALM, phase, ...more });
const OPEN = course('open', { incident: incident('degraded') });

/** Times in minutes from T0. */
const span = (from: number, to: number, state: Span['state']): Span => ({ from: T0 + from * MINUTE, to: T0 + to * MINUTE, state });
const since = (upTo: number, running: Accounting['running'], lastAt = upTo): Accounting => ({ upTo: T0 + upTo * MINUTE, running, lastAt: T0 + lastAt * MINUTE });

test.each<[string, Accounting, Course, at: number, gap: boolean, after: Accounting, spans: Span[]]>([
  ['all was well and is', since(0, 'up'), CALM, 5, false, since(5, 'up'), [span(0, 5, 'up')]],
  ['a suspicion waits', since(0, 'up'), course('suspect'), 5, false, since(5, 'pending'), [span(0, 5, 'up')]],
  ['and goes on waiting', since(0, 'pending', 5), course('suspect'), 6, false, since(0, 'pending', 6), []],
  ['and comes to nothing', since(0, 'pending', 5), CALM, 6, false, since(6, 'up'), [span(0, 6, 'up')]],
  ['or was the beginning of an outage', since(0, 'pending', 5), OPEN, 6, false, since(6, 'degraded'), [span(0, 6, 'degraded')]],
  ['an outage goes on', since(0, 'degraded'), OPEN, 1, false, since(1, 'degraded'), [span(0, 1, 'degraded')]],
  ['its kind changes from now on', since(0, 'degraded'), course('open', { incident: incident('down') }), 1, false, since(1, 'down'), [span(0, 1, 'degraded')]],
  ['maintenance is a state of its own', since(0, 'maintenance'), course('open', { incident: incident('maintenance') }), 1, false, since(1, 'maintenance'), [span(0, 1, 'maintenance')]],
  ['what recovers waits', since(0, 'down'), course('recovering', { incident: incident('down') }), 1, false, since(1, 'pending'), [span(0, 1, 'down')]],
  ['a recovery that holds was one from its first answer', since(0, 'pending', 5), CALM, 6, false, since(6, 'up'), [span(0, 6, 'up')]],
  ['what cannot be seen is not observed', since(0, 'up'), course('calm', { unseen: true }), 5, false, since(5, 'unobserved'), [span(0, 5, 'up')]],
  ['however long', since(0, 'unobserved'), course('open', { unseen: true }), 5, false, since(5, 'unobserved'), [span(0, 5, 'unobserved')]],
  ['a suspicion that can no longer be judged is not observed', since(0, 'pending', 5), course('suspect', { unseen: true }), 6, false, since(6, 'unobserved'), [span(0, 6, 'unobserved')]],
  ['asleep: up to the last check as it was, then not observed', since(0, 'up', 2), CALM, 60, true, since(60, 'up'), [span(0, 2, 'up'), span(2, 60, 'unobserved')]],
  ['asleep on a suspicion that came to nothing', since(0, 'pending', 2), CALM, 60, true, since(60, 'up'), [span(0, 2, 'up'), span(2, 60, 'unobserved')]],
  ['asleep on one that was the outage', since(0, 'pending', 2), OPEN, 60, true, since(60, 'degraded'), [span(0, 2, 'degraded'), span(2, 60, 'unobserved')]],
  ['asleep right after a check', since(2, 'up'), CALM, 60, true, since(60, 'up'), [span(2, 60, 'unobserved')]],
  ['no time at all', since(5, 'up'), CALM, 5, false, since(5, 'up'), []],
  ['a clock set back a little waits until it has caught up', since(60, 'up'), course('suspect'), 10, false, since(60, 'pending', 10), []],
  ['by an hour too', since(60, 'up'), CALM, 0, false, since(60, 'up', 0), []],
  ['by more begins anew there', since(61, 'up'), CALM, 0, false, since(0, 'up'), []],
  ['which says what is now', since(61, 'up'), OPEN, 0, false, since(0, 'degraded'), []],
  ['a clock set back into what waits: it goes on waiting', since(60, 'pending', 70), course('suspect'), 50, true, since(60, 'pending', 50), []],
  ['which it does until it is known', since(60, 'pending', 50), OPEN, 80, false, since(80, 'degraded'), [span(60, 80, 'degraded')]],
  ['catching up counts nothing twice', since(60, 'up', 10), CALM, 15, false, since(60, 'up', 15), []],
  ['and goes on where it had stopped', since(60, 'up', 59), CALM, 65, false, since(65, 'up'), [span(60, 65, 'up')]],
])('%s', (_, before, now, at, gap, after, spans) => {
  expect(settle(before, now, T0 + at * MINUTE, gap)).toEqual([after, spans]);
});

test('pending for a fortnight to the millisecond, or last checked within it, is no damage', () => {
  const one = (upTo: number, lastAt: number, at: number) => settle({ upTo, running: 'pending', lastAt }, course('suspect'), at, false);
  expect(one(T0, T0 + 14 * DAY, T0 + 15 * DAY)).toEqual([{ upTo: T0, running: 'pending', lastAt: T0 + 15 * DAY }, []]);
  expect(one(T0, T0 + DAY, T0 + 99 * DAY)[1]).toEqual([]);
  expect(one(T0, T0 + 15 * DAY, T0 + 14 * DAY)[1]).toEqual([]);
  expect(one(T0, T0 + 14 * DAY + 1, T0 + 15 * DAY)[1]).toEqual([{ from: T0, to: T0 + 1, state: 'unobserved' }]);
});

test('a long stretch comes in pieces that the history believes, one that was not observed in one', () => {
  const [, up] = settle({ upTo: T0, running: 'up', lastAt: T0 }, CALM, T0 + 30 * HOUR, false);
  expect(up.map(({ from, to }) => (to - from) / HOUR)).toEqual([12, 12, 6]);
  expect(up.every(({ from }, i) => from === (i === 0 ? T0 : up[i - 1]!.to))).toBe(true);
  const [, unobserved] = settle({ upTo: T0, running: 'unobserved', lastAt: T0 }, CALM, T0 + 30 * HOUR, false);
  expect(unobserved).toEqual([{ from: T0, to: T0 + 30 * HOUR, state: 'unobserved' }]);
});

test('what has been pending for weeks is damage: only the last fortnight is counted', () => {
  const after = (days: number) => settle({ upTo: T0, running: 'pending', lastAt: T0 + days * DAY }, CALM, T0 + days * DAY + MINUTE, false)[1];
  expect(after(14)[0]).toMatchObject({ from: T0, state: 'up' });
  const damaged = after(1000);
  expect(damaged[0]).toEqual({ from: T0, to: T0 + 986 * DAY, state: 'unobserved' });
  expect(damaged.slice(1).every(({ state }) => state === 'up')).toBe(true);
  expect(damaged.at(-1)!.to).toBe(T0 + 1000 * DAY + MINUTE);
});
