import { expect, test } from 'vitest';
import type { Answer, Observation } from './observation.ts';
import { familyOf, noteServed, type ServedBy } from './served.ts';

const ANSWER: Answer = { status: 200, by: null, cached: null, edge: 'akamai', site: 'MR22', address: '23.1.2.3', protocol: 'h2', date: null };
const seen = (at: number, answer: Partial<Answer> | null, target = 'catalog'): Observation => ({
  target, role: 'catalog', at, ms: 1, result: { kind: 'ok' }, times: null, bytes: 0, answer: answer === null ? null : { ...ANSWER, ...answer },
});
const after = (...observations: Observation[]): ServedBy => observations.reduce<ServedBy>((served, one) => noteServed(served, [one]), {});

test.each<[what: string, observations: Observation[], sites: [at: number, site: string | null][]]>([
  ['the first answer is noted', [seen(1, {})], [[1, 'MR22']]],
  ['the same site again is no news', [seen(1, {}), seen(2, {})], [[1, 'MR22']]],
  ['another site is', [seen(1, {}), seen(2, { site: 'NWK1' })], [[1, 'MR22'], [2, 'NWK1']]],
  ['an edge that answers without its site is', [seen(1, {}), seen(2, { site: null })], [[1, 'MR22'], [2, null]]],
  ['an answer that names nobody changes nothing', [seen(1, {}), seen(2, { site: null, edge: null })], [[1, 'MR22']]],
  ['no answer changes nothing', [seen(1, {}), seen(2, null)], [[1, 'MR22']]],
  ['only the last four changes are kept', [1, 2, 3, 4, 5, 6].map((at) => seen(at, { site: `S${at}` })), [[3, 'S3'], [4, 'S4'], [5, 'S5'], [6, 'S6']]],
])('%s', (_what, observations, sites) => {
  expect(after(...observations)['catalog']?.sites.map(({ at, site }) => [at, site])).toEqual(sites);
});

test('the way of the last answer is kept while nothing answers', () => {
  expect(after(seen(1, { address: '2a00:1450::5', protocol: 'h3' }), seen(2, null))['catalog']).toMatchObject({ family: 'IPv6', protocol: 'h3' });
  expect(after(seen(1, { address: '2a00:1450::5', protocol: 'h3' }), seen(2, { address: null, protocol: null }))['catalog']).toMatchObject({ family: 'IPv6', protocol: 'h3' });
  expect(after(seen(1, {}), seen(2, {}, 'charts'))['charts']).toMatchObject({ family: 'IPv4' });
});

test.each([['192.0.2.1', 'IPv4'], ['2001:db8::1', 'IPv6'], ['', null], [null, null]])('%s is %s', (address, family) => {
  expect(familyOf(address)).toBe(family);
});
