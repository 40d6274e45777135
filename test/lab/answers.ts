import { RCODE, TYPE } from './dns.ts';
import type { DnsRecord } from './dns.ts';
import type { OfficialEntry } from './plan.ts';

/**
 * Healthy answers of every host, in the shape of recorded ones. All names and ids in them are made up, except where the shape is the content.
 */

export interface LabRequest {
  method: string;
  host: string;
  url: URL;
  headers: Readonly<Record<string, string | string[] | undefined>>;
  secure: boolean;
  remoteAddress: string;
  /** What was sent along, at most 64 kB of it. */
  body?: string;
}

export interface LabAnswer {
  status: number;
  headers: Record<string, string>;
  body: string | Buffer;
}

/** What a handler may know of the moment it answers in. */
export interface LabMoment {
  /** ms since the epoch; an old one when old data is to be served as new. */
  now: number;
  /** The time on the server's clock, also then. */
  realNow: number;
  official: readonly OfficialEntry[] | 'unreachable';
  /** Real time (ms) at which a scenario minute lies. */
  timeOfMinute(minute: number): number;
  /** Share of vantage points elsewhere and in the own country whose plain request fails; null where nothing is known. */
  world: { failShare?: number; ownCountryFailShare?: number } | null;
  /** What a public resolver finds out about a name; `silent`: the servers of that name do not answer it. */
  resolve(name: string, type: number): { rcode: number; records: DnsRecord[]; silent: boolean };
  csp: Readonly<Record<string, string>>;
  random(): number;
}

export type Handler = (request: LabRequest, moment: LabMoment) => LabAnswer;

const HTML = 'text/html; charset=utf-8';
const JSON_TYPE = 'application/json; charset=utf-8';

/** Words of one of three made-up albums. Ids have the length of real ones. */
const ALBUMS = [
  { id: 1441000001, artist: 'Hotaru Nakagawa', artistId: 250000001, name: 'Paper Lanterns', songs: ['Platform Four', 'Last Train Home', 'Paper Lanterns'] },
  { id: 1441000101, artist: 'The Harbour Lights', artistId: 250000002, name: 'Low Tide', songs: ['Breakwater', 'Salt'] },
  { id: 1441000201, artist: '小川ゆき', artistId: 250000003, name: '雨あがり', songs: ['雨あがり', '夜の橋'] },
] as const;

type Album = (typeof ALBUMS)[number];

function findItem(id: number): { album: Album; song: number | null } {
  for (const album of ALBUMS) {
    if (id === album.id) return { album, song: null };
    if (id > album.id && id <= album.id + album.songs.length) return { album, song: id - album.id - 1 };
  }
  // Any other id is answered too: the product may ask for a real item, and a healthy catalogue knows it.
  return { album: { ...ALBUMS[0], id } as unknown as Album, song: null };
}

const ARTWORK = 'https://is1-ssl.mzstatic.com/image/thumb/Music116/v4/0a/1b/2c/0a1b2c3d-0000-4000-8000-000000000001/lab.jpg';
const PREVIEW = 'https://audio-ssl.itunes.apple.com/itunes-assets/AudioPreview116/v4/0a/1b/2c/0a1b2c3d-0000-4000-8000-000000000002/mzaf_1000000000000000001.plus.aac.p.m4a';

