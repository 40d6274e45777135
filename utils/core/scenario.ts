import { isCause, type Cause, type Undisclosed } from './causes.ts';
import type { Side } from './diagnosis.ts';
import { parseFailure, type Failure } from './failure.ts';
import { flaw, success, type Flaw, type Outcome } from './result.ts';
import { ROLES, STORE_ROLES, isStoreRole, type Role, type StoreRole } from './role.ts';

/**
 * A scenario: one outage, or one quiet stretch, as an observer outside the store could have seen it. The replay, the lab
 * and the rehearsal play the same file. What a file leaves out is healthy and does not carry over from phase to phase.
 */

/** How the requests to one role end. */
export interface View {
  /** Share of requests (0 … 1) that end in each failure; the rest succeed. */
  fail: readonly (readonly [Failure, number])[];
  /** Successes and `http.*` answers take so many times the normal time. */
  slow: number;
  /** Who wrote the `http.*` answers; null where it cannot be told. */
  by: 'edge' | 'origin' | null;
}

export interface OfficialLine {
  service: string;
  /** As the vendor's feed words it: Outage, Issue, Performance, Maintenance, or empty. */
  type: string;
  status: (typeof OFFICIAL_STATUSES)[number];
  startedAtMinute: number;
  text: string;
}

export interface Phase {
  /** Minutes since the scenario's start; the phase lasts until the next one. */
  atMinute: number;
  /** All store roles that are not named in `hosts`. */
  store: View;
  /** A role named here takes its view from here alone. */
  hosts: Readonly<Partial<Record<StoreRole, View>>>;
  neighbour: View;
  controls: View;
  /** The user's own resolver; the views already contain what comes of it. */
  resolver: (typeof RESOLVERS)[number];
  /** A public resolver, asked over HTTPS for the store's names; `same` as the views. */
  doh: (typeof DOHS)[number];
  client: { online: boolean; asleep: boolean; /** The user's clock minus the true time. */ clockSkewMinutes: number; revoked: readonly Role[] };
  /** The vendor's feed: its lines, or that it cannot be read. */
  official: readonly OfficialLine[] | 'unreachable';
  /** Shares (0 … 1) of vantage points elsewhere, and in the user's country, whose request fails; null: nothing known. */
  world: { failShare: number; ownCountryFailShare: number } | null;
}

export interface Truth {
  side: Side | 'none';
  /** Accepted ids, the best one first; empty where the side is none. */
  causes: readonly (Cause | Undisclosed)[];
  relapse: boolean;
  confidence: (typeof CONFIDENCES)[number];
}

export interface Scenario {
  format: 1;
  id: string;
  title: string;
  /** ms since the epoch of minute 0: hour and weekday are evidence. */
  start: number;
  /** When the fault was really over; null: not known. */
  endMinute: number | null;
  phases: readonly [Phase, ...Phase[]];
  truth: Truth;
  source: readonly string[];
}

const RESOLVERS = ['ok', 'dead', 'lies'] as const;
const DOHS = ['same', 'ok', 'failing', 'unreachable'] as const;
/** `eventStatus` of the vendor's feed. */
const OFFICIAL_STATUSES = ['upcoming', 'ongoing', 'resolved', 'completed'] as const;
const SIDES = ['own', 'path', 'store', 'none'] as const;
const CONFIDENCES = ['high', 'medium', 'low'] as const;
const EDGE_OR_ORIGIN = ['edge', 'origin'] as const;

/** Without a zone the hour would depend on the machine that reads the file. */
const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)$/;
/** Rounding of shares written in decimals. */
const ROUNDING = 1e-9;

const HEALTHY_VIEW: View = { fail: [], slow: 1, by: null };
const HEALTHY_CLIENT: Phase['client'] = { online: true, asleep: false, clockSkewMinutes: 0, revoked: [] };

/** A phase in which all is well: the day before minute 0, and whatever a file does not mention. */
export const HEALTHY_PHASE: Phase = {
  atMinute: 0,
  store: HEALTHY_VIEW,
  hosts: {},
  neighbour: HEALTHY_VIEW,
  controls: HEALTHY_VIEW,
  resolver: 'ok',
  doh: 'same',
  client: HEALTHY_CLIENT,
  official: [],
  world: null,
};

