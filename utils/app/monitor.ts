import { settle } from '../core/accounting.ts';
import { boundDiagnosis, boundReading, boundRecord, boundResolver } from '../core/bounds.ts';
import { glance, isReliable, NEW_DETECTOR, observe, type Glance } from '../core/detector.ts';
import { diagnose, type Diagnosis } from '../core/diagnosis.ts';
import { closeEpisode, observeRound } from '../core/episode.ts';
import { collectEvidence } from '../core/evidence.ts';
import { phaseOf } from '../core/failure.ts';
import type { Span } from '../core/history.ts';
import { advance, isOpen, type Assessment, type Course } from '../core/incident.ts';
import type { Contact } from '../core/ledger.ts';
import { countSeen } from '../core/incident-record.ts';
import type { MonitorState } from '../core/monitor-state.ts';
import { fateOf, isEnd, isQuiet, isWanted, noticesOf, withReminder } from '../core/notice.ts';
import { failureOf, type Observation } from '../core/observation.ts';
import { withAnswer } from '../core/opinion.ts';
import { notePage } from '../core/page-sight.ts';
import { noteReading } from '../core/official-record.ts';
import { monitorProblems, SWALLOWED, withNotificationTrouble, withRefused } from '../core/problems.ts';
import type { Progress } from '../core/progress.ts';
import { success, type Flaw, type Outcome } from '../core/result.ts';
import { isStoreRole, type Role, type StoreRole } from '../core/role.ts';
import type { PageFailures, Round, Trigger } from '../core/round.ts';
import { isGap, isLate, nextDelay, RECHECK_MS } from '../core/schedule.ts';
import { isAhead, setBack } from '../core/set-back.ts';
import type { Settings } from '../core/settings.ts';
import { ownTroubleOf, verdictOf } from '../core/verdict.ts';
import { noteServed } from '../core/served.ts';
import type { Snapshot } from '../core/snapshot.ts';
import type { Target } from '../core/target.ts';
import { isSetAside, isTrusted, learnProfiles } from '../core/trust.ts';
import { failingTarget, look } from './look.ts';
import type { Clock, Commit, Keeper, Probe, Random, Sources, Tell } from './ports.ts';

/** What a monitor needs. The background gives it the browser, the replay a virtual world. */
export interface MonitorPorts {
  clock: Clock;
  random: Random;
  probe: Probe;
  sources: Sources;
  keeper: Keeper;
  tell: Tell;
  settings(): Settings;
  /** Country of the storefront, ISO 3166, lower case. */
  country(): string;
  /** How far the user's clock is ahead of UTC at that moment, minutes. */
  utcOffset(at: number): number;
  targets: readonly Target[];
  /** Failures of the user's own page loads since the last call. */
  pageFailures(): PageFailures | null;
  /** How far the check under way has come, whenever a target has answered. */
  progress(progress: Progress): void;
  /** What the sources contacted since the last call, for the ledger; what the targets cost is in the observations. */
  contacts(): Contact[];
  /** What an organisation set that cannot be used, and why. */
  refusedSettings?(): readonly Flaw[];
}

export interface Monitor {
  /**
   * Does what is due: a check if it is time (or the trigger asks for one), then whatever there is to tell. Single-flight:
   * a call during a run joins it; where it asks for a check and the run turns out to make none, all who asked share the next.
   * @returns when it wants to be called next, ms since the epoch; an error where the outcome could not be stored
   */
  tick(trigger: Trigger): Promise<Outcome<{ nextAt: number }>>;
  /** Changes the state between two checks (a dismissal, a pause); never in the middle of one. */
  change(edit: (state: MonitorState, now: number) => MonitorState): Promise<Outcome<Snapshot>>;
  /**
   * Does something with the store while no check runs; the monitor reads it anew afterwards. What was still to be written is written first.
   * @param work is told whether that was taken; where it fails itself, nothing of it is forgotten
   */
  exclusive<T>(work: (written: Outcome<unknown>) => Promise<Outcome<T>>): Promise<Outcome<T>>;
}

const OFFICIAL_CALM_MS = 15 * 60_000;
const OFFICIAL_INCIDENT_MS = 60_000;
/** An opinion older than this says nothing of now. */
const OPINION_MS = 15 * 60_000;
const KEEP_TOLD = 60;
/** Nobody pauses for longer: a pause until then is damage. */
const LONGEST_PAUSE_MS = 400 * 24 * 3_600_000;

