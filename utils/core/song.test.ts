import fc from 'fast-check';
import { expect, test } from 'vitest';
import { placeOf, plainText, readTitle, songOf } from './song.ts';

const M = 'https://music.apple.com';

test.each<[string, id: string, url: string]>([
  [`${M}/jp/album/lemon/1352845788?i=1352845798`, 'jp:song:1352845798', `${M}/jp/album/lemon/1352845788?i=1352845798`],
  [`${M}/jp/album/stray-sheep/1526443567`, 'jp:album:1526443567', `${M}/jp/album/stray-sheep/1526443567`],
  [`${M}/jp/album/1526443567`, 'jp:album:1526443567', `${M}/jp/album/1526443567`],
  [`${M}/us/song/lemon/1352845798`, 'us:song:1352845798', `${M}/us/song/lemon/1352845798`],
  [`${M}/song/1352845798`, 'us:song:1352845798', `${M}/song/1352845798`],
  [`${M}/album/hello/1544491232`, 'us:album:1544491232', `${M}/album/hello/1544491232`],
  [`${M}/jp/album/%E9%9B%A8%E3%81%82%E3%81%8C%E3%82%8A/1600000001?l=ja&at=11l&ct=x#top`, 'jp:album:1600000001', `${M}/jp/album/%E9%9B%A8%E3%81%82%E3%81%8C%E3%82%8A/1600000001`],
  [`${M}/gb/artist/adele/262836961`, 'gb:artist:262836961', `${M}/gb/artist/adele/262836961`],
  [`${M}/us/playlist/todays-hits/pl.f4d106fed2bd41149aaacabb233eb5eb`, 'us:playlist:pl.f4d106fed2bd41149aaacabb233eb5eb', `${M}/us/playlist/todays-hits/pl.f4d106fed2bd41149aaacabb233eb5eb`],
  [`${M}/jp/playlist/pl.u-XkD0vZ9tYqv1`, 'jp:playlist:pl.u-XkD0vZ9tYqv1', `${M}/jp/playlist/pl.u-XkD0vZ9tYqv1`],
  [`${M}/us/music-video/hello/1445046425`, 'us:music-video:1445046425', `${M}/us/music-video/hello/1445046425`],
  [`${M}/us/station/apple-music-1/ra.978194965`, 'us:station:ra.978194965', `${M}/us/station/apple-music-1/ra.978194965`],
  [`https://classical.music.apple.com/us/album/1452150567`, 'us:album:1452150567', 'https://classical.music.apple.com/us/album/1452150567'],
  [`https://beta.music.apple.com/de/album/x/1?i=2`, 'de:song:2', 'https://beta.music.apple.com/de/album/x/1?i=2'],
  [`https://geo.music.apple.com/jp/album/lemon/1352845788?i=1352845798&itsct=x&itscg=30200&ls=1&app=music`, 'jp:song:1352845798', `${M}/jp/album/lemon/1352845788?i=1352845798`],
  [`https://itunes.apple.com/jp/album/stray-sheep/id1526443567?mt=1&app=itunes&uo=4`, 'jp:album:1526443567', 'https://itunes.apple.com/jp/album/stray-sheep/id1526443567'],
  [`https://itunes.apple.com/jp/album/id1526443567?i=1526443580`, 'jp:song:1526443580', 'https://itunes.apple.com/jp/album/id1526443567?i=1526443580'],
  [`https://geo.itunes.apple.com/us/artist/id262836961`, 'us:artist:262836961', 'https://itunes.apple.com/us/artist/id262836961'],
  [`${M}/jp/album/lemon/1352845788?i=javascript:alert(1)`, 'jp:album:1352845788', `${M}/jp/album/lemon/1352845788`],
])('%s', (address, id, url) => {
  expect(songOf(address, {}, 5)).toMatchObject({ id, url, addedAt: 5 });
});

test.each([
  `${M}/`, `${M}/jp/new`, `${M}/jp/browse`, `${M}/jp/search?term=lemon`, `${M}/library/albums/l.abc`, `${M}/jp/curator/x/1`, `${M}/jp/album/lemon/`, `${M}/jp/album/lemon/abc`,
  `${M}/jp/playlist/x/123`, 'http://music.apple.com/jp/album/x/1', 'https://embed.music.apple.com/jp/album/x/1', 'https://music.apple.com.evil.example/jp/album/x/1', 'https://evilmusic.apple.com/jp/album/x/1',
  'https://apps.apple.com/jp/app/x/id1', 'javascript:alert(1)', 'about:neterror', '', `${M}/jp/album/x/${'1'.repeat(3_000)}`, `${M}/JP/album/x/1/2`, `${M}/jp/podcast/x/id1`,
])('%s is no song', (address) => {
  expect(songOf(address, { title: 'Lemon - Song by Kenshi Yonezu - Apple Music' }, 0)).toBeNull();
});

