import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { decodeScenario, type Scenario } from '../../utils/core/scenario.ts';
import { main, readArguments } from './cli.ts';
import { readScenario } from './files.ts';
import { createNetwork, reportedAs } from '../../utils/rehearsal/network.ts';
import { createWorld } from '../../utils/rehearsal/world.ts';
import { TARGETS } from '../../utils/core/targets.ts';
import { sampleRounds } from './rounds.ts';
import { checkpointMinutes, DEFAULT_OPTIONS, replay } from './run.ts';

const SCENARIOS = new URL('../scenarios/', import.meta.url).pathname;

function scenario(phases: unknown[], change: Record<string, unknown> = {}): Scenario {
  const truth = { side: 'store', causes: ['undisclosed'], relapse: false, confidence: 'high' };
  const outcome = decodeScenario({ format: 1, id: 'test', title: '', start: '2024-05-01T03:00:00Z', endMinute: 40, phases, truth, source: [], ...change });
  if (!outcome.ok) throw new Error(`${outcome.error.at}: ${outcome.error.reason}`);
  return outcome.value;
}

const DOWN = { fail: { 'http.503': 1 } };

async function run(...args: string[]): Promise<{ status: number; out: string[]; err: string[] }> {
  const out: string[] = [];
  const err: string[] = [];
  return { status: await main(args, (line) => out.push(line), (line) => err.push(line)), out, err };
}

describe('command', () => {
  test('prints one line of JSON for each scenario, the same bytes each time, and the score last', async () => {
    const first = await run('--score', '--seed', '7', `${SCENARIOS}trap-blip.json`, `${SCENARIOS}cause-configuration.json`);
    const again = await run('--score', '--seed', '7', `${SCENARIOS}trap-blip.json`, `${SCENARIOS}cause-configuration.json`);
    expect(first).toEqual(again);
    expect(first.status).toBe(0);
    expect(first.err).toEqual([]);
    const [blip, configuration, scored] = first.out.map((line) => JSON.parse(line));
    expect(blip).toMatchObject({ id: 'trap-blip', detectedMinute: null, notifications: [] });
    expect(configuration.detectedMinute).toBeGreaterThan(0);
    expect(scored.score).toMatchObject({ scenarios: 2, missedOutages: 0, falseAlarms: 0 });
    for (const { causes, families, side } of [...blip.at, ...configuration.at]) {
      for (const list of [causes, families]) {
        expect(list.reduce((sum: number, { p }: { p: number }) => sum + p, 0)).toBeCloseTo(1, 4);
        expect(list.map(({ p }: { p: number }) => p)).toEqual(list.map(({ p }: { p: number }) => p).toSorted((a: number, b: number) => b - a));
      }
      expect(side.own + side.path + side.store).toBeCloseTo(1, 4);
    }
  });

  test('another seed is another run', async () => {
    const [one, two] = [await run('--seed', '1', `${SCENARIOS}cause-configuration.json`), await run('--seed', '2', `${SCENARIOS}cause-configuration.json`)];
    expect(one.out).not.toEqual(two.out);
  });

  test('a bad file: status 2, the file, the place and the reason, and nothing on standard output', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'scenario-'));
    const bad = join(folder, 'bad.json');
    writeFileSync(bad, JSON.stringify({ ...JSON.parse(JSON.stringify({ format: 1 })), id: 'x' }));
    expect(await run(`${SCENARIOS}trap-blip.json`, bad)).toEqual({ status: 2, out: [], err: [expect.stringMatching(/bad\.json: title: is missing$/)] });
    writeFileSync(bad, '{');
    expect(await run(bad)).toMatchObject({ status: 2, out: [], err: [expect.stringMatching(/bad\.json: is not JSON/)] });
    expect(await run(join(folder, 'none.json'))).toMatchObject({ status: 2, err: [expect.stringMatching(/none\.json: cannot be read: ENOENT/)] });
  });

  test.each([
    [['--engine', 'safari', 'x'], '--engine'],
    [['--interval', '3', 'x'], '--interval'],
    [['--seed', 'x', 'x'], '--seed'],
    [['--sedd', '1', 'x'], 'arguments'],
    [[], 'FILE'],
  ])('arguments %j: the flaw names %s', (args, at) => {
    expect(readArguments(args)).toMatchObject({ ok: false, error: { at } });
  });
});

