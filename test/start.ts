import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { parseArgs } from 'node:util';
import type { MonitorState } from '../utils/core/monitor-state.ts';
import type { Observation } from '../utils/core/observation.ts';
import { flaw, success, type Outcome } from '../utils/core/result.ts';
import { decodeScenario, failShare, phaseAt, viewOf } from '../utils/core/scenario.ts';
import type { Snapshot, TargetLine } from '../utils/core/snapshot.ts';
import { STORE_ROLES } from '../utils/core/role.ts';
import { describeTargets } from '../utils/core/targets.ts';
import { en } from '../utils/i18n/en/index.ts';
import { ja } from '../utils/i18n/ja/index.ts';
import { translator, type Translate } from '../utils/i18n/translate.ts';
import { clockTime, percent, roughly } from '../utils/view/format.ts';
import { verdictOf } from '../utils/view/verdict.ts';
import { causeName, failureWords, reasonSentence } from '../utils/view/words.ts';
import { open, type Session } from './e2e/driver.ts';
import type { Lab, LabPhase, LabScenario } from './lab/lab.ts';
import { ensure, findBrowser, hasDisplay, type Engine, type Need } from './setup/ensure.ts';

const HELP = `npm start [-- options]

Builds Tsunagaru, opens a browser with it, and music.apple.com in a tab. Where no window can be shown: makes one full check in a browser without
a window and prints what the popup would say, and for each target how far the request came and what a healthy answer would have been.

  --browser chromium|firefox   which engine (default: what is there, Chromium, Edge or Chrome first)
  --headless                   the printed check even where a window could be shown
  --rehearse FILE              inside the lab, with the scenario of that file applied as real faults (Linux, root)
  --minute N                   with --rehearse and no window: the minute of the scenario (default: the first in which something fails)
  --speed N                    with --rehearse and a window: how many times faster than real time (default 60)
  --language en|ja             language of the browser and of what is printed (default: this terminal's)
  --json                       prints the snapshot itself instead of words`;

interface Wish {
  engine: Engine;
  window: boolean;
  rehearse: string | null;
  minute: number | null;
  speed: number;
  language: 'en' | 'ja';
  json: boolean;
}

const number = (text: string | undefined, name: string): Outcome<number | null> => {
  if (text === undefined) return success(null);
  const value = Number(text);
  return Number.isFinite(value) && value >= 0 ? success(value) : flaw(`--${name}`, `must be a number, not "${text}"`);
};

function wishOf(args: string[]): Outcome<Wish | 'help'> {
  let values;
  try {
    ({ values } = parseArgs({
      args,
      options: {
        browser: { type: 'string' }, headless: { type: 'boolean' }, rehearse: { type: 'string' }, minute: { type: 'string' }, speed: { type: 'string' },
        language: { type: 'string' }, json: { type: 'boolean' }, help: { type: 'boolean', short: 'h' },
      },
    }));
  } catch (error) {
    return flaw('command line', error instanceof Error ? error.message : String(error));
  }
  if (values.help) return success('help');
  const { browser } = values;
  if (browser !== undefined && !['chromium', 'chrome', 'edge', 'firefox'].includes(browser)) return flaw('--browser', `must be chromium or firefox, not "${browser}"`);
  const engine: Engine = browser === 'firefox' || (browser === undefined && !findBrowser('chromium').ok && findBrowser('firefox').ok) ? 'firefox' : 'chromium';
  const minute = number(values.minute, 'minute');
  if (!minute.ok) return minute;
  const speed = number(values.speed, 'speed');
  if (!speed.ok) return speed;
  const language = values.language ?? ((process.env['LC_ALL'] ?? process.env['LANG'] ?? '').startsWith('ja') ? 'ja' : 'en');
  if (language !== 'en' && language !== 'ja') return flaw('--language', `must be en or ja, not "${language}"`);
  return success({
    engine, language, minute: minute.value, speed: speed.value || 60,
    window: hasDisplay() && values.headless !== true && values.json !== true,
    rehearse: values.rehearse ?? null,
    json: values.json === true,
  });
}

/** Reads a scenario twice: decoded, for a message that names what is wrong, and as it stands, which is what the lab takes. */
function scenarioOf(file: string): Outcome<{ title: string; firstFault: number; at(minute: number): LabPhase; raw: LabScenario }> {
  let json: unknown;
  try {
    json = JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    return flaw(file, error instanceof Error ? error.message : String(error));
  }
  const decoded = decodeScenario(json);
  if (!decoded.ok) return flaw(`${file}: ${decoded.error.at}`, decoded.error.reason);
  const raw = json as LabScenario;
  const fault = decoded.value.phases.find((phase) => STORE_ROLES.some((role) => failShare(viewOf(phase, role)) >= 0.1 || viewOf(phase, role).slow >= 2)) ?? decoded.value.phases[0];
  return success({
    title: decoded.value.title,
    firstFault: fault.atMinute,
    at: (minute) => raw.phases.find((phase) => (phase.atMinute ?? 0) === phaseAt(decoded.value, minute).atMinute) ?? {},
    raw,
  });
}

