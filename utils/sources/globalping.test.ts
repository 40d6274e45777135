import { expect, test } from 'vitest';
import * as fc from 'fast-check';
import {
  beginRun, countVotes, decodeWorldMemory, finishRun, isRunning, MAX_PROBES, nextRunAt, NO_RUN, planMeasurement, readMeasurement, step,
} from './globalping.ts';
import type { Judge, MeasurementPlan, Vote, WorldMemory, WorldPort } from './globalping.ts';
import type { Target } from '../core/target.ts';

const NOW = Date.UTC(2026, 4, 1, 12);
const TARGET: Target = {
  id: 'x', role: 'catalog', host: 'store.example', method: 'GET', maxBytes: 1000, usualMs: 100,
  url: ({ country, nonce }) => `https://store.example/search?country=${country}&n=${nonce}`,
  judge: ({ status, text }) => {
    if (status === 403) return { kind: 'discarded', because: 'rate-limited' };
    return status === 200 && text.includes('songs') ? { kind: 'ok' } : { kind: 'failed', failure: 'content.unexpected', phase: 'content' };
  },
};
function plan(country = 'jp'): MeasurementPlan {
  const planned = planMeasurement(TARGET, { country, nonce: '7' });
  if (!planned.ok) throw new Error(planned.error.reason);
  return planned.value;
}

test('a plan: three homes in the own country, five places elsewhere, eight tests in all', () => {
  expect(plan()).toEqual({
    type: 'http', target: 'store.example', timeout: 10,
    locations: [{ country: 'JP', tags: ['eyeball-network'], limit: 3 }, ...['US', 'DE', 'GB', 'SG', 'AU'].map((country) => ({ country, limit: 1 }))],
    measurementOptions: { protocol: 'HTTPS', request: { method: 'GET', path: '/search', query: 'country=jp&n=7', headers: {} } },
  });
  for (const country of ['us', 'de', 'zz', 'JP', 'x"y']) {
    const { locations } = plan(country);
    expect(locations.reduce((sum, one) => sum + one.limit, 0)).toBeLessThanOrEqual(MAX_PROBES);
    expect(new Set(locations.map((one) => one.country)).size).toBe(locations.length);
  }
  expect(planMeasurement({ ...TARGET, url: () => 'http://store.example/' }, { country: 'jp', nonce: '' })).toMatchObject({ ok: false });
  expect(planMeasurement({ ...TARGET, url: () => '' }, { country: 'jp', nonce: '' })).toMatchObject({ ok: false });
});

/* ---- results ---- */

const TLS = { authorized: true, expiresAt: '2027-01-01T00:00:00.000Z' };
function entry(result: Record<string, unknown>, country = 'JP', tags = ['eyeball-network']) {
  return { probe: { continent: 'AS', country, city: 'X', asn: 1, network: 'N', tags, resolvers: [] }, result };
}
const page = (change: Record<string, unknown> = {}) => ({ status: 'finished', statusCode: 200, headers: { 'set-cookie': ['a', 'b'], 'x-cache': 'HIT' }, rawBody: '{"songs":1}', truncated: false, tls: TLS, ...change });
const measurement = (results: unknown[], status = 'finished') => JSON.stringify({ id: 'abc', type: 'http', target: 'store.example', status, results });
function vote(result: Record<string, unknown>, tags?: string[], judge: Judge | null = TARGET.judge): Pick<Vote, 'kind' | 'part'> {
  const read = readMeasurement(measurement([entry(result, 'JP', tags)]), judge, NOW);
  if (!read.ok) throw new Error(read.error.at);
  const { kind, part } = read.value.votes[0]!;
  return { kind, part };
}

