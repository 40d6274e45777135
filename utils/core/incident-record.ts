import * as v from 'valibot';
import { CAUSES, type Cause, type Undisclosed } from './causes.ts';
import type { Reason, Side } from './diagnosis.ts';
import { parseFailure, type Failure } from './failure.ts';
import type { PastOutage } from './forecast.ts';
import type { IncidentKind } from './incident.ts';
import { failureOf, isOk, type Observation } from './observation.ts';
import { flaw, success, type Outcome } from './result.ts';
import { withoutHidden } from './plain.ts';
import { ROLES, type Role } from './role.ts';
import type { Band, Loss } from './snapshot.ts';

/** Most of each list that one record holds: a record is 2 kB as a rule and 40 kB at the very worst, however long the outage. */
export const LIMITS = { course: 48, because: 16, causes: 8, types: 8, official: 8, forecasts: 16, text: 300 } as const;

/** What was seen of one role during an incident: how many observations, and what the failures were. */
export interface RoleSeen {
  asked: number;
  failed: number;
  /** How often each failure was seen, W3C NEL names; the most frequent eight. */
  types: Partial<Record<Failure, number>>;
}

export type Seen = Partial<Record<Role, RoleSeen>>;

/** What the vendor's page said of an incident. */
export interface OfficialSaid {
  id: string;
  service: string;
  type: 'outage' | 'issue' | 'performance' | 'maintenance' | 'unknown';
  startedAt: number;
  endsAt: number | null;
  text: string;
}

/** Under this and its id a record lies in the browser's local store. */
export const INCIDENT_PREFIX = 'incident.';

/** What is kept of an incident for ever. Times are ms since the epoch. No address of the user, nothing that names him. */
export interface IncidentRecord {
  schema: 1;
  id: string;
  kind: IncidentKind;
  side: Side;
  /** First failure. */
  startedAt: number;
  /** When it was told. */
  detectedAt: number;
  /** First healthy check of the final recovery; null while it lasts. */
  endedAt: number | null;
  relapses: number;
  flapping: boolean;
  /** Share of its length that was observed, 0 … 1. */
  observed: number;
  /** The leading cause each time it changed, oldest first. */
  course: { at: number; cause: Cause | Undisclosed; p: number; kind: IncidentKind }[];
  /** The last diagnosis: the most probable causes, and why. */
  causes: { id: Cause | Undisclosed; p: number }[];
  because: Reason[];
  seen: Seen;
  official: OfficialSaid[];
  /** When the vendor's page first said so in our sight; null = never. */
  admittedAt: number | null;
  forecasts: { at: number; band: Band }[];
  loss: Loss | null;
}

const kind = v.picklist(['down', 'degraded', 'maintenance']);
const time = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(8.64e15));
const share = v.pipe(v.number(), v.minValue(0), v.maxValue(1));
const count = v.pipe(v.number(), v.integer(), v.minValue(0));
const amount = v.pipe(v.number(), v.minValue(0));
const range = v.tuple([amount, amount]);
const cause = v.picklist([...CAUSES, 'undisclosed']);
/** A record may come from somebody else's file: its words are shown. */
const text = (most: number) => v.pipe(v.string(), v.maxLength(most), v.transform(withoutHidden));
const list = <T extends v.GenericSchema>(item: T, most: number) => v.pipe(v.array(item), v.maxLength(most));
const failure = v.custom<Failure>((name) => typeof name === 'string' && parseFailure(name) !== null, 'not the name of a failure');
const roleSeen = v.object({
  asked: count,
  failed: count,
  types: v.pipe(v.record(v.pipe(v.string(), failure), count), v.check((types) => Object.keys(types).length <= LIMITS.types, 'too many types')),
});