/** What one minute into a phase is told by a public resolver, by vantage points elsewhere, and by the vendor's feed. */
function ask(phase: Record<string, unknown>): unknown[] {
  const network = createNetwork(scenario([{ atMinute: 0, ...phase }]), { engine: 'chromium', seed: '1' });
  const at = Date.parse('2024-05-01T03:01:00Z');
  return [network.resolver(['itunes.apple.com'], at).verdict, network.world(at)?.failed ?? null, network.official(at).kind];
}

/** What each target shows at one minute. */
function seen(phase: Record<string, unknown>, engine: 'chromium' | 'firefox' = 'chromium'): Record<string, unknown> {
  const { rounds } = sampleRounds(scenario([{ atMinute: 0, ...phase }]), { engine, seed: '1', minutes: [1] });
  return Object.fromEntries(rounds[0]!.observations.map(({ target, result }) => [target, result.kind === 'failed' ? result.failure : result.kind === 'discarded' ? result.because : 'ok']));
}

describe('network', () => {
  test.each([
    ['chromium', 'dns.failed', 'dns.name_not_resolved'],
    ['chromium', 'tcp.timed_out', 'timed_out'],
    ['chromium', 'http.timed_out', 'timed_out'],
    ['chromium', 'tls.cert.date_invalid', 'tls.cert.date_invalid'],
    ['firefox', 'dns.timed_out', 'timed_out.unconnected'],
    ['firefox', 'tls.timed_out', 'timed_out.connected'],
    ['firefox', 'tls.cert.date_invalid', 'tls.failed'],
    ['firefox', 'tcp.address_unreachable', 'tcp.refused'],
    ['firefox', 'http.503', 'http.503'],
  ] as const)('%s reports %s as %s', (engine, failure, reported) => expect(reportedAs(engine, failure)).toBe(reported));

  test('a fault hits only requests that take the step in which it lies', () => {
    const noNames = seen({ controls: { fail: { 'dns.failed': 1 } } });
    expect(noNames).toMatchObject({ 'control-google': 'dns.name_not_resolved', 'control-cloudflare': 'ok' });
    const deadLine = seen({ controls: { fail: { 'dns.timed_out': 1 } } });
    expect(deadLine).toMatchObject({ 'control-cloudflare': 'timed_out' });
    const wrongClock = seen({ controls: { fail: { 'tls.cert.date_invalid': 1 } } });
    expect(wrongClock).toMatchObject({ 'control-google': 'tls.cert.date_invalid', 'control-mozilla': 'ok' });
  });

  test('the product judges statuses: a refusal without a body is our own limit, one of the application is a failure', () => {
    expect(seen({ hosts: { catalog: { fail: { 'http.403': 1 } } } })).toMatchObject({ catalog: 'rate-limited' });
    expect(seen({ hosts: { catalog: { fail: { 'http.403': 1 }, by: 'origin' } } })).toMatchObject({ catalog: 'http.403' });
  });

  test('old data shows in the charts alone; what takes longer than the timer has timed out', () => {
    expect(seen({ store: { fail: { 'content.stale': 1 } } })).toMatchObject({ charts: 'content.stale', artwork: 'ok', catalog: 'ok' });
    expect(seen({ store: { slow: 500 } }, 'firefox')).toMatchObject({ catalog: 'timed_out.connected' });
  });

  test('offline, without permission', () => {
    expect(new Set(Object.values(seen({ client: { online: false } })))).toEqual(new Set(['local.offline']));
    expect(seen({ client: { revoked: ['audio'] } })).toMatchObject({ audio: 'no-permission', artwork: 'ok' });
  });

  test('whoever is offline asks nobody; a public resolver knows what the scenario says', () => {
    const world = { failShare: 1, ownCountryFailShare: 1 };
    expect(ask({ world, store: { fail: { 'dns.failed': 1 } } })).toEqual(['failing', 20, 'read']);
    expect(ask({ world, doh: 'ok', store: { fail: { 'dns.failed': 1 } } })).toEqual(['ok', 20, 'read']);
    expect(ask({ world, client: { online: false } })).toEqual(['unreachable', null, 'unreachable']);
    expect(ask({ world, controls: { fail: { 'tcp.timed_out': 1 } } })).toEqual(['unreachable', null, 'unreachable']);
    expect(ask({ official: 'unreachable' })).toEqual(['ok', null, 'unreachable']);
  });

  test('the user’s wrong clock shows in what is told, and can be read from the answers', () => {
    const { rounds } = sampleRounds(scenario([{ atMinute: 0, client: { clockSkewMinutes: 30 } }]), { engine: 'chromium', seed: '1', minutes: [10] });
    expect(rounds[0]!.at).toBe(Date.parse('2024-05-01T03:40:00Z'));
    expect(Math.round(rounds[0]!.clockSkew! / 60_000)).toBe(30);
  });
});

