import { easingOf, forecastRemaining, type PastOutage } from './forecast.ts';
import { isOpen } from './incident.ts';
import { failingShare, reckonLoss, type FailingStretch } from './loss.ts';
import type { MonitorState } from './monitor-state.ts';
import { admittedAt } from './official-record.ts';
import type { Settings } from './settings.ts';
import type { Band, Loss } from './snapshot.ts';

/** What an open incident is expected to do and to cost, and when the vendor admitted it. */
export interface Outlook {
  forecast: Band | null;
  loss: Loss | null;
  admittedAt: number | null;
}

export const NO_OUTLOOK: Outlook = { forecast: null, loss: null, admittedAt: null };

const MINUTE = 60_000;
/** Stretches kept of one outage: beyond that, neighbours are merged. */
const MOST_STRETCHES = 48;
/** Shares nearer than this are the same stretch. */
const SAME_SHARE = 0.05;
/** Forecasts kept for scoring: when one is made at these ages of the outage, minutes, and each doubling after. */
const FORECAST_AGES = [5, 15, 60, 240, 1440, 2880, 5760, 11520];
const MOST_CAUSES = 48;

/** Notes the stretch since the last check with the share of purchases that failed in it. */
export function growStretches(stretches: readonly FailingStretch[], from: number, to: number, exact: readonly [number, number]): FailingStretch[] {
  if (!(to > from)) return [...stretches];
  const share: readonly [number, number] = [rounded(exact[0]), rounded(exact[1])];
  const last = stretches.at(-1);
  if (last && last.to >= from && Math.abs(last.share[0] - share[0]) < SAME_SHARE && Math.abs(last.share[1] - share[1]) < SAME_SHARE) {
    return [...stretches.slice(0, -1), { ...last, to }];
  }
  const grown = [...stretches, { from, to, share }];
  return grown.length <= MOST_STRETCHES ? grown : halve(grown);
}

/** Money is not reckoned to more than a ten-thousandth. */
const rounded = (share: number): number => Math.round(share * 1e4) / 1e4;

/** Merges neighbours in pairs, weighing their shares by length. */
function halve(stretches: readonly FailingStretch[]): FailingStretch[] {
  const merged: FailingStretch[] = [];
  for (let i = 0; i < stretches.length; i += 2) {
    const [a, b] = [stretches[i]!, stretches[i + 1]];
    if (b === undefined) {
      merged.push(a);
      continue;
    }
    const [la, lb] = [a.to - a.from, b.to - b.from];
    const mean = (x: number, y: number) => (x * la + y * lb) / Math.max(1, la + lb);
    merged.push({ from: a.from, to: b.to, share: [rounded(mean(a.share[0], b.share[0])), rounded(mean(a.share[1], b.share[1]))] });
  }
  return merged;
}

/**
 * Brings forecast, price and the course of the incident up to date after a check.
 * @param utcOffsetMinutes how far the user's clock is ahead of UTC: the price has an hour-of-day profile
 * @returns the state with what is kept for the record, and what is shown
 */
export function lookAhead(state: MonitorState, settings: Settings, utcOffsetMinutes: number, now: number): { state: MonitorState; outlook: Outlook } {
  const { course, diagnosis } = state;
  const { incident } = course;
  if (incident === null || !isOpen(course)) return { state: { ...state, stretches: [], forecasts: [], causes: [] }, outlook: NO_OUTLOOK };

  const failing = course.phase === 'open' && !course.unseen;
  const share = failing ? failingShare(incident.rates) : course.unseen ? ([0, failingShare(incident.rates)[1]] as const) : ([0, 0] as const);
  const since = state.stretches.at(-1)?.to ?? incident.startedAt;
  const stretches = course.phase === 'recovering' ? state.stretches : growStretches(state.stretches, since, now, share);
  const elapsedMin = Math.max(0, (now - incident.startedAt) / MINUTE);
  const planned = plannedEnd(state, now);
  // A recovery may still be a pause: what remains is then judged as of an outage that has eased.
  const easing = course.phase === 'recovering' ? 0 : easingOf(state.episode.trouble?.course ?? []);
  const forecast = diagnosis === null ? null : forecastRemaining({ causes: diagnosis.causes, elapsedMin, easing, plannedEndMin: planned, past: state.past });

  const forecasts = forecast !== null && isForecastDue(state.forecasts, incident.startedAt, now) ? [...state.forecasts, { at: now, band: forecast }] : state.forecasts;
  const first = diagnosis?.causes[0];
  const last = state.causes.at(-1);
  const changed = first && (last === undefined || last.cause !== first.id || last.kind !== incident.kind);
  const causes = changed ? [...state.causes, { at: now, cause: first.id, p: first.p, kind: incident.kind }].slice(-MOST_CAUSES) : state.causes;
  return {
    state: { ...state, stretches, forecasts, causes },
    outlook: {
      forecast,
      loss: reckonLoss(settings.price, stretches, utcOffsetMinutes).loss,
      admittedAt: admittedAt(state.officialRecord, { startedAt: incident.startedAt, endedAt: incident.endedAt }),
    },
  };
}

function isForecastDue(made: MonitorState['forecasts'], startedAt: number, now: number): boolean {
  const age = (at: number) => FORECAST_AGES.filter((a) => a <= (at - startedAt) / MINUTE).length;
  return made.length === 0 || age(now) > age(made.at(-1)!.at);
}

/** Minutes to the end that the vendor has announced for maintenance under way, negative once it is past; null where there is none. */
function plannedEnd(state: MonitorState, now: number): number | null {
  if (state.official?.kind !== 'read') return null;
  const ends = state.official.events.filter((e) => e.music && e.type === 'maintenance' && e.status === 'ongoing' && e.endsAt !== null).map((e) => (e.endsAt! - now) / MINUTE);
  return ends.length > 0 ? Math.max(...ends) : null;
}

/** @returns the user's own outages with one more, for the forecasts to come: the last fifty. */
export function rememberOutage(past: readonly PastOutage[], outage: PastOutage): PastOutage[] {
  return [...past, outage].slice(-50);
}