/** @returns a monitor on the given world. It keeps nothing in memory that is not also stored. */
export function createMonitor(ports: MonitorPorts): Monitor {
  let running: Promise<Ran> | null = null;
  let following: Promise<Ran> | null = null;
  let queue: Promise<unknown> = Promise.resolve();

  /** One at a time: whoever changes the state waits for the one before. */
  function exclusive<T>(work: () => Promise<T>): Promise<T> {
    const result = queue.then(work, work);
    queue = result.catch(() => undefined);
    return result;
  }

  async function edited(edit: Parameters<Monitor['change']>[0]): Promise<Outcome<Snapshot>> {
    const loaded = await ports.keeper.load(ports.clock.now());
    return loaded.ok ? commit(ports, edit(loaded.value, ports.clock.now()), []) : loaded;
  }

  function begin(trigger: Trigger): Promise<Ran> {
    return (running = exclusive(() => run(ports, trigger)).finally(() => (running = null)));
  }

  /** Waits for the run under way, and begins one where that made no check. */
  async function follow(trigger: Trigger): Promise<Ran> {
    while (running !== null) {
      const ran = await running;
      if (ran.checked) return ran;
    }
    return begin(trigger);
  }

  return {
    async tick(trigger) {
      if (running === null) return (await begin(trigger)).outcome;
      if (trigger === 'schedule') return (await running).outcome;
      following ??= follow(trigger).finally(() => (following = null));
      return (await following).outcome;
    },
    exclusive: (work) =>
      exclusive(async () => {
        const done = await work(await edited((state) => state));
        ports.keeper.forget(done.ok);
        return done;
      }),
    change: (edit) => exclusive(() => edited(edit)),
  };
}

/** What a run came to, and whether it made a check. */
interface Ran {
  outcome: Outcome<{ nextAt: number }>;
  checked: boolean;
}

async function run(ports: MonitorPorts, trigger: Trigger): Promise<Ran> {
  const now = ports.clock.now();
  const loaded = await ports.keeper.load(now);
  if (!loaded.ok) return { outcome: loaded, checked: false };
  let state = loaded.value;
  let stored: Outcome<unknown> = success(null);

  const ahead = isAhead(state, now);
  if (ahead) state = setBack(state, now);
  if (state.pausedUntil !== null && (now >= state.pausedUntil || state.pausedUntil - now > LONGEST_PAUSE_MS)) state = { ...state, pausedUntil: null };
  const due = now >= (nextCheck(ports, state) ?? 0) - 1_000;
  const wanted = trigger !== 'schedule' || due;
  const checked = state.pausedUntil === null && wanted;
  if (checked) {
    const late = trigger === 'wake' || isLate(state.nextAt, now);
    [state, stored] = await check(ports, state, late ? 'wake' : trigger, ahead);
    // On suspicion the same wake looks again: a blink of the line is over by then, and an outage is sure.
    if (state.course.phase === 'suspect' || wasDiscarded(state, now)) {
      await ports.clock.wait(RECHECK_MS);
      [state, stored] = await check(ports, state, 'recheck');
    }
  } else if (state.pausedUntil !== null && wanted) {
    const [accounting, spans] = settle(state.accounting, { ...state.course, unseen: true }, now, ahead || isGap(state.accounting.lastAt, state.plannedMs, now));
    state = { ...state, accounting, nextAt: Math.min(state.pausedUntil, now + 30 * 60_000) };
    stored = await commit(ports, state, spans);
  }

  state = await drain(ports, state);
  if (!stored.ok) return { outcome: stored, checked };
  // What is due and could not be shown waits for the next check: quiet hours and switched-off notifications last long.
  const after = ports.clock.now();
  const nextNotice = Math.min(...state.outbox.map((n) => n.dueAt).filter((at) => at > after), Infinity);
  return { outcome: success({ nextAt: Math.max(after + 1_000, Math.min(nextCheck(ports, state) ?? after + 60_000, nextNotice)) }), checked };
}

/** When the next check is due, ms since the epoch: as planned, or sooner where the user has since asked for a shorter interval. */
function nextCheck(ports: MonitorPorts, state: MonitorState): number | null {
  if (state.nextAt === null || state.pausedUntil !== null) return state.nextAt;
  return Math.min(state.nextAt, (state.lastRoundAt ?? 0) + Math.round(ports.settings().interval * 66_000));
}