type Fields = Readonly<Record<string, unknown>>;

/** Reads a value of JSON piece by piece; the first flaw is kept, and reading goes on with stand-ins. */
function reader() {
  let first: Flaw | null = null;
  const refuse = (at: string, reason: string): void => {
    first ??= { at, reason };
  };

  const fields = (value: unknown, at: string, required: readonly string[], optional: readonly string[] = []): Fields => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      refuse(at, 'must be an object');
      return {};
    }
    for (const key of Object.keys(value)) {
      if (!required.includes(key) && !optional.includes(key)) refuse(join(at, key), 'is not a key of the format');
    }
    for (const key of required) if (!Object.hasOwn(value, key)) refuse(join(at, key), 'is missing');
    return value as Fields;
  };
  const text = (value: unknown, at: string): string => {
    if (typeof value === 'string') return value;
    refuse(at, 'must be a text');
    return '';
  };
  const name = (value: unknown, at: string): string => {
    const read = text(value, at);
    if (read === '') refuse(at, 'must not be empty');
    return read;
  };
  const number = (value: unknown, at: string, low: number, high: number): number => {
    if (typeof value === 'number' && value >= low && value <= high) return value;
    const range = high < Number.MAX_VALUE ? `from ${low} to ${high}` : low > -Number.MAX_VALUE ? `of at least ${low}` : '';
    refuse(at, `must be a number ${range}`.trimEnd());
    return low;
  };
  const flag = (value: unknown, at: string): boolean => {
    if (typeof value !== 'boolean') refuse(at, 'must be true or false');
    return value === true;
  };
  const oneOf = <T extends string>(value: unknown, at: string, names: readonly T[]): T => {
    if (typeof value === 'string' && (names as readonly string[]).includes(value)) return value as T;
    refuse(at, `must be one of ${names.join(', ')}, not ${JSON.stringify(value)}`);
    return names[0]!;
  };
  const list = <T>(value: unknown, at: string, item: (value: unknown, at: string) => T): T[] => {
    if (Array.isArray(value)) return value.map((one, index) => item(one, `${at}[${index}]`));
    refuse(at, 'must be a list');
    return [];
  };
  return { refuse, fields, text, name, number, flag, oneOf, list, flaw: () => first };
}

const join = (at: string, key: string): string => (at === '' ? key : `${at}.${key}`);
const ANY = Number.MAX_VALUE;

/**
 * The failures a scenario may contain: what happens in the network. What an observer alone can say (`timed_out`: his timer
 * fired; `local.*`: follows from `client`; `tls.failed`: the engine does not tell) is no fault that could be put into one.
 */
function scenarioFailure(text: string): Failure | null {
  const failure = parseFailure(text);
  if (failure === null || /^(local\.|timed_out|unknown|tls\.failed|http\.[12]\d\d$)/.test(failure)) return null;
  return failure;
}

type Reader = ReturnType<typeof reader>;

function viewFrom(read: Reader, value: unknown, at: string): View {
  const from = read.fields(value, at, [], ['fail', 'slow', 'by', 'note']);
  const fail: [Failure, number][] = [];
  let sum = 0;
  if (from.fail !== undefined) {
    const shares = read.fields(from.fail, `${at}.fail`, [], typeof from.fail === 'object' && from.fail !== null ? Object.keys(from.fail) : []);
    for (const [key, share] of Object.entries(shares)) {
      const failure = scenarioFailure(key);
      if (failure === null) read.refuse(`${at}.fail`, `knows no failure named ${JSON.stringify(key)}`);
      else {
        const part = read.number(share, `${at}.fail[${JSON.stringify(key)}]`, 0, 1);
        fail.push([failure, part]);
        sum += part;
      }
    }
  }
  if (sum > 1 + ROUNDING) read.refuse(`${at}.fail`, `the shares add up to ${Number(sum.toFixed(6))}, more than 1`);
  if (from.note !== undefined) read.text(from.note, `${at}.note`);
  return {
    fail,
    slow: from.slow === undefined ? 1 : read.number(from.slow, `${at}.slow`, 0.1, 1000),
    by: from.by === undefined ? null : read.oneOf(from.by, `${at}.by`, EDGE_OR_ORIGIN),
  };
}

