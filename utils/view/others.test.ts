import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { refusal, withAnswer, WORLD_REFUSALS, type WorldOpinion } from '../core/opinion.ts';
import type { TargetLine } from '../core/snapshot.ts';
import type { Failure, Phase } from '../core/failure.ts';
import { en } from '../i18n/en/index.ts';
import { ja } from '../i18n/ja/index.ts';
import { translator } from '../i18n/translate.ts';
import { NOW, SNAPSHOTS } from './examples.ts';
import { countryName, refusalWords, sightsOf, wayHints, worldAnswer, worldIsForbidden, worldIsOn } from './others.ts';

const t = translator(en, 'en');

/** Places as `country: failed/votes`. */
function world(own: string, places: Record<string, [failed: number, votes: number]>): WorldOpinion {
  const list = Object.entries(places).map(([country, [failed, votes]]) => ({ country, failed, votes }));
  const sum = (of: 'failed' | 'votes') => list.reduce((total, place) => total + place[of], 0);
  return { at: NOW, votes: sum('votes'), failed: sum('failed'), ownCountryVotes: places[own]?.[1] ?? 0, ownCountryFailed: places[own]?.[0] ?? 0, places: list };
}

describe('down for everyone, or just you?', () => {
  test.each<[answer: string, places: Record<string, [number, number]>]>([
    ['only-you', { jp: [0, 3], us: [0, 1], de: [0, 1], gb: [0, 1] }],
    ['only-you', { jp: [0, 3], us: [1, 5] }], // one of eight is somebody else's trouble
    ['country-only', { jp: [3, 3], us: [0, 1], de: [0, 1], gb: [0, 1] }],
    ['country-only', { jp: [2, 3], us: [0, 5] }],
    ['everyone', { jp: [3, 3], us: [1, 1], de: [1, 1], gb: [1, 1] }],
    ['everyone', { us: [4, 5] }],
    ['some', { jp: [0, 3], us: [1, 1], de: [1, 1], gb: [0, 1] }],
    ['some', { jp: [3, 3], us: [1, 1], de: [0, 1], gb: [0, 1] }],
    ['some', { jp: [3, 5], us: [1, 2] }],
    ['few', { us: [1, 1], jp: [1, 1] }],
    ['few', {}],
  ])('%s: %o', (answer, places) => {
    expect(worldAnswer(world('jp', places))).toBe(answer);
  });

  test('the places are counted, the own country first in words', () => {
    const opinion = world('jp', { jp: [3, 3], us: [1, 1], de: [1, 1], gb: [1, 1], sg: [1, 1], au: [1, 1], br: [1, 1], fr: [0, 1] });
    const [sight] = sightsOf({ ...SNAPSHOTS.down, world: opinion, resolver: null, storefront: null, storefrontCountry: 'jp' }, t, NOW);
    expect(sight?.text).toBe('Not just you: it fails around the world.');
    expect(sight?.details[0]).toMatch(/^9 of 10 places in 8 countries can’t reach it either; Japan: 3 of 3 fail · asked /);
    expect(sight?.details.slice(1)).toEqual(expect.arrayContaining(['Japan: 3 of 3 fail', 'France: answers']));
    const [japanese] = sightsOf({ ...SNAPSHOTS.down, world: opinion, resolver: null, storefront: null, storefrontCountry: 'jp' }, translator(ja, 'ja'), NOW);
    expect(japanese?.details[0]).toContain('8\u00a0か国の 10\u00a0か所のうち 9\u00a0か所でもつながりません; 日本：3\u00a0か所のうち 3\u00a0か所で失敗');
  });

  test('whatever a country is called by others, nothing throws and nothing is made up', () => {
    fc.assert(fc.property(fc.string(), (code) => typeof countryName(code, 'en') === 'string'));
    expect(countryName('<b>', 'en')).toBe('<b>');
    expect(countryName('jp', 'ja')).toBe('日本');
  });
});

test.each<[names: string, state: 'own' | 'down', phase: Phase, verdict: 'ok' | 'failing' | 'unreachable', key: keyof typeof en]>([
  ['not found here', 'own', 'dns', 'ok', 'popup.do.others.resolver.yours'],
  ['no matter of names', 'down', 'http', 'ok', 'popup.do.others.resolver.ok'],
  ['found by nobody', 'down', 'dns', 'failing', 'popup.do.others.resolver.failing'],
  ['nobody could be asked', 'down', 'dns', 'unreachable', 'popup.do.others.resolver.unreachable'],
])('names %s', (_names, state, phase, verdict, key) => {
  const snapshot = { ...SNAPSHOTS.down, state, targets: [lineOf({ phase, failure: 'unknown' })], world: null, storefront: null, resolver: { at: NOW, verdict, details: ['Google: x SERVFAIL · EDE 22: <b>'] } };
  expect(sightsOf(snapshot, t, NOW)).toEqual([{ id: 'resolver', text: en[key], details: ['Google: x SERVFAIL · EDE 22: <b>'] }]);
});

test('the other storefront counts only against the same question here', () => {
  const own = { ...SNAPSHOTS.down, world: null, resolver: null, storefront: { at: NOW, country: 'us', role: 'catalog' as const, failed: false } };
  expect(sightsOf({ ...own, targets: [lineOf({})] }, t, NOW).map(({ text }) => text)).toEqual(['United States store: answers, so it’s only yours']);
  expect(sightsOf({ ...own, targets: [lineOf({})], storefront: { ...own.storefront, failed: true } }, t, NOW).map(({ text }) => text)).toEqual(['United States store: fails too, so it isn’t only yours']);
  expect(sightsOf({ ...own, targets: [lineOf({ role: 'audio' })] }, t, NOW)).toEqual([]);
});

