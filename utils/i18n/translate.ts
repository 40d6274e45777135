import type { Source } from './en/index.ts';
import type { Language } from '../core/settings.ts';

export type Key = keyof Source;
/** All sentences of one language; a missing key does not compile. */
export type Catalogue = Record<Key, string>;
/** The same keys as an area of the source, in another language. */
export type Translation<T> = Record<keyof T, string>;

/** Names of the placeholders in a sentence: `{name}` or `{count|one:…|other:…}`. */
type Placeholders<S extends string> = S extends `${string}{${infer Inside}}${infer Rest}`
  ? (Inside extends `${infer Name}|${string}` ? Name : Inside) | Placeholders<Rest>
  : never;
export type Params<K extends Key> = Record<Placeholders<Source[K]>, string | number>;
type Args<K extends Key> = [Placeholders<Source[K]>] extends [never] ? [] : [params: Params<K>];

export interface Translate {
  <K extends Key>(key: K, ...args: Args<K>): string;
  language: Language;
}

const PLACEHOLDER = /\{(\w+)((?:\|\w+:[^|}]*)*)\}/g;

/** How a language writes numbers and chooses plurals: made once, since making one costs more than a page full of sentences. */
const written = new Map<string, { number: Intl.NumberFormat; plural: Intl.PluralRules }>();

function rulesOf(language: string): { number: Intl.NumberFormat; plural: Intl.PluralRules } {
  let rules = written.get(language);
  if (rules === undefined) written.set(language, (rules = { number: new Intl.NumberFormat(language), plural: new Intl.PluralRules(language) }));
  return rules;
}

/**
 * Fills a sentence. `{name}` takes a value as it is, a number in the language's own digits and separators;
 * `{count|one:# song|other:# songs}` chooses by the language's plural rules, `#` being the number.
 * @param template the sentence; what it names and `params` lacks stays visible as `{name}`, so a slip is seen and nothing throws
 */
export function fill(template: string, params: Readonly<Record<string, string | number>>, language: string): string {
  return bound(template.replace(PLACEHOLDER, (whole, name: string, forms: string) => {
    const value = params[name];
    if (value === undefined) return whole;
    const text = typeof value === 'number' ? rulesOf(language).number.format(value) : value;
    if (!forms) return text;
    const byRule = Object.fromEntries(forms.slice(1).split('|').map((form) => [form.slice(0, form.indexOf(':')), form.slice(form.indexOf(':') + 1)]));
    const rule = typeof value === 'number' ? rulesOf(language).plural.select(value) : 'other';
    return (byRule[rule] ?? byRule['other'] ?? text).replaceAll('#', text);
  }));
}

/** Where Japanese and Chinese put a space between a number and what it counts, a line may not end. */
const bound = (text: string): string => text.replace(/(\d) (?=[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}])/gu, '$1\u00a0');

/** @returns the function that speaks one language. A key that only the run knows and the catalogue lacks comes back as it is: nothing throws. */
export function translator(catalogue: Catalogue, language: Language): Translate {
  const translate = ((key: Key, params?: Record<string, string | number>) => fill(catalogue[key] ?? key, params ?? {}, language)) as Translate;
  translate.language = language;
  return translate;
}
