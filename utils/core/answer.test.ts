import { expect, test } from 'vitest';
import { readAnswer } from './answer.ts';
import type { Answer } from './observation.ts';

const AKAMAI_503 = '<HTML><TITLE>Error</TITLE>An error occurred while processing your request.<p>Reference&#32;&#35;30&#46;1a2b3c&#46;1700000000&#46;4d5e</HTML>';

test.each<[string, { status?: number; headers?: Record<string, string>; text?: string }, Partial<Answer>]>([
  ['nothing at all', {}, { by: null, cached: null, edge: null, site: null, date: null }],
  [
    'rate limit of the look-up, written by the application behind Akamai',
    {
      status: 403,
      headers: { 'x-responding-instance': 'MZStoreServices:4132007:::', 'apple-timing-app': '2 ms', 'x-cache': 'TCP_MISS from a2-21-35-94.deploy.akamaitechnologies.com (AkamaiGHost/11.6.1) (-)' },
    },
    { by: 'origin', cached: false, edge: 'akamai' },
  ],
  ['the front proxy', { headers: { server: 'daiquiri/5' } }, { by: 'origin', edge: null }],
  ['purchase back end', { headers: { 'x-apple-jingle-correlation-key': '7FMP', 'x-apple-application-site': 'NWK' } }, { by: 'origin', site: 'NWK' }],
  ['Akamai error page', { status: 503, headers: { server: 'AkamaiGHost' }, text: AKAMAI_503 }, { by: 'edge', edge: 'akamai' }],
  ['Akamai error page by its reference alone', { status: 504, text: 'Gateway Timeout Reference #1.1a2b.17.4d' }, { by: 'edge' }],
  ['Akamai error page, escaped', { status: 503, text: AKAMAI_503 }, { by: 'edge' }],
  ['Akamai hit', { headers: { 'x-cache': 'TCP_MEM_HIT from a23-1-2-3.deploy.akamaitechnologies.com' } }, { by: null, cached: true, edge: 'akamai' }],
  ['Akamai refresh that asked the origin', { headers: { 'x-cache': 'TCP_REFRESH_MISS from a23' } }, { cached: false }],
  ['Akamai refresh, not changed', { headers: { 'x-cache': 'TCP_REFRESH_HIT from a23' } }, { cached: true }],
  ['Fastly, two layers: the near one counts', { headers: { 'x-cache': 'MISS, HIT', 'x-served-by': 'cache-iad-kiad7000123-IAD, cache-nrt-rjtf7700045-NRT', via: '1.1 varnish' } }, { cached: true, edge: 'fastly', site: 'NRT' }],
  ['Fastly error page', { status: 503, headers: { server: 'Varnish' }, text: '<h1>Error 503 Backend fetch failed</h1><p>Guru Meditation:' }, { by: 'edge', edge: 'fastly' }],
  ['an origin that mentions a reference without a number', { status: 503, headers: { 'x-apple-request-uuid': 'u' }, text: 'Reference #30.1a' }, { by: 'origin' }],
  ['a 503 without any sign', { status: 503, text: 'Service Unavailable' }, { by: null }],
  ["the vendor's own edge", { headers: { via: 'https/1.1 jptyo5-edge-bx-004.ts.apple.com (acdn/4.16219)' } }, { edge: 'apple' }],
  ['Cloudflare', { headers: { server: 'cloudflare', 'cf-ray': '8abc-NRT', 'cf-cache-status': 'DYNAMIC' } }, { edge: 'cloudflare', site: 'NRT', cached: false }],
  ['Cloudflare by one sign alone', { headers: { 'cf-ray': '8abc' } }, { edge: 'cloudflare', site: null, by: null }],
  ['Cloudflare by its server', { headers: { server: 'Cloudflare-nginx' } }, { edge: 'cloudflare' }],
  ['CloudFront, by the way', { headers: { via: '1.1 abc.cloudfront.net (CloudFront)', 'x-cache': 'Miss from here' } }, { edge: 'cloudfront', cached: false }],
  ['CloudFront, by its cache', { headers: { 'x-cache': 'Hit from cloudfront' } }, { edge: 'cloudfront', cached: true }],
  ['Akamai by its trace', { headers: { 'akamai-grn': '0.1' } }, { edge: 'akamai' }],
  ['Akamai by its server', { headers: { server: 'AkamaiGHost' } }, { edge: 'akamai', by: 'edge' }],
  ['Fastly by one sign alone', { headers: { 'x-served-by': 'cache-nrt-rjtf7700045-NRT' } }, { edge: 'fastly', site: 'NRT' }],
  ['Fastly by the way', { headers: { via: '1.1 varnish' } }, { edge: 'fastly', site: null }],
  ['Fastly by its server', { headers: { server: 'Fastly' } }, { edge: 'fastly', by: 'edge' }],
  ['spaces around the near cache', { headers: { 'x-served-by': 'cache-a-AAA ,  cache-b-BBB ' } }, { site: 'BBB' }],
  ['a server of no known site', { headers: { 'x-served-by': 'node 7' } }, { site: 'node7', edge: null }],
  ["the vendor's site before all", { headers: { 'x-apple-application-site': 'ST11', 'x-served-by': 'cache-b-BBB', 'cf-ray': '8-CCC' } }, { site: 'ST11' }],
  ["the vendor's application by its server", { headers: { server: 'daiquiri/5' } }, { by: 'origin' }],
  ["the vendor's traffic server", { headers: { server: 'ATS/9.1' } }, { edge: 'apple', by: null }],
  ['a cache of another sort', { headers: { 'cf-cache-status': 'HIT' } }, { cached: true }],
  ['one that says nothing', { headers: { 'x-cache': '' } }, { cached: null }],
  ['an age means a cache', { headers: { age: '120' } }, { cached: true }],
  ['no age', { headers: { age: '0' } }, { cached: null }],
  ['date', { headers: { date: 'Mon, 23 Nov 2026 06:00:00 GMT' } }, { date: Date.UTC(2026, 10, 23, 6) }],
  ['a broken date', { headers: { date: 'yesterday' } }, { date: null }],
  ['a hostile site', { headers: { 'x-apple-application-site': `<b>${'x'.repeat(99)}` } }, { site: `b${'x'.repeat(23)}` }],
])('%s', (_name, { status = 200, headers = {}, text = '' }, expected) => {
  const answer = readAnswer({ status, headers, text, address: '192.0.2.1', protocol: 'h2' });
  expect(answer).toMatchObject({ status, address: '192.0.2.1', protocol: 'h2', ...expected });
});