test.each<[string, Record<string, unknown>, Vote['kind'], Vote['part']]>([
  ['a healthy page', page(), 'ok', null],
  ['a redirect', page({ statusCode: 301, rawBody: null }), 'ok', null],
  ['wrong content', page({ rawBody: 'sorry' }), 'failed', 'http'],
  ['content that was cut before its mark', page({ rawBody: 'sorry', truncated: true }), 'ok', null],
  ['no content passed on', page({ rawBody: null }), 'ok', null],
  ['503', page({ statusCode: 503 }), 'failed', 'http'],
  ['refused at home: the target knows it for its limit', page({ statusCode: 403, rawBody: '' }), 'ignored', null],
  ['429', page({ statusCode: 429 }), 'ignored', null],
  ['a certificate that is not trusted', page({ tls: { authorized: false, error: 'x' } }), 'failed', 'certificate'],
  ['a certificate that has expired', page({ tls: { ...TLS, expiresAt: '2026-04-30T00:00:00.000Z' } }), 'failed', 'certificate'],
  ['no certificate shown', page({ tls: null }), 'ok', null],
  ['no status', page({ statusCode: null }), 'ignored', null],
  ['name not found', { status: 'failed', failureSource: 'target', rawOutput: 'queryA ENOTFOUND store.example' }, 'failed', 'dns'],
  ['the resolver', { status: 'failed', failureSource: 'resolver', rawOutput: '' }, 'failed', 'dns'],
  ['timed out', { status: 'failed', failureSource: 'target', rawOutput: 'The measurement timed out.' }, 'failed', 'connection'],
  ['certificate refused', { status: 'failed', failureSource: 'target', rawOutput: "Hostname/IP does not match certificate's altnames" }, 'failed', 'certificate'],
  ['source not told', { status: 'failed', rawOutput: 'connect ECONNREFUSED' }, 'failed', 'connection'],
  ["the probe's own trouble", { status: 'failed', failureSource: 'internal', rawOutput: 'x' }, 'ignored', null],
  ['the probe is gone', { status: 'offline', rawOutput: 'x' }, 'ignored', null],
  ['not yet', { status: 'in-progress', rawOutput: '' }, 'pending', null],
  ['a state nobody knows', { status: 'sleeping' }, 'ignored', null],
])('a vote: %s', (_, result, kind, part) => {
  expect(vote(result)).toEqual({ kind, part });
});

test('a refusal of a data centre is no vote; without a judgement the status speaks', () => {
  expect(vote(page({ statusCode: 403 }), ['datacenter-network'], () => ({ kind: 'failed', failure: 'http.403', phase: 'http' })).kind).toBe('ignored');
  expect(vote(page({ statusCode: 403 }), ['eyeball-network'], null).kind).toBe('failed');
  expect(vote(page({ statusCode: 401 }), [], null).kind).toBe('ok');
  expect(vote(page({ statusCode: 404 }), [], null).kind).toBe('failed');
});

test.each<[string, string, string]>([
  ['not JSON', '<html>', 'measurement'],
  ['cut off', measurement([entry(page())]).slice(0, -4), 'measurement'],
  ['huge', measurement([entry(page({ rawBody: 'x'.repeat(500_000) }))]), 'measurement'],
  ['a list', '[]', 'measurement'],
  ['an error', '{"error":{"type":"not_found","message":"x"}}', 'measurement.status'],
  ['no results', '{"status":"finished"}', 'measurement.results'],
  ['a result as text', measurement(['down']), 'measurement.results[0]'],
  ['a country that is markup', measurement([entry(page(), '<b>')]), 'measurement.results[0]'],
  ['a thousand results', measurement(Array.from({ length: 1000 }, () => entry({ status: 'offline' }))), 'measurement.results'],
])('not understood: %s', (_, text, place) => {
  expect(readMeasurement(text, null, NOW)).toMatchObject({ ok: false, error: { at: place } });
});

test('any text and any JSON: a value', () => {
  const anyResult = fc.record({ status: fc.constantFrom('finished', 'failed', 'x'), statusCode: fc.jsonValue({ maxDepth: 2 }), tls: fc.jsonValue({ maxDepth: 2 }), headers: fc.jsonValue({ maxDepth: 2 }), rawBody: fc.jsonValue({ maxDepth: 2 }), rawOutput: fc.jsonValue({ maxDepth: 2 }), failureSource: fc.jsonValue({ maxDepth: 2 }) });
  fc.assert(fc.property(fc.string({ unit: 'binary' }), fc.jsonValue({ maxDepth: 2 }), fc.jsonValue({ maxDepth: 2 }), anyResult, (text, value, probe, result) => {
    for (const body of [text, JSON.stringify(value), JSON.stringify({ status: 'finished', results: value }), measurement([{ probe, result }]), measurement([entry(result)])]) {
      expect(typeof readMeasurement(body, TARGET.judge, NOW).ok).toBe('boolean');
    }
    expect(typeof decodeWorldMemory(value)).toBe('object');
    expect(decodeWorldMemory({ run: value, lastRunAt: probe, blockedUntil: value }).run).toBeNull();
  }), { numRuns: 40 });
}, 30_000);

