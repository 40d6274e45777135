import { expect, test } from 'vitest';
import * as fc from 'fast-check';
import { askResolvers, isNullAddress, parseResolverAnswer, RESOLVERS } from './resolver.ts';
import type { Fetch } from './fetch-text.ts';

const HOST = 'store.example';
function answer(change: Record<string, unknown> = {}, host = HOST): string {
  return JSON.stringify({ Status: 0, TC: false, RD: true, RA: true, AD: false, CD: false, Question: [{ name: `${host}.`, type: 1 }], ...change });
}
const A = (data: string) => ({ name: `${HOST}.`, type: 1, TTL: 60, data });
const CNAME = { name: `${HOST}.`, type: 5, TTL: 60, data: 'edge.example.' };

test.each<[string, Record<string, unknown>, object]>([
  ['an address behind a chain of names', { Answer: [CNAME, A('192.0.2.1')] }, { verdict: 'resolved', status: 'NOERROR', errors: [] }],
  ['names without a dot at the end, question as an object', { Question: { name: 'STORE.example', type: 1 }, Answer: [A('192.0.2.1')] }, { verdict: 'resolved' }],
  ['no answer section', {}, { verdict: 'cannot', status: 'no address' }],
  ['a chain that ends nowhere', { Answer: [CNAME] }, { verdict: 'cannot', status: 'no address' }],
  ['no such name', { Status: 3 }, { verdict: 'cannot', status: 'NXDOMAIN' }],
  ['name servers fail, errors as lines', { Status: 2, Comment: ['EDE(22): No Reachable Authority at store.example.', 7] }, { verdict: 'cannot', status: 'SERVFAIL', errors: ['EDE 22: No Reachable Authority at store.example.'] }],
  ['name servers fail, errors as a list', { Status: 2, Comment: 'Name servers refused', extended_dns_errors: [{ info_code: 23, extra_text: '[2001:db8::1] timeout' }, null] }, { verdict: 'cannot', errors: ['EDE 23: Network Error: [2001:db8::1] timeout'] }],
  ['refused by the resolver', { Status: 5 }, { verdict: 'none', status: 'REFUSED' }],
  ['a code nobody knows', { Status: 99 }, { verdict: 'none', status: 'RCODE 99' }],
  ['filtered by the resolver', { Status: 3, Comment: ['EDE(17): Filtered'] }, { verdict: 'none' }],
  ['null address', { Answer: [A('0.0.0.0')] }, { verdict: 'cannot', status: 'null address' }],
  ['null address by a blocker that says so', { Answer: [A('0.0.0.0')], Comment: ['EDE(15): Blocked'] }, { verdict: 'none', errors: ['EDE 15: Blocked'] }],
  ['hostile words', { Status: 2, Comment: ['EDE(0): \u202E<b>\u0000x</b>'] }, { errors: ['EDE 0: <b>x</b>'] }],
])('%s', (_, change, expected) => {
  expect(parseResolverAnswer(answer(change), HOST)).toMatchObject({ ok: true, value: expected });
});

test.each<[string, string, string]>([
  ['an error of the resolver', '{"error":"Invalid flag"}', 'Status'],
  ['another name', answer({ Answer: [A('192.0.2.1')] }, 'other.example'), 'Question'],
  ['no question', '{"Status":0}', 'Question'],
  ['a page of HTML', '<html>', 'answer'],
  ['cut off', answer().slice(0, -3), 'answer'],
  ['huge', answer({ Comment: ['x'.repeat(100_000)] }), 'answer'],
  ['status as text', answer({ Status: '0' }), 'Status'],
  ['answers as text', answer({ Answer: '192.0.2.1' }), 'Answer'],
  ['a record as text', answer({ Answer: ['192.0.2.1'] }), 'Answer'],
  ['a thousand records', answer({ Answer: Array.from({ length: 1000 }, () => A('192.0.2.1')) }), 'Answer'],
])('refused: %s', (_, text, place) => {
  expect(parseResolverAnswer(text, HOST)).toMatchObject({ ok: false, error: { at: place } });
});

