import { describe, expect, test } from 'vitest';
import type { Diagnosis } from './diagnosis.ts';
import type { Course, Incident } from './incident.ts';
import type { FailingStretch } from './loss.ts';
import { newMonitorState, type MonitorState } from './monitor-state.ts';
import type { OfficialEvent } from './official.ts';
import { growStretches, lookAhead, NO_OUTLOOK, rememberOutage } from './outlook.ts';
import { DEFAULT_SETTINGS } from './settings.ts';

const T0 = Date.UTC(2026, 2, 1);
const MINUTE = 60_000;
const incident = { id: 'i', kind: 'down', startedAt: T0, detectedAt: T0, endedAt: null, closedAt: null, relapses: 0, flapping: false, cause: 'dns', rates: { catalog: 1, storefront: 1, purchase: 1 }, healthySince: null, endUnseen: false, recovery: 0 } as Incident;
const course = (phase: Course['phase'], more: Partial<Course> = {}): Course => ({ phase, unseen: false, incident, lately: [], ...more });
const diagnosis = (id: 'dns' | 'planned-maintenance' = 'dns'): Diagnosis => ({ side: { own: 0, path: 0, store: 1 }, causes: [{ id, p: 0.9 }, { id: 'undisclosed', p: 0.1 }], families: [], because: [] });
const state = (change: Partial<MonitorState>): MonitorState => ({ ...newMonitorState(T0), course: course('open'), diagnosis: diagnosis(), ...change });
const look = (of: MonitorState, minutes: number) => lookAhead(of, DEFAULT_SETTINGS, 540, T0 + minutes * MINUTE);
const stretch = (from: number, to: number, low: number, high = low): FailingStretch => ({ from, to, share: [low, high] });

describe('stretches', () => {
  test.each<[string, before: FailingStretch[], from: number, to: number, share: [number, number], after: FailingStretch[]]>([
    ['the first', [], 0, 10, [1, 1], [stretch(0, 10, 1)]],
    ['no time is no stretch', [stretch(0, 10, 1)], 10, 10, [0, 0], [stretch(0, 10, 1)]],
    ['nor is time that runs back', [stretch(0, 10, 1)], 10, 5, [0, 0], [stretch(0, 10, 1)]],
    ['nearly the same share is the same stretch', [stretch(0, 10, 0.5)], 10, 20, [0.549, 0.451], [stretch(0, 20, 0.5)]],
    ['another low end', [stretch(0, 10, 0.5)], 10, 20, [0.55, 0.5], [stretch(0, 10, 0.5), stretch(10, 20, 0.55, 0.5)]],
    ['another high end', [stretch(0, 10, 0.5)], 10, 20, [0.5, 0.55], [stretch(0, 10, 0.5), stretch(10, 20, 0.5, 0.55)]],
    ['a hole between them', [stretch(0, 10, 1)], 11, 20, [1, 1], [stretch(0, 10, 1), stretch(11, 20, 1)]],
    ['an overlap', [stretch(0, 10, 1)], 8, 20, [1, 1], [stretch(0, 20, 1)]],
    ['shares to a ten-thousandth', [], 0, 1, [0.123_456, 0.999_99], [stretch(0, 1, 0.1235, 1)]],
  ])('%s', (_, before, from, to, share, after) => {
    expect(growStretches(before, from, to, share)).toEqual(after);
  });

  test('however long it lasts they stay few, and what failed in all stays the same', () => {
    let grown: FailingStretch[] = [];
    let failed = 0;
    for (let i = 0; i < 1000; i++) {
      const length = 1 + (i % 7);
      const from = grown.at(-1)?.to ?? 0;
      grown = growStretches(grown, from, from + length, [i % 2, i % 2 === 0 ? 0.5 : 1]);
      failed += (i % 2) * length;
      expect(grown.length).toBeLessThanOrEqual(48);
    }
    expect(grown.every(({ from }, i) => from === (i === 0 ? 0 : grown[i - 1]!.to))).toBe(true);
    const kept = grown.reduce((sum, { from, to, share: [low] }) => sum + (to - from) * low, 0);
    expect(kept / failed).toBeCloseTo(1, 2);
  });
});

test('where nothing is wrong there is nothing to look ahead to, and what was kept for it goes', () => {
  const kept: Partial<MonitorState> = { stretches: [stretch(0, 1, 1)], forecasts: [{ at: T0, band: { p10: 1, p50: 2, p90: 3 } }], causes: [{ at: T0, cause: 'dns', p: 1, kind: 'down' }] };
  for (const over of [course('calm'), course('suspect', { incident: null }), course('open', { incident: null })]) {
    expect(look(state({ ...kept, course: over }), 5)).toMatchObject({ outlook: NO_OUTLOOK, state: { stretches: [], forecasts: [], causes: [] } });
  }
});

