import fc from 'fast-check';
import { expect, test } from 'vitest';
import { newMonitorState, type MonitorState } from './monitor-state.ts';
import { isAhead, setBack } from './set-back.ts';

const T0 = Date.UTC(2026, 2, 10, 12);
const HOUR = 3_600_000;

function later(): MonitorState {
  const state = newMonitorState(T0);
  return {
    ...state,
    lastRoundAt: T0,
    nextAt: T0 + 300_000,
    pausedUntil: T0 + HOUR,
    profiles: { catalog: { firstHealthyAt: T0, lastHealthyAt: T0, usualMs: 200, aloneSince: T0, lastAskedAt: T0 } },
    detector: { ...state.detector, controls: [{ at: T0, answered: { a: true } }], firstFailureAt: T0 },
    official: { kind: 'read', at: T0, events: [] },
    officialRecord: { ...state.officialRecord, readAt: T0 },
    verdict: { ...state.verdict, since: T0 },
  };
}

test('a clock that runs forward is left alone', () => {
  expect(isAhead(later(), T0 + 1)).toBe(false);
  expect(isAhead(later(), T0 - 1)).toBe(true);
  expect(isAhead({ ...later(), nextAt: T0 + 2 * HOUR }, T0)).toBe(true);
});

test('no time that is remembered lies ahead of the clock any more, but for the pause, which keeps its length', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 5 * 365 * 24 * HOUR }), (by) => {
      const now = T0 - by;
      const { pausedUntil, accounting, ...rest } = setBack(later(), now);
      expect(pausedUntil! - now).toBe(HOUR);
      // The accounting decides by itself what of the time was counted.
      expect(accounting).toEqual(later().accounting);
      const times = [...JSON.stringify(rest).matchAll(/\d{12,}/g)].map(([digits]) => Number(digits));
      expect(Math.max(...times)).toBeLessThanOrEqual(now);
      expect(rest.nextAt).toBe(now);
      expect(rest.official).toBeNull();
    }),
  );
});

/** A state in which every time is set. */
function full(): MonitorState {
  const state = later();
  const at = T0;
  return {
    ...state,
    course: {
      ...state.course,
      incident: { id: 'i', kind: 'down', startedAt: at - 9, detectedAt: at - 8, endedAt: at - 7, closedAt: at - 6, relapses: 0, flapping: false, cause: 'dns', rates: {}, healthySince: at - 7, endUnseen: false, recovery: 1 },
    },
    episode: {
      ...state.episode,
      recent: [{ at: at - 5, asked: 1, failed: 1, slow: null }],
      okAt: { catalog: at - 4 },
      line: { at: at - 3, controls: { a: { asked: 1, failed: 0 } } },
      trouble: {
        openedAt: at - 9, lastOkAt: at - 10, failingSince: at - 9, lastTroubleAt: at - 2, rounds: 1, troubled: 1, roles: {}, pending: {}, turns: 0, relapses: 0, lastRoundTroubled: true, course: [{ at: at - 9, asked: 1, failed: 1 }], courseStep: 60_000,
        slowBefore: null, resolver: { ok: 0, failing: 0, unreachable: 0 }, world: null, storefront: null, clockSkew: 7, page: {},
      },
      official: { seenAt: at - 1, hints: [], types: [], stated: [] },
    },
    namesFailedAt: at - 3,
    resolver: { at: at - 2, verdict: 'ok', details: [] },
    world: { at: at - 2, votes: 1, failed: 0, ownCountryVotes: 0, ownCountryFailed: 0, places: [] },
    storefront: { at: at - 2, country: 'de', role: 'catalog', failed: false },
    officialRecord: {
      ...state.officialRecord,
      readAt: at - 1,
      trouble: { kind: 'unreachable', since: at - 1, reason: 'x' },
      incidents: [{ ids: ['a'], services: [], music: true, maintenance: false, hints: [], status: 'ongoing', startedAt: at - 99, endsAt: at + 99, seenAt: at - 1, admittedAt: at - 1, afterTheFact: false, overAt: at - 1, vanished: false, reopened: 0, watched: true }],
    },
    last: { catalog: { target: 'catalog', role: 'catalog', at: at - 1, ms: 1, result: { kind: 'ok' }, times: null, answer: null, bytes: 0 } },
    stretches: [{ from: at - 9, to: at - 5, share: [1, 1] }, { from: at - 5, to: at - 1, share: [0, 0] }],
    forecasts: [{ at: at - 2, band: { p10: 1, p50: 2, p90: 3 } }],
    causes: [{ at: at - 2, cause: 'dns', p: 1, kind: 'down' }],
    outbox: [{ id: 'i:recovery', kind: 'recovery', dueAt: at + 60_000, incident: 'i', incidentKind: 'down', cause: 'dns', causeP: 1, startedAt: at - 9, endedAt: at - 7, seenMs: 3 }],
    lastIncident: { id: 'h', startedAt: at - 99, endedAt: at - 50, cause: 'dns', admittedAfterMin: 3 },
  };
}

