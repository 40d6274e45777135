import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import fc from 'fast-check';
import { HEALTHY_PHASE, decodeScenario, failShare, isVisible, phaseAt, viewOf, type Scenario } from './scenario.ts';

const VIEW = { fail: { 'http.503': 0.6, 'tcp.timed_out': 0.2 }, slow: 3, by: 'edge' };

/** A valid file; each case changes one place. */
function file(): Record<string, any> {
  return {
    format: 1,
    id: 'a',
    title: 'A',
    start: '2015-03-11T09:00:00Z',
    endMinute: 60,
    phases: [
      {
        atMinute: 0,
        store: { fail: { 'dns.failed': 1 } },
        hosts: { purchase: VIEW },
        client: { clockSkewMinutes: -5, revoked: ['audio'] },
        official: [{ service: 'iTunes Store', type: 'Outage', status: 'ongoing', startedAtMinute: -10, text: 'x' }],
        world: { failShare: 0.9, ownCountryFailShare: 1 },
        note: 'for people',
      },
      { atMinute: 60, official: 'unreachable' },
    ],
    truth: { side: 'store', causes: ['dns'], relapse: false, confidence: 'high' },
    source: ['s'],
  };
}

function decoded(change: (json: Record<string, any>) => void = () => {}): Scenario {
  const json = file();
  change(json);
  const outcome = decodeScenario(json);
  if (!outcome.ok) throw new Error(`${outcome.error.at}: ${outcome.error.reason}`);
  return outcome.value;
}

test('what is left out is healthy and does not carry over', () => {
  const scenario = decoded();
  expect(scenario.start).toBe(Date.UTC(2015, 2, 11, 9));
  const [first, second] = scenario.phases;
  expect(viewOf(first, 'catalog')).toEqual({ fail: [['dns.failed', 1]], slow: 1, by: null });
  expect(viewOf(first, 'purchase')).toEqual({ fail: [['http.503', 0.6], ['tcp.timed_out', 0.2]], slow: 3, by: 'edge' });
  expect(failShare(viewOf(first, 'purchase'))).toBeCloseTo(0.8);
  expect(viewOf(first, 'controls').fail).toEqual([]);
  expect(first.client).toEqual({ online: true, asleep: false, clockSkewMinutes: -5, revoked: ['audio'] });
  expect(second).toEqual({ ...HEALTHY_PHASE, atMinute: 60, official: 'unreachable' });
});

test.each<[string, number, unknown]>([
  ['before the file', -1, HEALTHY_PHASE],
  ['at its start', 0, 0],
  ['within the first phase', 59.9, 0],
  ['from the next phase on', 60, 1],
  ['long after', 9999, 1],
])('phaseAt: %s', (_, minute, expected) => {
  const scenario = decoded();
  expect(phaseAt(scenario, minute)).toBe(typeof expected === 'number' ? scenario.phases[expected] : expected);
});

test('a fault whose end no phase tells is over at endMinute', () => {
  const scenario = decoded((json) => json.phases.pop());
  expect(phaseAt(scenario, 59.9)).toBe(scenario.phases[0]);
  expect(phaseAt(scenario, 60)).toBe(HEALTHY_PHASE);
  const open = decoded((json) => {
    json.phases.pop();
    json.endMinute = null;
  });
  expect(phaseAt(open, 9999)).toBe(open.phases[0]);
});

test.each<[boolean, string, Record<string, unknown>]>([
  [true, 'a share of 0.1', { store: { fail: { 'http.500': 0.06, 'http.503': 0.04 } } }],
  [false, 'a share below 0.1', { store: { fail: { 'http.500': 0.09 } } }],
  [true, 'twofold slow', { hosts: { artwork: { slow: 2 } } }],
  [false, 'less than twofold slow', { hosts: { artwork: { slow: 1.9 } } }],
  [false, 'controls alone', { controls: { fail: { 'dns.failed': 1 } } }],
])('visible %s: %s', (visible, _, phase) => {
  expect(isVisible(decoded((json) => (json.phases[0] = { atMinute: 0, ...phase })))).toBe(visible);
});

test('what happens after the end is not visible', () => {
  expect(isVisible(decoded((json) => (json.phases = [{ atMinute: 0 }, { atMinute: 60, store: VIEW }])))).toBe(false);
});

