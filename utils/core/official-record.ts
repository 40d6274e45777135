import { flaw, success } from './result.ts';
import type { Outcome } from './result.ts';
import type { OfficialEvent, OfficialHint, OfficialReading, OfficialStatus } from './official.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** Two message ids are one incident when they share a service and began within this time of one another. */
const SAME_START = 30 * MINUTE;
/** … or when both hit the music store and began in the same minute (seen: sign-in and store posted apart, equal to the minute). */
const SAME_MINUTE = MINUTE;
/** An id that comes back this long after is another incident: ids were renumbered once. */
const ID_LIFETIME = 30 * DAY;
/** The page leaves some "ongoing" for weeks (641 hours were recorded): after this time it is no news and admits nothing new. */
const AGED = 3 * DAY;
/** The page's start and ours are not the same clock: intervals that miss one another by less are one incident. */
const SLACK = 10 * MINUTE;
/** A first sight counts for the vendor's record only when the page had been read this shortly before; else it is our gap, not his lag. */
const WATCHED_GAP = 35 * MINUTE;
/** How long an incident that is over is still worth showing. */
const LATELY = 2 * DAY;

const MAX_MUSIC = 100;
const MAX_OTHERS = 30;
const MAX_SERVICES = 12;
const MAX_IDS = 8;

/** One incident as the vendor's page told it over many readings. All times in ms since the epoch. */
export interface OfficialIncident {
  /** All message ids it went under; the first is its name for ever. */
  ids: string[];
  /** Names of services as the page gave them, at most twelve. */
  services: string[];
  /** Whether a part of the music store is among them. */
  music: boolean;
  maintenance: boolean;
  hints: OfficialHint[];
  status: OfficialStatus;
  /** The earliest start the vendor ever gave (it is moved backwards now and then). */
  startedAt: number;
  /** The end he gives; planned, for maintenance that is not over. */
  endsAt: number | null;
  /** First reading in which it stood there at all. */
  seenAt: number;
  /** First reading in which he said that it goes on or went on (maintenance: that it will); null while none. */
  admittedAt: number | null;
  /** Whether it was already over when it was first posted. */
  afterTheFact: boolean;
  /** First reading in which it was over or gone; null while it is not. */
  overAt: number | null;
  /** Gone from the page without ever being declared over. */
  vanished: boolean;
  reopened: number;
  /** Whether the page had been read shortly before the first sight, so that the lag is the vendor's. */
  watched: boolean;
}

/** What the vendor's page said over time. JSON; bounded to 130 incidents. */
export interface OfficialRecord {
  schema: 1;
  /** Last reading that was understood. */
  readAt: number | null;
  /** Why the last reading is none, and since when; null when it was understood. */
  trouble: { kind: 'unreachable' | 'not-understood'; since: number; reason: string } | null;
  /** Oldest first by start. */
  incidents: OfficialIncident[];
}

/** The record before the first reading. */
export const EMPTY_RECORD: OfficialRecord = { schema: 1, readAt: null, trouble: null, incidents: [] };

interface Group {
  id: string;
  events: OfficialEvent[];
  services: string[];
  music: boolean;
  maintenance: boolean;
  status: OfficialStatus;
  startedAt: number;
  endsAt: number | null;
}

function unique<T>(values: readonly T[]): T[] {
  return [...new Set(values)];
}

function group(id: string, events: OfficialEvent[]): Group {
  const status: OfficialStatus = events.some((event) => event.status === 'ongoing')
    ? 'ongoing'
    : events.some((event) => event.status === 'upcoming') ? 'upcoming' : 'over';
  const ends = events.map((event) => event.endsAt);
  return {
    id,
    events,
    services: unique(events.map((event) => event.service)),
    music: events.some((event) => event.music),
    maintenance: events.some((event) => event.type === 'maintenance'),
    status,
    startedAt: Math.min(...events.map((event) => event.startedAt)),
    endsAt: ends.includes(null) ? null : Math.max(...ends.filter((end) => end !== null)),
  };
}

function sameIncident(incident: OfficialIncident, next: Group): boolean {
  const apart = Math.abs(incident.startedAt - next.startedAt);
  if (incident.ids.includes(next.id)) return incident.status !== 'over' || apart < ID_LIFETIME;
  if (incident.maintenance !== next.maintenance) return false;
  if (apart <= SAME_START && next.services.some((service) => incident.services.includes(service))) return true;
  return apart <= SAME_MINUTE && incident.music && next.music && !next.maintenance;
}