/** Samples that were thrown away for what happened to the machine or its network: a moment later they can be had. */
const PASSING: ReadonlySet<string> = new Set(['late', 'network-changed', 'suspended']);

function wasDiscarded(state: MonitorState, since: number): boolean {
  return Object.values(state.last).some((o) => o.at >= since && o.result.kind === 'discarded' && PASSING.has(o.result.because));
}

/** Writes what changed without a check; what was contacted since goes along, lest the ledger lose it with the background. */
function commit(ports: MonitorPorts, before: MonitorState, spans: Commit['spans']) {
  const state = { ...before, problems: withRefused(before.problems, ports.refusedSettings?.()) };
  return ports.keeper.commit({ state, settings: ports.settings(), country: ports.country(), now: ports.clock.now(), spans, observations: [], closed: null, contacts: ports.contacts() });
}

/** @param jumped whether the clock was set back since the last check */
async function check(ports: MonitorPorts, before: MonitorState, trigger: Trigger, jumped = false): Promise<[MonitorState, Outcome<unknown>]> {
  const settings = ports.settings();
  const at = ports.clock.now();
  const firstEver = Object.values(before.profiles).every((profile) => profile.firstHealthyAt === null);
  const full = firstEver || trigger !== 'schedule' || before.course.phase !== 'calm' || before.course.unseen;
  const context = { country: ports.country(), nonce: at.toString(36) };
  const gap = jumped || isGap(before.lastRoundAt, before.plannedMs, at);

  const [seen, official] = await Promise.all([
    look({ targets: ports.targets, profiles: before.profiles, settings, context, full, compare: firstEver, turn: before.turn, now: at }, ports.probe, ports.sources, ports.progress),
    readOfficial(ports, before, at),
  ]);
  // The network may not be ready after sleep: what fails then is looked at again before it counts.
  const observations = trigger === 'wake' ? seen.observations.map(discardLateFailure) : seen.observations;
  const world = await askWorld(ports, before, settings, observations, context);
  const known = world.opinion === null ? before.world : withAnswer(before.world, world.opinion);

  const round: Round = {
    at,
    trigger,
    full: seen.full,
    observations,
    official,
    resolver: seen.resolver,
    world: world.opinion !== null && world.opinion.votes > 0 ? world.opinion : null,
    storefront: seen.storefront,
    page: ports.pageFailures(),
    clockSkew: clockSkewOf(observations),
  };
  return weigh(ports, { ...before, world: known, worldAskedFor: world.askedFor }, round, settings, gap);
}