describe('replay', () => {
  test('checkpoints lie before the end, and the last minute before it is one', () => {
    expect(checkpointMinutes(scenario([{ atMinute: 0 }]))).toEqual([5, 15, 39]);
    expect(checkpointMinutes(scenario([{ atMinute: 0 }], { endMinute: 241 }))).toEqual([5, 15, 60, 240]);
    expect(checkpointMinutes(scenario([{ atMinute: 0 }], { endMinute: null }))).toEqual([5, 15]);
  });

  test('an outage is found within two checks, told once, and its end is told too', async () => {
    const { line } = await replay(scenario([{ atMinute: 0, store: DOWN }, { atMinute: 40 }]));
    expect(line.detectedMinute).toBeLessThan(10);
    expect(line.recoveredMinute).toBeGreaterThan(40);
    expect(line.notifications.map(({ kind }) => kind)).toEqual(['outage', 'recovery']);
    expect(line.at.map(({ minute, state }) => [minute, state]).at(-1)).toEqual([39, 'down']);
  });

  test('truth is read by the score alone', async () => {
    const phases = [{ atMinute: 0, store: DOWN }, { atMinute: 40 }];
    const other = scenario(phases, { truth: { side: 'own', causes: ['blocker'], relapse: true, confidence: 'low' } });
    expect(await replay(other)).toEqual(await replay(scenario(phases)));
  });

  test('while the machine sleeps nothing is checked', async () => {
    const { line } = await replay(scenario([{ atMinute: 0 }, { atMinute: 5, store: DOWN, client: { asleep: true } }, { atMinute: 35 }]));
    expect(line.checks).toBeLessThan(6);
    expect(line.notifications).toEqual([]);
  });

  test('without second opinions nobody else is asked, and it is another replay', async () => {
    const own = readScenario(`${SCENARIOS}trap-resolver-lies.json`);
    if (!own.ok) throw new Error(own.error.reason);
    const [alone, asked] = [await replay(own.value, { ...DEFAULT_OPTIONS, secondOpinion: false }), await replay(own.value)];
    expect(alone.line.at[0]!.causes).not.toEqual(asked.line.at[0]!.causes);
  });
});

test('a machine that falls asleep for good in the middle of a request: it comes back unseen, and time stays a number', async () => {
  const forever = scenario([{ atMinute: 0 }, { atMinute: 5, client: { asleep: true } }], { endMinute: null });
  const world = createWorld(forever, DEFAULT_OPTIONS, forever.start, () => new Promise((resolve) => setImmediate(resolve)));
  world.moveTo(forever.start + 5 * 60_000 - 1);
  const { result } = await world.run(world.probe(TARGETS[0]!, { country: 'jp', nonce: '1' }));
  expect(result).toEqual({ kind: 'discarded', because: 'suspended' });
  expect(Number.isFinite(world.trueNow())).toBe(true);
});