function begin(first: Group, at: number, previous: number | null): OfficialIncident {
  return {
    ids: [],
    services: [],
    music: false,
    maintenance: first.maintenance,
    hints: [],
    status: first.status,
    startedAt: first.startedAt,
    endsAt: first.endsAt,
    seenAt: at,
    admittedAt: null,
    afterTheFact: first.status === 'over',
    overAt: null,
    vanished: false,
    reopened: 0,
    watched: previous !== null && at - previous <= WATCHED_GAP,
  };
}

function merge(incident: OfficialIncident, groups: readonly Group[], at: number): OfficialIncident {
  const ongoing = groups.some((next) => next.status === 'ongoing');
  const status: OfficialStatus = ongoing ? 'ongoing' : groups.some((next) => next.status === 'upcoming') ? 'upcoming' : 'over';
  const ends = groups.map((next) => next.endsAt);
  const events = groups.flatMap((next) => next.events);
  const reopens = status === 'ongoing' && incident.overAt !== null && incident.overAt < at;
  return {
    ...incident,
    ids: unique([...incident.ids, ...groups.map((next) => next.id)]).slice(0, MAX_IDS),
    // Services of the music store first, so that the bound never cuts them.
    services: unique([...events.filter((event) => event.music).map((event) => event.service), ...incident.services, ...events.map((event) => event.service)]).slice(0, MAX_SERVICES),
    music: incident.music || groups.some((next) => next.music),
    hints: unique([...incident.hints, ...events.flatMap((event) => event.hints)]),
    status,
    startedAt: Math.min(incident.startedAt, ...groups.map((next) => next.startedAt)),
    endsAt: ends.includes(null) ? null : Math.max(...ends.filter((end) => end !== null)),
    admittedAt: incident.admittedAt ?? (status === 'upcoming' && !incident.maintenance ? null : at),
    overAt: status === 'over' ? (incident.overAt ?? at) : null,
    vanished: false,
    reopened: incident.reopened + (reopens ? 1 : 0),
  };
}

/** An incident that is not on the page any more: what was going on has ended, what was only announced is taken back (null). */
function absent(incident: OfficialIncident, at: number): OfficialIncident | null {
  if (incident.status === 'over') return incident;
  if (incident.status === 'upcoming' && incident.startedAt > at) return null;
  return { ...incident, status: 'over', overAt: at, vanished: true };
}

function prune(incidents: readonly OfficialIncident[]): OfficialIncident[] {
  const sorted = [...incidents].sort((a, b) => a.startedAt - b.startedAt);
  const kept = new Set([...sorted.filter((one) => one.music).slice(-MAX_MUSIC), ...sorted.filter((one) => !one.music).slice(-MAX_OTHERS)]);
  return sorted.filter((one) => kept.has(one));
}

/**
 * Notes one reading of the vendor's page.
 * A reading that failed changes no incident: what was going on is not ended by a page that cannot be read.
 * @returns the new record; the old one is left as it was. A reading older than the last one is ignored.
 */
export function noteReading(record: OfficialRecord, reading: OfficialReading): OfficialRecord {
  if (record.readAt !== null && reading.at < record.readAt) return record;
  if (reading.kind !== 'read') {
    const same = record.trouble?.kind === reading.kind ? record.trouble : null;
    const reason = reading.kind === 'not-understood' ? reading.reason : '';
    return { ...record, trouble: { kind: reading.kind, since: same?.since ?? reading.at, reason } };
  }
  const byId = new Map<string, OfficialEvent[]>();
  for (const event of reading.events) {
    // A page-wide notice has no id and no service: it is shown from the reading itself.
    if (event.service === '') continue;
    const list = byId.get(event.id);
    if (list === undefined) byId.set(event.id, [event]);
    else list.push(event);
  }
  const incidents = [...record.incidents];
  const touched = new Map<number, Group[]>();
  for (const [id, events] of byId) {
    const next = group(id, events);
    const known = incidents.findLastIndex((one) => one.ids.includes(id) && sameIncident(one, next));
    let index = known >= 0 ? known : incidents.findLastIndex((one) => sameIncident(one, next));
    // Two new ids of one reading can be one incident as well: the fresh one already carries its services.
    if (index < 0) index = incidents.push(merge(begin(next, reading.at, record.readAt), [next], reading.at)) - 1;
    touched.set(index, [...(touched.get(index) ?? []), next]);
  }
  const after = incidents.map((incident, index) => {
    const groups = touched.get(index);
    return groups === undefined ? absent(incident, reading.at) : merge(incident, groups, reading.at);
  });
  return { schema: 1, readAt: reading.at, trouble: null, incidents: prune(after.filter((one) => one !== null)) };
}

