import type { Notice } from '../core/notice.ts';
import type { Snapshot } from '../core/snapshot.ts';

/**
 * A played outage lies in its own time, and runs faster than the user's. What is shown of it is moved as a whole, so that the moment it
 * has come to is now: "since 6 hours" and "checked just now" are then true of what is played.
 * @param by ms
 */
export function shiftSnapshot(snapshot: Snapshot, by: number): Snapshot {
  const moved = (at: number | null): number | null => (at === null ? null : at + by);
  const opinion = <T extends { at: number }>(one: T | null): T | null => (one === null ? null : { ...one, at: one.at + by });
  const { incident, lastIncident, official, strip, world } = snapshot;
  return {
    ...snapshot,
    at: snapshot.at + by,
    since: snapshot.since + by,
    incident: incident && { ...incident, startedAt: incident.startedAt + by, detectedAt: incident.detectedAt + by, admittedAt: moved(incident.admittedAt) },
    targets: snapshot.targets.map((line) => ({
      ...line,
      at: moved(line.at),
      served: line.served && { ...line.served, sites: line.served.sites.map((site) => ({ ...site, at: site.at + by })) },
    })),
    checkedAt: moved(snapshot.checkedAt),
    nextCheckAt: moved(snapshot.nextCheckAt),
    pausedUntil: moved(snapshot.pausedUntil),
    official: { ...official, readAt: moved(official.readAt), events: official.events.map((event) => ({ ...event, startedAt: event.startedAt + by, endsAt: moved(event.endsAt) })) },
    resolver: opinion(snapshot.resolver),
    world: world && { ...world, at: world.at + by, ...(world.refused ? { refused: { ...world.refused, until: world.refused.until + by } } : {}) },
    storefront: opinion(snapshot.storefront),
    strip: { ...strip, from: strip.from + by },
    lastIncident: lastIncident && { ...lastIncident, startedAt: lastIncident.startedAt + by, endedAt: lastIncident.endedAt + by },
  };
}

/** The same for what is told. @param by ms */
export function shiftNotice(notice: Notice, by: number): Notice {
  return { ...notice, dueAt: notice.dueAt + by, startedAt: notice.startedAt + by, endedAt: notice.endedAt === null ? null : notice.endedAt + by };
}
