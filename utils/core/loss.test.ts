import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { failingShare, HOUR_PROFILE, reckonLoss, usualSongPrice, type FailingStretch } from './loss.ts';
import { DEFAULT_SETTINGS } from './settings.ts';

const { price } = DEFAULT_SETTINGS;
const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const T0 = Date.UTC(2026, 2, 2);
const JAPAN = 540;
const down = (from: number, to: number): FailingStretch => ({ from, to, share: [1, 1] });

test('the blogger’s own example: 1,000,000 songs a day, 150 yen, one day', () => {
  for (const start of [T0, T0 + 5 * HOUR + 123_456]) {
    const { loss, parts } = reckonLoss(price, [down(start, start + DAY)], JAPAN);
    expect(loss).toEqual({ currency: 'JPY', atRisk: [150_000_000, 150_000_000], deferred: [75_000_000, 135_000_000], lost: [15_000_000, 75_000_000] });
    expect(parts).toMatchObject({ songsPerDay: 1_000_000, songPrice: 150, minutes: 1440, failing: [1, 1], returnLow: 0.5, returnHigh: 0.9 });
    expect(parts.dayShareProfile).toBeCloseTo(1, 12);
  }
});

test('an hour in the evening is worth more than one before dawn, by the store’s clock', () => {
  const evening = reckonLoss(price, [down(T0 + 12 * HOUR, T0 + 13 * HOUR)], JAPAN); // 21:00 in Japan
  const dawn = reckonLoss(price, [down(T0 + 19 * HOUR, T0 + 20 * HOUR)], JAPAN); // 04:00
  const alike = 150_000_000 / 24;
  expect(evening.loss.atRisk[0]).toBeCloseTo(alike, 1);
  expect(evening.loss.atRisk[1]).toBeGreaterThan(1.5 * alike);
  expect(dawn.loss.atRisk[1]).toBeCloseTo(alike, 1);
  expect(dawn.loss.atRisk[0]).toBeLessThan(0.35 * alike);
});

test('half of the requests failing is half the money, and time that nobody watched is nothing to all', () => {
  const whole = reckonLoss(price, [down(T0, T0 + DAY)], 0).loss.atRisk;
  expect(reckonLoss(price, [{ from: T0, to: T0 + DAY, share: [0.5, 0.5] }], 0).loss.atRisk).toEqual([whole[0] / 2, whole[1] / 2]);
  expect(reckonLoss(price, [{ from: T0, to: T0 + DAY, share: [0, 1] }], 0).loss.atRisk).toEqual([0, whole[1]]);
});

test('the profile is a day', () => {
  expect(HOUR_PROFILE).toHaveLength(24);
  expect(HOUR_PROFILE.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 12);
});

test('it grows with time, each range is ordered, and the parts give the sum', () => {
  const share = fc.tuple(fc.double({ min: 0, max: 1, noNaN: true }), fc.double({ min: 0, max: 1, noNaN: true }));
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 5 * DAY }), fc.integer({ min: 0, max: 5 * DAY }), share, fc.integer({ min: -720, max: 840 }), (a, b, share, offset) => {
      const start = T0 + 777_777;
      const first = reckonLoss(price, [{ from: start, to: start + a, share }], offset);
      const longer = reckonLoss(price, [{ from: start, to: start + a, share }, { from: start + a, to: start + a + b, share }], offset);
      for (const name of ['atRisk', 'deferred', 'lost'] as const) {
        for (const { loss } of [first, longer]) expect(loss[name][0]).toBeLessThanOrEqual(loss[name][1]);
        expect(longer.loss[name][0]).toBeGreaterThanOrEqual(first.loss[name][0]);
        expect(longer.loss[name][1]).toBeGreaterThanOrEqual(first.loss[name][1]);
      }
      const { parts, loss } = first;
      expect(loss.atRisk[0]).toBeCloseTo(parts.songsPerDay * parts.songPrice * Math.min(parts.dayShareFlat, parts.dayShareProfile) * parts.failing[0], 0);
      expect(loss.atRisk[1]).toBeCloseTo(parts.songsPerDay * parts.songPrice * Math.max(parts.dayShareFlat, parts.dayShareProfile) * parts.failing[1], 0);
    }),
  );
});

test('nothing yet, or time that runs backwards, costs nothing', () => {
  for (const stretches of [[], [down(T0, T0)], [down(T0 + 5, T0)]]) {
    expect(reckonLoss(price, stretches, 0).loss).toEqual({ currency: 'JPY', atRisk: [0, 0], deferred: [0, 0], lost: [0, 0] });
  }
});

test.each([
  ['nothing fails', {}, [0, 0]],
  ['nobody can pay', { purchase: 1 }, [1, 1]],
  ['no previews', { audio: 1 }, [0, 0.5]],
  ['half of the searches', { catalog: 0.5 }, [0.5, 0.5]],
  ['half of the searches and half of the sign-ins', { catalog: 0.5, account: 0.5 }, [0.5, 0.75]],
] as const)('share of purchases that fail: %s', (_, rates, share) => expect(failingShare(rates)).toEqual(share));

test('the price follows the storefront', () => {
  expect(usualSongPrice('jp')).toEqual({ songPrice: 150, currency: 'JPY' });
  expect(usualSongPrice('de')).toEqual({ songPrice: 1.29, currency: 'EUR' });
  expect(usualSongPrice('zz').currency).toBe('USD');
});
