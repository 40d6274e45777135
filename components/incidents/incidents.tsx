import { useMemo, useState } from 'preact/hooks';
import type { ComponentChildren } from 'preact';
import type { Snapshot } from '../../utils/core/snapshot.ts';
import type { Translate } from '../../utils/i18n/translate.ts';
import { clockTime, count, duration, longDate, percent, shortDate, size, weekdayName } from '../../utils/view/format.ts';
import { daysOf, localStatistics, scoreForecasts, uptimeOf, vendorLag } from '../../utils/view/history-source.ts';
import type { Day, HistorySource, IncidentRecord } from '../../utils/view/history-source.ts';
import { verdictOf } from '../../utils/view/verdict.ts';
import { causeName, lookUp } from '../../utils/view/words.ts';
import { Clocks, Forecast } from '../popup/parts.tsx';
import { Mark, StateSign } from '../shared/glyphs.tsx';
import { Strip } from '../shared/strip.tsx';
import { Calendar } from './calendar.tsx';
import { Incident } from './incident.tsx';
import { Segments, Times } from './times.tsx';

export interface IncidentsGiven {
  snapshot: Snapshot;
  source: HistorySource;
  t: Translate;
  /** ms since the epoch. */
  now: number;
  /** Hands an incident to the user as a file. */
  save(record: IncidentRecord): void;
  /** The incident to open: the address's hash. */
  opened?: string;
}

const DAY = 86_400_000;

/** Everything that was recorded. */
export function Incidents({ snapshot, source, t, now, save, opened }: IncidentsGiven) {
  const days = useMemo(() => daysOf(source, now, 371), [source]);
  const [day, setDay] = useState<Day | null>(null);
  const outages = source.incidents.filter(({ kind }) => kind !== 'maintenance');
  return (
    <div class="page incidents">
      <header class="page-head">
        <span class="brand"><Mark />{t('app.name')}</span>
        <h1>{t('incidents.title')}</h1>
        {source.since !== null && <p class="small">{t('incidents.period', { n: Math.max(1, Math.ceil((now - source.since) / DAY)) })}</p>}
      </header>
      <main>
        {snapshot.incident && <Now snapshot={snapshot} t={t} now={now} />}
        <Tiles source={source} t={t} now={now} />
        <Part title={t('incidents.calendar')}><Calendar days={days} t={t} choose={setDay} /></Part>
        <Part title={t('incidents.strips')}><Strips source={source} day={day} today={days.at(-1) ?? null} t={t} now={now} leave={() => setDay(null)} /></Part>
        <Part title={t('incidents.list')}>
          {source.incidents.length === 0 ? <p class="quiet empty">{t('incidents.empty')}</p> : <ul class="incident-list">{source.incidents.map((record) => <Incident key={record.id} record={record} t={t} now={now} save={save} open={record.id === opened} />)}</ul>}
        </Part>
        <Part title={t('incidents.times')}><Times source={source} t={t} now={now} /></Part>
        <div class="two">
          {outages.length > 0 && <Part title={t('incidents.statistics')}><Statistics records={outages} t={t} /></Part>}
          <Part title={t('incidents.vendor')}><Vendor records={source.incidents} t={t} /></Part>
        </div>
        <Part title={t('incidents.kept')}><Kept source={source} t={t} /></Part>
      </main>
    </div>
  );
}

/** What goes on is not yet in the list: it stands on top. */
function Now({ snapshot, t, now }: { snapshot: Snapshot; t: Translate; now: number }) {
  const verdict = verdictOf(snapshot, t, now);
  const first = snapshot.diagnosis?.causes[0];
  return (
    <section id={snapshot.incident?.id} class="now" data-tone={verdict.tone} aria-label={t('incidents.now')}>
      <div class="panel">
        <div class="answer">
          <StateSign state={snapshot.state} size={44} />
          <div>
            <p class="title" role="heading" aria-level={2}>{verdict.title}</p>
            <p class="quiet">{[snapshot.rehearsal && t('popup.rehearsal.of', { title: snapshot.rehearsal.title }), verdict.detail, verdict.when, first && t('popup.cause.bar', { cause: causeName(t, first.id), share: percent(first.p, t.language) })].filter(Boolean).join(' · ')}</p>
          </div>
        </div>
        <div class="popup facts-now"><Forecast snapshot={snapshot} t={t} /><Clocks snapshot={snapshot} t={t} now={now} /></div>
      </div>
    </section>
  );
}

