import { HEALTHY_PHASE, type OfficialLine, type Phase, type Scenario, type View } from '../../utils/core/scenario.ts';
import { STORE_ROLES, type StoreRole } from '../../utils/core/role.ts';
import { normalish, seededRandom } from '../../utils/rehearsal/random.ts';

/**
 * A year on a poor home line, drawn at random: a laptop that sleeps 14 hours a day, a router that restarts each night, a captive portal
 * twice a week, an hour of VPN a day, a resolver that stumbles every few days, and between all that a few real outages of the store.
 * One request in 200 fails by accident besides (`STRAY`).
 */

export const STRAY = 0.005;

const HOUR = 60;
const DAY = 24 * HOUR;
/** Local hours (Japan) in which the laptop is awake: 10 a day. */
const AWAKE: readonly (readonly [number, number])[] = [[7 * HOUR, 9 * HOUR], [15.5 * HOUR, 23.5 * HOUR]];
/**
 * An outage that the awake laptop could watch for so long on a working line must be found, minutes: one of the parts that are asked in
 * every check within two checks, one of a single function, which takes its turn, within the half hour in which all have had theirs.
 */
export const MUST_FIND_MIN = 10;
export const MUST_FIND_FUNCTION_MIN = 30;
/** Recorded over three years: the vendor's first posting lags 73 minutes, and 17 % are posted only when they are over. */
const ADMITTED_AFTER_MIN = 73;
const NEVER_ADMITTED = 0.17;

/** A stretch of time in which something is the case, minutes since the start. */
interface Stretch {
  from: number;
  to: number;
}

export interface RealOutage extends Stretch {
  kind: string;
  hosts: Partial<Record<StoreRole, View>>;
}

/** @returns for how many watchable minutes an outage may go unnoticed. */
export function mustFindWithin({ hosts }: Pick<RealOutage, 'hosts'>): number {
  return hosts.catalog?.fail.length || hosts.storefront?.fail.length ? MUST_FIND_MIN : MUST_FIND_FUNCTION_MIN;
}

export interface PoorYear {
  scenario: Scenario;
  outages: RealOutage[];
  /** The minutes of an outage in which the laptop was awake and its line worked. */
  watchable(outage: Stretch): Stretch[];
}

function view(fail: Partial<Record<string, number>>, slow = 1, by: View['by'] = null): View {
  return { fail: Object.entries(fail) as unknown as View['fail'], slow, by };
}

const all = (one: View): Partial<Record<StoreRole, View>> => Object.fromEntries(STORE_ROLES.map((role) => [role, one]));

const OUTAGES: readonly (readonly [kind: string, hosts: Partial<Record<StoreRole, View>>])[] = [
  ['everything answers 503', all(view({ 'http.503': 0.9 }, 2, 'edge'))],
  ['half of the application times out', { ...all(view({ 'http.timed_out': 0.5, 'http.503': 0.1 }, 3)), artwork: view({}), audio: view({}) }],
  ['no binaries', { artwork: view({ 'tcp.timed_out': 0.8 }), audio: view({ 'tcp.timed_out': 0.8 }) }],
  ['no audio', { audio: view({ 'http.503': 0.9 }, 1, 'origin') }],
  ['no sign-in', { account: view({ 'http.500': 0.8 }, 2, 'origin') }],
  ['no purchases', { purchase: view({ 'http.503': 0.7 }, 2, 'origin') }],
  ['names do not resolve', all(view({ 'dns.failed': 0.95 }))],
  ['catalogue slow and failing', { catalog: view({ 'http.504': 0.3 }, 6, 'edge'), storefront: view({ 'http.504': 0.2 }, 4, 'edge') }],
  ['expired certificate', all(view({ 'tls.cert.date_invalid': 1 }))],
];

const DEAD = view({ 'tcp.timed_out': 0.5, 'dns.timed_out': 0.5 });

/** Adds a second trouble: it hits what the first one lets through. */
function both(a: View, b: View): View {
  const passing = 1 - a.fail.reduce((sum, [, share]) => sum + share, 0);
  return { fail: [...a.fail, ...b.fail.map(([failure, share]) => [failure, share * passing] as const)], slow: a.slow * b.slow, by: a.by ?? b.by };
}

