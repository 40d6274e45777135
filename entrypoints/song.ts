import { defineUnlistedScript } from 'wxt/utils/define-unlisted-script';
import { placeOf, plainText, songOf } from '../utils/core/song.ts';

/** What a page of the store is about, once for the extension and for the banner, as with Preact (`entrypoints/preact.ts`). */
export default defineUnlistedScript(() => {
  (globalThis as { tsunagaruSong?: object }).tsunagaruSong = { placeOf, plainText, songOf };
});
