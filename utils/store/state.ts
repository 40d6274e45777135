import * as v from 'valibot';
import { CAUSES } from '../core/causes.ts';
import { parseFailure } from '../core/failure.ts';
import { newMonitorState, type MonitorState } from '../core/monitor-state.ts';
import { WORLD_REFUSALS } from '../core/opinion.ts';
import { decodeOfficialRecord } from '../core/official-record.ts';
import { ROLES, STORE_ROLES } from '../core/role.ts';
import { TIME_STATES } from '../core/time-state.ts';

const time = v.pipe(v.number(), v.minValue(0), v.maxValue(8.64e15));
const nullableTime = v.nullable(time);
const share = v.pipe(v.number(), v.minValue(0), v.maxValue(1));
const finite = v.pipe(v.number(), v.finite());
const cause = v.picklist([...CAUSES, 'undisclosed'] as const);
const kind = v.picklist(['down', 'degraded', 'maintenance'] as const);
const side = v.picklist(['own', 'path', 'store'] as const);
const text = v.pipe(v.string(), v.maxLength(2_000));
const failure = v.custom<string>((input) => typeof input === 'string' && parseFailure(input) !== null, 'not a kind of failure');
const short = <T>(schema: v.GenericSchema<T>, most: number) => v.pipe(v.array(schema), v.maxLength(most));
const band = v.object({ p10: finite, p50: finite, p90: finite });

const profile = v.object({ firstHealthyAt: nullableTime, lastHealthyAt: nullableTime, usualMs: v.nullable(finite), aloneSince: nullableTime, lastAskedAt: nullableTime });

const incident = v.object({
  id: v.pipe(v.string(), v.regex(/^[0-9a-z]{1,12}$/)),
  kind,
  startedAt: time,
  detectedAt: time,
  endedAt: nullableTime,
  closedAt: nullableTime,
  relapses: v.pipe(v.number(), v.integer(), v.minValue(0)),
  flapping: v.boolean(),
  cause,
  rates: v.record(v.picklist(STORE_ROLES), share),
  healthySince: nullableTime,
  endUnseen: v.boolean(),
  recovery: finite,
});

const observation = v.object({
  target: text,
  role: v.picklist(ROLES),
  at: time,
  ms: finite,
  result: v.variant('kind', [
    v.object({ kind: v.literal('ok') }),
    v.object({ kind: v.literal('failed'), failure, phase: v.picklist(['local', 'dns', 'tcp', 'tls', 'http', 'content', 'done', 'unknown']), raw: v.optional(text) }),
    v.object({ kind: v.literal('discarded'), because: v.picklist(['aborted', 'network-changed', 'suspended', 'late', 'throttled', 'rate-limited', 'no-permission']) }),
  ]),
  times: v.nullable(v.record(v.string(), finite)),
  answer: v.nullable(
    v.object({
      status: finite,
      by: v.nullable(v.picklist(['edge', 'origin'])),
      cached: v.nullable(v.boolean()),
      edge: v.nullable(text),
      site: v.nullable(text),
      address: v.nullable(text),
      protocol: v.nullable(text),
      date: v.nullable(finite),
    }),
  ),
  bytes: finite,
});

const officialEvent = v.object({
  id: text,
  service: text,
  type: v.picklist(['outage', 'issue', 'performance', 'maintenance', 'unknown']),
  status: v.picklist(['upcoming', 'ongoing', 'over']),
  startedAt: finite,
  endsAt: v.nullable(finite),
  text: v.string(),
  hints: v.array(v.picklist(['sign-in', 'purchase', 'streaming', 'slow', 'maintenance'])),
  music: v.boolean(),
});

const tally = v.object({ asked: finite, failed: finite, kinds: v.record(failure as v.GenericSchema<string>, finite), edge: finite, origin: finite, slow: finite, timed: finite });
const counts = v.object({ asked: finite, failed: finite });
const byRole = <T>(schema: v.GenericSchema<T>) => v.record(v.picklist(ROLES), schema);