test.each<[string, string, (json: Record<string, any>) => void]>([
  ['format', '1', (json) => (json.format = 2)],
  ['id', 'empty', (json) => (json.id = '')],
  ['title', 'missing', (json) => delete json.title],
  ['title', 'text', (json) => (json.title = 1)],
  ['start', 'instant', (json) => (json.start = '2015-03-11T09:00:00')],
  ['start', 'instant', (json) => (json.start = '2015-13-41T09:00:00Z')],
  ['endMinute', 'number', (json) => (json.endMinute = '60')],
  ['endMinute', 'number', (json) => (json.endMinute = -1)],
  ['endMinute', 'missing', (json) => delete json.endMinute],
  ['phases', 'list', (json) => (json.phases = {})],
  ['phases', 'at least one', (json) => (json.phases = [])],
  ['phases[0].atMinute', 'missing', (json) => delete json.phases[0].atMinute],
  ['phases[0].atMinute', 'first phase', (json) => (json.phases[0].atMinute = 1)],
  ['phases[1].atMinute', 'order', (json) => (json.phases[1].atMinute = 0)],
  ['phases[0].stores', 'not a key', (json) => (json.phases[0].stores = {})],
  ['phases[0].store', 'object', (json) => (json.phases[0].store = [])],
  ['phases[0].store.fail', '"dns.borken"', (json) => (json.phases[0].store.fail = { 'dns.borken': 1 })],
  ['phases[0].store.fail', '"timed_out"', (json) => (json.phases[0].store.fail = { timed_out: 1 })],
  ['phases[0].store.fail', '"http.200"', (json) => (json.phases[0].store.fail = { 'http.200': 1 })],
  ['phases[0].store.fail["dns.failed"]', '0 to 1', (json) => (json.phases[0].store.fail = { 'dns.failed': 1.1 })],
  ['phases[0].store.fail["dns.failed"]', '0 to 1', (json) => (json.phases[0].store.fail = { 'dns.failed': '1' })],
  ['phases[0].store.fail', 'add up to 1.2', (json) => (json.phases[0].store.fail = { 'dns.failed': 0.7, 'http.503': 0.5 })],
  ['phases[0].store.slow', 'number', (json) => (json.phases[0].store.slow = 0)],
  ['phases[0].store.by', 'edge, origin', (json) => (json.phases[0].store.by = 'cdn')],
  ['phases[0].hosts.shop', 'not a key', (json) => (json.phases[0].hosts = { shop: {} })],
  ['phases[0].hosts.controls', 'not a key', (json) => (json.phases[0].hosts = { controls: {} })],
  ['phases[0].hosts.purchase.fial', 'not a key', (json) => (json.phases[0].hosts.purchase = { fial: {} })],
  ['phases[0].resolver', 'ok, dead, lies', (json) => (json.phases[0].resolver = 'slow')],
  ['phases[0].doh', 'same', (json) => (json.phases[0].doh = 'dead')],
  ['phases[0].client.online', 'true or false', (json) => (json.phases[0].client = { online: 1 })],
  ['phases[0].client.revoked[0]', 'one of', (json) => (json.phases[0].client = { revoked: ['shop'] })],
  ['phases[0].client.awake', 'not a key', (json) => (json.phases[0].client = { awake: true })],
  ['phases[0].official', 'list', (json) => (json.phases[0].official = 'gone')],
  ['phases[0].official[0].status', 'one of', (json) => (json.phases[0].official[0].status = 'on')],
  ['phases[0].official[0].startedAtMinute', 'missing', (json) => delete json.phases[0].official[0].startedAtMinute],
  ['phases[0].world.failShare', '0 to 1', (json) => (json.phases[0].world.failShare = 2)],
  ['phases[0].note', 'text', (json) => (json.phases[0].note = 3)],
  ['truth.side', 'one of', (json) => (json.truth.side = 'vendor')],
  ['truth.causes[0]', '"gremlins"', (json) => (json.truth.causes = ['gremlins'])],
  ['truth.causes[0]', '"toString"', (json) => (json.truth.causes = ['toString'])],
  ['truth.causes', 'empty', (json) => (json.truth.side = 'none')],
  ['truth.causes', 'undisclosed', (json) => (json.truth.causes = [])],
  ['truth.relapse', 'true or false', (json) => (json.truth.relapse = 'no')],
  ['source[0]', 'text', (json) => (json.source = [1])],
  ['extra', 'not a key', (json) => (json.extra = 1)],
])('refuses %s (%s)', (at, reason, change) => {
  const json = file();
  change(json);
  const outcome = decodeScenario(json);
  expect(outcome).toMatchObject({ ok: false, error: { at, reason: expect.stringContaining(reason) } });
});

test('any JSON is decoded or refused, never thrown at', () => {
  fc.assert(fc.property(fc.jsonValue(), (json) => void decodeScenario(json)));
  for (const json of [null, 1, 'x', [], [1]]) expect(decodeScenario(json)).toMatchObject({ ok: false, error: { at: 'scenario' } });
  // The same inside an otherwise valid file: any value in any place.
  const places = ['format', 'id', 'start', 'endMinute', 'phases', 'truth', 'source'];
  fc.assert(fc.property(fc.constantFrom(...places), fc.jsonValue(), (place, json) => void decodeScenario({ ...file(), [place]: json })));
});

const REAL = new URL('../../../shared/scenarios/real/', import.meta.url);

describe.skipIf(!existsSync(REAL))('scenarios of documented incidents, where they lie beside the repository', () => {
  test.each(existsSync(REAL) ? readdirSync(REAL) : [])('%s', (name) => {
    const outcome = decodeScenario(JSON.parse(readFileSync(new URL(name, REAL), 'utf8')));
    expect(outcome).toMatchObject({ ok: true, value: { id: name.replace(/\.json$/, '') } });
  });
});
