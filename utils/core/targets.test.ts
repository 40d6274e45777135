import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { STORE_ROLES, type Role } from './role.ts';
import { CHARTS_STALE_AFTER_MS, TARGETS, describeTargets, hostOf, isHome, originPattern, PAGE_HOSTS, roleOfHost } from './targets.ts';
import type { Received } from './target.ts';

const targetById = (id: string) => TARGETS.find((target) => target.id === id);
const targetsOf = (role: Role) => TARGETS.filter((target) => target.role === role);
const NOW = Date.parse('2026-11-23T06:00:00Z');
const CONTEXT = { country: 'jp', nonce: 'n1' };

function receive(id: string, part: Partial<Received>): string {
  const target = targetById(id);
  if (target === undefined) throw new Error(`no target ${id}`);
  const text = part.text ?? '';
  const result = target.judge({
    status: 200,
    headers: {},
    url: target.url(CONTEXT),
    bytes: new TextEncoder().encode(text).length,
    cut: false,
    now: NOW,
    ...part,
    text,
  });
  if (result.kind === 'ok') return 'ok';
  if (result.kind === 'discarded') return `discarded ${result.because}`;
  return `${result.phase}: ${result.failure}${result.raw ? ` (${result.raw})` : ''}`;
}

const STORE_PAGE = '<!DOCTYPE html><html><head><script type="module" src="/assets/index~abc.js"></script></head>';
const LOOKUP = '\n\n\n{"resultCount":2,"results":[{"wrapperType":"collection"},{"wrapperType":"track"}]}\n';
const charts = (updated: string, results: unknown[] = [{ name: 'a' }]) => JSON.stringify({ feed: { updated, results } });
const SUCCESS = '<HTML><HEAD><TITLE>Success</TITLE></HEAD><BODY>Success</BODY></HTML>';
const JPEG = '\ufffd\ufffd\ufffd\ufffd\u0000\u0010JFIF';
const image = { 'content-type': 'image/jpeg' };
const html = { 'content-type': 'text/html' };
const m4a = { 'content-type': 'audio/x-m4a' };

