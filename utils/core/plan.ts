import type { StoreRole } from './role.ts';
import type { Profiles } from './trust.ts';
import { isSetAside, RETRY_SET_ASIDE_MS } from './trust.ts';
import type { Target } from './target.ts';
import { isStoreRole } from './role.ts';

/**
 * Asked every time: the application and the pages in front of it notice what hits the whole store. The others take turns,
 * because one outage in four spares all but one function (37 of 146 documented incidents).
 */
const ALWAYS: ReadonlySet<StoreRole> = new Set(['catalog', 'storefront']);
/** Each role is asked at least so often; below the 30 minutes promised, so that a late alarm does not break the promise. */
const TURN_MINUTES = 25;

/**
 * Which targets a light check asks.
 * @param interval minutes between checks
 * @param turn counts light checks; the others take their turns by it
 */
export function planLight(targets: readonly Target[], profiles: Profiles, interval: number, turn: number, now: number): Target[] {
  const askable = storeTargets(targets, profiles, now);
  const always = askable.filter((t) => ALWAYS.has(t.role as StoreRole));
  const others = askable.filter((t) => !ALWAYS.has(t.role as StoreRole));
  const share = Math.min(others.length, Math.ceil(others.length / Math.max(1, Math.floor(TURN_MINUTES / interval))));
  return [...always, ...Array.from({ length: share }, (_, i) => others[(turn * share + i) % others.length]!)];
}

/** @returns all targets of the store that are worth asking now: those set aside only when their retry is due. */
export function storeTargets(targets: readonly Target[], profiles: Profiles, now: number): Target[] {
  return targets.filter((t) => {
    if (!isStoreRole(t.role)) return false;
    const profile = profiles[t.id];
    return !isSetAside(profile, now) || now - (profile?.lastAskedAt ?? 0) >= RETRY_SET_ASIDE_MS;
  });
}
