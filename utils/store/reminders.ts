import * as v from 'valibot';
import type { Reminders, Storage } from '../app/ports.ts';
import type { Reminder } from '../core/reminder.ts';
import { flaw, success, type Outcome } from '../core/result.ts';
import { REMINDER } from '../core/sound-reminder.ts';

export const REMINDERS_KEY = 'reminders';
/** More than anybody waits for; the oldest goes first. */
export const MOST_REMINDERS = 100;

/** Reads kept songs; one that cannot be read is left out, the rest is kept. */
export function decodeReminders(stored: unknown): Reminder[] {
  if (!Array.isArray(stored)) return [];
  return stored.flatMap((entry: unknown) => {
    const parsed = v.safeParse(REMINDER, entry);
    return parsed.success ? [parsed.output] : [];
  });
}

/** @returns all songs of a file, or the first that is none with its place: what comes from elsewhere is taken whole or not at all. */
export function soundReminders(given: unknown): Outcome<Reminder[]> {
  const parsed = v.safeParse(v.array(REMINDER), given ?? []);
  return parsed.success ? success(parsed.output) : flaw([REMINDERS_KEY, v.getDotPath(parsed.issues[0])].filter(Boolean).join('.'), parsed.issues[0].message);
}

/** @returns the list with one more, each song once, the newest first. */
export function addReminder(list: readonly Reminder[], reminder: Reminder): Reminder[] {
  return [reminder, ...list.filter((kept) => kept.id !== reminder.id)].slice(0, MOST_REMINDERS);
}

/** The list of kept songs, on a store. */
export function createReminders(storage: Storage): Reminders {
  /** One after the other: two that read the same list would lose one of their songs. */
  let queue: Promise<unknown> = Promise.resolve();
  function edit(change: (list: Reminder[]) => Reminder[]): Promise<Outcome<null>> {
    const done = queue.then(() => rewrite(change));
    queue = done.catch(() => undefined);
    return done;
  }
  async function rewrite(change: (list: Reminder[]) => Reminder[]): Promise<Outcome<null>> {
    const stored = await storage.read([REMINDERS_KEY]);
    if (!stored.ok) return stored;
    const written = await storage.write({ [REMINDERS_KEY]: change(decodeReminders(stored.value[REMINDERS_KEY])) });
    return written.ok ? success(null) : written;
  }
  return {
    async list() {
      const stored = await storage.read([REMINDERS_KEY]);
      return stored.ok ? decodeReminders(stored.value[REMINDERS_KEY]) : [];
    },
    add(reminder) {
      const [sound] = decodeReminders([reminder]);
      return sound ? edit((list) => addReminder(list, sound)) : Promise.resolve(flaw('reminder', 'not a song of the store'));
    },
    remove: (id) => edit((list) => list.filter((kept) => kept.id !== id)),
  };
}
