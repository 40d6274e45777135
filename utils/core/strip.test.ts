import { expect, test } from 'vitest';
import { appendSpan, EMPTY_HISTORY, type History, type Span } from './history.ts';
import { stripOf, type StripMemo } from './strip.ts';

const HALF_HOUR = 1_800_000;
const MINUTE = 60_000;
const NOW = Math.floor(1_700_000_000_000 / HALF_HOUR) * HALF_HOUR + 10 * MINUTE;
const add = (history: History, spans: readonly Span[]): History => spans.reduce((into, span) => appendSpan(into, span).history, history);
const span = (from: number, to: number, state: Span['state']): Span => ({ from: NOW + from * MINUTE, to: NOW + to * MINUTE, state });

test('48 half hours of the clock, the one under way last; time adds up', () => {
  const history = add(EMPTY_HISTORY, [span(-100, -40, 'up'), span(-40, -10, 'down'), span(-10, 0, 'maintenance')]);
  const strip = stripOf(history, new Map(), [], NOW);
  expect(strip).toMatchObject({ from: NOW - 10 * MINUTE - 47 * HALF_HOUR, sliceMs: HALF_HOUR });
  expect(strip.slices).toHaveLength(48);
  expect(strip.slices.slice(-4).map(({ state }) => state)).toEqual(['up', 'up', 'down', 'maintenance']);
  expect(strip.slices.slice(0, -4).every(({ state, seen }) => state === 'unobserved' && seen === 0)).toBe(true);
  expect(strip.uptime).toBeCloseTo(60 / 100);
  expect(strip.coverage).toBeCloseTo(100 / (47 * 30 + 10));
});

test('degraded is usable; a day that was not watched has no uptime', () => {
  expect(stripOf(add(EMPTY_HISTORY, [span(-30, 0, 'degraded')]), new Map(), [], NOW)).toMatchObject({ uptime: 1 });
  expect(stripOf(EMPTY_HISTORY, new Map(), [], NOW)).toMatchObject({ uptime: null, coverage: 0 });
});

test('remembered from check to check it is what it is from scratch, and no more is remembered than is shown', () => {
  const memo: StripMemo = new Map();
  let history = EMPTY_HISTORY;
  let last = NOW;
  const states: Span['state'][] = ['up', 'down', 'degraded', 'unobserved', 'up', 'maintenance'];
  for (let i = 0; i < 400; i++) {
    const now = last + [1, 7, 31, 5, 65][i % 5]! * MINUTE;
    const touched: Span = { from: last, to: now, state: states[i % states.length]! };
    history = add(history, [touched]);
    expect(stripOf(history, memo, [touched], now)).toEqual(stripOf(history, new Map(), [], now));
    expect(memo.size).toBe(48);
    last = now;
  }
  // A clock set back: nothing is remembered of the hours ahead.
  expect(stripOf(history, memo, [], last - 6 * 60 * MINUTE)).toEqual(stripOf(history, new Map(), [], last - 6 * 60 * MINUTE));
  expect(memo.size).toBe(48);
});

test('what is recorded later of a half hour that was shown is shown', () => {
  const memo: StripMemo = new Map();
  stripOf(EMPTY_HISTORY, memo, [], NOW);
  const late = span(-130, -75, 'down');
  const history = add(EMPTY_HISTORY, [late]);
  expect(stripOf(history, memo, [late], NOW)).toEqual(stripOf(history, new Map(), [], NOW));
});

test('what was summed up is not summed up again: only the half hours touched since, and the one under way', () => {
  const memo: StripMemo = new Map();
  stripOf(add(EMPTY_HISTORY, [span(-600, 0, 'up')]), memo, [], NOW);
  // Another history, which nobody said had changed: what is remembered of it stays.
  const after = stripOf(EMPTY_HISTORY, memo, [span(-100, -71, 'down')], NOW);
  expect(after.slices.map(({ state }) => state).slice(-10)).toEqual(['up', 'up', 'up', 'up', 'up', 'up', 'unobserved', 'up', 'up', 'unobserved']);
  const later = NOW + 2 * HALF_HOUR;
  stripOf(EMPTY_HISTORY, memo, [], later);
  expect(Math.min(...memo.keys())).toBe(Math.floor(later / HALF_HOUR) - 47);
  expect(Math.max(...memo.keys())).toBe(Math.floor(later / HALF_HOUR));
  const kept = stripOf(EMPTY_HISTORY, memo, [], later);
  expect(kept.slices.filter(({ state }) => state === 'up').length).toBeGreaterThan(10);
});
