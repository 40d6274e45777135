import { describe, expect, test } from 'vitest';
import { LANGUAGES } from '../core/settings.ts';
import { en } from './en/index.ts';
import { loadCatalogue, readCatalogue, writeCatalogue } from './load.ts';
import type { Catalogue } from './translate.ts';

const answering = (text: string, status = 200): Promise<Response> => Promise.resolve(new Response(text, { status }));

test.each(LANGUAGES)('%s comes back from its file as it went in', async (language) => {
  const module = (await import(`./${language}/index.ts`)) as Record<string, Catalogue>;
  const catalogue = Object.values(module)[0]!;
  const read = readCatalogue(writeCatalogue(catalogue));
  expect(read).toEqual({ ok: true, value: catalogue });
});

test('a sentence of two lines stops the build, by name', () => {
  expect(() => writeCatalogue({ ...en, 'app.name': 'Tsuna\ngaru' })).toThrow('app.name');
});

describe('loading', () => {
  test('gives the sentences under their names', async () => {
    const loaded = await loadCatalogue('en', undefined, answering(writeCatalogue({ ...en, 'app.name': 'つながる' })));
    expect(loaded.ok && loaded.value['app.name']).toBe('つながる');
    expect(loaded.ok && loaded.value['popup.check']).toBe(en['popup.check']);
  });

  test.each([
    ['a line is missing', () => answering(writeCatalogue(en).replace('\n', ' ')), /^\d+ instead of \d+$/],
    ['the file is not there', () => answering('', 404), /^status 404$/],
    ['the file cannot be read', () => Promise.reject<Response>(new TypeError('Failed to fetch')), /^Failed to fetch$/],
  ])('says so where %s, and speaks no sentence under another’s name', async (_words, answer, reason) => {
    const loaded = await loadCatalogue('en', undefined, answer());
    expect(loaded).toMatchObject({ ok: false, error: { at: 'i18n/en.txt', reason: expect.stringMatching(reason) as string } });
  });
});
