import type { Answer, Ask, CommandName } from '../messages/contract.ts';
import { PROOF_MS } from '../core/banner.ts';
import { SWALLOWED, withNotificationTrouble } from '../core/problems.ts';
import { flaw, success, type Outcome } from '../core/result.ts';
import type { Trigger } from '../core/round.ts';
import type { Clock, Reminders, Shown } from './ports.ts';
import type { Monitor } from './monitor.ts';
import type { Settings } from '../core/settings.ts';

/** What the commands need beside the monitor. */
export interface CommandPorts {
  monitor: Monitor;
  /** A check and whatever follows from it: the alarm is set again. */
  tick(trigger: Trigger): Promise<Outcome<unknown>>;
  clock: Clock;
  reminders: Reminders;
  /** Keeps settings, synced between the user's browsers where that is possible. Nothing is half applied: one that is wrong leaves all as they were. */
  saveSettings(settings: Settings): Promise<Outcome<void>>;
  openUrl(url: string): Promise<Outcome<void>>;
  openDetails(incident: string): Promise<Outcome<void>>;
  testNotification(): Promise<Outcome<Shown>>;
  /** @param consent the user has just agreed to it */
  askWorld(consent: boolean): Promise<Outcome<void>>;
  keepWorldToken(token: string | null): Promise<Outcome<void>>;
  rehearse(ask: Ask<'rehearse'>): Promise<Outcome<void>>;
  exportData(format: 'json' | 'csv'): Promise<Outcome<string>>;
  importData(text: string, replace: boolean): Promise<Outcome<{ incidents: number }>>;
  deleteData(): Promise<Outcome<void>>;
  /** When the last check was, ms since the epoch; null = never. */
  checkedAt(): Promise<number | null>;
}

export type CommandHandlers = { [K in CommandName]: (ask: Ask<K>) => Promise<Answer<K>> };

function none(outcome: Outcome<unknown>): Outcome<null> {
  return outcome.ok ? success(null) : outcome;
}

/** @returns what is done for each command; every one answers with an outcome and none throws. */
export function createCommands(ports: CommandPorts): CommandHandlers {
  const { monitor, reminders, clock } = ports;

  return {
    check: async () => none(await ports.tick('user')),
    pause: async ({ until }) => {
      const outcome = none(await monitor.change((state) => ({ ...state, pausedUntil: until, nextAt: until === null ? clock.now() : state.nextAt })));
      if (until === null) await ports.tick('user');
      return outcome;
    },
    dismiss: async ({ incident }) =>
      none(await monitor.change((state) => (state.dismissed.includes(incident) ? state : { ...state, dismissed: [...state.dismissed, incident].slice(-50) }))),
    settings: async ({ settings }) => none(await ports.saveSettings(settings)),
    remind: ({ reminder }) => reminders.add(reminder),
    forget: ({ id }) => reminders.remove(id),
    'open-reminder': async ({ id }) => {
      const reminder = (await reminders.list()).find((kept) => kept.id === id);
      if (!reminder) return flaw('id', 'no such song is kept');
      // A song that could not be opened is kept.
      const opened = await ports.openUrl(reminder.url);
      return opened.ok ? reminders.remove(id) : opened;
    },
    'ask-world': async ({ consent }) => none(await ports.askWorld(consent)),
    'world-token': async ({ token }) => none(await ports.keepWorldToken(token)),
    rehearse: async (ask) => none(await ports.rehearse(ask)),
    'test-notification': async () => {
      const asked = await ports.testNotification();
      const shown = asked.ok && asked.value === 'swallowed' ? flaw('notifications', SWALLOWED) : asked;
      // What the popup says of notifications is what was seen of them last.
      await monitor.change((state) => ({ ...state, problems: withNotificationTrouble(state.problems, shown.ok ? null : shown.error.reason) }));
      return asked.ok && asked.value === 'unsupported' ? flaw('notifications.none', 'this browser has none') : none(shown);
    },
    export: ({ format }) => ports.exportData(format),
    import: ({ text, replace }) => ports.importData(text, replace),
    'delete-data': async () => none(await ports.deleteData()),
    'open-details': async ({ incident }) => none(await ports.openDetails(incident)),
    'page-arrived': async () => {
      const at = await ports.checkedAt();
      return at !== null && clock.now() - at < PROOF_MS ? success(null) : none(await ports.tick('page'));
    },
  };
}
