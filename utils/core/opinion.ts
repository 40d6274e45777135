import type { StoreRole } from './role.ts';

/** What public resolvers say about the store's names, asked over HTTPS only when the user's own resolver failed. */
export interface ResolverOpinion {
  at: number;
  /** `ok`: others resolve it. `failing`: they cannot either. `blocked`: the user's resolver gave a null address. `unreachable`: they could not be asked. */
  verdict: 'ok' | 'failing' | 'unreachable';
  /** Extended DNS errors and the like, plain text, at most a few. */
  details: string[];
}

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
}

/** The same question asked of another country's storefront. */
export interface StorefrontOpinion {
  at: number;
  country: string;
  role: StoreRole;
  failed: boolean;
}
