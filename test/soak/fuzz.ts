import '../fakes/extension.ts';
import fc from 'fast-check';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { plainText as plainTitle, placeOf, readTitle, songOf } from '../../utils/core/song.ts';
import { readAnswer } from '../../utils/core/answer.ts';
import { parseFailure } from '../../utils/core/failure.ts';
import { storefrontCountry } from '../../utils/core/country.ts';
import { decodeChunk, encodeChunk, HISTORY_INDEX, isHistoryKey, loadHistory } from '../../utils/core/history.ts';
import { decodeIncident } from '../../utils/core/incident-record.ts';
import { decodeLedger, LEDGER_KEY } from '../../utils/core/ledger.ts';
import { isMaintenancePage } from '../../utils/core/maintenance.ts';
import { decodeOfficialRecord } from '../../utils/core/official-record.ts';
import { exportIncident, importIncident } from '../../utils/core/portable.ts';
import type { Outcome } from '../../utils/core/result.ts';
import { isSketch, joinTimes, summariseTimes } from '../../utils/core/response-times.ts';
import { decodeScenario } from '../../utils/core/scenario.ts';
import { DEFAULT_SETTINGS, LANGUAGES, overlaid } from '../../utils/core/settings.ts';
import { readReminder } from '../../utils/core/sound-reminder.ts';
import { statedCauses } from '../../utils/core/stated-cause.ts';
import { hostOf, PAGE_HOSTS, roleOfHost, TARGETS } from '../../utils/core/targets.ts';
import { exportJson, importJson, parseFile } from '../../utils/core/transfer.ts';
import { chooseLanguage } from '../../utils/i18n/choose.ts';
import { decodeMessage } from '../../utils/messages/decode.ts';
import { identify } from '../../utils/platform/messages.ts';
import { readNetworkError } from '../../utils/platform/network-errors.ts';
import { readBody } from '../../utils/platform/prober.ts';
import { advanceRun, decodeWorldMemory, readMeasurement, type WorldMemory } from '../../utils/sources/globalping.ts';
import { finite, parseJson } from '../../utils/sources/json.ts';
import { decodeFeedMemory } from '../../utils/sources/official.ts';
import { plainText } from '../../utils/sources/plain-text.ts';
import { isNullAddress, parseResolverAnswer } from '../../utils/sources/resolver.ts';
import { parseStatusFeed } from '../../utils/sources/status-feed.ts';
import { STATE_KEY } from '../../utils/store/keeper.ts';
import { settingsInForce } from '../../utils/store/managed.ts';
import { decodeIndex, INCIDENTS_KEY } from '../../utils/store/record.ts';
import { decodeReminders, soundReminders } from '../../utils/store/reminders.ts';
import { decodeSettings, soundSettings } from '../../utils/store/settings.ts';
import { decodeState } from '../../utils/store/state.ts';
import { contactedOf, historySource } from '../../utils/view/history-source.ts';
import { elsewhereOf } from '../../utils/view/elsewhere.ts';
import { SNAPSHOTS } from '../../utils/view/examples.ts';
import { isSnapshot } from '../../utils/view/first.ts';
import { worldIsForbidden, worldIsOn } from '../../utils/view/others.ts';
import { seededRandom } from '../fakes/seeded.ts';
import { anyJson, bitten, specimens } from './damage.ts';

/** What reads words of others: the vendor, the network, the store, a file, a page, the browser. */
export interface Parser {
  name: string;
  /** The exported functions that it tries. */
  of: readonly string[];
  input: fc.Arbitrary<unknown>;
  /** Reads one input and throws where a promise was broken. @returns whether anything of it was taken */
  reads(input: never): boolean | Promise<boolean>;
}

export interface FuzzResult {
  parser: string;
  cases: number;
  /** Inputs of which something was taken: where it is none or all, the inputs are too dull. */
  taken: number;
  /** Longest single case, ms, on a machine that may be busy. */
  slowestMs: number;
  violations: string[];
}

const NOW = Date.UTC(2026, 4, 1, 12);
/** Signs that hide, or that turn the direction of writing: nothing of others is shown with them. */
const UNPRINTABLE = /(?![\u200c\u200d])[\p{Cc}\p{Cf}\p{Cs}\p{Co}]/u;
const EVIL = ['\u202e', '\u2066', '\u0000', '\ufeff', '\ud800', '\u{e0001}', '<img src=x onerror=alert(1)>', 'javascript:alert(1)', 'data:text/html,x', '&#x202e;', '&lt;script&gt;', '__proto__', 'constructor', 'toString', '\\', '"', '\n', '{', '[', '1e999', '-0', 'é'.repeat(40), '9'.repeat(40), ' '.repeat(300), 'https://music.apple.com@evil.example/', 'https://music.apple.com.evil.example/', 'https://xn--msic-0ra.apple.com/'];

