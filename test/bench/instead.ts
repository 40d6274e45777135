import { readFileSync } from 'node:fs';
import type { ChildProcess } from 'node:child_process';
import type { Snapshot } from '../../utils/core/snapshot.ts';
import { open } from '../e2e/driver.ts';
import { Station } from '../e2e/station.ts';
import { OWN_FAULTS, PART_FAULTS, STORE_FAULTS, type Row } from '../e2e/table.ts';
import { nodeBinary, openLab, type Lab } from '../lab/lab.ts';
import { findCommand } from '../setup/ensure.ts';
import { median, type Figure } from './figure.ts';

/**
 * What one would use instead, in the same tiny internet, met by the same faults: a loop that fetches the store's page, and the prober of Prometheus
 * (Debian: prometheus-blackbox-exporter). All three look at the moment at which the fault begins, so that what is compared is the looking, not how often.
 */
const FAULTS: ReadonlySet<string> = new Set([
  'the store’s names are not found', 'connections are refused', 'certificates have expired', 'error 500 by the application', 'error 503 by the edge', 'wrong or empty content',
  'only audio fails', 'only purchases fail', 'cable pulled', 'captive portal', 'the own resolver is dead',
]);
const ROWS: readonly Row[] = [...STORE_FAULTS, ...PART_FAULTS, ...OWN_FAULTS].filter(({ fault }) => FAULTS.has(fault));
const PAGE = 'https://music.apple.com/us/new';
const LIMIT_S = 10;
const PATIENCE_MS = 100_000;

interface Answer {
  ms: number;
  /** Whether it says that the store is not well. */
  alarm: boolean;
  /** All that it tells, as far as one fault can be told from another by it. */
  words: string;
}

interface Tool {
  name: string;
  ask(): Promise<Answer>;
}

/** Runs a command in the lab. @returns what it wrote */
async function run(lab: Lab, argv: readonly string[]): Promise<string> {
  const child = lab.enter(argv, { stdio: ['ignore', 'pipe', 'ignore'] });
  let text = '';
  child.stdout!.on('data', (piece: Buffer) => (text += piece.toString()));
  await new Promise((resolve) => child.once('close', resolve));
  return text.trim();
}

/** Whatever a person writes who wants to know: `fetch`, the status, the error's code. */
const LOOP = `const began = performance.now();
fetch(${JSON.stringify(PAGE)}, { signal: AbortSignal.timeout(${LIMIT_S * 1_000}) }).then(async (r) => { await r.text(); return r.ok ? 'up' : 'status ' + r.status; }, (e) => e.cause?.code ?? e.name)
  .then((words) => console.log(JSON.stringify({ ms: performance.now() - began, words })));`;

function fetchLoop(lab: Lab): Tool {
  return {
    name: 'a fetch loop',
    async ask() {
      const { ms, words } = JSON.parse(await run(lab, [nodeBinary, '-e', LOOP])) as { ms: number; words: string };
      return { ms, words, alarm: words !== 'up' };
    },
  };
}

/** What the exporter's metrics say: success, status, and the phases that took any time. */
function blackbox(lab: Lab): Tool {
  return {
    name: 'blackbox exporter',
    async ask() {
      const began = performance.now();
      const text = await run(lab, ['curl', '-s', '--max-time', String(LIMIT_S + 2), `http://127.0.0.1:9115/probe?module=http_2xx&target=${encodeURIComponent(PAGE)}`]);
      const ms = performance.now() - began;
      const value = (name: string): number => Number(new RegExp(`^${name.replaceAll(/[{}]/g, '\\$&')} (\\S+)`, 'm').exec(text)?.[1] ?? 0);
      const phases = ['resolve', 'connect', 'tls', 'processing', 'transfer'].filter((phase) => value(`probe_http_duration_seconds{phase="${phase}"}`) > 0);
      const resolved = value('probe_ip_addr_hash') > 0 ? 'resolved' : 'not resolved';
      return { ms, alarm: value('probe_success') !== 1, words: `${value('probe_success')} ${value('probe_http_status_code')} ${resolved} ${phases.join('+')}` };
    },
  };
}

