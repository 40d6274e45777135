import { flaw, type Outcome } from '../core/result.ts';
import { PAGE_HOSTS } from '../core/targets.ts';
import { PAGE_COMMANDS, type Answer, type Ask, type CommandName } from '../messages/contract.ts';
import { decodeMessage } from '../messages/decode.ts';
import browser from './browser.ts';
import { wordsOf } from './words.ts';

/** Who sent a command: one of the extension's own pages, or the content script in a tab of the store. */
export type Sender = { kind: 'view' } | { kind: 'page'; tabId: number };

export type Handlers = { [K in CommandName]: (ask: Ask<K>, from: Sender) => Promise<Answer<K>> };

interface RawSender {
  id?: string | undefined;
  url?: string | undefined;
  origin?: string | undefined;
  frameId?: number | undefined;
  tab?: { id?: number | undefined } | undefined;
}

/**
 * @param own the extension's id and the address of its root
 * @returns who sent a message; null where it is nobody who may: another extension, a frame, a page that is not the store's
 */
export function identify(sender: RawSender, own: { id: string; root: string }): Sender | null {
  if (sender.id !== own.id || sender.url === undefined || !URL.canParse(sender.url)) return null;
  if (sender.url.startsWith(own.root)) return { kind: 'view' };
  const { protocol, hostname } = new URL(sender.url);
  if (protocol !== 'https:' || !(PAGE_HOSTS as readonly string[]).includes(hostname)) return null;
  return sender.frameId === 0 && sender.tab?.id !== undefined ? { kind: 'page', tabId: sender.tab.id } : null;
}

/** A page may send so many commands at once, and one more every so many ms: a page that arrives sends one. */
const BURST = 10;
const REFILL_MS = 1_000;

/** @returns whether a tab may send one more command now. */
export function createRateLimit(now: () => number): (tabId: number) => boolean {
  const buckets = new Map<number, { left: number; at: number }>();
  return (tabId) => {
    const at = now();
    const bucket = buckets.get(tabId) ?? { left: BURST, at };
    const left = Math.min(BURST, bucket.left + Math.max(0, at - bucket.at) / REFILL_MS);
    buckets.set(tabId, { left: left >= 1 ? left - 1 : left, at });
    return left >= 1;
  };
}

/**
 * Answers the commands of views and pages. Call it synchronously when the background starts. Every command is answered by an `Outcome`.
 * @param ready resolves when the handlers know what they rest on: the command that wakes the background is there before its settings are read
 */
export function receiveCommands(handlers: Handlers, ready: () => Promise<void>): void {
  const allowed = createRateLimit(Date.now);
  browser.runtime.onMessage.addListener((message: unknown, sender: RawSender): Promise<Outcome<unknown>> | undefined => {
    const decoded = decodeMessage(message);
    if (decoded === null) return undefined;
    const from = identify(sender, { id: browser.runtime.id, root: browser.runtime.getURL('') });
    if (from === null) return Promise.resolve(flaw('sender', 'may not send commands'));
    if (from.kind === 'page' && !allowed(from.tabId)) return Promise.resolve(flaw('sender', 'too many commands'));
    if (!decoded.ok) return Promise.resolve(decoded);
    const { command, ask } = decoded.value;
    if (from.kind === 'page' && !PAGE_COMMANDS.has(command)) return Promise.resolve(flaw(command, 'not for pages'));
    const handle = handlers[command] as (ask: unknown, from: Sender) => Promise<Outcome<unknown>>;
    return ready()
      .then(() => handle(ask, from))
      .catch((error: unknown) => flaw(command, wordsOf(error)));
  });
}
