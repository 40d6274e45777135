import * as v from 'valibot';
import { bucketsOf, encodeChunk, isHistoryKey, loadHistory, mergeHistory, type Appended, type History } from './history.ts';
import { causeOf, decodeIncident, minutesOf, type IncidentRecord } from './incident-record.ts';
import { flaw, success, type Outcome } from './result.ts';
import type { Reminder } from './reminder.ts';
import type { Settings } from './settings.ts';
import { TIME_STATES } from './time-state.ts';

/** A file with everything the user may take with him: made on one machine, read on another. */
export interface Backup {
  format: 'tsunagaru-backup';
  version: 1;
  /** ms since the epoch. */
  exportedAt: number;
  /** Chunks of the history by their storage keys. */
  history: Record<string, unknown>;
  incidents: IncidentRecord[];
  /** Left to their own decoders. */
  settings?: unknown;
  reminders?: unknown;
}

/** More than ten years of everything; what is larger is not ours. */
export const LARGEST_FILE = 20_000_000;
/** So many incidents are kept; the oldest go first. */
export const MOST_INCIDENTS = 300;

/**
 * @param history the whole history (`allKeys`)
 * @returns the backup as JSON text; the same data gives the same text
 */
export function exportJson(data: { history: History; incidents: readonly IncidentRecord[]; settings?: Settings; reminders?: readonly Reminder[] }, exportedAt: number): string {
  const { history, incidents, settings, reminders } = data;
  const backup: Backup = {
    format: 'tsunagaru-backup',
    version: 1,
    exportedAt,
    history: Object.fromEntries([...history.chunks].sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, chunk]) => [key, encodeChunk(chunk)])),
    incidents: [...incidents].sort((a, b) => a.startedAt - b.startedAt),
    ...(settings && { settings }),
    ...(reminders && { reminders }),
  };
  return JSON.stringify(backup, null, 1);
}

