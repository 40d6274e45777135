import type { Observation } from './observation.ts';
import type { Role } from './role.ts';

/** One target of a check that is under way; `none`: the answer says nothing (the machine slept, the network changed). */
export interface Asked {
  target: string;
  role: Role;
  answer: 'awaited' | 'ok' | 'failed' | 'none';
}

/** How far a check has come: what has answered in the order it did, then what is still awaited. */
export type Progress = readonly Asked[];

/** @returns the progress with these asked as well. */
export function withAsked(progress: Progress, targets: readonly { id: string; role: Role }[]): Progress {
  return [...progress, ...targets.map(({ id, role }): Asked => ({ target: id, role, answer: 'awaited' }))];
}

/** @returns the progress with one more answer. */
export function withAnswered(progress: Progress, { target, role, result }: Pick<Observation, 'target' | 'role' | 'result'>): Progress {
  const answer = result.kind === 'ok' ? 'ok' : result.kind === 'failed' ? 'failed' : 'none';
  const others = progress.filter((one) => one.target !== target);
  const at = others.findIndex((one) => one.answer === 'awaited');
  return others.toSpliced(at === -1 ? others.length : at, 0, { target, role, answer });
}

/** @returns how many have answered. */
export function answeredOf(progress: Progress): number {
  return progress.filter(({ answer }) => answer !== 'awaited').length;
}
