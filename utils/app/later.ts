import type { WorldOpinion } from '../core/opinion.ts';
import type { Clock, Sources } from './ports.ts';

/** An answer that nobody fetched for so long is about another time, and perhaps another outage. */
const STALE_MS = 10 * 60_000;

/**
 * Vantage points take half a minute to answer, and a check does not wait for them.
 * @returns `world` as the monitor asks it: it begins a run, says null, and gives the opinion with a later check
 */
export function worldLater(world: Sources['world'], clock: Clock): Sources['world'] {
  let arrived: WorldOpinion | null = null;
  let asking = false;
  return async (target, context) => {
    const opinion = arrived !== null && clock.now() - arrived.at <= STALE_MS ? arrived : null;
    arrived = null;
    if (opinion !== null || asking) return opinion;
    asking = true;
    void world(target, context)
      .then((answer) => {
        arrived = answer;
      })
      .finally(() => {
        asking = false;
      });
    return null;
  };
}
