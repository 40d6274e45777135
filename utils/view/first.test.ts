// @vitest-environment happy-dom
import { afterEach, describe, expect, test } from 'vitest';
import { de } from '../i18n/de/index.ts';
import { translator } from '../i18n/translate.ts';
import { NOW, SNAPSHOTS, type SnapshotName } from './examples.ts';
import { isSnapshot, keepHeight, keepLook, keepWords, keptHeight, keptLanguage, keptTheme, keptWords } from './first.ts';
import { verdictOf } from './verdict.ts';

afterEach(() => localStorage.clear());

describe('what a page keeps for its next opening', () => {
  test('nothing at first', () => {
    expect([keptLanguage(), keptTheme(), keptHeight(), keptWords('1.0')]).toEqual([null, null, 0, null]);
  });

  test('its look, its height and the words of the verdict', () => {
    keepLook('de', 'dark');
    keepHeight(431);
    keepWords('1.0', 'de', 'i18n/de', de);
    expect([keptLanguage(), keptTheme(), keptHeight()]).toEqual(['de', 'dark', 431]);
    expect(keptWords('1.0')).toMatchObject({ language: 'de', file: 'i18n/de' });
    expect(Object.keys(keptWords('1.0')!.sentences).length).toBeLessThan(Object.keys(de).length / 8);
  });

  test('no language that nobody speaks here', () => {
    localStorage.setItem('language', 'tlh');
    expect(keptLanguage()).toBeNull();
  });

  test.each([
    ['of another version', () => keepWords('0.9', 'de', 'i18n/de', de)],
    ['of a language that is spoken no more', () => { keepWords('1.0', 'de', 'i18n/de', de); keepLook('fr', 'auto'); }],
    ['damaged', () => localStorage.setItem('words', '{"version":"1.0"')],
  ])('words %s are none', (_what, spoil) => {
    keepLook('de', 'auto');
    spoil();
    expect(keptWords('1.0')).toBeNull();
  });
});

describe.each(Object.keys(SNAPSHOTS) as SnapshotName[])('%s', (name) => {
  test('the words that are kept are all that the verdict takes', () => {
    keepLook('de', 'auto');
    keepWords('1.0', 'de', 'i18n/de', de);
    const snapshot = SNAPSHOTS[name];
    for (const later of [0, 3_600_000, 86_400_000]) {
      expect(verdictOf(snapshot, translator(keptWords('1.0')!.sentences, 'de'), NOW + later)).toEqual(verdictOf(snapshot, translator(de, 'de'), NOW + later));
    }
    expect(isSnapshot(snapshot)).toBe(true);
  });
});

test.each([null, undefined, 'up', {}, { schema: 2, page: [] }, { schema: 1 }])('%j is no snapshot of this version', (stored) => {
  expect(isSnapshot(stored)).toBe(false);
});

test.each(['page', 'targets', 'problems', 'official', 'strip'])('a snapshot without its “%s” is none of this version', (lost) => {
  expect(isSnapshot({ ...SNAPSHOTS.up, [lost]: undefined })).toBe(false);
});
