import type { Durations } from './history.ts';

/** Uptime that says how much of the time it is about. */
export interface Uptime {
  /** Share of the observed time in which the store could be used, well or badly, 0 … 1; null where nothing was observed. */
  uptime: number | null;
  /** Share of the observed time in which nothing was wrong at all; null where nothing was observed. */
  flawless: number | null;
  /** Share of the whole time that was observed, 0 … 1. */
  coverage: number;
}

/**
 * "99.2 % of the 61 % of the month we watched". Maintenance counts as observed time in which the store could not be used: the listener
 * does not care who planned it.
 * @param ms how long each state lasted
 */
export function uptimeOf(ms: Durations): Uptime {
  const observed = ms.up + ms.degraded + ms.down + ms.maintenance;
  const whole = observed + ms.unobserved;
  return {
    uptime: observed > 0 ? (ms.up + ms.degraded) / observed : null,
    flawless: observed > 0 ? ms.up / observed : null,
    coverage: whole > 0 ? observed / whole : 0,
  };
}
