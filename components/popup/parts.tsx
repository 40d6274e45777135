import type { Cause, Undisclosed } from '../../utils/core/causes.ts';
import type { Slice, Snapshot } from '../../utils/core/snapshot.ts';
import type { Translate } from '../../utils/i18n/translate.ts';
import { clockTime, duration, moneyRange, percent, roughly, shortDate } from '../../utils/view/format.ts';
import { causeName, reasonSentence } from '../../utils/view/words.ts';
import { Strip } from '../shared/strip.tsx';

export interface Shown {
  snapshot: Snapshot;
  t: Translate;
  now: number;
}

/** The leading causes, and "cannot be told from outside" where it is among the likely: a cause like the others. */
export function leading(causes: readonly { id: Cause | Undisclosed; p: number }[], most = 3): { id: Cause | Undisclosed; p: number }[] {
  const likely = causes.filter(({ p }) => p >= 0.04);
  const first = likely.slice(0, most);
  const undisclosed = likely.find(({ id }) => id === 'undisclosed');
  if (undisclosed && !first.includes(undisclosed)) first.splice(most - 1, 1, undisclosed);
  return first;
}

export function Causes({ snapshot, t }: Omit<Shown, 'now'>) {
  const { diagnosis } = snapshot;
  if (!diagnosis || diagnosis.causes.length === 0) return null;
  const [first, ...others] = leading(diagnosis.causes);
  if (!first) return null;
  const said = diagnosis.because.map((reason) => ({ weight: reason.weight, text: reasonSentence(t, reason) })).filter((reason): reason is { weight: number; text: string } => reason.text !== null);
  const pro = said.filter(({ weight }) => weight > 0);
  const contra = said.filter(({ weight }) => weight < 0);
  return (
    <section class="block">
      <h2 class="heading">{t('popup.causes')}</h2>
      <details class="cause first" data-id={first.id}>
        <summary>
          <span class="row lead"><strong>{causeName(t, first.id)}</strong><strong class="figure">{percent(first.p, t.language)}</strong></span>
          <Share p={first.p} />
          {pro.slice(0, 2).map(({ text }) => <span key={text} class="reason">{text}</span>)}
          <span class="more unfold">{t('popup.causes.why')}</span>
        </summary>
        <Reasons title={t('popup.causes.for')} kind="for" list={pro} none={t('popup.causes.none')} />
        <Reasons title={t('popup.causes.against')} kind="against" list={contra} none={t('popup.causes.none')} />
      </details>
      <ul class="others">
        {others.map(({ id, p }) => (
          <li key={id} class="cause" data-id={id}>
            <span class="label">{causeName(t, id)}</span><Share p={p} /><span class="figure">{percent(p, t.language)}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Share({ p }: { p: number }) {
  return <span class="share keeps-colours" aria-hidden="true"><i style={{ width: `${Math.round(p * 100)}%` }} /></span>;
}

/** What a reason weighs as one to three dots: its log-odds, coarsely. */
const dots = (weight: number): number => (Math.abs(weight) > 1.5 ? 3 : Math.abs(weight) > 0.6 ? 2 : 1);

function Reasons({ title, kind, list, none }: { title: string; kind: 'for' | 'against'; list: readonly { text: string; weight: number }[]; none: string }) {
  return (
    <div class="reasons" data-kind={kind}>
      <h3>{title}</h3>
      <ul>
        {list.length === 0 && <li class="quiet">{none}</li>}
        {list.map(({ text, weight }) => <li key={text}><span class="weight" aria-hidden="true">{'●'.repeat(dots(weight))}</span>{text}</li>)}
      </ul>
    </div>
  );
}

/** Minutes at the ends of the forecast's scale, and the marks on it: from five minutes to a week, logarithmic, as durations of outages are. */
const SCALE = { from: 5, to: 3 * 1440, marks: [15, 60, 360, 1440] } as const;
const place = (minutes: number): number => {
  const share = Math.log(Math.min(Math.max(minutes, SCALE.from), SCALE.to) / SCALE.from) / Math.log(SCALE.to / SCALE.from);
  return Math.round(share * 1000) / 10;
};

export function Forecast({ snapshot, t }: Omit<Shown, 'now'>) {
  const { forecast, forecastRecord: record } = snapshot;
  if (!forecast) return null;
  const [low, median, high] = [forecast.p10, forecast.p50, forecast.p90].map((minutes) => roughly(minutes, t.language));
  return (
    <section class="block forecast">
      <div class="heading row">
        <h2>{t('popup.forecast')}</h2>
        {record.made > 0 && <span class="small">{t('popup.forecast.record', { inside: record.inside, made: record.made })}</span>}
      </div>
      <p class="row lead"><strong>{t('popup.forecast.band', { low: low ?? '', high: high ?? '' })}</strong><span class="small">{t('popup.forecast.median', { median: median ?? '' })}</span></p>
      <div class="band keeps-colours" aria-hidden="true">
        <i style={{ left: `${place(forecast.p10)}%`, width: `${place(forecast.p90) - place(forecast.p10)}%` }} />
        <b style={{ left: `${place(forecast.p50)}%` }} />
      </div>
      <div class="scale" aria-hidden="true">
        <span style={{ left: 0 }}>{t('popup.forecast.now')}</span>
        {SCALE.marks.map((minutes) => <span key={minutes} style={{ left: `${place(minutes)}%` }}>{roughly(minutes, t.language)}</span>)}
      </div>
    </section>
  );
}

/** Both clocks, and the price. */
export function Clocks({ snapshot, t, now }: Shown) {
  const { incident, loss } = snapshot;
  const says = snapshot.official.events.find(({ music, status, text }) => music && status === 'ongoing' && text);
  if (!incident && !loss && !says) return null;
  return (
    <section class="block cards">
      {incident && (
        <dl class="clocks">
          <div class="card"><dt>{t('popup.clock.seen')}</dt><dd>{clockTime(incident.startedAt, now, t.language)}</dd></div>
          <div class="card"><dt>{t(incident.state === 'maintenance' ? 'popup.clock.announced' : 'popup.clock.admitted')}</dt><dd><Admitted incident={incident} t={t} now={now} /></dd></div>
        </dl>
      )}
      {loss && (
        <details class="card price">
          <summary>
            <span class="label">{t('popup.loss')}</span>
            <strong class="figure unfold">{moneyRange(loss.lost, loss.currency, t.language)}</strong>
          </summary>
          <dl>
            <div><dt>{t('popup.loss.at-risk')}</dt><dd>{moneyRange(loss.atRisk, loss.currency, t.language)}</dd></div>
            <div><dt>{t('popup.loss.deferred')}</dt><dd>{moneyRange(loss.deferred, loss.currency, t.language)}</dd></div>
            <div><dt>{t('popup.loss.lost')}</dt><dd>{moneyRange(loss.lost, loss.currency, t.language)}</dd></div>
          </dl>
          <p class="small"><code>{t('popup.loss.formula')}</code></p>
          <p class="small">{t('popup.loss.assumptions')}</p>
        </details>
      )}
      {says && <blockquote class="says"><span class="label">{t('popup.apple-says')}</span><span dir="auto">{says.text}</span></blockquote>}
    </section>
  );
}

function Admitted({ incident, t, now }: { incident: NonNullable<Snapshot['incident']>; t: Translate; now: number }) {
  const { admittedAt, startedAt } = incident;
  if (admittedAt === null) return <>{t('popup.clock.not-yet')} <small>{t('popup.clock.silent-for', { length: duration(now - startedAt, t.language) })}</small></>;
  const after = admittedAt - startedAt;
  return <>{clockTime(admittedAt, now, t.language)} <small>{after >= 0 ? t('popup.clock.after', { length: duration(after, t.language) }) : t('popup.clock.before', { length: duration(-after, t.language) })}</small></>;
}

/** As much of *not observed* as shows its pattern. */
const KEY: Slice[] = [1, 2, 3].map(() => ({ state: 'unobserved', seen: 0 }));

export function Day({ snapshot, t, now }: Shown) {
  const { strip } = snapshot;
  if (strip.slices.length === 0) return null;
  const words = { uptime: percent(strip.uptime ?? 0, t.language, 1), coverage: percent(strip.coverage, t.language) };
  return (
    <section class="block">
      <div class="heading row">
        <h2>{t('popup.strip')}</h2>
        {/* The picture's name says the same, and more. */}
        <span class="small" aria-hidden="true">{strip.uptime === null ? t('popup.strip.unwatched') : t('popup.strip.uptime', words)}</span>
      </div>
      <Strip slices={strip.slices} label={strip.uptime === null ? t('popup.strip.label-unwatched') : t('popup.strip.label', words)} />
      <p class="row small ends" aria-hidden="true">
        <span>{clockTime(strip.from, now, t.language)}</span>
        {strip.slices.some(({ state }) => state === 'unobserved') && <span class="key"><Strip slices={KEY} label="" columns={KEY.length} />{t('popup.legend.unobserved')}</span>}
        <span>{t('popup.strip.now')}</span>
      </p>
    </section>
  );
}

export function LastOutage({ snapshot, t }: Omit<Shown, 'now'>) {
  const last = snapshot.lastIncident;
  return (
    <section class="block">
      <h2 class="heading">{t('popup.last')}</h2>
      {last ? (
        <p class="last">
          <span class="row"><strong>{causeName(t, last.cause)}</strong><span class="figure">{duration(last.endedAt - last.startedAt, t.language)}</span></span>
          <span class="small">{shortDate(last.startedAt, t.language)} · {last.admittedAfterMin === null ? t('popup.last.never') : t('popup.last.lag', { length: duration(last.admittedAfterMin * 60_000, t.language) })}</span>
        </p>
      ) : <p class="small">{t('popup.last.none')}</p>}
    </section>
  );
}
