import { useRef, useState } from 'preact/hooks';
import type { Translate } from '../../utils/i18n/translate.ts';
import type { Role } from '../../utils/core/role.ts';
import { clockTime, dateTime, duration, moneyRange, percent, roughly, shortDate } from '../../utils/view/format.ts';
import { causeOf, importIncident } from '../../utils/view/history-source.ts';
import type { IncidentRecord } from '../../utils/view/history-source.ts';
import { comparisonWords, reportText } from '../../utils/view/report.ts';
import type { ComparisonWords } from '../../utils/view/report.ts';
import { causeName, failureWords, flawWords, reasonSentence } from '../../utils/view/words.ts';
import { StateSign } from '../shared/glyphs.tsx';

const TONES = { down: 'bad', degraded: 'warn', maintenance: 'plan' } as const;
const MINUTE = 60_000;

interface Given {
  record: IncidentRecord;
  t: Translate;
  now: number;
  /** Hands the incident to the user as a file. */
  save(record: IncidentRecord): void;
}

/** One line of the list; unfolded, the incident in full. */
export function Incident({ record, t, now, save, open }: Given & { open: boolean }) {
  const end = record.endedAt ?? now;
  return (
    <li>
      <details class="incident" id={record.id} data-tone={TONES[record.kind]} open={open}>
        <summary>
          <StateSign state={record.kind} size={22} />
          <span class="what"><strong>{record.kind === 'maintenance' ? t('incidents.kind.maintenance') : causeName(t, causeOf(record))}</strong><small>{t(`incidents.kind.${record.kind}`)}{record.flapping ? ` · ${t('incidents.flapping')}` : ''}</small></span>
          <span class="when">{dateTime(record.startedAt, t.language)}<small>{record.endedAt === null ? t('incidents.ongoing') : duration(end - record.startedAt, t.language)}</small></span>
          <span class="lag">{lagWords(record, t)}</span>
          <span class="unfold" aria-hidden="true" />
        </summary>
        <div class="full">
          <Timeline record={record} t={t} now={now} />
          <Course record={record} t={t} now={now} />
          <Forecasts record={record} t={t} now={now} />
          <Causes record={record} t={t} />
          <Seen record={record} t={t} />
          {record.loss && (
            <section>
              <h3>{t('incidents.price')}</h3>
              <dl class="facts">
                <div><dt>{t('popup.loss.at-risk')}</dt><dd>{moneyRange(record.loss.atRisk, record.loss.currency, t.language)}</dd></div>
                <div><dt>{t('popup.loss.deferred')}</dt><dd>{moneyRange(record.loss.deferred, record.loss.currency, t.language)}</dd></div>
                <div><dt>{t('popup.loss.lost')}</dt><dd>{moneyRange(record.loss.lost, record.loss.currency, t.language)}</dd></div>
              </dl>
            </section>
          )}
          <TakeAlong record={record} t={t} now={now} save={save} />
        </div>
      </details>
    </li>
  );
}

/** As a file, as text; and held against what somebody else saw. */
function TakeAlong({ record, t, now, save }: Given) {
  const [told, setTold] = useState('');
  const [compared, setCompared] = useState<ComparisonWords | null>(null);
  const input = useRef<HTMLInputElement>(null);
  const copy = () => navigator.clipboard.writeText(reportText(record, t, now)).then(() => setTold(t('incidents.export.copied')), (error: unknown) => setTold(t('popup.failed', { reason: String(error) })));
  const compare = async (file: File) => {
    const theirs = importIncident(await file.text());
    setCompared(theirs.ok ? comparisonWords(record, theirs.value.incident, t) : null);
    setTold(theirs.ok ? '' : t('incidents.compare.bad', { reason: flawWords(t, theirs.error) }));
  };
  return (
    <section class="take">
      <h3>{t('incidents.export')}</h3>
      <p class="small">{t('incidents.export.hint')}</p>
      <p class="asks">
        <button type="button" class="button small" onClick={() => save(record)}>{t('incidents.export.file')}</button>
        <button type="button" class="button small" onClick={() => void copy()}>{t('incidents.export.copy')}</button>
        <button type="button" class="button small" onClick={() => input.current?.click()}>{t('incidents.compare')}</button>
        <input ref={input} type="file" accept=".json,application/json" hidden aria-label={t('incidents.compare')} onChange={(event) => {
          const file = event.currentTarget.files?.[0];
          event.currentTarget.value = '';
          if (file) void compare(file);
        }} />
      </p>
      <div role="status">
        {told && <p class="small">{told}</p>}
        {compared && <><p><strong>{compared.sentence}</strong></p><ul class="evidence">{compared.reasons.map(({ speaks, sentence }) => <li key={sentence} data-for={speaks === 'for'}><span aria-hidden="true">{speaks === 'for' ? '+' : '−'}</span>{sentence}</li>)}</ul></>}
      </div>
    </section>
  );
}

