/**
 * The lab by hand: `node test/lab/cli.ts [--file scenario.json] [--speed N] [--seed N] [--asked] [-- COMMAND…]`
 *
 * Starts the tiny internet, plays the scenario if one is given, and prints what is asked (`--asked`: line by line as it comes; without it a
 * summary at the end). COMMAND runs inside, in the browser's place; without one the lab stays until the scenario's end or Ctrl-C.
 */
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { decodeScenario } from '../../utils/core/scenario.ts';
import { labUnavailable, openLab } from './lab.ts';
import type { LabLogEntry, LabScenario } from './lab.ts';

function fail(message: string): never {
  process.stderr.write(`${message}\n`);
  process.exit(2);
}

function parse() {
  try {
    return parseArgs({
      allowPositionals: true,
      options: { file: { type: 'string' }, speed: { type: 'string', default: '1' }, seed: { type: 'string', default: '1' }, asked: { type: 'boolean', default: false } },
    });
  } catch (error) {
    return fail((error as Error).message);
  }
}

const { values, positionals } = parse();
const speed = Number(values.speed);
const seed = Number(values.seed);
if (!(speed > 0)) fail(`--speed: must be a number above 0, not "${values.speed}"`);
if (!Number.isInteger(seed)) fail(`--seed: must be a whole number, not "${values.seed}"`);

let scenario: LabScenario | null = null;
if (values.file !== undefined) {
  let json: unknown;
  try {
    json = JSON.parse(readFileSync(values.file, 'utf8'));
  } catch (error) {
    fail(`${values.file}: ${(error as Error).message}`);
  }
  const decoded = decodeScenario(json);
  if (!decoded.ok) fail(`${values.file}: ${decoded.error.at}: ${decoded.error.reason}`);
  scenario = decoded.value;
}

const reason = labUnavailable();
if (reason !== null) fail(reason);

const time = (at: number): string => new Date(at).toISOString().slice(11, 23);
const describe = (entry: LabLogEntry): string => {
  if (entry.kind === 'dns') return `${time(entry.at)} dns  ${entry.name} ${entry.type}: ${entry.outcome}`;
  if (entry.kind === 'connection') return `${time(entry.at)} tcp  ${entry.host}:${entry.port}: ${entry.outcome}`;
  return `${time(entry.at)} http ${entry.method} ${entry.secure ? 'https' : 'http'}://${entry.host}${entry.path}: ${entry.status ?? 'no answer'}${entry.outcome === 'ok' ? '' : ` (${entry.outcome})`}, ${entry.bytes} bytes`;
};

const lab = await openLab({ seed });
const stop = new AbortController();
process.once('SIGINT', () => stop.abort());
process.once('SIGTERM', () => stop.abort());
process.stdout.write(`lab ready; inside: ${lab.browserCommand(['COMMAND']).join(' ')}\n`);

let shown = 0;
const show = async (): Promise<void> => {
  const log = await lab.log();
  for (const entry of log.slice(shown)) process.stdout.write(`${describe(entry)}\n`);
  shown = log.length;
};
const watch = values.asked ? setInterval(() => void show().catch(() => undefined), 500) : null;

let status = 0;
const playing = scenario === null ? null : lab.run(scenario, {
  speed,
  signal: stop.signal,
  onPhase: (phase, notExpressible) => {
    process.stdout.write(`-- minute ${phase.atMinute ?? 0}${notExpressible.length > 0 ? `; not expressible in the lab: ${notExpressible.join(', ')}` : ''}\n`);
  },
});
if (positionals.length > 0) {
  const child = lab.enter(positionals, { stdio: 'inherit' });
  status = await new Promise<number>((resolve) => {
    child.once('exit', (code) => resolve(code ?? 1));
    child.once('error', () => resolve(1));
  });
  stop.abort();
} else if (playing === null) {
  // A pending promise alone would let the process end.
  const stay = setInterval(() => undefined, 1 << 30);
  await new Promise<void>((resolve) => stop.signal.addEventListener('abort', () => resolve(), { once: true }));
  clearInterval(stay);
}
await playing;
if (watch !== null) {
  clearInterval(watch);
  await show();
} else {
  const counts = new Map<string, number>();
  for (const entry of await lab.log()) {
    const key = entry.kind === 'dns' ? `dns  ${entry.name}: ${entry.outcome}` : entry.kind === 'connection' ? `tcp  ${entry.host}: ${entry.outcome}` : `http ${entry.host}: ${entry.outcome}`;
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  for (const [key, count] of [...counts].sort(([a], [b]) => a.localeCompare(b))) process.stdout.write(`${String(count).padStart(6)} ${key}\n`);
}
await lab.close();
process.exitCode = status;
