import { useMemo, useState } from 'preact/hooks';
import type { StoreRole } from '../../utils/core/role.ts';
import type { Translate } from '../../utils/i18n/translate.ts';
import { clockTime, milliseconds } from '../../utils/view/format.ts';
import type { HistorySource } from '../../utils/view/history-source.ts';
import { Plot } from './plot.tsx';

const ROLES: readonly StoreRole[] = ['storefront', 'catalog', 'directory', 'charts', 'artwork', 'audio', 'account', 'purchase'];
/** Days shown → steps they are cut into: whole hours while hours are kept. */
const RANGES = { 7: 168, 30: 120, 90: 90 } as const;
const DAY = 86_400_000;

interface Given {
  source: HistorySource;
  t: Translate;
  now: number;
}

/** Response times of one part of the store: median and 95th percentile, to be zoomed by dragging. */
export function Times({ source, t, now }: Given) {
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
          <Plot points={points} label={label} t={t} now={now} />
          <p class="row small"><span class="keys"><i class="p50" />{t('incidents.times.p50')}<i class="p95" />{t('incidents.times.p95')}</span><span>{t('incidents.times.zoom')}</span></p>
          <details class="as-table">
            <summary class="unfold small">{t('incidents.times.table')}</summary>
            <div class="scrolls" tabIndex={0} role="group" aria-label={t('incidents.times')}>
              <table>
                <thead><tr><th scope="col">{t('incidents.times.when')}</th><th scope="col">{t('incidents.times.p50')}</th><th scope="col">{t('incidents.times.p95')}</th></tr></thead>
                <tbody>{known.slice(-48).map(({ at, summary }) => <tr key={at}><th scope="row">{clockTime(at, now, t.language)}</th><td>{milliseconds(summary?.p50 ?? 0, t.language)}</td><td>{milliseconds(summary?.p95 ?? 0, t.language)}</td></tr>)}</tbody>
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