const MARK: Record<TargetLine['status'], string> = { ok: '●', slow: '◐', failed: '✕', unobserved: '○', 'set-aside': '–', 'no-permission': '!' };

/** @returns a text as wide as a terminal shows it: a Japanese letter takes two places. */
function padded(text: string, width: number): string {
  const wide = text.length + (text.match(/[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]/g)?.length ?? 0);
  return text + ' '.repeat(Math.max(1, width - wide));
}

/**
 * What the popup says, line by line, and below it the table of targets with what was expected of each.
 * @param last the last observation of each target, for status and the engine's own words
 */
export function report(snapshot: Snapshot, last: Readonly<Record<string, Observation>>, t: Translate, now: number): string {
  const lines: string[] = [];
  const verdict = verdictOf(snapshot, t, now);
  lines.push(verdict.title, `  ${[verdict.detail, verdict.when].filter((part) => part !== null && part !== '').join(' · ')}`);
  if (verdict.connectionFine) lines.push(`  ${t('verdict.connection-fine')}`);
  if (snapshot.rehearsal !== null) lines.push(`  ${t('popup.rehearsal.of', { title: snapshot.rehearsal.title })}`);

  const { diagnosis } = snapshot;
  if (diagnosis !== null) {
    const { own, path, store } = diagnosis.side;
    lines.push('', `side: own ${percent(own, t.language)} · path ${percent(path, t.language)} · store ${percent(store, t.language)}`, '', t('popup.causes'));
    for (const { id, p } of diagnosis.causes.slice(0, 4)) lines.push(`  ${percent(p, t.language).padStart(4)}  ${causeName(t, id)}`);
    const reasons = diagnosis.because.flatMap((reason) => {
      const text = reasonSentence(t, reason);
      return text === null ? [] : [`  ${reason.weight >= 0 ? '+' : '−'}${Math.abs(reason.weight).toFixed(1)}  ${text}`];
    });
    lines.push('', t('popup.causes.why'), ...(reasons.length > 0 ? reasons : [`  ${t('popup.causes.none')}`]));
  }
  if (snapshot.forecast !== null) {
    const { p10, p50, p90 } = snapshot.forecast;
    const band = t('popup.forecast.band', { low: roughly(p10, t.language), high: roughly(p90, t.language) });
    lines.push('', `${t('popup.forecast')}: ${band}, ${t('popup.forecast.median', { median: roughly(p50, t.language) })}`);
  }

  const { official } = snapshot;
  const music = official.events.filter((event) => event.music && event.status === 'ongoing');
  lines.push('', `${t('popup.apple-says')}: ${!official.reachable ? 'not reachable' : !official.understood ? 'not understood' : music.length === 0 ? '–' : music.map((event) => `${event.service} (${event.type})`).join(', ')}`);
  for (const { kind, detail } of snapshot.problems) lines.push(`! ${kind}: ${detail}`);
  lines.push('');

  const expected = new Map(describeTargets({ country: snapshot.storefrontCountry, nonce: 'x' }).map((row) => [row.id, row]));
  for (const line of snapshot.targets) {
    const seen = last[line.target];
    const status = seen?.answer ? `HTTP ${seen.answer.status}` : '';
    const raw = seen?.result.kind === 'failed' ? (seen.result.raw ?? '') : seen?.result.kind === 'discarded' ? `not counted: ${seen.result.because}` : '';
    const said = line.failure === null ? t(`targets.status.${line.status}`) : `${failureWords(t, line.failure)} (${line.failure})`;
    lines.push([
      MARK[line.status], padded(t(`targets.role.${line.role}`), 20), padded(line.host, 30), padded(`${said}, ${t(`targets.phase.${line.phase}`)}`, 50),
      line.ms === null ? '' : `${Math.round(line.ms)} ms`, status, line.edge ?? '', line.site ?? '', line.trusted ? '' : 'not proven yet', raw,
    ].filter((part) => part !== '').join(' ').trimEnd());
    const row = expected.get(line.target);
    if (row !== undefined) lines.push(`    expected: ${row.healthy} · ${row.method} ${row.url} · rests on: ${row.basis}`);
  }
  lines.push('', `${t('popup.checked-at', { time: snapshot.checkedAt === null ? '–' : clockTime(snapshot.checkedAt, now, t.language) })} · ${snapshot.nextCheckAt === null ? '' : t('popup.next', { time: clockTime(snapshot.nextCheckAt, now, t.language) })}`);
  return lines.join('\n');
}

