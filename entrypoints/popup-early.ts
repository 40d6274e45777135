import { defineUnlistedScript } from 'wxt/utils/define-unlisted-script';
import { readEarly } from '../utils/platform/early.ts';

/** The first script of the popup: small, so that it runs while the others are still being loaded. */
export default defineUnlistedScript(readEarly);
