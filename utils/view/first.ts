import { LANGUAGES, type Language } from '../core/settings.ts';
import type { Snapshot } from '../core/snapshot.ts';
import type { Catalogue } from '../i18n/translate.ts';

/** What a page looked like and said the last time, so that it opens so again before anything is read: kept by the page itself. */
const KEPT = { language: 'language', theme: 'theme', words: 'words', height: 'height' } as const;

/** Sentences that the verdict may take, as they were when this version of the extension last spoke. */
export interface FirstWords {
  version: string;
  language: Language;
  /** Where all of them are. */
  file: string;
  sentences: Catalogue;
}

const keep = (name: keyof typeof KEPT, value: string): void => {
  // A write costs more than a look.
  if (localStorage.getItem(KEPT[name]) !== value) localStorage.setItem(KEPT[name], value);
};

/** @returns null also for a language that this version does not speak: another one may have kept it */
export const keptLanguage = (): Language | null => LANGUAGES.find((each) => each === localStorage.getItem(KEPT.language)) ?? null;
export const keptTheme = (): Snapshot['theme'] | null => localStorage.getItem(KEPT.theme) as Snapshot['theme'] | null;
/** Height of the popup, px; 0 where it is not known. */
export const keptHeight = (): number => Number(localStorage.getItem(KEPT.height));

export function keepLook(language: Language, theme: Snapshot['theme']): void {
  keep('language', language);
  keep('theme', theme);
}

export const keepHeight = (pixels: number): void => keep('height', String(pixels));

/** Keeps what the verdict may say, for the next time. */
export function keepWords(version: string, language: Language, file: string, catalogue: Catalogue): void {
  const sentences = Object.fromEntries(Object.entries(catalogue).filter(([key]) => /^verdict\.|^targets\.role\./.test(key))) as Catalogue;
  keep('words', JSON.stringify({ version, language, file, sentences } satisfies FirstWords));
}

/** @returns the words that were kept; null where they are of another version or language */
export function keptWords(version: string): FirstWords | null {
  try {
    const words = JSON.parse(localStorage.getItem(KEPT.words) ?? 'null') as FirstWords | null;
    return words !== null && words.version === version && words.language === keptLanguage() ? words : null;
  } catch {
    return null;
  }
}

/** Puts the theme on; `auto` follows the system, also when it changes. */
export function dress(theme: Snapshot['theme']): void {
  const dark = matchMedia('(prefers-color-scheme: dark)');
  const put = () => (document.documentElement.dataset['theme'] = theme === 'auto' ? (dark.matches ? 'dark' : 'light') : theme);
  dark.onchange = theme === 'auto' ? put : null;
  put();
}

/** One of an older version lacks what that version did not know; the background writes another as soon as it wakes. */
export function isSnapshot(stored: unknown): stored is Snapshot {
  const { schema, page, targets, problems, official, strip } = (stored ?? {}) as Partial<Snapshot>;
  return schema === 1 && [page, targets, problems, official?.events, strip?.slices].every(Array.isArray);
}
