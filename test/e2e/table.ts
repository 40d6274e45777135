import type { Failure } from '../../utils/core/failure.ts';
import type { StoreRole } from '../../utils/core/role.ts';
import type { Side } from '../../utils/core/diagnosis.ts';
import type { State } from '../../utils/core/snapshot.ts';
import type { LabPhase, View } from '../lab/lab.ts';
import { reportedAs } from '../../utils/rehearsal/network.ts';
import type { Engine } from '../setup/ensure.ts';

/** What a user must see of one fault in a real browser. */
export interface Row {
  /** What is wrong, for people: a test's name and a line of the README. */
  fault: string;
  /** What the lab does. */
  phase: LabPhase;
  expected: Expected;
}

export interface Expected {
  /** What the popup answers; any of these. */
  state: readonly State[];
  side: Side | null;
  /** Failure made at the store's hosts. Left out: nothing is expected of the observations. */
  made?: Failure;
  /** Parts that work in spite of it. */
  spared?: readonly StoreRole[];
  /** Whether store pages that are open get the banner, and the desktop one notification. */
  told: boolean;
}

const all = (kind: string, more: Partial<View> = {}): LabPhase => ({ store: { fail: { [kind]: 1 }, ...more } });
const STORE: Omit<Expected, 'state'> = { side: 'store', told: true };
const NOT_SEEN: Expected = { state: ['own', 'blind', 'unknown'], side: null, told: false };

/** Nothing is wrong: nothing is shown. */
export const HEALTHY: Row = { fault: 'nothing', phase: {}, expected: { state: ['up'], side: null, told: false } };

/** Every failure kind of the scenario format that a network can make, at all hosts of the store; neighbour and controls answer. */
export const STORE_FAULTS: readonly Row[] = [
  { fault: 'the store’s names are not found', phase: all('dns.name_not_resolved'), expected: { ...STORE, state: ['down'], made: 'dns.name_not_resolved' } },
  { fault: 'DNS fails for the store’s names (SERVFAIL)', phase: all('dns.failed'), expected: { ...STORE, state: ['down'], made: 'dns.failed' } },
  {
    fault: 'no answer from DNS for the store’s names', phase: all('dns.timed_out'),
    expected: { ...STORE, state: ['down'], made: 'dns.timed_out' },
  },
  { fault: 'connections get no answer', phase: all('tcp.timed_out'), expected: { ...STORE, state: ['down'], made: 'tcp.timed_out' } },
  { fault: 'connections are refused', phase: all('tcp.refused'), expected: { ...STORE, state: ['down'], made: 'tcp.refused' } },
  { fault: 'connections are reset', phase: all('tcp.reset'), expected: { ...STORE, state: ['down'], made: 'tcp.reset' } },
  { fault: 'addresses are unreachable', phase: all('tcp.address_unreachable'), expected: { ...STORE, state: ['down'], made: 'tcp.address_unreachable' } },
  { fault: 'TLS gets no answer', phase: all('tls.timed_out'), expected: { ...STORE, state: ['down'], made: 'tls.timed_out' } },
  { fault: 'garbage instead of TLS', phase: all('tls.protocol.error'), expected: { ...STORE, state: ['down'], made: 'tls.protocol.error' } },
  { fault: 'certificates for another name', phase: all('tls.cert.name_invalid'), expected: { ...STORE, state: ['down'], made: 'tls.cert.name_invalid' } },
  { fault: 'certificates have expired', phase: all('tls.cert.date_invalid'), expected: { ...STORE, state: ['down'], made: 'tls.cert.date_invalid' } },
  { fault: 'certificates of an unknown authority', phase: all('tls.cert.authority_invalid'), expected: { ...STORE, state: ['down'], made: 'tls.cert.authority_invalid' } },
  { fault: 'connected, then silence', phase: all('http.timed_out'), expected: { ...STORE, state: ['down'], made: 'http.timed_out' } },
  {
    fault: 'answers cut short', phase: all('http.response.truncated'),
    // Of a page, of the directory and of a song the beginning is enough.
    expected: { ...STORE, state: ['down', 'degraded'], made: 'http.response.truncated', spared: ['storefront', 'directory', 'audio'] },
  },
  { fault: 'error 500 by the application', phase: all('http.500', { by: 'origin' }), expected: { ...STORE, state: ['down'], made: 'http.500' } },
  { fault: 'error 502 by the edge', phase: all('http.502', { by: 'edge' }), expected: { ...STORE, state: ['down'], made: 'http.502' } },
  { fault: 'error 503 by the edge', phase: all('http.503', { by: 'edge' }), expected: { ...STORE, state: ['down'], made: 'http.503' } },
  { fault: 'error 503 by the application', phase: all('http.503', { by: 'origin' }), expected: { ...STORE, state: ['down'], made: 'http.503' } },
  { fault: 'error 504, by whom cannot be told', phase: all('http.504'), expected: { ...STORE, state: ['down'], made: 'http.504' } },
  { fault: 'wrong or empty content', phase: all('content.unexpected'), expected: { ...STORE, state: ['down'], made: 'content.unexpected' } },
  // Announced on its own page: it is shown, and alarms nobody.
  { fault: 'a maintenance page', phase: all('content.maintenance'), expected: { state: ['maintenance'], side: 'store', made: 'content.maintenance', told: false } },
  { fault: 'charts of last week', phase: { hosts: { charts: { fail: { 'content.stale': 1 } } } }, expected: { ...STORE, state: ['degraded'], made: 'content.stale' } },
];