/** From facts to a verdict, and everything that follows from it, in one write. */
async function weigh(ports: MonitorPorts, before: MonitorState, round: Round, settings: Settings, gap: boolean): Promise<[MonitorState, Outcome<unknown>]> {
  const { at, observations } = round;
  const namesFailedAt = resolverFails(round) ? at : before.namesFailedAt;
  const seen = glance(observations, before.profiles, settings.thresholds.slowFactor, excusedTargets(round, namesFailedAt, before.episode.trouble?.resolver.failing ?? 0), before.detector.controls, at);
  const detector = observe(before.detector, seen, observations, at, settings.thresholds.caution);
  // What pages met without a line, or before it was back, says nothing of the store.
  const page = seen.lineDown || round.trigger === 'online' || round.trigger === 'wake' ? null : round.page;
  const believed = { ...round, page, observations: observations.filter((o) => counts(o, before.profiles, at)) };
  const episode = episodeOf(before, believed);
  const troubled = isTroubled(seen, observations, round) || isOpen(before.course) || seen.lineDown;
  const diagnosis: Diagnosis | null = troubled ? diagnose(collectEvidence(episode, { now: at, utcOffsetMinutes: ports.utcOffset(at) })) : null;
  const assessment: Assessment = {
    at,
    glance: seen,
    reliable: isReliable(detector, settings.thresholds.caution),
    firstFailureAt: detector.firstFailureAt,
    diagnosis,
    shares: sharesOf(episode),
    maintenance: isMaintenance(observations, round),
    gap,
  };
  const [course, events] = advance(withoutSetAside(before.course, ports.targets, before.profiles, at), assessment);
  const reset = events.some((e) => e.kind === 'recovering' || e.kind === 'recovered');
  const [accounting, spans] = settle(before.accounting, course, at, gap);
  const incidentSeenMs = seenMsOf(spans, course, before);
  const shown = verdictOf(course, seen, observations, diagnosis);
  const delay = nextDelay(course, settings.interval, at, ports.random());
  const causeP = diagnosis?.causes[0]?.p ?? 0;
  const notices = noticesOf(events, ports.random(), causeP, incidentSeenMs);
  const closed = events.find((e) => e.kind === 'recovered')?.incident ?? null;

  const state: MonitorState = {
    ...before,
    lastRoundAt: at,
    nextAt: at + delay,
    plannedMs: delay,
    turn: round.full ? before.turn : before.turn + 1,
    profiles: learnProfiles(before.profiles, observations, course.phase === 'calm', hasOfficialTrouble(round)),
    detector: reset ? { ...NEW_DETECTOR, controls: detector.controls } : detector,
    course,
    episode: events.some((e) => e.kind === 'recovered') || isPast(before.course, course, seen) ? closeEpisode(episode) : episode,
    diagnosis: diagnosis && boundDiagnosis(diagnosis),
    namesFailedAt,
    verdict: {
      ...shown,
      ownTrouble: ownTroubleOf(diagnosis, shown.state),
      since: shown.state === before.verdict.state ? before.verdict.since : sinceOf(course, shown.state, at),
    },
    accounting,
    incidentSeenMs,
    seen: course.phase === 'calm' && !reset ? {} : countSeen(before.seen, observations),
    official: round.official,
    officialRecord: round.official === null ? before.officialRecord : boundRecord(noteReading(before.officialRecord, round.official)),
    resolver: boundResolver(fresh(round.resolver ?? before.resolver, at)),
    world: isOpen(course) ? before.world : fresh(before.world, at),
    storefront: fresh(round.storefront ?? before.storefront, at),
    page: course.unseen || before.course.unseen ? [] : notePage(before.page, page, at),
    served: noteServed(before.served, observations),
    last: { ...before.last, ...Object.fromEntries(observations.map((o) => [o.target, o])) },
    outbox: withReminder([...before.outbox, ...notices.filter((n) => isWanted(n, settings))], course, before.told, causeP, settings, at),
  };
  const noted: MonitorState = { ...state, problems: monitorProblems(state, ports.targets, round.clockSkew, at, ports.refusedSettings?.()) };
  const kept = await ports.keeper.commit({ state: noted, settings, country: ports.country(), now: at, spans, observations, closed, contacts: ports.contacts() });
  const after = await ports.keeper.load(at);
  return [after.ok ? after.value : noted, kept];
}

/** Usual times for the comparison, and only observations that count. */
function episodeOf(before: MonitorState, round: Round) {
  const usual: Record<string, number> = {};
  for (const [target, profile] of Object.entries(before.profiles)) if (profile.usualMs !== null) usual[target] = profile.usualMs;
  return observeRound(before.episode, round, usual);
}

/**
 * Trouble on the user's side that ended opens nothing: with the first healthy check after it, it is past, and what comes next is judged for
 * itself. Stray failures of the store are forgotten by the episode.
 */
function isPast(before: Course, course: Course, seen: Glance): boolean {
  return before.unseen && !isOpen(course) && !course.unseen && !seen.asked.some((a) => a.failed || a.slow);
}

/** What an incident of targets that have since been set aside was about: nothing any more. */
function withoutSetAside(course: Course, targets: readonly Target[], profiles: MonitorState['profiles'], now: number): Course {
  const { incident } = course;
  if (incident === null) return course;
  const aside = (role: string) => targets.some((t) => t.role === role) && targets.every((t) => t.role !== role || isSetAside(profiles[t.id], now));
  const rates = Object.fromEntries(Object.entries(incident.rates).filter(([role]) => !aside(role)));
  return { ...course, incident: { ...incident, rates } };
}

/** Share of failures per role since the trouble began. */
function sharesOf(episode: MonitorState['episode']): Assessment['shares'] {
  const shares: Assessment['shares'] = {};
  for (const [role, tally] of Object.entries(episode.trouble?.roles ?? {})) {
    if (isStoreRole(role as Role) && tally.asked > 0) shares[role as StoreRole] = tally.failed / tally.asked;
  }
  return shares;
}