describe('why there is no opinion', () => {
  test.each(WORLD_REFUSALS)('%s has words, with the time from which on it can be asked again', (because) => {
    const words = refusalWords({ world: refusal(NOW, because, NOW + 600_000) }, t, NOW);
    expect(words).toContain(en[`popup.do.others.why.${because}`]);
    expect(words).toMatch(/Again from .*\.$/);
    expect(refusalWords({ world: refusal(NOW, because, NOW - 1) }, t, NOW)).toBe(because === 'not-yet' ? null : en[`popup.do.others.why.${because}`]);
  });

  test('a refusal does not take an earlier opinion away; an opinion ends a refusal', () => {
    const opinion = world('jp', { jp: [3, 3] });
    expect(withAnswer(opinion, refusal(NOW, 'limited', NOW + 1))).toEqual({ ...opinion, refused: { because: 'limited', until: NOW + 1 } });
    expect(withAnswer(refusal(NOW, 'limited', NOW + 1), opinion)).toEqual(opinion);
    expect(withAnswer(null, refusal(NOW, 'lost', NOW))).toEqual(refusal(NOW, 'lost', NOW));
    expect(refusalWords({ world: null }, t, NOW)).toBeNull();
    expect(refusalWords({ world: opinion }, t, NOW)).toBeNull();
  });
});

function lineOf(line: Partial<TargetLine>): TargetLine {
  return { target: 'x', role: 'catalog', host: 'x.example', at: NOW, status: 'failed', failure: 'timed_out' as Failure, phase: 'unknown', ms: 1, trusted: true, edge: null, site: null, by: null, served: null, ...line };
}
const ok = (line: Partial<TargetLine> = {}): TargetLine => lineOf({ status: 'ok', failure: null, phase: 'done', ...line });
const via = (family: 'IPv4' | 'IPv6' | null, protocol: string | null = null) => ({ served: { sites: [], family, protocol } });
const EDGE = en['popup.way.edge-only'];
const FAMILY = 'What fails was last reached over IPv6, what answers over IPv4: IPv6 may be broken on the way.';
const VERSION = 'What fails was last reached over HTTP/3, what answers over HTTP/2: HTTP/3 may be broken on the way.';

test.each<[what: string, targets: TargetLine[], hints: string[]]>([
  ['errors written by the edge', [lineOf({ failure: 'http.503', phase: 'http', by: 'edge' }), ok()], [EDGE]],
  ['errors written by the application', [lineOf({ failure: 'http.503', phase: 'http', by: 'origin' }), ok()], []],
  ['both', [lineOf({ failure: 'http.503', phase: 'http', by: 'edge' }), lineOf({ failure: 'http.500', phase: 'http', by: 'origin' })], []],
  ['a refusal by the edge is no site that is gone', [lineOf({ failure: 'http.403', phase: 'http', by: 'edge' })], []],
  ['one such error among many silences', [lineOf({ failure: 'http.503', phase: 'http', by: 'edge' }), lineOf({}), lineOf({})], []],
  ['what fails was IPv6, what answers is IPv4', [lineOf(via('IPv6')), lineOf(via('IPv6')), ok(via('IPv4')), ok(via('IPv4'))], [FAMILY]],
  ['one that fails was IPv4', [lineOf(via('IPv6')), lineOf(via('IPv4')), ok(via('IPv4')), ok(via('IPv4'))], []],
  ['nobody knows the family', [lineOf(via(null)), lineOf(via(null)), ok(via('IPv4')), ok(via('IPv4'))], []],
  ['one alone proves nothing', [lineOf(via('IPv6')), ok(via('IPv4')), ok(via('IPv4'))], []],
  ['errors that were answered do not lie with the way', [lineOf({ ...via('IPv6'), failure: 'http.503', phase: 'http' }), lineOf(via('IPv6')), ok(via('IPv4')), ok(via('IPv4'))], []],
  ['names that fail do not lie with it either', [lineOf({ ...via('IPv6'), phase: 'dns' }), lineOf({ ...via('IPv6'), phase: 'dns' }), ok(via('IPv4')), ok(via('IPv4'))], []],
  ['HTTP/3 fails, HTTP/2 answers', [lineOf(via('IPv4', 'h3')), lineOf(via('IPv4', 'h3')), ok(via('IPv4', 'h2')), ok(via('IPv4', 'h2'))], [VERSION]],
  ['a target that never worked counts for nothing', [lineOf({ ...via('IPv6'), trusted: false }), lineOf(via('IPv6')), ok(via('IPv4')), ok(via('IPv4'))], []],
])('%s', (_what, targets, hints) => {
  expect(wayHints(targets, t)).toEqual(hints);
});

test.each([[undefined, false], [null, false], ['x', false], [{ secondOpinion: { world: 'off' } }, false], [{ secondOpinion: { world: 'yes' } }, false], [{ secondOpinion: { world: 'on-request' } }, true], [{ secondOpinion: { world: 'once-per-incident' } }, true]])('consent in %o: %s', (settings, on) => {
  expect(worldIsOn(settings)).toBe(on);
});

test.each([[undefined, false], [null, false], ['x', false], [{ secondOpinion: null }, false], [{ secondOpinion: { world: 'never' } }, false], [{ secondOpinion: { world: 'on-request' } }, false], [{ secondOpinion: { world: 'off' } }, true]])('forbidden by an organisation in %o: %s', (managed, forbidden) => {
  expect(worldIsForbidden(managed)).toBe(forbidden);
});