/** Faults of one part of the store. */
export const PART_FAULTS: readonly Row[] = [
  { fault: 'only audio fails', phase: { hosts: { audio: { fail: { 'http.503': 1 } } } }, expected: { ...STORE, state: ['degraded'], made: 'http.503' } },
  { fault: 'only purchases fail', phase: { hosts: { purchase: { fail: { 'http.500': 1 }, by: 'origin' } } }, expected: { ...STORE, state: ['degraded'], made: 'http.500' } },
];

/** Trouble on the user's side, or on the way: the store cannot be judged, and nobody is told that it is down. */
export const OWN_FAULTS: readonly Row[] = [
  { fault: 'cable pulled', phase: { client: { online: false } }, expected: { ...NOT_SEEN, state: ['own'], side: 'own' } },
  { fault: 'captive portal', phase: { captive: true }, expected: { ...NOT_SEEN, state: ['own'], side: 'own' } },
  { fault: 'the own resolver is dead', phase: { resolver: 'dead' }, expected: { ...NOT_SEEN, state: ['own'], side: 'own' } },
  {
    fault: 'nothing answers, the controls neither', phase: { store: { fail: { 'tcp.timed_out': 1 } }, neighbour: { fail: { 'tcp.timed_out': 1 } }, controls: { fail: { 'tcp.timed_out': 1 } } },
    expected: { ...NOT_SEEN, side: null },
  },
  { fault: 'the controls fail, the store answers', phase: { controls: { fail: { 'tcp.timed_out': 1 } } }, expected: { state: ['up'], side: null, told: false } },
];

/**
 * What an engine may report of a failure: the failure itself, what the replay takes it to report, or for a silence that it cannot place, just that.
 * Never a wrong place.
 */
export function accepted(engine: Engine, made: Failure): ReadonlySet<Failure> {
  // Firefox calls a reset now and then NS_ERROR_FAILURE, which tells no more than that the connection failed: measured.
  // And it counts in whole milliseconds: in the lab, where no cable has a length, a connection made before TLS fell silent can look as if it never was.
  const vague: readonly Failure[] = engine !== 'firefox' ? [] : made === 'tcp.reset' ? ['tcp.failed'] : made === 'tls.timed_out' ? ['timed_out.unconnected'] : [];
  return new Set([made, reportedAs(engine, made), ...vague, ...(made.endsWith('timed_out') ? (['timed_out'] as const) : [])]);
}

/** What the real browsers are put through. */
export const TABLE: readonly Row[] = [HEALTHY, ...STORE_FAULTS, ...PART_FAULTS, ...OWN_FAULTS];

/** @returns the table in Markdown, for the README: `node test/e2e/table.ts`. */
export function markdown(): string {
  const line = (row: Row): string => {
    const { state, side, made, told } = row.expected;
    return `| ${row.fault} | ${made === undefined ? '' : `\`${made}\``} | ${state.join(' or ')} | ${side ?? '–'} | ${told ? 'banner, one notification' : '–'} |`;
  };
  return ['| fault | failure | popup says | side | told |', '| --- | --- | --- | --- | --- |', ...TABLE.map(line)].join('\n');
}

if (import.meta.main) console.log(markdown());
