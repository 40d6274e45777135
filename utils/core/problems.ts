import type { MonitorState } from './monitor-state.ts';
import type { Flaw } from './result.ts';
import type { Snapshot } from './snapshot.ts';
import type { Target } from './target.ts';

type Problems = Snapshot['problems'];

const MINUTE = 60_000;
/** A clock that is off by less spoils nothing that is shown (times are shown to the minute, certificates live for weeks). */
const CLOCK_OFF_MS = 5 * MINUTE;
/** A feed that cannot be reached for so long, while the store can be seen, is said. */
const FEED_LOST_MS = 60 * MINUTE;

/**
 * What is wrong with the monitor itself after a check; trouble of the store's storage and of notifications is noted where it is met, and stays.
 * @param clockSkew the user's clock minus the answers', ms; null = not seen this time: what was said of it stays
 * @param now ms since the epoch
 * @param refused what an organisation set that cannot be used
 * @returns one line of each kind at most
 */
export function monitorProblems(state: MonitorState, targets: readonly Target[], clockSkew: number | null, now: number, refused: readonly Flaw[] = []): Problems {
  const problems: Problems = state.problems.filter(({ kind }) => kind === 'storage' || kind === 'notifications' || (kind === 'clock' && clockSkew === null));
  const denied = targets.filter(({ id }) => {
    const result = state.last[id]?.result;
    return result?.kind === 'discarded' && result.because === 'no-permission';
  });
  if (denied.length > 0) problems.push({ kind: 'permission', detail: [...new Set(denied.map(({ host }) => host))].join(', ') });
  const { trouble } = state.officialRecord;
  const lost = trouble !== null && !state.course.unseen && now - trouble.since >= FEED_LOST_MS;
  if (trouble !== null && (trouble.kind === 'not-understood' || lost)) problems.push({ kind: 'feed', detail: trouble.reason.slice(0, 300) });
  if (clockSkew !== null && Math.abs(clockSkew) >= CLOCK_OFF_MS) problems.push({ kind: 'clock', detail: `${Math.round(clockSkew / MINUTE)} min` });
  return withRefused(problems, refused);
}

/** @param refused what an organisation set that cannot be used @returns the list with that, and nothing that it has mended */
export function withRefused(problems: Problems, refused: readonly Flaw[] = []): Problems {
  const others = problems.filter(({ kind }) => kind !== 'policy');
  return refused.length === 0 ? others : [...others, { kind: 'policy', detail: refused.map(({ at, reason }) => `${at} (${reason})`).join('; ').slice(0, 300) }];
}

/** The system took a notification and did not show it: "do not disturb", or the browser is not allowed to. */
export const SWALLOWED = 'not shown by the system';

/** @param refused why a notice could not be shown; null = it was @returns the same list where nothing changes */
export function withNotificationTrouble(problems: Problems, refused: string | null): Problems {
  const others = problems.filter(({ kind }) => kind !== 'notifications');
  if (refused !== null) {
    const detail = refused.slice(0, 300);
    return problems.some((one) => one.kind === 'notifications' && one.detail === detail) ? problems : [...others, { kind: 'notifications', detail }];
  }
  return others.length === problems.length ? problems : others;
}
