import { bannerKindOf, type BannerGiven, type BannerView } from '../core/banner.ts';
import type { Snapshot } from '../core/snapshot.ts';
import type { Translate } from '../i18n/translate.ts';
import type { Elsewhere } from './elsewhere.ts';
import { clockTime, duration, percent, roughly } from './format.ts';
import { failingRoles, verdictOf } from './verdict.ts';
import { causeName } from './words.ts';

/** No more causes than fit into a line. */
const CAUSES = 3;

/**
 * Puts what pages show into words. Times are those of the clock, never "5 minutes ago": what stands on a page must stay true until it is renewed.
 * @param places where else the same song may be
 * @param now ms since the epoch
 * @returns null where a page has nothing to show
 */
export function bannerView(given: BannerGiven, t: Translate, places: readonly Elsewhere[], now: number): BannerView | null {
  const choice = bannerKindOf(given);
  if (choice === null) return null;
  const { snapshot } = given;
  const verdict = verdictOf({ ...snapshot, checkedAt: now }, t, now);
  const own = choice.kind === 'own';
  return {
    ...choice,
    state: snapshot.state,
    tone: verdict.tone,
    checkedAt: snapshot.checkedAt ?? snapshot.at,
    language: t.language,
    theme: snapshot.theme,
    rehearsal: snapshot.rehearsal === null ? null : t('notice.rehearsal', { title: snapshot.rehearsal.title }),
    title: own ? t('banner.own.title') : choice.kind === 'back' ? t('banner.back.title') : verdict.title,
    parts: own ? [verdict.title, verdict.detail] : choice.kind === 'back' ? backLine(snapshot, t) : troubleLine(snapshot, t, now),
    fine: choice.kind === 'trouble' && verdict.connectionFine ? t('verdict.connection-fine') : null,
    details: choice.kind === 'trouble' ? detailsOf(snapshot, t, now) : [],
    words: {
      label: t('banner.label'),
      remind: {
        song: t('banner.remind.song'),
        album: t('banner.remind.album'),
        artist: t('banner.remind.page'),
        playlist: t('banner.remind.page'),
        'music-video': t('banner.remind.page'),
        station: t('banner.remind.page'),
      },
      reminded: t('banner.reminded'),
      failed: t('banner.failed'),
      elsewhere: t('banner.elsewhere'),
      details: t('banner.details'),
      page: t('banner.page'),
      close: t(choice.kind === 'trouble' ? 'banner.close' : 'banner.close.own'),
    },
    places: choice.kind === 'trouble' ? [...places] : [],
  };
}

function backLine({ lastIncident }: Snapshot, t: Translate): string[] {
  return lastIncident === null ? [] : [t('banner.back.line', { length: duration(lastIncident.endedAt - lastIncident.startedAt, t.language) })];
}

function failing(snapshot: Snapshot, t: Translate): string | null {
  const roles = failingRoles(snapshot).map((role) => t(`targets.role.${role}`));
  return roles.length === 0 ? null : new Intl.ListFormat(t.language, { type: 'conjunction', style: 'narrow' }).format(roles);
}

function band({ forecast }: Snapshot, t: Translate): { low: string; high: string; median: string } | null {
  return forecast === null ? null : { low: roughly(forecast.p10, t.language), high: roughly(forecast.p90, t.language), median: roughly(forecast.p50, t.language) };
}

function troubleLine(snapshot: Snapshot, t: Translate, now: number): string[] {
  const { state, incident, diagnosis } = snapshot;
  const parts: string[] = [];
  const parted = state === 'degraded' ? failing(snapshot, t) : null;
  if (parted !== null) parts.push(t('verdict.degraded.detail', { parts: parted }));
  parts.push(t('banner.since', { time: clockTime(incident?.startedAt ?? snapshot.since, now, t.language) }));
  if (state === 'recovering') return [...parts, t('verdict.recovering.detail')];
  if (state === 'maintenance') {
    const end = snapshot.official.events.find(({ type, status, endsAt }) => type === 'maintenance' && status === 'ongoing' && endsAt !== null)?.endsAt;
    return end == null ? parts : [...parts, t('banner.until', { time: clockTime(end, now, t.language) })];
  }
  const cause = diagnosis?.causes[0];
  if (cause !== undefined) parts.push(cause.id === 'undisclosed' ? t('banner.cause.unknown') : t('banner.cause', { cause: causeName(t, cause.id), p: percent(cause.p, t.language) }));
  const ahead = band(snapshot, t);
  if (ahead !== null) parts.push(t('banner.forecast', { low: ahead.low, high: ahead.high }));
  return parts;
}

function detailsOf(snapshot: Snapshot, t: Translate, now: number): BannerView['details'] {
  const { incident, diagnosis } = snapshot;
  const lines: BannerView['details'] = [];
  const roles = failing(snapshot, t);
  if (roles !== null) lines.push({ label: t('banner.failing'), text: roles });
  if (diagnosis !== null && snapshot.state !== 'recovering' && snapshot.state !== 'maintenance') {
    lines.push({ label: t('banner.causes'), text: diagnosis.causes.slice(0, CAUSES).map(({ id, p }) => t('banner.causes.one', { cause: causeName(t, id), p: percent(p, t.language) })).join(' · ') });
    const ahead = band(snapshot, t);
    if (ahead !== null) lines.push({ label: t('banner.half'), text: t('banner.half.text', ahead) });
  }
  if (incident !== null) lines.push({ label: t('banner.apple'), text: admission(incident, t, now) });
  if (snapshot.checkedAt !== null) lines.push({ label: t('banner.checked'), text: clockTime(snapshot.checkedAt, now, t.language) });
  return lines;
}

function admission({ admittedAt, detectedAt }: NonNullable<Snapshot['incident']>, t: Translate, now: number): string {
  if (admittedAt === null) return t('banner.apple.silent');
  const time = clockTime(admittedAt, now, t.language);
  return admittedAt - detectedAt >= 60_000 ? t('banner.apple.admitted', { time, length: duration(admittedAt - detectedAt, t.language) }) : t('banner.apple.first', { time });
}
