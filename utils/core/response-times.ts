/**
 * A sketch of response times: how many fell into each step of a logarithmic scale, as a short text (`k12l40m8`: a letter for the step,
 * then how many). Steps are a third of an octave (×1.26) from 8 ms up, so a quantile is right to about ±12 %. Sketches add up,
 * which percentiles do not: an hour's sketches make the day's.
 */
const STEPS = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ';
const FIRST_MS = 8;
const STEPS_PER_OCTAVE = 3;
const ENTRY = /([a-zA-Z])(\d+)/g;
const SKETCH = /^(?:[a-zA-Z][1-9]\d{0,8})*$/;

/** @returns whether the text is a sketch. */
export function isSketch(text: string): boolean {
  return SKETCH.test(text);
}

function parse(sketch: string): Map<number, number> {
  const counts = new Map<number, number>();
  for (const [, step, count] of sketch.matchAll(ENTRY)) {
    const at = STEPS.indexOf(step!);
    counts.set(at, (counts.get(at) ?? 0) + Number(count));
  }
  return counts;
}

function write(counts: ReadonlyMap<number, number>): string {
  return [...counts]
    .sort(([a], [b]) => a - b)
    .map(([step, count]) => `${STEPS[step]}${Math.min(count, 999_999_999)}`)
    .join('');
}

/** @returns the sketch with one more response time (ms) in it. */
export function addTime(sketch: string, ms: number): string {
  const step = Math.max(0, Math.min(STEPS.length - 1, Math.round(STEPS_PER_OCTAVE * Math.log2(Math.max(ms, 1) / FIRST_MS))));
  const counts = parse(sketch);
  counts.set(step, (counts.get(step) ?? 0) + 1);
  return write(counts);
}

/** @returns the sketch of all the response times in the given sketches. */
export function joinTimes(sketches: readonly string[]): string {
  return write(parse(sketches.join('')));
}

export interface TimesSummary {
  /** How many response times. */
  count: number;
  /** Median and 95th percentile, ms. */
  p50: number;
  p95: number;
}

/** @returns count, median and 95th percentile of a sketch; null where it is empty. */
export function summariseTimes(sketch: string): TimesSummary | null {
  const counts = [...parse(sketch)].sort(([a], [b]) => a - b);
  const count = counts.reduce((sum, [, n]) => sum + n, 0);
  if (count === 0) return null;
  const quantile = (q: number) => {
    let seen = 0;
    for (const [step, n] of counts) {
      seen += n;
      if (seen >= q * count) return Math.round(FIRST_MS * 2 ** (step / STEPS_PER_OCTAVE));
    }
    return 0;
  };
  return { count, p50: quantile(0.5), p95: quantile(0.95) };
}
