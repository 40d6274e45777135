import { flaw, success } from '../core/result.ts';
import type { Outcome } from '../core/result.ts';
import type { OfficialEvent, OfficialHint, OfficialStatus, OfficialType } from '../core/official.ts';
import { finite, isObject, parseJson } from './json.ts';
import type { JsonObject } from './json.ts';
import { plainText } from './plain-text.ts';

/** Recorded feeds have 6–35 kB, some 80 services and at most 6 events for one of them; ten times that is not this feed. */
const MAX_CHARS = 400_000;
const MAX_SERVICES = 500;
const MAX_EVENTS = 60;
const MAX_TEXT = 600;
const MAX_NAME = 120;
const MAX_ID = 40;
/** Id of the page-wide notice (`drMessage`), which belongs to no service. */
export const NOTICE_ID = 'notice';

/** A moment outside these is a mistake of the feed, not a date: 2000 … 2100. */
const EARLIEST = Date.UTC(2000, 0, 1);
const LATEST = Date.UTC(2100, 0, 1);

/* ---- names ---- */

/**
 * Names of services that are part of the music store: shop, music, matching, radio, account, purchase. Names were changed over the years
 * (Beats 1 → Apple Music radio, Apple ID → Apple Account) and are localised, so this is a set of aliases. English and Japanese names are
 * from recorded feeds; those of the account and the radio in other languages are the vendor's product names, not recorded in a feed.
 */
const MUSIC_NAMES: ReadonlySet<string> = new Set([
  'itunes store', 'itunes match', 'itunes in the cloud', 'beats 1', 'radio', 'ラジオ', 'rádio', '라디오', '廣播', '广播',
  'apple id', 'apple account', 'apple アカウント', 'appleアカウント', 'apple 帳號', 'apple 帳戶', 'apple 账户', 'apple 계정', 'compte apple', 'cuenta de apple', 'conta apple',
  'subscription purchase', 'サブスクリプションの購入',
]);
/** Everything that begins like this is the music service, in every language ("Apple Musicのラジオ", "Apple Music-Abonnements") … */
const MUSIC_PREFIX = /^(apple music|itunes store|itunes match)/;
/** … but for what is made for artists and labels, which no listener uses. */
const NOT_FOR_LISTENERS = /^apple music (for artist|connect|toolbox)/;

function normalName(service: string): string {
  return service.normalize('NFKC').toLowerCase().replace(/\s+/g, ' ').trim();
}

/** @returns whether a service of the feed, in whatever language, is part of the music store (shop, music, matching, radio, account, purchase). */
export function isMusic(service: string): boolean {
  const name = normalName(service);
  return MUSIC_NAMES.has(name) || (MUSIC_PREFIX.test(name) && !NOT_FOR_LISTENERS.test(name));
}

/* ---- what the words give away ---- */

/** Words of recorded messages (English and Japanese, 2012–2026) and names of services, by the part they speak of. */
const HINTS: readonly { hint: OfficialHint; text: RegExp; service: RegExp }[] = [
  {
    hint: 'sign-in',
    text: /\bsign(?:ing|ed)?[ -]?in\b|\blog(?:ging|ged)?[ -]?in(?:to)?\b|\bauthenticat|サインイン|ログイン|認証/i,
    service: /^apple (?:id|account)$|sign in|サインイン|アカウント/i,
  },
  {
    hint: 'purchase',
    text: /\bpurchas|\bbuy(?:ing)?\b|\bpayments?\b|\bsubscri|購入|支払|サブスクリプション/i,
    service: /subscription|purchase|サブスクリプション|登録|購入/i,
  },
  {
    hint: 'streaming',
    text: /\bstream|\bplayback\b|\bplay(?:ing)? (?:music|songs?|audio|content|tracks?)|\bradio stations?\b|\blisten|ストリーム|ストリーミング|再生|ラジオ局/i,
    service: /\bradio$|^beats 1$|ラジオ$/i,
  },
  { hint: 'slow', text: /\bslow|\bdelay|\bperformance\b|\bintermittent|速度が低下|遅い|遅かった|遅延|時間がかか/i, service: /(?!)/ },
  { hint: 'maintenance', text: /\bmaintenance\b|メンテナンス/i, service: /(?!)/ },
];

