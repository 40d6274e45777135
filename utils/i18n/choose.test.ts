import { expect, test } from 'vitest';
import { chooseLanguage } from './choose.ts';

test.each<[Parameters<typeof chooseLanguage>[0], string[], string]>([
  ['ja', ['en-US'], 'ja'],
  ['auto', ['ja'], 'ja'],
  ['auto', ['ja-JP', 'en'], 'ja'],
  ['auto', ['en-GB'], 'en'],
  ['auto', ['nl', 'de-AT'], 'de'],
  ['auto', ['pt-BR'], 'pt'],
  ['auto', ['zh-TW'], 'zh-Hant'],
  ['auto', ['zh-Hant-HK'], 'zh-Hant'],
  ['auto', ['zh-HK'], 'zh-Hant'],
  ['auto', ['zh-CN'], 'zh-Hans'],
  ['auto', ['zh'], 'zh-Hans'],
  ['auto', ['zh-Hans-SG'], 'zh-Hans'],
  ['auto', ['nl'], 'en'],
  ['auto', [], 'en'],
])('setting %s, browser %j → %s', (setting, tags, expected) => {
  expect(chooseLanguage(setting, tags)).toBe(expected);
});
