import type { Observation } from './observation.ts';
import { isStoreRole } from './role.ts';

/**
 * A target earns its trust: it counts as evidence only once it has been healthy from this browser. One that never was, or
 * that fails alone for days while all else works, is set aside, shown as such, and asked again now and then.
 */
export interface Profile {
  /** First and last time it was healthy, ms since the epoch; null = never. */
  firstHealthyAt: number | null;
  lastHealthyAt: number | null;
  /** Its usual time, ms: a running median of its healthy answers. */
  usualMs: number | null;
  /** Since when it has failed alone, all else being well; null = it does not. */
  aloneSince: number | null;
  lastAskedAt: number | null;
}

export type Profiles = Readonly<Record<string, Profile>>;

export const NEW_PROFILE: Profile = { firstHealthyAt: null, lastHealthyAt: null, usualMs: null, aloneSince: null, lastAskedAt: null };

const HOUR = 3_600_000;
/** A fault of one function lasts days only in the rarest incidents (the longest recorded: sign-in, 2 days); a moved endpoint lasts for ever. */
export const SET_ASIDE_AFTER_MS = 72 * HOUR;
/** Often enough to notice a repaired endpoint on the same day, rare enough to cost nothing. */
export const RETRY_SET_ASIDE_MS = 6 * HOUR;

/** @returns whether failures of this target count: it was healthy once and has not been set aside. */
export function isTrusted(profile: Profile | undefined, now: number): boolean {
  return profile !== undefined && profile.firstHealthyAt !== null && !isSetAside(profile, now);
}

/** @returns whether the target has failed alone for so long that the fault is more likely in our table than in the store. */
export function isSetAside(profile: Profile | undefined, now: number): boolean {
  return profile?.aloneSince != null && now - profile.aloneSince >= SET_ASIDE_AFTER_MS;
}

/**
 * Running median: each healthy answer moves it a twentieth of the way, up or down, whatever its size, so that one slow
 * answer in an outage cannot spoil the profile (Robbins–Monro quantile estimate, step 5 %).
 */
function nextUsual(usual: number | null, ms: number): number {
  if (usual === null) return Math.max(1, ms);
  // A slow hour must not become the usual thing; a slow month may.
  if (ms > usual * 2) return usual * 1.005;
  return Math.max(1, usual * (ms > usual ? 1.05 : ms < usual ? 0.95 : 1));
}

/**
 * Takes over what a check has seen of each target.
 * @param calm whether no incident is open: only then are times learnt
 * @param reported whether the vendor's feed reports trouble: then nothing "fails alone", and no times are learnt
 */
export function learnProfiles(profiles: Profiles, observations: readonly Observation[], calm: boolean, reported: boolean): Profiles {
  const seen = observations.filter((o) => o.result.kind !== 'discarded');
  if (seen.length === 0) return profiles;
  const failing = seen.filter((o) => o.result.kind === 'failed');
  const quiet = calm && !reported;
  // One stray failure is no company; twice in a row is, unless that one has been set aside itself.
  const company = failing.filter((o) => {
    const profile = profiles[o.target];
    return isStoreRole(o.role) && profile?.lastAskedAt != null && profile.lastHealthyAt !== profile.lastAskedAt && !isSetAside(profile, o.at);
  });
  const next: Record<string, Profile> = { ...profiles };
  for (const o of seen) {
    const old = profiles[o.target] ?? NEW_PROFILE;
    if (o.result.kind === 'ok') {
      next[o.target] = {
        firstHealthyAt: old.firstHealthyAt ?? o.at,
        lastHealthyAt: o.at,
        usualMs: quiet || old.usualMs === null ? nextUsual(old.usualMs, o.ms) : old.usualMs,
        aloneSince: null,
        lastAskedAt: o.at,
      };
    } else {
      // Alone: nothing else of the store keeps failing, and others answered beside it. An incident that it opened by itself does not change that.
      const others = company.some(({ target }) => target !== o.target);
      const alone = seen.length > failing.length;
      next[o.target] = { ...old, lastAskedAt: o.at, aloneSince: others ? null : alone && !reported ? (old.aloneSince ?? o.at) : old.aloneSince };
    }
  }
  return next;
}
