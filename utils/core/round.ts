import type { Failure } from './failure.ts';
import type { StoreRole } from './role.ts';
import type { ResolverOpinion, StorefrontOpinion, WorldOpinion } from './opinion.ts';
import type { OfficialReading } from './official.ts';
import type { Observation } from './observation.ts';

/** Why a check was made. */
export type Trigger =
  | 'schedule'
  | 'recheck' // on suspicion
  | 'wake' // the first after sleep or a closed browser
  | 'online'
  | 'user' // "Check now"
  | 'page' // a page of the store failed to load
  | 'start'
  | 'rehearsal';

/** What the requests of the user's own pages met at one host. */
export interface PageHost {
  role: StoreRole;
  failed: number;
  answered: number;
  /** Failures by kind. */
  kinds: Partial<Record<Failure, number>>;
}

/**
 * What the user's own pages met since the last check, counted by host and kind; no address of a page is kept. Failures trigger checks, and they see
 * what an anonymous probe cannot: signed-in functions.
 */
export interface PageFailures {
  byHost: Record<string, PageHost>;
}

/** Everything one check has seen: the only input of the diagnosis besides what earlier rounds left in the episode. */
export interface Round {
  /** When the check began, ms since the epoch. */
  at: number;
  trigger: Trigger;
  /** Whether all roles, the neighbour and the controls were asked, or only the few that can notice an outage. */
  full: boolean;
  observations: Observation[];
  /** Last reading of the vendor's feed, however old (it has its own clock); null before the first. */
  official: OfficialReading | null;
  resolver: ResolverOpinion | null;
  world: WorldOpinion | null;
  storefront: StorefrontOpinion | null;
  page: PageFailures | null;
  /** The user's clock minus the clocks of the answers, ms; null where no answer carried a date. */
  clockSkew: number | null;
}
