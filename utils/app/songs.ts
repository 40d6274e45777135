import type { Notice } from '../core/notice.ts';
import type { Outcome } from '../core/result.ts';
import type { Reminder } from '../core/reminder.ts';
import { songOf } from '../core/song.ts';
import type { Clock, Notification, Notifier, Reminders } from './ports.ts';

/** What the background needs to keep songs and to bring the user back to them. */
export interface SongPorts {
  clock: Clock;
  reminders: Reminders;
  notifier: Notifier;
  /** What was kept since the browser started. */
  readSession(key: string): Promise<unknown>;
  writeSession(entries: Readonly<Record<string, unknown>>): Promise<void>;
  /** "Kept", or that it could not be, in words; null = there are none yet. */
  keptWords(song: Reminder, kept: boolean): Notification | null;
  /** Opens a kept song, and keeps it no longer. */
  open(id: string): Promise<Outcome<unknown>>;
  /** Shows everything about an incident; '' = about all. */
  openDetails(incident: string): Promise<Outcome<void>>;
}

export interface Songs {
  /** A song, an album and the like, chosen in the context menu of its page or of a link to it. @param title the tab's, or the link's words */
  chosen(choice: { url: string; title: string | null }): Promise<void>;
  /** @returns the song that is offered with a notice; null where none is kept, or the notice does not say that the store is back. */
  offeredWith(notice: Notice): Promise<Reminder | null>;
  /** What the user did with a notification. @param button which was pressed; null = the notification itself */
  pressed(id: string, button: number | null): Promise<void>;
}

const OFFERED_KEY = 'offeredSongs';
const MOST_OFFERS = 20;
/** Notifications that lead nowhere. */
const PLAIN: ReadonlySet<string> = new Set(['kept', 'test']);

/** @returns what is done with kept songs. What was offered with which notification outlives the background: it is pressed minutes later. */
export function createSongs(ports: SongPorts): Songs {
  async function offers(): Promise<Record<string, string>> {
    return { ...((await ports.readSession(OFFERED_KEY)) as Record<string, string> | undefined) };
  }

  return {
    async chosen({ url, title }) {
      const song = songOf(url, { title }, ports.clock.now());
      if (song === null) return;
      const kept = await ports.reminders.add(song);
      const words = ports.keptWords(song, kept.ok);
      if (words !== null) await ports.notifier.show(words);
    },

    async offeredWith(notice) {
      if (notice.kind !== 'recovery' && notice.kind !== 'summary') return null;
      const [song] = await ports.reminders.list();
      if (song === undefined) return null;
      const kept = Object.entries({ ...(await offers()), [notice.id]: song.id }).slice(-MOST_OFFERS);
      await ports.writeSession({ [OFFERED_KEY]: Object.fromEntries(kept) });
      return song;
    },

    async pressed(id, button) {
      await ports.notifier.clear(id);
      const song = (await offers())[id];
      // The song's is the first button. Where a browser draws none, the notification itself leads to what it offers.
      if (song !== undefined && (button === 0 || (button === null && !ports.notifier.hasButtons()))) {
        if ((await ports.open(song)).ok) return;
      }
      if (!PLAIN.has(id)) await ports.openDetails(id === 'page' ? '' : (id.split(':')[0] ?? ''));
    },
  };
}
