import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { appendSpan, DAY, EMPTY_HISTORY, HOUR, observedSince, totals, type History } from './history.ts';
import type { IncidentRecord } from './incident-record.ts';
import { DEFAULT_SETTINGS } from './settings.ts';
import { exportJson, historyCsv, importJson, incidentsCsv, LARGEST_FILE, mergeImported, mergeIncidents, MOST_INCIDENTS, parseFile } from './transfer.ts';

const T0 = Date.UTC(2026, 2, 2);
const NOW = T0 + DAY;

const incident = (over: Partial<IncidentRecord> = {}): IncidentRecord => ({
  schema: 1, id: 'a', kind: 'down', side: 'store', startedAt: T0 + HOUR, detectedAt: T0 + HOUR + 60_000, endedAt: T0 + 2 * HOUR, relapses: 0, flapping: false, observed: 1,
  course: [], causes: [{ id: 'dns', p: 0.6 }], because: [], seen: {}, official: [], admittedAt: T0 + HOUR + 30 * 60_000, forecasts: [], loss: null, ...over,
});

function historyOf(...spans: [from: number, to: number, state: 'up' | 'down'][]): History {
  return spans.reduce((history, [from, to, state]) => appendSpan(history, { from: T0 + from, to: T0 + to, state }, [{ role: 'catalog', at: T0 + to, ms: 80 }]).history, EMPTY_HISTORY);
}
const mine = historyOf([0, HOUR, 'up'], [HOUR, 2 * HOUR, 'down']);
const file = exportJson({ history: mine, incidents: [incident()], settings: DEFAULT_SETTINGS, reminders: [] }, NOW);

test('what is exported comes back whole', () => {
  const imported = importJson(file);
  if (!imported.ok) throw new Error(imported.error.reason);
  expect(imported.value.incidents).toEqual([incident()]);
  expect(imported.value.settings).toEqual(DEFAULT_SETTINGS);
  const { history, recorded } = mergeImported(EMPTY_HISTORY, imported.value.history, NOW);
  expect(recorded).toBe(2 * HOUR);
  expect(totals(history, T0, NOW, NOW)).toEqual(totals(mine, T0, NOW, NOW));
  expect(observedSince(history)).toBe(T0);
  expect(exportJson({ history, incidents: imported.value.incidents, settings: DEFAULT_SETTINGS, reminders: [] }, NOW)).toBe(file);
});

test('a byte-order mark does not hurt', () => expect(importJson(`\uFEFF${file}`).ok).toBe(true));

const changed = (change: (backup: Record<string, unknown>) => void) => {
  const backup = JSON.parse(file) as Record<string, unknown>;
  change(backup);
  return JSON.stringify(backup);
};
test.each([
  ['no JSON', 'hello', 'file'],
  ['another program’s', '{"format":"bookmarks"}', 'format'],
  ['a later version', changed((b) => (b['version'] = 2)), 'version'],
  ['a key that is none of the history’s', changed((b) => (b['history'] = { monitor: {} })), 'history.monitor'],
  ['a damaged chunk', changed((b) => (b['history'] = { 'history.d.7': { s: '9U' } })), 'history.d.7.s[0]'],
  ['a damaged incident', changed((b) => (b['incidents'] = [incident(), { ...incident(), side: 'moon' }])), 'incidents.1.side'],
  ['incidents that are no list', changed((b) => (b['incidents'] = {})), 'incidents'],
  ['too many incidents', changed((b) => (b['incidents'] = Array.from({ length: MOST_INCIDENTS + 1 }, () => incident()))), 'incidents'],
  ['a time before all times', changed((b) => (b['exportedAt'] = -1)), 'exportedAt'],
  ['a number in place of the file', '5', 'file'],
  ['a damaged index', changed((b) => (b['history'] = { 'history.index': 5 })), 'history.index'],
  ['a damaged time', changed((b) => (b['history'] = { 'history.d.7': { s: '', t: 5 } })), 'history.d.7.t'],
])('%s is refused as a whole, with its place', (_, text, at) => {
  const outcome = importJson(text);
  expect(outcome.ok ? 'accepted' : outcome.error.at).toBe(at);
  expect(outcome.ok ? '' : outcome.error.reason.length).toBeGreaterThan(3);
});

