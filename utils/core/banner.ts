import type { Reminder } from './reminder.ts';
import type { Language } from './settings.ts';
import type { Snapshot, State } from './snapshot.ts';

/** Where the banner lies in the browser's local store. Nothing lies there while there is nothing to say. */
export const BANNER_KEY = 'banner';

/**
 * - `trouble`: the store fails, is closed, or is coming back.
 * - `own`: it looks like the user's connection; small, and only for whoever comes to a page just then.
 * - `back`: it is over; only pages that showed the trouble say so.
 */
export type BannerKind = 'trouble' | 'own' | 'back';

/** Everything a page shows, in the user's words: the page's part of the extension knows no sentence, no language and no cause. */
export interface BannerView {
  kind: BannerKind;
  /** What a dismissal names: an incident, or a stretch of own trouble. */
  incident: string;
  state: State;
  /** Name of the colour, as in `components/shared/tokens.css`. */
  tone: string;
  /** When the check was that it rests on, ms since the epoch. */
  checkedAt: number;
  language: Language;
  theme: Snapshot['theme'];
  /** Said in front of everything while an outage is only played. */
  rehearsal: string | null;
  title: string;
  /** One line, in parts. */
  parts: string[];
  /** The sentence that takes the blame off the user; null where it is not known to be true. */
  fine: string | null;
  /** More, on request. */
  details: { label: string; text: string }[];
  words: BannerWords;
  /** Where else the same song may be: an address holds `{query}`. */
  places: { name: string; url: string }[];
}

export interface BannerWords {
  label: string;
  remind: Record<Reminder['kind'], string>;
  reminded: string;
  failed: string;
  elsewhere: string;
  details: string;
  page: string;
  close: string;
}

/** Everything that decides whether a page shows anything. */
export interface BannerGiven {
  snapshot: Snapshot;
  /** Whether the user wants banners. */
  wanted: boolean;
  /** What the user wants no banner for. */
  dismissed: readonly string[];
  /** What pages show at the moment. */
  before: Pick<BannerView, 'kind' | 'incident'> | null;
}

/** @returns what pages are to show and for what; null = nothing. */
export function bannerKindOf({ snapshot, wanted, dismissed, before }: BannerGiven): { kind: BannerKind; incident: string } | null {
  if (!wanted || snapshot.pausedUntil !== null) return null;
  const choice = chosen(snapshot, before);
  return choice === null || dismissed.includes(choice.incident) ? null : choice;
}

function chosen({ state, incident, since }: Snapshot, before: BannerGiven['before']): { kind: BannerKind; incident: string } | null {
  switch (state) {
    case 'down':
    case 'degraded':
    case 'maintenance':
    case 'recovering':
      return { kind: 'trouble', incident: incident?.id ?? `${state}:${since}` };
    case 'own':
      return { kind: 'own', incident: `own:${since}` };
    case 'up':
      // Said once, to whoever saw it begin; the next check finds it said and takes it away.
      return before?.kind === 'trouble' ? { kind: 'back', incident: before.incident } : null;
    case 'suspect':
    case 'blind':
    case 'unknown':
      return null;
  }
}

/** How long the news that it is over stays where pages find it, and on a page, ms. */
export const BACK_MS = 8_000;

/** A check older than this proves nothing to whoever comes: it is repeated first. */
export const PROOF_MS = 60_000;
