import { describe, expect, test } from 'vitest';
import { CALM, type Course, type Incident } from './incident.ts';
import { INCIDENT_MS, isGap, isLate, nextDelay, SUSPECT_MS } from './schedule.ts';

const T0 = 1_700_000_000_000;
const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const incident = { id: 'i', startedAt: T0 } as Incident;
const course = (phase: Course['phase'], more: Partial<Course> = {}): Course => ({ ...CALM, phase, ...more });

describe('the next check', () => {
  test.each<[string, Course, interval: number, age: number, random: number, delay: number]>([
    ['as the user wishes while all is well', CALM, 5, 0, 0.5, 5 * MINUTE],
    ['a tenth early at most', CALM, 5, 0, 0, 4.5 * MINUTE],
    ['a tenth late at most', CALM, 10, 0, 1, 11 * MINUTE],
    ['to the millisecond', CALM, 1, 0, 0.1234567, 55_481],
    ['soon on suspicion, whatever the interval', course('suspect'), 30, 0, 0.5, SUSPECT_MS],
    ['every minute in an outage', course('open', { incident }), 5, HOUR, 0.9, INCIDENT_MS],
    ['never more seldom than while all is well', course('open', { incident }), 0.5, HOUR, 0.9, 30 * SECOND],
    ['six hours are not yet long', course('open', { incident }), 5, 6 * HOUR, 0.9, INCIDENT_MS],
    ['every other minute in a long one', course('open', { incident }), 5, 6 * HOUR + 1, 0.9, 2 * MINUTE],
    ['and not more seldom than wished', course('open', { incident }), 1, 24 * HOUR, 0.9, MINUTE],
    ['while it comes back as while it lasts', course('recovering', { incident }), 15, HOUR, 0.9, INCIDENT_MS],
    ['while a long one comes back too', course('recovering', { incident }), 15, 7 * HOUR, 0.9, 2 * MINUTE],
    ['every minute while nothing can be seen', course('calm', { unseen: true }), 15, 0, 0.9, INCIDENT_MS],
    ['an outage that is over changes nothing', course('calm', { incident }), 5, 24 * HOUR, 0.5, 5 * MINUTE],
  ])('%s', (_, of, interval, age, random, delay) => {
    expect(nextDelay(of, interval, T0 + age, random)).toBe(delay);
  });
});

test.each<[string, due: number | null, late: boolean]>([
  ['none was planned', null, false],
  ['early', T0 + MINUTE, false],
  ['as late as alarms are by themselves', T0 - 30 * SECOND, false],
  ['a minute and a half', T0 - 90 * SECOND, false],
  ['more', T0 - 90 * SECOND - 1, true],
])('late: %s', (_, due, late) => {
  expect(isLate(due, T0)).toBe(late);
});

test.each<[string, last: number | null, planned: number, gap: boolean]>([
  ['never checked', null, 5 * MINUTE, true],
  ['the clock was set back', T0 + 1, 5 * MINUTE, true],
  ['just now', T0, 5 * MINUTE, false],
  ['when it was planned', T0 - 5 * MINUTE, 5 * MINUTE, false],
  ['twice as late and a minute and a half', T0 - 11.5 * MINUTE, 5 * MINUTE, false],
  ['more', T0 - 11.5 * MINUTE - 1, 5 * MINUTE, true],
])('not observed in between: %s', (_, last, planned, gap) => {
  expect(isGap(last, planned, T0)).toBe(gap);
});
