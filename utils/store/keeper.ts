import { allKeys, appendSpan, EMPTY_HISTORY, HISTORY_INDEX, isHistoryKey, keysFor, keysForQuery, loadHistory, shedTimes, type History, type ResponseTime, type Span } from '../core/history.ts';
import { decodeLedger, LEDGER_KEY, noteContact, noteObservations, type Ledger } from '../core/ledger.ts';
import { newMonitorState, type MonitorState } from '../core/monitor-state.ts';
import { flaw, success, type Outcome } from '../core/result.ts';
import type { Language } from '../core/settings.ts';
import type { Loss, Snapshot } from '../core/snapshot.ts';
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
  /** Called after each commit: badge, banner and the next alarm follow from it. */
  committed(snapshot: Snapshot): void;
  decode(stored: unknown, now: number): { state: MonitorState; damaged: string[] };
}

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/**
 * A store that reads once when the background wakes and then writes only what changed.
 * Storage that refuses a write costs the write, not the check: it is said in the snapshot's problems and tried again with the next.
 */
export function createKeeper(ports: KeeperPorts): Keeper {
  let state: MonitorState | null = null;
  /** Price of the open incident at the last check: the record of one that closes takes it over. */
  let lastLoss: Loss | null = null;
  let history: History = EMPTY_HISTORY;
  /** What a refused write left over: it goes with the next one. */
  let unwritten: Record<string, unknown> = {};
  const asked = new Set<string>();
  const memo: StripMemo = new Map();
  const hosts = new Map(ports.targets.map((target) => [target.id, target.host]));
  let ledger: Ledger | null = null;
  let lastHour: number | null = null;
  /** Why the last write was refused. */
  let refused: string | null = null;
  /** First place that could not be read, for the settings page. */
  let damaged: string | null = null;
  /** Stretches that wait until the history can be read again. */
  let waiting: Span[] = [];

  async function readOne(key: string): Promise<unknown> {
    const stored = await ports.storage.read([key]);
    return stored.ok ? stored.value[key] : undefined;
  }

  /** @returns whether the history is there to be written to: what could not be read must not be written over. */
  async function ensureHistory(keys: readonly string[]): Promise<boolean> {
    const missing = keys.filter((key) => !history.chunks.has(key) && !asked.has(key));
    if (missing.length === 0) return true;
    const stored = await ports.storage.read(missing);
    if (!stored.ok) return false;
    for (const key of missing) asked.add(key);
    const loaded = loadHistory(stored.value);
    history = { index: loaded.history.index ?? history.index, chunks: new Map([...history.chunks, ...loaded.history.chunks]) };
    if (loaded.damaged.length > 0) setAside(loaded.damaged.map(({ error }) => `${error.at}: ${error.reason}`), Object.fromEntries(loaded.damaged.map(({ key, stored: was }) => [key, was])));
    return true;
  }

  /** What cannot be read is set aside, not thrown away: a newer version, or a person, may still read it. It goes with the next write. */
  function setAside(places: string[], value: unknown): void {
    unwritten[ASIDE_KEY] = { places: places.slice(0, 50), value };
    damaged = places[0] ?? null;
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

  return {
    forget() {
      state = null;
      history = EMPTY_HISTORY;
      ledger = null;
      lastHour = null;
      asked.clear();
      memo.clear();
    },

    async load(now) {
      if (state !== null) return success(state);
      const stored = await ports.storage.read([STATE_KEY]);
      // Nothing is begun anew over what merely could not be read just now.
      if (!stored.ok) return stored;
      const raw = stored.value[STATE_KEY];
      const decoded = raw === undefined ? { state: newMonitorState(now), damaged: [] } : ports.decode(raw, now);
      state = decoded.state;
      if (decoded.damaged.length > 0) setAside(decoded.damaged, raw);
      return success(state);
    },

    async commit({ state: next, settings, country, now, spans, observations, closed, contacts }) {
      const all = [...waiting, ...spans];
      const from = all[0]?.from ?? now;
      const to = all.at(-1)?.to ?? now;
      // The strip's chunks change with the hour, the ones written to with every check.
      const hour = Math.floor(now / HOUR);
      const readable = await ensureHistory(hour === lastHour ? keysFor(from, to) : [...keysFor(from, to), ...keysForQuery(now - DAY, now, now)]);
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
        const ended = closeIncident(kept, recordOf(next, closed, lastLoss), decodeIndex(await readOne(INCIDENTS_KEY)));
        Object.assign(entries, ended.entries);
        kept = ended.state;
      }
      lastLoss = ahead.outlook.loss;
      const snapshot = snapshotOf({
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
        ledger ??= decodeLedger(await readOne(LEDGER_KEY));
        ledger = noteObservations(ledger, observations, (id) => hosts.get(id) ?? id);
        for (const { host, why, bytes, count } of contacts) ledger = noteContact(ledger, host, why, bytes, count);
        entries[LEDGER_KEY] = ledger;
      }
      const whole = { ...entries, [STATE_KEY]: kept, [SNAPSHOT_KEY]: snapshot };
      const first = await ports.storage.write(whole);
      const written = first.ok ? first : await makeRoom(whole);
      unwritten = written.ok ? {} : entries;
      refused = written.ok ? null : written.error.reason;
      state = kept;
      history = prune(grown, now);
      ports.committed(snapshot);
      return written.ok ? success(snapshot) : flaw('storage', written.error.reason);
    },
  };

  /** What is wrong with the store, said as long as it is so. */
  function problemsOf(problems: MonitorState['problems']): MonitorState['problems'] {
    const others = problems.filter((p) => p.kind !== 'storage');
    const detail = refused ?? damaged;
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
