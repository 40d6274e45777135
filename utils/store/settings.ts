import * as v from 'valibot';
import { withoutHidden } from '../core/plain.ts';
import { flaw, success, type Outcome } from '../core/result.ts';
import { DEFAULT_SETTINGS, LANGUAGES, PLACE_URL, type Settings } from '../core/settings.ts';

const share = v.pipe(v.number(), v.minValue(0), v.maxValue(1));
const hour = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(23));

/** Bounds are those of the settings page; an import is held to the same ones. */
const FIELDS = {
  interval: v.picklist([1, 2, 5, 10, 15, 30]),
  storefront: v.union([v.literal('auto'), v.pipe(v.string(), v.regex(/^[a-z]{2}$/))]),
  language: v.union([v.literal('auto'), v.picklist(LANGUAGES)]),
  theme: v.picklist(['auto', 'light', 'dark']),
  banner: v.boolean(),
  notify: v.strictObject({
    outage: v.boolean(),
    recovery: v.boolean(),
    cause: v.boolean(),
    reminderHours: v.picklist([0, 1, 3, 6, 12, 24]),
    quietFrom: hour,
    quietTo: hour,
    summary: v.boolean(),
  }),
  thresholds: v.strictObject({
    caution: v.pipe(v.number(), v.minValue(0.5), v.maxValue(2)),
    slowFactor: v.pipe(v.number(), v.minValue(2), v.maxValue(20)),
  }),
  price: v.strictObject({
    songsPerDay: v.pipe(v.number(), v.minValue(0), v.maxValue(1e9)),
    songPrice: v.pipe(v.number(), v.minValue(0), v.maxValue(1e6)),
    currency: v.pipe(v.string(), v.regex(/^[A-Z]{3}$/)),
    returnLow: share,
    returnHigh: share,
  }),
  secondOpinion: v.strictObject({
    resolvers: v.boolean(),
    world: v.picklist(['off', 'on-request', 'once-per-incident']),
    storefront: v.boolean(),
  }),
  reopenFailedTab: v.boolean(),
  openPopup: v.boolean(),
  elsewhere: v.pipe(
    v.array(
      v.strictObject({
        name: v.pipe(v.string(), v.maxLength(60), v.transform(withoutHidden), v.minLength(1)),
        url: v.pipe(v.string(), v.maxLength(500), v.regex(PLACE_URL, 'an https address with {query}')),
      }),
    ),
    v.maxLength(20),
  ),
} satisfies { [K in keyof Settings]: v.GenericSchema<Settings[K]> };

export interface DecodedSettings {
  settings: Settings;
  /** Fields that could not be used, and why: they have their defaults, the rest is kept. */
  flaws: { at: string; reason: string }[];
}

/**
 * Reads settings, stored, synced or imported. Every field stands for itself: a bad one gets its default and is named.
 * @param stored any JSON
 */
export function decodeSettings(stored: unknown): DecodedSettings {
  const settings: Settings = structuredClone(DEFAULT_SETTINGS);
  const flaws: DecodedSettings['flaws'] = [];
  if (stored === undefined || stored === null) return { settings, flaws };
  if (typeof stored !== 'object' || Array.isArray(stored)) return { settings, flaws: [{ at: 'settings', reason: 'not an object' }] };
  for (const [key, value] of Object.entries(stored)) {
    const schema = Object.hasOwn(FIELDS, key) ? FIELDS[key as keyof Settings] : null;
    if (schema === null) {
      flaws.push({ at: key, reason: 'unknown setting' });
      continue;
    }
    // A group that lacks a field (an older version wrote it) is filled up from the defaults.
    const fallback = DEFAULT_SETTINGS[key as keyof Settings];
    const whole = typeof fallback === 'object' && !Array.isArray(fallback) && typeof value === 'object' && value !== null ? { ...fallback, ...value } : value;
    const parsed = v.safeParse(schema as v.GenericSchema, whole);
    if (parsed.success) Object.assign(settings, { [key]: parsed.output });
    else flaws.push({ at: [key, v.getDotPath(parsed.issues[0])].filter(Boolean).join('.'), reason: parsed.issues[0].message });
  }
  if (settings.price.returnLow > settings.price.returnHigh) {
    flaws.push({ at: 'price.returnLow', reason: 'greater than price.returnHigh' });
    settings.price = { ...settings.price, returnLow: settings.price.returnHigh, returnHigh: settings.price.returnLow };
  }
  return { settings, flaws };
}

/** @returns the settings where every one is sound; else the first that is not, and why. For what must not be half applied. */
export function soundSettings(given: unknown): Outcome<Settings> {
  const { settings, flaws } = decodeSettings(given);
  return flaws[0] ? flaw(`settings.${flaws[0].at}`, flaws[0].reason) : success(settings);
}