async function printed(session: Session, snapshot: Snapshot, wish: Wish): Promise<string> {
  if (wish.json) return JSON.stringify(snapshot, null, 2);
  const state = await session.stored<MonitorState>('monitor');
  return report(snapshot, state?.last ?? {}, translator(wish.language === 'ja' ? ja : en, wish.language), Date.now());
}

/** The first check comes by itself, soon after the start, and asks everything there is. */
async function firstCheck(session: Session): Promise<Snapshot> {
  return await session.snapshotWith('the first check', (snapshot) => snapshot.checkedAt !== null && snapshot.state !== 'suspect', 90_000);
}

async function headless(session: Session, lab: Lab | null, wish: Wish): Promise<void> {
  let snapshot = await firstCheck(session);
  if (lab !== null && wish.rehearse !== null) {
    const scenario = scenarioOf(wish.rehearse);
    if (!scenario.ok) throw new Error(`${scenario.error.at}: ${scenario.error.reason}`);
    const minute = wish.minute ?? scenario.value.firstFault;
    const { notExpressible } = await lab.apply(scenario.value.at(minute));
    if (!wish.json) console.log(`${scenario.value.title}, minute ${minute}${notExpressible.length > 0 ? ` (a network cannot do: ${notExpressible.join(', ')})` : ''}\n`);
    await session.checkNow(90_000);
    // A suspicion is looked at again within the same check.
    snapshot = await session.snapshotWith('the verdict', ({ state }) => state !== 'suspect', 60_000);
  }
  console.log(await printed(session, snapshot, wish));
}

async function windowed(session: Session, lab: Lab | null, wish: Wish): Promise<void> {
  const closed = new Promise<void>((resolve) => session.browser.once('disconnected', () => resolve()));
  void session.visit('https://music.apple.com/');
  console.log(`${basename(findBrowserName(wish.engine))} is open; close it to end.`);
  const stop = new AbortController();
  void closed.then(() => stop.abort());
  if (lab !== null && wish.rehearse !== null) {
    const scenario = scenarioOf(wish.rehearse);
    if (scenario.ok) {
      console.log(`Rehearsing: ${scenario.value.title}, ${wish.speed} times faster than it was.`);
      await lab.run(scenario.value.raw, { speed: wish.speed, signal: stop.signal, onPhase: (phase) => console.log(`minute ${phase.atMinute ?? 0}${phase.note === undefined ? '' : `: ${phase.note}`}`) });
    }
  }
  await closed;
}

function findBrowserName(engine: Engine): string {
  const found = findBrowser(engine);
  return found.ok ? found.value.name : engine;
}

async function start(): Promise<Outcome<void>> {
  const wished = wishOf(process.argv.slice(2));
  if (!wished.ok) return wished;
  if (wished.value === 'help') {
    console.log(HELP);
    return success(undefined);
  }
  const wish = wished.value;
  const say = (line: string): void => console.error(line);
  const needs: Need[] = [wish.engine, ...(wish.rehearse === null ? [] : (['ip', 'nft', 'certutil', 'openssl'] as const))];
  const tools = ensure(needs, say);
  if (!tools.ok) return tools;

  let lab: Lab | null = null;
  if (wish.rehearse !== null) {
    const scenario = scenarioOf(wish.rehearse);
    if (!scenario.ok) return scenario;
    const { labUnavailable, openLab } = await import('./lab/lab.ts');
    const reason = labUnavailable();
    if (reason !== null) return flaw('--rehearse', reason);
    lab = await openLab();
  }
  let session: Session | null = null;
  const end = async (): Promise<void> => {
    await session?.close();
    await lab?.close();
  };
  process.once('SIGINT', () => void end().then(() => process.exit(130)));
  try {
    const opened = await open({ engine: wish.engine, language: wish.language, window: wish.window, ...(lab === null ? {} : { lab }) });
    if (!opened.ok) return opened;
    session = opened.value;
    await (wish.window ? windowed : headless)(session, lab, wish);
    return success(undefined);
  } finally {
    await end();
  }
}

if (import.meta.main) {
  const done = await start();
  if (!done.ok) {
    console.error(`${done.error.at}: ${done.error.reason}`);
    process.exitCode = 1;
  }
}
