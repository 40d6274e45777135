import type { WorldOpinion } from '../core/opinion.ts';
import type { Sources } from './ports.ts';

/**
 * Vantage points take half a minute to answer, and a check does not wait for them.
 * @returns `world` as the monitor asks it: it begins a run, says null, and gives the opinion with a later check
 */
export function worldLater(world: Sources['world']): Sources['world'] {
  let arrived: WorldOpinion | null = null;
  let asking = false;
  return async (target, context) => {
    const opinion = arrived;
    arrived = null;
    if (opinion !== null || asking) return opinion;
    asking = true;
    void world(target, context).then((answer) => {
      asking = false;
      arrived = answer;
    });
    return null;
  };
}
