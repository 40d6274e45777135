import { defineUnlistedScript } from 'wxt/utils/define-unlisted-script';
import { sentenceFile } from '../utils/i18n/files.ts';
import { readEarly } from '../utils/platform/early.ts';

/** The first script of the popup: small, so that it runs while the others are still being loaded. */
export default defineUnlistedScript(() => readEarly((language) => sentenceFile(language).path));