test('an outage has a forecast, a price and a cause; without a diagnosis it has a price', () => {
  const { state: after, outlook } = look(state({}), 30);
  expect(outlook.forecast!.p10).toBeLessThan(outlook.forecast!.p90);
  expect(outlook.loss!.atRisk[1]).toBeGreaterThan(0);
  expect(after).toMatchObject({ stretches: [{ from: T0, to: T0 + 30 * MINUTE }], forecasts: [{ at: T0 + 30 * MINUTE, band: outlook.forecast }], causes: [{ at: T0 + 30 * MINUTE, cause: 'dns', p: 0.9, kind: 'down' }] });
  const blind = look(state({ diagnosis: null }), 30);
  expect(blind.outlook).toMatchObject({ forecast: null, loss: { currency: 'JPY' } });
  expect(blind.state).toMatchObject({ forecasts: [], causes: [] });
});

test('what nobody sees may cost nothing or as much as before; what recovers costs no more', () => {
  const [seen, unseen, back] = [look(state({}), 30), look(state({ course: course('open', { unseen: true }) }), 30), look(state({ course: course('recovering'), stretches: [stretch(T0, T0 + 10 * MINUTE, 1)] }), 30)];
  expect(unseen.state.stretches[0]!.share).toEqual([0, seen.state.stretches[0]!.share[1]]);
  expect(unseen.outlook.loss!.lost[0]).toBe(0);
  expect(back.state.stretches).toEqual([stretch(T0, T0 + 10 * MINUTE, 1)]);
  expect(look(state({ course: course('recovering', { unseen: true }), stretches: [stretch(T0, T0 + 10 * MINUTE, 1)] }), 30).state.stretches).toHaveLength(1);
});

test('what recovers is expected to be over sooner than what goes on', () => {
  expect(look(state({ course: course('recovering') }), 30).outlook.forecast!.p50).toBeLessThan(look(state({}), 30).outlook.forecast!.p50);
});

test('forecasts are kept at 5, 15, 60 minutes and each doubling after, the first at once', () => {
  let now: MonitorState = state({});
  for (let minute = 1; minute <= 300; minute++) now = look(now, minute).state;
  expect(now.forecasts.map(({ at }) => (at - T0) / MINUTE)).toEqual([1, 5, 15, 60, 240]);
});

test('each change of cause or kind is kept, the same is not', () => {
  let now = look(state({}), 1).state;
  now = look(now, 2).state;
  now = look({ ...now, course: course('open', { incident: { ...incident, kind: 'degraded' } }) }, 3).state;
  now = look({ ...now, diagnosis: diagnosis('planned-maintenance') }, 4).state;
  expect(now.causes.map(({ cause, kind }) => `${cause} ${kind}`)).toEqual(['dns down', 'dns degraded', 'planned-maintenance degraded']);
  for (let i = 0; i < 60; i++) now = look({ ...now, diagnosis: diagnosis(i % 2 === 0 ? 'dns' : 'planned-maintenance') }, 5 + i).state;
  expect(now.causes).toHaveLength(48);
});

describe('the vendor’s plan', () => {
  const event = (change: Partial<OfficialEvent>): OfficialEvent => ({ id: 'a', service: 'iTunes Store', type: 'maintenance', status: 'ongoing', startedAt: T0, endsAt: T0 + 90 * MINUTE, text: '', hints: [], music: true, ...change });
  const p50 = (events: OfficialEvent[]): number =>
    look(state({ diagnosis: diagnosis('planned-maintenance'), official: { kind: 'read', at: T0, events } }), 30).outlook.forecast!.p50;
  const unplanned = p50([]);

  test('maintenance ends when it was announced to, the last of several', () => {
    expect(p50([event({})])).toBeLessThan(unplanned);
    expect(Math.abs(p50([event({})]) - 60)).toBeLessThan(20);
    expect(p50([event({}), event({ endsAt: T0 + 40 * MINUTE })])).toBe(p50([event({})]));
  });
  test.each<[string, Partial<OfficialEvent>]>([
    ['of something else', { music: false }],
    ['no maintenance', { type: 'outage' }],
    ['over', { status: 'over' }],
    ['without an end', { endsAt: null }],
  ])('%s says nothing', (_, change) => {
    expect(p50([event(change)])).toBe(unplanned);
  });
  test('a page that was not read says nothing', () => {
    expect(look(state({ diagnosis: diagnosis('planned-maintenance'), official: { kind: 'unreachable', at: T0 } }), 30).outlook.forecast!.p50).toBe(unplanned);
  });
});

test('the last fifty outages teach the forecasts to come', () => {
  const past = Array.from({ length: 50 }, (_, i) => ({ cause: 'dns' as const, minutes: i }));
  expect(rememberOutage(past, { cause: 'storage', minutes: 9 })).toEqual([...past.slice(1), { cause: 'storage', minutes: 9 }]);
  expect(rememberOutage([], { cause: 'storage', minutes: 9 })).toHaveLength(1);
});