function Part({ title, children }: { title: string; children: ComponentChildren }) {
  return <section><h2>{title}</h2><div class="panel">{children}</div></section>;
}

function Tiles({ source, t, now }: Pick<IncidentsGiven, 'source' | 't' | 'now'>) {
  const { uptime, coverage } = uptimeOf(source.totals(now - 90 * DAY, now).ms);
  const year = source.incidents.filter(({ kind, startedAt }) => kind !== 'maintenance' && startedAt > now - 365 * DAY);
  const lengths = year.map(({ startedAt, endedAt }) => (endedAt ?? now) - startedAt);
  const lag = vendorLag(source.incidents);
  return (
    <dl class="tiles">
      <Tile name={t('incidents.tile.uptime')} figure={uptime === null ? '–' : percent(uptime, t.language, 2)} note={uptime === null ? t('incidents.tile.unwatched') : t('incidents.tile.coverage', { coverage: percent(coverage, t.language) })} />
      <Tile name={t('incidents.tile.count')} figure={count(year.length, t.language)} note={year.length ? t('incidents.tile.total', { length: duration(lengths.reduce((sum, length) => sum + length, 0), t.language) }) : ''} />
      <Tile name={t('incidents.tile.longest')} figure={lengths.length ? duration(Math.max(...lengths), t.language) : t('incidents.none')} note={lengths.length ? shortDate(year[lengths.indexOf(Math.max(...lengths))]?.startedAt ?? 0, t.language) : ''} />
      <Tile name={t('incidents.tile.lag')} figure={lag.median === null ? '–' : duration(lag.median * 60_000, t.language)} note={lag.admitted ? t('incidents.tile.lag-of', { n: lag.admitted }) : ''} />
    </dl>
  );
}

function Tile({ name, figure, note }: { name: string; figure: string; note: string }) {
  return <div class="tile"><dt>{name}</dt><dd><strong>{figure}</strong><small>{note}</small></dd></div>;
}

type Period = 'day' | '90' | 'year';

function Strips({ source, day, today, t, now, leave }: { source: HistorySource; day: Day | null; today: Day | null; t: Translate; now: number; leave(): void }) {
  const [period, setPeriod] = useState<Period>('day');
  const [seen, setSeen] = useState(day);
  // A day chosen in the calendar is looked at as a day.
  if (seen !== day) {
    setSeen(day);
    if (day) setPeriod('day');
  }
  const shown = day ?? today;
  const [from, to, slices] = period === 'day' && shown ? [shown.from, shown.to, 96] : period === '90' ? [now - 90 * DAY, now, 90] : [now - 364 * DAY, now, 52 * 2];
  const { uptime, coverage } = uptimeOf(source.totals(from, Math.min(to, now)).ms);
  const name = period === 'day' ? longDate(from, t.language) : t(`incidents.strip.${period}`);
  const words = { period: name, uptime: percent(uptime ?? 0, t.language, 2), coverage: percent(coverage, t.language) };
  return (
    <>
      <div class="choices">
        <Segments label={t('incidents.times.range')} value={period} choose={(next) => {
          setPeriod(next);
          if (next !== 'day') leave();
        }} choices={(['day', '90', 'year'] as const).map((value) => ({ value, label: t(`incidents.strip.${value}`) }))} />
        <p class="small" role="status">{uptime === null ? t('incidents.strip.label-unwatched', { period: name }) : t('incidents.strip.label', words)}</p>
      </div>
      <Strip slices={source.slices(from, to, slices)} columns={slices} label="" />
      <p class="row small ends"><span>{period === 'day' ? clockTime(from, from, t.language) : shortDate(from, t.language)}</span><span>{period === 'day' ? clockTime(to - 1, to - 1, t.language) : t('popup.strip.now')}</span></p>
      <ul class="legend small strip-legend">
        {(['up', 'degraded', 'down', 'maintenance', 'unobserved'] as const).map((state) => <li key={state}><Strip slices={[{ state, seen: 1 }]} label="" columns={1} />{t(`popup.legend.${state}`)}</li>)}
      </ul>
    </>
  );
}

