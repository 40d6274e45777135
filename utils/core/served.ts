import type { Observation } from './observation.ts';

/** Which of the delivery network's or the vendor's sites answered for a target, and by which way: what changed last, not every answer. */
export interface Served {
  /** Newest last; each entry is the first answer from there. */
  sites: { at: number; edge: string | null; site: string | null }[];
  /** The Internet Protocol and the HTTP version of the last answer, as far as the browser told; kept while nothing answers. */
  family: Family | null;
  protocol: string | null;
}

export type Family = 'IPv4' | 'IPv6';

/** By target. */
export type ServedBy = Readonly<Record<string, Served>>;

/** A day of two sites taking turns is told by its last changes as well as by all of them. */
const KEEP = 4;

/** @returns the family of a server's address as the browser gives it; null where it gave none. */
export function familyOf(address: string | null): Family | null {
  if (address === null || address === '') return null;
  return address.includes(':') ? 'IPv6' : 'IPv4';
}

/** @returns the memory with the answers of a check; a target that gave none keeps what was known of it. */
export function noteServed(before: ServedBy, observations: readonly Observation[]): ServedBy {
  const served: Record<string, Served> = { ...before };
  for (const { target, at, answer } of observations) {
    if (answer === null) continue;
    const old = served[target] ?? { sites: [], family: null, protocol: null };
    const last = old.sites.at(-1);
    const named = answer.edge !== null || answer.site !== null;
    const moved = named && (last === undefined || last.edge !== answer.edge || last.site !== answer.site);
    served[target] = {
      sites: moved ? [...old.sites, { at, edge: answer.edge, site: answer.site }].slice(-KEEP) : old.sites,
      family: familyOf(answer.address) ?? old.family,
      protocol: answer.protocol ?? old.protocol,
    };
  }
  return served;
}
