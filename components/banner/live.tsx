import { render } from 'preact';
import type { BannerView } from '../../utils/core/banner.ts';
import type { Reminder } from '../../utils/core/reminder.ts';
import type { Send } from '../../utils/view/source.ts';
import { Banner } from './banner.tsx';

/** Name of the element that is put into a page. */
export const HOST = 'tsunagaru-banner';

export interface LiveGiven {
  css: string;
  send: Send;
  /** What the page is about as it stands now; pages change without loading. */
  song(): Reminder | null;
  /** What one would look for elsewhere; '' = nothing. */
  query(): string;
  /** Whether the extension is still there. */
  alive(): boolean;
  now(): number;
  /** How long it stays once it has said that all is over, ms. */
  backMs: number;
  /** A check older than this is repeated when the user comes back to the page, ms. */
  proofMs: number;
  /** Called once it is gone. */
  gone(): void;
}

export interface Live {
  /** What to show from now on; null = nothing more. News that it is over stands for its time, unless it has become untrue. */
  show(view: BannerView | null): void;
  /** What is true now, of a page that was not there for a while: what it said when it was left may be long over. */
  renew(view: BannerView | null): void;
  leave(): void;
}

/** A page that takes the banner away gets it back so often; then it is left in peace. */
const MOST_RETURNS = 5;
const LOOK_EVERY_MS = 1_000;

/**
 * Puts the banner into the page and keeps it there: above everything, below nothing, moving nothing. It lives in a closed root, out of reach of the
 * page's styles and scripts, and takes what an older one left behind along.
 */
export function createLive(given: LiveGiven): Live {
  for (const old of document.querySelectorAll(HOST)) old.remove();
  const host = document.createElement(HOST);
  const root = host.attachShadow({ mode: 'closed' });
  const style = document.createElement('style');
  style.textContent = given.css;
  const box = document.createElement('div');
  box.className = 'box';
  root.append(style, box);

  const dark = matchMedia('(prefers-color-scheme: dark)');
  const events = new AbortController();
  const { signal } = events;
  let view: BannerView | null = null;
  let returns = 0;
  let address = '';
  let timer: ReturnType<typeof setTimeout> | undefined;
  let goneAlready = false;

  function attach(): void {
    // In the top layer nothing covers it but what the page opens there later; a browser without it still has the highest z-index.
    host.setAttribute('popover', 'manual');
    document.documentElement.append(host);
    rise();
  }

  function rise(): void {
    try {
      host.showPopover?.();
    } catch {
      // Already up, or the document is not in a state to show it.
    }
  }

  function comeBack(): void {
    if (goneAlready || returns >= MOST_RETURNS || !given.alive()) return;
    returns += 1;
    if (host.isConnected) rise();
    else attach();
  }

  function paint(): void {
    if (view === null) return;
    address = location.href;
    const theme = view.theme === 'auto' ? (dark.matches ? 'dark' : 'light') : view.theme;
    box.setAttribute('data-theme', theme);
    render(<Banner key={`${view.incident} ${view.kind}`} view={view} song={given.song()} query={given.query()} send={given.send} close={dismiss} />, box);
  }

  function dismiss(): void {
    const incident = view?.incident;
    leave();
    if (incident !== undefined) void given.send('dismiss', { incident });
  }

  function leave(): void {
    if (goneAlready) return;
    goneAlready = true;
    clearTimeout(timer);
    clearInterval(looking);
    watcher.disconnect();
    events.abort();
    render(null, box);
    host.remove();
    given.gone();
  }

  /** Leaves by itself, but not from under somebody's hand. */
  function leaveLater(): void {
    timer = setTimeout(() => (host.matches(':hover, :focus-within') ? leaveLater() : leave()), given.backMs);
  }

  const watcher = new MutationObserver(() => {
    if (!host.isConnected) comeBack();
  });
  watcher.observe(document, { childList: true });
  watcher.observe(document.documentElement, { childList: true });
  host.addEventListener('toggle', (event) => (event as Event & { newState?: string }).newState === 'closed' && host.isConnected && comeBack(), { signal });
  dark.addEventListener('change', paint, { signal });
  // Nothing of what is typed here concerns the page's shortcuts.
  for (const type of ['keydown', 'keyup', 'keypress']) host.addEventListener(type, (event) => event.stopPropagation(), { signal });
  document.addEventListener('visibilitychange', () => {
    if (!document.hidden && view !== null && given.now() - view.checkedAt > given.proofMs) void given.send('page-arrived', { url: location.origin + location.pathname });
  }, { signal });
  const looking = setInterval(() => {
    if (!given.alive()) leave();
    // A page that changes its address without loading tells nobody of another world.
    else if (location.href !== address) paint();
  }, LOOK_EVERY_MS);

  attach();
  const live: Live = {
    leave,
    show(next) {
      if (goneAlready) return;
      if (view?.kind === 'back') {
        // It said that all is over: only an outage takes that back.
        if (next?.kind !== 'trouble') return;
        clearTimeout(timer);
      }
      if (next === null || (next.kind === 'back' && view?.kind !== 'trouble')) {
        leave();
        return;
      }
      view = next;
      paint();
      if (next.kind === 'back') leaveLater();
    },
    renew(now) {
      if (now === null || now.kind === 'back') leave();
      else live.show(now);
    },
  };
  return live;
}
