const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** Steps that people read times by. */
const TIME_STEPS: readonly number[] = [10 * MINUTE, 30 * MINUTE, HOUR, 2 * HOUR, 3 * HOUR, 6 * HOUR, 12 * HOUR, DAY, 2 * DAY, 7 * DAY, 14 * DAY, 28 * DAY];

/**
 * @param from start of the axis @param to its end, ms since the epoch
 * @param most how many marks there is room for
 * @returns moments to mark, on whole steps of the local clock: across a change of the clock they stay at the same hours
 */
export function timeMarks(from: number, to: number, most: number): number[] {
  const step = TIME_STEPS.find((each) => (to - from) / each <= most) ?? TIME_STEPS.at(-1)!;
  const start = new Date(from);
  const [days, minutes] = step >= DAY ? [step / DAY, 0] : [0, step / MINUTE];
  const marks: number[] = [];
  for (let index = 0; ; index++) {
    const at = new Date(start.getFullYear(), start.getMonth(), start.getDate() + index * days, 0, index * minutes).getTime();
    if (at > to) return marks;
    // Where the clock is put forward, two steps are the same moment.
    if (at >= from && at !== marks.at(-1)) marks.push(at);
  }
}

/**
 * @param high the end of an axis that starts at 0 @param most how many marks there is room for, 0 left out
 * @returns values to mark: 0 and multiples of 1, 2 or 5 of a power of ten
 */
export function valueMarks(high: number, most: number): number[] {
  const rough = high / most;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * ([1, 2, 5].find((each) => each * power >= rough) ?? 10);
  return Array.from({ length: Math.floor(high / step) + 1 }, (_, index) => index * step);
}
