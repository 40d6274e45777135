import { isMaintenancePage } from './maintenance.ts';
import type { Failure } from './failure.ts';
import { phaseOf } from './failure.ts';
import type { Result } from './observation.ts';
import type { Role, StoreRole } from './role.ts';
import type { Received, Target, TargetContext } from './target.ts';

/**
 * All that is known of the endpoints, in one table. None of it could be tried live when it was written: each row says what it rests on, and a
 * target counts as evidence only once it has been healthy from this browser. A wrong row is mended here and nowhere else.
 */

/** Names under which the vendor serves anything at all. */
const VENDOR = ['apple.com', 'mzstatic.com', 'itunes.com', 'cdn-apple.com', 'aaplimg.com'] as const;

/** An album that is sold in nearly every storefront, and the first song's preview and cover: addresses as the look-up gives them. */
const ALBUM = '1441458047';
const COVER = '/image/thumb/Music221/v4/11/c4/9f/11c49f00-8b2e-461e-c8b9-f88ec1f36e93/14UMGIM39390.rgb.jpg/60x60bb.jpg';
const PREVIEW = '/itunes-assets/AudioPreview122/v4/2d/b1/c1/2db1c1f1-e9c3-8ad5-120b-d42acef80a5c/mzaf_1756249570913728893.plus.aac.p.m4a';

/** The charts are renewed daily; three days allow for a weekend's delay and for time zones. */
export const CHARTS_STALE_AFTER_MS = 3 * 24 * 3_600_000;

const OK: Result = { kind: 'ok' };

function failed(failure: Failure, raw?: string): Result {
  return { kind: 'failed', failure, phase: phaseOf(failure), ...(raw === undefined ? {} : { raw }) };
}

/** @returns the host of an address in lower case, '' where it is none. */
export function hostOf(url: string): string {
  return URL.canParse(url) ? new URL(url).hostname.toLowerCase() : '';
}

function isBelow(host: string, names: readonly string[]): boolean {
  return names.some((name) => host === name || host.endsWith(`.${name}`));
}

/** @returns whether an address lies with the target's own vendor, so that an answer from there is the vendor's. */
export function isHome(target: Target, url: string): boolean {
  return isBelow(hostOf(url), target.home ?? [target.host]);
}

/** What a row says of its healthy answer; the order of questions is the same for all (`judge`). */
interface Look {
  /** Statuses of a healthy answer. */
  healthy: readonly number[];
  /** Healthy without a look at the body: the application answered, as it does to whoever has no business there. */
  alsoHealthy?: readonly number[];
  /** An answer that is about us and not about the store. */
  limited?(received: Received): boolean;
  /** Looks at the body of an answer with a healthy status. */
  content(received: Received): Result;
}

/**
 * The common part of every judgement. Whose page is it; is the answer about us; is the status healthy; is the content?
 * A maintenance page is only looked for where the expected content is absent.
 */
function judge(target: Pick<Target, 'host' | 'home'>, look: Look, received: Received): Result {
  if (!isBelow(hostOf(received.url), target.home ?? [target.host])) return failed('redirect.foreign');
  if (received.status === 511) return failed('redirect.foreign'); // RFC 6585: a portal says that it wants a sign-in
  if (received.status === 429 || look.limited?.(received)) return { kind: 'discarded', because: 'rate-limited' };
  if (look.alsoHealthy?.includes(received.status)) return OK;
  if (!look.healthy.includes(received.status)) {
    const mayBePlanned = received.status === 200 || received.status === 503;
    return failed(mayBePlanned && isMaintenancePage(received.text) ? 'content.maintenance' : `http.${received.status}`);
  }
  const result = look.content(received);
  if (result.kind === 'failed' && result.failure === 'content.unexpected' && isMaintenancePage(received.text)) return failed('content.maintenance');
  return result;
}

function json(received: Received): Record<string, unknown> | null {
  if (received.cut) return null;
  try {
    const value: unknown = JSON.parse(received.text); // JSON allows the blank lines before it
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : null;
  } catch {
    return null;
  }
}

function when(healthy: boolean): Result {
  return healthy ? OK : failed('content.unexpected');
}

function typeOf(received: Received): string {
  return (received.headers['content-type'] ?? '').toLowerCase();
}

/** Statuses with which the purchase back end says that it is itself in trouble (vendor's documentation of receipt statuses). */
function isSickReceiptStatus(status: number): boolean {
  return status === 21005 || status === 21009 || (status >= 21100 && status <= 21199);
}

