import type { Language } from '../core/settings.ts';

/** A file of sentences in the extension. */
export interface SentenceFile {
  path: string;
  /** Those whose sentences lie in it, side by side. */
  languages: readonly Language[];
  encoding: 'utf-8' | 'utf-16le';
}

/**
 * How the sentences are packed. Languages that say much in the same letters are one file, which is a tenth to a fifth smaller for it; and what
 * is written in more than two bytes a letter is kept in two.
 */
export const SENTENCE_FILES: readonly SentenceFile[] = [
  { path: 'i18n/en', languages: ['en'], encoding: 'utf-8' },
  { path: 'i18n/ja', languages: ['ja'], encoding: 'utf-16le' },
  { path: 'i18n/zh', languages: ['zh-Hans', 'zh-Hant'], encoding: 'utf-16le' },
  { path: 'i18n/ko', languages: ['ko'], encoding: 'utf-16le' },
  { path: 'i18n/de', languages: ['de'], encoding: 'utf-8' },
  { path: 'i18n/fr', languages: ['fr'], encoding: 'utf-8' },
  { path: 'i18n/es-it-pt', languages: ['es', 'it', 'pt'], encoding: 'utf-8' },
];

/** @returns the file with the sentences of a language; of English where there is no such language. */
export function sentenceFile(language: string): SentenceFile {
  return SENTENCE_FILES.find(({ languages }) => (languages as readonly string[]).includes(language)) ?? SENTENCE_FILES[0]!;
}
