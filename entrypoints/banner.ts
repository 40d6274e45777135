import { defineUnlistedScript } from 'wxt/utils/define-unlisted-script';
import { readBanner, tell } from '../utils/platform/in-page.ts';

/**
 * On every page of the store that comes while there is something to say (`watchPages`) or is there when a check is made, and on none while all is
 * well. It looks whether that is still so and asks the background, which checks anew where the last check is old, and puts the banner itself
 * (`banner-ui`) into this page. It listens to nothing: an open page gets its banner from the background. And it is no content script of the build tool's own kind, which would announce itself to
 * the page.
 */
export default defineUnlistedScript(() => {
  if ('tsunagaruBanner' in globalThis) return;
  void readBanner().then((view) => {
    if (view !== null && view.kind !== 'back') void tell('page-arrived', { url: location.origin + location.pathname });
  });
});
