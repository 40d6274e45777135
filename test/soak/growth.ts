import type { OfficialEvent } from '../../utils/core/official.ts';
import { FAILURES } from '../../utils/core/failure.ts';
import { seededRandom } from '../fakes/seeded.ts';
import { BIRTH, DAY, failing, HEALTHY, HOUR, isSound, MINUTE, Universe } from '../fakes/universe.ts';

/** How large what is stored becomes. Characters of JSON, largest seen at any moment. */
export interface GrowthResult {
  days: number;
  checks: number;
  incidents: number;
  monitor: number;
  snapshot: number;
  /** All that is stored at the end, and after the first third. */
  all: number;
  allThird: number;
  violations: string[];
}

const MOST_MONITOR = 40_000;
const MOST_SNAPSHOT = 12_000;

/** As many events as the vendor's page has had at its worst, most of them of other products. */
function busyPage(now: number): OfficialEvent[] {
  return Array.from({ length: 24 }, (_, i) => ({
    id: `${200_000_000 + Math.floor(now / DAY) * 20 + i}`,
    service: i < 4 ? 'Apple Music' : `Service ${i}`,
    type: 'outage' as const,
    status: i % 3 === 0 ? ('ongoing' as const) : ('over' as const),
    startedAt: Math.floor(now / DAY) * DAY,
    endsAt: i % 3 === 0 ? null : Math.floor(now / DAY) * DAY + HOUR,
    text: 'Users may be experiencing intermittent issues with this service. '.repeat(3),
    hints: [],
    music: i < 4,
  }));
}

/** Lives for so many days with outages of every kind, a busy feed and vantage points, and measures. */
export async function growthRun(seed: string, days: number): Promise<GrowthResult> {
  const random = seededRandom(`growth/${seed}`);
  const world = new Universe();
  const violations: string[] = [];
  world.settings = { ...world.settings, interval: 5, notify: { ...world.settings.notify, cause: true, reminderHours: 1 }, secondOpinion: { ...world.settings.secondOpinion, world: 'once-per-incident' } };
  world.reading = (now) => ({ kind: 'read', at: now, events: random() < 0.5 ? busyPage(now) : [] });
  world.world = (now) => ({ at: now, votes: 8, failed: 5, ownCountryVotes: 2, ownCountryFailed: 1, places: Array.from({ length: 8 }, (_, i) => ({ country: `C${i}`, votes: 1, failed: i % 2 })) });
  world.resolver = (now) => ({ at: now, verdict: 'failing', details: Array.from({ length: 6 }, () => 'x'.repeat(160)) });
  const size = (): number => [...world.stored].reduce((sum, [key, value]) => sum + key.length + JSON.stringify(value).length, 0);
  let allThird = 0;
  const until = BIRTH + days * DAY;
  while (world.now < until) {
    world.fate = HEALTHY;
    await world.live((6 + random() * 30) * HOUR);
    const kinds = FAILURES.filter((kind) => !/^(local|blocked)/.test(kind));
    const share = 0.3 + random() * 0.7;
    const fault = failing('http.503', ...(random() < 0.5 ? [] : ['catalog', 'audio', 'purchase']));
    // More kinds at once than any outage shows.
    const some = Array.from({ length: 6 }, () => kinds[Math.floor(random() * kinds.length)]!);
    world.fate = (target, now) => (fault(target, now) !== null && random() < share ? some[Math.floor(random() * some.length)]! : random() < 0.02 ? 'timed_out' : null);
    await world.live((random() < 0.1 ? 30 * HOUR : 10 * MINUTE + random() * 3 * HOUR));
    if (allThird === 0 && world.now > BIRTH + (days * DAY) / 3) allThird = size();
  }
  world.fate = HEALTHY;
  await world.live(2 * HOUR);
  if (world.largest.monitor > MOST_MONITOR) violations.push(`monitor: ${world.largest.monitor} characters`);
  if (world.largest.snapshot > MOST_SNAPSHOT) violations.push(`snapshot: ${world.largest.snapshot} characters`);
  if (!isSound(world)) violations.push('the state does not read back');
  return { days, checks: world.rounds, incidents: ((world.stored.get('incidents') ?? []) as string[]).length, monitor: world.largest.monitor, snapshot: world.largest.snapshot, all: size(), allThird, violations };
}
