import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { CAUSES, type Cause, type Undisclosed } from './causes.ts';
import { DURATION_SPREAD, easingOf, forecastRemaining } from './forecast.ts';
import { logUpperTail } from './normal.ts';
import { MEDIAN_MINUTES } from './survival.ts';

const only = (id: Cause | Undisclosed) => [{ id, p: 1 }];

test('the tail of the normal distribution is that of the tables', () => {
  // Φ(−z) from printed tables.
  for (const [z, p] of [[0, 0.5], [1, 0.158655], [-1, 0.841345], [2, 0.0227501], [3, 0.0013499], [4.9, 4.7918e-7], [5.1, 1.6983e-7], [10, 7.6199e-24]] as const) {
    expect(Math.exp(logUpperTail(z)) / p).toBeCloseTo(1, 3);
  }
  expect(logUpperTail(60)).toBeGreaterThan(-1806);
  expect(logUpperTail(60)).toBeLessThan(-1804);
});

test('at the first minute one cause gives its own quantiles', () => {
  const band = forecastRemaining({ causes: only('dns'), elapsedMin: 0 })!;
  expect(band.p50).toBe(MEDIAN_MINUTES.dns);
  expect(band.p10 / (MEDIAN_MINUTES.dns * Math.exp(-1.2816 * DURATION_SPREAD))).toBeCloseTo(1, 1);
  expect(band.p90 / (MEDIAN_MINUTES.dns * Math.exp(1.2816 * DURATION_SPREAD))).toBeCloseTo(1, 1);
});

const after = (elapsedMin: number) => forecastRemaining({ causes: only('undisclosed'), elapsedMin })!;

test('the longer it lasts the longer it goes on: never a countdown', () => {
  for (const [earlier, later] of [[30, 120], [120, 480], [480, 2000], [2000, 20_000]] as const) {
    expect(after(later).p50).toBeGreaterThan(after(earlier).p50);
    expect(after(later).p90).toBeGreaterThan(after(earlier).p90);
  }
});

test('storage takes longer than an edge, and a doubtful diagnosis is wider than a sure one', () => {
  const storage = forecastRemaining({ causes: only('storage'), elapsedMin: 60 })!;
  const edge = forecastRemaining({ causes: only('cdn-edge'), elapsedMin: 60 })!;
  const either = forecastRemaining({ causes: [{ id: 'storage', p: 0.5 }, { id: 'cdn-edge', p: 0.5 }], elapsedMin: 60 })!;
  expect(storage.p50).toBeGreaterThan(4 * edge.p50);
  expect(either.p10).toBeLessThan(storage.p10);
  expect(either.p90).toBeGreaterThan(edge.p90);
});

test('failures that ease bring the end near, without promising it', () => {
  const bands = [1, 0.7, 0.5, 0.4, 0.2, 0].map((easing) => forecastRemaining({ causes: only('dns'), elapsedMin: 100, easing })!);
  expect(bands[0]).toEqual(forecastRemaining({ causes: only('dns'), elapsedMin: 100 }));
  expect(bands[1]).toEqual(bands[0]);
  for (const [i, band] of bands.slice(2, 5).entries()) expect(band.p50).toBeLessThan(bands[i + 1]!.p50);
  expect(bands.at(-1)!.p10).toBeLessThanOrEqual(2);
  expect(bands.at(-1)!.p90, 'one in four has a second wave').toBeGreaterThan(200);
});

test('an announced end shapes the band; one that has passed is not believed any more', () => {
  const causes = only('planned-maintenance');
  const ahead = forecastRemaining({ causes, elapsedMin: 30, plannedEndMin: 120 })!;
  const unannounced = forecastRemaining({ causes, elapsedMin: 30 })!;
  expect(Math.abs(ahead.p50 - 120)).toBeLessThan(10);
  expect(ahead.p90 - ahead.p10).toBeLessThan((unannounced.p90 - unannounced.p10) / 2);
  const overrun = forecastRemaining({ causes, elapsedMin: 180, plannedEndMin: -60 })!;
  expect(overrun.p50).toBeGreaterThan(20);
  // The plan speaks for maintenance only: where it is not suspected it changes nothing.
  expect(forecastRemaining({ causes: only('dns'), elapsedMin: 30, plannedEndMin: 120 })).toEqual(forecastRemaining({ causes: only('dns'), elapsedMin: 30 }));
});

const past = (n: number) => Array.from({ length: n }, () => ({ cause: 'dns' as const, minutes: 23 }));

test('own outages move the forecast towards their own length, the more of them the further', () => {
  const medians = [0, 1, 8, 40].map((n) => forecastRemaining({ causes: only('dns'), elapsedMin: 0, past: past(n) })!.p50);
  expect(medians[0]).toBe(230);
  expect(medians[1]).toBeLessThan(230);
  expect(medians[2]! / Math.sqrt(230 * 23), 'eight weigh as much as the documented ones').toBeCloseTo(1, 1);
  expect(medians[3]).toBeLessThan(40);
  const other = forecastRemaining({ causes: only('storage'), elapsedMin: 0, past: past(8) })!.p50 / MEDIAN_MINUTES.storage;
  expect(other).toBeLessThan(0.6);
  expect(other, 'another cause moves less').toBeGreaterThan(medians[2]! / 230);
});

