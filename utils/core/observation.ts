import type { Failure, Phase } from './failure.ts';
import type { Role } from './role.ts';

/** Milliseconds each phase took, as far as the browser tells (Resource Timing). A phase that did not happen (a reused connection) is 0. */
export interface PhaseTimes {
  dns?: number;
  tcp?: number;
  tls?: number;
  firstByte?: number;
}

/** What the head of an answer says about who wrote it. Nothing here identifies the user: no address of his, no cookie. */
export interface Answer {
  status: number;
  /** Who wrote the answer: the CDN's edge, or the vendor's application behind it. Null where it cannot be told. */
  by: 'edge' | 'origin' | null;
  /** Whether the edge answered from its cache: a cached answer can be healthy while the origin is dead. */
  cached: boolean | null;
  /** Operator of the edge as far as its headers name it: `akamai`, `fastly`, `apple`. */
  edge: string | null;
  /** Which of the edge's or the vendor's sites answered (`x-served-by`, `x-apple-application-site`), shortened. */
  site: string | null;
  /** The server's address; not the user's. */
  address: string | null;
  /** HTTP version, as in Resource Timing's `nextHopProtocol`. */
  protocol: string | null;
  /** The answer's `Date`, in ms since the epoch: held against the user's clock. */
  date: number | null;
}

/** Why a sample was thrown away: the time it stands for counts as *not observed*, neither up nor down. */
export type DiscardReason =
  | 'aborted' // stopped by ourselves, or by the browser closing
  | 'network-changed'
  | 'suspended' // the machine slept in the middle
  | 'late' // the first check after a gap failed: the network may not be ready
  | 'throttled' // the browser itself held the request back, for errors the server gave before
  | 'rate-limited' // the answer is about us, not about the store
  | 'no-permission'; // the browser does not let us ask this host

export type Result =
  | { kind: 'ok' }
  | { kind: 'failed'; failure: Failure; phase: Phase; /** The engine's own words where no table knew them. */ raw?: string }
  | { kind: 'discarded'; because: DiscardReason };

/** One request to one target: facts only, no opinion. */
export interface Observation {
  /** Id of the target in the table (`utils/core/target.ts`). */
  target: string;
  role: Role;
  /** When the request was sent, ms since the epoch. */
  at: number;
  /** How long it took in all, ms. */
  ms: number;
  result: Result;
  times: PhaseTimes | null;
  answer: Answer | null;
  /** Bytes on the wire as far as the browser tells, for the ledger. */
  bytes: number;
}

/** @returns whether the observation says that the target works. */
export function isOk(observation: Observation): boolean {
  return observation.result.kind === 'ok';
}

/** @returns the failure of an observation, null where it did not fail (healthy or thrown away). */
export function failureOf(observation: Observation): Failure | null {
  return observation.result.kind === 'failed' ? observation.result.failure : null;
}
