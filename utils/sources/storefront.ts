import type { Probe } from '../app/ports.ts';
import type { StorefrontOpinion } from '../core/opinion.ts';
import { isStoreRole } from '../core/role.ts';
import type { Target } from '../core/target.ts';

/** @returns the storefront the own one is compared with: the United States (the largest), or Great Britain for those who live there. ISO 3166, lower case. */
export function otherStorefront(own: string): string {
  return own.toLowerCase() === 'us' ? 'gb' : 'us';
}

/**
 * Asks another country's storefront the question that the own one failed, so that "only here" is told from "everywhere".
 * @param target of the store; its address carries the country
 * @param own country of the user's storefront, ISO 3166
 * @param nonce harmless value that keeps a cache from answering for the origin
 * @returns the opinion; null where nothing was seen (the sample was thrown away, or the target is no part of the store). Never throws.
 */
export async function askStorefront(probe: Probe, target: Target, own: string, nonce: string): Promise<StorefrontOpinion | null> {
  const { role } = target;
  const country = otherStorefront(own);
  const here = { country: own.toLowerCase(), nonce };
  // An address that does not carry the country would only ask the same storefront again.
  if (!isStoreRole(role) || target.url({ ...here, country }) === target.url(here)) return null;
  const { at, result } = await probe(target, { country, nonce });
  return result.kind === 'discarded' ? null : { at, country, role, failed: result.kind === 'failed' };
}
