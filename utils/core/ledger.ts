/** Every host contacted: how often, how many bytes, and why. Shown to the user; nothing leaves the browser. */
export type Ledger = Readonly<Record<string, Entry>>;

export interface Entry {
  requests: number;
  /** On the wire, as far as the browser tells. */
  bytes: number;
  /** First and last time, ms since the epoch. */
  since: number;
  lastAt: number;
  /** Roles of the host, or the source that asked it. */
  why: string[];
}

export interface Contact {
  host: string;
  requests: number;
  bytes: number;
  why: string;
}

/** More hosts than the table of targets and all sources have; a redirect to a stranger adds none. */
const MOST_HOSTS = 60;

/** @returns the ledger with what was contacted now. */
export function enter(ledger: Ledger, contacts: readonly Contact[], at: number): Ledger {
  const next: Record<string, Entry> = { ...ledger };
  for (const { host, requests, bytes, why } of contacts) {
    if (requests === 0) continue;
    const old = next[host];
    if (old === undefined && Object.keys(next).length >= MOST_HOSTS) continue;
    next[host] = {
      requests: (old?.requests ?? 0) + requests,
      bytes: (old?.bytes ?? 0) + bytes,
      since: old?.since ?? at,
      lastAt: at,
      why: old === undefined ? [why] : old.why.includes(why) ? old.why : [...old.why, why].slice(0, 12),
    };
  }
  return next;
}