function fail(what: string): never {
  throw new Error(what);
}

/** An outcome is a value, or an error that names place and reason. @returns whether it is a value */
function outcome(result: Outcome<unknown>): boolean {
  if (!result.ok && (result.error.at === '' || result.error.reason === '')) fail(`an error without ${result.error.at === '' ? 'a place' : 'a reason'}`);
  return result.ok;
}

/** @param lines what is shown to people */
function printable(lines: readonly (string | null | undefined)[], most: number): void {
  for (const line of lines) {
    if (line == null) continue;
    if (UNPRINTABLE.test(line)) fail(`shows ${JSON.stringify(line.slice(0, 80))}`);
    if ([...line].length > most) fail(`shows ${[...line].length} characters`);
  }
}

const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);
const seed = fc.integer({ min: 0, max: 2 ** 31 - 1 });
const junk = fc.oneof(fc.string({ unit: 'binary', maxLength: 80 }), fc.string({ maxLength: 80 }), fc.constantFrom(...EVIL));

/** A sound text with something wrong in it. */
function spoilt(text: string, random: () => number): string {
  for (let i = 0; i <= random() * 4; i++) {
    const at = Math.floor(random() * (text.length + 1));
    const to = Math.min(text.length, at + Math.floor(random() ** 3 * 40));
    const how = random();
    if (how < 0.25) text = text.slice(0, at) + text.slice(to);
    else if (how < 0.5) text = text.slice(0, at) + EVIL[Math.floor(random() * EVIL.length)]! + text.slice(at);
    else if (how < 0.7) text = text.slice(0, to) + text.slice(at, to) + text.slice(to);
    else if (how < 0.9) text = text.slice(0, at) + String.fromCharCode(Math.floor(random() * (random() < 0.8 ? 127 : 65_535))) + text.slice(at + 1);
    else text = text.slice(0, at);
  }
  return text;
}

function texts(...sound: string[]): fc.Arbitrary<string> {
  return fc.oneof(
    { arbitrary: fc.tuple(fc.constantFrom(...sound), seed).map(([text, n]) => spoilt(text, seededRandom(`text/${n}`))), weight: 6 },
    { arbitrary: fc.constantFrom(...sound), weight: 1 },
    { arbitrary: junk, weight: 2 },
    { arbitrary: fc.jsonValue({ maxDepth: 2 }).map((value) => JSON.stringify(value)), weight: 1 },
  );
}

function values(...sound: unknown[]): fc.Arbitrary<unknown> {
  return fc.oneof(
    {
      arbitrary: fc.tuple(fc.constantFrom(...sound), seed).map(([value, n]) => {
        const random = seededRandom(`value/${n}`);
        let spoiled: unknown = value;
        for (let i = 0; i <= random() * 2; i++) spoiled = bitten(random, spoiled);
        return spoiled;
      }),
      weight: 7,
    },
    { arbitrary: fc.constantFrom(...sound), weight: 1 },
    { arbitrary: seed.map((n) => anyJson(seededRandom(`json/${n}`))), weight: 2 },
    { arbitrary: fc.jsonValue({ maxDepth: 2 }), weight: 1 },
  );
}

/** JSON in which something is wrong, as text: either of its value or of its letters. */
function jsonTexts(...sound: unknown[]): fc.Arbitrary<string> {
  return fc.oneof({ arbitrary: values(...sound).map((value) => JSON.stringify(value) ?? ''), weight: 2 }, { arbitrary: texts(...sound.map((value) => JSON.stringify(value))), weight: 1 });
}

