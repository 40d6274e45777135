import type { Failure } from '../core/failure.ts';
import { fails } from '../core/page-sight.ts';
import type { PageFailures, PageHost } from '../core/round.ts';
import { PAGE_HOSTS, PAGE_SERVICE_HOSTS, TARGETS, hostOf, originPattern, roleOfHost } from '../core/targets.ts';
import { isStoreRole } from '../core/role.ts';
import browser from './browser.ts';
import { canObserveRequests } from './engine.ts';
import { readNetworkError } from './network-errors.ts';

/** A page of the store that did not load. The address stays in memory, for the offer to load it again. */
export interface PageFailure {
  tabId: number;
  url: string;
  failure: Failure;
}

/** Requests of the user's own store pages since the last check, by host and kind; no address is kept, and nothing is written. */
let counts = new Map<string, PageHost>();

/** @param failure null = it answered @returns what was met at that host so far; null where it is none of the store's */
function count(host: string, failure: Failure | null): PageHost | null {
  const role = roleOfHost(host);
  if (role === null) return null;
  const entry = counts.get(host) ?? { role, failed: 0, answered: 0, kinds: {} };
  if (failure === null) entry.answered += 1;
  else {
    entry.failed += 1;
    entry.kinds[failure] = (entry.kinds[failure] ?? 0) + 1;
  }
  counts.set(host, entry);
  return entry;
}

/** @returns what the user's own pages met since the last call, and forgets it; null where they asked nothing. */
export function takePageFailures(): PageFailures | null {
  if (counts.size === 0) return null;
  const byHost = Object.fromEntries(counts);
  counts = new Map();
  return { byHost };
}

/** Failures that are the user's doing or that of another extension say nothing of the store. */
function failureOf(error: string): Failure | null {
  const result = readNetworkError(error, { timedOut: false, answered: false });
  return result.kind === 'failed' && result.failure !== 'blocked.by_client' ? result.failure : null;
}

/** Of a part of a page only what is known to be the network counts: a bare "failed" is also what a page's own rules and workers come to. */
function partFailureOf(error: string): Failure | null {
  const failure = failureOf(error);
  return failure === 'unknown' ? null : failure;
}

/** Chromium names who asked `initiator`, Firefox `documentUrl` and `originUrl`. */
interface Asker {
  initiator?: string;
  documentUrl?: string;
  originUrl?: string;
}

function ofPage(details: { tabId: number } & Asker): boolean {
  const page = hostOf(details.documentUrl ?? details.initiator ?? details.originUrl ?? '');
  return details.tabId >= 0 && (PAGE_HOSTS as readonly string[]).includes(page);
}

/** A page that has heard nothing for so long will not load, ms: browsers themselves give up after one to five minutes. */
export const SILENT_MS = 8_000;

/** A load of a page, fetched ahead or shown. */
interface Load {
  tabId: number;
  requestId: string;
  url: string;
  /** Chromium: `prerender` and the like are fetched ahead, and nobody waits for them. */
  documentLifecycle?: string;
}

const isWaitedFor = ({ tabId, documentLifecycle = 'active' }: Load): boolean => tabId >= 0 && documentLifecycle === 'active';

/**
 * Listens to the user's own pages of the store: a page that does not load, or whose server stays silent, calls `onFailure` at once; what their
 * requests meet is counted by host, and `onTrouble` is called where a host fails them beyond an accident. Call it synchronously when the background
 * starts. Answers are only heard from the few hosts that an anonymous check cannot ask, so that a page that works does not keep the background awake.
 */
export function registerPageFailures(onFailure: (failure: PageFailure) => void, onTrouble: () => void): void {
  if (!canObserveRequests()) return;
  const { webRequest } = browser;
  const pages = PAGE_HOSTS.map((host) => `https://${host}/*`);
  const services = PAGE_SERVICE_HOSTS.map((host) => `https://${host}/*`);
  const store = [...new Set([...pages, ...services, ...TARGETS.filter((target) => isStoreRole(target.role)).map(originPattern)])];
  const loads = { urls: pages, types: ['main_frame' as const] };

  /** Loads that have heard nothing yet. A background that sleeps before it hears of them misses nothing: the browser's own error comes too. */
  const silent = new Map<string, ReturnType<typeof setTimeout>>();
  const heard = (load: Load): void => {
    clearTimeout(silent.get(load.requestId));
    silent.delete(load.requestId);
  };
  const failed = (load: Load, failure: Failure): void => {
    count(hostOf(load.url), failure);
    onFailure({ tabId: load.tabId, url: load.url, failure });
  };

  webRequest.onBeforeRequest.addListener((details) => {
    const load = details as typeof details & Load;
    heard(load);
    if (!isWaitedFor(load)) return undefined;
    const { tabId, url, requestId } = load;
    silent.set(requestId, setTimeout(() => {
      silent.delete(requestId);
      onFailure({ tabId, url, failure: 'timed_out' });
    }, SILENT_MS));
    return undefined;
  }, loads);
  // Also where it leads on to somebody else's page, of which nothing more is heard here.
  webRequest.onHeadersReceived.addListener((details) => heard(details), loads);
  webRequest.onErrorOccurred.addListener((details) => {
    heard(details);
    const failure = failureOf(details.error);
    if (failure !== null && isWaitedFor(details)) failed(details, failure);
  }, loads);
  webRequest.onCompleted.addListener((details) => {
    heard(details);
    if (!isWaitedFor(details)) return;
    if (details.statusCode >= 500) failed(details, `http.${details.statusCode}`);
    else count(hostOf(details.url), null);
  }, loads);

  const part = (host: string, failure: Failure | null): void => {
    const met = count(host, failure);
    if (failure !== null && met !== null && fails(met)) onTrouble();
  };
  webRequest.onErrorOccurred.addListener(
    (details) => {
      const failure = partFailureOf(details.error);
      if (failure !== null && ofPage(details as typeof details & Asker)) part(hostOf(details.url), failure);
    },
    { urls: store, types: ['xmlhttprequest', 'script', 'image', 'media'] },
  );
  webRequest.onCompleted.addListener(
    (details) => {
      if (ofPage(details as typeof details & Asker)) part(hostOf(details.url), details.statusCode >= 500 ? `http.${details.statusCode}` : null);
    },
    { urls: services, types: ['xmlhttprequest', 'media'] },
  );
}
