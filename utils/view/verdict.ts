import { FAMILY_OF } from '../core/causes.ts';
import type { OwnCause } from '../core/causes.ts';
import type { Role } from '../core/role.ts';
import type { Snapshot, State } from '../core/snapshot.ts';
import type { Translate } from '../i18n/translate.ts';
import { clockTime, duration } from './format.ts';

/** How a state looks: shape and colour go by this name (`components/shared/tokens.css`). Own-side trouble and not knowing are quiet, never alarming. */
export type Tone = 'ok' | 'warn' | 'bad' | 'busy' | 'plan' | 'own' | 'unknown';

const TONE: Record<State, Tone> = {
  up: 'ok',
  degraded: 'warn',
  down: 'bad',
  maintenance: 'plan',
  recovering: 'busy',
  suspect: 'busy',
  own: 'own',
  blind: 'own',
  unknown: 'unknown',
};

export interface Verdict {
  tone: Tone;
  /** The sentence that answers "is it me?". */
  title: string;
  /** What stands below it, in one short sentence. */
  detail: string;
  /** "since 10:02 · 47 min" or "checked 2 min ago"; null where neither is known. */
  when: string | null;
  /** Whether the user's own connection was seen to work while the store fails: the sentence that takes the blame off him. */
  connectionFine: boolean;
}

/** A look older than this says nothing about now: three of the longest intervals that can be set. */
const STALE_AFTER = 90 * 60_000;

/**
 * The verdict in words. It repeats the snapshot's state and never judges anew; it only says so when the snapshot is too old to speak of now.
 * @param now ms since the epoch
 */
export function verdictOf(snapshot: Snapshot, t: Translate, now: number): Verdict {
  const { state, incident, checkedAt } = snapshot;
  const stale = checkedAt !== null && snapshot.pausedUntil === null && now - checkedAt > STALE_AFTER && state !== 'blind';
  if (snapshot.pausedUntil !== null && snapshot.pausedUntil > now) {
    return { tone: 'unknown', title: t('verdict.paused.title'), detail: t('verdict.paused', { time: clockTime(snapshot.pausedUntil, now, t.language) }), when: null, connectionFine: false };
  }
  if (stale) {
    return { tone: 'unknown', title: t('verdict.unknown'), detail: t('verdict.stale.detail', { time: clockTime(checkedAt, now, t.language) }), when: null, connectionFine: false };
  }
  const storeFails = state === 'down' || state === 'degraded' || state === 'recovering';
  const start = storeFails || state === 'maintenance' ? (incident?.startedAt ?? snapshot.since) : state === 'own' ? snapshot.since : null;
  return {
    tone: TONE[state],
    title: t(titleKey(snapshot)),
    detail: detailOf(snapshot, t),
    when: start !== null ? t('verdict.since', { time: clockTime(start, now, t.language), length: duration(Math.max(0, now - start), t.language) }) : checkedWords(checkedAt, t, now),
    connectionFine: (state === 'down' || state === 'degraded') && snapshot.side === 'store',
  };
}

/** @returns the roles that fail by what was last asked, each once, in the order of the table. */
export function failingRoles(snapshot: Pick<Snapshot, 'targets'>): Role[] {
  const failing = snapshot.targets.filter(({ role, status, trusted }) => status === 'failed' && trusted && role !== 'controls' && role !== 'neighbour');
  return [...new Set(failing.map(({ role }) => role))];
}

type TitleKey = `verdict.${State}` | `verdict.own.${OwnCause}` | 'verdict.path';

function titleKey({ state, side, ownTrouble }: Snapshot): TitleKey {
  if (state !== 'own') return `verdict.${state}`;
  if (ownTrouble && FAMILY_OF[ownTrouble] === 'own') return `verdict.own.${ownTrouble as OwnCause}`;
  return side === 'path' ? 'verdict.path' : 'verdict.own';
}

function detailOf(snapshot: Snapshot, t: Translate): string {
  const { state, side, ownTrouble, official } = snapshot;
  if (state === 'degraded') {
    const parts = failingRoles(snapshot).map((role) => t(`targets.role.${role}`));
    return parts.length ? t('verdict.degraded.detail', { parts: listOf(parts, t.language) }) : t('verdict.down.detail');
  }
  if (state === 'own' && side === 'path' && !ownTrouble) return t('verdict.path.detail');
  if (state === 'up' && snapshot.page.length > 0) {
    return t('verdict.up.page', { parts: listOf([...new Set(snapshot.page.map(({ role }) => t(`targets.role.${role}`)))], t.language) });
  }
  if (state === 'up' && official.events.some(({ music, status, type }) => music && status === 'ongoing' && type !== 'maintenance')) return t('verdict.up.official');
  return t(`verdict.${state}.detail`);
}

function checkedWords(checkedAt: number | null, t: Translate, now: number): string | null {
  if (checkedAt === null) return null;
  return now - checkedAt < 60_000 ? t('verdict.checked-now') : t('verdict.checked', { length: duration(now - checkedAt, t.language) });
}

function listOf(parts: readonly string[], language: string): string {
  return new Intl.ListFormat(language, { type: 'conjunction', style: 'narrow' }).format(parts);
}
