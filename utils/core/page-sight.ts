import { phaseOf, type Failure } from './failure.ts';
import type { StoreRole } from './role.ts';
import type { PageFailures, PageHost } from './round.ts';

/** A host at which the user's own pages of the store fail, lately. */
export interface PageTrouble extends PageHost {
  host: string;
  /** When it failed last, ms since the epoch. */
  at: number;
}

/** What a page met so long ago says nothing of now, ms. */
const LATELY_MS = 15 * 60_000;
/** More hosts than the pages of the store ask. */
const MOST_HOSTS = 12;
/** A lone failure is an accident of the line. */
const ENOUGH = 2;

/** @returns whether a host fails a page, and not only now and then. */
export function fails({ failed, answered }: Pick<PageHost, 'failed' | 'answered'>): boolean {
  return failed >= ENOUGH && failed > answered;
}

/**
 * Keeps what the user's pages meet up to date: hosts that answer again, and those that nothing was heard of for long, are left out; so is what
 * failed on the user's own machine, before any host was asked.
 * @param page what was met since the last check; null = nothing
 * @param now ms since the epoch
 */
export function notePage(before: readonly PageTrouble[], page: PageFailures | null, now: number): PageTrouble[] {
  const hosts = new Map(before.filter(({ at }) => now >= at && now - at < LATELY_MS).map((one) => [one.host, one]));
  for (const [host, seen] of Object.entries(page?.byHost ?? {})) {
    const had = hosts.get(host);
    hosts.delete(host);
    const away = (Object.entries(seen.kinds) as [Failure, number][]).filter(([kind]) => phaseOf(kind) !== 'local');
    const failed = away.reduce((sum, [, count]) => sum + count, 0);
    // What answered more often than it failed works again, whatever was before.
    if (failed === 0 || seen.answered > failed) continue;
    const kinds: Partial<Record<Failure, number>> = { ...had?.kinds };
    for (const [kind, count] of away) kinds[kind] = (kinds[kind] ?? 0) + count;
    hosts.set(host, { host, role: seen.role, failed: (had?.failed ?? 0) + failed, answered: (had?.answered ?? 0) + seen.answered, kinds, at: now });
  }
  return [...hosts.values()].slice(-MOST_HOSTS);
}

/** What fails on the user's own pages, for the views. */
export interface PageSight {
  role: StoreRole;
  host: string;
  /** The kind it fails with most often. */
  failure: Failure;
  failed: number;
}

/** @returns the hosts that fail the user's pages beyond doubt, each with its commonest failure. */
export function pageSights(troubles: readonly PageTrouble[]): PageSight[] {
  return troubles.filter(fails).flatMap(({ role, host, failed, kinds }) => {
    const [most] = (Object.entries(kinds) as [Failure, number][]).toSorted(([, a], [, b]) => b - a);
    return most === undefined ? [] : [{ role, host, failure: most[0], failed }];
  });
}
