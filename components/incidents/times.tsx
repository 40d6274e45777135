import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import 'uplot/dist/uPlot.min.css';
import type uPlot from 'uplot';
import type { StoreRole } from '../../utils/core/role.ts';
import type { Translate } from '../../utils/i18n/translate.ts';
import { clockTime, count } from '../../utils/view/format.ts';
import type { HistorySource } from '../../utils/view/history-source.ts';

export type LoadChart = () => Promise<typeof uPlot>;
/** The chart is drawn by a library that is loaded only when this page shows one. */
const loadUPlot: LoadChart = async () => (await import('uplot')).default;

const ROLES: readonly StoreRole[] = ['storefront', 'catalog', 'directory', 'charts', 'artwork', 'audio', 'account', 'purchase'];
/** Days shown → steps they are cut into: whole hours while hours are kept. */
const RANGES = { 7: 168, 30: 120, 90: 90 } as const;
const DAY = 86_400_000;

interface Given {
  source: HistorySource;
  t: Translate;
  now: number;
  loadChart?: LoadChart;
}

/** Response times of one part of the store: median and 95th percentile, to be zoomed by dragging. */
export function Times({ source, t, now, loadChart = loadUPlot }: Given) {
  const [role, setRole] = useState<StoreRole>('storefront');
  const [days, setDays] = useState<keyof typeof RANGES>(7);
  const points = useMemo(() => {
    const steps = RANGES[days];
    const [from, step] = [now - days * DAY, (days * DAY) / steps];
    return source.times(role, from, now, steps).map((summary, index) => ({ at: from + (index + 0.5) * step, summary }));
    // The present moves on by itself; the chart follows when something is chosen.
  }, [source, role, days]);
  const known = points.filter(({ summary }) => summary !== null);
  const middle = (pick: 'p50' | 'p95'): number => {
    const sorted = known.map(({ summary }) => summary?.[pick] ?? 0).sort((a, b) => a - b);
    return sorted[Math.floor(sorted.length / 2)] ?? 0;
  };
  const label = t('incidents.times.label', { role: t(`targets.role.${role}`), p50: middle('p50'), p95: middle('p95') });
  return (
    <>
      <div class="choices">
        <select aria-label={t('incidents.times.role')} value={role} onChange={(event) => setRole(event.currentTarget.value as StoreRole)}>
          {ROLES.map((each) => <option key={each} value={each}>{t(`targets.role.${each}`)}</option>)}
        </select>
        <Segments<keyof typeof RANGES> label={t('incidents.times.range')} value={days} choose={setDays} choices={([7, 30, 90] as const).map((value) => ({ value, label: t('incidents.times.days', { n: value }) }))} />
      </div>
      {known.length === 0 ? <p class="quiet chart-empty">{t('incidents.times.none')}</p> : (
        <>
          <Plot points={points} label={label} t={t} loadChart={loadChart} />
          <p class="row small"><span class="keys"><i class="p50" />{t('incidents.times.p50')}<i class="p95" />{t('incidents.times.p95')}</span><span>{t('incidents.times.zoom')}</span></p>
          <details class="as-table">
            <summary class="unfold small">{t('incidents.times.table')}</summary>
            <div class="scrolls" tabIndex={0} role="group" aria-label={t('incidents.times')}>
              <table>
                <thead><tr><th scope="col">{t('incidents.times.when')}</th><th scope="col">{t('incidents.times.p50')}</th><th scope="col">{t('incidents.times.p95')}</th></tr></thead>
                <tbody>{known.slice(-48).map(({ at, summary }) => <tr key={at}><th scope="row">{clockTime(at, now, t.language)}</th><td>{count(summary?.p50 ?? 0, t.language)} ms</td><td>{count(summary?.p95 ?? 0, t.language)} ms</td></tr>)}</tbody>
              </table>
            </div>
          </details>
        </>
      )}
    </>
  );
}

export function Segments<T extends string | number>({ label, value, choices, choose }: { label: string; value: T; choices: readonly { value: T; label: string }[]; choose(value: T): void }) {
  return (
    <span class="segments" role="group" aria-label={label}>
      {choices.map((choice) => <button key={choice.value} type="button" aria-pressed={choice.value === value} onClick={() => choose(choice.value)}>{choice.label}</button>)}
    </span>
  );
}

type Points = readonly { at: number; summary: { p50: number; p95: number } | null }[];

function Plot({ points, label, t, loadChart }: { points: Points; label: string; t: Translate; loadChart: LoadChart }) {
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const element = place.current;
    if (!element) return undefined;
    let chart: uPlot | null = null;
    let gone = false;
    const fit = new ResizeObserver(() => chart?.setSize({ width: element.clientWidth, height: HEIGHT }));
    void loadChart().then((UPlot) => {
      if (gone) return;
      chart = new UPlot(chartOptions(element, t), dataOf(points), element);
      fit.observe(element);
    });
    return () => {
      gone = true;
      fit.disconnect();
      chart?.destroy();
    };
  }, [points, t, loadChart]);
  return <div class="plot keeps-colours" ref={place} role="img" aria-label={label} />;
}

const HEIGHT = 220;
const dataOf = (points: Points): uPlot.AlignedData => [points.map(({ at }) => at / 1000), points.map(({ summary }) => summary?.p50 ?? null), points.map(({ summary }) => summary?.p95 ?? null)];

function chartOptions(element: HTMLElement, t: Translate): uPlot.Options {
  const colour = (name: string): string => getComputedStyle(element).getPropertyValue(name).trim() || 'gray';
  const axis = { stroke: colour('--ink-2'), font: '11px system-ui, sans-serif', grid: { stroke: colour('--line'), width: 1 }, ticks: { show: false } };
  const short = new Intl.DateTimeFormat(t.language, { month: 'short', day: 'numeric' });
  const clock = new Intl.DateTimeFormat(t.language, { hour: 'numeric', minute: '2-digit' });
  return {
    width: element.clientWidth || 600,
    height: HEIGHT,
    legend: { show: false },
    cursor: { drag: { x: true, y: false }, points: { size: 6 } },
    scales: { y: { range: (_chart, _low, high) => [0, Math.max(100, high * 1.1)] } },
    axes: [
      { ...axis, values: (_chart, splits, _axis, _space, step) => splits.map((at) => (step >= 86_400 || new Date(at * 1000).getHours() === 0 ? short : clock).format(at * 1000)) },
      { ...axis, size: 56, values: (_chart, splits) => splits.map((ms) => `${count(ms, t.language)} ms`) },
    ],
    series: [
      {},
      { stroke: colour('--accent'), width: 2, spanGaps: false, points: { show: false } },
      { stroke: colour('--bar'), width: 1.5, dash: [4, 3], spanGaps: false, points: { show: false } },
    ],
  };
}
