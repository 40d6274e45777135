import type { Observation } from './observation.ts';

/** Every host contacted: how often, how many bytes, and why. Shown to the user; nothing of it leaves the browser. */
export interface Ledger {
  hosts: Readonly<Record<string, LedgerLine>>;
}

export interface LedgerLine {
  /** Role of the host, or the source that asked it. */
  why: string;
  count: number;
  /** On the wire, as far as the browser tells. */
  bytes: number;
}

/** What a source contacted: requests and bytes since it was last asked. */
export interface Contact {
  host: string;
  why: string;
  count: number;
  bytes: number;
}

export const LEDGER_KEY = 'ledger';
export const EMPTY_LEDGER: Ledger = { hosts: {} };
/** More hosts than the table of targets and all sources have. */
const MOST_HOSTS = 60;

/** @returns the ledger with one contact, or several to the same host, more. */
export function noteContact(ledger: Ledger, host: string, why: string, bytes: number, count = 1): Ledger {
  const old = ledger.hosts[host];
  if (old === undefined && Object.keys(ledger.hosts).length >= MOST_HOSTS) return ledger;
  return { hosts: { ...ledger.hosts, [host]: { why: old?.why ?? why, count: (old?.count ?? 0) + count, bytes: (old?.bytes ?? 0) + bytes } } };
}

/**
 * Notes what a check contacted; what was not asked for want of permission contacted nobody.
 * @param hostOf host of a target by its id
 */
export function noteObservations(ledger: Ledger, observations: readonly Observation[], hostOf: (target: string) => string): Ledger {
  const hosts: Record<string, LedgerLine> = { ...ledger.hosts };
  for (const { target, role, bytes, result } of observations) {
    if (result.kind === 'discarded' && result.because === 'no-permission') continue;
    const host = hostOf(target);
    const old = hosts[host];
    if (old === undefined && Object.keys(hosts).length >= MOST_HOSTS) continue;
    hosts[host] = { why: old?.why ?? role, count: (old?.count ?? 0) + 1, bytes: (old?.bytes ?? 0) + bytes };
  }
  return { hosts };
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0;
}

/** @returns the stored ledger; an empty one where it is none, and without the lines that cannot be read. */
export function decodeLedger(stored: unknown): Ledger {
  if (typeof stored !== 'object' || stored === null) return EMPTY_LEDGER;
  const { hosts } = stored as { hosts?: unknown };
  if (typeof hosts !== 'object' || hosts === null) return EMPTY_LEDGER;
  const lines = Object.entries(hosts as Record<string, unknown>).flatMap(([host, line]): [string, LedgerLine][] => {
    if (typeof line !== 'object' || line === null) return [];
    const { why, count, bytes } = line as Record<string, unknown>;
    return typeof why === 'string' && isCount(count) && isCount(bytes) ? [[host, { why, count, bytes }]] : [];
  });
  return { hosts: Object.fromEntries(lines.slice(0, MOST_HOSTS)) };
}
