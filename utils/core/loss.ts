import type { StoreRole } from './role.ts';
import type { Settings } from './settings.ts';
import type { Loss } from './snapshot.ts';

/**
 * The blogger's reckoning (songs a day × price of a song × time), made honest: it knows the hour of day, how much really fails, and that
 * most who cannot buy now buy later. Everything is a range, and an estimate.
 *
 *   at risk  = songs a day × price × share of a day that has passed × share that fails
 *   deferred = at risk × share that comes back
 *   lost     = at risk × (1 − share that comes back)
 *
 * The share of a day is counted twice, by the profile below and with all hours alike; the two are the ends of the range. Over whole
 * days they meet, and a day without a store costs exactly what the blogger said.
 *
 * The share that comes back is an assumption: no vendor has published one. After the twelve hours of March 2015 the press put a price on
 * every hour, and readers answered that nothing is lost when people simply come back later. The default, half to nine in ten, lets
 * both be partly right; it can be changed in the settings.
 */

/**
 * How purchases spread over the store's local day, relative to one another. An assumption, after what consumer services publish about
 * their traffic in general: a trough before dawn, a rise at noon, a peak between eight and ten in the evening at about seven times the trough.
 */
const HOURS = [0.7, 0.45, 0.3, 0.25, 0.25, 0.3, 0.5, 0.75, 0.9, 0.95, 1, 1.05, 1.2, 1.1, 1.05, 1.05, 1.1, 1.2, 1.35, 1.5, 1.65, 1.75, 1.55, 1.1] as const;
const HOURS_SUM = HOURS.reduce((sum, weight) => sum + weight, 0);
/** Share of a day's purchases in each hour, local time of the store; they sum to 1. */
export const HOUR_PROFILE: readonly number[] = HOURS.map((weight) => weight / HOURS_SUM);

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** A stretch of an outage, ms since the epoch, in which a steady share of purchases failed. */
export interface FailingStretch {
  from: number;
  to: number;
  /** Share of purchases that fail, 0 … 1, as a range: [0, s] where nobody watched. */
  share: readonly [low: number, high: number];
}

/** The numbers that go into the formula, for showing it. */
export interface LossParts {
  songsPerDay: number;
  songPrice: number;
  currency: string;
  /** Length of the outage so far, minutes. */
  minutes: number;
  /** Share of a day's purchases that fell into it: all hours alike, and by the hour-of-day profile. More than 1 after more than a day. */
  dayShareFlat: number;
  dayShareProfile: number;
  /** Average share that failed, as a range. */
  failing: [number, number];
  returnLow: number;
  returnHigh: number;
}

export interface Reckoning {
  loss: Loss;
  parts: LossParts;
}

/** Share of a day's purchases between two moments, by the profile. `offset`: ms that the store's clock is ahead of UTC. */
function profileShare(from: number, to: number, offset: number): number {
  const days = Math.floor((to - from) / DAY);
  let share = days;
  for (let at = from + days * DAY + offset; at < to + offset; ) {
    const end = Math.min(to + offset, (Math.floor(at / HOUR) + 1) * HOUR);
    const hour = ((Math.floor(at / HOUR) % 24) + 24) % 24;
    share += (HOUR_PROFILE[hour]! * (end - at)) / HOUR;
    at = end;
  }
  return share;
}

const clamp = (value: number) => Math.min(1, Math.max(0, value));
const cents = (value: number) => Math.round(value * 100) / 100;

/**
 * @param price the user's assumptions
 * @param stretches the outage so far, oldest first, without overlap; one that runs backwards counts nothing
 * @param utcOffsetMinutes how far the store's local time is ahead of UTC (Japan: 540). At a change to summer time inside an outage it is an hour off, which the range covers
 * @returns the loss in `price.currency`, rounded to hundredths, and the formula's parts
 */
