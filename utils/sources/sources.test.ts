import { expect, test } from 'vitest';
import { createSources, FEED_KEY, WORLD_KEY } from './sources.ts';
import type { SourceNeeds } from './sources.ts';
import { feedUrl } from './official.ts';
import { WORLD_TOKEN_KEY } from '../core/opinion.ts';
import { success } from '../core/result.ts';
import type { Target } from '../core/target.ts';

const NOW = Date.UTC(2026, 4, 1, 12);
const TARGET: Target = {
  id: 'x', role: 'catalog', host: 'store.example', method: 'GET', maxBytes: 1000, usualMs: 100,
  url: ({ country, nonce }) => `https://store.example/${country}?n=${nonce}`,
  judge: ({ text }) => (text.includes('songs') ? { kind: 'ok' } : { kind: 'failed', failure: 'content.unexpected', phase: 'content' }),
};
const CONTEXT = { country: 'jp', nonce: '1' };
const result = (body: string) => ({ probe: { country: 'JP', tags: [] }, result: { status: 'finished', statusCode: 200, headers: {}, rawBody: body, truncated: false, tls: null } });

function needs(change: Partial<SourceNeeds> = {}, entries: Record<string, unknown> = {}) {
  let now = NOW;
  const kept: Record<string, unknown> = { ...entries };
  const log: string[] = [];
  const whole: SourceNeeds = {
    fetch: async (url, init) => {
      log.push(`${init.method} ${url}${new Headers(init.headers).get('authorization') ?? ''}`);
      if (init.method === 'POST') return new Response('{"id":"m1"}', { status: 202 });
      if (url.includes('globalping')) return new Response(JSON.stringify({ status: 'finished', target: 'store.example', results: [result('songs'), result('')] }));
      if (url === feedUrl('ja_JP')) return new Response('{"services":[{"serviceName":"iTunes Store","events":[]}]}', { headers: { etag: '"1"' } });
      throw new TypeError('x');
    },
    probe: async (target, context) => { log.push(target.url(context)); return { target: target.id, role: target.role, at: now, ms: 1, result: { kind: 'ok' }, times: null, answer: null, bytes: 0 }; },
    clock: { now: () => now, wait: async (ms) => { now += ms; } },
    storage: {
      read: async (keys) => success(Object.fromEntries(keys.map((key) => [key, kept[key]]))),
      write: async (values) => { log.push(`keep ${Object.keys(values).join()}`); Object.assign(kept, JSON.parse(JSON.stringify(values))); return success(undefined); },
    },
    targets: [TARGET],
    language: async () => 'ja',
    worldAllowed: async () => true,
    worldPermitted: async () => false,
    nonce: () => '5',
    ...change,
  };
  return { sources: createSources(whole), kept, log };
}

test("the vendor's page: read, kept, noted; unchanged memory is not written again", async () => {
  const { sources, kept, log } = needs();
  expect(await sources.official()).toEqual({ kind: 'read', at: NOW, events: [] });
  expect(kept[FEED_KEY]).toMatchObject({ locale: 'ja_JP', validators: { etag: '"1"' } });
  await sources.official();
  expect(sources.contacts()).toEqual([{ host: 'www.apple.com', why: 'official', count: 2, bytes: 114 }]);
  expect(sources.contacts()).toEqual([]);
  expect(log.filter((line) => line === `keep ${FEED_KEY}`)).toHaveLength(1);
});

test('vantage points: kept before they are asked, judged by the target, the token sent and never kept with the run', async () => {
  const { sources, kept, log } = needs({}, { [WORLD_TOKEN_KEY]: 'tok' });
  expect(await sources.world(TARGET, CONTEXT)).toMatchObject({ votes: 2, failed: 1, ownCountryVotes: 2 });
  expect(log.slice(0, 2)).toEqual([`keep ${WORLD_KEY}`, 'POST https://api.globalping.io/v1/measurementsBearer tok']);
  expect(JSON.stringify(kept[WORLD_KEY])).not.toContain('tok');
  // Within the quarter of an hour: nobody is asked, and that is said.
  const before = log.length;
  expect(await sources.world(TARGET, CONTEXT)).toMatchObject({ votes: 0, refused: { because: 'not-yet', until: NOW + 900_000 } });
  expect(log).toHaveLength(before);
});

test('two that ask at once share one run', async () => {
  const { sources, log } = needs();
  const [one, two] = await Promise.all([sources.world(TARGET, CONTEXT), sources.world(TARGET, CONTEXT)]);
  expect(one).toBe(two);
  expect(log.filter((line) => line.startsWith('POST'))).toHaveLength(1);
});

test('without consent nobody is asked', async () => {
  const { sources, log } = needs({ worldAllowed: async () => false }, { [WORLD_KEY]: { run: { phase: 'poll', id: 'm1', host: 'store.example', country: 'jp', createdAt: NOW, nextAt: NOW, etag: null, votes: [] } } });
  expect(await sources.world(TARGET, CONTEXT)).toBeNull();
  expect(await sources.resumeWorld()).toBeNull();
  expect(log).toEqual([]);
});

test('a run that a worker left behind is taken up, with the judgement of its target', async () => {
  const { sources, log } = needs({}, { [WORLD_KEY]: { run: { phase: 'poll', id: 'm1', host: 'store.example', country: 'jp', createdAt: NOW - 1000, nextAt: NOW, etag: null, votes: [] }, lastRunAt: NOW - 1000, blockedUntil: null } });
  expect(await sources.resumeWorld()).toMatchObject({ votes: 2, failed: 1 });
  expect(log.some((line) => line.startsWith('POST'))).toBe(false);
  expect(await needs().sources.resumeWorld()).toBeNull();
});

test('the other storefront, and resolvers that cannot be reached', async () => {
  const { sources, log } = needs();
  expect(await sources.storefront('jp')).toMatchObject({ country: 'us', failed: false });
  expect(log).toEqual(['https://store.example/us?n=5']);
  expect(await sources.resolver(['store.example'])).toMatchObject({ verdict: 'unreachable' });
  expect(sources.contacts()).toEqual([{ host: 'store.example', why: 'storefront', count: 1, bytes: 0 }, { host: 'cloudflare-dns.com', why: 'resolver', count: 1, bytes: 0 }, { host: 'dns.google', why: 'resolver', count: 1, bytes: 0 }]);
});

test('why there is no opinion, and from when on there may be one', async () => {
  const { sources } = needs({ fetch: async () => new Response('', { status: 429, headers: { 'Retry-After': '1800' } }) });
  for (let time = 0; time < 2; time += 1) expect(await sources.world(TARGET, CONTEXT)).toMatchObject({ votes: 0, refused: { because: 'limited', until: NOW + 1_800_000 } });
});

test('public resolvers and the other storefront: asked once in twenty seconds, and again after', async () => {
  let now = NOW;
  const { sources, log } = needs({ clock: { now: () => now, wait: async () => {} } });
  for (const [after, asked] of [[0, 1], [19_000, 1], [20_000, 2], [5_000, 3]] as const) {
    now = NOW + after; // the last: the clock was set back
    await sources.storefront('jp');
    await sources.resolver(['b.example', 'a.example']);
    await sources.resolver(['a.example', 'b.example']);
    expect(log.filter((line) => line.startsWith('https://store'))).toHaveLength(asked);
    expect(log.filter((line) => line.includes('dns.google'))).toHaveLength(2 * asked);
  }
  await sources.resolver(['c.example']);
  expect(log.filter((line) => line.includes('dns.google'))).toHaveLength(7);
});
