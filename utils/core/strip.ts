import { queryRange, type Durations, type History, type Span } from './history.ts';
import type { Slice, Snapshot } from './snapshot.ts';

const HALF_HOUR = 1_800_000;
/** The last day in half hours of the clock; the one under way is the last. */
const SLICES = 48;

/** Half hours that have been summed up already: a check touches one or two of them. */
export type StripMemo = Map<number, { slice: Slice; ms: Durations }>;

/**
 * The last 24 hours for the strip.
 * @param memo kept by the caller between checks, and brought up to date here
 * @param touched stretches recorded since the last call
 */
export function stripOf(history: History, memo: StripMemo, touched: readonly Span[], now: number): Snapshot['strip'] {
  const last = Math.floor(now / HALF_HOUR);
  const first = last - SLICES + 1;
  for (const span of touched) for (let i = Math.floor(span.from / HALF_HOUR); i <= Math.floor(span.to / HALF_HOUR); i++) memo.delete(i);
  memo.delete(last);
  for (const index of memo.keys()) if (index < first || index > last) memo.delete(index);

  const slices: Snapshot['strip']['slices'] = [];
  let [usable, observed] = [0, 0];
  for (let i = first; i <= last; i++) {
    let known = memo.get(i);
    if (known === undefined) {
      const { state, seen, ms } = queryRange(history, i * HALF_HOUR, (i + 1) * HALF_HOUR, 1, now)[0]!;
      memo.set(i, (known = { slice: { state, seen }, ms }));
    }
    const { slice, ms } = known;
    slices.push(slice);
    usable += ms.up + ms.degraded;
    observed += ms.up + ms.degraded + ms.down + ms.maintenance;
  }
  const from = first * HALF_HOUR;
  return { from, sliceMs: HALF_HOUR, slices, uptime: observed > 0 ? usable / observed : null, coverage: Math.min(1, observed / Math.max(1, now - from)) };
}
