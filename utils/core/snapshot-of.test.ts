import { describe, expect, test } from 'vitest';
import type { Course, Incident } from './incident.ts';
import { newMonitorState, type MonitorState } from './monitor-state.ts';
import type { Answer, Observation, Result } from './observation.ts';
import type { OfficialEvent } from './official.ts';
import { DEFAULT_SETTINGS } from './settings.ts';
import type { TargetLine } from './snapshot.ts';
import { snapshotOf, type SnapshotInput } from './snapshot-of.ts';
import type { Target } from './target.ts';
import { NEW_PROFILE, SET_ASIDE_AFTER_MS, type Profile } from './trust.ts';

const NOW = 1_700_000_000_000;
const target = (id: string, role: Target['role'] = 'catalog'): Target => ({ id, role, host: `${id}.example`, usualMs: 500 }) as Target;
const CATALOG = target('catalog');
const strip: SnapshotInput['strip'] = { from: 0, sliceMs: 1, slices: [], uptime: null, coverage: 0 };
const shown = (change: Partial<MonitorState>, more: Partial<SnapshotInput> = {}) =>
  snapshotOf({ state: { ...newMonitorState(NOW - 50), ...change }, settings: DEFAULT_SETTINGS, country: 'jp', language: 'ja', targets: [CATALOG], strip, forecast: null, loss: null, admittedAt: null, rehearsal: null, now: NOW, ...more });

describe('a pause', () => {
  const verdict: MonitorState['verdict'] = { state: 'down', since: 5, side: 'store', ownTrouble: null };
  test('says nothing of the store while it lasts', () => {
    expect(shown({ verdict, pausedUntil: NOW + 1 })).toMatchObject({ state: 'unknown', side: null, since: 5, pausedUntil: NOW + 1 });
  });
  test.each([null, NOW])('over or none (%s): the verdict stands', (pausedUntil) => {
    expect(shown({ verdict, pausedUntil })).toMatchObject({ state: 'down', side: 'store', since: 5, pausedUntil: null });
  });
});

describe('a host that fails the user’s pages', () => {
  const last = (result: Result): MonitorState['last'] => ({ catalog: { target: 'catalog', role: 'catalog', at: NOW, ms: 1, result, times: null, answer: null, bytes: 0 } });
  const page = (host: string): MonitorState['page'] => [{ host, role: 'catalog', failed: 2, answered: 0, kinds: { 'tcp.reset': 2 }, at: NOW }];
  test.each<[string, string, MonitorState['last'], number]>([
    ['answers our own request: two of hundreds may have failed', CATALOG.host, last({ kind: 'ok' }), 0],
    ['fails our own request too', CATALOG.host, last({ kind: 'failed', failure: 'http.503', phase: 'http' }), 1],
    ['has not been asked yet', CATALOG.host, {}, 1],
    ['is one that we cannot ask', 'signed-in.example', last({ kind: 'ok' }), 1],
  ])('%s', (_, host, seen, count) => {
    expect(shown({ page: page(host), last: seen }).page).toHaveLength(count);
  });
});

describe('an incident', () => {
  const incident = { id: 'i', kind: 'degraded', startedAt: 1, detectedAt: 2, relapses: 1, flapping: true } as Incident;
  const course = (phase: Course['phase'], of: Incident | null = incident): Course => ({ phase, unseen: false, incident: of, lately: [] });
  test.each<[Course, unknown]>([
    [course('open'), { id: 'i', state: 'degraded', startedAt: 1, detectedAt: 2, admittedAt: 7, relapses: 1, flapping: true }],
    [course('recovering'), { id: 'i', state: 'recovering', startedAt: 1, detectedAt: 2, admittedAt: 7, relapses: 1, flapping: true }],
    [course('calm'), null],
    [course('suspect'), null],
    [course('open', null), null],
  ])('%j', (of, view) => {
    expect(shown({ course: of }, { admittedAt: 7 }).incident).toEqual(view);
  });
});

describe('the vendor’s page', () => {
  const event = { id: 'a', music: true } as OfficialEvent;
  test.each<[MonitorState['official'], unknown]>([
    [null, { events: [], readAt: null, understood: true, reachable: true }],
    [{ kind: 'read', at: 9, events: [event, { ...event, id: 'b', music: false }] }, { events: [event], readAt: 9, understood: true, reachable: true }],
    [{ kind: 'unreachable', at: 9 }, { events: [], readAt: null, understood: true, reachable: false }],
    [{ kind: 'not-understood', at: 9, reason: 'x' }, { events: [], readAt: null, understood: false, reachable: true }],
  ])('%j', (official, view) => {
    expect(shown({ official }).official).toEqual(view);
  });
});