function officialFrom(read: Reader, value: unknown, at: string): OfficialLine {
  const from = read.fields(value, at, ['service', 'type', 'status', 'startedAtMinute', 'text']);
  return {
    service: read.name(from.service, `${at}.service`),
    type: read.text(from.type, `${at}.type`),
    status: read.oneOf(from.status, `${at}.status`, OFFICIAL_STATUSES),
    startedAtMinute: read.number(from.startedAtMinute, `${at}.startedAtMinute`, -ANY, ANY),
    text: read.text(from.text, `${at}.text`),
  };
}

const PHASE_KEYS = ['store', 'hosts', 'neighbour', 'controls', 'resolver', 'doh', 'client', 'official', 'world', 'note'];

function phaseFrom(read: Reader, value: unknown, at: string): Phase {
  const from = read.fields(value, at, ['atMinute'], PHASE_KEYS);
  const view = (key: 'store' | 'neighbour' | 'controls'): View =>
    from[key] === undefined ? HEALTHY_VIEW : viewFrom(read, from[key], `${at}.${key}`);

  const hosts: Partial<Record<StoreRole, View>> = {};
  if (from.hosts !== undefined) {
    for (const [role, host] of Object.entries(read.fields(from.hosts, `${at}.hosts`, [], STORE_ROLES))) {
      if (isStoreRole(role as Role)) hosts[role as StoreRole] = viewFrom(read, host, `${at}.hosts.${role}`);
    }
  }

  let client = HEALTHY_CLIENT;
  if (from.client !== undefined) {
    const here = `${at}.client`;
    const told = read.fields(from.client, here, [], Object.keys(HEALTHY_CLIENT));
    client = {
      online: told.online === undefined || read.flag(told.online, `${here}.online`),
      asleep: told.asleep !== undefined && read.flag(told.asleep, `${here}.asleep`),
      clockSkewMinutes: told.clockSkewMinutes === undefined ? 0 : read.number(told.clockSkewMinutes, `${here}.clockSkewMinutes`, -ANY, ANY),
      revoked: told.revoked === undefined ? [] : read.list(told.revoked, `${here}.revoked`, (role, place) => read.oneOf(role, place, ROLES)),
    };
  }

  let world: Phase['world'] = null;
  if (from.world !== undefined) {
    const here = `${at}.world`;
    const told = read.fields(from.world, here, ['failShare'], ['ownCountryFailShare']);
    const failShare = read.number(told.failShare, `${here}.failShare`, 0, 1);
    const own = told.ownCountryFailShare;
    world = { failShare, ownCountryFailShare: own === undefined ? failShare : read.number(own, `${here}.ownCountryFailShare`, 0, 1) };
  }

  if (from.note !== undefined) read.text(from.note, `${at}.note`);
  return {
    atMinute: read.number(from.atMinute, `${at}.atMinute`, 0, ANY),
    store: view('store'),
    hosts,
    neighbour: view('neighbour'),
    controls: view('controls'),
    resolver: from.resolver === undefined ? 'ok' : read.oneOf(from.resolver, `${at}.resolver`, RESOLVERS),
    doh: from.doh === undefined ? 'same' : read.oneOf(from.doh, `${at}.doh`, DOHS),
    client,
    official:
      from.official === undefined ? []
      : from.official === 'unreachable' ? 'unreachable'
      : read.list(from.official, `${at}.official`, (line, place) => officialFrom(read, line, place)),
    world,
  };
}

