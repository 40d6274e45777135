import { FAMILIES, type Cause } from './causes.ts';
import type { Glance } from './detector.ts';
import type { Diagnosis, Side } from './diagnosis.ts';
import type { Course } from './incident.ts';
import type { Observation } from './observation.ts';
import { isStoreRole } from './role.ts';
import type { State } from './snapshot.ts';

const OWN: ReadonlySet<string> = new Set(FAMILIES.own);

/** @returns the side with the highest probability; null where nothing was diagnosed. */
export function likeliestSide(diagnosis: Diagnosis | null): Side | null {
  if (diagnosis === null) return null;
  const { own, path, store } = diagnosis.side;
  return store >= own && store >= path ? 'store' : own >= path ? 'own' : 'path';
}

/**
 * The answer to "is it me?" after a check.
 * @returns the state shown everywhere and the side it speaks of: null while nothing is wrong
 */
export function verdictOf(course: Course, seen: Glance, observations: readonly Observation[], diagnosis: Diagnosis | null): { state: State; side: Side | null } {
  if (course.unseen) {
    const store = observations.filter((o) => isStoreRole(o.role));
    if (store.length > 0 && store.every((o) => o.result.kind === 'discarded' && o.result.because === 'no-permission')) return { state: 'blind', side: null };
    const offline = store.some((o) => o.result.kind === 'failed' && o.result.phase === 'local');
    const side = likeliestSide(diagnosis);
    if (seen.lineDown || offline || (diagnosis !== null && side !== 'store' && store.some((o) => o.result.kind === 'failed'))) {
      return { state: 'own', side: side === 'path' ? 'path' : 'own' };
    }
    return { state: store.some((o) => o.result.kind === 'failed') ? 'blind' : 'unknown', side: null };
  }
  switch (course.phase) {
    case 'calm':
      return { state: 'up', side: null };
    case 'suspect':
      return { state: 'suspect', side: null };
    case 'open':
      return { state: course.incident?.kind ?? 'down', side: 'store' };
    case 'recovering':
      return { state: 'recovering', side: 'store' };
  }
}

/** @returns the most probable trouble on the user's side, where that is what is shown. */
export function ownTroubleOf(diagnosis: Diagnosis | null, state: State): Cause | null {
  if (state !== 'own' || diagnosis === null) return null;
  const first = diagnosis.causes.find((c) => OWN.has(c.id));
  return first ? (first.id as Cause) : null;
}
