import { BANNER_KEY, type BannerView } from '../core/banner.ts';
import type { Outcome } from '../core/result.ts';
import type { Settings } from '../core/settings.ts';
import type { Snapshot } from '../core/snapshot.ts';
import type { Clock, Notification, Storage } from './ports.ts';

/** A page of the store that did not load. */
export interface FailedPage {
  tabId: number;
  url: string;
}

/** What the background needs for the pages of the store. */
export interface OnPagePorts {
  clock: Clock;
  storage: Storage;
  /** What pages show of a snapshot, in words; null = nothing, undefined = there are no words yet. */
  view(snapshot: Snapshot, before: BannerView | null): Promise<BannerView | null | undefined>;
  /** Has pages of the store that come look for a banner, or no longer. */
  watchPages(wanted: boolean): Promise<Outcome<void>>;
  /** Open pages of the store. */
  storeTabs(): Promise<number[]>;
  /** Puts the banner's script into a tab; where it is already, nothing happens. */
  inject(tabId: number): Promise<Outcome<void>>;
  /** Has the page in a tab look for a banner, where it has none: some kilobytes less than the banner itself. */
  lookAgain(tabId: number): Promise<Outcome<void>>;
  /** Checks at once, because of a page. */
  check(): Promise<Outcome<unknown>>;
  /** What was kept since the browser started. */
  readSession(key: string): Promise<unknown>;
  writeSession(entries: Readonly<Record<string, unknown>>): Promise<void>;
  settings(): Pick<Settings, 'openPopup' | 'reopenFailedTab' | 'notify'>;
  /** Whether the user looks at that tab. */
  isActive(tabId: number): Promise<boolean>;
  openPopup(): Promise<boolean>;
  notify(notification: Notification): Promise<Outcome<unknown>>;
  /** Why a page did not load, in words; null where the snapshot does not tell. */
  pageNotice(snapshot: Snapshot): Notification | null;
  /** Whether a tab still shows that this address could not be loaded. */
  stillFails(tab: FailedPage): Promise<boolean>;
  reload(tabId: number): Promise<Outcome<void>>;
}

export interface OnPage {
  /** Follows the verdict: what pages show, and pages that are brought back. */
  show(snapshot: Snapshot): Promise<void>;
  /** A page of the store has come, and something lies there to be shown. The check has been made. */
  arrived(tabId: number): Promise<void>;
  /** A page of the store did not load. */
  failed(page: FailedPage): Promise<void>;
  /** Requests of an open page fail: what they met goes with the next check. */
  requestsFail(): Promise<void>;
}

/** The outage for which open pages have been given their banner: forgotten when the browser or the extension starts anew, as their pages are then. */
const GIVEN_KEY = 'bannerGiven';
const FAILED_KEY = 'failedPages';
const TOLD_KEY = 'pagesTold';
/** When requests of open pages led to a check last. */
const REQUESTS_KEY = 'requestsAt';
/** A tab is told of once in so long, however often it is loaded anew. */
export const TOLD_EVERY_MS = 5 * 60_000;
/** A check that is younger has seen what the page has met. */
const CHECK_EVERY_MS = 10_000;
/** A page whose requests go on failing while the store works has it checked so often and no more. */
const REQUESTS_EVERY_MS = 5 * 60_000;
/** An outage that was told so lately needs no second notification for the page that met it. */
const JUST_TOLD_MS = 60_000;
const MOST_TABS = 20;

type Told = Record<string, number>;
type Failed = Record<string, string>;

