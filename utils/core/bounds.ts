import type { Diagnosis } from './diagnosis.ts';
import type { OfficialRecord } from './official-record.ts';
import type { OfficialReading, OfficialStatus } from './official.ts';
import type { ResolverOpinion } from './opinion.ts';

/**
 * What the monitor remembers is written with every check, so it must stay small whatever the vendor's page says and however long an
 * outage lasts: 40 kB of state, 12 kB of what the views read. These bounds are far above what was ever seen.
 */
const MOST_EVENTS = 8;
const MOST_TEXT = 300;
/** Of the vendor's incidents only those near to ours matter here; the full record has its own place. */
const MOST_INCIDENTS = 8;
/** Reasons kept: more than anybody is shown. */
const MOST_REASONS = 12;

const ORDER: Record<OfficialStatus, number> = { ongoing: 0, upcoming: 1, over: 2 };

/** @returns the reading with what concerns the music store, or all (a page-wide notice has no service): what goes on first, then the newest. */
export function boundReading(reading: OfficialReading): OfficialReading {
  if (reading.kind !== 'read') return reading.kind === 'unreachable' ? reading : { ...reading, reason: reading.reason.slice(0, MOST_TEXT) };
  const events = reading.events
    .filter(({ music, service }) => music || service === '')
    .toSorted((a, b) => ORDER[a.status] - ORDER[b.status] || b.startedAt - a.startedAt)
    .slice(0, MOST_EVENTS)
    .map((event) => (event.text.length <= MOST_TEXT ? event : { ...event, text: `${event.text.slice(0, MOST_TEXT - 1).replace(/[\uD800-\uDBFF]$/, '')}…` }));
  return { ...reading, events };
}

/** @returns the record with the newest incidents of the music store alone. */
export function boundRecord(record: OfficialRecord): OfficialRecord {
  const incidents = record.incidents.filter(({ music }) => music).slice(-MOST_INCIDENTS);
  return incidents.length === record.incidents.length ? record : { ...record, incidents };
}

/** @returns the opinion with its first few details. */
export function boundResolver(opinion: ResolverOpinion | null): ResolverOpinion | null {
  return opinion && { ...opinion, details: opinion.details.slice(0, 3).map((detail) => detail.slice(0, 120)) };
}

const rounded = (x: number, to: number): number => Math.round(x * to) / to;

/** @returns the diagnosis with its strongest reasons, in figures that nobody reads beyond. */
export function boundDiagnosis(diagnosis: Diagnosis): Diagnosis {
  const probable = <Id>(list: readonly { id: Id; p: number }[]) => list.map(({ id, p }) => ({ id, p: rounded(p, 1e6) }));
  return {
    side: diagnosis.side,
    causes: probable(diagnosis.causes),
    families: probable(diagnosis.families),
    because: diagnosis.because.slice(0, MOST_REASONS).map((reason) => ({ ...reason, weight: rounded(reason.weight, 1e4), sideWeight: rounded(reason.sideWeight, 1e4) })),
  };
}
