import fc from 'fast-check';
import { expect, test } from 'vitest';
import { FAILURES, phaseOf } from '../core/failure.ts';
import type { Failure } from '../core/failure.ts';
import { ROLES, STORE_ROLES } from '../core/role.ts';
import type { Role } from '../core/role.ts';
import type { Snapshot, State, TargetLine } from '../core/snapshot.ts';
import { STATIONS, breaksOf, wayOf } from './way.ts';

const SIGN: Record<string, string> = { ok: '.', slow: '~', partial: '/', broken: 'X', closed: '=', cut: '#', unknown: '?' };

function look(failing: Partial<Record<Role, Failure | 'slow' | 'unasked'>>): TargetLine[] {
  return STORE_ROLES.map((role) => {
    const fate = failing[role];
    const failed = fate !== undefined && fate !== 'slow' && fate !== 'unasked';
    return {
      target: role, role, host: `${role}.example`, at: 1, ms: 100, trusted: true, edge: null, site: null, by: null, served: null,
      status: failed ? 'failed' : fate === 'slow' ? 'slow' : fate === 'unasked' ? 'unobserved' : 'ok',
      failure: failed ? fate : null,
      phase: failed ? phaseOf(fate) : 'done',
    };
  });
}

const all = (failure: Failure | 'slow' | 'unasked') => look(Object.fromEntries(STORE_ROLES.map((role) => [role, failure])));

function drawn(part: Partial<Pick<Snapshot, 'state' | 'side' | 'ownTrouble' | 'targets'>>): string {
  return wayOf({ state: 'down', side: 'store', ownTrouble: null, targets: [], ...part }).map(({ status }) => SIGN[status]).join('');
}

// device, connection, names, edge, store, sign-in, purchase
test.each<[what: string, Parameters<typeof drawn>[0], way: string]>([
  ['all answer', { state: 'up', targets: look({}) }, '.......'],
  ['the names are gone: nothing can be said of what lies behind', { targets: all('dns.name_not_resolved') }, '..X????'],
  ['nobody answers the connection', { targets: all('tcp.timed_out') }, '...X???'],
  ['the certificate expired everywhere', { targets: all('tls.cert.date_invalid') }, '...X???'],
  ['the application answers with errors', { targets: all('http.503') }, '.../XXX'],
  ['pages and search fail, files are served', { targets: look({ storefront: 'http.503', catalog: 'http.503', directory: 'http.503', charts: 'http.503' }) }, '....X..'],
  ['one of the pages fails', { state: 'degraded', targets: look({ charts: 'http.500' }) }, '..../..'],
  ['audio alone fails', { state: 'degraded', targets: look({ audio: 'http.503' }) }, '.../...'],
  ['sign-in alone fails', { state: 'degraded', targets: look({ account: 'http.500' }) }, '.....X.'],
  ['buying alone cannot be connected', { state: 'degraded', targets: look({ purchase: 'tcp.refused' }) }, '.../..X'],
  ['slow, all of it', { state: 'degraded', targets: all('slow') }, '...~~~~'],
  ['not asked is not known', { state: 'up', targets: look({ purchase: 'unasked' }) }, '......?'],
  ['a suspicion is not yet a break', { state: 'suspect', targets: look({ account: 'http.500' }) }, '...../.'],
  ['maintenance is closed, not broken', { state: 'maintenance', targets: look({ storefront: 'content.maintenance', catalog: 'content.maintenance' }) }, '....=..'],
  ['line down', { state: 'own', side: 'own', ownTrouble: 'local', targets: all('dns.name_not_resolved') }, '.#?????'],
  ['captive portal', { state: 'own', side: 'own', ownTrouble: 'captive-portal' }, '.#?????'],
  ['own resolver', { state: 'own', side: 'own', ownTrouble: 'own-resolver' }, '..#????'],
  ['blocker', { state: 'own', side: 'own', ownTrouble: 'blocker' }, '#??????'],
  ['own side, no finer name', { state: 'own', side: 'own' }, '.#?????'],
  ['on the way', { state: 'own', side: 'path' }, '...#???'],
  ['blind', { state: 'blind', side: null, targets: all('http.503') }, '.??????'],
  ['nothing seen yet', { state: 'unknown', side: null }, '.??????'],
])('%s', (_, part, way) => {
  expect(drawn(part)).toBe(way);
});

test('a target that never worked from here breaks nothing', () => {
  const targets = look({ purchase: 'http.404' }).map((line) => ({ ...line, trusted: line.role !== 'purchase' }));
  expect(drawn({ state: 'up', targets })).toBe('......?');
});

test('whatever was seen, the way has its seven stations, and own-side trouble is never drawn as the store’s', () => {
  const line = fc.record({
    target: fc.string(), role: fc.constantFrom(...ROLES), host: fc.string(), at: fc.constant(1), ms: fc.constant(null), edge: fc.constant(null), site: fc.constant(null), by: fc.constant(null), served: fc.constant(null),
    status: fc.constantFrom('ok', 'slow', 'failed', 'unobserved', 'set-aside', 'no-permission'),
    failure: fc.constantFrom(...FAILURES), phase: fc.constantFrom('local', 'dns', 'tcp', 'tls', 'http', 'content', 'done', 'unknown'), trusted: fc.boolean(),
  }) as fc.Arbitrary<TargetLine>;
  const state = fc.constantFrom<State>('up', 'degraded', 'down', 'maintenance', 'recovering', 'suspect', 'own', 'blind', 'unknown');
  fc.assert(
    fc.property(state, fc.constantFrom('own', 'path', 'store', null), fc.array(line, { maxLength: 12 }), (state, side, targets) => {
      const way = wayOf({ state, side, ownTrouble: null, targets });
      expect(way.map(({ id }) => id)).toEqual([...STATIONS]);
      const statuses = way.map(({ status }) => status);
      if (state === 'own' || state === 'blind' || state === 'suspect') expect(statuses).not.toContain('broken');
      expect(statuses.includes('cut')).toBe(state === 'own');
      expect(breaksOf(way).every(({ status }) => status !== 'ok')).toBe(true);
    }),
  );
});