const RECORD = v.pipe(
  v.object({
    schema: v.literal(1),
    id: v.pipe(v.string(), v.regex(/^[\w-]{1,40}$/, 'not an id')),
    kind,
    side: v.picklist(['own', 'path', 'store']),
    startedAt: time,
    detectedAt: time,
    endedAt: v.nullable(time),
    relapses: count,
    flapping: v.boolean(),
    observed: share,
    course: list(v.object({ at: time, cause, p: share, kind }), LIMITS.course),
    causes: list(v.object({ id: cause, p: share }), LIMITS.causes),
    because: list(
      v.object({
        evidence: v.pipe(v.string(), v.regex(/^[\w.-]{1,80}$/, 'not the name of an observation')),
        params: v.record(v.pipe(v.string(), v.regex(/^\w{1,40}$/)), v.union([v.number(), text(LIMITS.text)])),
        cause,
        weight: v.number(),
        sideWeight: v.number(),
      }),
      LIMITS.because,
    ),
    seen: v.strictObject(Object.fromEntries(ROLES.map((role) => [role, v.optional(roleSeen)]))),
    official: list(
      v.object({
        id: text(80),
        service: text(120),
        type: v.picklist(['outage', 'issue', 'performance', 'maintenance', 'unknown']),
        startedAt: time,
        endsAt: v.nullable(time),
        text: text(LIMITS.text),
      }),
      LIMITS.official,
    ),
    admittedAt: v.nullable(time),
    forecasts: list(v.object({ at: time, band: v.object({ p10: amount, p50: amount, p90: amount }) }), LIMITS.forecasts),
    loss: v.nullable(v.object({ currency: v.pipe(v.string(), v.regex(/^[A-Z]{3}$/, 'not a currency')), atRisk: range, deferred: range, lost: range })),
  }),
  v.check(({ startedAt, endedAt }) => endedAt === null || endedAt >= startedAt, 'ends before it starts'),
);

/**
 * @param stored any JSON: from the store, or from somebody else's file
 * @param at how the place is called in the error
 * @returns the record, or the first place that is wrong and why. What a newer version added is dropped
 */
export function decodeIncident(stored: unknown, at = 'incident'): Outcome<IncidentRecord> {
  const parsed = v.safeParse(RECORD, stored);
  if (parsed.success) return success(parsed.output as IncidentRecord);
  const [issue] = parsed.issues;
  return flaw([at, v.getDotPath(issue)].filter(Boolean).join('.'), issue.message);
}

/** Cuts text at a limit, and no character in half. */
function cut(words: string, most: number): string {
  return words.length <= most ? words : `${words.slice(0, most - 1).replace(/[\uD800-\uDBFF]$/, '')}…`;
}

/** Keeps the first entries and the latest: how it began and how it ended are both told. */
function ends<T>(entries: readonly T[], most: number): T[] {
  return entries.length <= most ? [...entries] : [...entries.slice(0, most / 4), ...entries.slice(entries.length - (most - most / 4))];
}

/** @returns the record with every list and text cut to `LIMITS`. What is built from live data goes through here before it is stored. */
export function boundRecord(record: IncidentRecord): IncidentRecord {
  return {
    ...record,
    observed: Math.min(1, Math.max(0, record.observed)),
    course: ends(record.course, LIMITS.course),
    causes: record.causes.slice(0, LIMITS.causes),
    because: record.because.slice(0, LIMITS.because).map((reason) => ({
      ...reason,
      params: Object.fromEntries(Object.entries(reason.params).map(([name, value]) => [name, typeof value === 'string' ? cut(value, LIMITS.text) : value])),
    })),
    seen: Object.fromEntries(Object.entries(record.seen).map(([role, seen]) => [role, { ...seen, types: mostFrequent(seen.types) }])),
    official: record.official.slice(-LIMITS.official).map((said) => ({ ...said, id: cut(said.id, 80), service: cut(said.service, 120), text: cut(said.text, LIMITS.text) })),
    forecasts: ends(record.forecasts, LIMITS.forecasts),
  };
}

function mostFrequent(types: RoleSeen['types']): RoleSeen['types'] {
  const sorted = (Object.entries(types) as [Failure, number][]).sort(([a, n], [b, m]) => m - n || (a < b ? -1 : 1));
  return Object.fromEntries(sorted.slice(0, LIMITS.types));
}

/**
 * Adds a check's observations to what was seen of an incident; what was thrown away does not count.
 * @returns a new summary
 */
