import { beforeAll, describe, expect, test } from 'vitest';
import { LANGUAGES, type Language } from '../core/settings.ts';
import { SENTENCE_FILES, sentenceFile, type SentenceFile } from './files.ts';
import { KEYS } from './keys.ts';
import { loadCatalogue, writeSentences } from './load.ts';
import { foldNames, unfoldNames } from './names.ts';
import type { Catalogue } from './translate.ts';

let catalogues: Record<Language, Catalogue>;

beforeAll(async () => {
  const entries = LANGUAGES.map(async (language) => {
    const module = (await import(`./${language}/index.ts`)) as Record<string, Catalogue>;
    return [language, Object.values(module)[0]!] as const;
  });
  catalogues = Object.fromEntries(await Promise.all(entries)) as typeof catalogues;
});

const bytes = (file: SentenceFile, text = writeSentences(file, catalogues)): Response => new Response(new Uint8Array(Buffer.from(text, file.encoding === 'utf-8' ? 'utf8' : 'utf16le')));

test('each language is in one file', () => {
  expect(SENTENCE_FILES.flatMap(({ languages }) => languages).toSorted()).toEqual([...LANGUAGES].toSorted());
  expect(sentenceFile('zh-Hant').languages).toContain('zh-Hant');
  expect(sentenceFile('tlh')).toBe(sentenceFile('en'));
});

test.each(LANGUAGES)('%s comes back from its file as it went in', async (language) => {
  const loaded = await loadCatalogue(language, undefined, Promise.resolve(bytes(sentenceFile(language))));
  expect(loaded).toEqual({ ok: true, value: catalogues[language] });
});

test('a language nobody speaks is English, each sentence under its own name', async () => {
  const loaded = await loadCatalogue('tlh' as Language, undefined, Promise.resolve(bytes(sentenceFile('tlh'))));
  expect(loaded).toEqual({ ok: true, value: catalogues.en });
});

test('a sentence of two lines stops the build, by name', () => {
  const pt = { ...catalogues.pt, 'app.name': 'Tsuna\ngaru' };
  expect(() => writeSentences(sentenceFile('pt'), { ...catalogues, pt })).toThrow('pt: app.name');
});

describe('what cannot be loaded', () => {
  const file = sentenceFile('en');
  test.each([
    ['a line is missing', async () => bytes(file, writeSentences(file, catalogues).replace('\n', ' ')), /^\d+ sentences instead of \d+$/],
    ['the file is not there', async () => new Response('', { status: 404 }), /^status 404$/],
    ['the file cannot be read', () => Promise.reject<Response>(new TypeError('Failed to fetch')), /^Failed to fetch$/],
  ])('says so where %s, and speaks no sentence under another’s name', async (_words, answer, reason) => {
    expect(await loadCatalogue('en', undefined, answer())).toMatchObject({ ok: false, error: { at: 'i18n/en', reason: expect.stringMatching(reason) as string } });
  });
});

test.each([
  [['a.b.c', 'a.b.d'], 'a.b.c ..d'],
  [['a', 'a.b', 'a.b.c', 'a'], 'a .b ..c a'],
  [['a.b', 'a.b'], 'a.b .b'],
  [['a.b', 'c.b'], 'a.b c.b'],
])('%j is folded to “%s” and back', (names, folded) => {
  expect(foldNames(names)).toBe(folded);
  expect(unfoldNames(folded)).toEqual(names);
});

test('the names of all sentences come back from their folds', () => {
  expect(unfoldNames(foldNames(KEYS))).toEqual(KEYS);
});
