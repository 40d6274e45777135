import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BROWSER, HOSTS, ROUTER, wrongAddress } from './hosts.ts';

/** Two network namespaces and the virtual cable between them. The names carry the owner's process id, so that leftovers of the dead are found. */
export interface Namespaces {
  browser: string;
  servers: string;
}

const PREFIX = 'tsunagaru';
export const CABLE = 'cable0';

function ip(...args: string[]): string {
  return execFileSync('ip', args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
}

/** Runs several `ip` commands inside a namespace. */
export function batch(namespace: string, lines: readonly string[]): void {
  execFileSync('ip', ['-n', namespace, '-batch', '-'], { input: `${lines.join('\n')}\n`, stdio: ['pipe', 'ignore', 'pipe'] });
}

/** Makes both namespaces with their addresses, routes and `/etc/resolv.conf`. */
export function makeNamespaces(): Namespaces {
  const name = `${PREFIX}-${process.pid}-${randomBytes(3).toString('hex')}`;
  const made = { browser: `${name}-browser`, servers: `${name}-servers` };
  const etc = join('/etc/netns', made.browser);
  mkdirSync(etc, { recursive: true });
  writeFileSync(join(etc, 'resolv.conf'), `nameserver ${ROUTER}\n`);
  writeFileSync(join(etc, 'hosts'), '127.0.0.1 localhost\n::1 localhost\n');
  writeFileSync(join(etc, 'nsswitch.conf'), 'passwd: files\ngroup: files\nhosts: files dns\n');
  ip('netns', 'add', made.browser);
  ip('netns', 'add', made.servers);
  ip('link', 'add', CABLE, 'netns', made.browser, 'type', 'veth', 'peer', 'name', CABLE, 'netns', made.servers);
  const addresses = [...HOSTS.map((host) => host.address), ...HOSTS.map((_, index) => wrongAddress(index))];
  batch(made.servers, ['link set lo up', `addr add ${ROUTER}/24 dev ${CABLE}`, ...addresses.map((address) => `addr add ${address}/32 dev lo`), `link set ${CABLE} up`]);
  // An IPv6 address that appears a second later would be a change of network in the middle of the first requests.
  batch(made.browser, ['link set lo up', `link set ${CABLE} addrgenmode none`, `addr add ${BROWSER}/24 dev ${CABLE}`, `link set ${CABLE} up`, `route add default via ${ROUTER}`]);
  return made;
}

/** Ends the processes inside (all of them were started there by a lab) and removes both namespaces. Never throws. */
export function removeNamespaces(namespaces: Namespaces, keep?: number): void {
  for (const name of [namespaces.browser, namespaces.servers]) {
    try {
      for (const pid of ip('netns', 'pids', name).split('\n').filter(Boolean).map(Number)) {
        if (pid !== keep) try { process.kill(pid, 'SIGKILL'); } catch { /* gone already */ }
      }
      ip('netns', 'del', name);
    } catch { /* not there any more */ }
    rmSync(join('/etc/netns', name), { recursive: true, force: true });
  }
}

/** @returns a folder of this process for one lab. */
export function makeDirectory(): string {
  return mkdtempSync(join(tmpdir(), `${PREFIX}-lab-${process.pid}-`));
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

function listing(directory: string): string[] {
  try {
    return readdirSync(directory);
  } catch {
    return [];
  }
}

/** Removes what labs have left behind whose process is dead: namespaces (with the processes in them) and folders. */
export function removeStale(): void {
  const stale = new Set<string>();
  for (const name of [...listing('/run/netns'), ...listing('/etc/netns')]) {
    const match = new RegExp(`^(${PREFIX}-(\\d+)-[0-9a-f]+)-(?:browser|servers)$`).exec(name);
    if (match !== null && !isAlive(Number(match[2]))) stale.add(match[1]!);
  }
  for (const name of stale) removeNamespaces({ browser: `${name}-browser`, servers: `${name}-servers` });
  for (const name of listing(tmpdir())) {
    const match = new RegExp(`^${PREFIX}-lab-(\\d+)-`).exec(name);
    if (match !== null && !isAlive(Number(match[1]))) rmSync(join(tmpdir(), name), { recursive: true, force: true });
  }
}
