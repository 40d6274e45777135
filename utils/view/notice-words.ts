import type { Notice } from '../core/notice.ts';
import type { Notification } from '../app/ports.ts';
import type { Translate } from '../i18n/translate.ts';
import { clockTime, duration, percent } from './format.ts';
import type { Snapshot } from '../core/snapshot.ts';
import { verdictOf } from './verdict.ts';
import { causeName } from './words.ts';

/**
 * Puts a notice into words.
 * @param song title of a kept song, offered when the store is back; null = none
 * @returns title, text and buttons; the id is the notice's, so that showing it again replaces it
 */
export function noticeWords(notice: Notice, t: Translate, now: number, song: string | null): Notification {
  const { language } = t;
  const since = clockTime(notice.startedAt, now, language);
  const until = clockTime(notice.endedAt ?? now, now, language);
  const length = duration((notice.endedAt ?? now) - notice.startedAt, language);
  const cause = causeName(t, notice.cause);
  const p = percent(notice.causeP, language);
  const base = { id: notice.id, buttons: [t('notice.button.details')] };
  switch (notice.kind) {
    case 'outage': {
      const message = notice.cause === 'undisclosed' ? t('notice.outage.body.unknown', { since }) : t('notice.outage.body', { since, cause, p });
      return { ...base, title: t(notice.incidentKind === 'degraded' ? 'notice.outage.degraded' : 'notice.outage.down'), message };
    }
    case 'maintenance':
      return { ...base, title: t('notice.maintenance'), message: t('notice.maintenance.body', { since }) };
    case 'recovery':
      return ending({ ...base, title: t('notice.recovery'), message: t(notice.incidentKind === 'degraded' ? 'notice.recovery.degraded' : 'notice.recovery.body', { length, since, until }) }, notice, song, t);
    case 'relapse':
      return { ...base, title: t('notice.relapse'), message: t('notice.relapse.body', { since, cause, p }) };
    case 'cause':
      return { ...base, title: t('notice.cause'), message: t('notice.cause.body', { since, cause, p }) };
    case 'reminder':
      return { ...base, title: t('notice.reminder'), message: t('notice.reminder.body', { since, length, cause, p }) };
    case 'summary':
      return ending({ ...base, title: t('notice.summary'), message: t('notice.summary.body', { since, until, length, seen: duration(notice.seenMs ?? 0, language) }) }, notice, song, t);
  }
}

/** With the other outages it speaks for, and with the kept song that waits for its listener: its button is the first. */
function ending(given: Notification, { also = 0 }: Notice, song: string | null, t: Translate): Notification {
  const told = also === 0 ? given : { ...given, message: `${given.message} ${t('notice.also', { n: also })}` };
  if (song === null) return told;
  return { ...told, message: `${told.message} ${t('notice.song.body', { title: song })}`, buttons: [t('notice.button.song', { title: song }), ...told.buttons] };
}

/**
 * Says why a page of the store did not load: the user's connection, or the store.
 * @returns null where the check does not tell
 */
export function pageNoticeWords(snapshot: Snapshot, t: Translate, now: number): Notification | null {
  const { title, detail, when } = verdictOf(snapshot, t, now);
  const base = { id: 'page', buttons: [t('notice.button.details')] };
  switch (snapshot.state) {
    case 'own':
      return { ...base, title: t('notice.own'), message: t('notice.own.body', { trouble: title }) };
    case 'down':
    case 'degraded':
    case 'maintenance':
    case 'recovering':
      return { ...base, title: t('notice.page'), message: [title, detail, when].filter((part) => part !== null).join(' · ') };
    case 'up':
    case 'suspect':
    case 'blind':
    case 'unknown':
      return null;
  }
}
