import type { Settings } from '../core/settings.ts';
import type { Reminder } from '../core/reminder.ts';
import type { Outcome } from '../core/result.ts';

/**
 * What a view may ask of the background: one typed contract from which both ends derive. The answer is always an `Outcome`,
 * so that a view can say what went wrong. Everything a view *shows* comes from the snapshot, never from an answer.
 */
export interface Commands {
  /** Check at once. Answers when the check is done. */
  'check': { ask: Record<string, never>; answer: null };
  /** Stop checking until then (ms since the epoch); null = go on. */
  'pause': { ask: { until: number | null }; answer: null };
  /** Not for this outage: no banner until the next incident. */
  'dismiss': { ask: { incident: string }; answer: null };
  'settings': { ask: { settings: Settings }; answer: null };
  'remind': { ask: { reminder: Reminder }; answer: null };
  'forget': { ask: { id: string }; answer: null };
  /** Open a kept song and forget it. */
  'open-reminder': { ask: { id: string }; answer: null };
  /** Ask the vantage points around the world now; what they say, or why they say nothing, comes with the snapshot. `consent`: the user has just agreed to it. */
  'ask-world': { ask: { consent: boolean }; answer: null };
  /** Keep the user's own token for the measurement network, or remove it (null). */
  'world-token': { ask: { token: string | null }; answer: null };
  'rehearse': { ask: { scenario: string; speed: number } | { stop: true }; answer: null };
  'test-notification': { ask: Record<string, never>; answer: null };
  'export': { ask: { format: 'json' | 'csv' }; answer: string };
  /** `replace` says that the user agreed to have present data overwritten. */
  'import': { ask: { text: string; replace: boolean }; answer: { incidents: number } };
  'delete-data': { ask: Record<string, never>; answer: null };
  /** From the content script: a store page is there; shall it show anything? Triggers a fresh check when the last is old. */
  'page-arrived': { ask: { url: string }; answer: null };
  /** Everything about an incident, on the page of incidents. */
  'open-details': { ask: { incident: string }; answer: null };
}

export type CommandName = keyof Commands;
export type Ask<K extends CommandName> = Commands[K]['ask'];
export type Answer<K extends CommandName> = Outcome<Commands[K]['answer']>;

/** Commands that a content script may send; all others come from the extension's own pages alone. */
export const PAGE_COMMANDS: ReadonlySet<CommandName> = new Set(['page-arrived', 'dismiss', 'remind', 'open-details']);