function truthFrom(read: Reader, value: unknown, at: string): Truth {
  const from = read.fields(value, at, ['side', 'causes', 'relapse', 'confidence']);
  const side = read.oneOf(from.side, `${at}.side`, SIDES);
  const causes = read.list(from.causes, `${at}.causes`, (cause, place): Cause | Undisclosed => {
    if (typeof cause === 'string' && (isCause(cause) || cause === 'undisclosed')) return cause;
    read.refuse(place, `knows no cause named ${JSON.stringify(cause)}`);
    return 'undisclosed';
  });
  if (side === 'none' && causes.length > 0) read.refuse(`${at}.causes`, 'must be empty where the side is none');
  if (side !== 'none' && causes.length === 0) read.refuse(`${at}.causes`, 'must name a cause, or "undisclosed"');
  return { side, causes, relapse: read.flag(from.relapse, `${at}.relapse`), confidence: read.oneOf(from.confidence, `${at}.confidence`, CONFIDENCES) };
}

/**
 * Checks a scenario strictly: a misspelt key or failure would otherwise quietly mean "healthy".
 * @param json any value, as `JSON.parse` gave it
 * @returns the scenario with everything filled in that the file may leave out, or the first place that breaks the format
 */
export function decodeScenario(json: unknown): Outcome<Scenario> {
  const read = reader();
  const from = read.fields(json, '', ['format', 'id', 'title', 'start', 'endMinute', 'phases', 'truth', 'source']);
  if (from.format !== 1) read.refuse('format', `must be 1, not ${JSON.stringify(from.format)}`);
  const id = read.name(from.id, 'id');
  const title = read.text(from.title, 'title');
  const instant = read.text(from.start, 'start');
  const start = INSTANT.test(instant) ? Date.parse(instant) : Number.NaN;
  if (Number.isNaN(start)) read.refuse('start', 'must be an instant such as 2015-03-11T09:00:00Z');
  const endMinute = from.endMinute === null ? null : read.number(from.endMinute, 'endMinute', 0, ANY);

  const [first, ...more] = read.list(from.phases, 'phases', (phase, at) => phaseFrom(read, phase, at));
  if (first && first.atMinute !== 0) read.refuse('phases[0].atMinute', 'must be 0: the first phase begins with the file');
  let before = 0;
  more.forEach((phase, index) => {
    if (phase.atMinute <= before) read.refuse(`phases[${index + 1}].atMinute`, `must come after ${before}: phases are in order`);
    before = phase.atMinute;
  });
  if (!first) read.refuse('phases', 'must hold at least one phase');

  const truth = truthFrom(read, from.truth, 'truth');
  const source = read.list(from.source, 'source', read.text);

  const error = read.flaw();
  if (error) return flaw(error.at === '' ? 'scenario' : error.at, error.reason);
  return success({ format: 1, id, title, start, endMinute, phases: [first!, ...more], truth, source });
}

/**
 * @param minute minutes since the scenario's start; negative in the healthy day before
 * @returns the phase that holds at that minute. From `endMinute` on, a last phase that began before it is over too.
 */
export function phaseAt(scenario: Scenario, minute: number): Phase {
  const { phases, endMinute } = scenario;
  if (minute < 0) return HEALTHY_PHASE;
  let index = phases.length - 1;
  while (index > 0 && phases[index]!.atMinute > minute) index -= 1;
  const phase = phases[index]!;
  const isLast = index === phases.length - 1;
  return isLast && endMinute !== null && minute >= endMinute && phase.atMinute < endMinute ? HEALTHY_PHASE : phase;
}

/** @returns how requests to a role end in a phase. */
export function viewOf(phase: Phase, role: Role): View {
  if (role === 'neighbour' || role === 'controls') return phase[role];
  return phase.hosts[role] ?? phase.store;
}

/** @returns share (0 … 1) of requests that fail under a view. */
export function failShare(view: View): number {
  let sum = 0;
  for (const [, share] of view.fail) sum += share;
  return Math.min(1, sum);
}

/** @returns whether before the end some store role fails with a share of at least 0.1, or slows at least twofold. */
export function isVisible(scenario: Scenario): boolean {
  const end = scenario.endMinute ?? Infinity;
  return scenario.phases.some(
    (phase) =>
      phase.atMinute < end &&
      STORE_ROLES.some((role) => {
        const view = viewOf(phase, role);
        return failShare(view) >= 0.1 - ROUNDING || view.slow >= 2;
      }),
  );
}
