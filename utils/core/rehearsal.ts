/** An outage that can be played: a file of `test/scenarios` that the build puts into the extension. */
export interface Rehearsal {
  /** Id of the scenario, and the name of its file. */
  id: string;
  /** Name of its title in the catalogue. */
  title: `rehearsal.${string}`;
  /** How long the outage was, minutes. */
  minutes: number;
}

export const REHEARSALS = [
  { id: 'rehearsal-2015-dns', title: 'rehearsal.2015-dns', minutes: 690 },
  { id: 'rehearsal-26-hours', title: 'rehearsal.26-hours', minutes: 1560 },
  { id: 'rehearsal-sign-in', title: 'rehearsal.sign-in', minutes: 50 },
  { id: 'rehearsal-own-line', title: 'rehearsal.own-line', minutes: 30 },
] as const satisfies readonly Rehearsal[];

/** A rehearsal keeps the background awake, so it is over within five minutes of the user's time. */
export const LONGEST_MS = 300_000;
/** After its end an outage takes at most so long to be believed over and told, minutes. */
const AFTERMATH_MIN = 30;
/** Times faster than it was. */
const SPEEDS = [10, 30, 60, 240, 600, 1200] as const;
/** What lasts longer than this is played faster unless asked for otherwise. */
const USUAL_MS = 210_000;

/** @returns how long playing it takes, ms. */
export function playingTime(minutes: number, speed: number): number {
  return ((minutes + AFTERMATH_MIN) * 60_000) / speed;
}

/** @returns the slowest speed at which an outage of so many minutes is over in time. */
export function slowestFor(minutes: number): number {
  return Math.ceil(playingTime(minutes, 1) / LONGEST_MS);
}

/** @returns the speeds to choose from, the slowest first, and the one to begin with: the slowest that is over in three and a half minutes. */
export function speedsFor(minutes: number): { speeds: number[]; usual: number } {
  const speeds = SPEEDS.filter((speed) => speed >= slowestFor(minutes)).slice(0, 3);
  return { speeds, usual: speeds.find((speed) => playingTime(minutes, speed) <= USUAL_MS) ?? speeds.at(-1)! };
}
