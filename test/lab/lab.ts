import { execFileSync, spawn } from 'node:child_process';
import type { ChildProcess, SpawnOptions } from 'node:child_process';
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { makeCertificates } from './certificates.ts';
import { HOSTS, SHARED_EDGE } from './hosts.ts';
import { makeDirectory, makeNamespaces, removeNamespaces, removeStale } from './namespaces.ts';
import type { Namespaces } from './namespaces.ts';
import type { LabPhase } from './plan.ts';

export type { LabPhase, View } from './plan.ts';

/**
 * A tiny internet on one machine. A browser lives in one network namespace, the servers, the resolver and a packet filter in another; a virtual
 * cable joins them. The production build with its real host names and ports runs in it unchanged, and every fault of a scenario is a real one.
 *
 * How shares below 1 are decided (all by the seed): answers by request; what happens to a connection (reset, TLS) when it is accepted; dropped,
 * refused and unreachable when its first packet comes, in the kernel; names when they are asked for. Where a view has failures before HTTP with
 * shares below 1, every answer ends its connection, so that each request meets them anew. Connections to one address and questions for one name
 * within 0.7 s share one fate (a silent resolver: 12 s), for browsers open spare connections and repeat questions on their own. Shares of DNS
 * failures are by question, and browsers remember answers.
 */

/** What the process inside the servers' namespace is told at its start. */
export interface ServerConfig {
  seed: number;
  namespaces: Namespaces;
  socket: string;
  directory: string;
  latencyMs: number;
  sharedEdge: boolean;
}

/** The control protocol's `apply`. */
export interface ApplyParams {
  phase: LabPhase;
  /** Real time (ms) of the scenario's minute 0, and how long a minute takes. */
  originAt: number;
  minuteMs: number;
  keepNames: boolean;
}

export interface ApplyOptions {
  /**
   * When what the user's resolver says changes, the browser is made to forget names (`jolt`), as if those it remembers had run out; otherwise
   * Chromium would go on with them for up to a minute. `true`: it is left alone.
   */
  keepNames?: boolean;
}

/** What was asked of the tiny internet, in the order it came. Times in ms since the epoch. */
export type LabLogEntry =
  | { kind: 'dns'; at: number; name: string; type: string; outcome: string }
  /**
   * Bytes are those of the TCP payload, TLS and all; they are known when the connection is closed. `resumed`: whether TLS went on with a session of
   * before (a ticket), so that no certificate was sent; null where TLS was never agreed on.
   */
  | { kind: 'connection'; at: number; host: string; port: number; wrong: boolean; outcome: string; bytesIn: number; bytesOut: number; closedAt: number | null; resumed: boolean | null }
  /** `status` is null where no answer was given; `bytes` are those of the body as sent. */
  | { kind: 'request'; at: number; host: string; method: string; path: string; secure: boolean; protocol: string; status: number | null; bytes: number; outcome: string; userAgent: string };

export type LabLogRequest = Extract<LabLogEntry, { kind: 'request' }>;

/** A scenario as far as the lab needs it. */
export interface LabScenario {
  id?: string;
  endMinute?: number | null;
  phases: readonly LabPhase[];
}

export interface RunOptions extends ApplyOptions {
  /** How many times faster than real time the scenario's clock goes; 1 unless told. */
  speed?: number;
  onPhase?: (phase: LabPhase, notExpressible: readonly string[]) => void;
  signal?: AbortSignal;
}

/** The lab as a driver sees it: from outside, or from inside the browser's namespace (`attachLab`). */
export interface LabControl {
  /**
   * Makes a phase true from now on; what it leaves out is healthy. Connections to hosts whose fate changed are cut.
   * @returns what the phase asks for and a network cannot do.
   */
  apply(phase: LabPhase, options?: ApplyOptions): Promise<{ notExpressible: string[] }>;
  /** Makes everything healthy. */
  clear(): Promise<void>;
  /** Plays a scenario phase by phase and leaves everything healthy; resolves at its end (last phase + 60 minutes where `endMinute` is null) or on abort. */
  run(scenario: LabScenario, options?: RunOptions): Promise<void>;
  /** Everything that was asked: names, connections, requests. */
  log(): Promise<LabLogEntry[]>;
  /** Only the HTTP requests. */
  requests(): Promise<LabLogRequest[]>;
  /** Empties the log. */
  forget(): Promise<void>;
  /** Tells the browser that its network changed, upon which it forgets resolved names and idle connections (and fails requests under way). */
  jolt(): Promise<void>;
}