/** A stretch of time, ms since the epoch; `endedAt` null = goes on. */
export interface Stretch {
  startedAt: number;
  endedAt: number | null;
}

function vendorEnd(incident: OfficialIncident): number {
  if (incident.status !== 'over') return Number.POSITIVE_INFINITY;
  return incident.endsAt ?? incident.overAt ?? incident.startedAt;
}

/**
 * When the vendor first admitted what we saw: the first reading in which his page spoke of an incident of the music store (or of announced
 * maintenance) that overlaps ours, ten minutes either way. May lie after our end (he admitted it once it was over), and before our
 * start (announced maintenance). What has stood there for more than three days admits nothing new.
 * @returns ms since the epoch, or null where he has not admitted it so far.
 */
export function admittedAt(record: OfficialRecord, ours: Stretch): number | null {
  const end = ours.endedAt ?? Number.POSITIVE_INFINITY;
  const times = record.incidents
    .filter((one) => one.music && one.admittedAt !== null)
    .filter((one) => one.startedAt <= end + SLACK && vendorEnd(one) >= ours.startedAt - SLACK && ours.startedAt - one.startedAt < AGED)
    .map((one) => one.admittedAt as number);
  return times.length === 0 ? null : Math.min(...times);
}

/** What the page says now, for the views: incidents of the music store only, newest first. */
export interface OfficialView {
  /** Goes on, by the vendor's word, and is not aged. Maintenance under way is here too. */
  ongoing: OfficialIncident[];
  /** Announced ahead. */
  upcoming: OfficialIncident[];
  /** Over for less than two days. */
  lately: OfficialIncident[];
  readAt: number | null;
  reachable: boolean;
  understood: boolean;
  /** Why it was not understood; empty where it was. */
  reason: string;
}

/** @param now ms since the epoch @returns the vendor's page as of its last reading. */
export function officialView(record: OfficialRecord, now: number): OfficialView {
  const music = record.incidents.filter((one) => one.music).sort((a, b) => b.startedAt - a.startedAt);
  return {
    ongoing: music.filter((one) => one.status === 'ongoing' && now - one.startedAt < AGED),
    upcoming: music.filter((one) => one.status === 'upcoming'),
    lately: music.filter((one) => one.status === 'over' && one.overAt !== null && now - one.overAt < LATELY),
    readAt: record.readAt,
    reachable: record.trouble?.kind !== 'unreachable',
    understood: record.trouble?.kind !== 'not-understood',
    reason: record.trouble?.reason ?? '',
  };
}

/** A past incident and when the vendor admitted it. */
export interface Past {
  startedAt: number;
  endedAt: number;
  admittedAt: number | null;
}

/** The vendor's record over past incidents. Lags in minutes from the start to the first admission; null where there is none to count. */
export interface AdmissionStats {
  incidents: number;
  admitted: number;
  p25: number | null;
  median: number | null;
  p75: number | null;
  max: number | null;
  /** Share of incidents that were over before he admitted them, or that he never admitted; 0 … 1. */
  notBeforeEnd: number | null;
}

function quantile(sorted: readonly number[], share: number): number | null {
  if (sorted.length === 0) return null;
  const place = (sorted.length - 1) * share;
  const low = sorted[Math.floor(place)] as number;
  const high = sorted[Math.ceil(place)] as number;
  return low + (high - low) * (place - Math.floor(place));
}

/** @returns how late the vendor was over these incidents, and how often he was too late. Quartiles by linear interpolation. */
export function admissionStats(pasts: readonly Past[]): AdmissionStats {
  const lags = pasts
    .filter((past) => past.admittedAt !== null)
    .map((past) => ((past.admittedAt as number) - past.startedAt) / MINUTE)
    .sort((a, b) => a - b);
  const late = pasts.filter((past) => past.admittedAt === null || past.admittedAt >= past.endedAt).length;
  return {
    incidents: pasts.length,
    admitted: lags.length,
    p25: quantile(lags, 0.25),
    median: quantile(lags, 0.5),
    p75: quantile(lags, 0.75),
    max: lags.at(-1) ?? null,
    notBeforeEnd: pasts.length === 0 ? null : late / pasts.length,
  };
}

/**
 * The vendor's own incidents as past incidents, by his own clock: unplanned ones of the music store that are over and whose first posting
 * was seen by a reading that followed the last one closely.
 */
