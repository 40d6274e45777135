import { expect, test } from 'vitest';
import type { IncidentRecord } from '../core/incident-record.ts';
import { compareIncidents } from '../core/portable.ts';
import { en } from '../i18n/en/index.ts';
import { ja } from '../i18n/ja/index.ts';
import { translator } from '../i18n/translate.ts';
import { comparisonWords, reportText } from './report.ts';

const MINUTE = 60_000;
const T0 = Date.UTC(2026, 2, 2, 1, 2);
const english = translator(en, 'en');
const japanese = translator(ja, 'ja');

const record = (over: Partial<IncidentRecord> = {}): IncidentRecord => ({
  schema: 1, id: 'a', kind: 'down', side: 'store', startedAt: T0, detectedAt: T0 + MINUTE, endedAt: T0 + 200 * MINUTE, relapses: 1, flapping: false, observed: 0.92,
  course: [], causes: [{ id: 'dns', p: 0.61 }, { id: 'configuration', p: 0.2 }, { id: 'storage', p: 0.01 }],
  because: [{ evidence: 'kind.timed-out', params: { share: 80 }, cause: 'dns', weight: 1, sideWeight: 1 }, { evidence: 'nobody.knows', params: {}, cause: 'dns', weight: 1, sideWeight: 1 }, { evidence: 'kind.refused', params: { share: 20 }, cause: 'dns', weight: -0.5, sideWeight: 0 }],
  seen: { catalog: { asked: 50, failed: 40, types: { 'http.503': 30, 'tcp.timed_out': 10 } }, controls: { asked: 9, failed: 0, types: {} } },
  official: [], admittedAt: T0 + 39 * MINUTE, forecasts: [{ at: T0 + 5 * MINUTE, band: { p10: 20, p50: 100, p90: 400 } }],
  loss: { currency: 'JPY', atRisk: [10e6, 20e6], deferred: [5e6, 18e6], lost: [900_000, 2_400_000] }, ...over,
});

test('an incident as text', () => {
  expect(reportText(record(), english, T0, 'UTC').split('\n')).toEqual([
    'The iTunes Store could not be reached',
    'Began: Mar 2, 2026, 1:02 AM UTC',
    'Ended: Mar 2, 2026, 4:22 AM UTC, after 3 hr 20 min',
    'Observed: 92% of that time',
    'Came back once',
    `Suspected cause: ${english('cause.dns')} (61%), ${english('cause.configuration')} (20%)`,
    'Because:',
    '+ 80 % of the failures: no answer in time',
    '− 20 % of the failures: the connection is refused',
    'Seen:',
    'Search: 40 of 50 failed (http.503 ×30, tcp.timed_out ×10)',
    'Other companies: 0 of 9 failed',
    'Apple’s status page: said so at Mar 2, 2026, 1:41 AM UTC (39 min after it began)',
    'Forecasts: 1 of 1 ends lay within the range given',
    'Estimated sales lost: ¥900K – ¥2.4M (an estimate, not a measurement)',
    'Seen from one browser by Tsunagaru.',
    '',
  ]);
});

test('in Japanese, going on, and not admitted', () => {
  const text = reportText(record({ endedAt: null, admittedAt: null, observed: 1 }), japanese, T0 + 60 * MINUTE, 'Asia/Tokyo');
  expect(text).toContain('発生：2026年3月2日 10:02 JST');
  expect(text).toMatch(/継続中（これまで 1\s?時間）/);
  expect(text).toContain('掲載なし');
  expect(text).toContain('50回中40回失敗（http.503 ×30, tcp.timed_out ×10）');
  expect(text).not.toMatch(/[{}]|undefined|NaN|report\./);
});

test('maintenance that was announced', () => {
  const text = reportText(record({ kind: 'maintenance', admittedAt: T0 - 600 * MINUTE, because: [], causes: [], seen: {}, forecasts: [], loss: null }), english, T0, 'UTC');
  expect(text.split('\n')[0]).toBe('Maintenance of the iTunes Store');
  expect(text).toContain('announced beforehand');
});

test('every verdict and every likeness has a sentence in both languages', () => {
  const others = [record(), record({ startedAt: T0 + 3000 * MINUTE, detectedAt: T0 + 3000 * MINUTE, endedAt: T0 + 3010 * MINUTE }), record({ side: 'own' }), record({ side: 'path', startedAt: T0 + 150 * MINUTE, causes: [{ id: 'storage', p: 1 }] })];
  for (const t of [english, japanese]) {
    for (const other of others) {
      const theirs = { ...other, loss: null };
      const words = comparisonWords(record(), theirs, t);
      expect(words.verdict).toBe(compareIncidents(record(), theirs).verdict);
      for (const { sentence } of [words, ...words.reasons]) expect(sentence).not.toMatch(/[{}]|report\.|^[a-z-]+$/);
    }
  }
});