/**
 * @param service name as the feed gives it, English or Japanese
 * @param text the vendor's words, English or Japanese (the Japanese feed has English messages too)
 * @returns what service and words give away about the part that is hit, without repetition; often nothing.
 */
export function hintsOf(service: string, text: string): OfficialHint[] {
  const name = normalName(service);
  return HINTS.filter((entry) => entry.text.test(text) || entry.service.test(name)).map((entry) => entry.hint);
}

/* ---- dates ---- */

const ZONES: Readonly<Record<string, number>> = { JST: 9, PDT: -7, PST: -8, UTC: 0, GMT: 0 };

/** "2021/05/11 18:41 JST" and "08/18/2026 13:01 PDT"; only where the number is missing, since the zone is now and then wrong. */
function dateOfWords(value: unknown): number | null {
  if (typeof value !== 'string') return null;
  const match = /^(?:(\d{4})\/(\d\d)\/(\d\d)|(\d\d)\/(\d\d)\/(\d{4})) (\d\d):(\d\d) ([A-Z]{3})$/.exec(value.trim());
  if (match === null) return null;
  const zone = ZONES[match[9] ?? ''];
  const month = Number(match[2] ?? match[4]);
  const day = Number(match[3] ?? match[5]);
  if (zone === undefined || month < 1 || month > 12 || day < 1 || day > 31) return null;
  return Date.UTC(Number(match[1] ?? match[6]), month - 1, day, Number(match[7]) - zone, Number(match[8]));
}

/** @returns ms since the epoch; null where nothing is given, NaN where what is given is no date. Seconds are recognised. */
function moment(epoch: unknown, words: unknown): number {
  if (epoch === null || epoch === undefined) {
    return words === null || words === undefined ? Number.NaN : (dateOfWords(words) ?? Number.NaN);
  }
  const number = finite(typeof epoch === 'string' && /^\d{9,14}$/.test(epoch) ? Number(epoch) : epoch);
  if (number === null) return Number.NaN;
  const ms = number < 100_000_000_000 ? number * 1000 : number;
  return ms >= EARLIEST && ms < LATEST ? ms : Number.NaN;
}

/* ---- events ---- */

const TYPES: Readonly<Record<string, OfficialType>> = {
  outage: 'outage', issue: 'issue', problem: 'issue', performance: 'performance', maintenance: 'maintenance',
};

function statusOf(event: JsonObject, type: OfficialType, start: number, end: number | null, now: number): OfficialStatus {
  const said = typeof event['eventStatus'] === 'string' ? event['eventStatus'].toLowerCase() : '';
  if (said === 'resolved' || said === 'completed') return 'over';
  if (said === 'ongoing') return 'ongoing';
  // An announced window that has begun or passed without an edit: the clock knows better than the page.
  if (said === 'upcoming' || (said === '' && type === 'maintenance') || said === 'scheduled') {
    if (start > now) return 'upcoming';
    return end !== null && end <= now ? 'over' : 'ongoing';
  }
  if (String(event['statusType']).toLowerCase() === 'available') return 'over';
  // A status nobody has seen so far: what has an end in the past is over, everything else is taken for trouble, never for all clear.
  if (end !== null && end <= now) return 'over';
  return start > now ? 'upcoming' : 'ongoing';
}

