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