function lagWords({ admittedAt, startedAt, kind }: IncidentRecord, t: Translate): string {
  if (kind === 'maintenance') return '';
  if (admittedAt === null) return t('popup.last.never');
  return `Apple ${admittedAt >= startedAt ? '+' : '−'}${duration(Math.abs(admittedAt - startedAt), t.language)}`;
}

/** @returns what happened, in order: our observations, the vendor's words, the causes. */
export function timelineOf(record: IncidentRecord, t: Translate): { at: number; text: string; kind: 'ours' | 'end' | 'vendor' | 'cause' }[] {
  const lag = (at: number) => t(at >= record.startedAt ? 'incidents.timeline.later' : 'incidents.timeline.earlier', { length: duration(Math.abs(at - record.startedAt), t.language) });
  const events: { at: number; text: string; kind: 'ours' | 'end' | 'vendor' | 'cause' }[] = [
    { at: record.startedAt, text: t('incidents.timeline.started'), kind: 'ours' },
    { at: record.detectedAt, text: t('incidents.timeline.detected'), kind: 'ours' },
    ...record.course.map(({ at, cause, p }) => ({ at, text: t('incidents.timeline.cause', { cause: causeName(t, cause), share: percent(p, t.language) }), kind: 'cause' as const })),
    ...record.official.map(({ startedAt, service, text }) => ({ at: startedAt, text: `${t('incidents.timeline.official', { service })}${text ? ` – “${text}”` : ''}`, kind: 'vendor' as const })),
  ];
  if (record.admittedAt !== null) events.push({ at: record.admittedAt, text: t('incidents.timeline.admitted', { lag: lag(record.admittedAt) }), kind: 'vendor' });
  if (record.endedAt !== null) events.push({ at: record.endedAt, text: t('incidents.timeline.ended'), kind: 'end' });
  return events.sort((a, b) => a.at - b.at);
}

function Timeline({ record, t, now }: Omit<Given, 'save'>) {
  return (
    <section class="wide">
      <h3>{t('incidents.timeline')}</h3>
      <ol class="timeline">
        {timelineOf(record, t).map(({ at, text, kind }) => <li key={`${at} ${text}`} data-kind={kind}><time dateTime={new Date(at).toISOString()}>{clockTime(at, record.startedAt, t.language)}</time><span>{text}</span></li>)}
      </ol>
      <p class="small">
        {[record.relapses > 0 && t('incidents.relapses', { n: record.relapses }), t('incidents.observed', { share: percent(record.observed, t.language) }), record.admittedAt === null && record.kind !== 'maintenance' && t('incidents.timeline.never'), now - record.startedAt > 0 && shortDate(record.startedAt, t.language)].filter(Boolean).join(' · ')}
      </p>
    </section>
  );
}

/** Which cause led when: stretches on a line, each with its name. */
function Course({ record, t, now }: Omit<Given, 'save'>) {
  if (record.course.length < 2) return null;
  const end = record.endedAt ?? now;
  const whole = Math.max(1, end - record.startedAt);
  const stretches = record.course.map(({ at, cause, p }, index) => ({ cause, p, at, length: Math.max(0, (record.course[index + 1]?.at ?? end) - at) }));
  return (
    <section class="wide">
      <h3>{t('incidents.course')}</h3>
      <ol class="course">
        {stretches.map(({ cause, p, at, length }) => (
          <li key={at} data-turn={[...new Set(stretches.map((each) => each.cause))].indexOf(cause) % 3} style={{ flexGrow: Math.max(0.08, length / whole) }}>
            <strong>{causeName(t, cause)}</strong><small>{percent(p, t.language)} · {clockTime(at, record.startedAt, t.language)}</small>
          </li>
        ))}
      </ol>
    </section>
  );
}

