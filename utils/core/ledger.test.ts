import { expect, test } from 'vitest';
import type { Observation } from './observation.ts';
import { EMPTY_LEDGER, decodeLedger, noteContact, noteObservations } from './ledger.ts';

const seen = (target: string, bytes: number): Observation => ({ target, role: 'catalog', at: 0, ms: 1, result: { kind: 'ok' }, times: null, answer: null, bytes });

test('each request adds one to its host, and its bytes', () => {
  const ledger = noteObservations(EMPTY_LEDGER, [seen('a', 100), seen('a', 50), seen('b', 7)], (id) => `${id}.example`);
  expect(ledger.hosts).toEqual({ 'a.example': { why: 'catalog', count: 2, bytes: 150 }, 'b.example': { why: 'catalog', count: 1, bytes: 7 } });
  expect(noteContact(ledger, 'dns.example', 'resolver', 30).hosts['dns.example']).toEqual({ why: 'resolver', count: 1, bytes: 30 });
});

test.each([undefined, null, 3, 'x', [], { hosts: 1 }, { hosts: { a: null, b: { why: 1, count: 1, bytes: 1 }, c: { why: 'x', count: -1, bytes: 1 }, d: { why: 'x', count: 1, bytes: Infinity } } }])('what is stored and no ledger is an empty one: %j', (stored) => {
  expect(decodeLedger(stored)).toEqual(EMPTY_LEDGER);
});

test('what was written is read back', () => {
  const ledger = noteContact(EMPTY_LEDGER, 'a.example', 'audio', 12);
  expect(decodeLedger(JSON.parse(JSON.stringify(ledger)))).toEqual(ledger);
});

test('what was not asked for want of permission contacted nobody; what was asked and thrown away did', () => {
  const denied: Observation = { ...seen('a', 5), result: { kind: 'discarded', because: 'no-permission' } };
  expect(noteObservations(EMPTY_LEDGER, [denied], (id) => id)).toEqual(EMPTY_LEDGER);
  const late: Observation = { ...seen('a', 5), result: { kind: 'discarded', because: 'late' } };
  expect(noteObservations(EMPTY_LEDGER, [late], (id) => id).hosts).toEqual({ a: { why: 'catalog', count: 1, bytes: 5 } });
});

test('who asked first gives the reason; several requests may be noted at once', () => {
  const first = noteContact(EMPTY_LEDGER, 'a', 'official', 5, 3);
  expect(noteContact(first, 'a', 'resolver', 7, 2).hosts).toEqual({ a: { why: 'official', count: 5, bytes: 12 } });
  expect(noteObservations(first, [seen('a', 1), seen('b', 2)], (id) => id).hosts).toEqual({ a: { why: 'official', count: 4, bytes: 6 }, b: { why: 'catalog', count: 1, bytes: 2 } });
});

test('sixty hosts at most; those that are there go on', () => {
  const hosts = Array.from({ length: 60 }, (_, i) => `h${i}`);
  const full = noteObservations(EMPTY_LEDGER, hosts.map((host) => seen(host, 1)), (id) => id);
  expect(Object.keys(full.hosts)).toEqual(hosts);
  expect(noteContact(full, 'new', 'x', 1)).toBe(full);
  expect(noteObservations(full, [seen('new', 1), seen('h7', 4)], (id) => id).hosts).toEqual({ ...full.hosts, h7: { why: 'catalog', count: 2, bytes: 5 } });
  expect(noteContact(full, 'h7', 'x', 4).hosts['h7']).toMatchObject({ count: 2 });
  const stored = { hosts: Object.fromEntries(Array.from({ length: 80 }, (_, i) => [`h${i}`, { why: 'x', count: 0, bytes: 0 }])) };
  expect(Object.keys(decodeLedger(stored).hosts)).toEqual(hosts);
});

test('lines that cannot be read go, the others stay', () => {
  const fine = { why: 'x', count: 0, bytes: 0 };
  expect(decodeLedger({ hosts: { fine, null: null, text: 'x', no: { ...fine, why: 5 }, count: { ...fine, count: '5' }, bytes: { ...fine, bytes: Number.NaN }, less: { ...fine, bytes: -1 } } })).toEqual({ hosts: { fine } });
  expect(decodeLedger({ hosts: null })).toEqual(EMPTY_LEDGER);
  expect(decodeLedger({})).toEqual(EMPTY_LEDGER);
});
