import { useEffect, useRef, useState } from 'preact/hooks';
import type { Translate } from '../../utils/i18n/translate.ts';
import { timeMarks, valueMarks } from '../../utils/view/axis.ts';
import { clockTime, milliseconds, shortDate, timeOfDay } from '../../utils/view/format.ts';

/** Response times of a stretch of time, by its middle; null where nothing was measured. */
export type Points = readonly { at: number; summary: { p50: number; p95: number } | null }[];

const HEIGHT = 220;
/** Room around the lines for what is written there. */
const [LEFT, RIGHT, TOP, BOTTOM] = [56, 14, 20, 26];
/** A word of the time axis needs about this much. */
const MARK_WIDTH = 76;
/** Less than this is a click, not a stretch. */
const LEAST_DRAG = 8;

interface Stretch {
  from: number;
  to: number;
}

/** @returns the line of one value; it is broken where nothing was measured, and a lone point is a dot. */
export function lineOf(points: readonly { x: number; y: number | null }[]): string {
  let path = '';
  for (const [index, { x, y }] of points.entries()) {
    if (y === null) continue;
    const before = points[index - 1]?.y ?? null;
    const after = points[index + 1]?.y ?? null;
    path += `${before === null ? 'M' : 'L'}${x.toFixed(1)} ${y.toFixed(1)}${before === null && after === null ? 'h.01' : ''}`;
  }
  return path;
}

/**
 * Two lines over time, drawn as a picture: dragging zooms in, a double click shows all again, the values under the pointer are written above.
 * Whoever cannot see it has its `label` and the table beside it.
 */
export function Plot({ points, label, t, now }: { points: Points; label: string; t: Translate; now: number }) {
  const place = useRef<HTMLDivElement>(null);
  const [width, setWidth] = useState(600);
  const [zoomed, setZoomed] = useState<Stretch | null>(null);
  const [drag, setDrag] = useState<Stretch | null>(null);
  const [pointed, setPointed] = useState<number | null>(null);
  useEffect(() => {
    const element = place.current;
    if (!element) return undefined;
    const fit = new ResizeObserver(() => setWidth(element.clientWidth || 600));
    fit.observe(element);
    return () => fit.disconnect();
  }, []);
  useEffect(() => setZoomed(null), [points]);

  const half = points.length > 1 ? (points[1]!.at - points[0]!.at) / 2 : 0;
  const { from, to } = zoomed ?? { from: points[0]!.at - half, to: points.at(-1)!.at + half };
  // One more on either side: a line that is cut off goes on.
  const shown = points.filter(({ at }) => at >= from - 2 * half && at <= to + 2 * half);
  const high = Math.max(100, 1.1 * Math.max(0, ...shown.map(({ summary }) => summary?.p95 ?? 0)));
  const [inner, tall] = [Math.max(1, width - LEFT - RIGHT), HEIGHT - TOP - BOTTOM];
  const x = (at: number): number => ((at - from) / (to - from)) * inner;
  const y = (ms: number): number => tall - (ms / high) * tall;
  const line = (pick: 'p50' | 'p95'): string => lineOf(shown.map(({ at, summary }) => ({ x: x(at), y: summary === null ? null : y(summary[pick]) })));

  const under = (event: PointerEvent): number => {
    const { left } = (event.currentTarget as Element).getBoundingClientRect();
    return from + (Math.min(inner, Math.max(0, event.clientX - left - LEFT)) / inner) * (to - from);
  };
  const release = (): void => {
    if (drag !== null && Math.abs(x(drag.to) - x(drag.from)) >= LEAST_DRAG) setZoomed({ from: Math.min(drag.from, drag.to), to: Math.max(drag.from, drag.to) });
    setDrag(null);
  };
  const near = pointed === null ? null : shown.reduce<(typeof shown)[number] | null>((best, one) => (one.summary !== null && (best === null || Math.abs(one.at - pointed) < Math.abs(best.at - pointed)) ? one : best), null);
  return (
    <div class="plot keeps-colours" ref={place}>
      <svg
        role="img" aria-label={label} width={width} height={HEIGHT}
        onPointerDown={(event) => {
          if (event.button !== 0) return;
          event.currentTarget.setPointerCapture(event.pointerId);
          setDrag({ from: under(event), to: under(event) });
        }}
        onPointerMove={(event) => {
          setPointed(under(event));
          if (drag !== null) setDrag({ from: drag.from, to: under(event) });
        }}
        onPointerUp={release}
        onPointerCancel={() => setDrag(null)}
        onPointerLeave={() => setPointed(null)}
        onDblClick={() => setZoomed(null)}
      >
        {valueMarks(high, 5).map((ms) => (
          <g key={ms}>
            <line class="grid" x1={LEFT} x2={width - RIGHT} y1={TOP + y(ms)} y2={TOP + y(ms)} />
            <text x={LEFT - 8} y={TOP + y(ms) + 4} text-anchor="end">{milliseconds(ms, t.language)}</text>
          </g>
        ))}
        {timeMarks(from, to, inner / MARK_WIDTH).map((at) => (
          <g key={at}>
            <line class="grid" x1={LEFT + x(at)} x2={LEFT + x(at)} y1={TOP} y2={TOP + tall} />
            <text x={LEFT + x(at)} y={HEIGHT - 8} text-anchor="middle">{new Date(at).getHours() + new Date(at).getMinutes() === 0 ? shortDate(at, t.language) : timeOfDay(at, t.language)}</text>
          </g>
        ))}
        <svg x={LEFT} y={TOP} width={inner} height={tall}>
          <path class="p95" d={line('p95')} />
          <path class="p50" d={line('p50')} />
          {drag !== null && <rect class="stretch" x={Math.min(x(drag.from), x(drag.to))} width={Math.abs(x(drag.to) - x(drag.from))} height={tall} />}
        </svg>
        {near?.summary && (
          <g class="pointed">
            <line x1={LEFT + x(near.at)} x2={LEFT + x(near.at)} y1={TOP} y2={TOP + tall} />
            <circle class="p95" cx={LEFT + x(near.at)} cy={TOP + y(near.summary.p95)} r="3" />
            <circle class="p50" cx={LEFT + x(near.at)} cy={TOP + y(near.summary.p50)} r="3" />
            <text x={width - RIGHT} y="11" text-anchor="end">{`${clockTime(near.at, now, t.language)} · ${t('incidents.times.p50')} ${milliseconds(near.summary.p50, t.language)} · ${t('incidents.times.p95')} ${milliseconds(near.summary.p95, t.language)}`}</text>
          </g>
        )}
      </svg>
    </div>
  );
}