/** Each part of the state by itself, so that a damaged one costs only itself. */
const PARTS = {
  lastRoundAt: nullableTime,
  nextAt: nullableTime,
  // No check is planned further ahead than an hour; a longer gap than that was slept through.
  plannedMs: v.pipe(v.number(), v.minValue(0), v.maxValue(3_600_000)),
  turn: v.pipe(v.number(), v.integer(), v.minValue(0)),
  profiles: v.record(text, profile),
  detector: v.object({
    role: v.record(v.picklist(STORE_ROLES), finite),
    partial: v.record(v.picklist(STORE_ROLES), finite),
    wide: finite,
    thin: finite,
    slow: finite,
    failedLast: short(v.picklist(STORE_ROLES), 16),
    clean: finite,
    controls: short(v.object({ at: time, answered: v.record(text, v.boolean()) }), 200),
    firstFailureAt: nullableTime,
  }),
  course: v.pipe(
    v.object({
      phase: v.picklist(['calm', 'suspect', 'open', 'recovering']),
      unseen: v.boolean(),
      incident: v.nullable(incident),
      lately: short(v.boolean(), 21),
    }),
    v.check((c) => (c.phase !== 'open' && c.phase !== 'recovering') || c.incident !== null, 'open without an incident'),
  ),
  episode: v.object({
    version: v.literal(1),
    recent: short(v.object({ at: time, asked: finite, failed: finite, slow: v.nullable(finite) }), 200),
    okAt: byRole(time),
    line: v.object({ at: time, controls: v.record(text, counts) }),
    trouble: v.nullable(
      v.object({
        openedAt: time,
        lastOkAt: nullableTime,
        failingSince: nullableTime,
        lastTroubleAt: time,
        rounds: finite,
        troubled: finite,
        roles: byRole(tally),
        pending: byRole(tally),
        turns: finite,
        relapses: finite,
        lastRoundTroubled: v.boolean(),
        course: short(v.object({ at: time, asked: finite, failed: finite }), 200),
        courseStep: finite,
        slowBefore: v.nullable(finite),
        resolver: v.object({ ok: finite, failing: finite, unreachable: finite }),
        world: v.nullable(v.object({ votes: finite, failed: finite, ownCountryVotes: finite, ownCountryFailed: finite })),
        storefront: v.nullable(counts),
        clockSkew: v.nullable(finite),
        page: byRole(v.object({ failed: finite, answered: finite })),
      }),
    ),
    official: v.nullable(
      v.object({
        seenAt: time,
        hints: v.array(v.picklist(['sign-in', 'purchase', 'streaming', 'slow', 'maintenance'])),
        types: v.array(v.picklist(['outage', 'issue', 'performance', 'maintenance', 'unknown'])),
        stated: v.array(v.picklist(CAUSES)),
      }),
    ),
    feed: v.nullable(v.picklist(['read', 'unreachable', 'not-understood'])),
  }),
  diagnosis: v.nullable(
    v.object({
      side: v.object({ own: share, path: share, store: share }),
      causes: v.pipe(v.array(v.object({ id: cause, p: share })), v.minLength(1)),
      families: v.array(v.object({ id: text, p: share })),
      because: v.array(v.object({ evidence: text, params: v.record(v.string(), v.union([v.string(), v.number()])), cause, weight: finite, sideWeight: finite })),
    }),
  ),
  namesFailedAt: nullableTime,
  verdict: v.object({
    state: v.picklist(['up', 'degraded', 'down', 'maintenance', 'recovering', 'suspect', 'own', 'blind', 'unknown']),
    since: time,
    side: v.nullable(side),
    ownTrouble: v.nullable(v.picklist(CAUSES)),
  }),
  accounting: v.object({ upTo: time, running: v.picklist([...TIME_STATES, 'pending'] as const), lastAt: time }),
  incidentSeenMs: finite,
  official: v.nullable(
    v.variant('kind', [
      v.object({ kind: v.literal('read'), at: time, events: v.array(officialEvent) }),
      v.object({ kind: v.literal('unreachable'), at: time }),
      v.object({ kind: v.literal('not-understood'), at: time, reason: v.string() }),
    ]),
  ),
  officialRecord: v.custom<MonitorState['officialRecord']>((input) => decodeOfficialRecord(input).ok, 'not a record of the feed'),
  resolver: v.nullable(v.object({ at: time, verdict: v.picklist(['ok', 'failing', 'unreachable']), details: v.array(v.string()) })),
  world: v.nullable(
    v.object({
      at: time,
      votes: finite,
      failed: finite,
      ownCountryVotes: finite,
      ownCountryFailed: finite,
      places: v.array(v.object({ country: text, votes: finite, failed: finite })),
      refused: v.optional(v.object({ because: v.picklist(WORLD_REFUSALS), until: time })),
    }),
  ),
  storefront: v.nullable(v.object({ at: time, country: text, role: v.picklist(STORE_ROLES), failed: v.boolean() })),
  worldAskedFor: v.nullable(text),
  page: short(
    v.object({
      host: text,
      role: v.picklist(STORE_ROLES),
      failed: finite,
      answered: finite,
      kinds: v.record(failure as v.GenericSchema<string>, finite),
      at: time,
    }),
    50,
  ),
  served: v.record(
    text,
    v.object({
      sites: short(v.object({ at: time, edge: v.nullable(text), site: v.nullable(text) }), 10),
      family: v.nullable(v.picklist(['IPv4', 'IPv6'])),
      protocol: v.nullable(text),
    }),
  ),
  last: v.record(text, observation),
  stretches: short(v.object({ from: time, to: time, share: v.tuple([share, share]) }), 200),
  past: short(v.object({ cause, minutes: finite }), 200),
  forecasts: short(v.object({ at: time, band }), 200),
  causes: short(v.object({ at: time, cause, p: share, kind }), 200),
  seen: v.record(v.picklist(ROLES), v.object({ asked: finite, failed: finite, types: v.record(failure as v.GenericSchema<string>, finite) })),
  outbox: short(
    v.object({
      id: text,
      kind: v.picklist(['outage', 'maintenance', 'recovery', 'relapse', 'cause', 'reminder', 'summary']),
      dueAt: time,
      incident: text,
      incidentKind: kind,
      cause,
      causeP: share,
      startedAt: time,
      endedAt: nullableTime,
      seenMs: v.nullable(finite),
      also: v.optional(finite),
    }),
    500,
  ),
  told: short(text, 1_000),
  dismissed: short(text, 1_000),
  pausedUntil: nullableTime,
  lastIncident: v.nullable(v.object({ id: text, startedAt: time, endedAt: time, cause, admittedAfterMin: v.nullable(finite) })),
  forecastRecord: v.object({ made: finite, inside: finite }),
  problems: v.array(v.object({ kind: v.picklist(['permission', 'notifications', 'storage', 'feed', 'clock', 'policy']), detail: text })),
} satisfies Record<Exclude<keyof MonitorState, 'schema'>, v.GenericSchema>;

