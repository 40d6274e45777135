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
