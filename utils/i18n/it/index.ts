import type { Catalogue } from '../translate.ts';
import { app } from './app.ts';
import { causes } from './causes.ts';
import { evidence } from './evidence.ts';
import { verdict } from './verdict.ts';
import { targets } from './targets.ts';
import { popup } from './popup.ts';
import { notice } from './notice.ts';
import { options } from './options.ts';
import { incidents } from './incidents.ts';
import { welcome } from './welcome.ts';
import { report } from './report.ts';
import { banner } from './banner.ts';
import { rehearsal } from './rehearsal.ts';

export const it: Catalogue = {
  ...app,
  ...causes,
  ...evidence,
  ...verdict,
  ...targets,
  ...popup,
  ...notice,
  ...options,
  ...incidents,
  ...welcome,
  ...report,
  ...banner,
  ...rehearsal,
};