test('counting: own country first, then the worst; what is no vote is left out', () => {
  const votes: Vote[] = [
    { country: 'us', kind: 'ok', part: null }, { country: 'de', kind: 'failed', part: 'dns' }, { country: 'jp', kind: 'ok', part: null },
    { country: 'jp', kind: 'failed', part: 'certificate' }, { country: 'jp', kind: 'ignored', part: null }, { country: 'sg', kind: 'pending', part: null },
  ];
  expect(countVotes(votes, 'JP', 5)).toEqual({
    at: 5, votes: 4, failed: 2, ownCountryVotes: 2, ownCountryFailed: 1, dnsFailed: 1, certificateFailed: 1, ignored: 1,
    places: [{ country: 'jp', votes: 2, failed: 1 }, { country: 'de', votes: 1, failed: 1 }, { country: 'us', votes: 1, failed: 0 }],
  });
});

/* ---- a run ---- */

type Reply = Response | 'down';
interface Call { method: string; url: string; at: number; headers: Headers; cache: string | undefined; body: string }
/** A service that answers by script, and a clock that moves by waiting (and 100 ms for each request). */
function service(replies: (call: Call, index: number) => Reply, token: string | null = null, permitted = false) {
  let now = NOW;
  const calls: Call[] = [];
  const kept: WorldMemory[] = [];
  const port: WorldPort = {
    now: () => now, token, permitted, judge: TARGET.judge,
    fetch: async (url, init) => {
      const call = { method: init.method ?? 'GET', url, at: now, headers: new Headers(init.headers), cache: init.cache, body: String(init.body ?? '') };
      calls.push(call);
      now += 100;
      const reply = replies(call, calls.length - 1);
      if (reply === 'down') throw new TypeError('Failed to fetch');
      return reply;
    },
  };
  return {
    calls, kept, port,
    run: (memory: WorldMemory = beginRun(NO_RUN, plan(), 'jp', now)) =>
      finishRun(memory, port, async (state) => { kept.push(JSON.parse(JSON.stringify(state)) as WorldMemory); }, async (ms) => { now += ms; }),
  };
}
const created = (headers: Record<string, string> = {}) => new Response('{"id":"PY5f","probesCount":8}', { status: 202, headers });
const polled = (results: unknown[], status = 'finished', headers: Record<string, string> = {}) => new Response(measurement(results, status), { headers });
const PENDING = entry({ status: 'in-progress' });

test('a run: created once, polled politely, done', async () => {
  const { run, calls } = service((call, index) => {
    if (call.method === 'POST') return created({ 'X-RateLimit-Remaining': '242', 'X-RateLimit-Reset': '3000' });
    return index < 3 ? polled([PENDING], 'in-progress') : polled([entry(page({ statusCode: 503 })), entry(page(), 'US')]);
  });
  const { run: end, blockedUntil } = await run();
  expect(end).toMatchObject({ phase: 'done', opinion: { votes: 2, failed: 1, ownCountryVotes: 1, ownCountryFailed: 1 } });
  expect(blockedUntil).toBeNull();
  expect(calls.map((call) => call.method)).toEqual(['POST', 'GET', 'GET', 'GET']);
  expect(JSON.parse(calls[0]!.body)).toEqual(plan());
  expect(calls[1]!.url).toBe('https://api.globalping.io/v1/measurements/PY5f');
  expect(calls[1]!.at - calls[0]!.at).toBeGreaterThanOrEqual(1000);
  // 500 ms after the answer, which took 100.
  expect(calls[2]!.at - calls[1]!.at).toBeGreaterThanOrEqual(600);
  expect(calls[1]!.headers.get('if-none-match')).toBeNull();
  expect(calls[1]!.cache).toBe('no-cache');
  expect(calls.every((call) => !call.headers.has('authorization'))).toBe(true);
});