// What came, and what must be said of it.
test.each<[string, Partial<Received>, string]>([
  ['storefront', { text: STORE_PAGE }, 'ok'],
  ['storefront', { text: STORE_PAGE, cut: true }, 'ok'],
  ['storefront', { text: STORE_PAGE, url: 'https://music.apple.com/jp/new' }, 'ok'],
  ['storefront', { text: '' }, 'content: content.unexpected'],
  ['storefront', { text: '<html><title>Apple</title></html>' }, 'content: content.unexpected'],
  ['storefront', { text: "<html><title>We'll be back.</title></html>" }, 'content: content.maintenance'],
  ['storefront', { status: 503, text: '<html><title>メンテナンス中</title></html>' }, 'content: content.maintenance'],
  ['storefront', { status: 503, text: '<html><title>503 Service Unavailable</title></html>' }, 'http: http.503'],
  ['storefront', { status: 500, text: 'under maintenance' }, 'http: http.500'],
  ['storefront', { status: 404 }, 'http: http.404'],
  ['storefront', { status: 301 }, 'http: http.301'],
  ['storefront', { text: STORE_PAGE, url: 'http://login.hotel.example/?to=music.apple.com' }, 'http: redirect.foreign'],
  ['storefront', { text: STORE_PAGE, url: 'https://music.apple.com.evil.example/' }, 'http: redirect.foreign'],
  ['storefront', { status: 511 }, 'http: redirect.foreign'],
  ['catalog', { text: LOOKUP }, 'ok'],
  ['catalog', { text: '\n\n\n{"resultCount":0,"results":[]}' }, 'content: content.unexpected'],
  ['catalog', { text: '{"errorMessage":"Internal error"}' }, 'content: content.unexpected'],
  ['catalog', { text: LOOKUP, cut: true }, 'content: content.unexpected'],
  ['catalog', { text: '{"resultCount":"2","results":[{}]}' }, 'content: content.unexpected'],
  ['catalog', { text: '{"resultCount":0,"results":[{}]}' }, 'content: content.unexpected'],
  ['catalog', { text: '{"resultCount":2,"results":[]}' }, 'content: content.unexpected'],
  ['catalog', { text: '{"resultCount":2,"results":{"length":2}}' }, 'content: content.unexpected'],
  ['catalog', { text: 'null' }, 'content: content.unexpected'],
  ['catalog', { text: '"resultCount"' }, 'content: content.unexpected'],
  ['catalog', { status: 500, text: LOOKUP }, 'http: http.500'],
  ['catalog', { text: LOOKUP, url: 'no address' }, 'http: redirect.foreign'],
  ['charts', { text: 'null' }, 'content: content.unexpected'],
  ['charts', { text: '{"feed":null}' }, 'content: content.unexpected'],
  ['charts', { text: '{"feed":5}' }, 'content: content.unexpected'],
  ['charts', { text: JSON.stringify({ feed: { results: [{}], updated: 0 } }) }, 'ok'],
  ['artwork', { text: JPEG }, 'content: content.unexpected'],
  ['artwork', { text: '', headers: image }, 'content: content.unexpected'],
  ['account', { text: 'null' }, 'content: content.unexpected'],
  ['account', { text: '{"keys":[{"kty":"RSA"},{"alg":"x"}]}' }, 'content: content.unexpected'],
  ['account', { text: '{"keys":[{"kty":"RSA"},"kty"]}' }, 'content: content.unexpected'],
  ['account', { text: '{"keys":[{"kty":"RSA"},null]}' }, 'content: content.unexpected'],
  ['purchase', { text: 'null' }, 'content: content.unexpected'],
  ['purchase', { text: '{"status":"0"}' }, 'content: content.unexpected'],
  ['purchase', { text: '{"status":21099}' }, 'ok'],
  ['purchase', { text: '{"status":21100}' }, 'content: content.unexpected (status 21100)'],
  ['purchase', { text: '{"status":21199}' }, 'content: content.unexpected (status 21199)'],
  ['purchase', { text: '{"status":21200}' }, 'ok'],
  ['neighbour', { text: `  ${SUCCESS}\n` }, 'ok'],
  ['catalog', { text: '<html><title>An error occurred</title></html>' }, 'content: content.unexpected'],
  ['catalog', { text: LOOKUP.slice(0, 40) }, 'content: content.unexpected'],
  ['catalog', { status: 403 }, 'discarded rate-limited'],
  ['catalog', { status: 403, text: '<TITLE>Access Denied</TITLE>' }, 'http: http.403'],
  ['catalog', { status: 429, text: 'slow down' }, 'discarded rate-limited'],
  ['catalog', { status: 401 }, 'http: http.401'],
  ['catalog', { status: 502 }, 'http: http.502'],
  ['directory', { text: '<plist><dict><key>urlBag</key><dict>', cut: true }, 'ok'],
  ['directory', { text: '<plist><dict><key>failureType</key></dict></plist>' }, 'content: content.unexpected'],
  ['charts', { text: charts('Mon, 23 Nov 2026 00:00:00 +0000') }, 'ok'],
  ['charts', { text: charts('Sat, 14 Nov 2026 00:00:00 +0000') }, 'content: content.stale'],
  ['charts', { text: charts('Mon, 23 Nov 2026 00:00:00 +0000', []) }, 'content: content.unexpected'],
  ['charts', { text: charts('someday') }, 'ok'],
  // The user's clock runs a year ahead; the server's does not.
  ['charts', { text: charts('Mon, 23 Nov 2026 00:00:00 +0000'), now: NOW + 365 * 86_400_000, headers: { date: 'Mon, 23 Nov 2026 06:00:00 GMT' } }, 'ok'],
  ['charts', { text: '[]' }, 'content: content.unexpected'],
  ['artwork', { text: JPEG, headers: image }, 'ok'],
  ['artwork', { text: '', headers: image }, 'content: content.unexpected'],
  ['artwork', { text: '<html>', headers: html }, 'content: content.unexpected'],
  ['audio', { status: 206, text: '\0\0', headers: m4a }, 'ok'],
  ['audio', { status: 200, text: '\0'.repeat(1024), cut: true, headers: m4a }, 'ok'],
  ['audio', { status: 200, text: '<html>', headers: html }, 'content: content.unexpected'],
  ['audio', { status: 206, text: '' }, 'content: content.unexpected'],
  ['account', { text: '{"keys":[{"kty":"RSA","kid":"a"}]}' }, 'ok'],
  ['account', { text: '{"keys":[]}' }, 'content: content.unexpected'],
  ['account', { text: '{"keys":[null]}' }, 'content: content.unexpected'],
  ['account', { status: 401 }, 'http: http.401'],
  ['purchase', { text: '{"status":21000}' }, 'ok'],
  ['purchase', { text: '{"status":21002,"exception":"x"}' }, 'ok'],
  ['purchase', { text: '{"status":21005}' }, 'content: content.unexpected (status 21005)'],
  ['purchase', { text: '{"status":21009}' }, 'content: content.unexpected (status 21009)'],
  ['purchase', { text: '{"status":21150}' }, 'content: content.unexpected (status 21150)'],
  ['purchase', { text: '{"status":"21000"}' }, 'content: content.unexpected'],
  ['purchase', { status: 405 }, 'ok'],
  ['purchase', { status: 401 }, 'http: http.401'],
  ['neighbour', { text: SUCCESS }, 'ok'],
  ['neighbour', { text: `${SUCCESS}\n` }, 'ok'],
  ['neighbour', { text: '<html>Welcome to the hotel</html>' }, 'content: content.unexpected'],
  ['control-google', { status: 204 }, 'ok'],
  ['control-google', { status: 200, text: 'hello' }, 'content: content.unexpected'],
  ['control-google', { status: 204, url: 'http://login.hotel.example/' }, 'http: redirect.foreign'],
  ['control-cloudflare', { text: 'fl=1\nh=1.1.1.1\ncolo=NRT\nloc=JP\n' }, 'ok'],
  ['control-cloudflare', { text: '<html>router</html>' }, 'content: content.unexpected'],
  ['control-mozilla', { text: 'success\n' }, 'ok'],
  ['control-mozilla', { text: '<html>Welcome</html>' }, 'http: redirect.foreign'],
  ['control-microsoft', { text: 'Microsoft Connect Test' }, 'ok'],
  ['control-microsoft', { text: 'Please sign in' }, 'http: redirect.foreign'],
])('%s: %o → %s', (id, part, expected) => {
  expect(receive(id, part)).toBe(expected);
});