test('null addresses', () => {
  for (const address of ['0.0.0.0', '127.0.0.1', '127.0.53.53', '::', '::1', '0:0:0:0:0:0:0:0', '::ffff:0.0.0.0', '::FFFF:127.0.0.1']) expect(isNullAddress(address)).toBe(true);
  for (const address of ['192.0.2.1', '10.0.0.0', '2001:db8::1', '1::', '100.0.0.1', '::2']) expect(isNullAddress(address)).toBe(false);
});

test('any text, any JSON: a value', () => {
  const check = (text: string) => { expect(typeof parseResolverAnswer(text, HOST).ok).toBe('boolean'); };
  fc.assert(fc.property(fc.string({ unit: 'binary' }), check), { numRuns: 50 });
  fc.assert(fc.property(fc.jsonValue({ maxDepth: 2 }), fc.jsonValue({ maxDepth: 2 }), fc.jsonValue({ maxDepth: 2 }), (Answer, Comment, extended_dns_errors) => { check(JSON.stringify(Answer)); check(answer({ Answer, Comment, extended_dns_errors })); }), { numRuns: 50 });
}, 30_000);

type Reply = 'good' | 'nx' | 'servfail' | 'refused' | 'down' | '500' | 'portal';
function world(cloudflare: Reply, google: Reply, other?: Reply): Fetch {
  return async (address) => {
    const url = new URL(address);
    const name = url.searchParams.get('name')!;
    const kind = name === HOST || other === undefined ? (url.host === RESOLVERS[0].host ? cloudflare : google) : other;
    if (kind === 'down') throw new TypeError('Failed to fetch');
    if (kind === '500') return new Response('', { status: 500 });
    if (kind === 'portal') return new Response('<html>Welcome</html>');
    const change = { good: { Answer: [A('192.0.2.1')] }, nx: { Status: 3 }, servfail: { Status: 2 }, refused: { Status: 5 } }[kind];
    return new Response(answer(change, name));
  };
}
test.each<[Reply, Reply, string]>([
  ['good', 'good', 'ok'], ['good', 'nx', 'ok'], ['down', 'good', 'ok'], ['servfail', 'good', 'ok'],
  ['nx', 'nx', 'failing'], ['servfail', 'nx', 'failing'],
  ['down', 'down', 'unreachable'], ['500', 'servfail', 'unreachable'], ['refused', 'refused', 'unreachable'], ['portal', 'portal', 'unreachable'], ['down', 'nx', 'unreachable'],
])('Cloudflare %s, Google %s: %s', async (cloudflare, google, verdict) => {
  expect(await askResolvers(world(cloudflare, google), [HOST], 5)).toMatchObject({ at: 5, verdict });
});

test('all names have to resolve; what does not is named', async () => {
  const opinion = await askResolvers(world('good', 'good', 'nx'), [HOST, 'audio.example', HOST], 5);
  expect(opinion).toEqual({ at: 5, verdict: 'failing', details: ['Cloudflare: audio.example NXDOMAIN', 'Google: audio.example NXDOMAIN'] });
});

test('asked by the letter, at most four names, never something that is no name', async () => {
  const calls: { url: string; accept: string | null }[] = [];
  const fetch: Fetch = async (url, init) => { calls.push({ url, accept: new Headers(init.headers).get('accept') }); throw new Error('x'); };
  await askResolvers(fetch, ['a.example', 'b.example', 'c.example', 'd.example', 'e.example', 'x&type=TXT'], 5);
  expect(calls).toHaveLength(8);
  expect(calls[0]).toEqual({ url: 'https://cloudflare-dns.com/dns-query?name=a.example&type=A', accept: 'application/dns-json' });
  expect(calls.map((call) => call.url)).toContain('https://dns.google/resolve?name=d.example&type=A');
  expect(await askResolvers(fetch, ['&'], 5)).toEqual({ at: 5, verdict: 'unreachable', details: [] });
});