export interface Lab extends LabControl {
  namespaces: Namespaces;
  /** The authority to trust, PEM. */
  caFile: string;
  /** HOME of everything that runs inside: Chromium finds the authority in its `.pki/nssdb`. */
  home: string;
  /** Folder of this instance; gone after `close`. */
  directory: string;
  /** The unix socket of the control protocol; `attachLab` inside finds it in TSUNAGARU_LAB. */
  socket: string;
  /** @returns the command that runs `argv` inside the browser's namespace. */
  browserCommand(argv: readonly string[]): string[];
  /** Runs a command inside the browser's namespace, e.g. `[nodeBinary, 'driver.ts']` for a whole driver. It dies with the lab. */
  enter(argv: readonly string[], options?: SpawnOptions): ChildProcess;
  /** @returns the path of a script that runs `program` inside the browser's namespace with all arguments and open pipes passed on: for puppeteer's executablePath. */
  wrap(program: string): string;
  /** Makes a port of the loopback inside reachable at the same port outside, for Firefox's WebDriver BiDi. @returns how to end it. */
  relay(port: number): Promise<() => Promise<void>>;
  /** Makes a profile folder trust the authority. Chromium takes it from HOME instead, so that there the folder is only made. */
  prepareProfile(directory: string, browser: 'chromium' | 'firefox'): void;
  /** Ends everything inside and removes all traces. */
  close(): Promise<void>;
}

export interface LabOptions {
  /** Of every share below 1; 1 unless told. */
  seed?: number;
  /** Time of a healthy answer, ms. 40 unless told; `slow` multiplies it. */
  latencyMs?: number;
  /** The hosts of `SHARED_EDGE` answer at one address, with one certificate. No faults by host then. */
  sharedEdge?: boolean;
}

const ROOT = join(import.meta.dirname, '../..');

const INSTALLED = join(ROOT, 'node_modules/node/bin/node');
/** A Node that runs TypeScript: the one the project installs, else this one. */
export const nodeBinary: string = existsSync(INSTALLED) ? INSTALLED : process.execPath;

/**
 * What a Firefox inside needs set: it keeps names for two minutes unless told not to, whatever their time to live. (Chromium keeps them for
 * one and can only be told by `jolt`.) `prepareProfile` writes it; for puppeteer, which writes its own, pass it as `extraPrefsFirefox`.
 */
export const firefoxPrefs: Readonly<Record<string, string | number | boolean>> = {
  'network.dnsCacheExpiration': 0,
  'network.dnsCacheExpirationGracePeriod': 0,
  'network.captive-portal-service.enabled': false,
  'network.connectivity-service.enabled': false,
};

/** @returns why the lab cannot run here, null where it can. */
export function labUnavailable(): string | null {
  if (process.platform !== 'linux') return `the lab needs Linux network namespaces; this is ${process.platform}`;
  if (process.getuid?.() !== 0) return 'the lab needs root to make network namespaces';
  for (const [command, ...args] of [['ip', '-V'], ['nft', '--version'], ['openssl', 'version'], ['certutil', '-H']] as const) {
    try {
      execFileSync(command, args, { stdio: 'ignore' });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return `the lab needs the command "${command}"`;
    }
  }
  const probe = `tsunagaru-probe-${process.pid}`;
  try {
    execFileSync('ip', ['netns', 'add', probe], { stdio: 'pipe' });
    execFileSync('ip', ['netns', 'exec', probe, 'nft', 'add', 'table', 'inet', 'probe'], { stdio: 'pipe' });
    return null;
  } catch (error) {
    return `network namespaces are not allowed here: ${String((error as { stderr?: Buffer }).stderr ?? error).trim()}`;
  } finally {
    try { execFileSync('ip', ['netns', 'del', probe], { stdio: 'ignore' }); } catch { /* was not made */ }
  }
}

class Control implements LabControl {
  readonly #socket: net.Socket;
  readonly #waiting = new Map<number, { resolve: (value: unknown) => void; reject: (error: Error) => void }>();
  #next = 1;