test('with permission the polls carry the validator, and an unchanged answer keeps what was known', async () => {
  const { run, calls } = service((call, index) => {
    if (call.method === 'POST') return created();
    if (index === 1) return polled([PENDING, entry(page(), 'US')], 'in-progress', { etag: 'W/"a"' });
    return index === 2 ? new Response(null, { status: 304 }) : polled([entry(page()), entry(page(), 'US')]);
  }, 'tok', true);
  expect((await run()).run).toMatchObject({ phase: 'done', opinion: { votes: 2, failed: 0 } });
  expect(calls[2]!.headers.get('if-none-match')).toBe('W/"a"');
  expect(calls[3]!.headers.get('if-none-match')).toBe('W/"a"');
  expect(calls.map((call) => call.headers.get('authorization'))).toEqual(Array.from({ length: 4 }, () => 'Bearer tok'));
});

test('it gives up after forty seconds, with the votes it has or with none', async () => {
  const some = service((call) => call.method === 'POST' ? created() : polled([PENDING, entry(page({ statusCode: 503 }), 'US')], 'in-progress'));
  expect((await some.run()).run).toMatchObject({ phase: 'done', opinion: { votes: 1, failed: 1 } });
  expect(some.calls.at(-1)!.at - NOW).toBeLessThanOrEqual(41_000);
  const none = service((call) => call.method === 'POST' ? created() : 'down');
  expect((await none.run()).run).toMatchObject({ phase: 'failed', because: 'timed-out' });
});

test.each<[string, () => Reply, string, number]>([
  ['429 with Retry-After', () => new Response('', { status: 429, headers: { 'Retry-After': '1800' } }), 'limited', 30],
  ['429 without', () => new Response('', { status: 429 }), 'limited', 60],
  ['429 with a date', () => new Response('', { status: 429, headers: { 'Retry-After': new Date(NOW + 20 * 60_000 + 100).toUTCString() } }), 'limited', 19],
  ['403', () => new Response('', { status: 403 }), 'refused', 24 * 60],
  ['400', () => new Response('{"error":{}}', { status: 400 }), 'refused', 15],
  ['401', () => new Response('', { status: 401 }), 'token', 15],
  ['500', () => new Response('', { status: 500 }), 'unreachable', 15],
  ['no answer', () => 'down', 'unreachable', 15],
  ['no id', () => new Response('{}', { status: 202 }), 'not-understood', 15],
  ['a hostile id', () => new Response('{"id":"../limits?x"}', { status: 202 }), 'not-understood', 15],
])('not created: %s', async (_, reply, because, minutes) => {
  const { run, calls } = service(reply);
  const end = await run();
  expect(end.run).toMatchObject({ phase: 'failed', because });
  expect(calls).toHaveLength(1);
  const free = nextRunAt(end, NOW + 60_000) - NOW;
  expect(free).toBeGreaterThanOrEqual(minutes * 60_000);
  expect(free).toBeLessThanOrEqual(minutes * 60_000 + 60_000);
  expect(beginRun(end, plan(), 'jp', NOW + free - 1)).toBe(end);
  expect(isRunning(beginRun(end, plan(), 'jp', NOW + free))).toBe(true);
});

test('no home probes in the country: asked once more without that wish', async () => {
  const { run, calls } = service((call, index) => index === 0 ? new Response('', { status: 422 }) : call.method === 'POST' ? created() : polled([entry(page())]));
  expect((await run()).run?.phase).toBe('done');
  expect((JSON.parse(calls[1]!.body) as MeasurementPlan).locations[0]).toEqual({ country: 'JP', limit: 3 });
  const never = service(() => new Response('', { status: 422 }));
  expect((await never.run()).run).toMatchObject({ phase: 'failed', because: 'no-probes' });
  expect(never.calls).toHaveLength(2);
});

