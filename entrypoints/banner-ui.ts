import { defineUnlistedScript } from 'wxt/utils/define-unlisted-script';
import tokens from '../components/shared/tokens.css?inline';
import css from '../components/banner/banner.css?inline';
import { createLive, type Live } from '../components/banner/live.tsx';
import { BACK_MS, PROOF_MS } from '../utils/core/banner.ts';
import { plainText, songOf } from '../utils/core/song.ts';
import { isAlive, onBanner, readBanner, tell } from '../utils/platform/in-page.ts';

/** Where a second run of this script sees that the first is still here: in the extension's own world, which the page cannot reach. */
const here = globalThis as { tsunagaruBanner?: Live };

function meta(property: string): string | null {
  return document.querySelector<HTMLMetaElement>(`meta[property="${property}"]`)?.content ?? null;
}

function song() {
  return songOf(location.href, { title: document.title, ogTitle: meta('og:title'), ogUrl: meta('og:url'), ogImage: meta('og:image') }, Date.now());
}

function query(): string {
  const about = song();
  return about === null ? plainText(new URLSearchParams(location.search).get('term')) : [about.title, about.artist].filter((part) => part !== null).join(' ');
}

/** The banner itself: put into a page by the background, and only when there is something to say. */
export default defineUnlistedScript(() => {
  if (here.tsunagaruBanner !== undefined) return;
  const live = createLive({
    css: tokens + css,
    send: tell,
    song,
    query,
    alive: isAlive,
    now: Date.now,
    backMs: BACK_MS,
    proofMs: PROOF_MS,
    gone() {
      delete here.tsunagaruBanner;
      stop();
    },
  });
  here.tsunagaruBanner = live;
  // It listens as long as it is there: the next outage brings the next one.
  const stopListening = onBanner((view) => live.show(view));
  // A page that comes back out of the browser's memory has heard of nothing in the meantime.
  const returned = ({ persisted }: PageTransitionEvent): void => void (persisted && readBanner().then((view) => live.renew(view)));
  addEventListener('pageshow', returned);
  const stop = (): void => {
    stopListening();
    removeEventListener('pageshow', returned);
  };
  void readBanner().then((view) => live.show(view));
});
