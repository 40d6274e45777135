import { UNSAVED_KEY } from '../core/snapshot.ts';

/** What a page has asked for before its own scripts were there. */
export interface Early {
  /** Of the extension. */
  version: string;
  stored: Promise<Record<string, unknown>>;
  /** Sentences of the language that the page spoke the last time; null where they have not been asked for. */
  sentences: { language: string; answer: Promise<Response> } | null;
}

interface PageApi {
  runtime: { getManifest(): { version: string } };
  storage: Record<'local' | 'session', { get(keys: string[]): Promise<Record<string, unknown>> }>;
}

const here = globalThis as { tsunagaruEarly?: Early | undefined; browser?: PageApi; chrome?: PageApi };

/** What the first paint shows of what is stored. */
export const FIRST_KEYS = ['snapshot', 'reminders'];

/** @returns what is stored, with the snapshot that lies beside it where the store takes nothing more */
function withUnsaved(stored: Record<string, unknown>, session: Record<string, unknown>): Record<string, unknown> {
  const unsaved = session[UNSAVED_KEY] as { entries?: { snapshot?: unknown } } | null | undefined;
  return unsaved?.entries?.snapshot ? { ...stored, snapshot: unsaved.entries.snapshot } : stored;
}

/** Asks for what the first paint needs, while the page's scripts are still on their way. It goes without the polyfill, which is one of them. */
export function readEarly(): Early {
  const { runtime, storage } = (here.browser?.storage === undefined ? here.chrome : here.browser)!;
  const stored = Promise.all([storage.local.get(FIRST_KEYS), storage.session.get([UNSAVED_KEY])]).then(([local, session]) => withUnsaved(local, session));
  return (here.tsunagaruEarly = { version: runtime.getManifest().version, stored, sentences: null });
}

/** @returns what was asked for early, once: later it is old. */
export function takeEarly(): Early | null {
  const early = here.tsunagaruEarly ?? null;
  here.tsunagaruEarly = undefined;
  return early;
}