test('any text, and any JSON, is refused without a throw', () => {
  fc.assert(fc.property(fc.string(), (text) => void expect(importJson(text).ok).toBe(false)));
  fc.assert(fc.property(fc.json(), (text) => void expect(importJson(text).ok).toBe(false)));
  fc.assert(fc.property(fc.jsonValue(), fc.constantFrom('history', 'incidents', 'exportedAt'), (value, key) => void importJson(changed((b) => (b[key] = value)))));
});

test('merging adds what is new, keeps what is here, and says what differs; again changes nothing', () => {
  const present = [incident(), incident({ id: 'b', startedAt: T0 })];
  const imported = [{ ...incident() }, incident({ id: 'b', startedAt: T0, relapses: 3 }), incident({ id: 'c', startedAt: T0 + 5 })];
  const merged = mergeIncidents(present, imported, false);
  expect(merged).toMatchObject({ added: 1, same: 1, differing: ['b'], dropped: 0 });
  expect(merged.incidents.map(({ id, relapses }) => [id, relapses])).toEqual([['b', 0], ['c', 0], ['a', 0]]);
  expect(mergeIncidents(merged.incidents, imported, false).incidents).toEqual(merged.incidents);
  const replaced = mergeIncidents(present, imported, true);
  expect(replaced.incidents[0]).toMatchObject({ id: 'b', relapses: 3 });
  expect(mergeIncidents(replaced.incidents, imported, true)).toMatchObject({ incidents: replaced.incidents, added: 0, differing: [] });
});

test('an imported history fills gaps and overwrites nothing that was seen here', () => {
  const theirs = historyOf([0, HOUR, 'down'], [3 * HOUR, 4 * HOUR, 'up']);
  const { history, recorded } = mergeImported(mine, theirs, NOW);
  expect(recorded).toBe(HOUR);
  expect(totals(history, T0, T0 + 4 * HOUR, NOW).ms).toEqual({ up: 2 * HOUR, degraded: 0, down: HOUR, maintenance: 0, unobserved: HOUR });
  expect(mergeImported(history, theirs, NOW).entries).toEqual({});
});

test('where two histories contradict one another, only consent lets the imported one win', () => {
  const short = historyOf([10 * 60_000, 20 * 60_000, 'down']);
  const long = historyOf([0, 3 * HOUR, 'up']);
  const kept = mergeImported(short, long, NOW).history;
  expect(totals(kept, T0, T0 + 3 * HOUR, NOW).ms).toMatchObject({ down: 600_000, up: 3 * HOUR - 600_000 });
  const replaced = mergeImported(historyOf([0, 30_000, 'down']), long, NOW, true).history;
  expect(totals(replaced, T0, T0 + 3 * HOUR, NOW).ms).toMatchObject({ down: 0, up: 3 * HOUR });
});

test('the table of the history adds up', () => {
  const lines = historyCsv(mine, T0 + 100 * DAY).trimEnd().split('\r\n');
  expect(lines).toEqual(['from,to,up_s,degraded_s,down_s,maintenance_s,unobserved_s', '2026-03-02T00:00:00.000Z,2026-03-03T00:00:00.000Z,3600,0,3600,0,79200']);
  expect(historyCsv(mine, NOW).trimEnd().split('\r\n')).toHaveLength(1 + 120);
});

test('the table of incidents quotes what needs it and runs nothing', () => {
  const csv = incidentsCsv([incident({ id: '-1' }), incident({ endedAt: null, admittedAt: null })]);
  expect(csv.split('\r\n')[1]).toBe("'-1,down,store,2026-03-02T01:00:00.000Z,2026-03-02T01:01:00.000Z,2026-03-02T02:00:00.000Z,60,1,0,dns,0.6,2026-03-02T01:30:00.000Z,30,,,");
  expect(csv.split('\r\n')[2]).toBe('a,down,store,2026-03-02T01:00:00.000Z,2026-03-02T01:01:00.000Z,,,1,0,dns,0.6,,,,,');
});

test('a file that is too large is not even read', () => {
  const text = `"${'x'.repeat(LARGEST_FILE - 2)}"`;
  expect(parseFile(text).ok).toBe(true);
  expect(parseFile(`${text} `)).toMatchObject({ ok: false, error: { at: 'file', reason: `larger than ${LARGEST_FILE} characters` } });
  expect(parseFile('{')).toMatchObject({ ok: false, error: { at: 'file' } });
  expect(parseFile('{')).toMatchObject({ error: { reason: expect.stringMatching(/^not JSON: ./) as string } });
});