const EVENT = { id: '2000000001', service: 'Apple Music', type: 'outage', status: 'ongoing', startedAt: NOW - 3_600_000, endsAt: null, text: 'Users are affected.', hints: ['slow'], music: true };
const FEED = {
  drpost: false, drMessage: null,
  services: [
    { redirectUrl: null, serviceName: 'iTunes Store', events: [{ usersAffected: 'Some users are affected', epochStartDate: NOW - 3_600_000, epochEndDate: null, messageId: '2000000001', statusType: 'Outage', datePosted: '05/01/2026 03:30 PDT', startDate: '05/01/2026 03:00 PDT', endDate: null, affectedServices: ['iTunes Store'], eventStatus: 'ongoing', message: 'The store &amp; sign-in are slow.' }] },
    { redirectUrl: null, serviceName: 'Apple Music', events: [{ usersAffected: 'All', epochStartDate: NOW + 3_600_000, epochEndDate: NOW + 7_200_000, messageId: 1_234_567, statusType: 'Maintenance', startDate: null, endDate: null, eventStatus: 'upcoming', message: 'Planned.' }] },
  ],
};
const RESOLVED = [
  { Status: 0, Question: [{ name: 'itunes.apple.com.', type: 1 }], Answer: [{ name: 'itunes.apple.com', type: 5, data: 'x.akadns.net.' }, { name: 'x.akadns.net', type: 1, data: '23.209.216.33' }] },
  { Status: 3, Question: { name: 'itunes.apple.com' }, extended_dns_errors: [{ info_code: 9, extra_text: 'DNSKEY missing' }], Comment: ['EDE(22): No Reachable Authority'] },
];
const PROBES = [
  { probe: { country: 'JP', tags: ['eyeball-network'] }, result: { status: 'finished', statusCode: 200, headers: { 'content-type': 'application/json' }, rawBody: '{"resultCount":1,"results":[1]}', truncated: false, tls: { authorized: true, expiresAt: '2027-01-01T00:00:00.000Z' } } },
  { probe: { country: 'US', tags: ['datacenter-network'] }, result: { status: 'failed', failureSource: 'target', rawOutput: 'connect ECONNREFUSED' } },
  { probe: { country: 'DE', tags: [] }, result: { status: 'failed', rawOutput: 'getaddrinfo ENOTFOUND' } },
];
const MEASUREMENT = { id: 'abc', type: 'http', target: 'itunes.apple.com', status: 'finished', results: PROBES };
const POLLING = { phase: 'poll', id: 'abc', host: 'itunes.apple.com', country: 'jp', createdAt: NOW - 2_000, nextAt: NOW, etag: '"1"', votes: [{ country: 'jp', kind: 'ok', part: null }, { country: 'us', kind: 'failed', part: 'dns' }] };
const SONG = { id: 'jp:song:1526443567', kind: 'song', title: 'Lemon', artist: 'Kenshi', artwork: 'https://is1-ssl.mzstatic.com/image/a.jpg', url: 'https://music.apple.com/jp/song/lemon/1526443567', addedAt: NOW };
const MESSAGES = [
  { command: 'check', ask: {} }, { command: 'pause', ask: { until: NOW } }, { command: 'dismiss', ask: { incident: 'i1' } }, { command: 'settings', ask: { settings: DEFAULT_SETTINGS } }, { command: 'remind', ask: { reminder: SONG } },
  { command: 'rehearse', ask: { scenario: 'x', speed: 60 } }, { command: 'import', ask: { text: '{}', replace: true } }, { command: 'world-token', ask: { token: 'abc' } }, { command: 'page-arrived', ask: { url: 'https://music.apple.com/jp/new' } },
];
const ADDRESSES = ['https://music.apple.com/jp/album/stray-sheep/1526443567?i=1526443575', 'https://geo.itunes.apple.com/us/artist/id123', 'https://music.apple.com/us/playlist/x/pl.u-8aAVZAAiZ', 'https://classical.music.apple.com/de/album/1', 'https://itunes.apple.com/jp/music-video/x/id9'];
const TITLES = ['Lemon - Song by Kenshi Yonezu - Apple Music', 'Apple Musicで米津玄師の「Lemon」を聴く', '„Alles“ von Nena bei Apple Music', '503 Service Unavailable', 'Apple Music'];
const PAGES = ['<html><head><title>We’ll be back soon</title></head><body><h1>The iTunes Store is undergoing maintenance</h1></body></html>', '<title>503 Service Unavailable</title>Varnish cache server', '<h1>只今メンテナンス中です</h1>', 'urlBag', '<HTML><HEAD><TITLE>Success</TITLE></HEAD><BODY>Success</BODY></HTML>', 'success', 'colo=NRT', '{"resultCount":1,"results":[{}]}', '{"feed":{"results":[1],"updated":"Fri, 1 May 2026 00:00:00 +0000"}}', '{"keys":[{"kty":"RSA"}]}', '{"status":21000}', '/assets/index-1.js'];
/** Of each target, or of each role, an answer that is healthy. */
const GOOD: Readonly<Record<string, string>> = {
  storefront: PAGES[11]!, catalog: PAGES[7]!, directory: PAGES[3]!, charts: PAGES[8]!, account: PAGES[9]!, purchase: PAGES[10]!, neighbour: PAGES[4]!,
  'control-cloudflare': PAGES[6]!, 'control-mozilla': PAGES[5]!, 'control-microsoft': 'Microsoft Connect Test', artwork: 'JFIF', audio: 'ftyp',
};
const HEADERS = { server: 'AkamaiGHost', 'x-cache': 'TCP_MISS from a23', via: '1.1 varnish', 'x-served-by': 'cache-nrt-NRT', 'cf-ray': '8a-NRT', age: '12', date: 'Fri, 01 May 2026 12:00:00 GMT', 'x-apple-application-site': 'NWK', 'content-type': 'application/json', 'retry-after': '30', 'x-ratelimit-remaining': '5' };
const ERRORS = ['net::ERR_NAME_NOT_RESOLVED', 'net::ERR_CERT_DATE_INVALID', 'NS_ERROR_NET_RESET', 'The certificate is not trusted because it is self-signed.', 'net::ERR_HTTP2_PROTOCOL_ERROR', 'NS_BINDING_ABORTED', 'net::ERR_SOMETHING https://user:secret@music.apple.com/jp?token=1'];
const OWN = { id: 'own-id', root: 'chrome-extension://own-id/' };

