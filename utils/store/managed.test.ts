import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { DEFAULT_SETTINGS, overlaid, type Settings } from '../core/settings.ts';
import { ownOf, settingsInForce } from './managed.ts';
import { decodeSettings } from './settings.ts';

const own: Settings = { ...DEFAULT_SETTINGS, interval: 15, notify: { ...DEFAULT_SETTINGS.notify, outage: true, cause: true } };

test.each([[undefined], [null], [{}]])('without an organisation (%j) the user decides', (managed) => {
  expect(settingsInForce({ own, managed })).toEqual({ settings: own, own, fixed: new Set(), flaws: [] });
});

test('what the organisation set wins, the rest stays with the user', () => {
  const found = settingsInForce({ own, managed: { interval: 30, notify: { outage: false }, elsewhere: [{ name: 'Library', url: 'https://library.example/?q={query}' }] } });
  expect(found.settings).toEqual({ ...own, interval: 30, notify: { ...own.notify, outage: false }, elsewhere: [{ name: 'Library', url: 'https://library.example/?q={query}' }] });
  expect(found.fixed).toEqual(new Set(['interval', 'notify.outage', 'elsewhere']));
  expect(found.flaws).toEqual([]);
});

test.each([
  ['no object', [1], 'settings'],
  ['an interval that is none of the choices', { interval: 3 }, 'interval'],
  ['a group that is none', { notify: true }, 'notify'],
  ['one thing in a group', { notify: { outage: 'no' } }, 'notify.outage'],
  ['a setting nobody knows', { colour: 'red' }, 'colour'],
  ['one of a group nobody knows', { price: { discount: 1 } }, 'price.discount'],
  ['a name every object has', { constructor: 1 }, 'constructor'],
  ['a pair the wrong way round', { price: { returnLow: 0.9, returnHigh: 0.1 } }, 'price.returnLow'],
])('%s is named, and the user keeps his own', (_, managed, at) => {
  const found = settingsInForce({ own, managed });
  expect(found.flaws.map((one) => one.at)).toEqual([at]);
  expect(found.settings).toEqual(own);
  expect(found.fixed).toEqual(new Set());
});

test('a bad value beside a good one costs only itself', () => {
  const found = settingsInForce({ own, managed: { interval: 3, theme: 'dark', notify: { outage: 1, recovery: false } } });
  expect(found.settings).toEqual({ ...own, theme: 'dark', notify: { ...own.notify, recovery: false } });
  expect(found.flaws.map(({ at }) => at)).toEqual(['interval', 'notify.outage']);
});

test('half a pair of shares moves the other half along', () => {
  const { settings, flaws } = settingsInForce({ own, managed: { price: { returnLow: 0.95 } } });
  expect(settings.price).toMatchObject({ returnLow: 0.95, returnHigh: 0.95 });
  expect(flaws).toEqual([]);
});

test('what is saved while an organisation decides leaves the user his own', () => {
  const found = settingsInForce({ own, managed: { interval: 30, notify: { outage: false } } });
  const changed: Settings = { ...found.settings, theme: 'dark', notify: { ...found.settings.notify, recovery: false } };
  expect(ownOf(changed, found)).toEqual({ ...own, theme: 'dark', notify: { ...own.notify, recovery: false } });
});

test('a share that only moved along is not stored as the user’s own', () => {
  const mine: Settings = { ...own, price: { ...own.price, returnLow: 0.2, returnHigh: 0.5 } };
  const found = settingsInForce({ own: mine, managed: { price: { returnLow: 0.8 } } });
  expect(found.settings.price).toMatchObject({ returnLow: 0.8, returnHigh: 0.8 });
  expect(ownOf({ ...found.settings, theme: 'dark' }, found)).toEqual({ ...mine, theme: 'dark' });
});

test('any JSON of an organisation gives usable settings, and names only what it set', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (managed) => {
      const { settings, fixed, flaws } = settingsInForce({ own, managed });
      expect(decodeSettings(settings).flaws).toEqual([]);
      for (const path of fixed) expect(flaws.map(({ at }) => at)).not.toContain(path);
    }),
  );
});

test('before all is decoded, the organisation is already heard', () => {
  expect(overlaid({ own: { theme: 'light', notify: { outage: true, cause: true } }, managed: { theme: 'dark', notify: { outage: false } } })).toEqual({ theme: 'dark', notify: { outage: false, cause: true } });
  expect(overlaid({ own: undefined, managed: { language: 'ja' } })).toEqual({ language: 'ja' });
  expect(overlaid({ own: { theme: 'dark' }, managed: undefined })).toEqual({ theme: 'dark' });
});

// The schema is what Chromium lets through; what the settings allow is checked again here. The two must say the same.
interface Schema { type: string; enum?: unknown[]; minimum?: number; maximum?: number; pattern?: string; properties?: Record<string, Schema>; items?: Schema }
const schema = JSON.parse(readFileSync('public/managed-schema.json', 'utf8')) as Schema;
const shapeOf = (value: unknown): unknown => (Array.isArray(value) ? 'array' : typeof value === 'object' && value !== null ? Object.fromEntries(Object.entries(value).map(([key, one]) => [key, shapeOf(one)])) : typeof value);
const shapeIn = ({ type, properties }: Schema): unknown => (type === 'object' ? Object.fromEntries(Object.entries(properties!).map(([key, one]) => [key, shapeIn(one)])) : type === 'integer' ? 'number' : type);

test('the schema has every setting and no other', () => {
  expect(shapeIn(schema)).toEqual(shapeOf(DEFAULT_SETTINGS));
});

const leaves = Object.entries(schema.properties!).flatMap(([key, one]): [string, Schema, (value: unknown) => unknown][] =>
  one.type === 'object' ? Object.entries(one.properties!).map(([name, leaf]) => [`${key}.${name}`, leaf, (value) => ({ [key]: { [name]: value } })]) : [[key, one, (value) => ({ [key]: value })]],
);
const accepted = (managed: unknown): boolean => settingsInForce({ own: DEFAULT_SETTINGS, managed }).flaws.length === 0;
test.each(leaves)('the schema and the settings agree on %s', (_, leaf, wrap) => {
  for (const value of leaf.enum ?? []) expect(accepted(wrap(value)), String(value)).toBe(true);
  if (leaf.enum) expect(accepted(wrap(leaf.type === 'string' ? 'none of these' : 7))).toBe(false);
  for (const [bound, beyond] of [[leaf.minimum, -1], [leaf.maximum, 1]] as const) {
    if (bound === undefined) continue;
    expect(accepted(wrap(bound)), `${bound}`).toBe(true);
    expect(accepted(wrap(bound + beyond)), `beyond ${bound}`).toBe(false);
  }
  // Chromium refuses an extension whose schema bounds what is no integer.
  if (leaf.type !== 'integer') expect([leaf.minimum, leaf.maximum]).toEqual([undefined, undefined]);
  if (leaf.type === 'integer') expect(accepted(wrap((leaf.minimum ?? 0) + 0.5))).toBe(false);
  if (leaf.pattern !== undefined) for (const text of ['auto', 'jp', 'JPY', 'j', '']) expect(accepted(wrap(text)), text).toBe(new RegExp(leaf.pattern).test(text));
  expect(accepted(wrap(leaf.type === 'boolean' ? 'true' : true)), 'another type').toBe(false);
});