test('the same data is the same text, whatever order it came in; what is not given is not there', () => {
  const [a, b] = [incident(), incident({ id: 'b', startedAt: T0 })];
  const other: History = { index: mine.index, chunks: new Map([...mine.chunks].reverse()) };
  expect(exportJson({ history: mine, incidents: [a, b] }, NOW)).toBe(exportJson({ history: other, incidents: [b, a] }, NOW));
  const written = JSON.parse(exportJson({ history: mine, incidents: [a, b] }, NOW)) as Record<string, unknown>;
  expect(Object.keys(written)).toEqual(['format', 'version', 'exportedAt', 'history', 'incidents']);
  expect((written['incidents'] as IncidentRecord[]).map(({ id }) => id)).toEqual(['b', 'a']);
  expect(Object.keys(written['history'] as object)).toEqual(Object.keys(written['history'] as object).sort());
  expect(importJson(JSON.stringify(written))).toMatchObject({ ok: true, value: { settings: undefined, reminders: undefined } });
});

test('a spreadsheet runs nothing, and reads quotes, commas and breaks as they are', () => {
  const cell = (id: string): string => incidentsCsv([incident({ id })]).split('2026')[0]!.slice(0, -',down,store,'.length).split('\r\n').slice(1).join('\r\n');
  for (const [id, written] of [['=1', "'=1"], ['+1', "'+1"], ['-1', "'-1"], ['@a', "'@a"], ['\ta', "'\ta"], ['\ra', '"\'\ra"'], ['a=1', 'a=1'], ['a,b', '"a,b"'], ['a"b', '"a""b"'], ['a\nb', '"a\nb"'], ['a\r\nb', '"a\r\nb"']] as const) expect(cell(id), id).toBe(written);
});

test('the table of incidents: the oldest first, with what it cost', () => {
  const loss = { currency: 'JPY', atRisk: [1, 2], deferred: [3, 4], lost: [5, 6] } as IncidentRecord['loss'];
  const [header, first, second, end] = incidentsCsv([incident({ id: 'b', causes: [] }), incident({ startedAt: T0, detectedAt: T0, endedAt: T0 + 90_000, relapses: 2, observed: 0.5, admittedAt: T0 - 30_000, loss })]).split('\r\n');
  expect(header).toBe('id,kind,side,started,detected,ended,minutes,observed_share,relapses,cause,cause_p,admitted,admitted_after_min,lost_low,lost_high,currency');
  expect(first).toBe("a,down,store,2026-03-02T00:00:00.000Z,2026-03-02T00:00:00.000Z,2026-03-02T00:01:30.000Z,1.5,0.5,2,dns,0.6,2026-03-01T23:59:30.000Z,-0.5,5,6,JPY");
  expect(second).toMatch(/^b,.*,undisclosed,,/);
  expect(end).toBe('');
});

test('incidents that began together stand by their names; the oldest of too many go', () => {
  const many = Array.from({ length: MOST_INCIDENTS + 5 }, (_, i) => incident({ id: `i${String(i).padStart(3, '0')}`, startedAt: T0 + Math.floor(i / 2) }));
  const merged = mergeIncidents(many.slice(0, 100).reverse(), many.slice(100), false);
  expect(merged).toMatchObject({ added: MOST_INCIDENTS - 95, same: 0, dropped: 5 });
  expect(merged.incidents.map(({ id }) => id)).toEqual(many.slice(5).map(({ id }) => id));
  expect(mergeIncidents([], [], false)).toEqual({ incidents: [], added: 0, same: 0, differing: [], dropped: 0 });
});

test.each<[string, Partial<IncidentRecord>, same: boolean]>([
  ['another order of its parts', {}, true],
  ['a part more', { seen: { audio: { asked: 1, failed: 0, types: {} } } }, false],
  ['a list that is shorter', { causes: [] }, false],
  ['nothing in place of something', { admittedAt: null }, false],
  ['a list in place of an object', { seen: [] as unknown as IncidentRecord['seen'] }, false],
])('compared: %s', (_, change, same) => {
  const turned = Object.fromEntries(Object.entries({ ...incident(), ...change }).reverse()) as unknown as IncidentRecord;
  expect(mergeIncidents([incident()], [turned], false)).toMatchObject(same ? { same: 1, differing: [] } : { same: 0, differing: ['a'] });
  expect(mergeIncidents([turned], [incident()], false)).toMatchObject({ same: same ? 1 : 0 });
});