test('charts: exactly three days is not yet stale', () => {
  const updated = new Date(NOW - CHARTS_STALE_AFTER_MS).toUTCString();
  expect(receive('charts', { text: charts(updated) })).toBe('ok');
  expect(receive('charts', { text: charts(updated), now: NOW + 1000 })).toBe('content: content.stale');
});

describe('the table', () => {
  test('has every store role, a neighbour and controls of at least three vendors, ids unique', () => {
    for (const role of STORE_ROLES) expect(targetsOf(role)).toHaveLength(1);
    expect(targetsOf('neighbour')).toHaveLength(1);
    expect(new Set(targetsOf('controls').map((target) => target.host)).size).toBeGreaterThanOrEqual(3);
    expect(new Set(TARGETS.map((target) => target.id)).size).toBe(TARGETS.length);
  });
  test.each(TARGETS.map((target) => [target.id, target] as const))('%s asks its own host, and its role is that of the host', (_id, target) => {
    const url = target.url(CONTEXT);
    expect(hostOf(url)).toBe(target.host);
    expect(isHome(target, url)).toBe(true);
    expect(isHome(target, 'http://login.hotel.example/')).toBe(false);
    expect(originPattern(target)).toMatch(/^https?:\/\/[\w.-]+\/\*$/);
    expect(roleOfHost(target.host)).toBe(target.role === 'neighbour' || target.role === 'controls' ? null : target.role);
  });
  test('only the checks for captive portals go without TLS', () => {
    expect(TARGETS.filter((target) => target.url(CONTEXT).startsWith('http:')).map((target) => target.id)).toEqual(['control-mozilla', 'control-microsoft']);
  });
  test('describes itself for the terminal', () => {
    const rows = describeTargets(CONTEXT);
    expect(rows.map((row) => row.id)).toEqual(TARGETS.map((target) => target.id));
    expect(rows.every((row) => row.healthy.length > 0 && row.basis.length > 0)).toBe(true);
  });
});