  constructor(socket: net.Socket) {
    this.#socket = socket;
    createInterface({ input: socket }).on('line', (line) => {
      const { id, result, error } = JSON.parse(line) as { id: number; result?: unknown; error?: string };
      const waiting = this.#waiting.get(id);
      this.#waiting.delete(id);
      if (error === undefined) waiting?.resolve(result);
      else waiting?.reject(new Error(error));
    }).on('error', () => undefined);
    const fail = (): void => {
      for (const { reject } of this.#waiting.values()) reject(new Error('the lab has ended'));
      this.#waiting.clear();
    };
    socket.on('error', fail);
    socket.on('close', fail);
    socket.unref();
  }

  #call<T>(method: string, params: unknown = null): Promise<T> {
    const id = this.#next;
    this.#next += 1;
    return new Promise((resolve, reject) => {
      if (!this.#socket.writable) {
        reject(new Error('the lab has ended'));
        return;
      }
      this.#socket.ref();
      const settle = <A>(then: (value: A) => void) => (value: A): void => {
        if (this.#waiting.size === 0) this.#socket.unref();
        then(value);
      };
      this.#waiting.set(id, { resolve: settle((value) => resolve(value as T)), reject: settle(reject) });
      this.#socket.write(`${JSON.stringify({ id, method, params })}\n`);
    });
  }

  #apply(params: ApplyParams): Promise<{ notExpressible: string[] }> {
    return this.#call('apply', params);
  }

  apply(phase: LabPhase, options: ApplyOptions = {}): Promise<{ notExpressible: string[] }> {
    return this.#apply({ phase, originAt: Date.now() - (phase.atMinute ?? 0) * 60_000, minuteMs: 60_000, keepNames: options.keepNames ?? false });
  }

  async clear(): Promise<void> {
    await this.apply({});
  }

  async run(scenario: LabScenario, options: RunOptions = {}): Promise<void> {
    const minuteMs = 60_000 / (options.speed ?? 1);
    const originAt = Date.now();
    const until = async (minute: number): Promise<void> => {
      // A timer takes at most 2^31 ms, some scenarios last longer.
      for (;;) {
        const left = originAt + minute * minuteMs - Date.now();
        if (left <= 0) return;
        await sleep(Math.min(left, 2_000_000_000), undefined, { signal: options.signal });
      }
    };
    try {
      for (const phase of scenario.phases) {
        await until(phase.atMinute ?? 0);
        const { notExpressible } = await this.#apply({ phase, originAt, minuteMs, keepNames: options.keepNames ?? false });
        options.onPhase?.(phase, notExpressible);
      }
      await until(scenario.endMinute ?? (scenario.phases.at(-1)?.atMinute ?? 0) + 60);
    } catch (error) {
      if (!options.signal?.aborted) throw error;
    }
    await this.clear();
  }

  log(): Promise<LabLogEntry[]> {
    return this.#call('log');
  }

  async requests(): Promise<LabLogRequest[]> {
    return (await this.log()).filter((entry) => entry.kind === 'request');
  }

  async forget(): Promise<void> {
    await this.#call('forget');
  }

  async jolt(): Promise<void> {
    await this.#call('jolt');
  }

  end(): void {
    this.#socket.destroy();
  }
}

function connect(path: string): Promise<net.Socket> {
  return new Promise((resolve, reject) => {
    const socket = net.connect(path, () => resolve(socket));
    socket.once('error', reject);
  });
}

/** For a driver that was started by `enter`: the controls of the lab around it. */
export async function attachLab(path = process.env['TSUNAGARU_LAB']): Promise<LabControl & { end(): void }> {
  if (path === undefined) throw new Error('TSUNAGARU_LAB is not set: this process does not run inside a lab');
  return new Control(await connect(path));
}

function nssDatabase(directory: string, caFile: string): void {
  mkdirSync(directory, { recursive: true });
  if (!existsSync(join(directory, 'cert9.db'))) execFileSync('certutil', ['-N', '-d', `sql:${directory}`, '--empty-password'], { stdio: 'pipe' });
  execFileSync('certutil', ['-A', '-d', `sql:${directory}`, '-n', 'Tsunagaru lab', '-t', 'C,,', '-i', caFile], { stdio: 'pipe' });
}

function shellQuote(word: string): string {
  return `'${word.replaceAll("'", "'\\''")}'`;
}

