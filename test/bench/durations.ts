/**
 * How long the vendor's own notices of unplanned trouble lasted, minutes, by his clock (end minus start, over all services of one
 * notice): 37 notices of music-, store-, account- and payment-related services, May 2019 to March 2021, condensed from a public 15-minute
 * recording of the Japanese status page (junjanjon/apple_is_dead.rb). Notices without an end, and maintenance, are left out.
 */
export const RECORDED_MINUTES: readonly number[] = [
  14, 18, 20, 20, 25, 30, 33, 33, 39, 45, 48, 52, 74, 80, 82, 87, 89, 94, 94, 101, 107, 133, 137, 175, 183, 187, 216, 225, 232, 240, 241, 246, 270, 281, 446, 520, 1020,
];