test.each([
  ['amp-api.music.apple.com', 'catalog'],
  ['amp-api-edge.music.apple.com', 'catalog'],
  ['api.music.apple.com', 'catalog'],
  ['itunes.apple.com', 'catalog'],
  ['is5-ssl.mzstatic.com', 'artwork'],
  ['s.mzstatic.com', 'storefront'],
  ['aod-ssl.itunes.apple.com', 'audio'],
  ['mvod.itunes.apple.com', 'audio'],
  ['play.music.apple.com', 'audio'],
  ['idmsa.apple.com', 'account'],
  ['auth.itunes.apple.com', 'account'],
  ['p42-buy.itunes.apple.com', 'purchase'],
  ['buy.music.apple.com', 'purchase'],
  ['bag.itunes.apple.com', 'directory'],
  ['rss.applemarketingtools.com', 'charts'],
  ['BETA.music.apple.com', 'storefront'],
  ['www.apple.com', null],
  ['music.apple.com.evil.example', null],
  ['evilmusic.apple.com', null],
  ['', null],
])('roleOfHost(%s) = %s', (host, role) => {
  expect(roleOfHost(host)).toBe(role);
});

test('every page host stands for a part of the store; the embedded player is no page', () => {
  for (const host of PAGE_HOSTS) expect(roleOfHost(host)).not.toBeNull();
  expect(PAGE_HOSTS).not.toContain('embed.music.apple.com');
});

const RECORDED = new URL('../../../shared/fixtures/', import.meta.url);
describe.skipIf(!existsSync(RECORDED))('recorded answers (../shared/fixtures, skipped where absent)', () => {
  test.each(['1441458047', '1728639278', '255636575'])('look-up of album %s is healthy', (album) => {
    expect(receive('catalog', { text: readFileSync(new URL(`itunes-lookup-album-${album}.json`, RECORDED), 'utf8') })).toBe('ok');
  });
  test('charts of 2024 were healthy then and are stale now', () => {
    const text = readFileSync(new URL('rss-most-played-albums-us-2024-10-28.json', RECORDED), 'utf8');
    expect(receive('charts', { text, now: Date.parse('2024-10-28T12:00:00Z') })).toBe('ok');
    expect(receive('charts', { text })).toBe('content: content.stale');
  });
  test('trace and captive page', () => {
    expect(receive('control-cloudflare', { text: readFileSync(new URL('cloudflare-cdn-cgi-trace-2026-03.txt', RECORDED), 'utf8') })).toBe('ok');
    expect(receive('neighbour', { text: readFileSync(new URL('captive.apple.com-hotspot-detect.html', RECORDED), 'utf8') })).toBe('ok');
  });
});

test('a page is read no further than what settles it', () => {
  const settled = (id: string, text: string): boolean | undefined => targetById(id)!.enough?.(text);
  expect(settled('storefront', STORE_PAGE)).toBe(true);
  expect(settled('storefront', '<html>')).toBe(false);
  expect(settled('directory', '<key>urlBag</key>')).toBe(true);
  expect(settled('directory', '<key>')).toBe(false);
});

test('an address that is none has no host, and lies with nobody', () => {
  expect(hostOf('https://Music.Apple.com/jp')).toBe('music.apple.com');
  expect(hostOf('no address')).toBe('');
  expect(isHome(targetById('storefront')!, 'no address')).toBe(false);
});
