import type { Catalogue } from '../translate.ts';
import { app } from './app.ts';
import { verdict } from './verdict.ts';
import { targets } from './targets.ts';
import { popup } from './popup.ts';
import { notice } from './notice.ts';
import { options } from './options.ts';

export const ja: Catalogue = {
  ...app,
  ...verdict,
  ...targets,
  ...popup,
  ...notice,
  ...options,
};
