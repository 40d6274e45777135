/** Words that every view shares. */
export const app = {
  'app.name': 'Tsunagaru',
  'app.rehearsal': 'Rehearsal',
  'app.pair': '{name}: {value}',
} as const;
