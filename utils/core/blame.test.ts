import { describe, expect, test } from 'vitest';
import { blameRun, isTold, KINDS, live, type Fault, type Seen } from '../../test/soak/blame.ts';
import type { Failure } from './failure.ts';
import { STORE_ROLES, type StoreRole } from './role.ts';

describe('the table of truth, mutated', () => {
  test('every kind at every part and at all of them, and every seventeenth pair of them, under four states of the controls: nobody is blamed wrongly', () => {
    const { faults, violations } = blameRun(17);
    expect(faults).toBeGreaterThan(2_900);
    expect(violations).toEqual([]);
  });

  // A refusal at some hosts alone is what a blocker and a firewall at home look like; at all of them it is the store's, and one kind of it takes longer.
  const LIKE_A_BLOCKER: ReadonlySet<string> = new Set(['tcp.refused', 'tcp.reset', 'tcp.closed', 'tcp.address_unreachable']);
  // Silence and broken answers at some hosts alone: the store, but not with the three to one that it takes to tell anybody.
  const UNSURE_AT_SOME: ReadonlySet<string> = new Set(['http.timed_out', 'http.response.truncated', 'http.response.invalid', 'http.protocol.error']);
  const SOME: readonly (readonly StoreRole[])[] = [['catalog', 'storefront', 'directory'], ['artwork', 'audio', 'charts'], ['account', 'purchase', 'catalog']];
  const served = KINDS.filter((kind) => /^(tcp\.|http\.)/.test(kind) && !/^http\.(403|404|429|response\.redirect_loop)$/.test(kind));
  const at = (kind: Failure, roles: readonly StoreRole[], checks: number): Seen => live(roles.map((role): Fault => [role, kind]), 'well', checks);

  test.each(served)('%s everywhere, controls well: the store, and told', (kind) => {
    const seen = at(kind, STORE_ROLES, kind === 'tcp.refused' ? 20 : 4);
    expect([isTold(seen), seen.side]).toEqual([true, 'store']);
  });

  test.each(served.filter((kind) => !LIKE_A_BLOCKER.has(kind)))('%s at three parts, controls well: the store within four checks', (kind) => {
    for (const roles of SOME) {
      const seen = at(kind, roles, 4);
      expect(seen.side, roles.join()).toBe('store');
      if (!UNSURE_AT_SOME.has(kind)) expect(isTold(seen), roles.join()).toBe(true);
    }
  });
});
