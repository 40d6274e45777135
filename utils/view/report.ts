import { compareIncidents, type Comparison, type PortableIncident } from '../core/portable.ts';
import { minutesOf, scoreForecasts, type IncidentRecord } from '../core/incident-record.ts';
import { ROLES } from '../core/role.ts';
import type { Translate } from '../i18n/translate.ts';
import { duration, moneyRange, percent } from './format.ts';
import { causeName, lookUp, reasonSentence } from './words.ts';

const MINUTE = 60_000;
/** Causes below this are not worth a reader's time. */
const WORTH_NAMING = 0.05;
const MOST_CAUSES = 3;
const MOST_REASONS = 6;

/** A moment that means the same to whoever reads the text, wherever he is. */
function moment(at: number, language: string, timeZone: string | undefined): string {
  const options: Intl.DateTimeFormatOptions = { year: 'numeric', month: 'short', day: 'numeric', hour: 'numeric', minute: '2-digit', timeZoneName: 'short' };
  return new Intl.DateTimeFormat(language, timeZone === undefined ? options : { ...options, timeZone }).format(at);
}

/**
 * One incident as plain text, for pasting into a message or a forum.
 * @param now ms since the epoch: how long one that lasts has lasted
 * @param timeZone IANA name; the browser's own where left out
 */
export function reportText(record: IncidentRecord, t: Translate, now: number, timeZone?: string): string {
  const { language } = t;
  const time = (at: number) => moment(at, language, timeZone);
  const minutes = minutesOf(record);
  const length = duration((record.endedAt ?? now) - record.startedAt, language);
  const lines = [t(`report.title.${record.kind}`), t('report.began', { time: time(record.startedAt) })];
  lines.push(minutes === null ? t('report.lasts', { length }) : t('report.ended', { time: time(record.endedAt!), length }));
  if (record.observed < 0.995) lines.push(t('report.observed', { share: percent(record.observed, language) }));
  if (record.relapses > 0) lines.push(t('report.relapses', { n: record.relapses }));
  if (record.flapping) lines.push(t('report.flapping'));

  const causes = record.causes.filter(({ p }, i) => i === 0 || p >= WORTH_NAMING).slice(0, MOST_CAUSES);
  if (causes.length > 0) {
    const named = causes.map(({ id, p }) => t('report.cause', { cause: causeName(t, id), p: percent(p, language) }));
    lines.push(t('report.causes', { causes: new Intl.ListFormat(language, { type: 'unit' }).format(named) }));
  }
  const reasons = record.because.slice(0, MOST_REASONS).flatMap((because) => {
    const reason = reasonSentence(t, because);
    return reason === null ? [] : [t(because.weight >= 0 ? 'report.for' : 'report.against', { reason })];
  });
  if (reasons.length > 0) lines.push(t('report.because'), ...reasons);

  const seen = ROLES.flatMap((role) => {
    const counts = record.seen[role];
    if (!counts || counts.asked === 0) return [];
    const types = Object.entries(counts.types).map(([name, n = 0]) => `${name} ×${n}`);
    const words = { role: lookUp(t, `targets.role.${role}`) ?? role, asked: counts.asked, failed: counts.failed };
    return [types.length > 0 ? t('report.role-types', { ...words, types: types.join(', ') }) : t('report.role', words)];
  });
  if (seen.length > 0) lines.push(t('report.seen'), ...seen);

  const { admittedAt } = record;
  if (admittedAt === null) lines.push(t('report.not-admitted'));
  else if (admittedAt < record.startedAt) lines.push(t('report.announced', { time: time(admittedAt) }));
  else lines.push(t('report.admitted', { time: time(admittedAt), lag: duration(Math.max(MINUTE, admittedAt - record.startedAt), language) }));
  const score = scoreForecasts([record]);
  if (score.made > 0) lines.push(t('report.forecasts', score));
  if (record.loss && record.loss.lost[1] > 0) lines.push(t('report.loss', { range: moneyRange(record.loss.lost, record.loss.currency, language) }));
  return `${[...lines, t('report.made-by')].join('\n')}\n`;
}

/** What the comparison of one's own incident with somebody else's says, as sentences. */
export interface ComparisonWords {
  verdict: Comparison['verdict'];
  sentence: string;
  /** Strongest first. */
  reasons: { speaks: 'for' | 'against'; sentence: string }[];
}

/** @returns whether the two are the same outage, in words. */
export function comparisonWords(mine: IncidentRecord, theirs: PortableIncident['incident'], t: Translate): ComparisonWords {
  const { p, verdict, reasons } = compareIncidents(mine, theirs);
  return {
    verdict,
    sentence: t(`report.compare.${verdict}`, { p: percent(p, t.language) }),
    reasons: reasons.map(({ likeness, weight, params }) => ({
      speaks: weight >= 0 ? 'for' : 'against',
      sentence: lookUp(t, `report.compare.${likeness}`, params) ?? likeness,
    })),
  };
}
