import { LANGUAGES, type Language } from '../core/settings.ts';

/** Regions that write Chinese in the traditional script. */
const TRADITIONAL = /^zh-(?:(?:[a-z]+-)?(?:tw|hk|mo)|hant)\b/i;

function nearest(tag: string): Language | null {
  if (/^zh\b/i.test(tag)) return TRADITIONAL.test(tag) ? 'zh-Hant' : 'zh-Hans';
  const primary = tag.toLowerCase().split(/[-_]/)[0];
  return LANGUAGES.find((language) => language === primary) ?? null;
}

/**
 * @param setting the user's choice; `auto` = by the browser
 * @param browserLanguages language tags, the most wanted first
 * @returns the language to speak: the first of the browser's that there is, else English
 */
export function chooseLanguage(setting: Language | 'auto', browserLanguages: readonly string[]): Language {
  if (setting !== 'auto') return setting;
  for (const tag of browserLanguages) {
    const language = nearest(tag);
    if (language !== null) return language;
  }
  return 'en';
}
