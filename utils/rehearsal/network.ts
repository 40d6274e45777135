import { statusOf, type Failure, phaseOf } from '../core/failure.ts';
import type { Answer, Observation, Result } from '../core/observation.ts';
import type { OfficialReading } from '../core/official.ts';
import type { ResolverOpinion, StorefrontOpinion, WorldOpinion } from '../core/opinion.ts';
import type { Role } from '../core/role.ts';
import { HEALTHY_PHASE, viewOf, type Phase, type Scenario, type View } from '../core/scenario.ts';
import type { Target, TargetContext } from '../core/target.ts';
import { TARGETS } from '../core/targets.ts';
import { parseStatusFeed } from '../sources/status-feed.ts';
import { normalish, seededRandom } from './random.ts';

/**
 * The network of a scenario as one user's browser meets it. Everything here is synchronous and depends on the moment alone and
 * on one seeded sequence of accidents; `world.ts` puts a virtual clock around it.
 */

export type Engine = 'chromium' | 'firefox';

export const MINUTE = 60_000;
/** The prober's own timer. */
export const TIMEOUT_MS = 8_000;
/** Spread of healthy answer times: sigma of ln(time). */
const SPREAD = 0.25;
/** One answer in so many takes three times as long, as lines do. */
const LAGGARD = 1 / 200;

export interface NetworkOptions {
  engine: Engine;
  /** Any text; the same text gives the same accidents. */
  seed: string;
  /** Share of all requests that fail by accident of the line, 0 … 1. Default: none. */
  stray?: number;
}

/** One request at a moment, and everything else one can ask. `at` is true time, ms since the epoch; what is told carries the user's clock. */
export interface Network {
  phaseAt(at: number): Phase;
  /** The user's clock minus the true time, ms. */
  skewAt(at: number): number;
  /** When a machine that sleeps at this moment wakes; the moment itself where it is awake. Infinity: never within the scenario. */
  wakesAt(at: number): number;
  /** The next moment after `at` at which the machine falls asleep. */
  sleepsAfter(at: number): number;
  /** When a machine that is offline at this moment is online again; the moment itself where it is. */
  onlineFrom(at: number): number;
  request(target: Target, context: TargetContext, at: number): Observation;
  official(at: number): OfficialReading;
  resolver(hosts: readonly string[], at: number): ResolverOpinion;
  world(at: number): WorldOpinion | null;
  storefront(country: string, at: number): StorefrontOpinion;
}

/** What a browser of this kind reports of a failure; measured, see the table of background fetches in the platform notes. */
export function reportedAs(engine: Engine, failure: Failure): Failure {
  if (engine === 'chromium') {
    switch (failure) {
      case 'dns.failed':
        return 'dns.name_not_resolved';
      case 'dns.timed_out':
      case 'tcp.timed_out':
      case 'tls.timed_out':
      case 'http.timed_out':
        return 'timed_out';
      default:
        return failure;
    }
  }
  switch (failure) {
    case 'dns.failed':
      return 'dns.name_not_resolved';
    case 'dns.timed_out':
    case 'tcp.timed_out':
      return 'timed_out.unconnected';
    case 'tls.timed_out':
    case 'http.timed_out':
      return 'timed_out.connected';
    case 'tcp.address_unreachable':
    case 'tcp.failed':
      return 'tcp.refused';
    case 'tcp.closed':
      return 'tcp.reset';
    default:
      return failure.startsWith('tls.') ? 'tls.failed' : failure;
  }
}

/** Which steps a request takes: a fault in a step that it does not take cannot hit it. */
interface Steps {
  dns: boolean;
  tls: boolean;
}

