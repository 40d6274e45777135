import { isStoreRole } from '../../utils/core/role.ts';
import type { Host } from './hosts.ts';

/**
 * One host's or role's part of a scenario phase (`fail`, `slow`, `by` as in the scenario format, or as its decoder gives them).
 * Beyond the names of the format `fail` takes those of HOSTILE, for answers that are meant to hurt the reader.
 */
export interface View {
  fail?: Readonly<Record<string, number>> | readonly (readonly [string, number])[];
  slow?: number;
  by?: 'edge' | 'origin' | null;
  note?: string;
  /** The user's resolver lies about this host: an address where `fail` happens (or, without `fail`, nobody is at home), or the null address. */
  lie?: 'wrong' | 'null';
}

export interface OfficialEntry {
  service: string;
  type: string;
  status: string;
  startedAtMinute: number;
  text: string;
}

/** A scenario phase as in the format, and what only the lab has: `byHost`, `captive`, `csp`, `sparedStorefronts`. */
export interface LabPhase {
  atMinute?: number;
  store?: View;
  hosts?: Readonly<Partial<Record<string, View>>>;
  neighbour?: View;
  controls?: View;
  resolver?: 'ok' | 'dead' | 'lies';
  doh?: 'same' | 'ok' | 'failing' | 'unreachable';
  client?: { online?: boolean; asleep?: boolean; clockSkewMinutes?: number; revoked?: readonly string[] };
  official?: readonly OfficialEntry[] | 'unreachable';
  world?: { failShare?: number; ownCountryFailShare?: number } | null;
  note?: string;
  /** By host name; wins over role and `store`. */
  byHost?: Readonly<Record<string, View>>;
  /** A captive portal owns everything: plain HTTP is led to its page, TLS meets its own certificate. */
  captive?: boolean;
  /** Countries (ISO 3166, lower case) whose storefront answers all the same: faults of requests pass by addresses that carry one of them. */
  sparedStorefronts?: readonly string[];
  /** Content-Security-Policy of the music pages, by the beginning of their path; the longest match wins. */
  csp?: Readonly<Record<string, string>>;
}

