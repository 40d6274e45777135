import type { Slice } from '../../utils/core/snapshot.ts';
import type { TimeState } from '../../utils/core/time-state.ts';

/** At most so many columns: finer than 3 px nobody tells apart. */
const COLUMNS = 96;
const HEIGHT = 26;
const STEP = 5;
const WIDTH = 3.4;

/** From the least to the most telling: a column of several slices shows the worst that was seen in it. */
const RANK: Record<TimeState, number> = { unobserved: 0, up: 1, maintenance: 2, degraded: 3, down: 4 };

/** @returns the slices, merged to at most `columns`: each column is as bad as its worst slice, and *not observed* only where nothing of it was seen. */
export function merge(slices: readonly Slice[], columns = COLUMNS): TimeState[] {
  const per = Math.max(1, Math.ceil(slices.length / columns));
  const merged: TimeState[] = [];
  for (let at = 0; at < slices.length; at += per) {
    const part = slices.slice(at, at + per);
    merged.push(part.reduce<TimeState>((worst, { state }) => (RANK[state] > RANK[worst] ? state : worst), 'unobserved'));
  }
  return merged;
}

/** A bar for each state, different in shape and not only in colour: whole, short, parted like a broken link; hatched where nobody looked. */
function Bar({ state, x }: { state: TimeState; x: number }) {
  if (state === 'down') return <path class="down" d={`M${x} 0h${WIDTH}v${HEIGHT * 0.36}h-${WIDTH}zM${x} ${HEIGHT * 0.64}h${WIDTH}v${HEIGHT * 0.36}h-${WIDTH}z`} />;
  if (state === 'degraded') return <rect class="degraded" x={x} y={HEIGHT * 0.4} width={WIDTH} height={HEIGHT * 0.6} />;
  if (state === 'maintenance') return <rect class="maintenance" x={x} y={HEIGHT * 0.6} width={WIDTH} height={HEIGHT * 0.4} />;
  if (state === 'up') return <rect class="up" x={x} y="0" width={WIDTH} height={HEIGHT} />;
  return <path class="unobserved" d={`M${x} ${HEIGHT * 0.28}l${WIDTH}-3M${x} ${HEIGHT * 0.5}l${WIDTH}-3M${x} ${HEIGHT * 0.72}l${WIDTH}-3M${x} ${HEIGHT * 0.94}l${WIDTH}-3`} />;
}

/** @param label what the picture says, for those who don't see it; empty where the words stand beside it */
export function Strip({ slices, label, columns = COLUMNS }: { slices: readonly Slice[]; label: string; columns?: number }) {
  const merged = merge(slices, columns);
  return (
    <svg class="strip keeps-colours" viewBox={`0 0 ${Math.max(1, merged.length) * STEP - (STEP - WIDTH)} ${HEIGHT}`} height={HEIGHT} width="100%" preserveAspectRatio="none" {...(label ? { role: 'img', 'aria-label': label } : { 'aria-hidden': true })}>
      {merged.map((state, index) => <Bar key={index} state={state} x={index * STEP} />)}
    </svg>
  );
}