export function vendorPasts(record: OfficialRecord): Past[] {
  return record.incidents
    .filter((one) => one.music && !one.maintenance && one.watched && one.status === 'over')
    .map((one) => ({
      startedAt: one.startedAt,
      // One that was posted after the fact has ended by then, even where no end is given.
      endedAt: one.afterTheFact ? Math.min(one.endsAt ?? one.seenAt, one.seenAt) : Math.max(vendorEnd(one), one.startedAt),
      admittedAt: one.admittedAt,
    }));
}

/* ---- decoder ---- */

type Fields = Readonly<Record<string, unknown>>;

const STATUSES: ReadonlySet<unknown> = new Set(['upcoming', 'ongoing', 'over']);
const HINTS: ReadonlySet<unknown> = new Set(['sign-in', 'purchase', 'streaming', 'slow', 'maintenance']);
const TIMES = ['startedAt', 'seenAt', 'reopened'] as const;
const TIMES_OR_NULL = ['endsAt', 'admittedAt', 'overAt'] as const;
const FLAGS = ['music', 'maintenance', 'afterTheFact', 'vanished', 'watched'] as const;

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isTexts(value: unknown, most: number): value is string[] {
  return Array.isArray(value) && value.length <= most && value.every((one) => typeof one === 'string' && one.length <= 200);
}

function decodeIncident(value: unknown, at: string): Outcome<OfficialIncident> {
  if (!isFields(value)) return flaw(at, 'not an object');
  if (!isTexts(value['ids'], MAX_IDS) || value['ids'].length === 0) return flaw(`${at}.ids`, 'not a list of ids');
  if (!isTexts(value['services'], MAX_SERVICES)) return flaw(`${at}.services`, 'not a list of names');
  const hints = value['hints'];
  if (!Array.isArray(hints) || !hints.every((hint) => HINTS.has(hint))) return flaw(`${at}.hints`, 'not a list of hints');
  if (!STATUSES.has(value['status'])) return flaw(`${at}.status`, 'no such status');
  for (const name of TIMES) if (!Number.isFinite(value[name])) return flaw(`${at}.${name}`, 'not a number');
  for (const name of TIMES_OR_NULL) if (value[name] !== null && !Number.isFinite(value[name])) return flaw(`${at}.${name}`, 'neither a number nor null');
  for (const name of FLAGS) if (typeof value[name] !== 'boolean') return flaw(`${at}.${name}`, 'neither true nor false');
  const checked = value as unknown as OfficialIncident;
  return success({
    ids: [...checked.ids],
    services: [...checked.services],
    music: checked.music,
    maintenance: checked.maintenance,
    hints: unique(checked.hints),
    status: checked.status,
    startedAt: checked.startedAt,
    endsAt: checked.endsAt,
    seenAt: checked.seenAt,
    admittedAt: checked.admittedAt,
    afterTheFact: checked.afterTheFact,
    overAt: checked.overAt,
    vanished: checked.vanished,
    reopened: checked.reopened,
    watched: checked.watched,
  });
}

/** Reads a stored record, trusting nothing. @returns the record, or the place and reason why it is none. */
export function decodeOfficialRecord(value: unknown): Outcome<OfficialRecord> {
  if (!isFields(value)) return flaw('record', 'not an object');
  if (value['schema'] !== 1) return flaw('record.schema', 'unknown');
  const readAt = value['readAt'];
  if (readAt !== null && (typeof readAt !== 'number' || !Number.isFinite(readAt))) return flaw('record.readAt', 'neither a number nor null');
  const raw = value['trouble'];
  let trouble: OfficialRecord['trouble'] = null;
  if (raw !== null) {
    if (!isFields(raw)) return flaw('record.trouble', 'neither an object nor null');
    const { kind, since, reason } = raw;
    if (kind !== 'unreachable' && kind !== 'not-understood') return flaw('record.trouble.kind', 'no such kind');
    if (typeof since !== 'number' || !Number.isFinite(since)) return flaw('record.trouble.since', 'not a number');
    if (typeof reason !== 'string') return flaw('record.trouble.reason', 'not a text');
    trouble = { kind, since, reason };
  }
  const list = value['incidents'];
  if (!Array.isArray(list)) return flaw('record.incidents', 'not a list');
  if (list.length > MAX_MUSIC + MAX_OTHERS) return flaw('record.incidents', `more than ${MAX_MUSIC + MAX_OTHERS}`);
  const incidents: OfficialIncident[] = [];
  for (const [index, entry] of (list as unknown[]).entries()) {
    const incident = decodeIncident(entry, `record.incidents[${index}]`);
    if (!incident.ok) return incident;
    incidents.push(incident.value);
  }
  return success({ schema: 1, readAt, trouble, incidents });
}
