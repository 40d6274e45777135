import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { TARGETS } from '../utils/core/targets.ts';
import { beginRun, finishRun, GLOBALPING, NO_RUN, planMeasurement } from '../utils/sources/globalping.ts';
import type { WorldMemory, WorldPort } from '../utils/sources/globalping.ts';
import { catalog } from './lab/answers.ts';
import type { LabMoment } from './lab/answers.ts';
import { byShare, globalpingListener, labGlobalping } from './lab/globalping.ts';
import type { GlobalpingOptions } from './lab/globalping.ts';

/** The client against a server that speaks the published interface, over real sockets of this machine; only the clock is virtual. */
const open: { close(): void }[] = [];
afterEach(() => { for (const server of open.splice(0)) server.close(); });

const target = TARGETS.find(({ id }) => id === 'catalog')!;
const CONTEXT = { country: 'jp', nonce: '1' };

async function world(options: Partial<GlobalpingOptions>, port: Partial<WorldPort> = {}) {
  let now = Date.UTC(2026, 4, 1, 12);
  let requests = 0;
  const statuses: number[] = [];
  const server = createServer(globalpingListener({ now: () => now, outcome: () => 'ok', ...options }));
  await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve); });
  open.push(server);
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const fetchHere: WorldPort['fetch'] = (url, init) => { requests += 1; return fetch(url.replace(GLOBALPING, base), init); };
  // The address was rewritten on the way, and so is that of the answer.
  const whole: WorldPort = {
    now: () => now, token: null, judge: null, permitted: false,
    fetch: async (url, init) => { const answer = await fetchHere(url, init); statuses.push(answer.status); Object.defineProperty(answer, 'url', { value: url }); return answer; },
    ...port,
  };
  const plan = planMeasurement(target, CONTEXT);
  if (!plan.ok) throw new Error(plan.error.reason);
  const run = (memory: WorldMemory = NO_RUN) => finishRun(beginRun(memory, plan.value, 'jp', now), whole, async () => undefined, async (ms) => { now += ms; });
  return { run, later: (ms: number) => { now += ms; }, requests: () => requests, statuses };
}

test.each<[string, Partial<GlobalpingOptions>, object]>([
  ['only me', {}, { votes: 8, failed: 0, ownCountryVotes: 3, ownCountryFailed: 0 }],
  ['my country only', { outcome: byShare({ ownCountryFailShare: 1 }, 'jp') }, { votes: 8, failed: 3, ownCountryVotes: 3, ownCountryFailed: 3 }],
  ['everywhere', { outcome: byShare({ ownCountryFailShare: 1, failShare: 1 }, 'jp', 'timeout') }, { votes: 8, failed: 8 }],
  ['names fail everywhere', { outcome: () => 'dns' }, { failed: 8, dnsFailed: 8 }],
  ['resolvers fail', { outcome: () => 'resolver' }, { failed: 8, dnsFailed: 8 }],
  ['an expired certificate', { outcome: () => 'expired' }, { failed: 8, certificateFailed: 8 }],
  ['probes in trouble', { outcome: ({ index }) => (index < 3 ? 'internal' : index < 5 ? 'offline' : 'http.500') }, { votes: 3, failed: 3, ignored: 5, ownCountryVotes: 0 }],
  ['data centres are refused', { outcome: ({ eyeball }) => (eyeball ? 'ok' : 'forbidden') }, { votes: 3, failed: 0, ignored: 5 }],
  ['no probe in my country', { without: { any: ['JP'] } }, { votes: 5, ownCountryVotes: 0 }],
  ['half of them never answer', { finishAfterMs: 'never' }, { votes: 4 }],
])('%s', async (_, options, expected) => {
  const { run, requests } = await world(options);
  const memory = await run();
  expect(memory.run).toMatchObject({ phase: 'done', opinion: expected });
  expect(requests()).toBeLessThan(90);
});

