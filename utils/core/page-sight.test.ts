import { expect, test } from 'vitest';
import { notePage, pageSights } from './page-sight.ts';
import type { PageHost } from './round.ts';

const MINUTE = 60_000;
const HOST = 'aod-ssl.itunes.apple.com';
const met = (failed: number, answered: number, kinds: PageHost['kinds'] = failed > 0 ? { 'tcp.refused': failed } : {}) => ({ byHost: { [HOST]: { role: 'audio' as const, failed, answered, kinds } } });

test('failures of several checks add up, and the commonest kind is named', () => {
  let page = notePage([], met(1, 0, { 'tcp.reset': 1 }), 0);
  expect(pageSights(page)).toEqual([]);
  page = notePage(page, met(2, 0), MINUTE);
  expect(pageSights(page)).toEqual([{ role: 'audio', host: HOST, failure: 'tcp.refused', failed: 3 }]);
});

test.each<[string, Parameters<typeof notePage>[1], number]>([
  ['answers again', met(0, 1), MINUTE],
  ['answers more often than it fails', met(1, 2), MINUTE],
  ['has not been heard of for a quarter of an hour', null, 15 * MINUTE],
  ['failed in what is the future by now', null, -MINUTE],
])('a host that %s is forgotten', (_, page, at) => {
  expect(notePage(notePage([], met(3, 0), 0), page, at)).toEqual([]);
});

test('what failed on the machine itself is nobody else’s', () => {
  expect(notePage([], met(4, 0, { 'local.offline': 3, 'local.proxy': 1 }), 0)).toEqual([]);
  expect(pageSights(notePage([], met(5, 0, { 'local.offline': 3, 'tcp.reset': 2 }), 0))).toEqual([{ role: 'audio', host: HOST, failure: 'tcp.reset', failed: 2 }]);
});

test('it stays bounded, the latest kept', () => {
  const many = { byHost: Object.fromEntries(Array.from({ length: 40 }, (_, n) => [`h${n}`, { role: 'catalog' as const, failed: 2, answered: 0, kinds: { 'http.503': 2 } as const }])) };
  const page = notePage([], many, 0);
  expect(page).toHaveLength(12);
  expect(page.at(-1)!.host).toBe('h39');
});
