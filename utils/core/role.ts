/**
 * The parts of the store that can fail apart from one another, and the two kinds of host they are compared with.
 * The names are those of the scenario format, so that a replay, the lab and the product speak of the same things.
 */
export const STORE_ROLES = [
  'storefront', // the pages of the web store and player
  'catalog', // search and look-up: the application and its database
  'directory', // the service directory that every client reads first
  'charts', // charts and editorial feeds
  'artwork', // image CDN
  'audio', // preview and audio CDN: the big binaries
  'account', // identity and sign-in
  'purchase', // billing and purchases
] as const;

export type StoreRole = (typeof STORE_ROLES)[number];

/** `neighbour`: the vendor's sites that are not the store. `controls`: hosts of unrelated companies. */
export type Role = StoreRole | 'neighbour' | 'controls';

export const ROLES: readonly Role[] = [...STORE_ROLES, 'neighbour', 'controls'];

/** @returns whether the role is a part of the store itself, as against what it is compared with. */
export function isStoreRole(role: Role): role is StoreRole {
  return role !== 'neighbour' && role !== 'controls';
}
