import { expect, test } from 'vitest';
import * as fc from 'fast-check';
import { decodeFeedMemory, feedUrl, readOfficial } from './official.ts';
import type { FeedMemory } from './official.ts';
import type { Fetch } from './fetch-text.ts';

const NOW = Date.UTC(2026, 4, 1, 12);

function page(message: string, change: Record<string, unknown> = {}): string {
  const event = { messageId: '1', statusType: 'Outage', eventStatus: 'ongoing', epochStartDate: NOW - 60_000, epochEndDate: null, message, ...change };
  return JSON.stringify({ services: [{ serviceName: 'iTunes Store', events: [event] }] });
}

interface Call { url: string; init: RequestInit }
function server(answers: Record<string, (init: RequestInit) => Response | Promise<Response>>): { fetch: Fetch; calls: Call[] } {
  const calls: Call[] = [];
  return {
    calls,
    fetch: async (url, init) => {
      calls.push({ url, init });
      const answer = answers[url];
      if (answer === undefined) return new Response('no such page', { status: 404 });
      return answer(init);
    },
  };
}
const texts = (reading: { kind: string; events?: { text: string }[] }): string[] => reading.events?.map((event) => event.text) ?? [];

test.each([['ja', 'ja_JP'], ['zh-Hant', 'zh_TW'], ['zh-Hans', 'zh_CN'], ['ko', 'ko_KR'], ['pt', 'pt_BR'], ['en', 'en_US']] as const)('%s reads %s', async (language, locale) => {
  const { fetch, calls } = server({ [feedUrl(locale)]: () => new Response(page(locale)) });
  const { reading } = await readOfficial(fetch, language, NOW, null);
  expect(texts(reading)).toEqual([locale]);
  expect(calls).toHaveLength(1);
  expect(calls[0]!.init).toMatchObject({ credentials: 'omit', cache: 'no-store', referrerPolicy: 'no-referrer' });
});

test.each([
  ['missing', () => new Response('', { status: 404 }), 24],
  ['not understood', () => new Response('{"dashboard":{}}'), 1],
  ['a page of HTML', () => new Response('<!DOCTYPE html>'), 1],
] as const)('English instead of a page that is %s, and it is not asked again for a while', async (_, answer, hours) => {
  const { fetch, calls } = server({ [feedUrl('ja_JP')]: answer, [feedUrl('en_US')]: () => new Response(page('english')) });
  const first = await readOfficial(fetch, 'ja', NOW, null);
  expect(texts(first.reading)).toEqual(['english']);
  expect(first.memory).toMatchObject({ locale: 'en_US', skip: { locale: 'ja_JP', until: NOW + hours * 3_600_000 } });
  await readOfficial(fetch, 'ja', NOW + 60_000, first.memory);
  expect(calls.map((call) => call.url)).toEqual([feedUrl('ja_JP'), feedUrl('en_US'), feedUrl('en_US')]);
  await readOfficial(fetch, 'ja', NOW + hours * 3_600_000, first.memory);
  expect(calls[3]!.url).toBe(feedUrl('ja_JP'));
  await readOfficial(fetch, 'de', NOW + 60_000, first.memory);
  expect(calls[5]!.url).toBe(feedUrl('de_DE'));
});

test('neither language is understood: said with the reason, never all clear', async () => {
  const { fetch } = server({ [feedUrl('ja_JP')]: () => new Response('{"services":[]}'), [feedUrl('en_US')]: () => new Response('gone', { status: 404 }) });
  expect((await readOfficial(fetch, 'ja', NOW, null)).reading).toEqual({ kind: 'not-understood', at: NOW, reason: 'services: empty' });
});

test.each<[string, () => Response | Promise<Response>]>([
  ['no answer', () => Promise.reject(new TypeError('Failed to fetch'))],
  ['503', () => new Response('', { status: 503 })],
  ['304 to a request that was not conditional', () => new Response(null, { status: 304 })],
])('unreachable: %s; the other language is not tried, and what was kept is kept', async (_, answer) => {
  const memory: FeedMemory = { locale: 'en_US', validators: { etag: '"e"', lastModified: null }, events: [], skip: null };
  const { fetch, calls } = server({ [feedUrl('ja_JP')]: answer });
  const result = await readOfficial(fetch, 'ja', NOW, memory);
  expect(result.reading).toEqual({ kind: 'unreachable', at: NOW });
  expect(result.memory).toEqual(memory);
  expect(calls).toHaveLength(1);
});

test('somebody else answers in the place of the host: unreachable, whatever he says', async () => {
  const foreign = new Response(page('trust me'));
  Object.defineProperty(foreign, 'url', { value: 'https://portal.example/login' });
  const { fetch } = server({ [feedUrl('en_US')]: () => foreign });
  expect((await readOfficial(fetch, 'en', NOW, null)).reading.kind).toBe('unreachable');
});

test('an unchanged page costs no body, and says what it said, by the clock of now', async () => {
  const planned = { statusType: 'Maintenance', eventStatus: 'upcoming', epochStartDate: NOW + 60_000, epochEndDate: NOW + 120_000 };
  const { fetch, calls } = server({
    [feedUrl('en_US')]: (init) => new Headers(init.headers).get('if-none-match') === '"v1"'
      ? new Response(null, { status: 304 })
      : new Response(page('planned', planned), { headers: { etag: '"v1"', 'last-modified': 'Fri, 01 May 2026 10:00:00 GMT' } }),
  });
  const first = await readOfficial(fetch, 'en', NOW, null);
  expect(first.reading).toMatchObject({ kind: 'read', events: [{ status: 'upcoming' }] });
  const kept = decodeFeedMemory(JSON.parse(JSON.stringify(first.memory)));
  const second = await readOfficial(fetch, 'en', NOW + 90_000, kept);
  expect(second).toMatchObject({ bytes: 0, requests: 1, reading: { kind: 'read', at: NOW + 90_000, events: [{ status: 'ongoing' }] } });
  expect(new Headers(calls[1]!.init.headers).get('if-modified-since')).toBe('Fri, 01 May 2026 10:00:00 GMT');
  const third = await readOfficial(fetch, 'en', NOW + 120_000, second.memory);
  expect(third.reading).toMatchObject({ events: [{ status: 'over' }] });
});

test('a body without end is refused', async () => {
  let sent = 0;
  const endless = () => new Response(new ReadableStream({ pull(controller) { sent += 65_536; controller.enqueue(new Uint8Array(65_536).fill(32)); } }));
  const { fetch } = server({ [feedUrl('en_US')]: endless });
  expect((await readOfficial(fetch, 'en', NOW, null)).reading).toMatchObject({ kind: 'not-understood', reason: 'longer than 1000000 bytes' });
  expect(sent).toBeLessThan(2_000_000);
});

test('what was kept is checked: any JSON, and a good one unharmed', () => {
  fc.assert(fc.property(fc.jsonValue({ maxDepth: 2 }), (value) => { const read = decodeFeedMemory(value); expect(read === null || Array.isArray(read.events)).toBe(true); }), { numRuns: 50 });
  expect(decodeFeedMemory({ locale: 'en_US', validators: { etag: 3, lastModified: null }, events: [], skip: null })).toBeNull();
  expect(decodeFeedMemory({ locale: 'en_US', validators: { etag: null, lastModified: null }, events: [{ id: 'x' }], skip: null })).toBeNull();
});