/** A target that has not earned trust says nothing, unless none has yet: then only what happens below the content is believed. */
function counts(o: Observation, profiles: MonitorState['profiles'], now: number): boolean {
  if (!isStoreRole(o.role) || isTrusted(profiles[o.target], now)) return true;
  const failure = failureOf(o);
  return Object.values(profiles).every((p) => p.firstHealthyAt === null) && (failure === null || phaseOf(failure) !== 'content');
}

function localHour(at: number, utcOffsetMinutes: number): number {
  return (((Math.floor((at / 60_000 + utcOffsetMinutes) / 60) % 24) + 24) % 24);
}

/** How much of the incident was seen so far, ms: for the summary after sleep. */
function seenMsOf(spans: readonly Span[], course: MonitorState['course'], before: MonitorState): number {
  if (course.incident === null) return 0;
  const start = course.incident.startedAt;
  const soFar = course.incident.id === before.course.incident?.id ? before.incidentSeenMs : 0;
  return soFar + spans.filter((s) => s.state === 'down' || s.state === 'degraded' || s.state === 'maintenance').reduce((sum, s) => sum + Math.max(0, s.to - Math.max(s.from, start)), 0);
}

function sinceOf(course: MonitorState['course'], shown: string, at: number): number {
  const incident = course.incident;
  if (incident !== null && (shown === 'down' || shown === 'degraded' || shown === 'maintenance')) return incident.startedAt;
  if (incident?.endedAt != null && (shown === 'recovering' || shown === 'up')) return incident.endedAt;
  return at;
}

function fresh<T extends { at: number }>(opinion: T | null, now: number): T | null {
  return opinion !== null && now - opinion.at <= OPINION_MS ? opinion : null;
}

function discardLateFailure(o: Observation): Observation {
  return o.result.kind === 'failed' ? { ...o, result: { kind: 'discarded', because: 'late' } } : o;
}

async function readOfficial(ports: MonitorPorts, state: MonitorState, now: number) {
  const every = state.course.phase === 'calm' ? OFFICIAL_CALM_MS : OFFICIAL_INCIDENT_MS;
  if (state.official !== null && now - state.official.at < every - 5_000 && now >= state.official.at) return state.official;
  return boundReading(await ports.sources.official());
}

/** Asks vantage points elsewhere once for an open incident, where the user wishes it; their answer may come with a later check. */
async function askWorld(ports: MonitorPorts, state: MonitorState, settings: Settings, observations: readonly Observation[], context: { country: string; nonce: string }) {
  const incident = state.course.phase === 'open' ? state.course.incident : null;
  // One that the user asked for, or that a dead worker had begun, has come in since the last check.
  const arrived = state.world !== null && state.world.votes > 0 && state.world.at >= (state.lastRoundAt ?? 0) ? state.world : null;
  if (arrived !== null) return { opinion: arrived, askedFor: incident?.id ?? state.worldAskedFor };
  if (settings.secondOpinion.world !== 'once-per-incident' || incident === null || state.worldAskedFor === incident.id) {
    return { opinion: null, askedFor: state.worldAskedFor };
  }
  const target = failingTarget(ports.targets, observations);
  if (target === null) return { opinion: null, askedFor: state.worldAskedFor };
  const opinion = await ports.sources.world(target, context);
  return { opinion, askedFor: opinion === null || opinion.votes === 0 ? state.worldAskedFor : incident.id };
}

/** A resolver that failed is not trusted for so long after. */
const RESOLVER_DOUBT_MS = 30 * 60_000;

/** Whether the user's resolver is seen to fail: names that public resolvers resolve, or names of companies that have nothing to do with the store. */
function resolverFails(round: Round): boolean {
  return round.observations.some((o) => {
    const failure = failureOf(o);
    return failure !== null && phaseOf(failure) === 'dns' && (o.role === 'controls' || round.resolver?.verdict === 'ok');
  });
}

/**
 * Failures that are the user's resolver's, not the store's: names that public resolvers do resolve, and, while that resolver fails, requests
 * that got no answer at all, since a browser does not tell a silent resolver from a silent server.
 */
function excusedTargets(round: Round, namesFailedAt: number | null, failedElsewhere: number): ReadonlySet<string> {
  // Public resolvers that could not either a moment ago: then it is the names, whatever one of them says now.
  if (failedElsewhere > 0) return new Set();
  const doubtful = namesFailedAt !== null && round.at - namesFailedAt <= RESOLVER_DOUBT_MS && round.resolver?.verdict !== 'failing';
  return new Set(
    round.observations.flatMap((o) => {
      const failure = failureOf(o);
      if (failure === null) return [];
      const unnamed = phaseOf(failure) === 'dns' && round.resolver?.verdict === 'ok';
      const silent = doubtful && (failure === 'timed_out' || failure === 'timed_out.unconnected' || failure === 'dns.timed_out');
      return unnamed || silent ? [o.target] : [];
    }),
  );
}

