import type { Language } from '../core/settings.ts';

/** @returns languages by their own names: who needs one can read its name. */
export function languagesIn(languages: readonly Language[]): { value: Language; label: string }[] {
  return languages.map((value) => ({ value, label: new Intl.DisplayNames(value, { type: 'language', languageDisplay: 'standard' }).of(value) ?? value }));
}

/** @returns all currencies by name, those of the product's languages first. */
export function currenciesIn(language: string): { value: string; label: string }[] {
  const names = new Intl.DisplayNames(language, { type: 'currency', fallback: 'code' });
  const first = ['JPY', 'USD', 'EUR', 'GBP', 'KRW', 'TWD', 'CNY', 'BRL'];
  const rest = Intl.supportedValuesOf('currency').filter((code) => !first.includes(code));
  return [...first, ...rest].map((value) => ({ value, label: `${value} · ${names.of(value) ?? value}` }));
}