const looks = {
  storefront: {
    healthy: [200],
    content: ({ text }) => when(text.includes('/assets/index')),
  },
  catalog: {
    healthy: [200],
    // Over the limit of about 20 a minute and address, the look-up answers 403 with an empty body.
    limited: ({ status, bytes }) => status === 403 && bytes === 0,
    content: (received) => {
      const body = json(received);
      return when(body !== null && typeof body['resultCount'] === 'number' && body['resultCount'] > 0 && Array.isArray(body['results']) && body['results'].length > 0);
    },
  },
  directory: {
    healthy: [200],
    content: ({ text }) => when(text.includes('urlBag')),
  },
  charts: {
    healthy: [200],
    content: (received) => {
      const feed = json(received)?.['feed'] as { results?: unknown; updated?: unknown } | undefined;
      if (typeof feed !== 'object' || feed === null || !Array.isArray(feed.results) || feed.results.length === 0) return failed('content.unexpected');
      const updated = typeof feed.updated === 'string' ? Date.parse(feed.updated) : Number.NaN;
      // The server's own clock where it gives one: a user's clock may be a year out.
      const sent = Date.parse(received.headers['date'] ?? '');
      const now = Number.isNaN(sent) ? received.now : sent;
      return !Number.isNaN(updated) && now - updated > CHARTS_STALE_AFTER_MS ? failed('content.stale') : OK;
    },
  },
  artwork: {
    healthy: [200],
    content: (received) => when(received.bytes > 0 && typeOf(received).startsWith('image/')),
  },
  audio: {
    healthy: [200, 206],
    content: (received) => when(received.bytes > 0 && !/^(?:text|application\/(?:json|xml|xhtml))/.test(typeOf(received))),
  },
  account: {
    healthy: [200],
    content: (received) => {
      const keys = json(received)?.['keys'];
      return when(Array.isArray(keys) && keys.length > 0 && keys.every((key) => typeof key === 'object' && key !== null && 'kty' in key));
    },
  },
  purchase: {
    healthy: [200],
    alsoHealthy: [405], // asked with the wrong method: an answer of the application
    content: (received) => {
      const status = json(received)?.['status'];
      if (typeof status !== 'number') return failed('content.unexpected');
      return isSickReceiptStatus(status) ? failed('content.unexpected', `status ${status}`) : OK;
    },
  },
  neighbour: {
    healthy: [200],
    content: ({ text }) => when(text.trim() === '<HTML><HEAD><TITLE>Success</TITLE></HEAD><BODY>Success</BODY></HTML>'),
  },
  google: {
    healthy: [200, 204],
    content: ({ status, bytes }) => when(status === 204 && bytes === 0),
  },
  cloudflare: {
    healthy: [200],
    content: ({ text }) => when(/^colo=\w+$/m.test(text)),
  },
  // Over plain HTTP anybody on the way can answer: any page but the agreed word is somebody else's.
  mozilla: {
    healthy: [200],
    content: ({ text }) => (text.trim() === 'success' ? OK : failed('redirect.foreign')),
  },
  microsoft: {
    healthy: [200],
    content: ({ text }) => (text.trim() === 'Microsoft Connect Test' ? OK : failed('redirect.foreign')),
  },
} satisfies Record<string, Look>;

/** A row of the table, with what a person needs to see which assumption is wrong. */
interface Row extends Omit<Target, 'judge'> {
  look: Look;
  /** How a healthy answer looks, in words. */
  healthy: string;
  /** What the row rests on. */
  basis: string;
}

