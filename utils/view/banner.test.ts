import { describe, expect, test } from 'vitest';
import type { BannerGiven } from '../core/banner.ts';
import type { Snapshot } from '../core/snapshot.ts';
import { en } from '../i18n/en/index.ts';
import { ja } from '../i18n/ja/index.ts';
import { translator } from '../i18n/translate.ts';
import { bannerView } from './banner.ts';
import { NOW, SNAPSHOTS, type SnapshotName } from './examples.ts';

const english = translator(en, 'en');
const PLACES = [{ name: 'mora', url: 'https://mora.jp/search/top?keyWord={query}' }];

function viewOf(snapshot: Snapshot, given: Partial<BannerGiven> = {}, t = english) {
  return bannerView({ snapshot, wanted: true, dismissed: [], before: null, ...given }, t, PLACES, NOW);
}

describe('what pages say of each state', () => {
  test.each<[SnapshotName, kind: string, tone: string, title: string, line: RegExp, fine: boolean]>([
    ['down', 'trouble', 'bad', 'It’s the store, not you', /^since .* · suspected: A bad release 46% · likely 20 min to 6 hr more$/, true],
    ['down-silent', 'trouble', 'bad', 'It’s the store, not you', /^since /, true],
    ['degraded', 'trouble', 'warn', 'Part of the store is failing', /^Failing: Audio · since .* · suspected: Storage/, true],
    ['recovering', 'trouble', 'busy', 'The store is coming back', /watching whether it lasts$/, false],
    ['maintenance', 'trouble', 'plan', 'The store is closed for maintenance', /^since .* · until .*, says Apple$/, false],
    ['rehearsal', 'trouble', 'bad', 'It’s the store, not you', /^since /, true],
    ['offline', 'own', 'own', 'This looks like your connection', /^Your connection is down · /, false],
    ['captive-portal', 'own', 'own', 'This looks like your connection', /^This network wants you to sign in · /, false],
    ['path', 'own', 'own', 'This looks like your connection', /^The way to the store is cut · /, false],
  ])('%s', (name, kind, tone, title, line, fine) => {
    const view = viewOf(SNAPSHOTS[name])!;
    expect(view).toMatchObject({ kind, tone, title });
    expect(view.parts.join(' · ')).toMatch(line);
    expect(view.fine !== null).toBe(fine);
    expect(view.places).toEqual(kind === 'trouble' ? PLACES : []);
    expect(view.rehearsal !== null).toBe(name === 'rehearsal');
    expect(JSON.stringify(view)).not.toMatch(/\{(?!query)\w+\}|undefined|NaN/);
  });

  test.each<SnapshotName>(['up', 'up-first', 'up-official', 'suspect', 'blind', 'unknown', 'stale', 'paused', 'problems'])('%s: nothing', (name) => {
    expect(viewOf(SNAPSHOTS[name])).toBeNull();
  });

  test('a cause that cannot be told is not guessed', () => {
    const causes = [{ id: 'undisclosed' as const, p: 0.5 }];
    expect(viewOf({ ...SNAPSHOTS.down, diagnosis: { ...SNAPSHOTS.down.diagnosis!, causes } })!.parts).toContain('the cause can’t be told from outside');
  });

  test('details name causes, what fails, what Apple says and when it was looked', () => {
    const said = Object.fromEntries(viewOf(SNAPSHOTS.down)!.details.map(({ label, text }) => [label, text]));
    expect(Object.keys(said)).toEqual(['Failing', 'Suspected', 'How much longer', 'Apple', 'Last check']);
    expect(said['Apple']).toMatch(/^admitted it at .*, 38 min after it was seen here$/);
    expect(viewOf(SNAPSHOTS['down-silent'])!.details.find(({ label }) => label === 'Apple')!.text).toBe('has said nothing about it so far');
  });

  test('Japanese has every sentence', () => {
    const view = viewOf(SNAPSHOTS.down, {}, translator(ja, 'ja'))!;
    expect(view).toMatchObject({ language: 'ja', title: 'ストア側の障害です', fine: 'お使いの回線は正常です' });
    expect(view.parts.join()).not.toMatch(/[a-z]{4}/);
  });
});

describe('when nothing is shown', () => {
  const { id } = SNAPSHOTS.down.incident!;
  test.each<[string, Partial<BannerGiven>, shown: boolean]>([
    ['wanted', {}, true],
    ['switched off', { wanted: false }, false],
    ['dismissed for this outage', { dismissed: ['older', id] }, false],
    ['dismissed for another', { dismissed: ['older'] }, true],
  ])('%s', (_, given, shown) => {
    expect(viewOf(SNAPSHOTS.down, given) !== null).toBe(shown);
  });
  test('own trouble can be dismissed too', () => {
    const { incident } = viewOf(SNAPSHOTS.offline)!;
    expect(viewOf(SNAPSHOTS.offline, { dismissed: [incident] })).toBeNull();
  });
});

describe('when it is over', () => {
  const before = { kind: 'trouble' as const, incident: 'i-20261103' };
  test('pages that showed it say so, with how long it was, once', () => {
    const view = viewOf(SNAPSHOTS.up, { before })!;
    expect(view).toMatchObject({ kind: 'back', tone: 'ok', title: 'The store is back', parts: ['It failed for 1 hr 52 min'], details: [], places: [], fine: null });
    expect(viewOf(SNAPSHOTS.up, { before: view })).toBeNull();
  });
  test.each([
    ['own trouble that ends is no news', { kind: 'own' as const, incident: 'own:1' }, []],
    ['nor is what was dismissed', before, ['i-20261103']],
  ])('%s', (_, earlier, dismissed) => {
    expect(viewOf(SNAPSHOTS.up, { before: earlier, dismissed })).toBeNull();
  });
});
