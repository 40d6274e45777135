import { BANNER_KEY, type BannerView } from '../core/banner.ts';
import { flaw } from '../core/result.ts';
import type { Answer, Ask, CommandName } from '../messages/contract.ts';

type OnChange = (changes: Record<string, { newValue?: unknown }>, area: string) => void;

/** What a content script needs of the browser. It goes without the polyfill, which alone is larger than a healthy page may cost: promises are native in every engine that runs this. */
interface PageApi {
  runtime: { id?: string; sendMessage(message: unknown): Promise<unknown> };
  storage: {
    local: { get(key: string): Promise<Record<string, unknown>> };
    onChanged: { addListener(listener: OnChange): void; removeListener(listener: OnChange): void };
  };
}

function api(): PageApi {
  const { browser, chrome } = globalThis as { browser?: PageApi; chrome?: PageApi };
  return (browser?.runtime === undefined ? chrome : browser)!;
}

/** @returns whether the extension that put this script here is still there: after an update, an old script is an orphan. */
export function isAlive(): boolean {
  try {
    return api().runtime.id !== undefined;
  } catch {
    return false;
  }
}

/** @returns what pages are to show; null = nothing. */
export async function readBanner(): Promise<BannerView | null> {
  try {
    return ((await api().storage.local.get(BANNER_KEY))[BANNER_KEY] as BannerView | undefined) ?? null;
  } catch {
    return null; // an orphan
  }
}

/** Tells when that changes. @returns how to stop listening */
export function onBanner(listener: (view: BannerView | null) => void): () => void {
  const heard: OnChange = (changes, area) => {
    const change = changes[BANNER_KEY];
    if (area === 'local' && change !== undefined) listener((change.newValue as BannerView | undefined) ?? null);
  };
  api().storage.onChanged.addListener(heard);
  return () => {
    try {
      api().storage.onChanged.removeListener(heard);
    } catch {
      // An orphan hears nothing more.
    }
  };
}

/** Sends a command to the background. @returns its answer; an error where it cannot be reached */
export async function tell<K extends CommandName>(command: K, ask: Ask<K>): Promise<Answer<K>> {
  try {
    return ((await api().runtime.sendMessage({ command, ask })) as Answer<K> | undefined) ?? flaw(command, 'no answer');
  } catch {
    return flaw(command, 'the background cannot be reached');
  }
}
