import { decodeIncident } from '../../utils/core/incident-record.ts';
import { isOpen } from '../../utils/core/incident.ts';
import { decodeIndex, incidentKey, INCIDENTS_KEY } from '../../utils/store/record.ts';
import { STATE_KEY } from '../../utils/store/keeper.ts';
import { decodeState } from '../../utils/store/state.ts';
import { BIRTH, failing, HEALTHY, HOUR, MINUTE, Universe } from '../fakes/universe.ts';
import { seededRandom } from '../fakes/seeded.ts';

/** What a run of outages and recoveries under a background that keeps dying has shown. */
export interface CrashResult {
  seed: string;
  kills: number;
  /** Where it died how often. */
  points: Record<string, number>;
  outages: number;
  checks: number;
  notices: number;
  /** Notices shown a second time, each after a death between showing and noting. */
  again: number;
  /** What did not hold; empty = all did. */
  violations: string[];
}

/**
 * Lives through outages while the background is killed at random calls, and holds what is left in the store against what was.
 * @param kills how many deaths at least
 * @param share of calls to the outside at which it dies
 */
export async function crashRun(seed: string, kills: number, share = 1 / 80): Promise<CrashResult> {
  const random = seededRandom(`crash/${seed}`);
  const world = new Universe();
  const violations: string[] = [];
  const points: Record<string, number> = {};
  const showings = new Map<string, { times: number; deathsThen: number }>();
  const noted = new Set<string>();
  const opened = new Set<string>();
  let again = 0;
  let firstWrite: number | null = null;

  world.random = 0.1;
  world.kills = (point) => {
    // Most calls are requests; the few that matter most are hit as often.
    if (random() >= (/^(probe|official|read)/.test(point) ? share : share * 6)) return false;
    points[point] = (points[point] ?? 0) + 1;
    return true;
  };
  world.writeRefused = (entries) => {
    const raw = entries[STATE_KEY];
    if (raw === undefined) return null;
    firstWrite ??= world.now;
    const { state, damaged } = decodeState(JSON.parse(JSON.stringify(raw)), world.now);
    if (damaged.length > 0) violations.push(`a state that does not read back: ${damaged.join('; ')}`);
    for (const id of state.told) noted.add(id);
    if (isOpen(state.course)) opened.add(state.course.incident!.id);
    return null;
  };
  const tell = world.told;
  const judgeTold = (from: number): void => {
    for (const { notice, deaths } of tell.slice(from)) {
      const before = showings.get(notice.id);
      if (before !== undefined) {
        again++;
        if (deaths === before.deathsThen) violations.push(`${notice.id} shown twice by one life`);
      }
      showings.set(notice.id, { times: (before?.times ?? 0) + 1, deathsThen: deaths });
    }
  };

  const truth: { from: number; to: number }[] = [];
  const live = async (ms: number): Promise<void> => {
    const until = world.now + ms;
    while (world.now < until) {
      const from = tell.length;
      const known = new Set(noted);
      const done = await world.tick();
      for (const { notice } of tell.slice(from)) if (known.has(notice.id)) violations.push(`${notice.id} shown though it was noted`);
      judgeTold(from);
      // A browser puts the background to sleep between two alarms as a rule.
      if (random() < 0.5) world.restart();
      const next = done?.ok ? done.value.nextAt : world.now + MINUTE;
      world.now = Math.min(until, Math.max(next, world.now + 1_000));
    }
  };

  while (world.deaths < kills && violations.length < 20) {
    world.fate = HEALTHY;
    await live((150 + Math.floor(random() * 60)) * MINUTE);
    const from = world.now;
    world.fate = random() < 0.5 ? failing('http.503') : failing('tcp.timed_out', 'catalog', 'storefront', 'purchase');
    await live((12 + Math.floor(random() * 60)) * MINUTE);
    truth.push({ from, to: world.now });
  }
  world.fate = HEALTHY;
  world.kills = () => false;
  await live(3 * HOUR);

  // Incidents: every outage once, and each as long as the time that was counted for it.
  const ids = decodeIndex(world.stored.get(INCIDENTS_KEY));
  if (new Set(ids).size !== ids.length) violations.push('an incident stands twice in the index');
  for (const id of opened) if (!ids.includes(id)) violations.push(`incident ${id} was lost`);
  for (const { from, to } of truth) {
    const records = ids.flatMap((id) => {
      const record = decodeIncident(world.stored.get(incidentKey(id)));
      if (!record.ok) violations.push(`incident ${id}: ${record.error.at} ${record.error.reason}`);
      return record.ok && record.value.startedAt >= from - MINUTE && record.value.startedAt <= to ? [record.value] : [];
    });
    if (records.length !== 1) {
      violations.push(`the outage from ${from} has ${records.length} incidents`);
      continue;
    }
    const { startedAt, endedAt, id, loss } = records[0]!;
    if (loss === null) violations.push(`${id}: its price was lost`);
    // History that is older than two days is kept by the hour.
    if (endedAt === null || world.now - startedAt > 46 * HOUR) continue;
    const ms = world.time(startedAt - MINUTE, endedAt + 2 * MINUTE);
    if (Math.abs(ms.down + ms.degraded + ms.unobserved - (endedAt - startedAt)) > 2 * MINUTE && ms.unobserved === 0) violations.push(`${id}: ${endedAt - startedAt} ms long, ${JSON.stringify(ms)} counted`);
    if (!showings.has(`${id}:outage`)) violations.push(`${id}: nobody was told`);
    if (!showings.has(`${id}:recovery`)) violations.push(`${id}: nobody was told of its end`);
  }
  if (ids.length !== truth.length) violations.push(`${truth.length} outages, ${ids.length} incidents`);

  // Time: every millisecond is something, none is two things, and each death costs half a minute at most, on the mean.
  const { upTo } = world.state.accounting;
  const ms = world.time(BIRTH, upTo);
  const sum = Object.values(ms).reduce((all, one) => all + one, 0);
  if (Math.abs(sum - (upTo - BIRTH)) > 24 * HOUR) violations.push(`time: ${sum} ms counted of ${upTo - BIRTH}`);
  // The next alarm comes within a minute of a death, and half of them come between two checks.
  if (ms.unobserved > (firstWrite ?? BIRTH) - BIRTH + world.deaths * (MINUTE / 2)) violations.push(`time: ${ms.unobserved} ms lost of ${upTo - BIRTH}`);
  const failingMs = truth.reduce((all, { from, to }) => all + to - from, 0);
  if (ms.down + ms.degraded > failingMs * 1.1 + truth.length * MINUTE) violations.push(`time: ${ms.down + ms.degraded} ms of outage counted, ${failingMs} were`);
  if (ms.down + ms.degraded + ms.unobserved < failingMs * 0.85) violations.push(`time: only ${ms.down + ms.degraded} ms of outage counted, ${failingMs} were`);

  return { seed, kills: world.deaths, points, outages: truth.length, checks: world.rounds, notices: tell.length, again, violations: [...new Set(violations)] };
}