/** Starts a lab with everything healthy. Several can run beside one another. */
export async function openLab(options: LabOptions = {}): Promise<Lab> {
  const reason = labUnavailable();
  if (reason !== null) throw new Error(reason);
  removeStale();
  const directory = makeDirectory();
  const home = join(directory, 'home');
  mkdirSync(home);
  const certificates = makeCertificates(directory, HOSTS.map((host) => host.name), options.sharedEdge === true ? SHARED_EDGE : []);
  writeFileSync(join(directory, 'certificates.json'), JSON.stringify(certificates));
  const caFile = join(directory, 'ca.pem');
  nssDatabase(join(home, '.pki/nssdb'), caFile);

  const namespaces = makeNamespaces();
  const socket = join(directory, 'control.sock');
  const config: ServerConfig = { seed: options.seed ?? 1, namespaces, socket, directory, latencyMs: options.latencyMs ?? 40, sharedEdge: options.sharedEdge ?? false };
  const servers = spawn('ip', ['netns', 'exec', namespaces.servers, nodeBinary, '--disable-warning=ExperimentalWarning', join(import.meta.dirname, 'server.ts'), JSON.stringify(config)], { stdio: ['pipe', 'pipe', 'inherit'] });
  const ended = new Promise<void>((resolve) => servers.once('exit', () => resolve()));
  const ready = await Promise.race([
    new Promise<boolean>((resolve) => servers.stdout.once('data', () => resolve(true))),
    ended.then(() => false),
  ]);
  if (!ready) {
    removeNamespaces(namespaces);
    rmSync(directory, { recursive: true, force: true });
    throw new Error('the lab servers did not start; their words are above');
  }
  const control = new Control(await connect(socket));

  const environment = [`HOME=${home}`, `TSUNAGARU_LAB=${socket}`, `NODE_EXTRA_CA_CERTS=${caFile}`, `CURL_CA_BUNDLE=${caFile}`];
  const browserCommand = (argv: readonly string[]): string[] => ['ip', 'netns', 'exec', namespaces.browser, 'env', ...environment, ...argv];
  const enter = (argv: readonly string[], spawnOptions: SpawnOptions = {}): ChildProcess => {
    const [command, ...args] = browserCommand(argv);
    return spawn(command!, args, spawnOptions);
  };
  const relays = new Set<() => Promise<void>>();

  const lab: Lab = {
    namespaces, caFile, home, directory, socket, browserCommand, enter,
    apply: (phase, applyOptions) => control.apply(phase, applyOptions),
    clear: () => control.clear(),
    run: (scenario, runOptions) => control.run(scenario, runOptions),
    log: () => control.log(),
    requests: () => control.requests(),
    forget: () => control.forget(),
    jolt: () => control.jolt(),
    wrap(program) {
      const path = join(directory, `run-${program.split('/').at(-1)}`);
      writeFileSync(path, `#!/bin/sh\nexec ${browserCommand([program]).map(shellQuote).join(' ')} "$@"\n`, { mode: 0o755 });
      return path;
    },
    async relay(port) {
      const path = join(directory, `relay-${port}.sock`);
      const inside = enter([nodeBinary, '-e', `require('net').createServer((a)=>{const b=require('net').connect(${port},'127.0.0.1');a.pipe(b);b.pipe(a);a.on('error',()=>b.destroy());b.on('error',()=>a.destroy())}).listen(${JSON.stringify(path)},()=>console.log('ready'))`], { stdio: ['ignore', 'pipe', 'inherit'] });
      await new Promise((resolve) => inside.stdout!.once('data', resolve));
      const outside = net.createServer((client) => {
        const through = net.connect(path);
        client.pipe(through);
        through.pipe(client);
        client.on('error', () => through.destroy());
        through.on('error', () => client.destroy());
      });
      await new Promise<void>((resolve, reject) => outside.once('error', reject).listen(port, '127.0.0.1', resolve));
      const end = async (): Promise<void> => {
        relays.delete(end);
        inside.kill('SIGKILL');
        await new Promise((resolve) => outside.close(resolve));
      };
      relays.add(end);
      return end;
    },
    prepareProfile(profile, browser) {
      mkdirSync(profile, { recursive: true });
      if (browser !== 'firefox') return;
      nssDatabase(profile, caFile);
      writeFileSync(join(profile, 'user.js'), Object.entries(firefoxPrefs).map(([name, value]) => `user_pref(${JSON.stringify(name)}, ${JSON.stringify(value)});\n`).join(''));
    },
    async close() {
      for (const end of relays) await end();
      control.end();
      servers.stdin.end();
      await ended;
      removeNamespaces(namespaces);
      rmSync(directory, { recursive: true, force: true });
    },
  };
  return lab;
}