function isTroubled(seen: { asked: { failed: boolean; slow: boolean }[] }, observations: readonly Observation[], round: Round): boolean {
  return seen.asked.some((a) => a.failed || a.slow) || observations.some((o) => o.result.kind === 'failed' && isStoreRole(o.role)) || hasOfficialTrouble(round);
}

/** An event that the page keeps as ongoing for days (one stood 641 hours) has been forgotten there, and says nothing of now. */
const OFFICIAL_AGED_MS = 72 * 3_600_000;

function hasOfficialTrouble(round: Round): boolean {
  return round.official?.kind === 'read' && round.official.events.some((e) => e.music && e.status === 'ongoing' && round.at - e.startedAt < OFFICIAL_AGED_MS);
}

function isMaintenance(observations: readonly Observation[], round: Round): boolean {
  const failed = observations.filter((o) => isStoreRole(o.role) && o.result.kind === 'failed');
  if (failed.length === 0) return false;
  const pages = failed.filter((o) => failureOf(o) === 'content.maintenance').length;
  const announced = round.official?.kind === 'read' && round.official.events.some((e) => e.music && e.type === 'maintenance' && e.status === 'ongoing');
  return announced || pages * 2 > failed.length;
}

/** The user's clock minus the answers' clocks: the median, since one server's clock may be wrong too. */
function clockSkewOf(observations: readonly Observation[]): number | null {
  const skews = observations.flatMap((o) => (o.answer?.date != null ? [o.at + o.ms - o.answer.date] : [])).sort((a, b) => a - b);
  return skews.length === 0 ? null : skews[Math.floor(skews.length / 2)]!;
}

/**
 * Shows what is due. Stored before it is shown and noted after: a crash between the two shows it once more under the same id. Nothing is shown in
 * quiet hours, nor while checking is paused: nobody knows then whether it still holds.
 */
async function drain(ports: MonitorPorts, state: MonitorState): Promise<MonitorState> {
  const now = ports.clock.now();
  const settings = ports.settings();
  const quiet = state.pausedUntil !== null || isQuiet(settings, localHour(now, ports.utcOffset(now)));
  const due = quiet ? [] : state.outbox.filter((n) => n.dueAt <= now);
  // Of several outages that ended meanwhile one notice speaks: the last, which says how many more there were.
  const ends = due.filter((n) => isEnd(n) && fateOf(n, state.course, state.outbox, state.told, now) === 'tell').toSorted((a, b) => a.dueAt - b.dueAt);
  const spoken = ends.pop();
  const gone = new Set<string>();
  let { told } = state;
  let refused: string | null | undefined;
  for (const notice of due) {
    if (ends.includes(notice)) continue;
    const fate = fateOf(notice, state.course, state.outbox, told, now);
    if (fate === 'hold') continue;
    if (fate === 'tell') {
      const shown = await ports.tell(notice === spoken && ends.length > 0 ? { ...notice, also: ends.length } : notice);
      // One that was swallowed counts as told: should it have been seen after all, it would come again with every check.
      refused = shown.ok ? (shown.value === 'swallowed' ? SWALLOWED : null) : shown.error.reason;
      if (!shown.ok) continue;
      // Of reminders the last alone: however long it lasts, it is remembered that the outage was told.
      const others = notice.kind === 'reminder' ? told.filter((id) => !id.startsWith(`${notice.incident}:reminder:`)) : told;
      const along = notice === spoken ? ends.map(({ id }) => id) : [];
      for (const id of along) gone.add(id);
      told = [...others, ...along, notice.id].slice(-KEEP_TOLD);
    }
    gone.add(notice.id);
  }
  const problems = refused === undefined ? state.problems : withNotificationTrouble(state.problems, refused);
  if (gone.size === 0 && problems === state.problems) return state;
  const next: MonitorState = { ...state, outbox: state.outbox.filter((n) => !gone.has(n.id) || n.dueAt > now), told, problems };
  // Shown is shown, whether or not it could be noted: what a refused write left over goes with the next one.
  await commit(ports, next, []);
  return next;
}
