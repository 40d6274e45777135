import { expect, test } from 'vitest';
import type { Observation } from '../utils/core/observation.ts';
import { TARGETS } from '../utils/core/targets.ts';
import { en } from '../utils/i18n/en/index.ts';
import { ja } from '../utils/i18n/ja/index.ts';
import { translator } from '../utils/i18n/translate.ts';
import { NOW, SNAPSHOTS } from '../utils/view/examples.ts';
import { report } from './start.ts';

const english = translator(en, 'en');

test('a check without a window says state, side, cause with evidence, and one line for each target with its phase', () => {
  const last: Record<string, Observation> = {
    catalog: { target: 'catalog', role: 'catalog', at: NOW, ms: 90, result: { kind: 'failed', failure: 'http.503', phase: 'http', raw: 'net::ERR_X' }, times: null, answer: { status: 503, by: 'origin', cached: null, edge: null, site: null, address: null, protocol: null, date: null }, bytes: 0 },
  };
  const lines = report(SNAPSHOTS.down, last, english, NOW).split('\n');
  expect(lines[0]).toBe(en['verdict.down']);
  expect(lines.find((line) => line.startsWith('side:'))).toMatch(/store 97%/);
  expect(lines.find((line) => line.includes('46%'))).toBeDefined();
  const catalog = lines.findIndex((line) => line.includes('itunes.apple.com') && line.startsWith('✕'));
  expect(lines[catalog]).toMatch(/http\.503.*at the answer.*HTTP 503.*net::ERR_X/);
  expect(lines[catalog + 1]).toMatch(/expected: .*resultCount.*GET https:\/\/itunes\.apple\.com\/lookup/);
  for (const { target } of SNAPSHOTS.down.targets) expect(lines.some((line) => line.includes(TARGETS.find((one) => one.id === target)?.host ?? target))).toBe(true);
});

test('a target that never worked from here is marked as not proven', () => {
  const [first, ...rest] = SNAPSHOTS.up.targets;
  expect(report({ ...SNAPSHOTS.up, targets: [{ ...first!, trusted: false }, ...rest] }, {}, english, NOW).match(/not proven yet/g)).toHaveLength(1);
});

test.each(Object.entries(SNAPSHOTS))('%s can be printed in both languages', (_name, snapshot) => {
  for (const t of [english, translator(ja, 'ja')]) {
    const text = report(snapshot, {}, t, NOW);
    expect(text).not.toMatch(/undefined|\[object|NaN|\{\w+\}/);
    expect(text.split('\n').length).toBeGreaterThan(snapshot.targets.length);
  }
});