/** @returns what the background does for the pages of the store. Nothing is kept in memory that is not also stored. */
export function createOnPage(ports: OnPagePorts): OnPage {
  let latest: Snapshot | null = null;
  /** Whether pages look for a banner; null = not known since the background woke. */
  let watching: boolean | null = null;
  let checkedFor = -Infinity;
  let queue: Promise<unknown> = Promise.resolve();

  /** One after the other: what is shown follows what was shown. */
  function exclusive<T>(work: () => Promise<T>): Promise<T> {
    const result = queue.then(work, work);
    queue = result.catch(() => undefined);
    return result;
  }

  async function shown(): Promise<BannerView | null> {
    const stored = await ports.storage.read([BANNER_KEY]);
    return stored.ok ? ((stored.value[BANNER_KEY] as BannerView | undefined) ?? null) : null;
  }

  async function showNow(snapshot: Snapshot): Promise<void> {
    const played = snapshot.rehearsal !== null;
    if (!played) latest = snapshot;
    const before = await shown();
    // What was only played does not end with the news that the store is back.
    const view = await ports.view(snapshot, before !== null && (before.rehearsal !== null) === played ? before : null);
    if (view === undefined) return;
    if (view !== null || before !== null) await ports.storage.write({ [BANNER_KEY]: view ?? undefined });
    const watched = view !== null && view.kind !== 'back';
    if (watched !== watching && (await ports.watchPages(watched)).ok) watching = watched;
    // An open page gets no hint about its connection: nobody may be looking for anything there.
    const stands = before?.kind === 'trouble' && before.incident === view?.incident && (await ports.readSession(GIVEN_KEY)) === view.incident;
    if (view?.kind === 'trouble') {
      if (!stands) await ports.writeSession({ [GIVEN_KEY]: view.incident });
      // A page that comes back out of the browser's memory tells nobody that it is there: every check asks those that are.
      for (const tab of await ports.storeTabs()) void (stands ? ports.lookAgain(tab) : ports.inject(tab));
    }
    if (played) return;
    if (snapshot.state === 'up' || snapshot.state === 'recovering') await bringBack();
  }

  /** Tabs that could not be loaded are loaded again, where they still show that. */
  async function bringBack(): Promise<void> {
    const failed = ((await ports.readSession(FAILED_KEY)) ?? {}) as Failed;
    if (Object.keys(failed).length === 0) return;
    await ports.writeSession({ [FAILED_KEY]: {} });
    if (!ports.settings().reopenFailedTab) return;
    for (const [id, url] of Object.entries(failed)) {
      const tab = { tabId: Number(id), url };
      if (await ports.stillFails(tab)) await ports.reload(tab.tabId);
    }
  }

  /** Notes a tab; the oldest go first. @returns when it was told of last */
  async function note({ tabId }: FailedPage): Promise<number> {
    const told = ((await ports.readSession(TOLD_KEY)) ?? {}) as Told;
    const before = told[tabId] ?? -Infinity;
    const now = ports.clock.now();
    const renewed: Told = now - before >= TOLD_EVERY_MS ? { ...told, [tabId]: now } : told;
    const kept = Object.entries(renewed).filter(([, at]) => now - at < TOLD_EVERY_MS);
    await ports.writeSession({ [TOLD_KEY]: Object.fromEntries(kept.slice(-MOST_TABS)) });
    return before;
  }

  /** Keeps a tab to be brought back. Only while there is trouble: a page that fails while the store works would be loaded again and again. */
  async function keepForLater({ tabId, url }: FailedPage): Promise<void> {
    const failed = ((await ports.readSession(FAILED_KEY)) ?? {}) as Failed;
    await ports.writeSession({ [FAILED_KEY]: Object.fromEntries(Object.entries({ ...failed, [tabId]: url }).slice(-MOST_TABS)) });
  }

  return {
    show: (snapshot) => exclusive(() => showNow(snapshot)),

    async arrived(tabId) {
      const view = await exclusive(shown);
      if (view !== null && view.kind !== 'back') await ports.inject(tabId);
    },

    async requestsFail() {
      const due = await exclusive(async () => {
        const last = (await ports.readSession(REQUESTS_KEY)) as number | undefined;
        const now = ports.clock.now();
        if (now - checkedFor < CHECK_EVERY_MS || (last !== undefined && Math.abs(now - last) < REQUESTS_EVERY_MS)) return false;
        await ports.writeSession({ [REQUESTS_KEY]: (checkedFor = now) });
        return true;
      });
      if (due) await ports.check();
    },

    async failed(page) {
      const toldAt = await exclusive(() => note(page));
      const now = ports.clock.now();
      if (now - checkedFor >= CHECK_EVERY_MS) {
        checkedFor = now;
        await ports.check();
      }
      // What the check has brought is shown before it is looked at.
      const snapshot = await exclusive(async () => latest);
      // Who has paused all checks wants to hear nothing, and nothing was looked at.
      const notice = snapshot === null || snapshot.pausedUntil !== null ? null : ports.pageNotice(snapshot);
      if (snapshot === null || notice === null) return;
      if (ports.settings().reopenFailedTab) await exclusive(() => keepForLater(page));
      if (now - toldAt < TOLD_EVERY_MS) return;
      if (ports.settings().openPopup && (await ports.isActive(page.tabId)) && (await ports.openPopup())) return;
      const justTold = snapshot.incident !== null && snapshot.state !== 'own' && ports.clock.now() - snapshot.incident.detectedAt < JUST_TOLD_MS;
      // The store's outage is told of, or not, as the user has chosen; why his own page failed he hears in any case: he is waiting for it.
      if (justTold || (snapshot.state !== 'own' && !ports.settings().notify.outage)) return;
      await ports.notify(notice);
    },
  };
}
