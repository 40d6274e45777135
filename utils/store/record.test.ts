import { expect, test } from 'vitest';
import type { IncidentRecord } from '../core/incident-record.ts';
import { newMonitorState } from '../core/monitor-state.ts';
import { closeIncident } from './record.ts';

const T0 = Date.UTC(2026, 2, 2);
const MINUTE = 60_000;
const record = (over: Partial<IncidentRecord> = {}): IncidentRecord => ({
  schema: 1, id: 'a', kind: 'down', side: 'store', startedAt: T0, detectedAt: T0 + MINUTE, endedAt: T0 + 40 * MINUTE, relapses: 0, flapping: false, observed: 1,
  course: [], causes: [{ id: 'dns', p: 0.8 }], because: [], seen: {}, official: [], admittedAt: null, forecasts: [], loss: null, ...over,
});

test.each([
  ['one that was seen', record(), [], [{ cause: 'dns', minutes: 40 }]],
  ['one that was over in no time', record({ endedAt: T0 }), [], [{ cause: 'dns', minutes: 1 }]],
  ['one that was slept through', record({ observed: 0.2 }), [], []],
  ['maintenance', record({ kind: 'maintenance' }), [], []],
  ['a relapse of one that is known', record(), ['a'], []],
])('what the forecast learns of %s', (_, incident, known, learnt) => {
  const closed = closeIncident(newMonitorState(T0), incident, known);
  expect(closed.state.past).toEqual(learnt);
  expect(closed.state.lastIncident?.id).toBe('a');
  expect(closed.index).toEqual(['a']);
});
