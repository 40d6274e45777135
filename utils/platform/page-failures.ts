import type { Failure } from '../core/failure.ts';
import type { StoreRole } from '../core/role.ts';
import type { PageFailures } from '../core/round.ts';
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

/** Requests of the user's own store pages since the last check; no address is kept, and nothing is written. */
let counts = new Map<StoreRole, { failed: number; answered: number }>();

/** A page as such is the storefront's, also where its host serves other things too. */
function count(role: StoreRole | null, what: 'failed' | 'answered'): void {
  if (role === null) return;
  const entry = counts.get(role) ?? { failed: 0, answered: 0 };
  entry[what] += 1;
  counts.set(role, entry);
}

/** @returns what the user's own pages met since the last call, and forgets it; null where they asked nothing. */
export function takePageFailures(): PageFailures | null {
  if (counts.size === 0) return null;
  const byRole = Object.fromEntries(counts);
  counts = new Map();
  return { byRole };
}

/** Failures that are the user's doing or that of another extension say nothing of the store. */
function failureOf(error: string): Failure | null {
  const result = readNetworkError(error, { timedOut: false, answered: false });
  return result.kind === 'failed' && result.failure !== 'blocked.by_client' ? result.failure : null;
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

/**
 * Listens to the user's own pages of the store: a page that does not load calls `onFailure` at once, what their requests meet is counted by
 * the part of the store. Call it synchronously when the background starts. Answers are only heard from the few hosts that an anonymous check
 * cannot ask, so that a page that works does not keep the background awake.
 */
export function registerPageFailures(onFailure: (failure: PageFailure) => void): void {
  if (!canObserveRequests()) return;
  const { webRequest } = browser;
  const pages = PAGE_HOSTS.map((host) => `https://${host}/*`);
  const services = PAGE_SERVICE_HOSTS.map((host) => `https://${host}/*`);
  const store = [...new Set([...pages, ...services, ...TARGETS.filter((target) => isStoreRole(target.role)).map(originPattern)])];

  webRequest.onErrorOccurred.addListener(
    (details) => {
      const failure = failureOf(details.error);
      if (failure === null || details.tabId < 0) return;
      count('storefront', 'failed');
      onFailure({ tabId: details.tabId, url: details.url, failure });
    },
    { urls: pages, types: ['main_frame'] },
  );
  webRequest.onCompleted.addListener(
    (details) => {
      if (details.tabId < 0) return;
      const sick = details.statusCode >= 500;
      count('storefront', sick ? 'failed' : 'answered');
      if (sick) onFailure({ tabId: details.tabId, url: details.url, failure: `http.${details.statusCode}` });
    },
    { urls: pages, types: ['main_frame'] },
  );

  webRequest.onErrorOccurred.addListener(
    (details) => {
      if (ofPage(details as typeof details & Asker) && failureOf(details.error) !== null) count(roleOfHost(hostOf(details.url)), 'failed');
    },
    { urls: store, types: ['xmlhttprequest', 'script', 'image', 'media'] },
  );
  webRequest.onCompleted.addListener(
    (details) => {
      if (ofPage(details as typeof details & Asker)) count(roleOfHost(hostOf(details.url)), details.statusCode >= 500 ? 'failed' : 'answered');
    },
    { urls: services, types: ['xmlhttprequest', 'media'] },
  );
}