/** Each forecast as a band on the clock, with the real end drawn through all of them. */
function Forecasts({ record, t }: Omit<Given, 'save'>) {
  const { forecasts, startedAt, endedAt } = record;
  if (forecasts.length === 0) return null;
  const last = Math.max(endedAt ?? 0, ...forecasts.map(({ at, band }) => at + band.p90 * MINUTE));
  // Logarithmic from the start: an early forecast is minutes wide, a late one days.
  const place = (at: number) => (100 * Math.log1p(Math.max(0, at - startedAt) / MINUTE)) / Math.log1p((last - startedAt) / MINUTE);
  return (
    <section class="wide">
      <h3>{t('incidents.forecasts')}</h3>
      <ol class="forecasts">
        {forecasts.map(({ at, band }) => {
          const [low, high] = [roughly(band.p10, t.language), roughly(band.p90, t.language)];
          const real = endedAt === null ? null : (endedAt - at) / MINUTE;
          const hit = real !== null && real >= band.p10 && real <= band.p90;
          const time = clockTime(at, startedAt, t.language);
          return (
            <li key={at} data-hit={real === null ? 'open' : hit}>
              <span class="words">{real === null ? t('incidents.forecasts.open', { time, low, high }) : t('incidents.forecasts.line', { time, low, high, real: duration(real * MINUTE, t.language) })}
                {real !== null && <em>{hit ? '✓' : '×'} {t(hit ? 'incidents.forecasts.hit' : 'incidents.forecasts.miss')}</em>}
              </span>
              <span class="track keeps-colours" aria-hidden="true">
                <i style={{ left: `${place(at + band.p10 * MINUTE)}%`, right: `${100 - place(at + band.p90 * MINUTE)}%` }} />
                {endedAt !== null && <b style={{ left: `${place(endedAt)}%` }} />}
              </span>
            </li>
          );
        })}
      </ol>
    </section>
  );
}

function Causes({ record, t }: Omit<Given, 'save' | 'now'>) {
  const reasons = record.because.map((reason) => ({ weight: reason.weight, text: reasonSentence(t, reason) })).filter((reason): reason is { weight: number; text: string } => reason.text !== null);
  return (
    <section>
      <h3>{t('incidents.causes')}</h3>
      <ul class="bars">
        {record.causes.filter(({ p }) => p >= 0.03).slice(0, 5).map(({ id, p }) => (
          <li key={id} data-id={id}><span>{causeName(t, id)}</span><span class="share keeps-colours" aria-hidden="true"><i style={{ width: `${Math.round(p * 100)}%` }} /></span><span class="figure">{percent(p, t.language)}</span></li>
        ))}
      </ul>
      {reasons.length > 0 && (
        <>
          <h3>{t('incidents.evidence')}</h3>
          <ul class="evidence">{reasons.map(({ text, weight }) => <li key={text} data-for={weight > 0}><span aria-hidden="true">{weight > 0 ? '+' : '−'}</span>{text}</li>)}</ul>
        </>
      )}
    </section>
  );
}

function Seen({ record, t }: Omit<Given, 'save' | 'now'>) {
  const rows = Object.entries(record.seen).flatMap(([role, seen]) => (seen && seen.asked > 0 ? [{ role: role as Role, ...seen }] : []));
  if (rows.length === 0) return null;
  return (
    <section>
      <h3>{t('incidents.seen')}</h3>
      <table>
        <thead><tr><th scope="col">{t('incidents.seen.part')}</th><th scope="col">{t('incidents.seen.share')}</th><th scope="col">{t('incidents.seen.how')}</th></tr></thead>
        <tbody>
          {rows.map(({ role, asked, failed, types }) => (
            <tr key={role}>
              <th scope="row">{t(`targets.role.${role}`)}</th>
              <td>{t('incidents.seen.of', { failed, asked })}</td>
              <td>{Object.keys(types).map((type) => failureWords(t, type as Parameters<typeof failureWords>[1])).slice(0, 3).join(', ') || '–'}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
