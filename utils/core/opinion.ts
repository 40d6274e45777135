import type { StoreRole } from './role.ts';

/** What public resolvers say about the store's names, asked over HTTPS only when the user's own resolver failed. */
export interface ResolverOpinion {
  at: number;
  /** `ok`: others resolve it. `failing`: they cannot either. `unreachable`: they could not be asked. */
  verdict: 'ok' | 'failing' | 'unreachable';
  /** Extended DNS errors and the like, plain text, at most a few. */
  details: string[];
}

/** Why vantage points elsewhere gave no opinion. */
export const WORLD_REFUSALS = [
  'lost', // begun, and forgotten by a worker that died
  'limited', // the hourly budget of this address is spent
  'token', // the token is refused
  'refused', // the service does not want this request or this address
  'no-probes',
  'unreachable',
  'timed-out',
  'not-understood',
  'not-yet', // our own budget: a run was made a short while ago
] as const;
export type WorldRefusal = (typeof WORLD_REFUSALS)[number];

/** What vantage points elsewhere say, asked only with the user's consent. */
export interface WorldOpinion {
  at: number;
  /** Usable votes only: a probe's own troubles, and refusals of data-centre addresses, are left out. */
  votes: number;
  failed: number;
  ownCountryVotes: number;
  ownCountryFailed: number;
  /** One line per country, for the list in the popup. */
  places: { country: string; votes: number; failed: number }[];
  /** Set where the last question came to nothing (then there may be no votes, or older ones): why, and when the next may be asked, ms since the epoch. */
  refused?: { because: WorldRefusal; until: number };
}

/** A token for the measurement network: what could not stand in a header is none. */
export const WORLD_TOKEN = /^[\x21-\x7e]{1,300}$/;
/** Where the user's own token is kept, and nowhere else: no export and no sync of settings can carry it. */
export const WORLD_TOKEN_KEY = 'world-token';

/** @returns an opinion without votes: why nobody could be asked. */
export function refusal(at: number, because: WorldRefusal, until: number): WorldOpinion {
  return { at, votes: 0, failed: 0, ownCountryVotes: 0, ownCountryFailed: 0, places: [], refused: { because, until } };
}

/** @returns what is known after another question: its votes, or, where it came to nothing, the older ones and why. */
export function withAnswer(before: WorldOpinion | null, next: WorldOpinion): WorldOpinion {
  return next.votes === 0 && next.refused && before !== null ? { ...before, refused: next.refused } : next;
}

/** The same question asked of another country's storefront. */
export interface StorefrontOpinion {
  at: number;
  country: string;
  role: StoreRole;
  failed: boolean;
}
