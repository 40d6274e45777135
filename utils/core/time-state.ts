/** What a stretch of time was. *Not observed* (asleep, offline, browser closed, own trouble) is neither up nor down. */
export const TIME_STATES = ['up', 'degraded', 'down', 'maintenance', 'unobserved'] as const;
export type TimeState = (typeof TIME_STATES)[number];