test('any diagnosis gives an ordered band of whole minutes', () => {
  const causes = fc.array(fc.record({ id: fc.constantFrom<Cause | Undisclosed>(...CAUSES, 'undisclosed'), p: fc.double({ min: 0, max: 1, noNaN: true }) }), { maxLength: 5 });
  const maybe = fc.option(fc.double({ min: -500, max: 500, noNaN: true }), { nil: null });
  fc.assert(
    fc.property(causes, fc.double({ min: -10, max: 1e6, noNaN: true }), fc.option(fc.double({ min: 0, max: 1, noNaN: true }), { nil: null }), maybe, (causes, elapsedMin, easing, plannedEndMin) => {
      const band = forecastRemaining({ causes, elapsedMin, easing, plannedEndMin });
      if (causes.every(({ p }) => p <= 0.001)) {
        expect(band).toBeNull();
        return;
      }
      expect(Object.values(band!).every(Number.isSafeInteger)).toBe(true);
      expect(band!.p10).toBeGreaterThanOrEqual(0);
      expect(band!.p10).toBeLessThanOrEqual(band!.p50);
      expect(band!.p50).toBeLessThanOrEqual(band!.p90);
      expect(band!.p90).toBeGreaterThanOrEqual(1);
    }),
  );
});

const points = (...failed: number[]) => failed.map((n) => ({ asked: 12, failed: n }));

test('easing is the latest share against the worst, over enough requests that chance does not make it', () => {
  expect(easingOf([])).toBeNull();
  expect(easingOf(points(12)), 'too few to tell').toBeNull();
  expect(easingOf(points(0, 0, 0)), 'nothing failed').toBeNull();
  expect(easingOf(points(12, 12, 12))).toBe(1);
  expect(easingOf(points(12, 12, 0)), 'one good round is half a window').toBe(0.5);
  expect(easingOf(points(12, 12, 0, 0))).toBe(0);
});

test('the last fifty own outages teach, each by how much longer or shorter it was; what has no length teaches nothing', () => {
  const p50 = (past: { cause: Cause; minutes: number }[]): number => forecastRemaining({ causes: only('dns'), elapsedMin: 0, past })!.p50;
  const own = (n: number, cause: Cause, factor: number) => Array.from({ length: n }, () => ({ cause, minutes: MEDIAN_MINUTES[cause] * factor }));
  const plain = p50([]);
  // n of the same cause move the median n / (n + 8) of the way, in logarithms; others count half.
  expect(p50(own(8, 'dns', 4)) / plain).toBeCloseTo(2, 1);
  expect(p50(own(8, 'dns', 1 / 4)) / plain).toBeCloseTo(0.5, 1);
  expect(p50(own(16, 'storage', 4)) / plain).toBeCloseTo(2, 1);
  expect(p50([...own(99, 'dns', 100), ...own(50, 'dns', 1)])).toBe(plain);
  expect(p50([...own(8, 'dns', 4), { cause: 'dns', minutes: 0 }, { cause: 'dns', minutes: -5 }, { cause: 'dns', minutes: Number.NaN }])).toBe(p50(own(8, 'dns', 4)));
});

test('announced: an end ahead, an end that is past, and the longer past the longer', () => {
  const p50 = (plannedEndMin: number | null, id: Cause = 'planned-maintenance'): number => forecastRemaining({ causes: only(id), elapsedMin: 60, plannedEndMin })!.p50;
  expect(p50(30) / 30).toBeGreaterThan(0.8);
  expect(p50(30) / 30).toBeLessThan(1.6);
  expect(p50(-10)).toBeLessThan(p50(null));
  expect(p50(-300)).toBeGreaterThan(p50(-10));
  expect(p50(30, 'dns')).toBe(p50(null, 'dns'));
});

test.each<[string, { asked: number; failed: number }[], easing: number | null]>([
  ['nothing known', [], null],
  ['too few requests', [{ asked: 23, failed: 23 }], null],
  ['as bad as ever', [{ asked: 24, failed: 12 }], 1],
  ['half as bad', [{ asked: 24, failed: 24 }, { asked: 24, failed: 12 }], 0.5],
  ['over', [{ asked: 24, failed: 24 }, { asked: 24, failed: 0 }], 0],
  ['worse again', [{ asked: 24, failed: 12 }, { asked: 24, failed: 0 }, { asked: 24, failed: 24 }], 1],
  ['in small pieces', Array.from({ length: 6 }, (_, i) => ({ asked: 8, failed: i < 3 ? 8 : 4 })), 0.5],
  ['hardly anything ever failed', [{ asked: 100, failed: 1 }, { asked: 100, failed: 0 }], null],
  ['two in a hundred', [{ asked: 100, failed: 2 }, { asked: 100, failed: 1 }], 0.5],
])('easing: %s', (_, course, easing) => {
  const found = easingOf(course);
  if (easing === null) expect(found).toBeNull();
  else expect(found).toBeCloseTo(easing, 9);
});