function parseEvent(value: unknown, at: string, service: string, now: number): Outcome<OfficialEvent> {
  if (!isObject(value)) return flaw(at, 'an event is not an object');
  const rawId = typeof value['messageId'] === 'number' ? String(value['messageId']) : value['messageId'];
  const id = typeof rawId === 'string' ? plainText(rawId, MAX_ID) : '';
  if (id === '') return flaw(`${at}.messageId`, 'an event without an id');
  const startedAt = moment(value['epochStartDate'], value['startDate']);
  if (Number.isNaN(startedAt)) return flaw(`${at}.epochStartDate`, 'no moment in time');
  const givenEnd = value['epochEndDate'] ?? value['endDate'] ?? null;
  const end = givenEnd === null ? null : moment(value['epochEndDate'], value['endDate']);
  if (end !== null && Number.isNaN(end)) return flaw(`${at}.epochEndDate`, 'no moment in time');
  const statusType = value['statusType'] ?? '';
  if (typeof statusType !== 'string') return flaw(`${at}.statusType`, 'not a text');
  const message = value['message'] ?? '';
  if (typeof message !== 'string') return flaw(`${at}.message`, 'not a text');
  // '' is what an issue's type becomes after it is resolved, now and then.
  const said = statusType.toLowerCase();
  // Every object knows more names than were written into it.
  const type = (Object.hasOwn(TYPES, said) ? TYPES[said] : undefined) ?? 'unknown';
  const status = statusOf(value, type, startedAt, end, now);
  const text = plainText(message, MAX_TEXT);
  const hints = hintsOf(service, text);
  if (type === 'maintenance' && !hints.includes('maintenance')) hints.push('maintenance');
  if (type === 'performance' && !hints.includes('slow')) hints.push('slow');
  // A trouble that goes on has no end, whatever the feed says; only maintenance is planned.
  const endsAt = status === 'ongoing' && type !== 'maintenance' && end !== null && end <= now ? null : end;
  return success({ id, service, type, status, startedAt, endsAt, text, hints, music: isMusic(service) });
}

/** Takes the `jsonCallback(…);` of the developers' feed off; text, never run. */
function unwrap(text: string): string {
  const bare = text.replace(/^\uFEFF/, '').trim();
  if (!bare.startsWith('jsonCallback(')) return bare;
  const end = bare.lastIndexOf(')');
  return end < 0 ? bare : bare.slice('jsonCallback('.length, end);
}

/**
 * Reads the vendor's status feed: bare JSON or wrapped in `jsonCallback(…)`, in any language.
 * @param text the body as it came, untrusted
 * @param now ms since the epoch, against which announced maintenance and unknown states are judged
 * @returns all events, of all services (an empty list = the page says all is well); or what was not understood, and where. A shape that is
 *   not the known one is never "all clear".
 */
export function parseStatusFeed(text: string, now: number): Outcome<OfficialEvent[]> {
  const parsed = parseJson(unwrap(text.slice(0, MAX_CHARS + 1)), MAX_CHARS);
  if (!parsed.ok) return flaw('feed', parsed.error.reason);
  const feed = parsed.value;
  if (!isObject(feed)) return flaw('feed', 'not an object');
  const services = feed['services'];
  if (!Array.isArray(services)) return flaw('services', 'missing');
  if (services.length > MAX_SERVICES) return flaw('services', `more than ${MAX_SERVICES}`);

  const events = new Map<string, OfficialEvent>();
  let named = 0;
  for (const [index, entry] of (services as unknown[]).entries()) {
    if (entry === null) continue;
    const at = `services[${index}]`;
    if (!isObject(entry)) return flaw(at, 'a service is not an object');
    const rawName = entry['serviceName'];
    const service = typeof rawName === 'string' ? plainText(rawName, MAX_NAME) : '';
    if (service === '') return flaw(`${at}.serviceName`, 'a service without a name');
    const list = entry['events'];
    if (!Array.isArray(list)) return flaw(`${at}.events`, 'not a list');
    if (list.length > MAX_EVENTS) return flaw(`${at}.events`, `more than ${MAX_EVENTS}`);
    named += 1;
    for (const [position, value] of (list as unknown[]).entries()) {
      if (value === null) continue;
      const event = parseEvent(value, `${at}.events[${position}]`, service, now);
      if (!event.ok) return event;
      // The same event twice for a service: what still goes on counts.
      const key = `${event.value.id}\n${service}`;
      if (events.get(key)?.status !== 'ongoing') events.set(key, event.value);
    }
  }
  if (named === 0) return flaw('services', 'empty');

  const result = [...events.values()];
  const notice = feed['drMessage'] ?? null;
  if (notice !== null && typeof notice !== 'string') return flaw('drMessage', 'not a text');
  const words = notice === null ? '' : plainText(notice, MAX_TEXT);
  if (words !== '') {
    // Never recorded with a text; shown as the vendor's word, and not counted for the music store, since it names no service.
    result.push({ id: NOTICE_ID, service: '', type: 'unknown', status: 'ongoing', startedAt: now, endsAt: null, text: words, hints: hintsOf('', words), music: false });
  }
  return success(result);
}
