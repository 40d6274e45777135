/** Documented outages that can be played, and how fast. */
export const rehearsal = {
  'rehearsal.2015-dns': '11 March 2015: iTunes Store and App Store, an internal DNS error, 12 hours',
  'rehearsal.26-hours': 'A listener’s own account: the iTunes Store out of reach for 26 hours',
  'rehearsal.sign-in': 'Nobody can sign in for 50 minutes; the rest plays on',
  'rehearsal.own-line': 'For comparison: it looks the same, and it is your own connection',
  'rehearsal.speed': '{played} in a minute, {length} in all',
  'rehearsal.started': 'It has begun. Look at the icon and its popup, or open a page of the store.',
  'rehearsal.playing': 'Playing now: {title}',
  'rehearsal.stop': 'Stop',
  'rehearsal.failed': 'That did not work: {reason}',
} as const;
