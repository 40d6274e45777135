import { flaw, success, type Outcome } from '../core/result.ts';
import browser from './browser.ts';
import { wordsOf } from './words.ts';

/** The one alarm there is. Its period is a safety net: should the worker die before it sets the next time, it rings all the same. */
const ALARM = 'tick';
/** Nothing is ever due later: the longest interval is half an hour. */
const FARTHEST_MS = 2 * 3_600_000;

/** Listens to the alarm. Call it synchronously when the background starts. */
export function onAlarm(listener: () => void): void {
  browser.alarms.onAlarm.addListener(({ name }) => {
    if (name === ALARM) listener();
  });
}

/**
 * Makes sure that the alarm is there and within reach; one that is stays as it is. For every start of the background: browsers may forget
 * alarms, and a clock that was set back leaves one that rings years from now.
 * @param now ms since the epoch
 * @param inMs when a new one rings
 * @param periodMin minutes, at least 0.5 in Chromium
 */
export async function ensureAlarm(now: number, inMs: number, periodMin: number): Promise<Outcome<void>> {
  // One that cannot be asked for is made anew; why that fails, if it does, is said then.
  const there = await browser.alarms.get(ALARM).catch(() => undefined);
  return there === undefined || there.scheduledTime - now > FARTHEST_MS ? setAlarm(now + inMs, periodMin) : success(undefined);
}

/** Sets the next time. An alarm of the same name replaces the one before in one step, so there is never none. */
export async function setAlarm(when: number, periodMin: number): Promise<Outcome<void>> {
  try {
    await browser.alarms.create(ALARM, { when, periodInMinutes: periodMin });
    return success(undefined);
  } catch (error) {
    return flaw('alarms', wordsOf(error));
  }
}
