import { flaw, success, type Outcome } from '../core/result.ts';
import { WORLD_TOKEN } from '../core/opinion.ts';
import type { Reminder } from '../core/reminder.ts';
import { readReminder } from '../core/sound-reminder.ts';
import type { Ask, CommandName, Commands } from './contract.ts';

/** An import is a year of history and some songs; nothing near this size is one. */
const MAX_IMPORT = 20_000_000;
const MAX_TEXT = 300;
const MAX_URL = 2_000;

type Fields = Record<string, unknown>;
type Decoder<K extends CommandName> = (ask: Fields) => Outcome<Ask<K>>;

function text(value: unknown, max = MAX_TEXT): value is string {
  return typeof value === 'string' && value.length <= max;
}

function httpsUrl(value: unknown): value is string {
  return text(value, MAX_URL) && URL.canParse(value) && new URL(value).protocol === 'https:';
}

const nothing = (): Outcome<Record<string, never>> => success({});

function reminder({ reminder: given }: Fields): Outcome<{ reminder: Reminder }> {
  const read = readReminder(given);
  return read.ok ? success({ reminder: read.value }) : read;
}

/** One per command: what comes from another context is never trusted to have the shape its type says. Settings are decoded in full by who stores them. */
const DECODERS: { [K in CommandName]: Decoder<K> } = {
  'check': nothing,
  'pause': ({ until }) => (until === null || (typeof until === 'number' && Number.isFinite(until)) ? success({ until }) : flaw('until', 'must be a time or null')),
  'dismiss': ({ incident }) => (text(incident) ? success({ incident }) : flaw('incident', 'must be a short text')),
  'settings': ({ settings }) =>
    typeof settings === 'object' && settings !== null && !Array.isArray(settings) ? success({ settings: settings as Ask<'settings'>['settings'] }) : flaw('settings', 'must be an object'),
  'remind': reminder,
  'forget': ({ id }) => (text(id) ? success({ id }) : flaw('id', 'must be a short text')),
  'open-reminder': ({ id }) => (text(id) ? success({ id }) : flaw('id', 'must be a short text')),
  'ask-world': ({ consent }) => (typeof consent === 'boolean' ? success({ consent }) : flaw('consent', 'must be true or false')),
  'world-token': ({ token }) => (token === null || (typeof token === 'string' && WORLD_TOKEN.test(token)) ? success({ token }) : flaw('token', 'must be at most 300 plain characters without spaces, or null')),
  'rehearse': ({ stop, scenario, speed }) => {
    if (stop === true) return success({ stop: true as const });
    if (!text(scenario) || scenario === '') return flaw('scenario', 'must be the name of a scenario');
    return typeof speed === 'number' && speed > 0 && speed <= 100_000 ? success({ scenario, speed }) : flaw('speed', 'must be above 0 and at most 100,000');
  },
  'test-notification': nothing,
  'export': ({ format }) => (format === 'json' || format === 'csv' ? success({ format }) : flaw('format', 'must be json or csv')),
  'import': ({ text: given, replace }) => {
    if (!text(given, MAX_IMPORT)) return flaw('text', 'must be a text of at most 20 MB');
    return typeof replace === 'boolean' ? success({ text: given, replace }) : flaw('replace', 'must be true or false');
  },
  'delete-data': nothing,
  'open-details': ({ incident }) => (text(incident) ? success({ incident }) : flaw('incident', 'must be a short text')),
  'page-arrived': ({ url }) => (httpsUrl(url) ? success({ url }) : flaw('url', 'must be an https address')),
};

/** A command that was understood. */
export type Understood = { [K in CommandName]: { command: K; ask: Commands[K]['ask'] } }[CommandName];

/**
 * Reads a message from another context.
 * @returns null where it is none of ours; an error that names command and field where it is and its shape is wrong
 */
export function decodeMessage(message: unknown): Outcome<Understood> | null {
  if (typeof message !== 'object' || message === null) return null;
  const { command, ask } = message as Fields;
  if (typeof command !== 'string') return null;
  if (!Object.hasOwn(DECODERS, command)) return flaw('command', 'not known');
  if (typeof ask !== 'object' || ask === null) return flaw(`${command}.ask`, 'must be an object');
  const decoded = DECODERS[command as CommandName](ask as Fields);
  return decoded.ok ? success({ command, ask: decoded.value } as Understood) : flaw(`${command}.${decoded.error.at}`, decoded.error.reason);
}