test.each<[string, string, string | null]>([
  ['‎Lemon - Song by Kenshi Yonezu - Apple Music', 'Lemon', 'Kenshi Yonezu'],
  ['‎Lemon – Song by Kenshi Yonezu – Apple Music', 'Lemon', 'Kenshi Yonezu'],
  ['‎STRAY SHEEP - Album by Kenshi Yonezu - Apple Music', 'STRAY SHEEP', 'Kenshi Yonezu'],
  ['Lemon - Single - Album by Kenshi Yonezu - Apple Music', 'Lemon - Single', 'Kenshi Yonezu'],
  ['Stand by Me by Ben E. King on Apple Music', 'Stand by Me', 'Ben E. King'],
  ['Lemon by Kenshi Yonezu on Apple Music', 'Lemon', 'Kenshi Yonezu'],
  ['Hotaru Nakagawa on Apple Music', 'Hotaru Nakagawa', null],
  ['‎Apple Musicで米津玄師の「Lemon」を聴く', 'Lemon', '米津玄師'],
  ['米津玄師の「STRAY SHEEP」をApple Musicで', 'STRAY SHEEP', '米津玄師'],
  ['『世界に一つだけの花』をApple Musicで', '世界に一つだけの花', null],
  ['雨あがり - 小川ゆきの曲 - Apple Music', '雨あがり', '小川ゆき'],
  ['„Lemon“ von Kenshi Yonezu bei Apple Music', 'Lemon', 'Kenshi Yonezu'],
  ['Lemon par Kenshi Yonezu sur Apple Music', 'Lemon', 'Kenshi Yonezu'],
  ['Lemon de Kenshi Yonezu en Apple Music', 'Lemon', 'Kenshi Yonezu'],
  ['Lemon de Kenshi Yonezu no Apple Music', 'Lemon', 'Kenshi Yonezu'],
  ['Lemon di Kenshi Yonezu su Apple Music', 'Lemon', 'Kenshi Yonezu'],
  ['Apple Music에서 감상하는 아이유의 밤편지', '밤편지', '아이유'],
  ['在 Apple Music 上收聽周杰倫的《晴天》', '晴天', '周杰倫'],
  ['Platform Four - Apple Music', 'Platform Four', null],
  ['Platform Four', 'Platform Four', null],
  ['Error - Song by Madeon - Apple Music', 'Error', 'Madeon'],
])('the title %s', (given, title, artist) => {
  expect(readTitle(given)).toEqual({ title, artist });
});

test.each(['', ' ', '‎Apple Music', '503 Service Unavailable', 'Service Unavailable', '502 Bad Gateway', 'Access Denied', 'Apple Music - Web Player', null, undefined])('%s names no song', (given) => {

  expect(readTitle(given)).toBeNull();
});

test('a page that failed to load is named by its address', () => {
  expect(songOf(`${M}/jp/album/stray-sheep/1526443567`, { title: '503 Service Unavailable' }, 0)).toMatchObject({ title: 'Stray sheep', artist: null });
  expect(songOf(`${M}/jp/album/%E9%9B%A8%E3%81%82%E3%81%8C%E3%82%8A/1`, {}, 0)).toMatchObject({ title: '雨あがり' });
  expect(songOf(`${M}/jp/album/%E9%9B/1`, {}, 0)).toMatchObject({ title: '%E9%9B' });
  expect(songOf(`${M}/jp/album/1526443567`, {}, 0)).toMatchObject({ title: '1526443567' });
});

test('what a page says of another page is not believed', () => {
  const og = { ogTitle: 'Old by Somebody on Apple Music', ogUrl: `${M}/jp/album/old/1`, ogImage: 'https://is1-ssl.mzstatic.com/image/old.jpg' };
  expect(songOf(`${M}/jp/album/new/2`, { title: 'New - Album by Else - Apple Music', ...og }, 0)).toMatchObject({ title: 'New', artist: 'Else', artwork: null });
  expect(songOf(`${M}/jp/album/old/1`, { title: 'Old', ...og }, 0)).toMatchObject({ title: 'Old', artist: 'Somebody', artwork: og.ogImage });
});

test.each([
  ['https://is1-ssl.mzstatic.com/image/a.jpg', true], ['http://is1-ssl.mzstatic.com/a.jpg', false], ['https://evilmzstatic.com/a.jpg', false], ['https://a.b.mzstatic.com/a.jpg', false],
  ['javascript:alert(1)', false], [`https://is1-ssl.mzstatic.com/${'a'.repeat(700)}`, false],
])('artwork %s: %s', (ogImage, kept) => {
  expect(songOf(`${M}/jp/album/x/1`, { ogImage }, 0)?.artwork).toBe(kept ? ogImage : null);
});

test('text is plain: no direction, no control characters, no end without', () => {
  expect(plainText('‮evil\u0007\n<b>x</b>​﻿ ')).toBe('evil <b>x</b>');
  fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 2_000 }), (given) => {
    const text = plainText(given);
    expect([...text].length).toBeLessThanOrEqual(200);
    expect(text).not.toMatch(/(?![\u200c\u200d])[\p{Cc}\p{Cf}]/u);
  }), { numRuns: 200 });
});

test('no address and no metadata make it throw or keep what is not the store’s', () => {
  fc.assert(fc.property(fc.oneof(fc.webUrl(), fc.string().map((tail) => `${M}/jp/album/${tail}`)), fc.string(), (address, title) => {
    const song = songOf(address, { title, ogTitle: title, ogUrl: address, ogImage: title }, 0);
    if (song !== null) {
      expect(song.url).toMatch(/^https:\/\/(?:(?:beta|classical)\.)?music\.apple\.com\/|^https:\/\/itunes\.apple\.com\//);
      expect(song.title).not.toBe('');
      expect(placeOf(song.url)).not.toBeNull();
    }
  }), { numRuns: 200 });
});

test('an address is never cut short: one that is too long is none', () => {
  const near = `https://music.apple.com/jp/album/${'x'.repeat(470)}/1526443567`;
  expect(placeOf(near)?.url).toBe(near);
  expect(placeOf(near.replace('/xx', `/${'x'.repeat(100)}`))).toBeNull();
});
