import type { Monitor } from '../app/monitor.ts';
import { MINUTE } from './network.ts';
import type { Scenario } from '../core/scenario.ts';
import type { World } from './world.ts';

/** Without a known end a scenario goes on so long after its last phase, minutes. */
const TAIL_MIN = 60;
/** With one, a recovery is waited for so long, as a share of the outage and at least, minutes. */
const RECOVERY_SHARE = 0.25;
const RECOVERY_LEAST_MIN = 60;

/** @returns the minute at which a scenario has nothing more to show but its recovery, and the one until which that is waited for */
export function lastMinutes({ endMinute, phases }: Pick<Scenario, 'endMinute' | 'phases'>): { last: number; latest: number } {
  const lastPhase = phases.at(-1)!.atMinute;
  if (endMinute === null) return { last: lastPhase + TAIL_MIN, latest: lastPhase + TAIL_MIN };
  const last = Math.max(lastPhase, endMinute);
  return { last, latest: last + Math.max(RECOVERY_LEAST_MIN, endMinute * RECOVERY_SHARE) };
}

/**
 * Calls the monitor as a browser would: at the start, whenever it wants to be called, and when the machine comes back online.
 * A check takes no real time: how long it takes to come to the next is up to `goOn`.
 * @param interval minutes until the next call where the monitor could not say when
 * @param goOn asked before each call, when the clock already stands at its moment; false ends the drive
 */
export async function drive(world: World, monitor: Monitor, interval: () => number, goOn: () => boolean | Promise<boolean>): Promise<void> {
  let nextAt = world.clock.now();
  let first = true;
  for (;;) {
    const online = !first && comesOnline(world, nextAt);
    if (!online) world.sleepUntil(nextAt);
    if (!(await goOn())) return;
    const outcome = await world.run(monitor.tick(first ? 'start' : online ? 'online' : 'schedule'));
    first = false;
    nextAt = outcome.ok ? outcome.value.nextAt : world.clock.now() + interval() * MINUTE;
  }
}

/** A machine that comes back online wakes the background before the next alarm: moves there if that happens first. */
function comesOnline(world: World, nextAt: number): boolean {
  const { network } = world;
  const now = world.trueNow();
  if (network.phaseAt(now).client.online) return false;
  const back = network.onlineFrom(now);
  const due = now + (nextAt - world.clock.now());
  if (back >= due) return false;
  world.moveTo(back + 1_000);
  return true;
}
