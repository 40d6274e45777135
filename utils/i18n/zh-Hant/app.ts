import type { Translation } from '../translate.ts';
import type { app as source } from '../en/app.ts';

export const app: Translation<typeof source> = {
  'app.name': 'Tsunagaru',
  'app.rehearsal': '演練',
  'app.pair': '{name}：{value}',
};
