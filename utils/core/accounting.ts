import type { Span } from './history.ts';
import type { Course } from './incident.ts';
import type { TimeState } from './time-state.ts';

/**
 * How far time has been accounted for. Time under suspicion, and time after the first healthy check of a recovery, is held
 * back until it is known what it was: so an outage is counted from its first failure and ends at its first healthy answer.
 */
export interface Accounting {
  /** Everything before has been given a state, ms since the epoch. */
  upTo: number;
  /** What the stretch since then is, unless it is pending. */
  running: TimeState | 'pending';
  /** When the last check was: the stretch after it is observed only up to the next one. */
  lastAt: number;
}

/** A clock set back by less waits until it has caught up: that time has been counted. By more, it would wait for ever. */
const WORTH_WAITING_MS = 3_600_000;
/** The history does not believe longer stretches (`LONGEST_SPAN`): a suspicion of days comes in pieces. */
const LONGEST_PIECE_MS = 12 * 3_600_000;
/** What has been pending for longer is no suspicion but damage. */
const LONGEST_PENDING_MS = 14 * 24 * 3_600_000;

/**
 * Accounts for the time up to a check.
 * @param gap whether the time since the last check was not observed (asleep, browser closed, clock set)
 * @returns the new accounting and the stretches that are settled now, oldest first, without hole or overlap
 */
export function settle(accounting: Accounting, course: Course, at: number, gap: boolean): [Accounting, Span[]] {
  const spans: Span[] = [];
  let { upTo, running } = accounting;
  const emit = (to: number, state: TimeState) => {
    if (state === 'unobserved' && to > upTo) spans.push({ from: upTo, to, state });
    else for (let from = upTo; from < to; from += LONGEST_PIECE_MS) spans.push({ from, to: Math.min(to, from + LONGEST_PIECE_MS), state });
    upTo = Math.max(upTo, to);
  };
  // Nothing is counted of the years before a beginning that cannot be right.
  if (at - upTo > LONGEST_PENDING_MS && accounting.lastAt - upTo > LONGEST_PENDING_MS) emit(accounting.lastAt - LONGEST_PENDING_MS, 'unobserved');
  // A clock set back: what was accounted for stays, and a bucket of the history takes no more than its own length.
  if (upTo - at > WORTH_WAITING_MS) return [{ upTo: at, lastAt: at, running: runningState(course) }, []];
  if (at < upTo && at < accounting.lastAt) return [{ ...accounting, lastAt: at, running: runningState(course) }, []];

  if (gap) {
    emit(accounting.lastAt, running === 'pending' ? resolve(course) : running);
    emit(at, 'unobserved');
  }
  const next = runningState(course);
  if (running === 'pending') {
    if (next !== 'pending') emit(at, next === 'unobserved' ? 'unobserved' : resolve(course));
  } else emit(at, running);
  return [{ upTo, running: next, lastAt: at }, spans];
}

/** What pending time turns out to be: an incident's if one is open, else nothing was wrong. */
function resolve(course: Course): TimeState {
  return course.phase === 'open' ? (course.incident?.kind ?? 'down') : 'up';
}

function runningState(course: Course): TimeState | 'pending' {
  if (course.unseen) return 'unobserved';
  switch (course.phase) {
    case 'calm':
      return 'up';
    case 'open':
      return course.incident?.kind ?? 'down';
    case 'suspect':
    case 'recovering':
      return 'pending';
  }
}
