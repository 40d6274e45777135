/** Country of a language without a region, where one is by far the most likely; the vendor's largest storefront else. */
const BY_LANGUAGE: Readonly<Record<string, string>> = { ja: 'jp', ko: 'kr', de: 'de', fr: 'fr', it: 'it', es: 'es', pt: 'br', zh: 'cn', nl: 'nl', sv: 'se', da: 'dk', pl: 'pl', tr: 'tr', ru: 'ru' };

/**
 * Which storefront is asked.
 * @param setting ISO 3166 country, lower case, or `auto`
 * @param languages language tags of the browser, the most wanted first: the first that names a region tells it, else its language
 * @returns ISO 3166 country, lower case
 */
export function storefrontCountry(setting: string, languages: readonly string[]): string {
  if (setting !== 'auto') return setting;
  const region = languages.map((tag) => /^[a-z]{2,3}(?:-[a-z]{4})?-([a-z]{2})\b/i.exec(tag)?.[1]).find((found) => found !== undefined);
  if (region !== undefined) return region.toLowerCase();
  const language = languages[0]?.slice(0, 2).toLowerCase() ?? '';
  return BY_LANGUAGE[language] ?? 'us';
}