/** A head whose values are texts, as browsers give them. */
function headersOf(value: unknown): Record<string, string> {
  if (typeof value !== 'object' || value === null) return {};
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name.toLowerCase(), typeof one === 'string' ? one : JSON.stringify(one)]));
}

/** Whether an address, as a browser would follow it, leads to the store and nowhere else. */
function isStore(url: string): boolean {
  return URL.canParse(url) && new URL(url).protocol === 'https:' && (PAGE_HOSTS as readonly string[]).includes(new URL(url).hostname) && new URL(url).username === '';
}

/** @returns all that reads words of others, with inputs that come close to what is right. */
export async function parsers(): Promise<Parser[]> {
  const lives = await specimens();
  const all = lives.at(-1)!;
  const incidents = Object.entries(all).flatMap(([key, value]) => (key.startsWith('incident.') ? [value] : []));
  const record = decodeIncident(incidents[0]);
  if (!record.ok) throw new Error('there is no incident to begin with');
  const { history } = loadHistory(Object.fromEntries(Object.entries(all).filter(([key]) => isHistoryKey(key))));
  const chunks = Object.entries(all).filter(([key]) => isHistoryKey(key) && key !== HISTORY_INDEX);
  const backup: unknown = JSON.parse(exportJson({ history, incidents: [record.value], settings: DEFAULT_SETTINGS, reminders: [SONG as never] }, NOW));
  const portable: unknown = JSON.parse(exportIncident(record.value, 'jp'));
  const folder = join(import.meta.dirname, '../scenarios');
  const scenarios = readdirSync(folder).filter((name) => name.endsWith('.json')).map((name) => JSON.parse(readFileSync(join(folder, name), 'utf8')) as unknown);
  const official = lives.map((life) => (life[STATE_KEY] as { officialRecord: unknown }).officialRecord);
  const told = { schema: 1, readAt: NOW, trouble: null, incidents: [{ ids: ['1'], services: ['Apple Music'], music: true, maintenance: false, hints: ['slow'], status: 'over', startedAt: NOW - 9e6, endsAt: NOW - 5e6, seenAt: NOW - 8e6, admittedAt: NOW - 8e6, afterTheFact: false, overAt: NOW - 5e6, vanished: false, reopened: 0, watched: true }] };
  const judge = TARGETS.find(({ role }) => role === 'catalog')!.judge;

  const table: { [name: string]: Omit<Parser, 'name'> } = {
    'the vendor’s feed': {
      of: ['parseStatusFeed'],
      input: fc.oneof(jsonTexts(FEED), jsonTexts(FEED).map((text) => `jsonCallback(${text});`)),
      reads: (text: string) => {
        const read = parseStatusFeed(text, NOW);
        // What is read of the feed is kept, and must be found sound when it is read again.
        if (read.ok && decodeFeedMemory({ locale: 'en_US', validators: { etag: null, lastModified: null }, events: read.value.slice(0, 50), skip: null }) === null) fail(`an event that cannot be kept: ${JSON.stringify(read.value).slice(0, 300)}`);
        if (read.ok) printable(read.value.flatMap(({ id, service, text: words }) => [id, service, words]), 2_000);
        return outcome(read);
      },
    },
    'what is kept of the feed': {
      of: ['decodeFeedMemory'],
      input: values({ locale: 'ja_JP', validators: { etag: '"a"', lastModified: null }, events: [EVENT], skip: { locale: 'xx', until: NOW } }),
      reads: (value: unknown) => {
        const kept = decodeFeedMemory(value);
        if (kept !== null && !same(decodeFeedMemory(kept), kept)) fail('does not read its own');
        return kept !== null;
      },
    },
    'what the feed says of causes': { of: ['statedCauses'], input: texts('A router failed; we are restoring from storage.', 'Power outage in a data centre', '停電のため'), reads: (text: string) => statedCauses(text).length > 0 },
    'DNS over HTTPS': {
      of: ['parseResolverAnswer'],
      input: jsonTexts(...RESOLVED),
      reads: (text: string) => {
        const read = parseResolverAnswer(text, 'itunes.apple.com');
        if (read.ok) printable([read.value.status, ...read.value.errors], 400);
        return outcome(read);
      },
    },
    'addresses of names': { of: ['isNullAddress'], input: texts('0.0.0.0', '127.0.0.1', '::', '::1', '::ffff:127.0.0.1', '23.1.2.3'), reads: (text: string) => isNullAddress(text) },
    'a measurement from elsewhere': {
      of: ['readMeasurement'],
      input: jsonTexts(MEASUREMENT, { ...MEASUREMENT, status: 'in-progress' }),
      reads: (text: string) => {
        const read = readMeasurement(text, judge, NOW);
        if (read.ok) for (const { country } of read.value.votes) if (!/^[a-z]{2}$/.test(country)) fail(`country ${country}`);
        return outcome(read);
      },
    },
    'answers of the measurement network': {
      of: ['advanceRun'],
      input: fc.record({ status: fc.constantFrom(200, 202, 304, 400, 401, 403, 404, 422, 429, 500, 599), text: jsonTexts({ id: 'abc' }, MEASUREMENT), headers: values(HEADERS).map(headersOf), polls: fc.boolean() }),
      reads: ({ polls, ...answer }: { status: number; text: string; headers: Record<string, string>; polls: boolean }) => {
        const run = polls ? POLLING : { phase: 'create', plan: { type: 'http', target: 'itunes.apple.com', locations: [], timeout: 10, measurementOptions: {} }, country: 'jp', startedAt: NOW, relaxed: false };
        const next = advanceRun({ run, lastRunAt: NOW, blockedUntil: null } as unknown as WorldMemory, { ...answer, bytes: answer.text.length, validators: { etag: null, lastModified: null } }, judge, NOW);
        if (next.blockedUntil !== null && !(next.blockedUntil >= NOW && next.blockedUntil - NOW <= 86_400_000)) fail(`blocked until ${next.blockedUntil}`);
        return next.run?.phase !== 'failed';
      },
    },
    'what is kept of a measurement': {
      of: ['decodeWorldMemory'],
      input: values({ run: POLLING, lastRunAt: NOW, blockedUntil: null }, { run: { phase: 'failed', at: NOW, because: 'limited' }, lastRunAt: NOW, blockedUntil: NOW }),
      reads: (value: unknown) => {
        const kept = decodeWorldMemory(value);
        if (!same(decodeWorldMemory(kept), kept)) fail('does not read its own');
        return kept.run !== null;
      },
    },
    'JSON of strangers': {
      of: ['parseJson', 'parseFile'],
      input: jsonTexts(FEED, '\u0000'),
      reads: (text: string) => {
        // Its callers say what the text was.
        const read = parseJson(text, 500);
        if (read.ok ? text.length > 500 : read.error.reason === '') fail('longer than allowed, or no reason');
        return outcome(parseFile(text));
      },
    },
    'numbers of strangers': { of: ['finite'], input: values(1, 1e300, '7', null), reads: (value: unknown) => finite(value) !== null },
    'words of strangers': {
      of: ['plainText'],
      input: fc.tuple(texts('The store &amp; sign-in &#x202e;are&#8238; slow', '&lt;b&gt;', 'a\u202eb'), fc.integer({ min: 1, max: 60 })),
      reads: ([text, most]: [string, number]) => {
        const plain = plainText(text, most);
        printable([plain], most);
        return plain !== '';
      },
    },
    'titles of pages': {
      of: ['plainText', 'readTitle'],
      input: texts(...TITLES),
      reads: (text: string) => {
        const title = readTitle(text);
        printable([plainTitle(text), title?.title, title?.artist], 200);
        return title !== null;
      },
    },
    'addresses of songs': {
      of: ['songOf', 'placeOf'],
      input: fc.record({ url: texts(...ADDRESSES), title: texts(...TITLES), ogTitle: texts(...TITLES), ogUrl: fc.option(texts(...ADDRESSES)), ogImage: texts('https://is1-ssl.mzstatic.com/image/a.jpg', 'https://evil.example/a.jpg') }),
      reads: ({ url, ...page }: { url: string; title: string; ogTitle: string; ogUrl: string | null; ogImage: string }) => {
        const song = songOf(url, page, NOW);
        if (song === null) return false;
        if (!isStore(song.url) || placeOf(song.url) === null) fail(`leads to ${song.url}`);
        if (song.artwork !== null && !hostOf(song.artwork).endsWith('.mzstatic.com')) fail(`shows ${song.artwork}`);
        printable([song.title, song.artist, song.id], 300);
        if (decodeReminders([song]).length !== 1 && song.url.length <= 600) fail(`cannot be kept: ${JSON.stringify(song)}`);
        return true;
      },
    },
    'kept songs': {
      of: ['decodeReminders', 'soundReminders'],
      input: values([SONG], [{ ...SONG, title: 'a\u202eb', url: 'https://music.apple.com.evil.example/' }, { ...SONG, title: 'Le\u202emon\u0007', artist: '\u2066Kenshi' }]),
      reads: (value: unknown) => {
        const songs = decodeReminders(value);
        if (!same(decodeReminders(songs), songs)) fail('does not read its own');
        for (const { url, title, artist } of songs) {
          if (!isStore(url)) fail(`leads to ${url}`);
          printable([title, artist], 300);
        }
        const whole = soundReminders(value);
        if (whole.ok && !same(whole.value, songs)) fail('whole, and yet something was left out');
        outcome(whole);
        return songs.length > 0;
      },
    },
    'a song of a page': {
      of: ['readReminder'],
      input: values(SONG, { ...SONG, title: 'Le\u202emon', artist: null }),
      reads: (value: unknown) => {
        const song = readReminder(value);
        if (song.ok) {
          if (!isStore(song.value.url)) fail(`leads to ${song.value.url}`);
          printable([song.value.title, song.value.artist], 300);
        }
        return outcome(song);
      },
    },
    'messages': {
      of: ['decodeMessage'],
      input: values(...MESSAGES),
      reads: (value: unknown) => {
        const read = decodeMessage(value);
        return read !== null && outcome(read);
      },
    },
    'senders': {
      of: ['identify'],
      input: fc.oneof(
        values({ id: 'own-id', url: 'https://music.apple.com/jp', origin: 'https://music.apple.com', frameId: 0, tab: { id: 3 } }, { id: 'own-id', url: 'chrome-extension://own-id/popup.html' }, { id: 'other', url: 'https://music.apple.com/' }),
        texts('https://music.apple.com/jp', 'https://music.apple.com.evil.example/', 'http://music.apple.com/', 'chrome-extension://own-id/popup.html').map((url) => ({ id: 'own-id', url, frameId: 0, tab: { id: 1 } })),
      ),
      reads: (value: unknown) => {
        if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
        const { id, url, frameId, tab } = value as Record<string, unknown>;
        // Browsers give texts and numbers here; what they would never give is left out.
        const sender = { id: typeof id === 'string' ? id : undefined, url: typeof url === 'string' ? url : undefined, frameId: typeof frameId === 'number' ? frameId : undefined, tab: typeof tab === 'object' && tab !== null ? { id: typeof (tab as { id?: unknown }).id === 'number' ? (tab as { id: number }).id : undefined } : undefined };
        const who = identify(sender, OWN);
        if (who !== null && sender.id !== OWN.id) fail('somebody else');
        if (who?.kind === 'page' && !isStore(sender.url!.replace(/^(https:\/\/)[^/?#\\]*@/, '$1'))) fail(`a page at ${sender.url}`);
        return who !== null;
      },
    },
    'settings': {
      of: ['decodeSettings', 'soundSettings', 'elsewhereOf', 'worldIsForbidden', 'worldIsOn'],
      input: values(DEFAULT_SETTINGS, { ...DEFAULT_SETTINGS, elsewhere: [{ name: 'Sh\u202eop', url: 'https://shop.example/?q={query}' }], secondOpinion: { resolvers: true, world: 'on-request', storefront: true } }),
      reads: (value: unknown) => {
        const { settings, flaws } = decodeSettings(value);
        if (decodeSettings(settings).flaws.length > 0) fail('does not read its own');
        for (const { at, reason } of flaws) if ((at === '' && !('' in (value as object))) || reason === '') fail('a flaw without a place or a reason');
        if (settings.elsewhere.some(({ url }) => !url.startsWith('https://'))) fail('leads elsewhere than by https');
        printable(settings.elsewhere.map(({ name }) => name), 60);
        for (const { url } of elsewhereOf(value, 'jp')) if (!url.startsWith('https://')) fail(`leads to ${url}`);
        worldIsForbidden(value);
        worldIsOn(value);
        return soundSettings(value).ok;
      },
    },
    'what the pages show': {
      of: ['isSnapshot'],
      input: values(SNAPSHOTS.up, SNAPSHOTS.down),
      reads: (value: unknown) => isSnapshot(value),
    },
    'settings of an organisation': {
      of: ['settingsInForce', 'overlaid'],
      input: fc.record({ own: values(DEFAULT_SETTINGS), managed: values({ interval: 15, notify: { outage: false }, price: { returnLow: 0.9 } }, DEFAULT_SETTINGS, undefined) }),
      reads: (stored: { own: unknown; managed: unknown }) => {
        overlaid(stored);
        const { settings, flaws, fixed } = settingsInForce(stored);
        if (!soundSettings(settings).ok) fail('does not read its own');
        for (const { reason } of flaws) if (reason === '') fail('a flaw without a reason');
        return fixed.size > 0;
      },
    },
    'languages and countries': {
      of: ['chooseLanguage', 'storefrontCountry'],
      input: fc.array(texts('ja-JP', 'zh-Hant-TW', 'en', 'pt-BR', 'x-klingon'), { maxLength: 4 }),
      reads: (list: string[]) => {
        const country = storefrontCountry('auto', list);
        if (!/^[a-z]{2}$/.test(country)) fail(`country ${country}`);
        const language = chooseLanguage('auto', list);
        if (!(LANGUAGES as readonly string[]).includes(language)) fail(`language ${language}`);
        return language !== 'en';
      },
    },
    'the monitor’s state': {
      of: ['decodeState'],
      input: values(...lives.map((life) => life[STATE_KEY])),
      reads: (value: unknown) => {
        const { state, damaged } = decodeState(value, NOW);
        const again = decodeState(JSON.parse(JSON.stringify(state)), NOW);
        if (again.damaged.length > 0) fail(`does not read its own: ${again.damaged[0]}`);
        return damaged.length === 0;
      },
    },
    'the index of incidents': {
      of: ['decodeIndex'],
      input: values(all[INCIDENTS_KEY], ['a', 'b-1']),
      reads: (value: unknown) => {
        const ids = decodeIndex(value);
        if (!same(decodeIndex(ids), ids)) fail('does not read its own');
        return ids.length > 0;
      },
    },
    'incidents': {
      of: ['decodeIncident'],
      input: values(...incidents, { ...record.value, official: [{ id: '1', service: 'Apple\u202e Music', type: 'outage', startedAt: NOW, endsAt: null, text: 'All is\u2066 well' }], because: [{ evidence: 'official.stated', params: { what: '\u202eeruliaf' }, cause: 'dns', weight: 1, sideWeight: 0 }] }),
      reads: (value: unknown) => {
        const read = decodeIncident(value);
        if (read.ok) {
          if (!same(decodeIncident(read.value), read)) fail('does not read its own');
          printable(read.value.official.flatMap(({ service, text }) => [service, text]), 4_000);
          printable(read.value.because.flatMap(({ params }) => Object.values(params).filter((one) => typeof one === 'string')), 4_000);
        }
        return outcome(read);
      },
    },
    'chunks of the history': {
      of: ['decodeChunk', 'loadHistory', 'isSketch'],
      input: fc.tuple(fc.constantFrom(...chunks.map(([key]) => key), 'history.m.1', 'history', 'x'), fc.oneof(values(...chunks.map(([, value]) => value)), texts(...chunks.map(([, value]) => (value as { s: string }).s)).map((s) => ({ s })))),
      reads: ([key, value]: [string, unknown]) => {
        const read = decodeChunk(key, value);
        loadHistory({ [key]: value, [HISTORY_INDEX]: value });
        if (read.ok) {
          if (!same(decodeChunk(key, encodeChunk(read.value)), read)) fail('does not read its own');
          for (const sketches of Object.values(read.value.times)) summariseTimes(joinTimes(sketches.filter((one) => isSketch(one))));
        }
        return outcome(read);
      },
    },
    'the whole store, for the pages': {
      of: ['historySource', 'contactedOf'],
      input: fc.tuple(fc.constantFrom(...Object.keys(all)), values(...Object.values(all))),
      reads: ([key, value]: [string, unknown]) => {
        const few = Object.fromEntries(Object.entries(all).filter(([name]) => name.startsWith('incident') || name === HISTORY_INDEX || name === LEDGER_KEY));
        const source = historySource({ ...few, [key]: value }, NOW);
        const { ms } = source.totals(NOW - 86_400_000, NOW);
        if (Object.values(ms).some((one) => !Number.isFinite(one) || one < 0)) fail(`time ${JSON.stringify(ms)}`);
        return contactedOf(value).length > 0;
      },
    },
    'the ledger': {
      of: ['decodeLedger'],
      input: values(all[LEDGER_KEY]),
      reads: (value: unknown) => {
        const ledger = decodeLedger(value);
        if (!same(decodeLedger(ledger), ledger)) fail('does not read its own');
        return Object.keys(ledger.hosts).length > 0;
      },
    },
    'the vendor’s record': {
      of: ['decodeOfficialRecord'],
      input: values(told, ...official),
      reads: (value: unknown) => {
        const read = decodeOfficialRecord(value);
        if (read.ok && !same(decodeOfficialRecord(read.value), read)) fail('does not read its own');
        return outcome(read);
      },
    },
    'a backup': {
      of: ['importJson'],
      input: jsonTexts(backup),
      reads: (text: string) => outcome(importJson(text)),
    },
    'somebody’s incident': {
      of: ['importIncident'],
      input: jsonTexts(portable),
      reads: (text: string) => outcome(importIncident(text)),
    },
    'scenarios': { of: ['decodeScenario'], input: values(...scenarios), reads: (value: unknown) => outcome(decodeScenario(value)) },
    'names of failures': { of: ['parseFailure'], input: texts('http.503', 'tcp.reset', 'dns.failed', 'toString'), reads: (text: string) => parseFailure(text) !== null },
    'heads of answers': {
      of: ['readAnswer'],
      input: fc.record({ status: fc.integer({ min: 0, max: 999 }), headers: values(HEADERS).map(headersOf), text: texts(...PAGES) }),
      reads: ({ status, headers, text }: { status: number; headers: Record<string, string>; text: string }) => {
        const answer = readAnswer({ status, headers, text, address: null, protocol: null });
        printable([answer.edge, answer.site], 24);
        return answer.edge !== null || answer.by !== null;
      },
    },
    'answers of targets': {
      of: ['isMaintenancePage'],
      input: fc
        .tuple(fc.constantFrom(...TARGETS), fc.constantFrom(200, 200, 204, 206, 301, 403, 405, 429, 500, 503, 511), fc.boolean(), seed, seed)
        .chain(([target, status, cut, n, how]) =>
          fc.record({
            target: fc.constant(target),
            status: fc.constant(status),
            cut: fc.constant(cut),
            headers: values({ ...HEADERS, 'content-type': target.role === 'artwork' ? 'image/jpeg' : 'audio/mp4' }).map(headersOf),
            text: fc.oneof(texts(...PAGES), texts(GOOD[target.id] ?? GOOD[target.role] ?? '')),
            url: fc.constant(how % 4 === 0 ? spoilt(target.url({ country: 'jp', nonce: '1' }), seededRandom(`url/${n}`)) : target.url({ country: 'jp', nonce: '1' })),
          })),
      reads: ({ target, ...answer }: { target: (typeof TARGETS)[number]; status: number; headers: Record<string, string>; text: string; url: string; cut: boolean }) => {
        const result = target.judge({ ...answer, bytes: answer.text.length, now: NOW });
        if (result.kind === 'failed' && parseFailure(result.failure) === null) fail(`no such failure: ${result.failure}`);
        isMaintenancePage(answer.text);
        return result.kind === 'ok';
      },
    },
    'hosts': {
      of: ['hostOf', 'roleOfHost'],
      input: texts(...ADDRESSES, 'https://amp-api.music.apple.com/v1', 'https://p25-buy.itunes.apple.com/'),
      reads: (text: string) => {
        const role = roleOfHost(hostOf(text));
        if (role !== null && !/(?:apple|mzstatic|applemarketingtools)\.com$/.test(hostOf(text))) fail(`${text} is ${role}`);
        return role !== null;
      },
    },
    'words of the browser for a failure': {
      of: ['readNetworkError'],
      input: fc.tuple(texts(...ERRORS), fc.boolean(), fc.boolean()),
      reads: ([error, timedOut, answered]: [string, boolean, boolean]) => {
        const result = readNetworkError(error, { timedOut, answered });
        if (result.kind === 'failed' && parseFailure(result.failure) === null) fail(`no such failure: ${result.failure}`);
        if (result.kind === 'failed' && result.raw !== undefined && /\b(?:[a-z0-9-]+\.)+(?:com|example)\b/i.test(result.raw)) fail(`keeps an address: ${result.raw}`);
        if (result.kind === 'failed') printable([result.raw], 300);
        return result.kind === 'failed' && result.failure !== 'unknown';
      },
    },
    'bodies': {
      of: ['readBody'],
      input: fc.tuple(fc.array(fc.uint8Array({ maxLength: 40 }), { maxLength: 6 }), fc.integer({ min: 1, max: 100 })),
      reads: async ([pieces, maxBytes]: [Uint8Array[], number]) => {
        const body = new ReadableStream<Uint8Array<ArrayBuffer>>({
          start(controller) {
            for (const piece of pieces) controller.enqueue(new Uint8Array(piece));
            controller.close();
          },
        });
        const read = await readBody({ body }, { maxBytes });
        if (read.bytes > maxBytes) fail(`${read.bytes} bytes of ${maxBytes}`);
        if (!read.cut && read.bytes !== pieces.reduce((sum, piece) => sum + piece.length, 0)) fail('bytes were lost');
        return read.bytes > 0;
      },
    },
  };
  return Object.entries(table).map(([name, parser]) => ({ name, ...parser }));
}

/** Gives a parser so many inputs; the same seed gives the same ones. What breaks a promise is made as small as possible and told. */
export async function fuzz(parser: Parser, seedText: string, cases: number): Promise<FuzzResult> {
  let [taken, slowestMs, tried] = [0, 0, 0];
  const random = seededRandom(`fuzz/${seedText}/${parser.name}`);
  const found = await fc.check(
    fc.asyncProperty(parser.input, async (input) => {
      const began = performance.now();
      tried += 1;
      if (await parser.reads(input as never)) taken += 1;
      slowestMs = Math.max(slowestMs, performance.now() - began);
    }),
    { numRuns: cases, seed: Math.floor(random() * 2 ** 31), endOnFailure: false },
  );
  const violations = found.failed ? [`${parser.name}: ${String(found.errorInstance)} at ${(JSON.stringify(found.counterexample) ?? '').slice(0, 600)}`] : [];
  return { parser: parser.name, cases: Math.max(tried, found.numRuns), taken, slowestMs: Math.round(slowestMs), violations };
}
