import type { Translation } from '../translate.ts';
import type { app as source } from '../en/app.ts';

export const app: Translation<typeof source> = {
  'app.name': 'つながる',
  'app.rehearsal': '予行演習',
  'app.pair': '{name}：{value}',
};
