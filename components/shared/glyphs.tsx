import type { ComponentChildren } from 'preact';
import type { State } from '../../utils/core/snapshot.ts';
import type { StationId } from '../../utils/view/way.ts';

/** Pictures drawn on a 24 × 24 grid. All are decoration: the words beside them say the same. */
function Picture({ size, children, className }: { size: number; children: ComponentChildren; className?: string }) {
  return (
    <svg class={className} width={size} height={size} viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true" focusable="false">
      {children}
    </svg>
  );
}

/** One silhouette for each state, so that the shape alone tells them apart: filled in the tone's colour, the mark cut out of it. */
const SHAPES: Record<State, { body: ComponentChildren; mark: ComponentChildren }> = {
  up: { body: <circle cx="12" cy="12" r="11" />, mark: <path d="m7 12.4 3.4 3.4L17 9" /> },
  down: { body: <path d="M7.6 1.2h8.8l6.4 6.4v8.8l-6.4 6.4H7.6l-6.4-6.4V7.6z" />, mark: <path d="m8.2 8.2 7.6 7.6m0-7.6-7.6 7.6" /> },
  degraded: { body: <path d="M12 2.2 22.8 21H1.2z" />, mark: <path d="M12 9.4v5m0 3.2v.1" /> },
  maintenance: { body: <rect x="1.5" y="1.5" width="21" height="21" rx="6" />, mark: <path d="M9 7.6v8.8m6-8.8v8.8" /> },
  recovering: { body: <circle cx="12" cy="12" r="11" />, mark: <path d="M12 17V7.4m-4.2 4L12 7.2l4.2 4.2" /> },
  suspect: { body: <circle cx="12" cy="12" r="11" />, mark: <path d="M7.2 12v.1m4.8-.1v.1m4.8-.1v.1" /> },
  own: { body: <path d="M12 1.4 23 10.6h-2.6v10.2a1.6 1.6 0 0 1-1.6 1.6H5.2a1.6 1.6 0 0 1-1.6-1.6V10.6H1z" />, mark: <path d="M12 10v4.6m0 3.6v.1" /> },
  blind: { body: <rect x="1.5" y="1.5" width="21" height="21" rx="10.5" />, mark: <path d="M6 12c1.7-2.7 3.7-4 6-4s4.3 1.3 6 4c-1.7 2.7-3.7 4-6 4s-4.3-1.3-6-4Zm1.2 6L16.8 6" /> },
  unknown: { body: <circle cx="12" cy="12" r="11" />, mark: <path d="M9.4 9.3a2.7 2.7 0 1 1 4 2.4c-.9.5-1.4 1-1.4 2.1m0 3.2v.1" /> },
};

/** The sign of a state: its silhouette in the colour of the surrounding `data-tone`. */
export function StateSign({ state, size = 40 }: { state: State; size?: number }) {
  const { body, mark } = SHAPES[state];
  return (
    <svg class="state-sign keeps-colours" width={size} height={size} viewBox="0 0 24 24" aria-hidden="true" focusable="false">
      <g fill="var(--tone-fill)" stroke="var(--tone-fill)" stroke-width="1" stroke-linejoin="round">{body}</g>
      <g fill="none" stroke="var(--on-tone)" stroke-width={state === 'blind' ? 1.6 : 2.4} stroke-linecap="round" stroke-linejoin="round">{mark}</g>
    </svg>
  );
}

const STATION_PICTURES: Record<StationId, ComponentChildren> = {
  device: <><rect x="4" y="5" width="16" height="11" rx="1.8" /><path d="M2 19.5h20" /></>,
  connection: <><path d="M4.5 10.5a11 11 0 0 1 15 0M7.8 14a6.3 6.3 0 0 1 8.4 0" /><path d="M12 17.8v.1" /></>,
  names: <><path d="M4 4.5h7.2L20 13.3a1.5 1.5 0 0 1 0 2.1L15.4 20a1.5 1.5 0 0 1-2.1 0L4.5 11.2z" /><path d="M8.4 8.9v.1" /></>,
  edge: <><circle cx="12" cy="12" r="8.6" /><path d="M3.6 12h16.8M12 3.4c2.6 2.5 3.8 5.4 3.8 8.6s-1.2 6.1-3.8 8.6c-2.6-2.5-3.8-5.4-3.8-8.6s1.2-6.1 3.8-8.6Z" /></>,
  store: <><path d="M9.5 17.5V6l9.5-2v11.5" /><circle cx="7" cy="17.5" r="2.5" /><circle cx="16.5" cy="15.5" r="2.5" /></>,
  'sign-in': <><circle cx="12" cy="8.2" r="3.9" /><path d="M4.5 20c.9-3.6 3.7-5.4 7.5-5.4s6.6 1.8 7.5 5.4" /></>,
  purchase: <><path d="M5.2 8.5h13.6l.9 11.5H4.3z" /><path d="M8.6 11V7.4a3.4 3.4 0 0 1 6.8 0V11" /></>,
};

export function StationPicture({ id, size = 16 }: { id: StationId; size?: number }) {
  return <Picture size={size}>{STATION_PICTURES[id]}</Picture>;
}

export function Tick({ size = 12 }: { size?: number }) {
  return <Picture size={size}><path d="m5 12.5 4.5 4.5L19 7.5" stroke-width="3" /></Picture>;
}

export function Cross({ size = 12 }: { size?: number }) {
  return <Picture size={size}><path d="m6 6 12 12M18 6 6 18" stroke-width="3" /></Picture>;
}

/** The mark of the product: two links, joined. */
export function Mark({ size = 20 }: { size?: number }) {
  return <Picture size={size}><rect x="2" y="7.5" width="12" height="9" rx="4.5" /><rect x="10" y="7.5" width="12" height="9" rx="4.5" /></Picture>;
}
