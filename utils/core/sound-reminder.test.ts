import { expect, test } from 'vitest';
import { readReminder } from './sound-reminder.ts';

const song = { id: 'jp:song:1440933460', kind: 'song', title: 'つながる', artist: 'A', artwork: 'https://is1-ssl.mzstatic.com/image/a.jpg', url: 'https://music.apple.com/jp/song/1440933460', addedAt: 5 };

test('a song is read; what nobody asked for is left behind, signs that hide or turn are taken out', () => {
  expect(readReminder(song)).toEqual({ ok: true, value: song });
  expect(readReminder({ ...song, more: 1 })).toEqual({ ok: true, value: song });
  expect(readReminder({ ...song, title: 'a\u202Eb\u200B ' })).toMatchObject({ ok: true, value: { title: 'ab' } });
  expect(readReminder({ ...song, artist: null, artwork: null })).toMatchObject({ ok: true, value: { artist: null, artwork: null } });
});

test.each<[at: string, given: unknown, reason: RegExp]>([
  ['reminder', null, /./],
  ['reminder', 'song', /./],
  ['reminder.id', { ...song, id: '../x' }, /./],
  ['reminder.id', { ...song, id: `jp:song:${'1'.repeat(81)}` }, /./],
  ['reminder.kind', { ...song, kind: 'film' }, /./],
  ['reminder.title', { ...song, title: '' }, /./],
  ['reminder.title', { ...song, title: '\u200B' }, /./],
  ['reminder.title', { ...song, title: 'x'.repeat(301) }, /./],
  ['reminder.artist', { ...song, artist: 5 }, /./],
  ['reminder.artwork', { ...song, artwork: 'https://mzstatic.com.evil.example/a.jpg' }, /not a picture of the store/],
  ['reminder.artwork', { ...song, artwork: 'http://is1-ssl.mzstatic.com/a.jpg' }, /not a picture of the store/],
  ['reminder.url', { ...song, url: 'https://music.apple.com.evil.example/' }, /not a page of the store/],
  ['reminder.url', { ...song, url: 'javascript:alert(1)//https://music.apple.com/' }, /not a page of the store/],
  ['reminder.url', { ...song, url: `https://music.apple.com/${'x'.repeat(600)}` }, /./],
  ['reminder.addedAt', { ...song, addedAt: -1 }, /./],
])('refused at %s', (at, given, reason) => {
  expect(readReminder(given)).toMatchObject({ ok: false, error: { at, reason: expect.stringMatching(reason) as string } });
});
