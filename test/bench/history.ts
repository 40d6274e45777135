/**
 * What the history costs as it grows: after 1, 12 and 120 simulated months of one-minute checks that each time eight roles, on a machine that
 * is awake for ten hours a day (and once, awake all the time). One line of JSON per age.
 *
 *   node test/bench/history.ts [MONTHS…]
 *
 * Milliseconds are medians of many runs in this process; what counts is how they compare between the lines of one run (`ratio`: to the
 * first line). Bytes are those of the stored JSON, keys included.
 */
import { appendSpan, DAY, HOUR, keysFor, keysForQuery, loadHistory, MINUTE, queryRange, totals, type ResponseTime } from '../../utils/core/history.ts';
import { STORE_ROLES } from '../../utils/core/role.ts';
import { seededRandom } from '../../utils/rehearsal/random.ts';

const START = Date.UTC(2026, 0, 1);

/** A store of JSON texts that counts. */
function createStore() {
  const entries = new Map<string, string>();
  const read = (keys: readonly string[]) => Object.fromEntries(keys.flatMap((key) => (entries.has(key) ? [[key, JSON.parse(entries.get(key)!) as unknown]] : [])));
  return {
    load: (keys: readonly string[]) => loadHistory(read(keys)).history,
    write(changed: Readonly<Record<string, unknown>>): number {
      let bytes = 0;
      for (const [key, value] of Object.entries(changed)) {
        if (value === undefined) entries.delete(key);
        else {
          const text = JSON.stringify(value);
          bytes += key.length + text.length;
          entries.set(key, text);
        }
      }
      return bytes;
    },
    get bytes() {
      let sum = 0;
      for (const [key, text] of entries) sum += key.length + text.length;
      return sum;
    },
    get keys() {
      return entries.size;
    },
  };
}

const median = (numbers: number[]) => numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? 0;

function timed(runs: number, work: () => void): number {
  return median(
    Array.from({ length: runs }, () => {
      const before = performance.now();
      work();
      return performance.now() - before;
    }),
  );
}

/** Lives through so many months, one check a minute. Of days long past only every tenth check is played in full: their sums are kept by the day. */
function live(months: number, hoursAwake: number) {
  const random = seededRandom(`history ${months}`);
  const store = createStore();
  const days = Math.round(months * 30.44);
  let writes: number[] = [];
  let now = START;
  for (let day = 0; day < days; day++) {
    const old = days - day > 95;
    const step = old ? 10 * MINUTE : MINUTE;
    const from = START + day * DAY + 8 * HOUR;
    const outageAt = random() < 0.05 ? from + Math.floor(random() * hoursAwake * 60) * MINUTE : Infinity;
    if (!old) writes = [];
    for (now = from + step; now <= from + hoursAwake * HOUR; now += step) {
      const state = now > outageAt && now < outageAt + 70 * MINUTE ? 'down' : 'up';
      const jitter = Math.floor(random() * 5000);
      const span = { from: now - step, to: now, state } as const;
      const times: ResponseTime[] = STORE_ROLES.map((role) => ({ role, at: now, ms: 60 * Math.exp(random() * 1.5) + jitter / 100 }));
      writes.push(store.write(appendSpan(store.load(keysFor(span.from, span.to)), span, times).entries));
    }
  }
  return { store, writes, now };
}

function measure(months: number, hoursAwake: number) {
  const { store, writes, now } = live(months, hoursAwake);
  const year = now - 365 * DAY;
  const yearKeys = keysForQuery(year, now, now);
  const yearLoaded = store.load(yearKeys);
  const span = { from: now, to: now + MINUTE, state: 'up' } as const;
  return {
    months,
    hoursAwake,
    bytes: store.bytes,
    keys: store.keys,
    /** Bytes of a check's write: median and largest of the last days. */
    writeBytes: median(writes),
    writeMost: Math.max(...writes),
    appendMs: timed(200, () => void appendSpan(store.load(keysFor(span.from, span.to)), span)),
    /** A year in 365 slices, and its sums: loaded already, and with decoding. */
    yearMs: timed(30, () => {
      queryRange(yearLoaded, year, now, 365, now);
      totals(yearLoaded, year, now, now);
    }),
    yearColdMs: timed(30, () => {
      const loaded = store.load(yearKeys);
      queryRange(loaded, year, now, 365, now);
      totals(loaded, year, now, now);
    }),
  };
}

const asked = process.argv.slice(2).map(Number).filter((months) => months > 0);
const runs = (asked.length > 0 ? asked : [1, 12, 120]).map((months) => [months, 10] as const);
measure(0.2, 10); // warms the engine up
let first: ReturnType<typeof measure> | null = null;
for (const [months, hoursAwake] of asked.length > 0 ? runs : [...runs, [12, 24] as const]) {
  const result = measure(months, hoursAwake);
  first ??= result;
  const ratio = (name: 'bytes' | 'writeBytes' | 'appendMs' | 'yearMs') => Math.round((result[name] / first![name]) * 100) / 100;
  const ms = (value: number) => Math.round(value * 1000) / 1000;
  console.log(
    JSON.stringify({
      ...result,
      appendMs: ms(result.appendMs),
      yearMs: ms(result.yearMs),
      yearColdMs: ms(result.yearColdMs),
      ratio: { bytes: ratio('bytes'), writeBytes: ratio('writeBytes'), appendMs: ratio('appendMs'), yearMs: ratio('yearMs') },
    }),
  );
}
