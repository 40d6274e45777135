/** Everything a user can set. The defaults object is the schema: `utils/store/settings.ts` checks stored and imported settings against it. */
export const LANGUAGES = ['ja', 'en', 'zh-Hant', 'zh-Hans', 'ko', 'de', 'fr', 'es', 'pt', 'it'] as const;
export type Language = (typeof LANGUAGES)[number];

export interface Settings {
  /** Minutes between checks while all is well. */
  interval: 1 | 2 | 5 | 10 | 15 | 30;
  /** ISO 3166 country of the storefront that is asked, lower case; `auto`: from the browser's languages. */
  storefront: string;
  language: Language | 'auto';
  theme: 'auto' | 'light' | 'dark';
  banner: boolean;
  notify: {
    outage: boolean;
    recovery: boolean;
    /** The leading cause changed. */
    cause: boolean;
    /** Again while it lasts, every so many hours; 0 = never. */
    reminderHours: 0 | 1 | 3 | 6 | 12 | 24;
    /** Local hours between which nothing is shown, e.g. 22 → 7; equal = no quiet hours. */
    quietFrom: number;
    quietTo: number;
    /** What ended while the machine slept: one summary. */
    summary: boolean;
  };
  /** When an incident opens and closes. */
  thresholds: {
    /** 0.5 … 2: how much evidence an outage needs before it is told, as a factor of the default. */
    caution: number;
    /** A target that takes so many times its usual time is slow. */
    slowFactor: number;
  };
  price: {
    songsPerDay: number;
    /** Price of a song, in `currency`. */
    songPrice: number;
    /** ISO 4217. */
    currency: string;
    /** Share of missed purchases that come back later, as a range 0 … 1. */
    returnLow: number;
    returnHigh: number;
  };
  secondOpinion: {
    /** Public resolvers over HTTPS when names fail. */
    resolvers: boolean;
    /** Vantage points around the world: asks a third party, so off until switched on. */
    world: 'off' | 'on-request' | 'once-per-incident';
    /** Another country's storefront, compared during trouble. */
    storefront: boolean;
  };
  /** Bring a tab that failed back by itself when the store answers. */
  reopenFailedTab: boolean;
  /** Open the popup by itself when a store page fails to load, where the browser allows it. */
  openPopup: boolean;
  /** Places to look for the same song: a name and an address with `{query}`. Empty: the list for the storefront's country. */
  elsewhere: { name: string; url: string }[];
}

/** The name of one setting, with its group: `interval`, `notify.outage`. */
export type SettingPath = {
  [K in keyof Settings]: Settings[K] extends readonly unknown[] ? K : Settings[K] extends object ? `${K}.${keyof Settings[K] & string}` : K;
}[keyof Settings];

/** Settings as they are stored, any JSON: the user's own, and what his organisation set (`storage.managed`). */
export interface StoredSettings {
  own: unknown;
  managed: unknown;
}

const isGroup = (value: unknown): value is object => typeof value === 'object' && value !== null && !Array.isArray(value);

/**
 * @returns what is stored as one: the organisation's word over the user's, save where that cannot be used. For whoever needs one setting before all are
 * decoded; only what pages need so is looked at: language, theme, vantage points and places.
 */
export function overlaid({ own, managed }: StoredSettings): unknown {
  if (!isGroup(managed)) return own;
  const base = (isGroup(own) ? own : {}) as Record<string, unknown>;
  const usable = Object.entries(managed).filter(([key, value]) => EARLY.get(key)?.(value) ?? true);
  return {
    ...base,
    ...Object.fromEntries(usable.map(([key, value]) => [key, isGroup(value) && isGroup(base[key]) ? { ...base[key], ...Object.fromEntries(Object.entries(value).filter(([name, one]) => EARLY.get(name)?.(one) ?? true)) } : value])),
  };
}

/** A search address with `{query}` in it: what a place to look for a song must have. */
export const PLACE_URL = /^https:\/\/[^\s{}]+\{query\}[^\s]*$/;

const oneOf = (...choices: readonly string[]) => (value: unknown): boolean => choices.includes(value as string);
/** Whether a value can be used, by the setting's own name, for those that a page reads before all are decoded. */
const EARLY: ReadonlyMap<string, (value: unknown) => boolean> = new Map([
  ['language', oneOf('auto', ...LANGUAGES)],
  ['theme', oneOf('auto', 'light', 'dark')],
  ['world', oneOf('off', 'on-request', 'once-per-incident')],
  ['elsewhere', (value: unknown) => Array.isArray(value) && value.every((each: { name?: unknown; url?: unknown } | null) => typeof each?.name === 'string' && PLACE_URL.test(String(each.url)))],
]);

/** Price defaults are the blogger's: 1,000,000 songs a day at 150 yen. The share that comes back is an assumption, see `loss.ts`. */
export const DEFAULT_SETTINGS: Settings = {
  interval: 5,
  storefront: 'auto',
  language: 'auto',
  theme: 'auto',
  banner: true,
  notify: { outage: true, recovery: true, cause: false, reminderHours: 0, quietFrom: 0, quietTo: 0, summary: true },
  thresholds: { caution: 1, slowFactor: 4 },
  price: { songsPerDay: 1_000_000, songPrice: 150, currency: 'JPY', returnLow: 0.5, returnHigh: 0.9 },
  secondOpinion: { resolvers: true, world: 'off', storefront: true },
  reopenFailedTab: false,
  openPopup: true,
  elsewhere: [],
};
