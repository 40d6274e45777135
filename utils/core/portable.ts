import * as v from 'valibot';
import { FAMILY_OF } from './causes.ts';
import { causeOf, decodeIncident, type IncidentRecord, type Seen } from './incident-record.ts';
import { flaw, success, type Outcome } from './result.ts';
import { isStoreRole, ROLES, type Role, type StoreRole } from './role.ts';
import { parseFile } from './transfer.ts';

/**
 * One incident as a file that somebody else can open and compare with his own. Failures carry the names of W3C Network Error Logging.
 * It holds no address (neither the user's nor a server's), no identifier, no price, nothing of the user but the country of his storefront.
 */
export interface PortableIncident {
  format: 'tsunagaru-incident';
  version: 1;
  /** Country of the storefront that was asked, ISO 3166, lower case. */
  storefront: string;
  incident: Omit<IncidentRecord, 'loss'> & { loss: null };
}

/** Anything that looks like an address: IPv4, IPv6, e-mail. */
const ADDRESS = /\b\d{1,3}(?:\.\d{1,3}){3}\b|(?:[\da-f]{1,4}:){7}[\da-f]{1,4}|[\da-f:]*::[\da-f:]*|[\w.+-]+@[\w-]+\.\w+/gi;

const withoutAddress = (words: string) => words.replace(ADDRESS, '…');

/** @returns the file's text. */
export function exportIncident(record: IncidentRecord, storefront: string): string {
  const because = record.because.map((reason) => ({
    ...reason,
    params: Object.fromEntries(Object.entries(reason.params).map(([name, value]) => [name, typeof value === 'string' ? withoutAddress(value) : value])),
  }));
  const file: PortableIncident = { format: 'tsunagaru-incident', version: 1, storefront, incident: { ...record, because, loss: null } };
  return JSON.stringify(file, null, 1);
}

const FRAME = v.object({
  format: v.literal('tsunagaru-incident'),
  version: v.literal(1),
  storefront: v.pipe(v.string(), v.regex(/^[a-z]{2}$/, 'not a country')),
  incident: v.unknown(),
});

/** @returns the incident of somebody's file, or the place and reason why it is none. */
export function importIncident(text: string): Outcome<PortableIncident> {
  const json = parseFile(text);
  if (!json.ok) return json;
  const frame = v.safeParse(FRAME, json.value);
  if (!frame.success) return flaw(v.getDotPath(frame.issues[0]) ?? 'file', frame.issues[0].message);
  const incident = decodeIncident(frame.output.incident);
  if (!incident.ok) return incident;
  return success({ ...frame.output, incident: { ...incident.value, loss: null } });
}

/** Why two incidents are, or are not, one outage; each has a sentence (`report.compare.` + its name). */
export type Likeness =
  | 'same-time' // they overlap for most of their length
  | 'started-together' // within minutes
  | 'some-overlap'
  | 'other-time'
  | 'same-official' // the vendor's own id is the same
  | 'other-official'
  | 'same-parts'
  | 'other-parts'
  | 'same-failures'
  | 'other-failures'
  | 'same-cause'
  | 'other-cause'
  | 'other-side' // the store here, the way there
  | 'own-side'; // one of them was somebody's own trouble

export interface Comparison {
  /** P(the same outage), 0 … 1. */
  p: number;
  verdict: 'same' | 'perhaps' | 'different';
  /** Strongest first. `weight`: log-odds, positive = speaks for one outage. */
  reasons: { likeness: Likeness; weight: number; params: Record<string, number> }[];
}

const MINUTE = 60_000;
/** Two browsers see the same beginning this far apart: their checks are minutes apart, and so may be their clocks. */
const SAME_START = 15 * MINUTE;
/** Two clocks may differ by so much. */
const CLOCKS = 5 * MINUTE;
/** Before anything is compared: of two incidents that somebody cares to compare, one in three is the same. */
const PRIOR = Math.log(1 / 2);

const length = (profile: ReadonlyMap<string, number>) => Math.sqrt([...profile.values()].reduce((sum, x) => sum + x * x, 0));

/** Cosine of two profiles; null where one of them is empty. */
function likeness(a: ReadonlyMap<string, number>, b: ReadonlyMap<string, number>): number | null {
  const product = length(a) * length(b);
  if (product === 0) return null;
  return [...a].reduce((sum, [key, x]) => sum + x * (b.get(key) ?? 0), 0) / product;
}

