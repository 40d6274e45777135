/** Numbers, times and money as the language writes them. Everything goes through `Intl`; nothing here knows a sentence. */

const MINUTE = 60_000;

const made = new Map<string, unknown>();
/** A formatter costs about as much as a whole view: each is made once. */
function once<T>(key: string, make: () => T): T {
  let value = made.get(key) as T | undefined;
  if (value === undefined) made.set(key, (value = make()));
  return value;
}

const dayOf = (at: number): string => new Date(at).toDateString();

/** @returns the time of day (`10:02`), with the date in front where that is not the day of `now`. */
export function clockTime(at: number, now: number, language: string): string {
  const sameDay = dayOf(at) === dayOf(now);
  return once(`clock ${language} ${sameDay}`, () =>
    new Intl.DateTimeFormat(language, sameDay ? { hour: 'numeric', minute: '2-digit' } : { month: 'short', day: 'numeric', hour: 'numeric', minute: '2-digit' }),
  ).format(at);
}

/** @returns the time of day alone: `10:02`. */
export function timeOfDay(at: number, language: string): string {
  return clockTime(at, at, language);
}

/** @returns a day, short: `3 Nov`. */
export function shortDate(at: number, language: string): string {
  return once(`date ${language}`, () => new Intl.DateTimeFormat(language, { month: 'short', day: 'numeric' })).format(at);
}

/** @returns a day in full, with the year: `Wednesday, 3 February 2021`. */
export function longDate(at: number, language: string): string {
  return once(`long ${language}`, () => new Intl.DateTimeFormat(language, { dateStyle: 'full' })).format(at);
}

function unit(value: number, name: 'second' | 'minute' | 'hour' | 'day', language: string): string {
  return once(`unit ${language} ${name}`, () => new Intl.NumberFormat(language, { style: 'unit', unit: name, unitDisplay: 'short', maximumFractionDigits: 0 })).format(value);
}

/** @param ms a length of time @returns it in at most two units: `47 min`, `1 hr 52 min`, `3 days 4 hr`; under a minute in seconds. */
export function duration(ms: number, language: string): string {
  const minutes = Math.round(ms / MINUTE);
  if (ms < MINUTE) return unit(Math.max(0, Math.round(ms / 1000)), 'second', language);
  if (minutes < 60) return unit(minutes, 'minute', language);
  const [hours, rest] = [Math.floor(minutes / 60), minutes % 60];
  if (hours < 24) return rest ? `${unit(hours, 'hour', language)} ${unit(rest, 'minute', language)}` : unit(hours, 'hour', language);
  const [days, left] = [Math.floor(hours / 24), hours % 24];
  return left && days < 7 ? `${unit(days, 'day', language)} ${unit(left, 'hour', language)}` : unit(days, 'day', language);
}

/** @param minutes an estimate @returns it rounded as coarsely as an estimate deserves: `20 min`, `2 hr`, `3 days`. */
export function roughly(minutes: number, language: string): string {
  if (minutes < 10) return unit(Math.max(1, Math.round(minutes)), 'minute', language);
  if (minutes < 55) return unit(Math.round(minutes / 5) * 5, 'minute', language);
  if (minutes < 180) return duration(Math.round(minutes / 30) * 30 * MINUTE, language);
  if (minutes < 36 * 60) return unit(Math.round(minutes / 60), 'hour', language);
  return unit(Math.round(minutes / 1440), 'day', language);
}

/** @param share 0 … 1 @param digits after the point @returns `96.4%` as the language writes it; never 100 for what is less. */
export function percent(share: number, language: string, digits = 0): string {
  const step = 10 ** (digits + 2);
  const honest = share < 1 ? Math.min(Math.round(share * step), step - 1) / step : 1;
  return once(`percent ${language} ${digits}`, () => new Intl.NumberFormat(language, { style: 'percent', maximumFractionDigits: digits })).format(honest);
}

/** @returns a range of money with two digits that mean something: `¥0.9M – 2.4M`. */
export function moneyRange([low, high]: readonly [number, number], currency: string, language: string): string {
  const format = once(`money ${language} ${currency}`, () => {
    // An unknown currency code is a setting gone wrong, not a reason for an empty popup.
    const known = /^[A-Z]{3}$/.test(currency);
    return new Intl.NumberFormat(language, { ...(known ? { style: 'currency', currency, currencyDisplay: 'narrowSymbol' } : {}), notation: 'compact', maximumSignificantDigits: 2 });
  });
  return format.formatRange(low, high);
}

/** @returns a whole number with the language's separators. */
export function count(value: number, language: string): string {
  return once(`count ${language}`, () => new Intl.NumberFormat(language, { maximumFractionDigits: 0 })).format(value);
}

/** @returns a time of response: `84 ms`. */
export function milliseconds(value: number, language: string): string {
  return once(`ms ${language}`, () => new Intl.NumberFormat(language, { style: 'unit', unit: 'millisecond', unitDisplay: 'short', maximumFractionDigits: 0 })).format(value);
}

/** @param bytes a size @returns it in kB or MB. */
export function size(bytes: number, language: string): string {
  const [value, name] = bytes < 1000 ? [bytes, 'byte'] as const : bytes < 1_000_000 ? [bytes / 1000, 'kilobyte'] as const : [bytes / 1_000_000, 'megabyte'] as const;
  return once(`size ${language} ${name}`, () => new Intl.NumberFormat(language, { style: 'unit', unit: name, unitDisplay: 'short', maximumFractionDigits: name === 'megabyte' ? 1 : 0 })).format(value);
}

/** @returns the month, short: `Nov`. */
export function monthName(at: number, language: string): string {
  return once(`month ${language}`, () => new Intl.DateTimeFormat(language, { month: 'short' })).format(at);
}

/** @param weekday 0 = Sunday @returns it, short: `Mon`. */
export function weekdayName(weekday: number, language: string): string {
  // 4 January 2026 was a Sunday.
  return once(`weekday ${language}`, () => new Intl.DateTimeFormat(language, { weekday: 'short' })).format(new Date(2026, 0, 4 + weekday));
}

/** @returns day and time: `3 Nov 2026, 10:02`. */
export function dateTime(at: number, language: string): string {
  return once(`datetime ${language}`, () => new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeStyle: 'short' })).format(at);
}
