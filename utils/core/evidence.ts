import { CATALOGUE } from './evidence-catalogue.ts';
import type { Episode } from './episode.ts';
import { sightOf } from './sight.ts';
import type { Moment } from './sight.ts';

/** One observation, by its name in the catalogue. */
export interface Evidence {
  id: string;
  /** 0 … 1: how clearly it is seen. */
  strength: number;
  /** What to fill into its sentence (key `evidence.` + id). */
  params: Record<string, string | number>;
}

/**
 * Reads everything the catalogue knows to look for out of an episode.
 * @param episode what the checks so far left behind
 * @param moment now, in ms since the epoch, or now with the user's time zone
 * @returns what is seen, in the order of the catalogue; empty when nothing is
 */
export function collectEvidence(episode: Episode, moment: number | Moment): Evidence[] {
  const sight = sightOf(episode, typeof moment === 'number' ? { now: moment } : moment);
  const seen: Evidence[] = [];
  for (const entry of CATALOGUE) {
    const found = entry.see(sight);
    if (found === null) continue;
    const { strength, params } = typeof found === 'number' ? { strength: found, params: {} } : found;
    if (strength > 0.02) seen.push({ id: entry.id, strength: Math.min(1, strength), params });
  }
  return seen;
}
