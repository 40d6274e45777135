import { defineContentScript } from 'wxt/utils/define-content-script';
import { isAlive, onBanner, readBanner, tell } from '../../utils/platform/in-page.ts';

/**
 * On every page of the store, and therefore next to nothing: one look into the local store, where nothing lies while all is well. Only when there is
 * something to say the background is asked; it looks itself whether that is still so, and puts the banner into this page.
 */
export default defineContentScript({
  matches: [
    'https://music.apple.com/*',
    'https://beta.music.apple.com/*',
    'https://classical.music.apple.com/*',
    'https://itunes.apple.com/*',
    'https://geo.music.apple.com/*',
    'https://geo.itunes.apple.com/*',
  ],
  runAt: 'document_idle',
  main() {
    // `tsunagaruBanner` is set by the banner's script: it lives in the same world as this one, which the page cannot reach.
    const look = (): void => {
      if (!('tsunagaruBanner' in globalThis) && isAlive()) void tell('page-arrived', { url: location.origin + location.pathname });
    };
    void readBanner().then((view) => view !== null && view.kind !== 'back' && look());
    // A page that is open already gets no hint about its connection: nobody may be looking for anything there.
    onBanner((view) => view?.kind === 'trouble' && look());
  },
});
