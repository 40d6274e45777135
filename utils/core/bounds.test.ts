import { expect, test } from 'vitest';
import { boundDiagnosis, boundReading, boundRecord, boundResolver } from './bounds.ts';
import { EMPTY_RECORD, type OfficialIncident } from './official-record.ts';
import type { OfficialEvent, OfficialReading } from './official.ts';

const event = (id: string, change: Partial<OfficialEvent> = {}): OfficialEvent => ({ id, service: 'iTunes Store', type: 'outage', status: 'ongoing', startedAt: 0, endsAt: null, text: 'Slow.', hints: [], music: true, ...change });
const ids = (events: OfficialEvent[]): string[] => {
  const reading = boundReading({ kind: 'read', at: 1, events });
  if (reading.kind !== 'read') throw new Error(reading.kind);
  return reading.events.map(({ id }) => id);
};

test('of the page stays what concerns the store or everybody: what goes on first, then the newest', () => {
  expect(ids([event('over', { status: 'over', startedAt: 9 }), event('old', { startedAt: 1 }), event('soon', { status: 'upcoming' }), event('new', { startedAt: 2 })])).toEqual(['new', 'old', 'soon', 'over']);
  expect(ids([event('maps', { music: false, service: 'Maps' }), event('all', { music: false, service: '' })])).toEqual(['all']);
  expect(ids(Array.from({ length: 20 }, (_, i) => event(`${i}`, { startedAt: i })))).toEqual(['19', '18', '17', '16', '15', '14', '13', '12']);
});

test('text is cut at 300 signs, and no sign in half', () => {
  const text = (of: string): string => {
    const reading = boundReading({ kind: 'read', at: 1, events: [event('a', { text: of })] });
    return reading.kind === 'read' ? reading.events[0]!.text : '';
  };
  expect(text('x'.repeat(300))).toBe('x'.repeat(300));
  expect(text('x'.repeat(301))).toBe(`${'x'.repeat(299)}…`);
  expect(text(`${'x'.repeat(298)}🎵🎵`)).toBe(`${'x'.repeat(298)}…`);
});

test('a page that was not read keeps its reason, cut', () => {
  const unreachable: OfficialReading = { kind: 'unreachable', at: 1 };
  expect(boundReading(unreachable)).toBe(unreachable);
  expect(boundReading({ kind: 'not-understood', at: 1, reason: 'x'.repeat(400) })).toEqual({ kind: 'not-understood', at: 1, reason: 'x'.repeat(300) });
});

test('of the record the newest eight of the store; one that is small stays the same', () => {
  const incident = (id: number, music = true) => ({ ids: [`${id}`], music }) as OfficialIncident;
  const small = { ...EMPTY_RECORD, incidents: Array.from({ length: 8 }, (_, i) => incident(i)) };
  expect(boundRecord(small)).toBe(small);
  const grown = boundRecord({ ...EMPTY_RECORD, incidents: [...Array.from({ length: 10 }, (_, i) => incident(i)), incident(99, false)] });
  expect(grown.incidents.map(({ ids: [id] }) => id)).toEqual(['2', '3', '4', '5', '6', '7', '8', '9']);
});

test('of resolvers three short details', () => {
  expect(boundResolver(null)).toBeNull();
  expect(boundResolver({ at: 1, verdict: 'failing', details: ['a', 'b', 'c'.repeat(200), 'd'] })).toEqual({ at: 1, verdict: 'failing', details: ['a', 'b', 'c'.repeat(120)] });
});

test('a diagnosis keeps twelve reasons, in figures that are read', () => {
  const because = Array.from({ length: 20 }, (_, i) => ({ evidence: `${i}`, params: { n: 1 }, cause: 'dns' as const, weight: 1.234_567, sideWeight: -0.000_049 }));
  const bound = boundDiagnosis({ side: { own: 0.1, path: 0.2, store: 0.7 }, causes: [{ id: 'dns', p: 0.123_456_789 }], families: [{ id: 'network', p: 0.000_000_4 }], because });
  expect(bound).toMatchObject({ side: { own: 0.1, path: 0.2, store: 0.7 }, causes: [{ id: 'dns', p: 0.123_457 }], families: [{ id: 'network', p: 0 }] });
  expect(bound.because).toHaveLength(12);
  expect(bound.because[0]).toMatchObject({ evidence: '0', params: { n: 1 }, cause: 'dns', weight: 1.2346 });
  expect(bound.because[0]!.sideWeight).toBeCloseTo(0, 12);
});
