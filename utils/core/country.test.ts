import { expect, test } from 'vitest';
import { storefrontCountry } from './country.ts';

const cases: [setting: string, languages: string[], country: string][] = [
  ['auto', ['ja'], 'jp'],
  ['auto', ['ja-JP', 'en-US'], 'jp'],
  ['auto', ['en', 'en-GB'], 'gb'],
  ['auto', ['zh-Hant-TW'], 'tw'],
  ['auto', ['zh-Hans'], 'cn'],
  ['auto', [], 'us'],
  ['fr', ['ja-JP'], 'fr'],
];
test.each(cases)('%s with %j asks %s', (setting, languages, country) => {
  expect(storefrontCountry(setting, languages)).toBe(country);
});