const ROWS: readonly Row[] = [
  {
    id: 'storefront',
    role: 'storefront',
    host: 'music.apple.com',
    method: 'GET',
    maxBytes: 262_144,
    usualMs: 500,
    home: VENDOR,
    url: ({ country, nonce }) => `https://music.apple.com/${country}/browse?_=${nonce}`,
    enough: (text) => text.includes('/assets/index'),
    look: looks.storefront,
    healthy: '200, a page that loads the player (/assets/index…)',
    basis: 'third-party clients of 2024–2026',
  },
  {
    id: 'catalog',
    role: 'catalog',
    host: 'itunes.apple.com',
    method: 'GET',
    maxBytes: 65_536,
    usualMs: 300,
    home: VENDOR,
    // The edge keeps answers for about a day by query string: the changing parameter asks the application itself.
    url: ({ country, nonce }) => `https://itunes.apple.com/lookup?id=${ALBUM}&country=${country}&entity=song&limit=1&_=${nonce}`,
    look: looks.catalog,
    healthy: '200, JSON with a resultCount above 0; 403 with an empty body is a rate limit',
    basis: "vendor's documentation, recorded answers of 2024",
  },
  {
    id: 'directory',
    role: 'directory',
    host: 'init.itunes.apple.com',
    method: 'GET',
    maxBytes: 131_072,
    usualMs: 300,
    home: VENDOR,
    url: ({ nonce }) => `https://init.itunes.apple.com/bag.xml?ix=6&_=${nonce}`,
    enough: (text) => text.includes('urlBag'),
    look: looks.directory,
    healthy: '200, XML that names an urlBag',
    basis: 'third-party clients of 2026',
  },
  {
    id: 'charts',
    role: 'charts',
    host: 'rss.marketingtools.apple.com',
    method: 'GET',
    maxBytes: 65_536,
    usualMs: 400,
    home: VENDOR,
    url: ({ country, nonce }) => `https://rss.marketingtools.apple.com/api/v2/${country}/music/most-played/10/songs.json?_=${nonce}`,
    look: looks.charts,
    healthy: '200, JSON feed with songs, updated within three days',
    basis: 'recorded answer of 2024, host name by a redirect of 2025',
  },
  {
    id: 'artwork',
    role: 'artwork',
    host: 'is1-ssl.mzstatic.com',
    method: 'GET',
    maxBytes: 32_768,
    usualMs: 150,
    home: VENDOR,
    url: () => `https://is1-ssl.mzstatic.com${COVER}`,
    look: looks.artwork,
    healthy: '200, an image',
    basis: 'recorded look-up of 2024',
  },
  {
    id: 'audio',
    role: 'audio',
    host: 'audio-ssl.itunes.apple.com',
    method: 'GET',
    headers: { range: 'bytes=0-1' },
    maxBytes: 1024, // a server that ignores the range is cut short here
    usualMs: 200,
    home: VENDOR,
    url: () => `https://audio-ssl.itunes.apple.com${PREVIEW}`,
    look: looks.audio,
    healthy: '206 or 200, not text',
    basis: 'recorded look-up of 2024; that ranges are served is inferred',
  },
  {
    id: 'account',
    role: 'account',
    host: 'appleid.apple.com',
    method: 'GET',
    maxBytes: 65_536,
    usualMs: 400,
    home: VENDOR,
    url: ({ nonce }) => `https://appleid.apple.com/auth/keys?_=${nonce}`,
    look: looks.account,
    healthy: '200, JSON with at least one public key',
    basis: "vendor's documentation",
  },
  {
    id: 'purchase',
    role: 'purchase',
    host: 'buy.itunes.apple.com',
    method: 'GET',
    maxBytes: 16_384,
    usualMs: 600,
    home: VENDOR,
    url: ({ nonce }) => `https://buy.itunes.apple.com/verifyReceipt?_=${nonce}`,
    look: looks.purchase,
    healthy: '200, JSON with a numeric status that is not one of internal trouble; 405 also will do',
    basis: "vendor's documentation of the statuses; that a plain GET is answered is inferred",
  },
  {
    // Chosen over www.apple.com: 69 bytes made for machines, an exact body, and another site than the one the status feed comes from,
    // so that the two together show two of the vendor's sites. By https, where no portal can answer in its stead.
    id: 'neighbour',
    role: 'neighbour',
    host: 'captive.apple.com',
    method: 'GET',
    maxBytes: 4096,
    usualMs: 200,
    home: VENDOR,
    url: ({ nonce }) => `https://captive.apple.com/hotspot-detect.html?_=${nonce}`,
    look: looks.neighbour,
    healthy: '200, exactly the Success page',
    basis: 'quoted alike by several sources',
  },
  {
    id: 'control-google',
    role: 'controls',
    host: 'www.gstatic.com',
    method: 'GET',
    maxBytes: 4096,
    usualMs: 100,
    url: ({ nonce }) => `https://www.gstatic.com/generate_204?_=${nonce}`,
    look: looks.google,
    healthy: '204, empty',
    basis: 'connectivity check of Chromium and Android',
  },
  {
    // By literal address: answers even where no name resolves, and so tells a dead resolver from a dead line.
    id: 'control-cloudflare',
    role: 'controls',
    host: '1.1.1.1',
    method: 'GET',
    maxBytes: 4096,
    usualMs: 100,
    url: ({ nonce }) => `https://1.1.1.1/cdn-cgi/trace?_=${nonce}`,
    look: looks.cloudflare,
    healthy: '200, lines of text with colo=',
    basis: 'recorded answer of 2026',
  },
  {
    // By plain HTTP on purpose: a captive portal can answer this one, and the exact body gives it away.
    id: 'control-mozilla',
    role: 'controls',
    host: 'detectportal.firefox.com',
    method: 'GET',
    maxBytes: 4096,
    usualMs: 100,
    url: ({ nonce }) => `http://detectportal.firefox.com/success.txt?_=${nonce}`,
    look: looks.mozilla,
    healthy: '200, the word success',
    basis: 'captive-portal check of Firefox',
  },
  {
    id: 'control-microsoft',
    role: 'controls',
    host: 'www.msftconnecttest.com',
    method: 'GET',
    maxBytes: 4096,
    usualMs: 100,
    url: ({ nonce }) => `http://www.msftconnecttest.com/connecttest.txt?_=${nonce}`,
    look: looks.microsoft,
    healthy: '200, the words Microsoft Connect Test',
    basis: 'connectivity check of Windows',
  },
];

