import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { fuzz, parsers } from './soak/fuzz.ts';

const PARSERS = await parsers();
const UTILS = join(import.meta.dirname, '../utils');

/** Functions that look like readers of strangers' words, and why they are none. */
const NOT_READERS: Readonly<Record<string, string>> = {
  readSession: 'hands on', readSettings: 'hands on', readEarly: 'hands on', readBanner: 'reads what the background wrote', storedAll: 'hands on', wordsOf: 'of an exception',
  isObject: 'asks one question', readOfficial: 'fetches; its parsers are tried', loadCatalogue: 'our own file', readSentences: 'our own file', readLocal: 'hands on', onWritten: 'hands on', writeSession: 'writes', closeIncident: 'writes', exampleStored: 'an example',
};

test('whatever reads words of others is tried', () => {
  const files = readdirSync(UTILS, { recursive: true, encoding: 'utf8' }).filter((name) => /\.tsx?$/.test(name) && !/\.test\.|^i18n\/[a-zA-Z-]+\//.test(name));
  const readers = files.flatMap((name) => {
    const text = readFileSync(join(UTILS, name), 'utf8');
    return Array.from(text.matchAll(/export (?:async )?function (\w+)\(([^\n]*)/g), ([, reader, rest]) => ({ reader: reader!, rest: rest! }))
      .filter(({ reader, rest }) => /^(?:decode|parse|read|import|load|sound|identify|plain)/.test(reader) || /\bunknown\b/.test(rest));
  }).map(({ reader }) => reader);
  const tried = new Set(PARSERS.flatMap((parser) => parser.of));
  expect(readers.filter((reader) => !tried.has(reader) && !(reader in NOT_READERS))).toEqual([]);
  expect(Object.keys(NOT_READERS).filter((reader) => tried.has(reader))).toEqual([]);
});

// `npm run soak` tries a hundred thousand each.
test.each(PARSERS.map((parser) => [parser.name, parser] as const))('%s: no input breaks a promise', async (_, parser) => {
  const { violations, taken, cases } = await fuzz(parser, 'unit', 300);
  expect(violations).toEqual([]);
  // Inputs that are all refused, or all taken, would prove nothing.
  expect(taken).toBeGreaterThan(0);
  expect(taken).toBeLessThan(cases);
});