test('the target\'s own judgement is used on what the probes were shown', async () => {
  const judge = target.judge;
  const sound = await world({ page: () => ({ status: 200, headers: { 'content-type': 'text/javascript' }, body: '\n\n{"resultCount":0,"results":[]}' }) }, { judge });
  const wrong = await world({ page: () => ({ status: 200, headers: { 'content-type': 'text/html' }, body: '<html>oops</html>' }) }, { judge });
  expect((await wrong.run()).run).toMatchObject({ phase: 'done', opinion: { failed: 8 } });
  expect((await sound.run()).run).toMatchObject({ phase: 'done', opinion: { votes: 8 } });
});

test('without any probe, turned away, with a wrong token: said so', async () => {
  const all = ['JP', 'US', 'DE', 'GB', 'SG', 'AU'];
  expect((await (await world({ without: { any: all } })).run()).run).toMatchObject({ because: 'no-probes' });
  expect((await (await world({ blacklist: ['127.0.0.1'] })).run()).run).toMatchObject({ because: 'refused' });
  expect((await (await world({ tokens: ['right'] }, { token: 'wrong' })).run()).run).toMatchObject({ because: 'token' });
  expect((await (await world({ tokens: ['right'], limit: 0 }, { token: 'right' })).run()).run).toMatchObject({ phase: 'done' });
});

test('the budget of an hour is never overdrawn: the client waits by itself', async () => {
  const { run, later, requests } = await world({ limit: 20 });
  const first = await run();
  later(15 * 60_000);
  const second = await run(first);
  expect(second.run?.phase).toBe('done');
  const before = requests();
  later(15 * 60_000);
  expect(await run(second)).toEqual(second);
  expect(requests()).toBe(before);
  later(31 * 60_000);
  expect((await run(second)).run?.phase).toBe('done');
});

test('conditional polls cost no body', async () => {
  const { run, statuses } = await world({ finishAfterMs: 6000 }, { permitted: true });
  expect((await run()).run).toMatchObject({ phase: 'done', opinion: { votes: 8 } });
  // In progress with no vote, with half of them, finished: three bodies in all.
  expect(statuses.filter((status) => status === 200)).toHaveLength(3);
  expect(statuses.filter((status) => status === 304).length).toBeGreaterThan(5);
});

test.each<[string, LabMoment['world'], object]>([
  ['all is well', null, { votes: 8, failed: 0 }],
  ['only here', { failShare: 0, ownCountryFailShare: 1 }, { votes: 8, failed: 3, ownCountryFailed: 3 }],
  ['everywhere', { failShare: 1, ownCountryFailShare: 1 }, { votes: 8, failed: 8 }],
])('as a host of the lab: %s, judged on the lab\'s own healthy catalogue', async (_, seen, expected) => {
  let now = Date.UTC(2026, 4, 1, 12);
  const handler = labGlobalping((host) => (host === target.host ? catalog : undefined));
  const plan = planMeasurement(target, CONTEXT);
  if (!plan.ok) throw new Error(plan.error.reason);
  const port: WorldPort = {
    now: () => now, token: null, permitted: false, judge: target.judge,
    fetch: async (url, init) => {
      const moment: LabMoment = { now, realNow: now, official: [], timeOfMinute: () => now, world: seen, resolve: () => ({ rcode: 0, records: [], silent: false }), csp: {}, random: () => 0.5 };
      const request = { method: init.method ?? 'GET', host: 'api.globalping.io', url: new URL(url), headers: {}, secure: true, remoteAddress: '192.168.77.2', body: String(init.body ?? '') };
      const { status, headers, body } = handler(request, moment);
      return new Response(status === 304 ? null : body.toString(), { status, headers });
    },
  };
  const memory = await finishRun(beginRun(NO_RUN, plan.value, 'jp', now), port, async () => undefined, async (ms) => { now += ms; });
  expect(memory.run).toMatchObject({ phase: 'done', opinion: expected });
});