/**
 * Parts that stores of this schema may lack, since they came after it: they begin anew, and nothing was damaged. What cannot begin anew needs a schema
 * of its own, and a step from the one before. `test/stores` holds a store as users of each schema have it.
 */
const LATER: ReadonlySet<string> = new Set<keyof MonitorState>(['page']);

export interface DecodedState {
  state: MonitorState;
  /** Parts that could not be read, with place and reason; they start anew, the rest is kept. */
  damaged: string[];
}

/**
 * Reads the monitor's state, whatever lies there: written by an older or newer version, half written, or not ours at all.
 * @param stored any JSON
 * @param now ms since the epoch, for what starts anew
 */
export function decodeState(stored: unknown, now: number): DecodedState {
  const fresh = newMonitorState(now);
  if (typeof stored !== 'object' || stored === null || Array.isArray(stored)) return { state: fresh, damaged: ['monitor: not an object'] };
  const raw = stored as Record<string, unknown>;
  const damaged: string[] = [];
  if (raw['schema'] !== 1) damaged.push(`monitor.schema: ${JSON.stringify(raw['schema'])?.slice(0, 40)} is not known here`);
  const state: Record<string, unknown> = { ...fresh };
  for (const [part, schema] of Object.entries(PARTS)) {
    if (!(part in raw)) {
      if (!LATER.has(part)) damaged.push(`monitor.${part}: missing`);
      continue;
    }
    const parsed = v.safeParse(schema as v.GenericSchema, raw[part]);
    if (parsed.success) state[part] = raw[part];
    else damaged.push(`monitor.${part}${prefixed(v.getDotPath(parsed.issues[0]))}: ${parsed.issues[0].message}`);
  }
  return { state: state as unknown as MonitorState, damaged };
}

function prefixed(path: string | null): string {
  return path === null ? '' : `.${path}`;
}
