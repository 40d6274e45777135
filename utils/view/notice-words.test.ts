import { describe, expect, test } from 'vitest';
import type { Notice } from '../core/notice.ts';
import { LANGUAGES } from '../core/settings.ts';
import { en } from '../i18n/en/index.ts';
import { translator } from '../i18n/translate.ts';
import { noticeWords, pageNoticeWords } from './notice-words.ts';
import { NOW, SNAPSHOTS, type SnapshotName } from './examples.ts';

const t = translator(en, 'en');
const HOUR = 3_600_000;
const notice = (kind: Notice['kind'], more: Partial<Notice> = {}): Notice => ({
  id: `i:${kind}`, kind, dueAt: NOW, incident: 'i', incidentKind: 'down', cause: 'storage', causeP: 0.46, startedAt: NOW - 2 * HOUR, endedAt: NOW - HOUR, seenMs: HOUR / 2, ...more,
});

describe('what a notification says', () => {
  test.each<[Notice['kind'], Partial<Notice>, title: string, said: RegExp]>([
    ['outage', {}, 'The iTunes Store can’t be reached', /your connection is fine. Since .*Suspected: Storage/],
    ['outage', { incidentKind: 'degraded', cause: 'undisclosed' }, 'Part of the iTunes Store is failing', /The cause can’t be told from outside/],
    ['recovery', {}, 'The iTunes Store is back', /^It was down for 1 hr/],
    ['recovery', { incidentKind: 'degraded' }, 'The iTunes Store is back', /^It was disturbed for 1 hr/],
    ['relapse', {}, 'The iTunes Store is failing again', /has come back. Suspected: Storage/],
    ['cause', {}, 'The suspected cause has changed', /Now most likely: Storage/],
    ['reminder', {}, 'The iTunes Store is still failing', /^For /],
    ['summary', {}, 'While you were away', /30 min of 1 hr were seen/],
    ['summary', { also: 1 }, 'While you were away', /One more outage came and went\.$/],
    ['recovery', { also: 3 }, 'The iTunes Store is back', /3 more outages came and went\.$/],
  ])('%s %o', (kind, more, title, said) => {
    const words = noticeWords(notice(kind, more), t, NOW, null);
    expect(words).toMatchObject({ id: `i:${kind}`, title, buttons: ['Details'] });
    expect(words.message).toMatch(said);
    expect(JSON.stringify(words)).not.toMatch(/\{\w+\}|undefined|NaN/);
  });

  test.each<[Notice['kind'], buttons: string[]]>([
    ['recovery', ['Open 雨', 'Details']], ['summary', ['Open 雨', 'Details']], ['outage', ['Details']], ['reminder', ['Details']],
  ])('%s with a kept song', (kind, buttons) => {
    const words = noticeWords(notice(kind), t, NOW, '雨');
    expect(words.buttons).toEqual(buttons);
    expect(words.message.includes('“雨” is waiting for you.')).toBe(buttons.length === 2);
  });

  test('every language says how many more there were', async () => {
    for (const language of LANGUAGES) {
      const module = (await import(`../i18n/${language}/index.ts`)) as Record<string, typeof en>;
      const catalogue = Object.values(module).find((one) => typeof one === 'object' && 'app.name' in one)!;
      expect(noticeWords(notice('summary', { also: 7 }), translator(catalogue, language), NOW, null).message, language).toContain('7');
    }
  });
});

test.each<[SnapshotName, title: string | null]>([
  ['down', 'The page didn’t load because of the store'],
  ['degraded', 'The page didn’t load because of the store'],
  ['maintenance', 'The page didn’t load because of the store'],
  ['offline', 'It’s your connection, not the store'],
  ['captive-portal', 'It’s your connection, not the store'],
  ['up', null], ['suspect', null], ['blind', null], ['unknown', null],
])('a page that did not load, while it is %s', (name, title) => {
  expect(pageNoticeWords(SNAPSHOTS[name], t, NOW)?.title ?? null).toBe(title);
});
