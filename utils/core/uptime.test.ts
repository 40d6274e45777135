import { expect, test } from 'vitest';
import { uptimeOf } from './uptime.ts';

test.each([
  ['a month of which 61 % was watched', { up: 600, degraded: 5, down: 5, maintenance: 0, unobserved: 390 }, { uptime: 605 / 610, flawless: 600 / 610, coverage: 0.61 }],
  ['maintenance is time without a store', { up: 90, degraded: 0, down: 0, maintenance: 10, unobserved: 0 }, { uptime: 0.9, flawless: 0.9, coverage: 1 }],
  ['nobody watched', { up: 0, degraded: 0, down: 0, maintenance: 0, unobserved: 7 }, { uptime: null, flawless: null, coverage: 0 }],
  ['no time at all', { up: 0, degraded: 0, down: 0, maintenance: 0, unobserved: 0 }, { uptime: null, flawless: null, coverage: 0 }],
])('%s', (_, ms, expected) => expect(uptimeOf(ms)).toEqual(expected));
