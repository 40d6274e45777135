/**
 * What the vendor's own status page says, reduced to what the product needs. The parser is `utils/sources/status-feed.ts`.
 */
export type OfficialType = 'outage' | 'issue' | 'performance' | 'maintenance' | 'unknown';
export type OfficialStatus = 'upcoming' | 'ongoing' | 'over';
/** What an event's service or text gives away about the part that is hit. */
export type OfficialHint = 'sign-in' | 'purchase' | 'streaming' | 'slow' | 'maintenance';

export interface OfficialEvent {
  /** The vendor's message id: stable over the life of an incident, the same in all languages. One id may span services. */
  id: string;
  /** Service name as the feed gives it (localised). */
  service: string;
  type: OfficialType;
  status: OfficialStatus;
  /** ms since the epoch; can be moved backwards later by the vendor, so never a key. */
  startedAt: number;
  /** ms since the epoch; a *planned* end for maintenance that is not over; null where none is given. */
  endsAt: number | null;
  /** The vendor's words, decoded, plain text. */
  text: string;
  hints: OfficialHint[];
  /** Whether the service belongs to the music store (store, music, matching, radio, sign-in, purchase), not some other product. */
  music: boolean;
}

/** One reading of the feed. A feed that cannot be read or understood is never "all clear". */
export type OfficialReading =
  | { kind: 'read'; at: number; events: OfficialEvent[] }
  | { kind: 'unreachable'; at: number }
  | { kind: 'not-understood'; at: number; reason: string };