/** Every endpoint that is ever probed: the eight parts of the store, the neighbour, and controls of four unrelated companies. */
export const TARGETS: readonly Target[] = ROWS.map(({ look, healthy: _healthy, basis: _basis, ...target }) => ({
  ...target,
  judge: (received: Received) => judge(target, look, received),
}));

/** What a person with a connection needs to see which assumption of a row is wrong. */
export interface TargetDescription {
  id: string;
  role: Role;
  method: 'GET' | 'HEAD';
  url: string;
  healthy: string;
  basis: string;
}

/** @returns the table in words, for an example context, in the order of the table; English, for the terminal. */
export function describeTargets(context: TargetContext): TargetDescription[] {
  return ROWS.map(({ id, role, method, url, healthy, basis }) => ({ id, role, method, url: url(context), healthy, basis }));
}

/** @returns the match pattern of a target's host, as the browser's permissions take it. */
export function originPattern(target: Target): string {
  const { protocol, hostname } = new URL(target.url({ country: 'us', nonce: '0' }));
  return `${protocol}//${hostname}/*`;
}

/** Hosts of pages on which the banner may appear and whose failed loads trigger a check. The embedded player on other people's pages is not among them. */
export const PAGE_HOSTS = [
  'music.apple.com',
  'beta.music.apple.com',
  'classical.music.apple.com',
  'itunes.apple.com',
  'geo.music.apple.com',
  'geo.itunes.apple.com',
] as const;

/**
 * Hosts that the pages of the store call with the user's own account, which an anonymous probe cannot: their failures and answers are
 * counted while such a page is open, never asked by ourselves.
 */
export const PAGE_SERVICE_HOSTS = [
  'amp-api.music.apple.com',
  'amp-api-edge.music.apple.com',
  'aod-ssl.itunes.apple.com',
  'play.itunes.apple.com',
  'play.music.apple.com',
  'buy.music.apple.com',
  'idmsa.apple.com',
] as const;

const ROLE_OF_HOST: readonly (readonly [RegExp, StoreRole])[] = [
  [/^(?:(?:www|beta|classical|geo|embed)\.)?music\.apple\.com$|^geo\.itunes\.apple\.com$|^js-cdn\.music\.apple\.com$|^s\d?\.mzstatic\.com$/, 'storefront'],
  [/^(?:init|bag)\.itunes\.apple\.com$/, 'directory'],
  [/^rss\.(?:marketingtools\.apple|applemarketingtools)\.com$/, 'charts'],
  [/\.mzstatic\.com$/, 'artwork'],
  [/^(?:aod|mvod|audio|hls|streaming)[\w-]*\.itunes\.apple\.com$|^play\.(?:itunes|music)\.apple\.com$|^itsliveradio\.apple\.com$/, 'audio'],
  [/^(?:p\d+-)?buy\.(?:itunes|music)\.apple\.com$/, 'purchase'],
  [/^(?:idmsa|appleid|account|gsa)\.apple\.com$|^auth\.(?:itunes|music)\.apple\.com$/, 'account'],
  [/^(?:itunes|(?:amp-)?api(?:-[\w-]+)?\.music|(?:search|se|sp|api)(?:-edge)?\.itunes)\.apple\.com$/, 'catalog'],
];

/**
 * @param host host name, any case
 * @returns the part of the store a host stands for; null for every other host, the neighbour and the controls among them
 */
export function roleOfHost(host: string): StoreRole | null {
  const name = host.toLowerCase();
  return ROLE_OF_HOST.find(([pattern]) => pattern.test(name))?.[1] ?? null;
}