test('set back by a year, everything that is remembered was just now or is forgotten', () => {
  const now = T0 - 365 * 24 * HOUR;
  const back = setBack(full(), now);
  expect(back).toEqual({
    ...full(),
    lastRoundAt: now,
    nextAt: now,
    profiles: { catalog: { firstHealthyAt: now, lastHealthyAt: now, usualMs: 200, aloneSince: now, lastAskedAt: now } },
    detector: { ...full().detector, controls: [], firstFailureAt: now },
    course: { ...full().course, incident: { ...full().course.incident, startedAt: now, detectedAt: now, endedAt: now, closedAt: now, healthySince: now } },
    episode: {
      ...full().episode, recent: [], okAt: { catalog: now }, line: { ...full().episode.line, at: now },
      trouble: { ...full().episode.trouble, openedAt: now, lastOkAt: now, failingSince: now, lastTroubleAt: now, course: [] },
      official: { ...full().episode.official, seenAt: now },
    },
    namesFailedAt: null,
    verdict: { ...full().verdict, since: now },
    official: null,
    // The vendor's own times are his.
    officialRecord: { ...full().officialRecord, readAt: now, trouble: { kind: 'unreachable', since: now, reason: 'x' }, incidents: [{ ...full().officialRecord.incidents[0]!, seenAt: now, admittedAt: now, overAt: now }] },
    resolver: null,
    world: null,
    storefront: null,
    last: { catalog: { ...full().last['catalog'], at: now } },
    stretches: [],
    forecasts: [],
    causes: [{ ...full().causes[0], at: now }],
    outbox: [{ ...full().outbox[0], dueAt: now, startedAt: now, endedAt: now }],
    pausedUntil: now + HOUR,
    lastIncident: { ...full().lastIncident, startedAt: now, endedAt: now },
  });
});

test('what lies before the clock stays as it was', () => {
  const now = T0 + 70_000;
  expect(setBack(full(), now)).toEqual({ ...full(), nextAt: now, pausedUntil: T0 + HOUR });
  // A stretch that is under way is cut off; what has no time keeps none.
  expect(setBack(full(), T0 - 6).stretches).toEqual([{ from: T0 - 9, to: T0 - 6, share: [1, 1] }]);
  const empty = newMonitorState(T0);
  expect(setBack(empty, T0)).toEqual({ ...empty, nextAt: T0 });
  expect(setBack({ ...empty, officialRecord: { ...full().officialRecord, readAt: null, trouble: null } }, T0).officialRecord).toMatchObject({ readAt: null, trouble: null });
  expect(setBack({ ...full(), pausedUntil: null }, 0).pausedUntil).toBeNull();
});

test.each<[string, Partial<MonitorState>, ahead: boolean]>([
  ['nothing was ever seen', {}, false],
  ['the last check lies ahead', { lastRoundAt: T0 + 1 }, true],
  ['the accounting does', { accounting: { ...newMonitorState(T0).accounting, lastAt: T0 + 1 } }, true],
  ['the next check is an hour away', { nextAt: T0 + HOUR }, false],
  ['more', { nextAt: T0 + HOUR + 1 }, true],
  ['an incident began tomorrow', { course: { ...full().course, incident: { ...full().course.incident!, startedAt: T0 + 24 * HOUR } } }, true],
  ['or ended then', { course: { ...full().course, incident: { ...full().course.incident!, endedAt: T0 + 24 * HOUR } } }, true],
  ['a failure was first seen then', { detector: { ...full().detector, firstFailureAt: T0 + 24 * HOUR } }, true],
])('ahead of the clock: %s', (_, change, ahead) => {
  expect(isAhead({ ...newMonitorState(T0), ...change }, T0)).toBe(ahead);
});