export function reckonLoss(price: Settings['price'], stretches: readonly FailingStretch[], utcOffsetMinutes: number): Reckoning {
  let [low, high, flat, profile, length] = [0, 0, 0, 0, 0];
  let failing: [number, number] = [0, 0];
  for (const { from, to, share } of stretches) {
    if (!(to > from)) continue;
    const days = (to - from) / DAY;
    const byHour = profileShare(from, to, utcOffsetMinutes * MINUTE);
    const [least, most] = [clamp(Math.min(...share)), clamp(Math.max(...share))];
    low += least * Math.min(days, byHour);
    high += most * Math.max(days, byHour);
    failing = [failing[0] + least * (to - from), failing[1] + most * (to - from)];
    flat += days;
    profile += byHour;
    length += to - from;
  }
  const perDay = price.songsPerDay * price.songPrice;
  const [returnLow, returnHigh] = [clamp(Math.min(price.returnLow, price.returnHigh)), clamp(Math.max(price.returnLow, price.returnHigh))];
  const atRisk: [number, number] = [low * perDay, high * perDay];
  return {
    loss: {
      currency: price.currency,
      atRisk: [cents(atRisk[0]), cents(atRisk[1])],
      deferred: [cents(atRisk[0] * returnLow), cents(atRisk[1] * returnHigh)],
      lost: [cents(atRisk[0] * (1 - returnHigh)), cents(atRisk[1] * (1 - returnLow))],
    },
    parts: {
      songsPerDay: price.songsPerDay,
      songPrice: price.songPrice,
      currency: price.currency,
      minutes: length / MINUTE,
      dayShareFlat: flat,
      dayShareProfile: profile,
      failing: length > 0 ? [failing[0] / length, failing[1] / length] : [0, 0],
      returnLow,
      returnHigh,
    },
  };
}

/** What somebody needs who buys a song: he finds it, signs in, pays. */
const BUYING: readonly StoreRole[] = ['storefront', 'catalog', 'directory', 'account', 'purchase'];
/** What he hears and sees before he buys: without it some buy all the same. */
const CHOOSING: readonly StoreRole[] = ['audio', 'artwork', 'charts'];

/**
 * @param rates share of failures per role, 0 … 1; a role that was not asked is left out
 * @returns the share of purchases that fail: at least as many as the worst of the needed parts fails, at most as if each part failed on its
 *   own and half of those who cannot listen went away
 */
export function failingShare(rates: Readonly<Partial<Record<StoreRole, number>>>): [number, number] {
  const needed = BUYING.map((role) => clamp(rates[role] ?? 0));
  const wished = CHOOSING.map((role) => clamp(rates[role] ?? 0));
  const low = Math.max(0, ...needed);
  const high = 1 - needed.reduce((left, rate) => left * (1 - rate), 1) * wished.reduce((left, rate) => left * (1 - rate / 2), 1);
  return [low, Math.max(low, clamp(high))];
}

/**
 * Price of a single song by storefront, from the vendor's usual steps. A start for the settings, which everybody can change; Japan's is the blogger's.
 */
const SONG_PRICES: Readonly<Record<string, readonly [price: number, currency: string]>> = {
  jp: [150, 'JPY'],
  us: [1.29, 'USD'],
  gb: [0.99, 'GBP'],
  ca: [1.29, 'CAD'],
  au: [2.19, 'AUD'],
  ch: [1.6, 'CHF'],
  tw: [30, 'TWD'],
  hk: [8, 'HKD'],
};
const EURO = new Set(['at', 'be', 'cy', 'de', 'ee', 'es', 'fi', 'fr', 'gr', 'hr', 'ie', 'it', 'lt', 'lu', 'lv', 'mt', 'nl', 'pt', 'si', 'sk']);

/** @returns the usual price of a song and its currency in a storefront's country (ISO 3166, lower case); dollars where none is known. */
export function usualSongPrice(country: string): { songPrice: number; currency: string } {
  const [songPrice, currency] = SONG_PRICES[country] ?? (EURO.has(country) ? [1.29, 'EUR'] : SONG_PRICES['us']!);
  return { songPrice, currency };
}
