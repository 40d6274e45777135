import type { Cause, Undisclosed } from './causes.ts';
import { logUpperTail } from './normal.ts';

/**
 * How long an outage of each cause lasts, as a median in minutes. Medians of documented incidents (own count of 110 with a known
 * length); where fewer than four are known the number is a judgement, marked "j". The user's own troubles last as long as nobody
 * touches the router, the list or the clock: all judgements.
 */
export const MEDIAN_MINUTES: Readonly<Record<Cause | Undisclosed, number>> = {
  storage: 1450, // 9 incidents: restores are slow
  database: 700, // 3 incidents, median 1451; shrunk towards the rest
  'network-device': 265, // 9
  'load-balancer': 40, // 4, median 28
  'network-routing': 100, // 12
  dns: 230, // 12
  'cdn-edge': 60, // 3, median 49
  'tls-certificate': 220, // 4
  'application-release': 120, // j: rolled back, 22 % of Teams incidents end so
  'application-latent-bug': 400, // j: somebody has to understand it first
  'bad-data': 170, // 4
  configuration: 70, // 4 of 27–49 min, and a tail
  middleware: 600, // 3
  'operating-system': 1440, // 7
  'payment-external': 410, // 6
  authentication: 156, // 4
  power: 1500, // 5, median 2442; shrunk: short ones are told less
  'fire-cooling': 2300, // 3
  'overload-ddos': 300, // 5, from minutes to two days
  'planned-maintenance': 240, // 4
  'security-shutdown': 10_000, // 2, median 34560
  local: 40, // j
  'captive-portal': 20, // j
  'own-resolver': 300, // j
  blocker: 5000, // j: lasts until a list is corrected
  'proxy-vpn': 60, // j
  'own-clock': 700, // j
  'tls-interception': 2000, // j
  undisclosed: 180, // Apple's outages of known length: 25, 95, 112, 118, 180, 215, 240, 660 min
};

/**
 * Spread of the lognormal, natural logarithm: one for all causes. The per-cause spreads of 3–12 incidents (0.5 … 2.1) are too
 * uncertain to tell apart; this is about their pooled value. One spread for all also guarantees that time never speaks for the
 * shorter-lived of two causes: at equal spread the smaller median has the larger hazard at every age.
 */
export const SPREAD = 1.3;

/**
 * @param cause a cause, or `undisclosed`
 * @param minutes how long it has lasted; negative counts as 0
 * @returns ln P(lasts longer than that | cause), at most 0
 */
export function logSurvival(cause: Cause | Undisclosed, minutes: number): number {
  if (!(minutes > 0)) return 0;
  return Math.min(0, logUpperTail(Math.log(minutes / MEDIAN_MINUTES[cause]) / SPREAD));
}

/** @returns P(lasts longer than so many minutes | cause), 0 … 1. */
export function survival(cause: Cause | Undisclosed, minutes: number): number {
  return Math.exp(logSurvival(cause, minutes));
}
