/**
 * Replays a recording of the vendor's status page through the parser and the record, and prints what it yields as JSON.
 *   node test/official-replay.ts [recording.jsonl]
 * A recording is one line each time an event of a service appeared, changed or vanished:
 *   {"observedAt": ISO, "serviceName", "change": "appeared" | "changed", "event": {…}} or {…, "change": "vanished", "messageId"}
 * Without an argument: the three recorded years, where they lie beside the repository, else the own small sample.
 */
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { admissionStats, EMPTY_RECORD, noteReading, officialView, vendorPasts } from '../utils/core/official-record.ts';
import type { AdmissionStats, OfficialRecord } from '../utils/core/official-record.ts';
import { parseStatusFeed } from '../utils/sources/status-feed.ts';

const MINUTE = 60_000;
/** The recorder read the page every 15 minutes and only what changed was kept: the reading before each change lies this far back. */
const RECORDER_INTERVAL = 15 * MINUTE;

/** Three recorded years (2019–2021), outside the repository. */
export const RECORDED_YEARS = fileURLToPath(new URL('../../shared/fixtures/apple-status-ja_JP-music-related-event-changes-2019-2021.jsonl', import.meta.url));
/** A few incidents of the same shape, made by hand. */
export const OWN_SAMPLE = fileURLToPath(new URL('official-sample.jsonl', import.meta.url));

interface Line {
  observedAt: string;
  serviceName: string;
  change: 'appeared' | 'changed' | 'vanished';
  messageId?: string;
  event?: { messageId: string; eventStatus: string };
}

export interface ReplayReport {
  readings: number;
  eventLines: number;
  /** Event lines that the parser did not give back as an event of that service and id. */
  notUnderstood: number;
  /** Readings refused, with place and reason. */
  refused: string[];
  incidents: number;
  music: number;
  maintenance: number;
  vanishedWhileOngoing: number;
  reopened: number;
  /** Incidents of the music store that went under more than one message id. */
  twoIds: number;
  /** Notifications: at most one for each unplanned incident of the music store, when it is first seen going on. */
  notifications: number;
  /** Of those, notified twice under another name: must be 0. */
  notifiedTwice: number;
  /** `notBeforeEnd` holds the first posting against the end the vendor gave later. */
  lag: AdmissionStats;
  /** Share that was first posted as over: what the published 17 % counts. */
  postedAsOver: number;
}

/** Plays a recording. @returns the figures, and the record at its end. */
export function replayRecording(text: string): { report: ReplayReport; record: OfficialRecord } {
  const lines = text.split('\n').filter((line) => line.trim() !== '').map((line) => JSON.parse(line) as Line);
  const page = new Map<string, Map<string, unknown>>([['App Store', new Map()], ['iTunes Store', new Map()], ['Apple Music', new Map()]]);
  const notified = new Map<string, number>();
  const refused: string[] = [];
  const seen = { all: new Set<string>(), music: new Set<string>(), maintenance: new Set<string>(), vanished: new Set<string>(), twoIds: new Set<string>() };
  let reopened = 0;
  let record = EMPTY_RECORD;
  let readings = 0;
  let eventLines = 0;
  let notUnderstood = 0;

  const read = (at: number): ReadonlySet<string> => {
    readings += 1;
    const services = [...page].map(([serviceName, events]) => ({ redirectUrl: null, serviceName, events: [...events.values()] }));
    const events = parseStatusFeed(JSON.stringify({ drpost: false, drMessage: null, services }), at);
    if (!events.ok) {
      refused.push(`${new Date(at).toISOString()} ${events.error.at}: ${events.error.reason}`);
      record = noteReading(record, { kind: 'not-understood', at, reason: events.error.reason });
      return new Set();
    }
    const before = new Map(record.incidents.map((one) => [one.ids[0], one.reopened]));
    record = noteReading(record, { kind: 'read', at, events: events.value });
    for (const one of record.incidents) {
      const name = `${one.ids[0]}@${one.seenAt}`;
      seen.all.add(name);
      if (one.music) seen.music.add(name);
      if (one.music && one.maintenance) seen.maintenance.add(name);
      if (one.vanished) seen.vanished.add(name);
      if (one.music && one.ids.length > 1) seen.twoIds.add(name);
      reopened += one.reopened - (before.get(one.ids[0]) ?? 0);
    }
    for (const one of officialView(record, at).ongoing) {
      if (one.maintenance) continue;
      const name = `${one.ids[0]}@${one.seenAt}`;
      if (!notified.has(name)) notified.set(name, at);
    }
    return new Set(events.value.map((event) => `${event.service}\n${event.id}`));
  };

  for (let index = 0; index < lines.length; ) {
    const at = Date.parse((lines[index] as Line).observedAt);
    if (readings === 0 || at - RECORDER_INTERVAL > (record.readAt ?? 0)) read(at - RECORDER_INTERVAL);
    const expected: string[] = [];
    for (; index < lines.length && Date.parse((lines[index] as Line).observedAt) === at; index += 1) {
      const line = lines[index] as Line;
      const events = page.get(line.serviceName) ?? new Map<string, unknown>();
      page.set(line.serviceName, events);
      if (line.change === 'vanished') events.delete(line.messageId ?? '');
      else if (line.event !== undefined) {
        eventLines += 1;
        events.set(line.event.messageId, line.event);
        expected.push(`${line.serviceName}\n${line.event.messageId}`);
      }
    }
    const understood = read(at);
    notUnderstood += expected.filter((key) => !understood.has(key)).length;
  }

  const unplanned = record.incidents.filter((one) => one.music && !one.maintenance && one.watched);
  const names = [...notified.keys()].map((name) => name.split('@')[0] as string);
  return {
    report: {
      readings, eventLines, notUnderstood, refused,
      incidents: seen.all.size, music: seen.music.size, maintenance: seen.maintenance.size, vanishedWhileOngoing: seen.vanished.size, reopened, twoIds: seen.twoIds.size,
      notifications: notified.size, notifiedTwice: names.length - new Set(names).size,
      lag: admissionStats(vendorPasts(record)),
      postedAsOver: unplanned.length === 0 ? 0 : unplanned.filter((one) => one.afterTheFact).length / unplanned.length,
    },
    record,
  };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const path = process.argv[2] ?? (existsSync(RECORDED_YEARS) ? RECORDED_YEARS : OWN_SAMPLE);
  const { report } = replayRecording(readFileSync(path, 'utf8'));
  // The figures of the whole recording to the end of 2023 (52 incidents), for comparison.
  const published = { until: '2023-12', incidents: 52, p25: 33, median: 73, p75: 123, max: 449, postedAsOver: 0.17 };
  process.stdout.write(`${JSON.stringify({ recording: path === OWN_SAMPLE ? 'own sample' : path.split('/').at(-1), ...report, published }, null, 2)}\n`);
}
