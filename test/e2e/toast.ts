/**
 * A notification as a person meets it: a display without a screen, a message bus, a notification daemon, Chromium with a window in the lab, and a store
 * that fails. What the browser hands to the desktop is read on the bus, and the display is photographed.
 *
 *   node test/e2e/toast.ts          # writes .output/screenshots/toast.png and prints one line of JSON
 */
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { flaw, success, type Outcome } from '../../utils/core/result.ts';
import { openLab, type Lab } from '../lab/lab.ts';
import { ensure, findCommand, NOTIFICATION_DAEMON, type Need } from '../setup/ensure.ts';
import { ROOT } from './build.ts';
import { open, until, type Session } from './driver.ts';
import { Station, whyNot } from './station.ts';

export interface Toast {
  /** What the browser asked the desktop to show. */
  title: string;
  body: string;
  /** Words of the buttons. */
  buttons: string[];
  /** Part of the browser's bars at the top that it covers, 0 … 1. No page draws there. */
  area: number;
  picture: string;
}

const NEEDS: readonly Need[] = ['xvfb', 'dbus-daemon', 'dbus-monitor', 'notification-daemon', 'import'];
const WIDTH = 1280;
const HEIGHT = 800;
/** Tabs and address, px: where the desktop shows its notifications. */
const BARS = 85;
const PICTURE = join(ROOT, '.output/screenshots/toast.png');

/** @returns why it cannot be done here; null where it can. On Debian as root what is missing is installed. */
export function whyNoToast(): string | null {
  const browser = whyNot('chromium');
  if (browser !== null) return browser;
  const tools = ensure(NEEDS);
  return tools.ok ? null : `${tools.error.at}: ${tools.error.reason}`;
}

/** Starts a program and resolves with the first line that it writes. */
function firstLine(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = '';
    child.stdout!.on('data', (part: Buffer) => {
      text += part.toString();
      if (text.includes('\n')) resolve(text.split('\n')[0]!);
    });
    child.once('error', reject).once('exit', (code) => reject(new Error(`${child.spawnfile} ended with ${code}`)));
  });
}

/** One call of `Notify`, as `dbus-monitor` prints it: application, number to replace, icon, title, body, actions (name and words in turn). */
export function readNotify(text: string): { title: string; body: string; buttons: string[] } | null {
  const call = text.split(/^(?=method call )/m).findLast((one) => one.includes('member=Notify'));
  const inner = call === undefined ? undefined : /\n {3}string "[\s\S]*?"\n {3}uint32 \d+\n {3}string "[\s\S]*?"\n {3}string "([\s\S]*?)"\n {3}string "([\s\S]*?)"\n {3}array \[\n([\s\S]*?)\n {3}\]/.exec(call);
  if (!inner) return null;
  const actions = [...inner[3]!.matchAll(/string "(.*)"/g)].map((one) => one[1]!);
  // `default` is the notification itself, `settings` is Chromium's own.
  const buttons = actions.filter((_, index) => index % 2 === 1 && !['default', 'settings'].includes(actions[index - 1]!));
  return { title: inner[1]!, body: inner[2]!, buttons };
}

/** Photographs the display. @returns its pixels, three bytes each */
function photograph(display: string, file?: string): Buffer {
  const done = spawnSync('import', ['-display', display, '-window', 'root', ...(file === undefined ? ['-depth', '8', 'rgb:-'] : [file])], { maxBuffer: 4 * WIDTH * HEIGHT, env: { PATH: process.env['PATH'] } });
  if (done.status !== 0) throw new Error(`import: ${done.stderr.toString().trim()}`);
  return done.stdout;
}

/** @returns the part of the pixels of the window's own bars that is not the same */
function difference(one: Buffer, other: Buffer): number {
  const all = WIDTH * BARS;
  let pixels = 0;
  for (let at = 0; at < all * 3; at += 3) if (!one.subarray(at, at + 3).equals(other.subarray(at, at + 3))) pixels += 1;
  return pixels / all;
}

const settle = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 1_500));

/** Lets the store fail and photographs what the desktop shows. @returns what it was, or what went wrong */
export async function toast(): Promise<Outcome<Toast>> {
  const reason = whyNoToast();
  if (reason !== null) return flaw('toast', reason);
  const folder = mkdtempSync(join(tmpdir(), 'tsunagaru-toast-'));
  const started: ChildProcess[] = [];
  const before = { DISPLAY: process.env['DISPLAY'], DBUS_SESSION_BUS_ADDRESS: process.env['DBUS_SESSION_BUS_ADDRESS'] };
  let lab: Lab | null = null;
  let session: Session | null = null;
  try {
    // A socket with a path: an abstract one cannot be reached from the lab's network.
    const bus = spawn(findCommand('dbus-daemon')!, ['--session', '--nofork', '--nopidfile', '--print-address', `--address=unix:path=${join(folder, 'bus')}`], { stdio: ['ignore', 'pipe', 'ignore'] });
    started.push(bus);
    const screen = spawn(findCommand('Xvfb')!, ['-displayfd', '1', '-screen', '0', `${WIDTH}x${HEIGHT}x24`, '-nolisten', 'tcp'], { stdio: ['ignore', 'pipe', 'ignore'] });
    started.push(screen);
    const display = `:${await firstLine(screen)}`;
    process.env['DISPLAY'] = display;
    process.env['DBUS_SESSION_BUS_ADDRESS'] = await firstLine(bus);
    let heard = '';
    const monitor = spawn(findCommand('dbus-monitor')!, ['--session', "interface='org.freedesktop.Notifications'"], { stdio: ['ignore', 'pipe', 'ignore'] });
    started.push(monitor);
    monitor.stdout.on('data', (part: Buffer) => { heard += part.toString(); });
    started.push(spawn(NOTIFICATION_DAEMON, [], { stdio: 'ignore' }));

    lab = await openLab();
    const opened = await open({ engine: 'chromium', lab, window: true, args: ['--window-position=0,0', `--window-size=${WIDTH},${HEIGHT}`, '--disable-gpu'] });
    if (!opened.ok) return opened;
    session = opened.value;
    const station = new Station('chromium', lab, session);
    await station.fresh();
    await station.page.bringToFront();
    await settle();
    const healthy = photograph(display);
    await station.apply({ store: { fail: { 'http.503': 1 }, by: 'origin' } });
    await station.verdict();
    await station.bannerIs(true);
    const told = await until('the call of Notify', 10_000, async () => readNotify(heard));
    // It fades in.
    await settle();
    mkdirSync(dirname(PICTURE), { recursive: true });
    photograph(display, PICTURE);
    return success({ ...told, area: Math.round(difference(healthy, photograph(display)) * 100) / 100, picture: PICTURE });
  } finally {
    await session?.close();
    await lab?.close();
    for (const child of started.toReversed()) child.kill('SIGKILL');
    for (const [name, value] of Object.entries(before)) {
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
    rmSync(folder, { recursive: true, force: true });
  }
}

if (import.meta.main) {
  const done = await toast();
  if (done.ok) console.log(JSON.stringify(done.value));
  else {
    console.error(`${done.error.at}: ${done.error.reason}`);
    process.exitCode = 1;
  }
}