function Columns({ values, names, t, title }: { values: readonly number[]; names: (index: number) => string; t: Translate; title: string }) {
  const most = Math.max(1, ...values);
  return (
    <>
      <h3>{title}</h3>
      <ol class="columns-chart">
        {values.map((value, index) => (
          <li key={names(index)} title={t('incidents.by.bar', { name: names(index), n: value })}>
            <span class="column keeps-colours" aria-hidden="true"><i style={{ height: `${(100 * value) / most}%` }} /></span>
            <span class="seen-by-readers">{t('incidents.by.bar', { name: names(index), n: value })}</span>
            <span class="tick" aria-hidden="true">{values.length < 10 || index % 6 === 0 ? names(index) : ''}</span>
          </li>
        ))}
      </ol>
    </>
  );
}

function Statistics({ records, t }: { records: readonly IncidentRecord[]; t: Translate }) {
  const { byCause, byHour, byWeekday } = localStatistics(records);
  const most = Math.max(1, ...byCause.map(({ count: n }) => n));
  return (
    <>
      <h3>{t('incidents.by-cause')}</h3>
      <ul class="bars">
        {byCause.slice(0, 8).map(({ cause, count: n, medianMin }) => (
          <li key={cause} data-id={cause}>
            <span>{causeName(t, cause)}{medianMin !== null && <small>{t('incidents.by-cause.median', { length: duration(medianMin * 60_000, t.language) })}</small>}</span>
            <span class="share keeps-colours" aria-hidden="true"><i style={{ width: `${(100 * n) / most}%` }} /></span>
            <span class="figure">{t('incidents.by-cause.line', { n })}</span>
          </li>
        ))}
      </ul>
      <Columns title={t('incidents.by-hour')} values={byHour} names={(hour) => String(hour)} t={t} />
      <Columns title={t('incidents.by-weekday')} values={byWeekday} names={(weekday) => weekdayName(weekday, t.language)} t={t} />
    </>
  );
}

function Vendor({ records, t }: { records: readonly IncidentRecord[]; t: Translate }) {
  const lag = vendorLag(records);
  const score = scoreForecasts(records);
  const minutes = (value: number | null) => duration((value ?? 0) * 60_000, t.language);
  return (
    <div class="prose">
      {lag.incidents === 0 ? <p>{t('incidents.vendor.none')}</p> : (
        <>
          <p>{t('incidents.vendor.record', { n: lag.incidents, admitted: lag.admitted, median: minutes(lag.median) })}</p>
          {lag.admitted > 3 && <p>{t('incidents.vendor.quartiles', { p25: minutes(lag.p25), p75: minutes(lag.p75), max: minutes(lag.max) })}</p>}
          {lag.notBeforeEnd !== null && <p>{t('incidents.vendor.late', { share: percent(lag.notBeforeEnd, t.language) })}</p>}
        </>
      )}
      {score.made > 0 && <p>{t('incidents.forecast-record', { inside: score.inside, made: score.made })}</p>}
    </div>
  );
}

function Kept({ source, t }: { source: HistorySource; t: Translate }) {
  return (
    <>
      <p class="row"><span>{t('incidents.kept.bytes', { size: size(source.bytes, t.language) })}</span><a href="/options.html#data">{t('incidents.manage')}</a></p>
      {source.contacted.length === 0 ? <p class="quiet">{t('incidents.ledger.none')}</p> : (
        <div class="scrolls" tabIndex={0} role="group" aria-label={t('incidents.kept')}>
          <table>
            <thead><tr><th scope="col">{t('incidents.ledger.host')}</th><th scope="col">{t('incidents.ledger.why')}</th><th scope="col" class="figure">{t('incidents.ledger.count')}</th><th scope="col" class="figure">{t('incidents.ledger.bytes')}</th></tr></thead>
            <tbody>
              {source.contacted.map(({ host, why, count: n, bytes }) => (
                <tr key={host}><th scope="row">{host}</th><td>{lookUp(t, `targets.role.${why}`) ?? lookUp(t, `incidents.ledger.${why}`) ?? why}</td><td class="figure">{count(n, t.language)}</td><td class="figure">{size(bytes, t.language)}</td></tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      <p class="quiet">{t('incidents.ledger.pictures')}</p>
    </>
  );
}