const hex = (random: () => number, length: number): string => Array.from({ length }, () => Math.floor(random() * 16).toString(16)).join('');
const base32 = (random: () => number, length: number): string => Array.from({ length }, () => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'[Math.floor(random() * 32)]).join('');

/** Headers of an answer that Akamai passes on from the vendor's application. */
export function throughAkamai(moment: LabMoment, cache: 'HIT' | 'MISS'): Record<string, string> {
  return {
    'x-cache': `TCP_${cache} from a23-209-216-33.deploy.akamaitechnologies.com (AkamaiGHost/22.3.1-${hex(moment.random, 32)}) (-)`,
    'strict-transport-security': 'max-age=31536000',
  };
}

/** Headers of an answer that Fastly passes on. */
export function throughFastly(moment: LabMoment, cache: 'HIT' | 'MISS'): Record<string, string> {
  return {
    'x-cache': cache,
    'x-served-by': 'cache-nrt-rjtf7700061-NRT',
    'x-timer': `S${Math.floor(moment.now / 1000)}.000000,VS0,VE1`,
    via: '1.1 varnish',
    'strict-transport-security': 'max-age=31536000; includeSubDomains',
  };
}

/** Headers that only the vendor's own front proxy and application write. */
export function fromOrigin(moment: LabMoment): Record<string, string> {
  return {
    server: 'daiquiri/5',
    'x-daiquiri-instance': `daiquiri:18493001:mr85p00it-hyhk03154801:7987:26RELEASE153:daiquiri-amp-all-shared-ext-001-mr`,
    'x-apple-jingle-correlation-key': base32(moment.random, 26),
    'x-apple-request-uuid': `${hex(moment.random, 8)}-${hex(moment.random, 4)}-4${hex(moment.random, 3)}-8${hex(moment.random, 3)}-${hex(moment.random, 12)}`,
    'apple-timing-app': `${2 + Math.floor(moment.random() * 30)} ms`,
    'x-apple-application-site': 'MR22',
    'x-responding-instance': 'MZStoreServices:4132007:::',
  };
}

function answer(status: number, type: string | null, body: string | Buffer, headers: Record<string, string> = {}): LabAnswer {
  return { status, headers: { ...(type === null ? {} : { 'content-type': type }), ...headers }, body };
}

function redirect(status: 301 | 302, location: string, headers: Record<string, string> = {}): LabAnswer {
  return answer(status, null, '', { location, ...headers });
}

const ROBOTS = 'User-agent: *\nDisallow: /search\nDisallow: /*/search\n\nSitemap: https://music.apple.com/sitemaps_music_index_album_1.xml\n';

function trackOf(album: Album, index: number, country: string): Record<string, unknown> {
  const id = album.id + index + 1;
  const page = `https://music.apple.com/${country}/album/lab/${album.id}?i=${id}&uo=4`;
  return {
    wrapperType: 'track', kind: 'song', artistId: album.artistId, collectionId: album.id, trackId: id, artistName: album.artist, collectionName: album.name,
    trackName: album.songs[index], trackViewUrl: page, previewUrl: PREVIEW, artworkUrl30: `${ARTWORK}/30x30bb.jpg`, artworkUrl60: `${ARTWORK}/60x60bb.jpg`,
    artworkUrl100: `${ARTWORK}/100x100bb.jpg`, collectionPrice: 1528, trackPrice: 255, releaseDate: '2024-04-10T12:00:00Z', discCount: 1, discNumber: 1,
    trackCount: album.songs.length, trackNumber: index + 1, trackTimeMillis: 214_000 + index * 1000, country: country === 'jp' ? 'JPN' : 'USA',
    currency: country === 'jp' ? 'JPY' : 'USD', primaryGenreName: 'J-Pop', isStreamable: true,
  };
}

function collectionOf(album: Album, country: string): Record<string, unknown> {
  return {
    wrapperType: 'collection', collectionType: 'Album', artistId: album.artistId, collectionId: album.id, artistName: album.artist, collectionName: album.name,
    collectionViewUrl: `https://music.apple.com/${country}/album/lab/${album.id}?uo=4`, artworkUrl60: `${ARTWORK}/60x60bb.jpg`,
    artworkUrl100: `${ARTWORK}/100x100bb.jpg`, collectionPrice: 1528, collectionExplicitness: 'notExplicit', trackCount: album.songs.length,
    country: country === 'jp' ? 'JPN' : 'USA', currency: country === 'jp' ? 'JPY' : 'USD', releaseDate: '2024-04-10T12:00:00Z', primaryGenreName: 'J-Pop',
  };
}

/** Search and look-up answers begin with three empty lines, one result to a line. */
export function catalogBody(results: readonly Record<string, unknown>[]): string {
  return `\n\n\n{\n "resultCount":${results.length},\n "results": [\n${results.map((result) => JSON.stringify(result)).join(', \n')}]\n}\n\n\n`;
}

/** itunes.apple.com: search, look-up, the old charts, and the old pages that lead to the player. */
export const catalog: Handler = (request, moment) => {
  const { url } = request;
  const country = (url.searchParams.get('country') ?? 'us').toLowerCase();
  const limit = Math.max(1, Math.min(200, Number(url.searchParams.get('limit') ?? 50) || 50));
  const application = {
    ...fromOrigin(moment), ...throughAkamai(moment, 'MISS'), 'access-control-allow-origin': '*', 'cache-control': 'max-age=86400',
    'content-disposition': 'attachment; filename=1.txt', vary: 'Accept-Encoding',
  };
  if (url.pathname === '/robots.txt') return answer(200, 'text/plain', ROBOTS, throughAkamai(moment, 'HIT'));
  if (url.pathname === '/') return redirect(request.secure ? 301 : 302, 'https://www.apple.com/itunes/', { ...throughAkamai(moment, 'MISS'), 'access-control-allow-origin': '*' });
  if (url.pathname === '/search') {
    const term = (url.searchParams.get('term') ?? '').toLowerCase();
    const all = ALBUMS.flatMap((album) => album.songs.map((_, index) => trackOf(album, index, country)));
    const hits = all.filter((track) => `${track['trackName']} ${track['artistName']} ${track['collectionName']}`.toLowerCase().includes(term));
    return answer(200, 'text/javascript; charset=utf-8', catalogBody((hits.length > 0 ? hits : all).slice(0, limit)), application);
  }
  if (url.pathname === '/lookup') {
    const { album, song } = findItem(Number(url.searchParams.get('id') ?? 0));
    const results = song !== null
      ? [trackOf(album, song, country)]
      : [collectionOf(album, country), ...(url.searchParams.get('entity') === 'song' ? album.songs.map((_, index) => trackOf(album, index, country)).slice(0, limit) : [])];
    return answer(200, 'text/javascript; charset=utf-8', catalogBody(results), application);
  }
  const chart = /^\/([a-z]{2})\/rss\/[a-z]+\/(?:.*\/)?json$/.exec(url.pathname);
  if (chart !== null) {
    const entry = ALBUMS.map((album) => ({
      'im:name': { label: album.songs[0] }, 'im:image': [{ label: `${ARTWORK}/55x55bb.png`, attributes: { height: '55' } }],
      'im:artist': { label: album.artist }, id: { label: `https://music.apple.com/${chart[1]}/album/lab/${album.id}`, attributes: { 'im:id': String(album.id + 1) } },
    }));
    const feed = { author: { name: { label: 'iTunes Store' } }, entry, updated: { label: new Date(moment.now).toISOString() } };
    return answer(200, JSON_TYPE, JSON.stringify({ feed }), application);
  }
  const page = /^\/([a-z]{2})\/(album|artist|playlist|music-video)\/(?:([^/]+)\/)?(?:id)?([\w.-]+)$/.exec(url.pathname);
  if (page !== null) return redirect(301, `https://music.apple.com/${page[1]}/${page[2]}/${page[3] ?? 'lab'}/${page[4]}${url.search}`, throughAkamai(moment, 'MISS'));
  return answer(404, HTML, '<html><body>Not Found</body></html>', application);
};

/** geo.music.apple.com and geo.itunes.apple.com lead to the storefront of the visitor's country. */
export const geoRedirect: Handler = (request, moment) => {
  const path = request.url.pathname.replace(/^\/[a-z]{2}(?=\/)/, '').replace(/\/id(\d+)$/, '/$1');
  return redirect(302, `https://music.apple.com/jp${path === '/' ? '/new' : path}${request.url.search}`, { ...throughFastly(moment, 'MISS'), 'set-cookie': 'geo=JP; path=/; domain=.apple.com' });
};

const ASSET = '/assets/index~4d1e7a9c02.js';

/** A small single-page player: navigation by history.pushState, a bar at the bottom, title and metadata that follow. */
const APP = `
const main = document.querySelector('main');
function show() {
  const path = location.pathname;
  const name = decodeURIComponent(path.split('/')[3] || 'New');
  main.querySelector('h1').textContent = name;
  document.title = name + ' - Apple Music';
  document.querySelector('meta[property="og:url"]').content = location.href;
}
document.addEventListener('click', (event) => {
  const link = event.target.closest('a[data-route]');
  if (!link) return;
  event.preventDefault();
  history.pushState({}, '', link.href);
  show();
});
addEventListener('popstate', show);
document.querySelector('#play').addEventListener('click', (event) => {
  const playing = event.target.getAttribute('aria-pressed') !== 'true';
  event.target.setAttribute('aria-pressed', String(playing));
});
`;

const STYLE = `
body{margin:0;font:15px/1.4 -apple-system,system-ui,"Noto Sans CJK JP",sans-serif;background:#fff;color:#1d1d1f}
nav{position:fixed;left:0;top:0;bottom:0;width:200px;background:#f5f5f7;padding:20px;box-sizing:border-box}
nav a{display:block;padding:6px 0;color:#1d1d1f;text-decoration:none}
main{margin-left:200px;padding:40px 40px 140px}
.shelf{display:flex;gap:20px}.shelf a{color:inherit;text-decoration:none}
.shelf img{display:block;width:160px;height:160px;background:#e5e5ea;border-radius:8px}
.player{position:fixed;left:0;right:0;bottom:0;height:54px;background:rgba(250,250,250,.94);border-top:1px solid #d2d2d7;z-index:9999;display:flex;align-items:center;justify-content:center;gap:16px}
@media (prefers-color-scheme:dark){body{background:#1f1f1f;color:#f5f5f7}nav{background:#2a2a2a}nav a{color:#f5f5f7}.player{background:rgba(45,45,45,.94);border-color:#444}}
`;

const escape = (text: string): string => text.replace(/[&<>"]/g, (char) => `&#${char.charCodeAt(0)};`);

/** What the real site was seen to send in spirit: its own scripts and inline ones. */
const USUAL_CSP = "default-src 'self' https://*.apple.com https://*.mzstatic.com; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; img-src * data:";
/** The strictest page that still works: nothing inline, nothing from elsewhere, trusted types. */
const STRICT_CSP = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'";

/** music.apple.com and its sisters. `?lab-csp=strict` or the lab's `csp` table chooses another Content-Security-Policy. */
export const musicPage: Handler = (request, moment) => {
  const { url } = request;
  const headers = { ...fromOrigin(moment), ...throughFastly(moment, 'MISS'), 'cache-control': 'max-age=60', vary: 'Accept-Encoding' };
  if (url.pathname === '/robots.txt') return answer(200, 'text/plain', ROBOTS, throughFastly(moment, 'HIT'));
  if (url.pathname === '/') return redirect(301, `https://${request.host}/jp/new`, { ...headers, 'set-cookie': 'geo=JP; path=/; domain=.apple.com' });
  if (url.pathname === ASSET) return answer(200, 'text/javascript; charset=utf-8', APP, { ...throughFastly(moment, 'HIT'), 'cache-control': 'max-age=31536000' });
  if (url.pathname === '/assets/index~4d1e7a9c02.css') return answer(200, 'text/css; charset=utf-8', STYLE, { ...throughFastly(moment, 'HIT'), 'cache-control': 'max-age=31536000' });
  if (url.pathname === '/favicon.ico') return answer(204, null, '');
  const match = /^\/([a-z]{2})\/([a-z-]+)(?:\/([^/]+))?(?:\/([\w.-]+))?$/.exec(url.pathname);
  if (match === null) return answer(404, HTML, '<!DOCTYPE html><title>Not found</title><p>The page you are looking for cannot be found.</p>', headers);
  const [, country = 'us', kind = 'new', slug, id] = match;
  const found = findItem(Number(url.searchParams.get('i') ?? id ?? 0));
  const song = found.song === null ? null : found.album.songs[found.song];
  const isItem = ['album', 'song', 'artist', 'playlist', 'music-video'].includes(kind);
  const what = !isItem ? (kind === 'new' ? 'New' : kind) : kind === 'artist' ? found.album.artist : kind === 'song' || song ? (song ?? decodeURIComponent(slug ?? 'Song')) : found.album.name;
  const title = !isItem ? `${what} - Apple Music` : `${what} by ${found.album.artist} on Apple Music`;
  const policy = url.searchParams.get('lab-csp') === 'strict'
    ? STRICT_CSP
    : (Object.entries(moment.csp).filter(([prefix]) => url.pathname.startsWith(prefix)).sort(([a], [b]) => b.length - a.length)[0]?.[1] ?? USUAL_CSP);
  const links = ALBUMS.map((album) => `<a data-route href="/${country}/album/${encodeURIComponent(album.name)}/${album.id}"><img alt="" src="${ARTWORK}/160x160bb.jpg">${escape(album.name)}<br>${escape(album.artist)}</a>`).join('');
  const body = `<!DOCTYPE html>
<html dir="ltr" lang="${country === 'jp' ? 'ja' : 'en-US'}">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1"><title>${escape(title)}</title>
<meta name="description" content="${escape(title)}"><meta property="og:title" content="${escape(title)}"><meta property="og:type" content="${kind === 'song' || song ? 'music.song' : kind === 'album' ? 'music.album' : 'website'}">
<meta property="og:site_name" content="Apple Music - Web Player"><meta property="og:url" content="${escape(url.href)}"><meta property="og:image" content="${ARTWORK}/1200x630bb.jpg">
<meta name="apple:title" content="${escape(what)}"><meta property="music:musician" content="https://music.apple.com/${country}/artist/lab/${found.album.artistId}">
<link rel="stylesheet" href="/assets/index~4d1e7a9c02.css"><script type="module" crossorigin src="${ASSET}"></script></head>
<body><nav><a data-route href="/${country}/home">Home</a><a data-route href="/${country}/new">New</a><a data-route href="/${country}/radio">Radio</a><a data-route href="/${country}/search">Search</a></nav>
<main><h1>${escape(what)}</h1><div class="shelf">${links}</div>
<ol>${found.album.songs.map((name, index) => `<li><a data-route href="/${country}/song/${encodeURIComponent(name)}/${found.album.id + index + 1}">${escape(name)}</a></li>`).join('')}</ol></main>
<div class="player" role="region" aria-label="Player"><button id="play" aria-pressed="false">▶</button><span>${escape(found.album.artist)}</span></div>
</body></html>
`;
  return answer(200, HTML, body, { ...headers, 'content-security-policy': policy });
};

/** init.itunes.apple.com/bag.xml: the service directory, a property list. */
export const directory: Handler = (request, moment) => {
  const headers = { ...fromOrigin(moment), ...throughAkamai(moment, 'HIT'), 'cache-control': 'max-age=3600' };
  if (!/^\/bag\.xml$/.test(request.url.pathname)) return answer(404, HTML, '<html><body>Not Found</body></html>', headers);
  const urls = Object.entries({
    search: 'https://search.itunes.apple.com/WebObjects/MZSearch.woa/wa/search', lookup: 'https://itunes.apple.com/lookup',
    authenticateAccount: 'https://buy.itunes.apple.com/WebObjects/MZFinance.woa/wa/authenticate', buyProduct: 'https://buy.itunes.apple.com/WebObjects/MZBuy.woa/wa/buyProduct',
    storeFront: 'https://itunes.apple.com/WebObjects/MZStore.woa/wa/storeFront', 'storefront-header-mapping': 'https://itunes.apple.com/storefront',
  });
  const keys = Array.from({ length: 60 }, (_, index) => `<key>lab-service-${index}</key><string>https://itunes.apple.com/WebObjects/lab/${index}</string>`);
  const body = `<?xml version="1.0" encoding="UTF-8" standalone="no"?>
<!DOCTYPE plist PUBLIC "-//Apple Computer//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
<plist version="1.0"><dict><key>urlBag</key><dict>
${urls.map(([key, url]) => `<key>${key}</key><string>${url}</string>`).join('\n')}
${keys.join('\n')}
<key>timestamp</key><date>${new Date(moment.now).toISOString().slice(0, 19)}Z</date>
</dict></dict></plist>
`;
  return answer(200, 'text/xml', body, headers);
};

/** rss.marketingtools.apple.com: charts, made anew every day. */
export const charts: Handler = (request, moment) => {
  const match = /^\/api\/v2\/([a-z]{2})\/music\/most-played\/(\d+)\/(songs|albums)\.json$/.exec(request.url.pathname);
  const headers = { ...fromOrigin(moment), 'cache-control': 'max-age=300', vary: 'Accept-Encoding' };
  if (match === null) return answer(404, JSON_TYPE, '{"error":"not found"}', headers);
  const [, country, limit, kind] = match;
  const id = `https://${request.host}${request.url.pathname}`;
  const results = Array.from({ length: Math.min(100, Number(limit)) }, (_, index) => {
    const album = ALBUMS[index % ALBUMS.length]!;
    const song = album.songs[index % album.songs.length]!;
    return {
      artistName: album.artist, id: String(album.id + index + 1), name: kind === 'songs' ? song : album.name, releaseDate: '2024-04-10', kind, artistId: String(album.artistId),
      artistUrl: `https://music.apple.com/${country}/artist/lab/${album.artistId}`, artworkUrl100: `${ARTWORK}/100x100bb.jpg`,
      genres: [{ genreId: '34', name: 'Music', url: `https://itunes.apple.com/${country}/genre/id34` }], url: `https://music.apple.com/${country}/album/lab/${album.id}`,
    };
  });
  // Made once a day, a few hours before it is read.
  const updated = new Date(Math.floor((moment.now - 3 * 3_600_000) / 3_600_000) * 3_600_000).toUTCString().replace('GMT', '+0000');
  const feed = {
    title: kind === 'songs' ? 'Top Songs' : 'Top Albums', id, author: { name: 'Apple', url: 'https://www.apple.com/' }, links: [{ self: id }],
    copyright: 'Copyright © 2026 Apple Inc. All rights reserved.', country, icon: 'https://www.apple.com/favicon.ico', updated, results,
  };
  return answer(200, JSON_TYPE, JSON.stringify({ feed }), headers);
};

/** The smallest whole JPEG file: one grey pixel. */
const JPEG = Buffer.from('/9j/4AAQSkZJRgABAQEASABIAAD/2wBDAP//////////////////////////////////////////////////////////////////////////////////////wgALCAABAAEBAREA/8QAFBABAAAAAAAAAAAAAAAAAAAAAP/aAAgBAQABPxA=', 'base64');

/** is1-ssl.mzstatic.com: any picture, always the same pixel. */
export const artwork: Handler = (request, moment) => {
  const headers = { ...throughAkamai(moment, 'HIT'), 'cache-control': 'max-age=15552000', etag: '"labartwork"', 'last-modified': 'Wed, 10 Apr 2024 12:00:00 GMT' };
  if (!/^\/image\/thumb\/.+\.(jpg|png|webp)$/.test(request.url.pathname)) return answer(404, HTML, '<html><body>Not Found</body></html>', headers);
  return answer(200, 'image/jpeg', JPEG, headers);
};

/** Beginning of an MPEG-4 audio file (`ftyp` box of M4A), then silence; 64 kB. */
const SOUND = Buffer.concat([Buffer.from([0, 0, 0, 28]), Buffer.from('ftypM4A \0\0\0\0M4A mp42isom', 'latin1'), Buffer.alloc(65_508)]);

/** audio-ssl.itunes.apple.com: previews, in ranges when asked so (the server cuts them out). */
export const audio: Handler = (request, moment) => {
  const headers = { ...throughAkamai(moment, 'HIT'), server: 'AkamaiNetStorage', 'accept-ranges': 'bytes', etag: '"labaudio"', 'cache-control': 'max-age=86400' };
  if (!/\.(m4a|aac|mp4)$/.test(request.url.pathname)) return answer(404, HTML, '<html><body>Not Found</body></html>', headers);
  return answer(200, 'audio/x-m4a', SOUND, headers);
};

/** appleid.apple.com/auth/keys: public keys of the sign-in. */
export const account: Handler = (request, moment) => {
  const headers = { server: 'Apple', 'x-apple-i-request-id': base32(moment.random, 26), 'strict-transport-security': 'max-age=31536000; includeSubDomains', 'cache-control': 'no-cache' };
  if (request.url.pathname !== '/auth/keys') return answer(404, HTML, '<html><body>Not Found</body></html>', headers);
  const n = Buffer.alloc(256, 0xa5).toString('base64url');
  const keys = ['lab1KeyAAA', 'lab2KeyBBB', 'lab3KeyCCC'].map((kid) => ({ kty: 'RSA', kid, use: 'sig', alg: 'RS256', n, e: 'AQAB' }));
  return answer(200, 'application/json;charset=UTF-8', JSON.stringify({ keys }), headers);
};

/** buy.itunes.apple.com/verifyReceipt: 21000 is the answer to a request that was not a POST. */
export const purchase: Handler = (request, moment) => {
  const headers = {
    ...fromOrigin(moment), 'apple-originating-system': 'MZFinance', pod: '24', itspod: '24', 'x-apple-application-site': 'NWK', 'x-apple-lokamai-no-cache': 'true',
    'cache-control': 'private, no-cache, no-store, no-transform, must-revalidate, max-age=0',
  };
  if (request.url.pathname !== '/verifyReceipt') return answer(404, HTML, '<html><body>Not Found</body></html>', headers);
  return answer(200, JSON_TYPE, request.method === 'POST' ? '{"status":21002}' : '{"status":21000}', headers);
};

/** What pages ask with the user's account: without one it is refused, which is the healthy answer. */
export const signedIn: Handler = (request, moment) => {
  const headers = { ...fromOrigin(moment), 'access-control-allow-origin': 'https://music.apple.com', 'access-control-allow-credentials': 'true', 'access-control-allow-headers': '*', 'cache-control': 'no-store' };
  return request.method === 'OPTIONS' ? answer(204, null, '', headers) : answer(401, JSON_TYPE, '{"errors":[{"status":"401"}]}', headers);
};

/** English name → Japanese name, as the feeds have them. */
const SERVICES: Readonly<Record<string, string>> = {
  'Apple Account': 'Apple Account', 'App Store': 'App Store', 'Apple Books': 'Apple Books', 'Apple Music': 'Apple Music', 'Apple Music Classical': 'Apple Music Classical',
  'Apple Music radio': 'Apple Musicのラジオ', 'Apple Music Subscriptions': 'Apple Musicのサブスクリプション', 'Apple Pay': 'Apple Pay', 'Apple TV': 'Apple TV', 'iCloud Mail': 'iCloudメール',
  'iTunes Match': 'iTunes Match', 'iTunes Store': 'iTunes Store', Podcasts: 'Podcast', Radio: 'ラジオ', 'Sign in with Apple': 'Appleでサインイン',
  'Subscription Purchase': 'サブスクリプションの購入',
};

function feed(language: string, moment: LabMoment): string {
  const japanese = language === 'ja';
  const events = moment.official === 'unreachable' ? [] : moment.official;
  const zoneHours = japanese ? 9 : -8;
  const write = (at: number): string => {
    const [date = '', time = ''] = new Date(at + zoneHours * 3_600_000).toISOString().split('T');
    const [year, month, day] = date.split('-');
    return japanese ? `${year}/${month}/${day} ${time.slice(0, 5)} JST` : `${month}/${day}/${year} ${time.slice(0, 5)} PST`;
  };
  const names = [...new Set([...Object.keys(SERVICES), ...events.map((event) => event.service)])].sort();
  const services = names.map((name) => ({
    redirectUrl: null,
    serviceName: japanese ? (SERVICES[name] ?? name) : name,
    events: events.filter((event) => event.service === name).map((event) => {
      const start = moment.timeOfMinute(event.startedAtMinute);
      const over = event.status === 'resolved' || event.status === 'completed';
      return {
        usersAffected: japanese ? (over ? '一部のユーザに影響しました' : '一部のユーザに影響します') : over ? 'Some users were affected' : 'Some users are affected',
        epochStartDate: start, epochEndDate: over ? moment.now : null,
        // Stable over the life of an incident: made of what it began with.
        messageId: String(2_000_000_000 + (Math.abs(Math.round(event.startedAtMinute)) % 1_000_000)),
        statusType: event.type, datePosted: write(moment.now), startDate: write(start), endDate: over ? write(moment.now) : null, affectedServices: null,
        eventStatus: event.status, message: event.text,
      };
    }),
  }));
  return JSON.stringify({ drpost: false, drMessage: null, services });
}

/** www.apple.com: the vendor's own site and, under it, the status feed. */
export const vendorSite: Handler = (request, moment) => {
  const headers = { server: 'Apple', ...throughAkamai(moment, 'MISS'), 'cache-control': 'max-age=30', vary: 'Accept-Encoding' };
  const status = /^\/support\/systemstatus\/data\/system_status_([a-z]{2})_[A-Z]{2}\.js$/.exec(request.url.pathname);
  if (status !== null) {
    if (moment.official === 'unreachable') return akamaiError(503, moment);
    return answer(200, 'application/javascript; charset=utf-8', feed(status[1]!, moment), headers);
  }
  if (request.url.pathname === '/library/test/success.html') return answer(200, HTML, SUCCESS, headers);
  if (request.url.pathname === '/robots.txt') return answer(200, 'text/plain', 'User-agent: *\nDisallow: /*/shop/\n', headers);
  if (request.url.pathname === '/favicon.ico') return answer(200, 'image/x-icon', Buffer.from([0, 0, 1, 0, 0, 0]), headers);
  const page = '<!DOCTYPE html><html lang="en-US"><head><meta charset="utf-8"><title>Apple</title></head><body><nav id="globalnav">Apple</nav><main>Lab</main></body></html>';
  return answer(200, HTML, page, headers);
};

const SUCCESS = '<HTML><HEAD><TITLE>Success</TITLE></HEAD><BODY>Success</BODY></HTML>\n';

export const vendorCaptiveCheck: Handler = () => answer(200, 'text/html', SUCCESS, { 'cache-control': 'max-age=300' });
export const generate204: Handler = (request) => (request.url.pathname === '/generate_204' ? answer(204, null, '', { 'content-length': '0' }) : answer(404, HTML, '<html><body>Not Found</body></html>'));
export const mozillaCaptiveCheck: Handler = (request) =>
  request.url.pathname === '/canonical.html'
    ? answer(200, 'text/html', '<meta http-equiv="refresh" content="0;url=https://support.mozilla.org/kb/captive-portal"/>')
    : answer(200, 'text/plain', 'success\n', { via: '1.1 google', 'cache-control': 'public,must-revalidate,max-age=0,s-maxage=3600' });
export const microsoftConnectTest: Handler = (request) =>
  request.url.pathname === '/connecttest.txt' ? answer(200, 'text/plain', 'Microsoft Connect Test', { 'cache-control': 'no-store' }) : answer(404, HTML, '');

/** A name and type of a DNS-over-HTTPS question; null where the question is no good. */
function dnsQuestion(url: URL): { name: string; type: number } | null {
  const name = (url.searchParams.get('name') ?? '').replace(/\.$/, '').toLowerCase();
  const asked = url.searchParams.get('type') ?? 'A';
  const type = /^\d+$/.test(asked) ? Number(asked) : TYPE[asked.toUpperCase()];
  return /^[a-z0-9.-]{1,253}$/.test(name) && type !== undefined ? { name, type } : null;
}

function dnsJson(question: { name: string; type: number }, moment: LabMoment, dot: string): Record<string, unknown> {
  const { rcode, records } = moment.resolve(question.name, question.type);
  return {
    Status: rcode, TC: false, RD: true, RA: true, AD: false, CD: false, Question: [{ name: `${question.name}${dot}`, type: question.type }],
    ...(records.length > 0 ? { Answer: records.map((record) => ({ name: `${record.name}${dot}`, type: TYPE[record.type], TTL: record.ttl, data: record.type === 'CNAME' ? `${record.data}.` : record.data })) } : {}),
  };
}

/** 1.1.1.1 and cloudflare-dns.com. */
export const cloudflare: Handler = (request, moment) => {
  const open = { server: 'cloudflare', 'access-control-allow-origin': '*', 'cf-ray': `${hex(moment.random, 16)}-NRT` };
  if (request.url.pathname === '/cdn-cgi/trace') {
    const lines = {
      fl: '80f417', h: request.host, ip: request.remoteAddress, ts: (moment.now / 1000).toFixed(3), visit_scheme: request.secure ? 'https' : 'http',
      uag: String(request.headers['user-agent'] ?? ''), colo: 'NRT', sliver: 'none', http: 'http/2', loc: 'JP', tls: 'TLSv1.3', sni: 'plaintext', warp: 'off', gateway: 'off', rbi: 'off', kex: 'X25519MLKEM768',
    };
    return answer(200, 'text/plain', `${Object.entries(lines).map(([key, value]) => `${key}=${value}`).join('\n')}\n`, { ...open, 'cache-control': 'no-cache' });
  }
  if (request.url.pathname !== '/dns-query') return answer(404, HTML, '', open);
  const question = dnsQuestion(request.url);
  if (request.headers['accept'] !== 'application/dns-json' || question === null) return answer(400, 'application/json', '{"error":"Invalid query."}', open);
  const found = dnsJson(question, moment, '');
  const comment = found['Status'] === RCODE.servFail ? { Comment: [`EDE(22): No Reachable Authority at delegation ${question.name}.`] } : {};
  return answer(200, 'application/dns-json', JSON.stringify({ ...found, ...comment }), open);
};

/** 8.8.8.8 and dns.google. */
export const googleDns: Handler = (request, moment) => {
  const open = { server: 'HTTP server (unknown)', 'access-control-allow-origin': '*', 'cache-control': 'private, max-age=300' };
  if (request.url.pathname !== '/resolve') return answer(404, HTML, '', open);
  const question = dnsQuestion(request.url);
  if (question === null) return answer(400, JSON_TYPE, '{"error":"Invalid DNS name."}', open);
  const found = dnsJson(question, moment, '.');
  const comment = found['Status'] === RCODE.servFail
    ? { Comment: 'Name servers refused query (lame delegation?) or did not answer.', extended_dns_errors: [{ info_code: 22, extra_text: `At delegation ${question.name}` }] }
    : { Comment: 'Response from 193.0.14.129.' };
  return answer(200, JSON_TYPE, JSON.stringify({ ...found, ...comment }), open);
};

const PORTAL_PAGE = '<!DOCTYPE html><html><head><meta charset="utf-8"><title>Guest Wi-Fi</title></head><body><h1>Welcome to the guest network</h1><form method="post"><button>Accept the terms</button></form></body></html>';
/** The log-in page of a captive portal. */
export const portal: Handler = () => answer(200, HTML, PORTAL_PAGE, { 'cache-control': 'no-store' });

/** Where a captive portal leads a request. */
export function ledToPortal(request: LabRequest): LabAnswer {
  return redirect(302, `http://login.hotspot.example/login?orig=${encodeURIComponent(request.url.href)}`, { 'cache-control': 'no-store' });
}

const REASONS: Readonly<Record<number, string>> = {
  400: 'Bad Request', 401: 'Unauthorized', 403: 'Forbidden', 404: 'Not Found', 408: 'Request Timeout', 429: 'Too Many Requests', 500: 'Internal Server Error', 502: 'Bad Gateway', 503: 'Service Unavailable',
  504: 'Gateway Timeout', 520: 'Web server is returning an unknown error', 522: 'Connection timed out', 530: 'Origin DNS error',
};
const reason = (status: number): string => REASONS[status] ?? 'Error';

/** The page Akamai writes itself; its reference begins with 18 (access denied), 1 (origin too slow) or 30 (origin cannot be talked to). */
export function akamaiError(status: number, moment: LabMoment): LabAnswer {
  const reference = `${status === 403 ? '18' : status === 504 ? '1' : '30'}.${hex(moment.random, 8)}.${Math.floor(moment.realNow / 1000)}.${hex(moment.random, 7)}`;
  const coded = `&#35;${reference.replaceAll('.', '&#46;')}`;
  const heading = status === 403 ? 'Access Denied' : status === 504 ? 'Gateway Timeout - In read' : status >= 500 ? 'An error occurred while processing your request.' : reason(status);
  const body = `<HTML><HEAD>\n<TITLE>${status === 403 ? 'Access Denied' : 'Error'}</TITLE>\n</HEAD><BODY>\n<H1>${heading}</H1>\n<p>\nReference&#32;${coded}\n<P>https&#58;&#47;&#47;errors&#46;edgesuite&#46;net&#47;${reference.replaceAll('.', '&#46;')}</P>\n</BODY>\n</HTML>\n`;
  return answer(status, 'text/html', body, { server: 'AkamaiGHost', 'mime-version': '1.0', 'cache-control': 'max-age=0, no-cache, no-store', ...throughAkamai(moment, 'MISS') });
}

/** The page Fastly writes itself. */
export function fastlyError(status: number, moment: LabMoment): LabAnswer {
  const text = status === 503 ? 'Backend fetch failed' : reason(status);
  const body = `<?xml version="1.0" encoding="utf-8"?>\n<!DOCTYPE html>\n<html>\n  <head>\n    <title>${status} ${text}</title>\n  </head>\n  <body>\n    <h1>Error ${status} ${text}</h1>\n    <p>${text}</p>\n    <h3>Guru Mediation:</h3>\n    <p>Details: cache-nrt-rjtf7700061-NRT ${Math.floor(moment.realNow / 1000)} ${Math.floor(moment.random() * 4e9)}</p>\n    <hr>\n    <p>Varnish cache server</p>\n  </body>\n</html>\n`;
  return answer(status, HTML, body, { server: 'Varnish', 'retry-after': '0', ...throughFastly(moment, 'MISS') });
}

/** What the vendor's application writes when it fails: JSON or a bare page, always with its own request ids. */
function originError(status: number, moment: LabMoment): LabAnswer {
  const headers = { ...fromOrigin(moment), 'cache-control': 'max-age=0, no-cache, no-store' };
  if (status === 403) return answer(403, null, '', { ...headers, 'content-length': '0', 'access-control-allow-origin': '*', 'x-apple-lokamai-no-cache': 'true' });
  return answer(status, HTML, `<html><head><title>${status} ${reason(status)}</title></head><body><h1>${status} ${reason(status)}</h1></body></html>`, headers);
}

/** @returns the error page of a status as the edge in front of a host or the application behind it writes it; without a writer it tells nothing. */
export function errorAnswer(status: number, by: 'edge' | 'origin' | null, edge: string, moment: LabMoment): LabAnswer {
  if (by === 'origin') {
    const passed = edge === 'akamai' ? throughAkamai(moment, 'MISS') : edge === 'fastly' ? throughFastly(moment, 'MISS') : {};
    const made = originError(status, moment);
    return { ...made, headers: { ...made.headers, ...passed } };
  }
  if (by === 'edge' && edge === 'fastly') return fastlyError(status, moment);
  if (by === 'edge' && edge !== 'none') return akamaiError(status, moment);
  return answer(status, 'text/html', `<html><body><h1>${status} ${reason(status)}</h1></body></html>`, { 'cache-control': 'no-store' });
}

/** A page that says the store is closed for a while, in both languages, with status 200. */
export function maintenance(moment: LabMoment): LabAnswer {
  const body = '<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>We\u2019ll be back soon</title></head><body><h1>We\u2019ll be back.</h1><p>We are busy updating the store and will be back shortly. The store is under maintenance.</p><p lang="ja">ただいまメンテナンス中です。しばらくしてからもう一度アクセスしてください。</p></body></html>';
  return answer(200, HTML, body, { ...fromOrigin(moment), 'cache-control': 'no-store' });
}

/** An answer with status 200 that is not what was asked for: nothing, somebody else's words, or an empty result. */
export function unexpected(healthy: LabAnswer, moment: LabMoment): LabAnswer {
  const type = healthy.headers['content-type'] ?? 'text/plain';
  const made = fromOrigin(moment);
  const pick = moment.random();
  if (pick < 0.34) return answer(200, type, '', made);
  if (/json|javascript/.test(type)) return answer(200, type, pick < 0.67 ? '\n\n\n{\n "resultCount":0,\n "results": []\n}\n\n\n' : '{}', made);
  if (/html|xml/.test(type)) return answer(200, type, '<!DOCTYPE html><html><head><title></title></head><body></body></html>', made);
  return answer(200, 'text/plain', 'OK', made);
}
