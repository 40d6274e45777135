import { allKeys, appendSpan, EMPTY_HISTORY, HISTORY_INDEX, isHistoryKey, keysFor, keysForQuery, loadHistory, shedTimes, type History, type ResponseTime, type Span } from '../core/history.ts';
import { decodeLedger, EMPTY_LEDGER, LEDGER_KEY, noteContact, noteObservations, type Ledger } from '../core/ledger.ts';
import { newMonitorState, type MonitorState } from '../core/monitor-state.ts';
import { flaw, success, type Outcome } from '../core/result.ts';
import type { Language } from '../core/settings.ts';
import { reckonLoss } from '../core/loss.ts';
import type { Snapshot } from '../core/snapshot.ts';
import { snapshotOf } from '../core/snapshot-of.ts';
import { stripOf, type StripMemo } from '../core/strip.ts';
import type { Target } from '../core/target.ts';
import { lookAhead } from '../core/outlook.ts';
import { closeIncident, decodeIndex, INCIDENTS_KEY, recordOf } from './record.ts';
import type { Keeper, Storage } from '../app/ports.ts';

export const STATE_KEY = 'monitor';
export const SNAPSHOT_KEY = 'snapshot';
export const ASIDE_KEY = 'aside';

export interface KeeperPorts {
  storage: Storage;
  targets: readonly Target[];
  language(): Language;
  /** How far the user's clock is ahead of UTC at that moment, minutes. */
  utcOffset(at: number): number;
  rehearsal: Snapshot['rehearsal'];
  /** Whether views see this snapshot; while an outage is played they see that one. Always, unless told. */
  seen?(): boolean;
  /** Called after each commit: badge, banner and the next alarm follow from it. */
  committed(snapshot: Snapshot): void;
  decode(stored: unknown, now: number): { state: MonitorState; damaged: string[] };
  /**
   * Where a refused write waits, for as long as the browser runs: without it a background that is put to sleep would forget what it has seen and
   * told, and find and tell it again. What views show lies there too. `null` empties it.
   */
  spare?: { read(): Promise<unknown>; write(unsaved: Unsaved | null): Promise<void> };
}

/** A write that the store refused. */
export interface Unsaved {
  /** When, ms since the epoch. */
  at: number;
  entries: Record<string, unknown>;
}


const HOUR = 3_600_000;
const DAY = 24 * HOUR;
/** What was set aside is said for so long. */
const ASIDE_SAID_MS = 7 * DAY;
/** Entries and places set aside at most, and characters of one entry. */
const MOST_ASIDE = 50;
const MOST_CHARS = 500_000;
/** Words of the engines for a store that is full. */
const FULL = /quota|exceed|full|space/i;

/** What could not be read, as it lies under `ASIDE_KEY`: when, which places and why, and the entries as they were. */
export interface Aside {
  at: number;
  places: string[];
  entries: Record<string, unknown>;
}

/**
 * A store that reads once when the background wakes and then writes only what changed.
 * Storage that refuses a write costs the write, not the check: it is said in the snapshot's problems and tried again with the next.
 */