function wordsOf({ state, side, targets, diagnosis, ownTrouble }: Snapshot): string {
  const failing = targets.filter(({ status }) => status === 'failed').map(({ failure }) => failure);
  return [state, side, ownTrouble, ...new Set(failing), diagnosis?.causes[0]?.id].filter((word) => word !== null && word !== undefined).join(' ');
}

function rssOf(child: ChildProcess): number | null {
  try {
    return Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8'))?.[1]) / 1_000;
  } catch {
    return null;
  }
}

/** @param extension folder of the build */
export async function instead(extension: string): Promise<Figure[]> {
  const lab = await openLab();
  const exporter = findCommand('prometheus-blackbox-exporter');
  const config = '/etc/prometheus/blackbox.yml';
  const child = exporter === null ? null : lab.enter(['env', `SSL_CERT_FILE=${lab.caFile}`, exporter, `--config.file=${config}`, '--web.listen-address=127.0.0.1:9115'], { stdio: 'ignore' });
  const session = await open({ engine: 'chromium', lab, extension });
  if (!session.ok) {
    await lab.close();
    throw new Error(`${session.error.at}: ${session.error.reason}`);
  }
  const station = new Station('chromium', lab, session.value);
  const ours: Tool = {
    name: 'Tsunagaru',
    async ask() {
      const began = performance.now();
      const checked = await station.session.checkNow(60_000);
      // A suspicion is no answer yet; one that never becomes one is shown as what it is.
      const settled = checked.state === 'suspect' ? await station.session.snapshotWith('a verdict', ({ state }) => state !== 'suspect', PATIENCE_MS).catch(() => null) : checked;
      const snapshot = settled ?? checked;
      return { ms: performance.now() - began, alarm: ['down', 'degraded', 'maintenance'].includes(snapshot.state), words: wordsOf(snapshot) };
    },
  };
  const tools: Tool[] = [ours, fetchLoop(lab), ...(child === null ? [] : [blackbox(lab)])];
  const answers = new Map<Tool, Answer[]>(tools.map((tool) => [tool, []]));
  try {
    for (const row of ROWS) {
      await station.fresh();
      await station.apply(row.phase);
      for (const tool of tools) answers.get(tool)!.push(await tool.ask());
      console.error(`${row.fault}: ${tools.map((tool) => `${tool.name}: ${answers.get(tool)!.at(-1)!.words}`).join(' | ')}`);
    }
    const rss = child === null ? null : rssOf(child);
    const figures = tools.flatMap((tool): Figure[] => {
      const all = answers.get(tool)!;
      const right = all.filter(({ alarm }, index) => alarm === ROWS[index]!.expected.told).length;
      const seen = all.filter(({ alarm }, index) => ROWS[index]!.expected.told && alarm);
      return [
        { id: 'instead.right', what: `${tool.name}: says rightly whether the store is at fault`, value: right, unit: '', yardstick: { what: 'faults', value: ROWS.length } },
        { id: 'instead.apart', what: `${tool.name}: different answers`, value: new Set(all.map(({ words }) => words)).size, unit: '', yardstick: { what: 'faults', value: ROWS.length } },
        { id: 'instead.time', what: `${tool.name}: from the first look that meets the store’s fault to the answer, median`, value: median(seen.map(({ ms }) => ms)) / 1_000, unit: 's', note: tool === ours ? 'looks twice, and compares with controls, before it says so' : 'one look' },
      ];
    });
    if (rss !== null) figures.push({ id: 'instead.memory', what: 'blackbox exporter: memory of the process', value: rss, unit: 'MB' });
    if (child === null) figures.push({ id: 'instead.right', what: 'blackbox exporter', value: null, unit: '', skipped: 'prometheus-blackbox-exporter is not installed' });
    return figures.toSorted((a, b) => a.id.localeCompare(b.id));
  } finally {
    child?.kill('SIGKILL');
    await station.close();
  }
}

if (import.meta.main) console.log(JSON.stringify(await instead(process.argv[2]!), null, 1));
