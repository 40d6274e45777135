import fc from 'fast-check';
import { expect, test } from 'vitest';
import { DEFAULT_SETTINGS } from '../core/settings.ts';
import { decodeSettings } from './settings.ts';

test('nothing stored gives the defaults', () => {
  expect(decodeSettings(undefined)).toEqual({ settings: DEFAULT_SETTINGS, flaws: [] });
});

test('what is written is read back as it was', () => {
  const changed = { ...DEFAULT_SETTINGS, interval: 15 as const, storefront: 'jp', elsewhere: [{ name: 'mora', url: 'https://mora.jp/search/top?keyWord={query}' }] };
  expect(decodeSettings(JSON.parse(JSON.stringify(changed)))).toEqual({ settings: changed, flaws: [] });
});

const bad: [name: string, stored: unknown, at: string][] = [
  ['not an object', 'x', 'settings'],
  ['an interval that is none of the choices', { interval: 3 }, 'interval'],
  ['a caution out of bounds', { thresholds: { caution: 9 } }, 'thresholds.caution'],
  ['an address that is not https', { elsewhere: [{ name: 'x', url: 'javascript:{query}' }] }, 'elsewhere.0.url'],
  ['a setting of another version', { colour: 'red' }, 'colour'],
  ['an hour that is none', { notify: { quietFrom: 25 } }, 'notify.quietFrom'],
  ['a range the wrong way round', { price: { returnLow: 0.9, returnHigh: 0.1 } }, 'price.returnLow'],
];
test.each(bad)('%s is named and the rest kept', (_name, stored, at) => {
  const merged = typeof stored === 'object' ? { theme: 'dark', ...(stored as object) } : stored;
  const { settings, flaws } = decodeSettings(merged);
  expect(flaws.map((f) => f.at)).toContain(at);
  if (typeof stored === 'object') expect(settings.theme).toBe('dark');
});

test('any JSON gives usable settings', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (json) => {
      expect(decodeSettings(decodeSettings(json).settings).flaws).toEqual([]);
    }),
  );
});
