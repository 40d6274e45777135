import { playingTime, REHEARSALS, speedsFor } from '../core/rehearsal.ts';
import type { Translate } from '../i18n/translate.ts';
import { duration } from './format.ts';

/** An outage that can be played, in the user's words. */
export interface Playable {
  id: string;
  title: string;
  /** How fast, the slowest first: times faster than it was. */
  speeds: { value: number; label: string }[];
  /** The one to begin with. */
  usual: number;
}

const MINUTE = 60_000;

/** @returns all that can be played, with the speeds at which each is over in time. */
export function rehearsalsIn(t: Translate): Playable[] {
  return REHEARSALS.map(({ id, title, minutes }) => {
    const { speeds, usual } = speedsFor(minutes);
    return {
      id,
      title: t(title),
      speeds: speeds.map((value) => ({ value, label: t('rehearsal.speed', { played: duration(value * MINUTE, t.language), length: duration(playingTime(minutes, value), t.language) }) })),
      usual,
    };
  });
}