/** Share of failures by part, over the parts that both have asked. */
function parts(seen: Seen, other: Seen): Map<string, number> {
  const asked = (role: Role): role is StoreRole => isStoreRole(role) && (seen[role]?.asked ?? 0) > 0 && (other[role]?.asked ?? 0) > 0;
  return new Map(ROLES.filter(asked).map((role) => [role, seen[role]!.failed / seen[role]!.asked]));
}

/**
 * Failures by kind, as shares. Timers of one's own are one kind whatever the phase: one browser sees the phase, the other does not.
 */
function kinds(seen: Seen): Map<string, number> {
  const counts = new Map<string, number>();
  let all = 0;
  for (const role of ROLES) {
    if (!isStoreRole(role)) continue;
    for (const [name, count = 0] of Object.entries(seen[role]?.types ?? {})) {
      const kind = name.includes('timed_out') ? 'timed_out' : name.replace(/^(dns|tls)\..*/, '$1');
      counts.set(kind, (counts.get(kind) ?? 0) + count);
      all += count;
    }
  }
  return new Map([...counts].map(([kind, count]) => [kind, count / all]));
}

/**
 * Whether two incidents, seen from two places, are the same outage. One that lasts still is taken to last until the other's end at least.
 * @returns the same answer for (a, b) as for (b, a)
 */
export function compareIncidents(a: IncidentRecord | PortableIncident['incident'], b: IncidentRecord | PortableIncident['incident']): Comparison {
  const reasons: Comparison['reasons'] = [];
  const add = (likeness: Likeness, weight: number, params: Record<string, number> = {}) => reasons.push({ likeness, weight, params });

  const last = Math.max(a.endedAt ?? 0, b.endedAt ?? 0, a.detectedAt, b.detectedAt);
  const ends = [a.endedAt ?? last, b.endedAt ?? last] as const;
  const overlap = Math.min(...ends) - Math.max(a.startedAt, b.startedAt);
  const whole = Math.max(...ends) - Math.min(a.startedAt, b.startedAt);
  const apart = Math.abs(a.startedAt - b.startedAt);
  if (overlap < -CLOCKS) add('other-time', -8, { minutes: Math.round(-overlap / MINUTE) });
  else {
    const share = whole > 0 ? Math.max(0, overlap) / whole : 1;
    if (share >= 0.5) add('same-time', 2, { percent: Math.round(share * 100) });
    else add('some-overlap', 0.3, { percent: Math.round(share * 100) });
    if (apart <= SAME_START) add('started-together', 1.5, { minutes: Math.round(apart / MINUTE) });
  }

  const ids = new Set(a.official.map(({ id }) => id));
  if (b.official.some(({ id }) => ids.has(id))) add('same-official', 3);
  else if (a.official.length > 0 && b.official.length > 0) add('other-official', -1);

  const where = likeness(parts(a.seen, b.seen), parts(b.seen, a.seen));
  if (where !== null) add(where >= 0.7 ? 'same-parts' : 'other-parts', where >= 0.7 ? 1 : -1.5, { percent: Math.round(where * 100) });
  const how = likeness(kinds(a.seen), kinds(b.seen));
  if (how !== null) add(how >= 0.6 ? 'same-failures' : 'other-failures', how >= 0.6 ? 1 : -0.7, { percent: Math.round(how * 100) });

  const [one, other] = [causeOf(a as IncidentRecord), causeOf(b as IncidentRecord)];
  if (one !== 'undisclosed' && other !== 'undisclosed') {
    if (one === other) add('same-cause', 0.7);
    else if (FAMILY_OF[one] !== FAMILY_OF[other]) add('other-cause', -0.5);
  }
  if (a.side === 'own' || b.side === 'own') add('own-side', -8);
  else if (a.side !== b.side) add('other-side', -2);

  const p = 1 / (1 + Math.exp(-(PRIOR + reasons.reduce((sum, { weight }) => sum + weight, 0))));
  return { p, verdict: p >= 0.8 ? 'same' : p >= 0.3 ? 'perhaps' : 'different', reasons: reasons.sort((x, y) => Math.abs(y.weight) - Math.abs(x.weight)) };
}
