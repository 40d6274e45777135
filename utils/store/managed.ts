import { DEFAULT_SETTINGS, type SettingPath, type Settings, type StoredSettings } from '../core/settings.ts';
import { decodeSettings, type DecodedSettings } from './settings.ts';

/** What counts: the user's settings under those of his organisation. */
export interface SettingsInForce extends DecodedSettings {
  /** The user's own, which come back when the organisation's are gone. */
  own: Settings;
  /** What the organisation set, and the user cannot change. */
  fixed: ReadonlySet<SettingPath>;
}

const GROUPS: ReadonlySet<string> = new Set(Object.entries(DEFAULT_SETTINGS).flatMap(([key, value]) => (typeof value === 'object' && !Array.isArray(value) ? [key] : [])));

/** A pair: one may move the other. */
const SHARES = ['price.returnLow', 'price.returnHigh'] as const;

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** @returns each thing that is set, by its path. A group that is no object stands for itself, and is refused as such. */
function leavesOf(managed: Record<string, unknown>): { path: string; given: Record<string, unknown> }[] {
  return Object.entries(managed).flatMap(([key, value]) =>
    GROUPS.has(key) && isObject(value) ? Object.entries(value).map(([name, leaf]) => ({ path: `${key}.${name}`, given: { [key]: { [name]: leaf } } })) : [{ path: key, given: { [key]: value } }],
  );
}

function put(settings: Settings, path: SettingPath, from: Settings): Settings {
  const [key, name] = path.split('.') as [keyof Settings, string?];
  if (name === undefined) return { ...settings, [key]: from[key] };
  return { ...settings, [key]: { ...(settings[key] as object), [name]: (from[key] as unknown as Record<string, unknown>)[name] } };
}

/**
 * Reads the user's settings and his organisation's. Each thing the organisation set stands for itself: a bad one is named and leaves the user's in force.
 * @param stored any JSON
 * @returns `flaws` are the organisation's alone; of the user's own, what is bad has its default
 */
export function settingsInForce(stored: StoredSettings): SettingsInForce {
  const own = decodeSettings(stored.own).settings;
  const nothing = stored.managed === undefined || stored.managed === null;
  if (!isObject(stored.managed)) return { settings: own, own, fixed: new Set(), flaws: nothing ? [] : [{ at: 'settings', reason: 'not an object' }] };
  const fixed = new Set<SettingPath>();
  const flaws: SettingsInForce['flaws'] = [];
  let settings = own;
  for (const { path, given } of leavesOf(stored.managed)) {
    const [key, group] = Object.entries(given)[0]!;
    // Beside the user's own the pair of shares could be the wrong way round, which is no fault of the organisation.
    const alone = decodeSettings(key === 'price' && isObject(group) ? { price: { returnLow: 0, returnHigh: 1, ...group } } : given);
    if (alone.flaws[0]) {
      flaws.push(alone.flaws[0]);
      continue;
    }
    fixed.add(path as SettingPath);
    settings = put(settings, path as SettingPath, alone.settings);
  }
  const { price } = settings;
  if (price.returnLow > price.returnHigh) {
    if (fixed.has('price.returnLow') && fixed.has('price.returnHigh')) {
      flaws.push({ at: 'price.returnLow', reason: 'greater than price.returnHigh' });
      for (const path of SHARES) {
        fixed.delete(path);
        settings = put(settings, path, own);
      }
    } else {
      const share = fixed.has('price.returnLow') ? price.returnLow : price.returnHigh;
      settings = { ...settings, price: { ...price, returnLow: share, returnHigh: share } };
    }
  }
  return { settings, own, fixed, flaws };
}

/** @returns the settings to store for the user: what he changed, and his own where his organisation decides. */
export function ownOf(given: Settings, { own, fixed }: Pick<SettingsInForce, 'own' | 'fixed'>): Settings {
  // One share that is fixed may have moved the other along.
  const shares = SHARES.some((path) => fixed.has(path)) ? SHARES : [];
  return [...fixed, ...shares].reduce((kept, path) => put(kept, path, own), given);
}
