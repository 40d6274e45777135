import { existsSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { decodeOfficialRecord } from '../utils/core/official-record.ts';
import { OWN_SAMPLE, RECORDED_YEARS, replayRecording } from './official-replay.ts';

test('the own sample: late, after the fact, two ids and re-opened, vanished, maintenance, another product', () => {
  const { report, record } = replayRecording(readFileSync(OWN_SAMPLE, 'utf8'));
  expect(report).toMatchObject({
    eventLines: 19, notUnderstood: 0, refused: [], incidents: 6, music: 5, maintenance: 1, vanishedWhileOngoing: 1, reopened: 1, twoIds: 1,
    notifications: 3, notifiedTwice: 0,
    // Lags 90, 100, 30, 90 minutes; one of four only after its end.
    lag: { incidents: 4, admitted: 4, p25: 75, median: 90, p75: 92.5, max: 100, notBeforeEnd: 0.25 },
    postedAsOver: 0.25,
  });
  expect(decodeOfficialRecord(JSON.parse(JSON.stringify(record)))).toEqual({ ok: true, value: record });
});

test.skipIf(!existsSync(RECORDED_YEARS))('three recorded years (apple-status-ja_JP-music-related-event-changes-2019-2021.jsonl)', () => {
  const text = readFileSync(RECORDED_YEARS, 'utf8');
  const { report, record } = replayRecording(text);
  expect(report).toMatchObject({ eventLines: 942, notUnderstood: 0, refused: [], notifiedTwice: 0 });
  expect(report.notifications).toBeLessThanOrEqual(report.music - report.maintenance);
  // Published for the longer recording: quartiles 33 / 73 / 123 minutes, 17 % only after the end.
  expect(report.lag.median).toBeGreaterThan(33);
  expect(report.lag.median).toBeLessThan(123);
  expect(JSON.stringify(record).length).toBeLessThan(60_000);
});