/** A field of a CSV file (RFC 4180). What a spreadsheet would run as a formula is defused with an apostrophe. */
function field(value: string | number | null): string {
  if (value === null) return '';
  if (typeof value === 'number') return String(value);
  const safe = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

const table = (rows: readonly (readonly (string | number | null)[])[]) => rows.map((row) => `${row.map(field).join(',')}\r\n`).join('');
const iso = (at: number) => new Date(at).toISOString();

/**
 * The history as a table: one row for each minute, hour or day in which something was observed, each moment once. Times in UTC,
 * lengths in seconds; a row's five lengths add up to its length.
 * @param history the whole history (`allKeys`)
 */
export function historyCsv(history: History, now: number): string {
  const rows = bucketsOf(history, now).map(({ from, to, ms }) => [iso(from), iso(to), ...TIME_STATES.map((state) => ms[state] / 1000)]);
  return table([['from', 'to', ...TIME_STATES.map((state) => `${state}_s`)], ...rows]);
}

/** The incidents as a table: times in UTC, names as in the catalogue of causes. */
export function incidentsCsv(incidents: readonly IncidentRecord[]): string {
  const header = ['id', 'kind', 'side', 'started', 'detected', 'ended', 'minutes', 'observed_share', 'relapses', 'cause', 'cause_p', 'admitted', 'admitted_after_min', 'lost_low', 'lost_high', 'currency'];
  const rows = [...incidents]
    .sort((a, b) => a.startedAt - b.startedAt)
    .map((record) => [
      record.id,
      record.kind,
      record.side,
      iso(record.startedAt),
      iso(record.detectedAt),
      record.endedAt === null ? null : iso(record.endedAt),
      minutesOf(record),
      record.observed,
      record.relapses,
      causeOf(record),
      record.causes[0]?.p ?? null,
      record.admittedAt === null ? null : iso(record.admittedAt),
      record.admittedAt === null ? null : (record.admittedAt - record.startedAt) / 60_000,
      record.loss?.lost[0] ?? null,
      record.loss?.lost[1] ?? null,
      record.loss?.currency ?? null,
    ]);
  return table([header, ...rows]);
}

const FRAME = v.object({
  format: v.literal('tsunagaru-backup'),
  version: v.literal(1),
  exportedAt: v.pipe(v.number(), v.minValue(0)),
  history: v.record(v.string(), v.unknown()),
  incidents: v.pipe(v.array(v.unknown()), v.maxLength(MOST_INCIDENTS)),
  settings: v.optional(v.unknown()),
  reminders: v.optional(v.unknown()),
});

export interface Imported {
  history: History;
  incidents: IncidentRecord[];
  settings: unknown;
  reminders: unknown;
}

/** @returns the JSON of a file, or why it is none. */
export function parseFile(text: string): Outcome<unknown> {
  if (text.length > LARGEST_FILE) return flaw('file', `larger than ${LARGEST_FILE} characters`);
  try {
    return success(JSON.parse(text.replace(/^\uFEFF/, '')) as unknown);
  } catch (error) {
    return flaw('file', `not JSON: ${(error as Error).message}`);
  }
}

/**
 * Reads a backup. All or nothing: a file with one damaged part is refused, with the place and the reason, and nothing is changed.
 * @param text the file
 */
export function importJson(text: string): Outcome<Imported> {
  const json = parseFile(text);
  if (!json.ok) return json;
  const frame = v.safeParse(FRAME, json.value);
  if (!frame.success) return flaw(v.getDotPath(frame.issues[0]) ?? 'file', frame.issues[0].message);
  const foreign = Object.keys(frame.output.history).find((key) => !isHistoryKey(key));
  if (foreign !== undefined) return flaw(`history.${foreign}`, 'not a key of the history');
  const { history, damaged } = loadHistory(frame.output.history);
  if (damaged[0]) return damaged[0].error.at.startsWith('history') ? { ok: false, error: damaged[0].error } : flaw(`history.${damaged[0].key}`, damaged[0].error.reason);
  const incidents: IncidentRecord[] = [];
  for (const [i, stored] of frame.output.incidents.entries()) {
    const incident = decodeIncident(stored, `incidents.${i}`);
    if (!incident.ok) return incident;
    incidents.push(incident.value);
  }
  const { settings, reminders } = frame.output;
  return success({ history, incidents, settings, reminders });
}

/** What a merge would do, so that the user can be asked before anything he has is overwritten. */
export interface MergedIncidents {
  /** All incidents, oldest first. */
  incidents: IncidentRecord[];
  added: number;
  /** Here already, and the same. */
  same: number;
  /** Ids that are here with other content: kept as they are, unless `replace`. */
  differing: string[];
  /** Left out because there are too many. */
  dropped: number;
}

/**
 * Merges incidents by id. Merging the same again changes nothing.
 * @param replace the user agreed that the file's version wins where both have an incident
 */
export function mergeIncidents(present: readonly IncidentRecord[], imported: readonly IncidentRecord[], replace: boolean): MergedIncidents {
  const byId = new Map(present.map((record) => [record.id, record]));
  let [added, same] = [0, 0];
  const differing: string[] = [];
  for (const record of imported) {
    const known = byId.get(record.id);
    if (known === undefined) added++;
    else if (sameJson(known, record)) same++;
    else differing.push(record.id);
    if (known === undefined || replace) byId.set(record.id, record);
  }
  const all = [...byId.values()].sort((a, b) => a.startedAt - b.startedAt || (a.id < b.id ? -1 : 1));
  return { incidents: all.slice(-MOST_INCIDENTS), added, same, differing, dropped: Math.max(0, all.length - MOST_INCIDENTS) };
}

/** Equal as JSON, whatever the order of the keys. */
function sameJson(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null || Array.isArray(a) !== Array.isArray(b)) return false;
  const [left, right] = [a as Record<string, unknown>, b as Record<string, unknown>];
  const keys = new Set([...Object.keys(left), ...Object.keys(right)]);
  return [...keys].every((key) => sameJson(left[key], right[key]));
}

/**
 * Merges an imported history: what was not observed here is filled in; merging the same again changes nothing.
 * @param present the whole history (`allKeys`)
 * @param replace the user agreed that where the two contradict one another the one that observed more wins
 */
export function mergeImported(present: History, imported: History, now: number, replace = false): Appended {
  return mergeHistory(present, imported, now, replace);
}
