import type { Answer, Observation, Result } from './observation.ts';
import type { Role } from './role.ts';

/** What goes into an address: the storefront's country, and a harmless value that changes so that a cache cannot answer for the origin. */
export interface TargetContext {
  /** ISO 3166, lower case. */
  country: string;
  nonce: string;
}

/** What the prober hands to a target's judgement: the head of the answer and as much of the body as was read. */
export interface Received {
  status: number;
  /** Lower-case names. */
  headers: Readonly<Record<string, string>>;
  /** Where the answer came from after redirects. */
  url: string;
  /** At most `maxBytes` of the body, decoded as UTF-8 with replacement characters. */
  text: string;
  /** Length of what was read, before decoding. */
  bytes: number;
  /** Whether the body went on past `maxBytes`. */
  cut: boolean;
  now: number;
}

/** One endpoint: where it is, what is known of it, and how a healthy answer looks. */
export interface Target {
  id: string;
  role: Role;
  host: string;
  method: 'GET' | 'HEAD';
  headers?: Readonly<Record<string, string>>;
  /** Reading stops here: an answer of 100 MB costs no more. */
  maxBytes: number;
  /** Typical time in ms, until this browser's own profile of it is known. */
  usualMs: number;
  /** Hosts (and all names below them) whose pages are the vendor's own: an answer from elsewhere is somebody else's. Left out = `host` alone. */
  home?: readonly string[];
  url(context: TargetContext): string;
  /** Whether the text so far settles the matter, so that no more of the body need be fetched. Left out = read to the end or `maxBytes`. */
  enough?(text: string): boolean;
  /** Looks at the content, not just at the status; knows the answers that are healthy though they look sick. */
  judge(received: Received): Result;
}

export type { Answer, Observation };
