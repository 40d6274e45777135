import { describe, expect, test } from 'vitest';
import type { Glance } from './detector.ts';
import type { Diagnosis, Side } from './diagnosis.ts';
import { CALM, type Course, type Incident } from './incident.ts';
import type { Observation, Result } from './observation.ts';
import type { Role } from './role.ts';
import type { State } from './snapshot.ts';
import { likeliestSide, ownTroubleOf, verdictOf } from './verdict.ts';

const diagnosis = (own: number, path: number, store: number, causes: Diagnosis['causes'] = []): Diagnosis => ({ side: { own, path, store }, causes, families: [], because: [] });
const OWN = diagnosis(0.8, 0.1, 0.1);
const PATH = diagnosis(0.1, 0.8, 0.1);
const STORE = diagnosis(0.1, 0.1, 0.8);

test.each<[string, Diagnosis | null, Side | null]>([
  ['nothing was diagnosed', null, null],
  ['own', OWN, 'own'],
  ['path', PATH, 'path'],
  ['store', STORE, 'store'],
  ['in doubt the store before one’s own', diagnosis(0.4, 0.2, 0.4), 'store'],
  ['in doubt the store before the way', diagnosis(0.2, 0.4, 0.4), 'store'],
  ['in doubt one’s own before the way', diagnosis(0.4, 0.4, 0.2), 'own'],
])('side: %s', (_, of, side) => {
  expect(likeliestSide(of)).toBe(side);
});

describe('while the store can be seen', () => {
  const seen = {} as Glance;
  test.each<[Partial<Course>, State, Side | null]>([
    [{ phase: 'calm' }, 'up', null],
    [{ phase: 'suspect' }, 'suspect', null],
    [{ phase: 'open', incident: { kind: 'degraded' } as Incident }, 'degraded', 'store'],
    [{ phase: 'open', incident: { kind: 'maintenance' } as Incident }, 'maintenance', 'store'],
    [{ phase: 'recovering', incident: { kind: 'down' } as Incident }, 'recovering', 'store'],
  ])('%j', (course, state, side) => {
    expect(verdictOf({ ...CALM, ...course }, seen, [], STORE)).toEqual({ state, side });
  });
});

describe('while it cannot', () => {
  const observed = (result: Result, role: Role = 'catalog'): Observation => ({ target: role, role, at: 0, ms: 1, result, times: null, answer: null, bytes: 0 });
  const ok = observed({ kind: 'ok' });
  const failed = observed({ kind: 'failed', failure: 'http.503', phase: 'http' });
  const offline = observed({ kind: 'failed', failure: 'local.offline', phase: 'local' });
  const denied = observed({ kind: 'discarded', because: 'no-permission' });
  const late = observed({ kind: 'discarded', because: 'late' });
  const control = observed({ kind: 'failed', failure: 'local.offline', phase: 'local' }, 'controls');

  test.each<[string, lineDown: boolean, Observation[], Diagnosis | null, State, Side | null]>([
    ['no permission at all: blind', true, [denied, denied], OWN, 'blind', null],
    ['some permission missing, the line down: own', true, [denied, failed], OWN, 'own', 'own'],
    ['the line is down', true, [failed], null, 'own', 'own'],
    ['the line is down, on the way', true, [failed], PATH, 'own', 'path'],
    ['the line is down, whatever the diagnosis', true, [failed], STORE, 'own', 'own'],
    ['the machine is offline', false, [offline], null, 'own', 'own'],
    ['the machine is offline, says a control: nothing of the store', false, [late, control], null, 'unknown', null],
    ['own side, something failed', false, [failed], OWN, 'own', 'own'],
    ['on the way, something failed', false, [ok, failed], PATH, 'own', 'path'],
    ['own side, nothing failed', false, [ok], OWN, 'unknown', null],
    ['the store’s side, yet unseen', false, [failed], STORE, 'blind', null],
    ['failed, not diagnosed', false, [failed], null, 'blind', null],
    ['thrown away', false, [late], null, 'unknown', null],
    ['nothing was asked', false, [], null, 'unknown', null],
  ])('%s', (_, lineDown, observations, of, state, side) => {
    expect(verdictOf({ ...CALM, unseen: true, phase: 'open' }, { lineDown } as Glance, observations, of)).toEqual({ state, side });
  });
});

test('the trouble on the user’s side is named only where that is what is shown', () => {
  const causes: Diagnosis['causes'] = [{ id: 'storage', p: 0.5 }, { id: 'own-clock', p: 0.3 }, { id: 'local', p: 0.2 }];
  expect(ownTroubleOf(diagnosis(1, 0, 0, causes), 'own')).toBe('own-clock');
  expect(ownTroubleOf(diagnosis(1, 0, 0, causes), 'down')).toBeNull();
  expect(ownTroubleOf(diagnosis(1, 0, 0, [{ id: 'storage', p: 1 }]), 'own')).toBeNull();
  expect(ownTroubleOf(null, 'own')).toBeNull();
});
