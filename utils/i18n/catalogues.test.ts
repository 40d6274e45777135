import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { en } from './en/index.ts';
import type { Catalogue, Key } from './translate.ts';

const HERE = import.meta.dirname;
const LOCALES = join(HERE, '../../public/_locales');
/** Folder of the browser's own messages, where it is not the language's name. */
const LOCALE: Readonly<Record<string, string>> = { 'zh-Hant': 'zh_TW', 'zh-Hans': 'zh_CN', pt: 'pt_BR' };
const PLACEHOLDER = /\{(\w+)((?:\|\w+:[^|{}]*)*)\}/g;
/** Names and terms that stay as they are in every language. */
const NAMES = new Set(
  'itunes store apple music app tsunagaru つながる globalping io cloudflare google https json csv vpn dns wi fi utc ms cdn windows macos linux ip xhr proxy internet status'.split(' '),
);
/** English words in a row that no sentence in another language shares with its source by chance. */
const WORDS_IN_A_ROW = 4;

const languages = readdirSync(HERE, { withFileTypes: true })
  .filter((entry) => entry.isDirectory() && existsSync(join(HERE, entry.name, 'index.ts')))
  .map((entry) => entry.name);
const keys = Object.keys(en) as Key[];

async function catalogueOf(language: string): Promise<Catalogue> {
  const module = (await import(/* @vite-ignore */ join(HERE, language, 'index.ts'))) as Record<string, Catalogue>;
  return Object.values(module)[0]!;
}

function browserTexts(locale: string): Record<string, { message: string }> {
  return JSON.parse(readFileSync(join(LOCALES, locale, 'messages.json'), 'utf8')) as Record<string, { message: string }>;
}

function placeholders(text: string): string[] {
  return [...new Set([...text.matchAll(PLACEHOLDER)].map((match) => match[1]!))].toSorted();
}

/** Every run of four words, names left out. */
function runs(text: string): string[] {
  const words = (text.replace(PLACEHOLDER, ' ').toLowerCase().match(/\p{L}+(?:’\p{L}+)?/gu) ?? []).filter((word) => !NAMES.has(word));
  return words.slice(WORDS_IN_A_ROW - 1).map((_, at) => words.slice(at, at + WORDS_IN_A_ROW).join(' '));
}

/** @returns what is wrong with one sentence, each flaw a few words */
function flaws(text: string, source: string, language: string): string[] {
  const found: string[] = [];
  if (text.trim() === '' || text !== text.trim()) found.push('empty or padded');
  if (placeholders(text).join() !== placeholders(source).join()) found.push(`has {${placeholders(text).join()}}, not {${placeholders(source).join()}}`);
  if (/[{}]/.test(text.replace(PLACEHOLDER, ''))) found.push('a brace that does not parse');
  const categories = new Intl.PluralRules(language).resolvedOptions().pluralCategories as string[];
  for (const [, name, forms] of text.matchAll(PLACEHOLDER)) {
    const given = forms!.split('|').slice(1).map((form) => form.slice(0, form.indexOf(':')));
    if (given.length === 0) continue;
    if (!given.includes('other')) found.push(`{${name}} lacks the form “other”`);
    for (const form of given) if (!categories.includes(form)) found.push(`{${name}}: ${language} has no form “${form}”`);
  }
  if (language !== 'en') {
    const left = runs(source);
    for (const run of runs(text)) if (left.includes(run)) found.push(`English left: “${run}”`);
  }
  return found;
}

test.each([
  ['', 'Kept', 'de', 'empty or padded'],
  ['Öffnen', 'Open {title}', 'de', 'has {}, not {title}'],
  ['{n} Orte}', '{n|one:# place|other:# places}', 'de', 'a brace that does not parse'],
  ['{n|one:# Ort}', '{n|one:# place|other:# places}', 'de', '{n} lacks the form “other”'],
  ['{n|one:# か所|other:# か所}', '{n|one:# place|other:# places}', 'ja', '{n}: ja has no form “one”'],
  ['Not just you: it fails', 'Not just you: it fails', 'de', 'English left: “not just you it”'],
])('the check finds a flaw in “%s”', (text, source, language, flaw) => {
  expect(flaws(text, source, language)).toContain(flaw);
});

describe.each(languages)('%s', (language) => {
  test('has every sentence of English and no other', async () => {
    expect(Object.keys(await catalogueOf(language)).toSorted()).toEqual(keys.toSorted());
  });

  test('keeps placeholders, plural forms and nothing English', async () => {
    const catalogue = await catalogueOf(language);
    const found = keys.flatMap((key) => flaws(catalogue[key], en[key], language).map((flaw) => `${key}: ${flaw}`));
    expect(found).toEqual([]);
  });

  test('has the texts the browser itself shows, no longer than the stores take', () => {
    const texts = browserTexts(LOCALE[language] ?? language);
    expect(Object.keys(texts)).toEqual(Object.keys(browserTexts('en')));
    // Chrome's manifest: name at most 75 characters, short_name 12 recommended, description 132.
    expect(texts['name']!.message.length).toBeLessThanOrEqual(75);
    expect(texts['shortName']!.message.length).toBeLessThanOrEqual(12);
    expect(texts['description']!.message.length).toBeLessThanOrEqual(132);
    for (const { message } of Object.values(texts)) expect(message.trim()).not.toBe('');
  });
});
