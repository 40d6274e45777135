import * as v from 'valibot';
import { withoutHidden } from './plain.ts';
import { ARTWORK, REMINDER_KINDS, type Reminder } from './reminder.ts';
import { flaw, success, type Outcome } from './result.ts';

const SONG_PAGE = /^https:\/\/(?:(?:beta|classical)\.)?music\.apple\.com\/|^https:\/\/itunes\.apple\.com\//;
const plain = v.pipe(v.string(), v.maxLength(300), v.transform(withoutHidden), v.minLength(1));

const FIELDS = {
  id: v.pipe(v.string(), v.regex(/^[a-z]{2}:[a-z-]+:[A-Za-z0-9.-]{1,80}$/)),
  kind: v.picklist(REMINDER_KINDS),
  title: plain,
  artist: v.nullable(plain),
  artwork: v.nullable(v.pipe(v.string(), v.maxLength(600), v.regex(ARTWORK, 'not a picture of the store'))),
  url: v.pipe(v.string(), v.maxLength(600), v.regex(SONG_PAGE, 'not a page of the store')),
  addedAt: v.pipe(v.number(), v.minValue(0)),
};

/**
 * A song to be kept, wherever it comes from (a page, the store, a file): its text is only ever shown as text, its addresses lead to the store and to
 * its pictures and nowhere else.
 */
export const REMINDER = v.strictObject(FIELDS) satisfies v.GenericSchema<Reminder>;
const FROM_A_PAGE = v.object(FIELDS);

/** Reads what a message gives for a song; fields that nobody asked for are left behind. @returns the song, or where it is none and why */
export function readReminder(given: unknown): Outcome<Reminder> {
  const parsed = v.safeParse(FROM_A_PAGE, given);
  return parsed.success ? success(parsed.output) : flaw(['reminder', v.getDotPath(parsed.issues[0])].filter(Boolean).join('.'), parsed.issues[0].message);
}