export function createKeeper(ports: KeeperPorts): Keeper {
  let state: MonitorState | null = null;
  let history: History = EMPTY_HISTORY;
  /** What a refused write left over: it goes with the next one. */
  let unwritten: Record<string, unknown> = {};
  const asked = new Set<string>();
  const memo: StripMemo = new Map();
  const hosts = new Map(ports.targets.map((target) => [target.id, target.host]));
  let ledger: Ledger = EMPTY_LEDGER;
  /** Ids of the incidents kept, newest first. */
  let incidents: readonly string[] = [];
  let lastHour: number | null = null;
  /** Why the last write was refused. */
  let refused: string | null = null;
  /** Whether something may lie in the spare place. */
  let spared = true;
  /** What could not be read lately, for the settings page. */
  let aside: Aside | null = null;
  /** Stretches that wait until the history can be read again. */
  let waiting: Span[] = [];
  /** The reading under way: a second one could put an old state over one that was committed meanwhile. */
  let loading: Promise<Outcome<MonitorState>> | null = null;
  /** How often all was forgotten: what was read before that is old. */
  let forgotten = 0;

  /** @returns whether the history is there to be written to: what could not be read must not be written over. */
  async function ensureHistory(keys: readonly string[], now: number): Promise<boolean> {
    const missing = keys.filter((key) => !history.chunks.has(key) && !asked.has(key));
    if (missing.length === 0) return true;
    const stored = await ports.storage.read(missing);
    if (!stored.ok) return false;
    for (const key of missing) asked.add(key);
    const loaded = loadHistory({ ...stored.value, ...Object.fromEntries(missing.filter((key) => key in unwritten).map((key) => [key, unwritten[key]])) });
    history = { index: loaded.history.index ?? history.index, chunks: new Map([...history.chunks, ...loaded.history.chunks]) };
    for (const { key, stored: was, error } of loaded.damaged) setAside(key, was, [`${error.at}: ${error.reason}`], now);
    return true;
  }

  /** What cannot be read is set aside, not thrown away: a newer version, or a person, may still read it. It goes with the next write. */
  function setAside(key: string, was: unknown, places: readonly string[], now: number): void {
    const kept = JSON.stringify(was ?? null).length <= MOST_CHARS ? was : 'too large to be kept';
    aside = {
      at: now,
      places: [...places, ...(aside?.places ?? [])].slice(0, MOST_ASIDE),
      entries: Object.fromEntries([...Object.entries(aside?.entries ?? {}).filter(([known]) => known !== key), [key, kept]].slice(-MOST_ASIDE)),
    };
    unwritten[ASIDE_KEY] = aside;
  }

  /** A store that is full: old response times go, never time itself, and the write is tried once more. */
  async function makeRoom(entries: Readonly<Record<string, unknown>>): Promise<Outcome<void>> {
    const index = await ports.storage.read([HISTORY_INDEX]);
    if (!index.ok) return index;
    const all = await ports.storage.read(allKeys(loadHistory(index.value).history));
    if (!all.ok) return all;
    const shed = await ports.storage.write(shedTimes(loadHistory({ ...index.value, ...all.value }).history).entries);
    return shed.ok ? ports.storage.write(entries) : shed;
  }

  /** Reads all but the history. What is being forgotten meanwhile is read anew. */
  async function begin(now: number, life: number): Promise<Outcome<MonitorState>> {
    const [stored, left] = await Promise.all([ports.storage.read([STATE_KEY, SNAPSHOT_KEY, INCIDENTS_KEY, LEDGER_KEY, ASIDE_KEY]), ports.spare?.read()]);
    if (life !== forgotten) return begin(now, forgotten);
    // Nothing is begun anew over what merely could not be read just now.
    if (!stored.ok) return stored;
    const unsaved = unsavedOf(left, stored.value[SNAPSHOT_KEY]);
    if (unsaved !== null) unwritten = Object.fromEntries(Object.entries(unsaved).filter(([key]) => key !== STATE_KEY && key !== SNAPSHOT_KEY));
    aside = recentAside(stored.value[ASIDE_KEY], now);
    const { [STATE_KEY]: raw, [INCIDENTS_KEY]: index, [LEDGER_KEY]: contacts } = { ...stored.value, ...unsaved };
    const decoded = raw === undefined ? { state: newMonitorState(now), damaged: [] } : ports.decode(raw, now);
    if (decoded.damaged.length > 0) setAside(STATE_KEY, raw, decoded.damaged, now);
    incidents = decodeIndex(index);
    if (index !== undefined && incidents.length !== (Array.isArray(index) ? index.length : -1)) {
      setAside(INCIDENTS_KEY, index, [`${INCIDENTS_KEY}: not a list of incidents`], now);
      // The state knows the last one.
      const last = decoded.state.lastIncident?.id;
      if (last !== undefined && !incidents.includes(last)) incidents = [last, ...incidents];
      unwritten[INCIDENTS_KEY] = incidents;
    }
    ledger = decodeLedger(contacts);
    if (contacts !== undefined && !isWhole(ledger, contacts)) setAside(LEDGER_KEY, contacts, [`${LEDGER_KEY}: not a list of hosts`], now);
    state = decoded.state;
    return success(state);
  }

  return {
    forget(all) {
      forgotten += 1;
      state = null;
      history = EMPTY_HISTORY;
      lastHour = null;
      spared = !all;
      if (all) {
        void ports.spare?.write(null);
        unwritten = {};
        waiting = [];
      }
      asked.clear();
      memo.clear();
    },

    async load(now) {
      if (state !== null) return success(state);
      loading ??= begin(now, forgotten).finally(() => (loading = null));
      return loading;
    },

    async commit({ state: next, settings, country, now, spans, observations, closed, contacts }) {
      const all = [...waiting, ...spans];
      // What is written says what will be true once it is: that the one before was refused is past.
      refused = null;
      const touched = all.length === 0 ? keysFor(now, now) : all.flatMap(({ from, to, state: was }) => keysFor(was === 'unobserved' ? to : from, to));
      // The strip's chunks change with the hour, the ones written to with every check.
      const hour = Math.floor(now / HOUR);
      const readable = await ensureHistory(hour === lastHour ? touched : [...touched, ...keysForQuery(now - DAY, now, now)], now);
      if (readable) lastHour = hour;
      waiting = readable ? [] : all.slice(-500);
      const entries: Record<string, unknown> = { ...unwritten };
      const times: ResponseTime[] = observations.filter((o) => o.result.kind === 'ok').map((o) => ({ role: o.role, at: o.at, ms: o.ms }));
      let grown = history;
      if (readable) all.forEach((span, i) => {
        const appended = appendSpan(grown, span, i === all.length - 1 ? times.map((t) => ({ ...t, at: Math.min(Math.max(t.at, span.from), span.to) })) : []);
        grown = appended.history;
        Object.assign(entries, appended.entries);
      });

      const ahead = lookAhead(next, settings, ports.utcOffset(now), now);
      let kept: MonitorState = { ...ahead.state, problems: problemsOf(ahead.state.problems) };
      if (closed !== null) {
        const { loss } = reckonLoss(settings.price, next.stretches, ports.utcOffset(now));
        const ended = closeIncident(kept, recordOf(next, closed, loss), incidents);
        Object.assign(entries, ended.entries);
        kept = ended.state;
        incidents = ended.index;
      }
      let snapshot = snapshotOf({
        state: kept,
        settings,
        country,
        language: ports.language(),
        targets: ports.targets,
        strip: stripOf(grown, memo, all, now),
        forecast: ahead.outlook.forecast,
        loss: ahead.outlook.loss,
        admittedAt: ahead.outlook.admittedAt,
        rehearsal: ports.rehearsal,
        now,
      });
      if (observations.length > 0 || contacts.length > 0) {
        ledger = noteObservations(ledger, observations, (id) => hosts.get(id) ?? id);
        for (const { host, why, bytes, count } of contacts) ledger = noteContact(ledger, host, why, bytes, count);
        entries[LEDGER_KEY] = ledger;
      }
      const whole = { ...entries, [STATE_KEY]: kept, ...(ports.seen?.() === false ? {} : { [SNAPSHOT_KEY]: snapshot }) };
      const first = await ports.storage.write(whole);
      const written = first.ok || !FULL.test(first.error.reason) ? first : await makeRoom(whole);
      unwritten = written.ok ? {} : entries;
      refused = written.ok ? null : written.error.reason;
      if (!written.ok) {
        snapshot = { ...snapshot, problems: problemsOf(snapshot.problems) };
        await ports.spare?.write({ at: now, entries: { ...whole, [SNAPSHOT_KEY]: snapshot } });
      } else if (spared) await ports.spare?.write(null);
      spared = !written.ok;
      state = kept;
      history = prune(grown, now);
      ports.committed(snapshot);
      return written.ok ? success(snapshot) : flaw('storage', written.error.reason);
    },
  };

  /** What is wrong with the store, said as long as it is so. */
  function problemsOf(problems: MonitorState['problems']): MonitorState['problems'] {
    const others = problems.filter((p) => p.kind !== 'storage');
    const detail = refused ?? aside?.places[0]?.slice(0, 300) ?? null;
    return detail === null ? others : [...others, { kind: 'storage', detail }];
  }

  /** Only the last day stays in memory: the strip needs no more. */
  function prune(all: History, now: number): History {
    if (all.chunks.size < 80) return all;
    const wanted = new Set([...keysForQuery(now - DAY, now, now), ...keysFor(now - DAY, now)]);
    const chunks = new Map([...all.chunks].filter(([key]) => wanted.has(key)));
    for (const key of asked) if (isHistoryKey(key) && !wanted.has(key)) asked.delete(key);
    return { index: all.index, chunks };
  }
}

