import fc from 'fast-check';
import { expect, test } from 'vitest';
import { newMonitorState } from '../core/monitor-state.ts';
import { decodeState } from './state.ts';

const NOW = 1_700_000_000_000;

test('a new state is read back as it was', () => {
  const state = newMonitorState(NOW);
  expect(decodeState(JSON.parse(JSON.stringify(state)), NOW + 1)).toEqual({ state, damaged: [] });
});

test('a damaged part starts anew, is named, and costs nothing else', () => {
  const stored = { ...newMonitorState(NOW), turn: 7, dismissed: ['abc'], accounting: { upTo: 'yesterday' } };
  const { state, damaged } = decodeState(stored, NOW + 1);
  expect(damaged).toHaveLength(1);
  expect(damaged[0]).toMatch(/^monitor\.accounting\.upTo: /);
  expect(state).toMatchObject({ turn: 7, dismissed: ['abc'], accounting: { upTo: NOW + 1 } });
});

test('an open phase without an incident is damage, not a crash', () => {
  const stored = { ...newMonitorState(NOW), course: { phase: 'open', unseen: false, incident: null, lately: [] } };
  expect(decodeState(stored, NOW).state.course.phase).toBe('calm');
});

test('a part that came later is no damage where it is missing; any other is', () => {
  const { page: _page, ...before } = newMonitorState(NOW);
  expect(decodeState(before, NOW)).toMatchObject({ damaged: [], state: { page: [] } });
  const { told: _told, ...torn } = newMonitorState(NOW);
  expect(decodeState(torn, NOW).damaged).toEqual(['monitor.told: missing']);
});

test('a newer version is named', () => {
  expect(decodeState({ ...newMonitorState(NOW), schema: 2 }, NOW).damaged[0]).toContain('schema');
});

test('any JSON gives a state that reads as sound', () => {
  const keys = fc.constantFrom(...Object.keys(newMonitorState(NOW)));
  fc.assert(
    fc.property(fc.oneof(fc.jsonValue(), fc.dictionary(keys, fc.jsonValue())), (json) => {
      const { state } = decodeState(json, NOW);
      expect(decodeState(JSON.parse(JSON.stringify(state)), NOW).damaged).toEqual([]);
    }),
  );
});
