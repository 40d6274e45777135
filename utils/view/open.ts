import { WORLD_TOKEN_KEY } from '../core/opinion.ts';
import type { Reminder } from '../core/reminder.ts';
import { answeredOf } from '../core/progress.ts';
import type { Progress } from '../core/progress.ts';
import { LANGUAGES, overlaid } from '../core/settings.ts';
import type { Language, StoredSettings } from '../core/settings.ts';
import { UNSAVED_KEY, type Snapshot } from '../core/snapshot.ts';
import type { Catalogue, Translate } from '../i18n/translate.ts';
import { translator } from '../i18n/translate.ts';
import { chooseLanguage } from '../i18n/choose.ts';
import { sentenceFile } from '../i18n/files.ts';
import { loadCatalogue } from '../i18n/load.ts';
import { FIRST_KEYS, takeEarly } from '../platform/early.ts';
import { requestStore, requestWorld } from '../platform/permissions.ts';
import { browserLanguages, version } from '../platform/runtime.ts';
import { sendCommand, wakeBackground } from '../platform/send.ts';
import { readSession } from '../platform/session.ts';
import { onSettingsChanged, onWritten, readLocal, readSettings } from '../platform/storage.ts';
import { dress, isSnapshot, keepLook, keepWords, keptLanguage, keptTheme } from './first.ts';
import { held } from './source.ts';
import type { Send, Source } from './source.ts';

/** What every page of the extension is given: what is stored, as it changes, and the way to ask for something. */
export interface Opened {
  t: Translate;
  snapshot: Source<Snapshot>;
  reminders: Source<readonly Reminder[]>;
  progress: Source<Progress | null>;
  /** The settings as they are stored: any JSON, so whoever shows them decodes. */
  settings: Source<StoredSettings>;
  /** Resolves when settings and progress have been read: later than the rest, which the first paint needs. */
  settled: Promise<void>;
  send: Send;
  /** Asks for all hosts of the manifest; call it from a click. */
  allowStore(): Promise<boolean>;
  /** The same for the vantage points elsewhere. */
  allowWorld(): Promise<boolean>;
}

/**
 * Opens a page: reads what is stored and the sentences at the same time, so that the first thing painted is the verdict.
 * @returns what the page shows; where nothing is stored yet, a snapshot that says so
 */
export async function open(): Promise<Opened> {
  dress(keptTheme() ?? 'auto');
  const early = takeEarly();
  const said = keptLanguage();
  const guess = said ?? chooseLanguage('auto', browserLanguages());
  // Only what the first paint shows is waited for; the synchronised settings take their time.
  const later = Promise.all([readSettings(), readSession('progress'), readSession(UNSAVED_KEY)]);
  const [stored, guessed] = await Promise.all([(early?.stored ?? readLocal(FIRST_KEYS)).catch(() => ({}) as Record<string, unknown>), catalogueOf(guess, early?.sentences?.language === guess ? early.sentences.answer : undefined)]);
  const snapshot = held(isSnapshot(stored['snapshot']) ? stored['snapshot'] : { ...NOTHING_YET, language: guess });
  const language = said === null ? snapshot.get().language : guess;
  dress(keptTheme() ?? snapshot.get().theme);
  document.documentElement.lang = language;
  const catalogue = language === guess ? guessed : await catalogueOf(language);
  const t = translator(catalogue, language);

  const reminders = held(remindersOf(stored['reminders']));
  const progress = held<Progress | null>(null);
  const settings = held<StoredSettings>({ own: undefined, managed: undefined });
  const take = (next: StoredSettings): void => {
    const look = chosenLook(overlaid(next));
    keepLook(look.language, look.theme);
    dress(look.theme);
    // Another language needs other sentences: the page opens anew.
    if (look.language !== language) location.reload();
    settings.set(next);
  };
  // Where the store takes nothing more, what is true now lies beside it.
  const show = (unsaved: unknown): void => {
    const beside = (unsaved as { entries?: { snapshot?: unknown } } | null | undefined)?.entries?.snapshot;
    if (isSnapshot(beside) && beside.at >= snapshot.get().at) snapshot.set(beside);
  };
  const settled = later.then(([chosen, fleeting, unsaved]) => {
    show(unsaved);
    progress.set(progressOf(fleeting));
    // A check is said to be under way: if nobody is at it any more, the background takes that back when it wakes.
    if (progress.get() !== null) wakeBackground();
    take(chosen);
    keepWords(version(), language, sentenceFile(language).path, catalogue);
  });
  onWritten('local', (key, value) => {
    if (key === 'snapshot' && isSnapshot(value)) snapshot.set(value);
    if (key === 'reminders') reminders.set(remindersOf(value));
  });
  onWritten('session', (key, value) => {
    if (key === 'progress') progress.set(progressOf(value));
    if (key === UNSAVED_KEY) show(value);
  });
  onSettingsChanged(() => void readSettings().then(take));

  // What was read early may have been written anew before there was a listener.
  void readLocal(FIRST_KEYS).then(({ snapshot: next, reminders: kept }) => {
    if (isSnapshot(next) && next.at > snapshot.get().at) snapshot.set(next);
    if (remindersOf(kept).length !== reminders.get().length) reminders.set(remindersOf(kept));
  });

  return { t, snapshot, reminders, progress, settings, settled, send: sendCommand, allowStore: requestStore, allowWorld: requestWorld };
}

