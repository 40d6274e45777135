import { allKeys, HISTORY_INDEX, loadHistory, type History } from '../core/history.ts';
import { decodeIncident, type IncidentRecord } from '../core/incident-record.ts';
import { flaw, success, type Outcome } from '../core/result.ts';
import type { Settings } from '../core/settings.ts';
import { exportJson, historyCsv, importJson, incidentsCsv, mergeImported, mergeIncidents } from '../core/transfer.ts';
import { decodeReminders, MOST_REMINDERS, REMINDERS_KEY, soundReminders } from './reminders.ts';
import { decodeSettings } from './settings.ts';
import type { Clock, Storage } from '../app/ports.ts';
import { decodeIndex, incidentKey, INCIDENTS_KEY } from './record.ts';

export interface DataPorts {
  storage: Storage;
  clock: Clock;
  settings(): Settings;
  saveSettings(settings: Settings): Promise<Outcome<void>>;
  /** Names of everything that is stored. */
  keys(): Promise<string[]>;
  /** Forgets what is kept until the browser is closed. */
  clearSession(): Promise<void>;
  /** Does something while no check runs, once what was still to be written is written or refused, and has the monitor read the store anew afterwards. */
  exclusive<T>(work: (written: Outcome<unknown>) => Promise<Outcome<T>>): Promise<Outcome<T>>;
}

export interface Data {
  exportData(format: 'json' | 'csv'): Promise<Outcome<string>>;
  importData(text: string, replace: boolean): Promise<Outcome<{ incidents: number }>>;
  deleteData(): Promise<Outcome<void>>;
}

/** What the user takes with him, brings along, and throws away. */
export function createData(ports: DataPorts): Data {
  const { storage, clock } = ports;

  async function readHistory(): Promise<Outcome<History>> {
    const index = await storage.read([HISTORY_INDEX]);
    if (!index.ok) return index;
    const { history } = loadHistory(index.value);
    const chunks = await storage.read(allKeys(history));
    return chunks.ok ? success(loadHistory({ ...index.value, ...chunks.value }).history) : chunks;
  }

  async function readIncidents(): Promise<Outcome<IncidentRecord[]>> {
    const index = await storage.read([INCIDENTS_KEY]);
    if (!index.ok) return index;
    const keys = decodeIndex(index.value[INCIDENTS_KEY]).map(incidentKey);
    const stored = await storage.read(keys);
    if (!stored.ok) return stored;
    return success(
      keys.flatMap((key) => {
        const record = decodeIncident(stored.value[key]);
        return record.ok ? [record.value] : [];
      }),
    );
  }

  return {
    async exportData(format) {
      const [history, incidents, kept] = await Promise.all([readHistory(), readIncidents(), storage.read([REMINDERS_KEY])]);
      if (!history.ok) return history;
      if (!incidents.ok) return incidents;
      if (!kept.ok) return kept;
      const reminders = decodeReminders(kept.value[REMINDERS_KEY]);
      if (format === 'json') return success(exportJson({ history: history.value, incidents: incidents.value, settings: ports.settings(), reminders }, clock.now()));
      return success(`${incidentsCsv(incidents.value)}\n${historyCsv(history.value, clock.now())}`);
    },

    async importData(text, replace) {
      const file = importJson(text);
      if (!file.ok) return file;
      const settings = file.value.settings === undefined ? null : decodeSettings(file.value.settings);
      if (settings?.flaws[0]) return flaw(`settings.${settings.flaws[0].at}`, settings.flaws[0].reason);
      const brought = soundReminders(file.value.reminders);
      if (!brought.ok) return brought;
      return ports.exclusive(async (settled): Promise<Outcome<{ incidents: number }>> => {
        if (!settled.ok) return settled;
        const [history, incidents, kept] = await Promise.all([readHistory(), readIncidents(), storage.read([REMINDERS_KEY])]);
        if (!history.ok) return history;
        if (!incidents.ok) return incidents;
        if (!kept.ok) return kept;
        const merged = mergeIncidents(incidents.value, file.value.incidents, replace);
        if (merged.differing.length > 0 && !replace) return flaw('incidents', `${merged.differing.length} differ from those kept here; say that they may be replaced`);
        const grown = mergeImported(history.value, file.value.history, clock.now(), replace);
        const mine = decodeReminders(kept.value[REMINDERS_KEY]);
        const songs = [...mine, ...brought.value.filter((song) => mine.every((own) => own.id !== song.id))].slice(0, MOST_REMINDERS);
        const records = [...merged.incidents].sort((a, b) => b.startedAt - a.startedAt);
        const staying = new Set(records.map((record) => record.id));
        // Settings are the user's present wish: a file changes them only where he said so. They go first, since they can be put back.
        const own = ports.settings();
        const wanted = settings !== null && replace;
        if (wanted) {
          const saved = await ports.saveSettings(settings.settings);
          if (!saved.ok) return saved;
        }
        const written = await storage.write({
          ...grown.entries,
          ...Object.fromEntries(incidents.value.filter((record) => !staying.has(record.id)).map((record) => [incidentKey(record.id), undefined])),
          ...Object.fromEntries(records.map((record) => [incidentKey(record.id), record])),
          [INCIDENTS_KEY]: records.map((record) => record.id),
          [REMINDERS_KEY]: songs,
        });
        if (!written.ok) {
          if (wanted) await ports.saveSettings(own);
          return written;
        }
        return success({ incidents: merged.added });
      });
    },

    deleteData: () =>
      ports.exclusive(async () => {
        // Kept songs go too, settings alone stay: the page says so. They lie here where they could not be synchronised.
        const keys = (await ports.keys()).filter((key) => key !== 'settings');
        const deleted = await storage.write(Object.fromEntries(keys.map((key) => [key, undefined])));
        if (deleted.ok) await ports.clearSession();
        return deleted;
      }),
  };
}
