import { appendSpan, EMPTY_HISTORY } from '../core/history.ts';
import type { ResponseTime } from '../core/history.ts';
import { historySource } from './history-source.ts';
import type { HistorySource, IncidentRecord } from './history-source.ts';
import { NOW } from './examples.ts';

const MIN = 60_000;
const HOUR = 60 * MIN;
const DAY = 24 * HOUR;

/** Invented incidents: what began so many days before the pictures are taken, how long, why, when it was admitted. */
const PAST: [daysAgo: number, minutes: number, kind: IncidentRecord['kind'], cause: IncidentRecord['causes'][number]['id'], admittedAfter: number | null][] = [
  [20, 112, 'down', 'application-release', 68],
  [47.1, 34, 'degraded', 'cdn-edge', null],
  [83.6, 395, 'down', 'storage', 92],
  [84.9, 21, 'degraded', 'storage', null],
  [118.2, 75, 'maintenance', 'planned-maintenance', -1440],
  [151.8, 58, 'down', 'configuration', 41],
  [203.4, 1560, 'down', 'storage', 124],
  [249.5, 47, 'degraded', 'authentication', 73],
  [297.9, 92, 'down', 'dns', 55],
];

/** @returns one invented incident as it is kept. */
export function exampleIncident([daysAgo, minutes, kind, cause, admittedAfter]: (typeof PAST)[number]): IncidentRecord {
  const startedAt = Math.round((NOW - daysAgo * DAY) / MIN) * MIN;
  const endedAt = startedAt + minutes * MIN;
  const band = (p10: number, p50: number, p90: number) => ({ p10, p50, p90 });
  return {
    schema: 1,
    id: `i-${startedAt}`,
    kind,
    side: 'store',
    startedAt,
    detectedAt: startedAt + 90_000,
    endedAt,
    relapses: minutes > 300 ? 1 : 0,
    flapping: false,
    observed: minutes > 1000 ? 0.71 : 1,
    course: [
      { at: startedAt + 90_000, cause: 'application-release', p: 0.34, kind },
      ...(cause === 'application-release' ? [] : [{ at: startedAt + Math.round(minutes * 0.3) * MIN, cause, p: 0.46, kind }]),
      ...(minutes > 300 ? [{ at: startedAt + Math.round(minutes * 0.6) * MIN, cause, p: 0.63, kind }] : []),
    ],
    causes: [{ id: cause, p: 0.58 }, { id: 'undisclosed', p: 0.21 }, { id: 'middleware', p: 0.13 }, { id: 'power', p: 0.08 }],
    because: [
      { evidence: 'controls.answer', params: {}, cause, weight: 1.2, sideWeight: 2 },
      { evidence: 'onset.abrupt', params: {}, cause, weight: 0.8, sideWeight: 0 },
      { evidence: 'author.origin', params: { share: 92 }, cause, weight: 0.7, sideWeight: 0 },
      { evidence: 'roles.purchase-too', params: {}, cause, weight: -0.5, sideWeight: 0 },
    ],
    seen: {
      storefront: { asked: 40, failed: 38, types: { 'http.503': 36, 'http.timed_out': 2 } },
      catalog: { asked: 41, failed: 40, types: { 'http.503': 40 } },
      audio: { asked: 38, failed: 0, types: {} },
    },
    official: admittedAfter === null ? [] : [{ id: '2000000624', service: 'iTunes Store', type: 'outage', startedAt: startedAt - 4 * MIN, endsAt: null, text: 'Users experienced a problem with this service.' }],
    admittedAt: admittedAfter === null ? null : startedAt + admittedAfter * MIN,
    forecasts: [
      { at: startedAt + 5 * MIN, band: band(12, 75, 380) },
      { at: startedAt + Math.round(minutes / 2) * MIN, band: band(20, 90, 420) },
    ],
    loss: { currency: 'JPY', atRisk: [minutes * 60_000, minutes * 104_000], deferred: [minutes * 40_000, minutes * 90_000], lost: [minutes * 9_000, minutes * 50_000] },
  };
}

/** @returns a year of invented history, as it would lie in the store. */
export function exampleStored(): Record<string, unknown> {
  let history = EMPTY_HISTORY;
  const entries: Record<string, unknown> = {};
  const put = (from: number, to: number, state: 'up' | 'down' | 'degraded' | 'maintenance', times: ResponseTime[] = []) => {
    const appended = appendSpan(history, { from, to, state }, times);
    history = appended.history;
    Object.assign(entries, appended.entries);
  };
  const troubles = PAST.map(([daysAgo, minutes, kind]) => ({ from: Math.round((NOW - daysAgo * DAY) / MIN) * MIN, to: Math.round((NOW - daysAgo * DAY) / MIN) * MIN + minutes * MIN, kind })).sort((a, b) => a.from - b.from);
  for (let day = 318; day >= 0; day--) {
    // The machine is on from 7 to 23; on every ninth day not at all, and in one week of holidays neither.
    if (day % 9 === 4 || (day > 170 && day < 178)) continue;
    const start = NOW - day * DAY - 3 * HOUR - 49 * MIN;
    const end = Math.min(NOW, start + 16 * HOUR);
    let at = start;
    const times = (from: number): ResponseTime[] =>
      (['storefront', 'catalog', 'audio'] as const).flatMap((role, i) => [0, 1, 2].map((n) => ({ role, at: from + n, ms: 90 + i * 60 + 40 * Math.sin(day / 5 + i) + ((day * 37 + n * 53 + i * 11) % 60) + (day === 19 ? 260 : 0) })));
    const step = day < 8 ? HOUR : 16 * HOUR;
    const run = (to: number) => {
      for (; at < to; at = Math.min(to, at + step)) put(at, Math.min(to, at + step), 'up', times(at));
    };
    for (const trouble of troubles) {
      if (trouble.to <= at || trouble.from >= end) continue;
      run(Math.max(at, trouble.from));
      put(at, Math.min(end, trouble.to), trouble.kind);
      at = Math.min(end, trouble.to);
    }
    run(end);
  }
  const records = PAST.map(exampleIncident);
  return {
    ...entries,
    incidents: records.map(({ id }) => id),
    ...Object.fromEntries(records.map((record) => [`incident.${record.id}`, record])),
    ledger: {
      schema: 1,
      hosts: {
        'music.apple.com': { why: 'storefront', count: 41_260, bytes: 61_300_000 },
        'itunes.apple.com': { why: 'catalog', count: 40_981, bytes: 38_100_000 },
        'is1-ssl.mzstatic.com': { why: 'artwork', count: 20_604, bytes: 24_900_000 },
        'www.apple.com': { why: 'official', count: 9_120, bytes: 12_400_000 },
        '1.1.1.1': { why: 'controls', count: 214, bytes: 61_000 },
      },
    },
  };
}

/** @returns the same as the views read it. */
export function exampleSource(): HistorySource {
  return historySource(exampleStored(), NOW);
}