/** Language and theme as the settings have them: at once, without waiting for the background to write them into the snapshot. */
function chosenLook(settings: unknown): { language: Language; theme: Snapshot['theme'] } {
  const { language, theme } = (settings ?? {}) as { language?: unknown; theme?: unknown };
  return {
    language: chooseLanguage(LANGUAGES.find((each) => each === language) ?? 'auto', browserLanguages()),
    theme: theme === 'light' || theme === 'dark' ? theme : 'auto',
  };
}

/** The sentences of a language; the product's first language where its file cannot be read. */
async function catalogueOf(language: Language, begun?: Promise<Response>): Promise<Catalogue> {
  const loaded = await loadCatalogue(language, undefined, begun);
  if (loaded.ok || language === 'en') return loaded.ok ? loaded.value : ({} as Catalogue);
  return catalogueOf('en');
}

/** @returns everything in the local storage, for the page that shows what was recorded. */
export function storedAll(): Promise<Record<string, unknown>> {
  return readLocal(null);
}

/** @returns whether the user keeps a token of his own for the measurement network; the token itself is shown to nobody. */
export async function tokenKept(): Promise<boolean> {
  return typeof (await readLocal([WORLD_TOKEN_KEY]))[WORLD_TOKEN_KEY] === 'string';
}

/** @returns the languages that there are sentences in. */
export async function languagesThere(): Promise<Language[]> {
  const there = await Promise.all(LANGUAGES.map((language) => fetch(`/${sentenceFile(language).path}`, { method: 'HEAD' }).then(({ ok }) => ok, () => false)));
  return LANGUAGES.filter((_, index) => there[index]);
}

const remindersOf = (stored: unknown): readonly Reminder[] => (Array.isArray(stored) ? (stored as Reminder[]) : []);

/** A check all of whose targets have answered is under way no more. */
function progressOf(stored: unknown): Progress | null {
  const progress = Array.isArray(stored) ? (stored as Progress) : [];
  return answeredOf(progress) < progress.length ? progress : null;
}

const NOTHING_YET: Snapshot = {
  schema: 1, at: 0, state: 'unknown', since: 0, side: null, ownTrouble: null, incident: null, diagnosis: null, targets: [], page: [], checkedAt: null, nextCheckAt: null,
  pausedUntil: null, forecast: null, forecastRecord: { made: 0, inside: 0 }, loss: null, official: { events: [], readAt: null, understood: true, reachable: true },
  resolver: null, world: null, storefront: null, strip: { from: 0, sliceMs: 0, slices: [], uptime: null, coverage: 0 }, lastIncident: null, problems: [], rehearsal: null,
  language: 'en', theme: 'auto', storefrontCountry: '',
};