export function countSeen(seen: Seen, observations: readonly Observation[]): Seen {
  const next: Seen = { ...seen };
  for (const observation of observations) {
    const failure = failureOf(observation);
    if (failure === null && !isOk(observation)) continue;
    const before = next[observation.role] ?? { asked: 0, failed: 0, types: {} };
    const types = failure === null ? before.types : mostFrequent({ ...before.types, [failure]: (before.types[failure] ?? 0) + 1 });
    next[observation.role] = { asked: before.asked + 1, failed: before.failed + (failure === null ? 0 : 1), types };
  }
  return next;
}

// ---- what the records tell together ----

const MINUTE = 60_000;

/** @returns length in minutes; null while it lasts. */
export function minutesOf(record: IncidentRecord): number | null {
  return record.endedAt === null ? null : (record.endedAt - record.startedAt) / MINUTE;
}

/** @returns the leading cause at the end. */
export function causeOf(record: IncidentRecord): Cause | Undisclosed {
  return record.causes[0]?.id ?? record.course.at(-1)?.cause ?? 'undisclosed';
}

/**
 * How past forecasts did.
 * @returns of `made` forecasts of incidents that are over, `inside` ended within the band: four in five when the bands are honest
 */
export function scoreForecasts(records: readonly Pick<IncidentRecord, 'endedAt' | 'forecasts'>[]): { made: number; inside: number } {
  let [made, inside] = [0, 0];
  for (const { endedAt, forecasts } of records) {
    if (endedAt === null) continue;
    for (const { at, band } of forecasts) {
      if (at >= endedAt) continue;
      const minutes = (endedAt - at) / MINUTE;
      made++;
      if (minutes >= band.p10 && minutes <= band.p90) inside++;
    }
  }
  return { made, inside };
}

/** Of an incident that was mostly slept through nobody knows the length. */
const WELL_OBSERVED = 0.5;

/** @returns outages of the store that this browser saw well, for the forecast, oldest first. */
export function pastOutages(records: readonly IncidentRecord[]): PastOutage[] {
  return records
    .filter((record) => record.side === 'store' && record.kind !== 'maintenance' && record.endedAt !== null && record.observed >= WELL_OBSERVED)
    .sort((a, b) => a.startedAt - b.startedAt)
    .map((record) => ({ cause: causeOf(record), minutes: minutesOf(record)! }));
}

export interface Statistics {
  /** Most frequent first. Minutes are of those that are over: median null where none is. */
  byCause: { cause: Cause | Undisclosed; count: number; medianMin: number | null; totalMin: number }[];
  /** Incidents that began in each local hour, 0 … 23. */
  byHour: number[];
  /** Incidents that began on each local weekday, Sunday first. */
  byWeekday: number[];
}

/**
 * @param utcOffsetMinutes how far local time is ahead of UTC at a moment (it changes with summer time)
 * @returns statistics of the incidents by cause, hour and weekday; maintenance is left out
 */
export function statisticsOf(records: readonly IncidentRecord[], utcOffsetMinutes: (at: number) => number): Statistics {
  const byHour = Array.from({ length: 24 }, () => 0);
  const byWeekday = Array.from({ length: 7 }, () => 0);
  const minutes = new Map<Cause | Undisclosed, (number | null)[]>();
  for (const record of records) {
    if (record.kind === 'maintenance') continue;
    const local = new Date(record.startedAt + utcOffsetMinutes(record.startedAt) * MINUTE);
    byHour[local.getUTCHours()]! += 1;
    byWeekday[local.getUTCDay()]! += 1;
    const cause = causeOf(record);
    minutes.set(cause, [...(minutes.get(cause) ?? []), minutesOf(record)]);
  }
  const byCause = [...minutes].map(([cause, lengths]) => {
    const known = lengths.filter((length) => length !== null).sort((a, b) => a - b);
    const middle = known.length / 2;
    const medianMin = known.length === 0 ? null : (known[Math.ceil(middle) - 1]! + known[Math.floor(middle)]!) / 2;
    return { cause, count: lengths.length, medianMin, totalMin: known.reduce((sum, length) => sum + length, 0) };
  });
  return { byCause: byCause.sort((a, b) => b.count - a.count || b.totalMin - a.totalMin), byHour, byWeekday };
}