/** @param outages how many real outages the year holds; their moments are drawn so that the laptop is awake when they begin */
export function poorYear(seed: string, outages: number, days = 365): PoorYear {
  const random = seededRandom(`${seed}/year`);
  const between = (low: number, high: number): number => low + random() * (high - low);
  const awakeMinute = (day: number): number => {
    const [from, to] = AWAKE[random() < 0.2 ? 0 : 1]!;
    return day * DAY + between(from, to);
  };

  const asleep: Stretch[] = [];
  const silent: Stretch[] = [];
  const offline: Stretch[] = [];
  const portal: Stretch[] = [];
  const vpn: Stretch[] = [];
  const resolver: Stretch[] = [];
  for (let day = 0; day < days; day++) {
    const [[wakes, leaves], [returns, sleeps]] = [AWAKE[0]!, AWAKE[1]!];
    const at = (minute: number): number => day * DAY + minute + between(-10, 10);
    asleep.push({ from: day === 0 ? 0 : asleep.at(-1)!.to, to: at(wakes) }, { from: at(leaves), to: at(returns) });
    asleep[asleep.length - 2]!.from = day === 0 ? 0 : asleep[asleep.length - 2]!.from;
    const night = at(sleeps);
    // Late in the evening, while somebody still sits there; one of the three stages each has its own face.
    const restart = day * DAY + between(21.5 * HOUR, 23.25 * HOUR);
    silent.push({ from: restart, to: restart + between(0.3, 1) });
    offline.push({ from: silent.at(-1)!.to, to: silent.at(-1)!.to + between(0.5, 2) });
    silent.push({ from: offline.at(-1)!.to, to: offline.at(-1)!.to + between(0.3, 1.5) });
    if (random() < 2 / 7) {
      const begin = awakeMinute(day);
      portal.push({ from: begin, to: begin + between(5, 60) });
    }
    const tunnel = awakeMinute(day);
    vpn.push({ from: tunnel, to: tunnel + 60 });
    if (random() < 0.2) {
      const begin = awakeMinute(day);
      resolver.push({ from: begin, to: begin + between(5, 20) });
    }
    asleep.push({ from: night, to: (day + 1) * DAY });
  }
  mergeNights(asleep);

  const real: RealOutage[] = [];
  const admitted: (Stretch & { line: OfficialLine })[] = [];
  for (let i = 0; i < outages; i++) {
    const from = awakeMinute(Math.floor(((i + random()) / outages) * days));
    // Lognormal: median 107 minutes as recorded of the vendor's music incidents, a spread of a factor of 2.7.
    const to = from + Math.min(720, Math.max(12, 107 * Math.exp(normalish(random))));
    const [kind, hosts] = OUTAGES[Math.floor(random() * OUTAGES.length)]!;
    real.push({ from, to, kind, hosts });
    const posted = from + ADMITTED_AFTER_MIN * Math.exp(normalish(random));
    if (random() >= NEVER_ADMITTED && posted < to) {
      admitted.push({ from: posted, to: to + 15, line: { service: 'iTunes Store', type: 'Issue', status: 'ongoing', startedAtMinute: from, text: 'Some users are affected.' } });
    }
  }

  const own = [...asleep, ...silent, ...offline, ...portal, ...resolver];
  const edges = [...own, ...vpn, ...real, ...admitted].flatMap(({ from, to }) => [from, to]);
  const end = days * DAY;
  const minutes = [...new Set([0, ...edges])].filter((minute) => minute < end).sort((a, b) => a - b);
  const active = [asleep, silent, offline, portal, vpn, resolver, real, admitted].map((stretches) => cursorOver<Stretch>(stretches));
  const phases = minutes.map((minute): Phase => {
    const [sleeping, dead, away, captive, tunnelled, stumbling, broken, posted] = active.map((find) => find(minute));
    let line: View = view({});
    if (dead) line = DEAD;
    else if (captive) line = view({ 'tls.cert.authority_invalid': 0.6, 'redirect.foreign': 0.4 });
    else if (stumbling) line = view({ 'dns.timed_out': 0.2, 'dns.failed': 0.15 });
    const tunnel = tunnelled ? view({}, 2.5) : view({});
    const limited = tunnelled ? view({ 'http.403': 0.5, 'http.429': 0.1 }) : view({});
    const hosts = (broken as RealOutage | null)?.hosts ?? {};
    const seen = (role: StoreRole): View => both(line, both(tunnel, both(role === 'catalog' ? limited : view({}), hosts[role] ?? view({}))));
    return {
      ...HEALTHY_PHASE,
      atMinute: minute,
      hosts: Object.fromEntries(STORE_ROLES.map((role) => [role, seen(role)])),
      neighbour: both(line, tunnel),
      controls: both(line, tunnel),
      doh: dead || captive ? 'unreachable' : stumbling ? 'ok' : 'same',
      client: { online: !away, asleep: sleeping !== null, clockSkewMinutes: 0, revoked: [] },
      official: posted ? [(posted as (typeof admitted)[number]).line] : [],
    };
  });

  return {
    scenario: {
      format: 1,
      id: `year-${seed}`,
      title: 'A year on a poor home line',
      start: Date.UTC(2025, 0, 5, 15), // midnight in Japan
      endMinute: null,
      phases: phases as [Phase, ...Phase[]],
      truth: { side: 'none', causes: [], relapse: false, confidence: 'high' },
      source: ['drawn at random'],
    },
    outages: real,
    watchable: (outage) => without(outage, own),
  };
}

/** The night belongs to two days: the piece before midnight and the one after are one sleep. */
function mergeNights(asleep: Stretch[]): void {
  asleep.sort((a, b) => a.from - b.from);
  for (let i = asleep.length - 1; i > 0; i--) {
    const [before, after] = [asleep[i - 1]!, asleep[i]!];
    if (after.from <= before.to + 0.001) {
      before.to = Math.max(before.to, after.to);
      asleep.splice(i, 1);
    }
  }
}

/** @returns a look-up of the stretch that holds at a minute; minutes must be asked in rising order. */
function cursorOver<T extends Stretch>(stretches: readonly T[]): (minute: number) => T | null {
  const sorted = [...stretches].sort((a, b) => a.from - b.from);
  let index = 0;
  return (minute) => {
    while (index < sorted.length && sorted[index]!.to <= minute) index++;
    const next = sorted[index];
    return next && next.from <= minute ? next : null;
  };
}

/** @returns what is left of a stretch when others are cut out of it. */
export function without(whole: Stretch, holes: readonly Stretch[]): Stretch[] {
  let parts: Stretch[] = [{ from: whole.from, to: whole.to }];
  for (const hole of holes) {
    if (hole.to <= whole.from || hole.from >= whole.to) continue;
    parts = parts.flatMap(({ from, to }) => {
      if (hole.to <= from || hole.from >= to) return [{ from, to }];
      return [{ from, to: hole.from }, { from: hole.to, to }].filter((part) => part.to > part.from);
    });
  }
  return parts;
}