const STEPS = new Map<string, Steps>();
function stepsOf(target: Target): Steps {
  let steps = STEPS.get(target.id);
  if (!steps) {
    const url = new URL(target.url({ country: 'jp', nonce: '0' }));
    steps = { dns: !/^[\d.]+$|^\[/.test(url.hostname), tls: url.protocol === 'https:' };
    STEPS.set(target.id, steps);
  }
  return steps;
}

/** Accidents of a poor line, most frequent first: silence, a lost connection, a resolver that stumbles. */
const STRAYS: readonly Failure[] = ['http.timed_out', 'tcp.timed_out', 'tcp.reset', 'dns.timed_out', 'dns.failed'];

/** Edge and site of the answers, so that they are there and do not change. */
const EDGES: Record<Role, [edge: string | null, site: string | null, cached: boolean | null]> = {
  storefront: ['fastly', 'NRT', false],
  catalog: ['akamai', 'MR22', false],
  directory: ['akamai', 'MR22', false],
  charts: ['akamai', null, false],
  artwork: ['akamai', null, true],
  audio: ['akamai', null, true],
  account: ['apple', 'MR22', null],
  purchase: ['apple', 'MR22', null],
  neighbour: ['apple', null, null],
  controls: [null, null, null],
};

const HOST_ROLES: ReadonlyMap<string, Role> = new Map(TARGETS.map((target) => [target.host, target.role]));
const FEED_SERVICES = ['App Store', 'Apple Music', 'iTunes Match', 'iTunes Store'];
/** Vantage points that give a usable vote, and those of them in the user's country. */
const VANTAGE_POINTS = 20;
const OWN_COUNTRY_POINTS = 5;

function head(target: Target, at: number, ms: number, status: number, by: Answer['by'], healthy: boolean): Answer {
  const [edge, site, cached] = EDGES[target.role];
  return {
    status,
    by,
    cached: healthy ? cached : null,
    edge: by === 'origin' && !healthy ? null : edge,
    site: by === 'edge' ? null : site,
    address: null,
    protocol: 'h2',
    // Servers tell the time in whole seconds.
    date: Math.floor((at + ms) / 1000) * 1000,
  };
}

/** @returns how many of so many votes fall to a share. */
function drawn(random: () => number, votes: number, share: number): number {
  let hits = 0;
  for (let i = 0; i < votes; i++) if (random() < share) hits++;
  return hits;
}

/**
 * Whether a fault of name resolution stands for a dead line, so that what is known by its address cannot be reached either. A resolver
 * that answers "no" proves the line; silence does so only where the scenario blames the resolver.
 */
function isDeadLine(phase: Phase, failure: Failure): boolean {
  return phase.doh === 'unreachable' || (failure === 'dns.timed_out' && phase.resolver === 'ok');
}

/** @returns the network of a scenario. Requests draw from one sequence: the order in which they are made is part of the result. */
export function createNetwork(scenario: Scenario, options: NetworkOptions): Network {
  const { engine } = options;
  const stray = options.stray ?? 0;
  const random = seededRandom(`${options.seed}/${scenario.id}/network`);
  const { phases, start, endMinute } = scenario;
  const overAt = endMinute !== null && phases.at(-1)!.atMinute < endMinute ? endMinute : Infinity;
  const feeds = new Map<Phase, string>();
  let cursor = 0;

  /** Time runs forward, so the phase is mostly the last one or the next. */
  function phaseAt(at: number): Phase {
    const minute = (at - start) / MINUTE;
    if (minute < 0 || minute >= overAt) return HEALTHY_PHASE;
    while (cursor + 1 < phases.length && phases[cursor + 1]!.atMinute <= minute) cursor++;
    while (cursor > 0 && phases[cursor]!.atMinute > minute) cursor--;
    return phases[cursor]!;
  }

  const skewAt = (at: number): number => phaseAt(at).client.clockSkewMinutes * MINUTE;

  function wakesAt(at: number): number {
    if (!phaseAt(at).client.asleep) return at;
    let index = cursor + 1;
    while (index < phases.length && phases[index]!.client.asleep) index++;
    const end = index < phases.length ? phases[index]!.atMinute : overAt;
    return start + end * MINUTE;
  }

  function onlineFrom(at: number): number {
    if (phaseAt(at).client.online) return at;
    let index = cursor + 1;
    while (index < phases.length && !phases[index]!.client.online) index++;
    return start + (index < phases.length ? phases[index]!.atMinute : overAt) * MINUTE;
  }

  function sleepsAfter(at: number): number {
    phaseAt(at);
    let index = at < start ? 0 : cursor + 1;
    while (index < phases.length && !phases[index]!.client.asleep) index++;
    return index < phases.length ? start + phases[index]!.atMinute * MINUTE : Infinity;
  }

  /** What happens to one request on the way; null: it is answered as it should be. */
  function fate(phase: Phase, view: View, steps: Steps): Failure | null {
    let draw = random();
    for (const [failure, share] of view.fail) {
      if (draw < share) {
        if (failure.startsWith('dns.') && !steps.dns) return isDeadLine(phase, failure) ? 'tcp.timed_out' : null;
        // A portal answers in plain HTTP what it cannot answer in TLS.
        if (failure.startsWith('tls.') && !steps.tls) return view.fail.some(([name]) => name === 'redirect.foreign') ? 'redirect.foreign' : null;
        return failure;
      }
      draw -= share;
    }
    if (stray > 0 && random() < stray) return STRAYS[Math.floor(random() * STRAYS.length)]!;
    return null;
  }

  function answerTime(target: Target, view: View): number {
    const laggard = random() < LAGGARD ? 3 : 1;
    return Math.max(5, Math.round(target.usualMs * view.slow * laggard * Math.exp(SPREAD * normalish(random))));
  }

  function observe(target: Target, at: number, ms: number, result: Result, answer: Answer | null, bytes: number): Observation {
    return { target: target.id, role: target.role, at: at + skewAt(at), ms, result, times: null, answer, bytes };
  }

  function failed(target: Target, at: number, ms: number, failure: Failure, answer: Answer | null = null): Observation {
    return observe(target, at, ms, { kind: 'failed', failure, phase: phaseOf(failure) }, answer, answer ? 500 : 0);
  }

  function request(target: Target, context: TargetContext, at: number): Observation {
    const phase = phaseAt(at);
    if (phase.client.revoked.includes(target.role)) return observe(target, at, 0, { kind: 'discarded', because: 'no-permission' }, null, 0);
    if (!phase.client.online) return failed(target, at, 1, 'local.offline');

    const view = viewOf(phase, target.role);
    const failure = fate(phase, view, stepsOf(target));
    if (failure === null || (failure === 'content.stale' && target.role !== 'charts')) {
      // Old data shows only where the answer carries its own date: in the charts.
      const ms = answerTime(target, view);
      if (ms > TIMEOUT_MS) return failed(target, at, TIMEOUT_MS, reportedAs(engine, 'http.timed_out'));
      return observe(target, at, ms, { kind: 'ok' }, head(target, at, ms, 200, null, true), 1200);
    }

    const status = statusOf(failure);
    if (status !== null || failure.startsWith('content.') || failure === 'redirect.foreign' || failure === 'http.response.truncated') {
      const ms = answerTime(target, view);
      if (ms > TIMEOUT_MS) return failed(target, at, TIMEOUT_MS, reportedAs(engine, 'http.timed_out'));
      if (failure === 'redirect.foreign') return failed(target, at, ms, failure);
      const answer = head(target, at, ms, status ?? 200, view.by, false);
      if (status === null) return failed(target, at, ms, failure, answer);
      // The product's own table judges the answer: it knows what is healthy though it looks sick, and what is about us.
      const text = view.by === 'origin' ? '{"errors":[{"status":"error"}]}' : '';
      const result = target.judge({ status, headers: {}, url: target.url(context), text, bytes: text.length, cut: false, now: at });
      return observe(target, at, ms, result, answer, 500);
    }
    return failed(target, at, failureTime(failure), reportedAs(engine, failure));
  }

  function failureTime(failure: Failure): number {
    if (failure.endsWith('timed_out')) return TIMEOUT_MS;
    if (failure.startsWith('blocked.') || failure.startsWith('local.')) return 1;
    // A refusal comes within a round trip or two.
    return Math.round(30 * Math.exp(0.5 * normalish(random))) + (failure.startsWith('tls.') ? 60 : 0);
  }

  /** Whether somebody unrelated, who is known by his address, can be reached at all. */
  function reaches(phase: Phase): boolean {
    if (!phase.client.online) return false;
    let share = 0;
    for (const [failure, part] of phase.controls.fail) if (!failure.startsWith('dns.') || isDeadLine(phase, failure)) share += part;
    return share === 0 || random() >= share;
  }

  function official(at: number): OfficialReading {
    const phase = phaseAt(at);
    const told = at + skewAt(at);
    if (phase.official === 'unreachable' || !reaches(phase)) return { kind: 'unreachable', at: told };
    let feed = feeds.get(phase);
    if (feed === undefined) {
      feed = feedText(scenario, phase);
      feeds.set(phase, feed);
    }
    const parsed = parseStatusFeed(feed, at);
    return parsed.ok ? { kind: 'read', at: told, events: parsed.value } : { kind: 'not-understood', at: told, reason: parsed.error.reason };
  }

  function resolver(hosts: readonly string[], at: number): ResolverOpinion {
    const phase = phaseAt(at);
    const opinion = (verdict: ResolverOpinion['verdict']): ResolverOpinion => ({ at: at + skewAt(at), verdict, details: [] });
    if (phase.doh === 'unreachable' || !reaches(phase)) return opinion('unreachable');
    if (phase.doh !== 'same') return opinion(phase.doh);
    for (const host of hosts) {
      let share = 0;
      for (const [failure, part] of viewOf(phase, HOST_ROLES.get(host) ?? 'storefront').fail) if (failure.startsWith('dns.')) share += part;
      if (share > 0 && random() < share) return opinion('failing');
    }
    return opinion('ok');
  }

  function world(at: number): WorldOpinion | null {
    const phase = phaseAt(at);
    if (phase.world === null || !reaches(phase)) return null;
    const own = drawn(random, OWN_COUNTRY_POINTS, phase.world.ownCountryFailShare);
    const elsewhere = VANTAGE_POINTS - OWN_COUNTRY_POINTS;
    const others = drawn(random, elsewhere, phase.world.failShare);
    return {
      at: at + skewAt(at),
      votes: VANTAGE_POINTS,
      failed: own + others,
      ownCountryVotes: OWN_COUNTRY_POINTS,
      ownCountryFailed: own,
      places: [{ country: 'JP', votes: OWN_COUNTRY_POINTS, failed: own }, { country: 'US', votes: elsewhere, failed: others }],
    };
  }

  /**
   * Another country's shop stands on the same hosts, over the same line: what fails on the way fails there too. An answer of the
   * application can differ; it does where vantage points show that mostly the own country's shop fails.
   */
  function storefront(country: string, at: number): StorefrontOpinion {
    const phase = phaseAt(at);
    const elsewhere = country === 'us' ? 'jp' : 'us';
    const catalog = TARGETS.find((target) => target.role === 'catalog')!;
    const seen = request(catalog, { country: elsewhere, nonce: '0' }, at);
    const answered = seen.result.kind === 'failed' && /^(http\.\d|content\.)/.test(seen.result.failure);
    const own = phase.world?.ownCountryFailShare ?? 0;
    const spared = answered && own >= 0.1 && random() >= phase.world!.failShare / own;
    return { at: at + skewAt(at), country: elsewhere, role: 'catalog', failed: seen.result.kind === 'failed' && !spared };
  }

  return { phaseAt, skewAt, wakesAt, sleepsAfter, onlineFrom, request, official, resolver, world, storefront };
}

/** The vendor's page as its feed would word it: through the same parser as the real one. */
function feedText(scenario: Scenario, phase: Phase): string {
  const events = new Map<string, unknown[]>(FEED_SERVICES.map((service) => [service, []]));
  for (const line of phase.official === 'unreachable' ? [] : phase.official) {
    const list = events.get(line.service) ?? [];
    events.set(line.service, list);
    const over = line.status === 'resolved' || line.status === 'completed';
    list.push({
      messageId: String(2_000_000_000 + Math.round(line.startedAtMinute)),
      statusType: line.type,
      eventStatus: line.status,
      epochStartDate: scenario.start + line.startedAtMinute * MINUTE,
      epochEndDate: over ? scenario.start + phase.atMinute * MINUTE : null,
      message: line.text,
      usersAffected: null,
      affectedServices: null,
    });
  }
  return JSON.stringify({
    drpost: false,
    drMessage: null,
    services: [...events].map(([serviceName, list]) => ({ serviceName, redirectUrl: null, events: list })),
  });
}