/** @returns what a refused write left, where nothing newer was stored since; null where there is nothing. */
function unsavedOf(left: unknown, stored: unknown): Unsaved['entries'] | null {
  const { at, entries } = (left ?? {}) as Partial<Record<keyof Unsaved, unknown>>;
  if (typeof at !== 'number' || typeof entries !== 'object' || entries === null) return null;
  const since = (stored as { at?: unknown } | null | undefined)?.at;
  return typeof since === 'number' && since > at ? null : { ...entries };
}

/** @returns what was set aside lately; null where nothing was, or it is too long ago to be said again. */
function recentAside(stored: unknown, now: number): Aside | null {
  if (typeof stored !== 'object' || stored === null) return null;
  const { at, places, entries } = stored as Partial<Record<keyof Aside, unknown>>;
  const sound = typeof at === 'number' && Array.isArray(places) && places.every((place) => typeof place === 'string') && typeof entries === 'object' && entries !== null;
  return sound && Math.abs(now - at) <= ASIDE_SAID_MS ? { at, places, entries: entries as Aside['entries'] } : null;
}

/** Whether every line of the stored ledger could be read. */
function isWhole(ledger: Ledger, stored: unknown): boolean {
  const hosts = (stored as { hosts?: unknown } | null)?.hosts;
  return typeof hosts === 'object' && hosts !== null && Object.keys(hosts).length === Object.keys(ledger.hosts).length;
}
