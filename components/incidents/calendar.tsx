import type { Translate } from '../../utils/i18n/translate.ts';
import { duration, longDate, monthName, percent, weekdayName } from '../../utils/view/format.ts';
import type { Day } from '../../utils/view/history-source.ts';

const CELL = 12;
const STEP = 15;
const LEFT = 26;
const TOP = 18;

/** What a day was, at its worst; the steps of "down" go by its length: under an hour, under six, longer. */
function gradeOf(day: Day): 'unseen' | 'up' | 'maintenance' | 'degraded' | 'down-1' | 'down-2' | 'down-3' {
  if (day.uptime.coverage === 0) return 'unseen';
  if (day.down > 0) return day.down < 3_600_000 ? 'down-1' : day.down < 6 * 3_600_000 ? 'down-2' : 'down-3';
  return day.degraded > 0 ? 'degraded' : day.maintenance > 0 ? 'maintenance' : 'up';
}

/** @returns a day in one sentence. */
function dayWords(day: Day, t: Translate): string {
  const date = longDate(day.from, t.language);
  const grade = gradeOf(day);
  if (grade === 'unseen') return t('incidents.calendar.day-unseen', { date });
  if (day.down > 0) return t('incidents.calendar.day-down', { date, length: duration(day.down, t.language) });
  if (day.degraded > 0) return t('incidents.calendar.day-degraded', { date, length: duration(day.degraded, t.language) });
  return t('incidents.calendar.day-up', { date, coverage: percent(day.uptime.coverage, t.language) });
}

function Cell({ x, y, grade }: { x: number; y: number; grade: ReturnType<typeof gradeOf> }) {
  const middle = CELL / 2;
  return (
    <g class={`cell ${grade}`} transform={`translate(${x} ${y})`}>
      {grade === 'unseen'
        ? <circle cx={middle} cy={middle} r="1.5" />
        : grade === 'degraded' || grade === 'maintenance'
          ? <><rect class="frame" x="0.5" y="0.5" width={CELL - 1} height={CELL - 1} rx="3" /><path class="half" d={`M0 ${CELL - 3}v-1L${CELL} 3v${CELL - 6}a3 3 0 0 1-3 3H3a3 3 0 0 1-3-3z`} /></>
          : <rect width={CELL} height={CELL} rx="3" />}
      {grade.startsWith('down') && <path class="cross" d={`m3.5 3.5 5 5m0-5-5 5`} />}
    </g>
  );
}

function Sample({ grade }: { grade: ReturnType<typeof gradeOf> }) {
  return <svg class="calendar keeps-colours" width={CELL} height={CELL} aria-hidden="true"><Cell x={0} y={0} grade={grade} /></svg>;
}

/** Where the year is wider than the window, its end is what is seen first. */
const newestFirst = (element: HTMLElement | null): void => {
  if (element) element.scrollLeft = element.scrollWidth;
};

/** The last year: a column for each week, a cell for each day. A click on a day shows it closer. */
export function Calendar({ days, t, choose }: { days: readonly Day[]; t: Translate; choose(day: Day): void }) {
  const first = days[0];
  if (!first) return null;
  const lead = new Date(first.from).getDay();
  const weeks = Math.ceil((lead + days.length) / 7);
  const [width, height] = [LEFT + weeks * STEP, TOP + 7 * STEP];
  const bad = days.filter((day) => day.down > 0 || day.degraded > 0);
  const unseen = days.filter((day) => day.uptime.coverage === 0).length;
  const months = days.flatMap((day, index) => {
    const date = new Date(day.from);
    return date.getDate() === 1 ? [{ x: LEFT + Math.floor((lead + index) / 7) * STEP, name: monthName(day.from, t.language) }] : [];
  });
  const pick = (event: MouseEvent) => {
    const { left, top, width: shown } = (event.currentTarget as SVGElement).getBoundingClientRect();
    const scale = width / (shown || width);
    const index = Math.floor(((event.clientX - left) * scale - LEFT) / STEP) * 7 + Math.floor(((event.clientY - top) * scale - TOP) / STEP) - lead;
    const day = days[index];
    if (day) choose(day);
  };
  return (
    <>
      <div class="scrolls" ref={newestFirst} tabIndex={0} role="group" aria-label={t('incidents.calendar')}>
        <svg class="calendar keeps-colours" width={width} height={height} viewBox={`0 0 ${width} ${height}`} role="img" aria-label={t('incidents.calendar.label', { down: bad.length, seen: days.length - unseen, unseen })} onClick={pick}>
          {months.map(({ x, name }) => <text key={x} x={x} y="11">{name}</text>)}
          {[1, 3, 5].map((weekday) => <text key={weekday} x="0" y={TOP + weekday * STEP + 10}>{weekdayName(weekday, t.language)}</text>)}
          {/* The picture's name and the list below say it; the days' titles are for the mouse. */}
          <g aria-hidden="true">{days.map((day, index) => (
            <g key={day.from}>
              <title>{dayWords(day, t)}</title>
              <Cell x={LEFT + Math.floor((lead + index) / 7) * STEP} y={TOP + ((lead + index) % 7) * STEP} grade={gradeOf(day)} />
            </g>
          ))}</g>
        </svg>
      </div>
      <ul class="legend small">
        {(['unseen', 'up', 'degraded', 'maintenance'] as const).map((grade) => <li key={grade}><Sample grade={grade} />{t(`popup.legend.${grade === 'unseen' ? 'unobserved' : grade}`)}</li>)}
        <li>
          {t('app.pair', { name: t('popup.legend.down'), value: t('incidents.calendar.less') })}
          <span class="steps-of-down">{(['down-1', 'down-2', 'down-3'] as const).map((grade) => <Sample key={grade} grade={grade} />)}</span>
          {t('incidents.calendar.more')}
        </li>
      </ul>
      {bad.length > 0 && (
        <details class="as-table">
          <summary class="unfold small">{t('incidents.calendar.table')}</summary>
          <ul>{bad.toReversed().map((day) => <li key={day.from}><button type="button" class="as-link" onClick={() => choose(day)}>{dayWords(day, t)}</button></li>)}</ul>
        </details>
      )}
    </>
  );
}