describe('a part', () => {
  const answer = { edge: 'akamai', site: 'NRT', by: 'edge' } as Answer;
  const proven: Profile = { ...NEW_PROFILE, firstHealthyAt: 1, lastHealthyAt: 1, usualMs: 300 };
  const line = (result: Result, ms = 100.4, profile: Profile | null = proven, more: Partial<Observation> = {}, of: Target = CATALOG): TargetLine => {
    const last: Observation = { target: of.id, role: of.role, at: NOW - 9, ms, result, times: null, answer, bytes: 0, ...more };
    return shown({ last: { [of.id]: last }, profiles: profile ? { [of.id]: profile } : {} }, { targets: [of] }).targets[0]!;
  };
  const ok: Result = { kind: 'ok' };
  const failed: Result = { kind: 'failed', failure: 'http.503', phase: 'http' };

  test('never asked', () => {
    expect(shown({}).targets).toEqual([
      { target: 'catalog', role: 'catalog', host: 'catalog.example', at: null, status: 'unobserved', failure: null, phase: 'unknown', ms: null, trusted: false, edge: null, site: null, by: null, served: null },
    ]);
  });

  test('healthy, and who answered', () => {
    expect(line(ok)).toEqual({ target: 'catalog', role: 'catalog', host: 'catalog.example', at: NOW - 9, status: 'ok', failure: null, phase: 'done', ms: 100, trusted: true, edge: 'akamai', site: 'NRT', by: 'edge', served: null });
    expect(line(ok, 100, proven, { answer: null })).toMatchObject({ edge: null, site: null, by: null });
  });

  test.each<[string, ms: number, Profile | null, TargetLine['status']]>([
    ['just not four times as usual here', 1199, proven, 'ok'],
    ['four times', 1200, proven, 'slow'],
    ['four times of nearly nothing is not slow', 999, { ...proven, usualMs: 10 }, 'ok'],
    ['a second is', 1000, { ...proven, usualMs: 10 }, 'slow'],
    ['as long as this browser does not know: as usual anywhere', 1999, null, 'ok'],
    ['and slow by that', 2000, { ...proven, usualMs: null }, 'slow'],
  ])('%s', (_, ms, profile, status) => {
    expect(line(ok, ms, profile).status).toBe(status);
  });

  test('failed, set aside, thrown away', () => {
    expect(line(failed)).toMatchObject({ status: 'failed', failure: 'http.503', phase: 'http', trusted: true });
    expect(line(failed, 1, { ...proven, aloneSince: NOW - SET_ASIDE_AFTER_MS })).toMatchObject({ status: 'set-aside', failure: 'http.503', trusted: false });
    expect(line({ kind: 'discarded', because: 'no-permission' })).toMatchObject({ status: 'no-permission', failure: null, phase: 'unknown' });
    expect(line({ kind: 'discarded', because: 'late' })).toMatchObject({ status: 'unobserved', failure: null, phase: 'unknown' });
  });

  test('what the store is compared with need not be proven', () => {
    expect(line(ok, 1, null, {}, target('control', 'controls')).trusted).toBe(true);
    expect(line(ok, 1, null, {}).trusted).toBe(false);
  });

  test('the ways it was served', () => {
    const served = { sites: [], family: 'IPv4', protocol: 'h2' } as unknown as MonitorState['served'][string];
    expect(shown({ served: { catalog: served } }).targets[0]!.served).toBe(served);
  });
});

test('the rest is shown as it is known', () => {
  const more: Partial<SnapshotInput> = { forecast: { p10: 1, p50: 2, p90: 3 }, country: 'de', language: 'de', rehearsal: { id: 'r', title: 't' }, settings: { ...DEFAULT_SETTINGS, theme: 'dark' } };
  const last: MonitorState['lastIncident'] = { id: 'h', startedAt: 1, endedAt: 2, cause: 'dns', admittedAfterMin: 3 };
  expect(shown({ lastRoundAt: 3, nextAt: 4, lastIncident: last, forecastRecord: { made: 9, inside: 8 }, problems: [{ kind: 'clock', detail: '9 min' }] }, more)).toMatchObject({
    schema: 1, at: NOW, state: 'unknown', since: NOW - 50, checkedAt: 3, nextCheckAt: 4, lastIncident: last, forecastRecord: { made: 9, inside: 8 }, problems: [{ kind: 'clock', detail: '9 min' }],
    forecast: { p10: 1, p50: 2, p90: 3 }, storefrontCountry: 'de', language: 'de', theme: 'dark', rehearsal: { id: 'r', title: 't' }, strip,
  });
});