/** @returns the country that an address of the store carries, null where it carries none. */
export function storefrontOf(url: URL): string | null {
  return (url.searchParams.get('country') ?? /^\/(?:api\/v2\/)?([a-z]{2})\//i.exec(url.pathname)?.[1] ?? null)?.toLowerCase() ?? null;
}

export interface Chance {
  kind: string;
  /** Probability, given that the levels before let the request through. */
  share: number;
}

/** What happens to a host, level by level in the order a request meets them. */
export interface HostPlan {
  dns: Chance[];
  /** Decided by the packet filter when the first packet of a connection arrives. */
  packet: Chance[];
  /** Decided when a connection has been accepted. */
  connection: Chance[];
  /** Decided for each request. */
  request: Chance[];
  /** Factor on the time of an answer. */
  slow: number;
  by: 'edge' | 'origin' | null;
  /** Every answer ends its connection, so that each request meets the earlier levels anew. */
  closeEach: boolean;
  lie: 'wrong' | 'null' | null;
}

export const DNS_KINDS = ['dns.name_not_resolved', 'dns.failed', 'dns.timed_out'] as const;
export const PACKET_KINDS = ['tcp.timed_out', 'tcp.refused', 'tcp.address_unreachable'] as const;
export const CONNECTION_KINDS = [
  'tcp.reset', 'tcp.closed', 'tls.timed_out', 'tls.protocol.error', 'tls.cert.name_invalid', 'tls.cert.date_invalid', 'tls.cert.authority_invalid',
] as const;
/** `http.STATUS` comes on top of these. */
export const REQUEST_KINDS = [
  'http.timed_out', 'http.response.truncated', 'http.response.invalid', 'http.response.redirect_loop', 'http.protocol.error', 'content.unexpected', 'content.maintenance', 'content.stale',
  'redirect.foreign',
] as const;
/** Answers that are meant to hurt whoever reads them; names of the lab's own, after W3C's pattern. */
export const HOSTILE = [
  'hostile.huge', // 100 MB
  'hostile.trickle', // a byte a second for ten minutes
  'hostile.invalid_utf8',
  'hostile.not_json',
  'hostile.gzip_bomb', // 100 MB out of 100 kB
  'hostile.header_flood', // 200 headers of 1 kB
] as const;

export const HEALTHY: HostPlan = { dns: [], packet: [], connection: [], request: [], slow: 1, by: null, closeEach: false, lie: null };

const STATUS = /^http\.[1-5]\d\d$/;

function levelOf(kind: string): 'dns' | 'packet' | 'connection' | 'request' | null {
  if ((DNS_KINDS as readonly string[]).includes(kind)) return 'dns';
  if ((PACKET_KINDS as readonly string[]).includes(kind)) return 'packet';
  if ((CONNECTION_KINDS as readonly string[]).includes(kind)) return 'connection';
  if ((REQUEST_KINDS as readonly string[]).includes(kind) || (HOSTILE as readonly string[]).includes(kind) || STATUS.test(kind)) return 'request';
  return null;
}

function failuresOf(view: View | undefined): readonly (readonly [string, number])[] {
  const fail = view?.fail ?? [];
  return Array.isArray(fail) ? fail : Object.entries(fail);
}

/** @returns the plan of a view, and the names in it that a network cannot express. */
export function planView(view: View | undefined): { plan: HostPlan; notExpressible: string[] } {
  if (view === undefined) return { plan: HEALTHY, notExpressible: [] };
  const plan: HostPlan = { ...HEALTHY, dns: [], packet: [], connection: [], request: [], slow: view.slow ?? 1, by: view.by ?? null, lie: view.lie ?? null };
  const notExpressible: string[] = [];
  const entries = failuresOf(view).filter(([, share]) => share > 0);
  let before = 0;
  for (const level of ['dns', 'packet', 'connection', 'request'] as const) {
    const here = entries.filter(([kind]) => levelOf(kind) === level);
    const rest = 1 - before;
    for (const [kind, share] of here) {
      if (rest > 1e-9) plan[level].push({ kind, share: Math.min(1, share / rest) });
      before += share;
    }
    if (level !== 'request' && here.length > 0 && before < 1) plan.closeEach = true;
  }
  // A name that never resolves leads nowhere, also not for a browser that still remembers its address: Firefox uses a remembered address once more
  // while it asks anew. Refused (or, where the resolver is silent, kept waiting as by the resolver), it believes what it hears.
  const unresolved = plan.dns.reduce((sum, chance) => sum + chance.share, 0) > 1 - 1e-9;
  if (unresolved) plan.packet = plan.dns.map(({ kind, share }) => ({ kind: kind === 'dns.timed_out' ? 'tcp.timed_out' : 'tcp.refused', share }));
  for (const [kind] of entries) if (levelOf(kind) === null) notExpressible.push(kind);
  return { plan, notExpressible };
}

/** @returns the view of a host in a phase: by its name, else by its role, else (for the store) the store's. */
export function viewOf(phase: LabPhase, host: Host): View | undefined {
  const named = phase.byHost?.[host.name];
  if (named !== undefined) return named;
  const byRole = phase.hosts?.[host.role];
  if (byRole !== undefined) return byRole;
  return isStoreRole(host.role) ? phase.store : phase[host.role];
}

export interface PhasePlan {
  /** By host name: what happens at its true address. */
  at: Record<string, HostPlan>;
  /** By host name: what happens at the wrong address that a lying resolver gives. Left out where it does not lie. */
  atWrong: Record<string, HostPlan>;
  /** By host name: what the user's resolver says. */
  resolver: Record<string, { chances: Chance[]; lie: 'wrong' | 'null' | null }>;
  /** By host name: what a public resolver finds. */
  publicDns: Record<string, Chance[]>;
  resolverDead: boolean;
  online: boolean;
  /** The user's clock minus the true time, ms. His clock cannot be turned, so the servers' clocks are. */
  skewMs: number;
  /** What the phase asks for and a network cannot do, e.g. `blocked.by_client (storefront)`. */
  notExpressible: string[];
}

/** @returns what a phase does to every host; the same phase gives the same plan. */
export function planPhase(phase: LabPhase, hosts: readonly Host[]): PhasePlan {
  const result: PhasePlan = {
    at: {}, atWrong: {}, resolver: {}, publicDns: {}, resolverDead: phase.resolver === 'dead', online: phase.client?.online !== false,
    skewMs: (phase.client?.clockSkewMinutes ?? 0) * 60_000, notExpressible: [],
  };
  const missing = new Set<string>();
  const known = new Set(hosts.map((host) => host.name));
  for (const name of Object.keys(phase.byHost ?? {})) if (!known.has(name)) missing.add(`host ${name}`);
  if (phase.client?.asleep) missing.add('client.asleep');
  if (phase.client?.revoked?.length) missing.add('client.revoked');

  for (const host of hosts) {
    const view = viewOf(phase, host);
    const { plan, notExpressible } = planView(view);
    for (const kind of notExpressible) missing.add(`${kind} (${host.role})`);
    const failing = failuresOf(view).length > 0;
    // A resolver that lies does so about the names that fail; what the view tells is what happens at the wrong address.
    const lie = plan.lie ?? (phase.resolver === 'lies' && failing && plan.dns.length === 0 ? 'wrong' : null);
    result.resolver[host.name] = { chances: plan.dns, lie };
    const truthfully = phase.doh === 'ok' || phase.resolver === 'lies' || phase.resolver === 'dead';
    result.publicDns[host.name] = phase.doh === 'failing' && isStoreRole(host.role) ? [{ kind: 'dns.failed', share: 1 }] : truthfully ? [] : plan.dns;
    if (lie === null) {
      result.at[host.name] = plan;
    } else {
      result.at[host.name] = HEALTHY;
      // Where a lie is told and nothing else is said, nobody answers at the wrong address.
      result.atWrong[host.name] = failing ? plan : { ...HEALTHY, packet: [{ kind: 'tcp.timed_out', share: 1 }] };
    }
    if (host.doh && phase.doh === 'unreachable') result.at[host.name] = { ...HEALTHY, packet: [{ kind: 'tcp.timed_out', share: 1 }] };
    // As with views in which a name never resolves; a literal address needs no resolver.
    if (result.resolverDead && !host.literal) result.at[host.name] = { ...HEALTHY, packet: [{ kind: 'tcp.timed_out', share: 1 }] };
    if (phase.captive) {
      result.at[host.name] = host.name === 'login.hotspot.example' ? HEALTHY : { ...HEALTHY, connection: [{ kind: 'captive', share: 1 }] };
    }
  }
  result.notExpressible = [...missing].sort();
  return result;
}

/** A seeded stream of numbers in [0, 1): mulberry32 over an FNV-1a hash of the names given. */
export function stream(...names: (string | number)[]): () => number {
  let state = 0x811c9dc5;
  for (const char of names.join('/')) state = Math.imul(state ^ char.charCodeAt(0), 0x01000193);
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** @returns which of the chances comes true for this number, null for none. */
export function draw(chances: readonly Chance[], random: number): string | null {
  let sum = 0;
  for (const chance of chances) {
    sum += chance.share;
    if (random < sum) return chance.kind;
  }
  return null;
}
