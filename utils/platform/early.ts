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
  storage: { local: { get(keys: string[]): Promise<Record<string, unknown>> } };
}

const here = globalThis as { tsunagaruEarly?: Early | undefined; browser?: PageApi; chrome?: PageApi };

/** What the first paint shows of what is stored. */
export const FIRST_KEYS = ['snapshot', 'reminders'];

/** Asks for what the first paint needs, while the page's scripts are still on their way. It goes without the polyfill, which is one of them. */
export function readEarly(): Early {
  const { runtime, storage } = (here.browser?.storage === undefined ? here.chrome : here.browser)!;
  return (here.tsunagaruEarly = { version: runtime.getManifest().version, stored: storage.local.get(FIRST_KEYS), sentences: null });
}

/** @returns what was asked for early, once: later it is old. */
export function takeEarly(): Early | null {
  const early = here.tsunagaruEarly ?? null;
  here.tsunagaruEarly = undefined;
  return early;
}
