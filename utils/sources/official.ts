import type { OfficialEvent, OfficialReading } from '../core/official.ts';
import type { Language } from '../core/settings.ts';
import { fetchText } from './fetch-text.ts';
import type { Fetch, Validators } from './fetch-text.ts';
import { isObject } from './json.ts';
import { parseStatusFeed } from './status-feed.ts';

/** The page's locale for a language; there is one file for each. English is the fallback. */
const LOCALES: Readonly<Record<Language, string>> = {
  ja: 'ja_JP', en: 'en_US', 'zh-Hant': 'zh_TW', 'zh-Hans': 'zh_CN', ko: 'ko_KR', de: 'de_DE', fr: 'fr_FR', es: 'es_ES', pt: 'pt_BR', it: 'it_IT',
};
const FALLBACK = 'en_US';
const HOUR = 3_600_000;
/** A locale that is missing is tried again the next day; one that was not understood, the next hour. */
const MISSING_FOR = 24 * HOUR;
const NOT_UNDERSTOOD_FOR = HOUR;
const TIMEOUT = 15_000;
const MAX_BYTES = 1_000_000;
/** A page with more events is read anew each time rather than kept. */
const MAX_KEPT = 150;

/** What is kept between two readings. JSON. */
export interface FeedMemory {
  locale: string;
  validators: Validators;
  /** What an unchanged page says. */
  events: OfficialEvent[];
  /** A locale that is passed over in favour of English, and until when (ms since the epoch). */
  skip: { locale: string; until: number } | null;
}

export interface FeedResult {
  reading: OfficialReading;
  /** To be kept and given back next time. */
  memory: FeedMemory | null;
  /** Bytes of bodies read, and requests made, for the ledger. */
  bytes: number;
  requests: number;
}

/** @returns the address of the vendor's consumer feed in a locale ("ja_JP"). */
export function feedUrl(locale: string): string {
  return `https://www.apple.com/support/systemstatus/data/system_status_${locale}.js`;
}

/** An unchanged page, later: announced maintenance begins and ends by the clock, without an edit. */
function aged(events: readonly OfficialEvent[], now: number): OfficialEvent[] {
  return events.map((event) => {
    if (event.status !== 'upcoming' || event.startedAt > now) return event;
    return { ...event, status: event.endsAt !== null && event.endsAt <= now ? 'over' : 'ongoing' };
  });
}

/** Maintenance past its planned end: only the page itself tells whether it was announced and forgotten, or still goes on. */
function outlived(event: OfficialEvent, now: number): boolean {
  return event.type === 'maintenance' && event.status === 'ongoing' && event.endsAt !== null && event.endsAt <= now;
}

type Try = { kind: 'read'; events: OfficialEvent[]; /** As the page gave them, to be kept. */ page: OfficialEvent[]; validators: Validators } | { kind: 'missing' } | { kind: 'unreachable' } | { kind: 'not-understood'; reason: string };

/**
 * Reads the vendor's page in the user's language, in English where that page is missing or not understood; conditional on what was read before.
 * @param language of the user
 * @param now ms since the epoch
 * @param memory what the last reading left, null before the first
 * @returns the reading (never a throw), and what to keep.
 */
export async function readOfficial(fetch: Fetch, language: Language, now: number, memory: FeedMemory | null): Promise<FeedResult> {
  const wanted = LOCALES[language];
  let skip = memory?.skip ?? null;
  if (skip !== null && (skip.locale !== wanted || skip.until <= now || skip.until - now > MISSING_FOR)) skip = null;
  const locales = skip !== null || wanted === FALLBACK ? [FALLBACK] : [wanted, FALLBACK];
  let bytes = 0;
  let requests = 0;

  const attempt = async (locale: string): Promise<Try> => {
    const known = memory !== null && memory.locale === locale && !memory.events.some((event) => outlived(event, now)) ? memory : null;
    requests += 1;
    const answer = await fetchText(fetch, { url: feedUrl(locale), timeoutMs: TIMEOUT, maxBytes: MAX_BYTES, validators: known?.validators ?? null });
    if (!answer.ok) return answer.error.at === 'body' ? { kind: 'not-understood', reason: answer.error.reason } : { kind: 'unreachable' };
    const { status, text, validators } = answer.value;
    bytes += answer.value.bytes;
    if (status === 304 && known !== null) return { kind: 'read', events: aged(known.events, now), page: known.events, validators: known.validators };
    if (status === 404 || status === 410 || status === 403) return { kind: 'missing' };
    if (status !== 200) return { kind: 'unreachable' };
    const events = parseStatusFeed(text, now);
    return events.ok ? { kind: 'read', events: events.value, page: events.value, validators } : { kind: 'not-understood', reason: `${events.error.at}: ${events.error.reason}` };
  };

  let failure: OfficialReading = { kind: 'unreachable', at: now };
  for (const locale of locales) {
    const tried = await attempt(locale);
    if (tried.kind === 'read') {
      const keep = tried.events.length <= MAX_KEPT;
      return {
        reading: { kind: 'read', at: now, events: tried.events },
        memory: { locale, validators: keep ? tried.validators : { etag: null, lastModified: null }, events: keep ? tried.page : [], skip },
        bytes,
        requests,
      };
    }
    if (tried.kind === 'not-understood') failure = { kind: 'not-understood', at: now, reason: tried.reason };
    // The host does not answer: the other language lies on the same host.
    if (tried.kind === 'unreachable') break;
    if (locale !== FALLBACK) skip = { locale, until: now + (tried.kind === 'missing' ? MISSING_FOR : NOT_UNDERSTOOD_FOR) };
  }
  return { reading: failure, memory: memory === null ? null : { ...memory, skip }, bytes, requests };
}

function isEvent(value: unknown): value is OfficialEvent {
  return isObject(value)
    && ['id', 'service', 'text'].every((name) => typeof value[name] === 'string')
    && ['outage', 'issue', 'performance', 'maintenance', 'unknown'].includes(value['type'] as string)
    && ['upcoming', 'ongoing', 'over'].includes(value['status'] as string)
    && Number.isFinite(value['startedAt'])
    && (value['endsAt'] === null || Number.isFinite(value['endsAt']))
    && Array.isArray(value['hints']) && value['hints'].every((hint) => ['sign-in', 'purchase', 'streaming', 'slow', 'maintenance'].includes(hint as string))
    && typeof value['music'] === 'boolean';
}

/** @returns what was kept, or null where it is damaged in any way: the next reading is then unconditional. */
export function decodeFeedMemory(value: unknown): FeedMemory | null {
  if (!isObject(value) || typeof value['locale'] !== 'string' || !isObject(value['validators']) || !Array.isArray(value['events'])) return null;
  const { etag, lastModified } = value['validators'];
  if (!(etag === null || typeof etag === 'string') || !(lastModified === null || typeof lastModified === 'string')) return null;
  if (value['events'].length > MAX_KEPT || !value['events'].every(isEvent)) return null;
  const raw = value['skip'];
  const skip = isObject(raw) && typeof raw['locale'] === 'string' && typeof raw['until'] === 'number' ? { locale: raw['locale'], until: raw['until'] } : null;
  return { locale: value['locale'], validators: { etag, lastModified }, events: value['events'], skip };
}
