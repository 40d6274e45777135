/** What of the store can be kept, as its addresses name it. */
export const REMINDER_KINDS = ['song', 'album', 'artist', 'playlist', 'music-video', 'station'] as const;

/** A song kept through the outage. Text comes from a page, so it is only ever shown as text. */
export interface Reminder {
  /** `{storefront}:{kind}:{id}`: the same song is kept once. */
  id: string;
  kind: (typeof REMINDER_KINDS)[number];
  title: string;
  artist: string | null;
  /** https address on the vendor's image hosts, or null. */
  artwork: string | null;
  /** https address on the store's page hosts. */
  url: string;
  addedAt: number;
}

/** The store's pictures, and nothing else, stand beside a song. */
export const ARTWORK = /^https:\/\/[a-z0-9-]+\.mzstatic\.com\//;