test('the budget of the hour nearly spent: the next run waits for its renewal, unless there are credits', async () => {
  const spent = { 'X-RateLimit-Remaining': '5', 'X-RateLimit-Reset': '2400' };
  const last = async (headers: Record<string, string>) => nextRunAt(await service((call) => call.method === 'POST' ? created(headers) : polled([entry(page())])).run(), NOW) - NOW;
  expect(await last(spent)).toBe(2_400_100);
  expect(await last({ ...spent, 'X-Credits-Remaining': '500' })).toBe(15 * 60_000);
});

test('a poll that is limited waits as long as it is told', async () => {
  const { run, calls } = service((call, index) => call.method === 'POST' ? created() : index === 1 ? new Response('', { status: 429, headers: { 'Retry-After': '5' } }) : polled([entry(page())]));
  expect((await run()).run?.phase).toBe('done');
  expect(calls[2]!.at - calls[1]!.at).toBeGreaterThanOrEqual(5100);
});

test('a measurement that is gone or not understood ends the run', async () => {
  expect((await service((call) => call.method === 'POST' ? created() : new Response('', { status: 404 })).run()).run).toMatchObject({ because: 'lost' });
  expect((await service((call) => call.method === 'POST' ? created() : new Response('<html>')).run()).run).toMatchObject({ because: 'not-understood' });
});

test('a token that cannot stand in a header is refused unsent', async () => {
  const { run, calls } = service(() => created(), 'a\r\nX-Evil: 1');
  expect((await run()).run).toMatchObject({ because: 'token' });
  expect(calls).toEqual([]);
});

test('the worker dies after any step: the run goes on from what was kept, nothing is created twice', async () => {
  const script = (call: Call): Reply => call.method === 'POST' ? created() : call.at - NOW < 3000 ? polled([PENDING], 'in-progress') : polled([entry(page())]);
  const whole = service(script);
  await whole.run();
  expect(whole.kept.length).toBeGreaterThan(3);
  for (const kept of whole.kept.slice(0, -1)) {
    const second = service(script);
    const resumed = decodeWorldMemory(kept);
    expect(isRunning(resumed)).toBe(true);
    expect((await second.run(resumed)).run).toMatchObject({ phase: 'done', opinion: { votes: 1 } });
    expect(second.calls.every((call) => call.method === 'GET')).toBe(true);
  }
  // Killed between the request and its answer: the id is lost, and it is not asked again before its time.
  const begun = decodeWorldMemory(JSON.parse(JSON.stringify(beginRun(NO_RUN, plan(), 'jp', NOW))));
  expect(begun).toEqual({ run: null, lastRunAt: NOW, blockedUntil: null });
  expect(beginRun(begun, plan(), 'jp', NOW + 60_000)).toBe(begun);
});

test('a step before its time asks nothing; a run that was begun long ago is lost, not begun again', async () => {
  const { port, calls } = service(() => created());
  const memory = await step(beginRun(NO_RUN, plan(), 'jp', NOW), port);
  expect(await step(memory, port)).toEqual(memory);
  expect(calls).toHaveLength(1);
  const old = beginRun(NO_RUN, plan(), 'jp', NOW - 60_000);
  expect((await step(old, port)).run).toMatchObject({ phase: 'failed', because: 'lost' });
  expect(calls).toHaveLength(1);
  expect(beginRun(memory, plan(), 'jp', NOW + 20_000)).toBe(memory);
  expect(beginRun(memory, plan(), 'jp', NOW + 10_000_000).run).toMatchObject({ phase: 'create', startedAt: NOW + 10_000_000 });
});

test('a clock that was set back blocks nothing until it comes there once more', () => {
  const year = 365 * 24 * 3_600_000;
  expect(nextRunAt({ run: null, lastRunAt: NOW + year, blockedUntil: NOW + year }, NOW)).toBeLessThanOrEqual(NOW);
  expect(nextRunAt({ run: null, lastRunAt: NOW - 1_000, blockedUntil: null }, NOW)).toBeGreaterThan(NOW);
  expect(nextRunAt({ run: null, lastRunAt: null, blockedUntil: NOW + 3_600_000 }, NOW)).toBe(NOW + 3_600_000);
});
