import { expect, test } from 'vitest';
import { phaseAt, viewOf } from '../../utils/core/scenario.ts';
import { poorYear, without } from './poor-line.ts';
import type { Replay } from './run.ts';
import { judgeYear } from './year.ts';

const DAY = 24 * 60;

test('a poor year holds what it promises', () => {
  const { scenario, outages, watchable } = poorYear('3', 12);
  const { phases } = scenario;
  const lasts = (is: (phase: (typeof phases)[number]) => boolean): number =>
    phases.reduce((sum, phase, i) => sum + (is(phase) ? (phases[i + 1]?.atMinute ?? 365 * DAY) - phase.atMinute : 0), 0);
  expect(lasts(({ client }) => client.asleep) / (365 * 60)).toBeCloseTo(14, 0);
  const portals = phases.filter((phase, i) => phase.controls.fail.some(([name]) => name === 'redirect.foreign') && !phases[i - 1]!.controls.fail.some(([name]) => name === 'redirect.foreign'));
  expect(portals.length / 52).toBeGreaterThan(1);
  expect(lasts(({ client, controls }) => !client.asleep && controls.slow > 1) / (365 * 60)).toBeGreaterThan(0.6);
  expect(phases.filter(({ client }) => !client.online).length).toBeGreaterThan(300);
  expect(phases.map(({ atMinute }) => atMinute)).toEqual(phases.map(({ atMinute }) => atMinute).toSorted((a, b) => a - b));
  expect(outages).toHaveLength(12);
  for (const outage of outages) {
    const [part] = watchable(outage);
    if (part) expect(phaseAt(scenario, part.from).client).toMatchObject({ asleep: false, online: true });
    const phase = phaseAt(scenario, outage.from + 0.001);
    for (const role of Object.keys(outage.hosts) as (keyof typeof outage.hosts)[]) {
      const [first] = outage.hosts[role]!.fail;
      if (first) expect(viewOf(phase, role).fail.map(([name]) => name)).toContain(first[0]);
    }
  }
});

test.each([
  [[], [[0, 10]]],
  [[[2, 4]], [[0, 2], [4, 10]]],
  [[[-5, 1], [9, 20]], [[1, 9]]],
  [[[0, 10]], []],
  [[[3, 5], [4, 6]], [[0, 3], [6, 10]]],
])('without %j', (holes, parts) => {
  expect(without({ from: 0, to: 10 }, holes.map(([from, to]) => ({ from: from!, to: to! }))).map(({ from, to }) => [from, to])).toEqual(parts);
});

/** An incident of which only the times matter. */
const incident = (openedMinute: number, closedMinute: number | null) => ({ openedMinute, startedMinute: openedMinute, kind: 'down', closedMinute });

test('a year is judged by what was, not by what was said', () => {
  const hosts = { catalog: { fail: [['http.503', 1] as const], slow: 1, by: null } };
  const audio = { audio: hosts.catalog };
  const year = {
    scenario: poorYear('1', 0, 2).scenario,
    outages: [{ from: 100, to: 200, kind: 'a', hosts }, { from: 500, to: 505, kind: 'too short', hosts }, { from: 900, to: 960, kind: 'b', hosts }, { from: 1100, to: 1125, kind: 'before its turn', hosts: audio }],
    watchable: (outage: { from: number; to: number }) => [{ from: outage.from + 2, to: outage.to }],
  };
  const seen = {
    line: { notifications: [{ minute: 105, kind: 'outage' }, { minute: 204, kind: 'relapse' }, { minute: 700, kind: 'outage' }, { minute: 710, kind: 'recovery' }], checks: 9 },
    incidents: [incident(105, 210), incident(700, 710)],
  } as unknown as Replay;
  expect(judgeYear('1', year, seen, 1)).toMatchObject({
    watchable: 2,
    found: 1,
    delays: [3],
    missed: ['b at 900, 58 minutes watchable'],
    falseAlarms: [700],
    falseIncidents: [700],
  });
});
