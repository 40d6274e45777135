/**
 * The causes that are told apart, and their families. The seven families of the store come first, in the order of the
 * blogger who asked for this product; the last one is everything on the user's side or on the way.
 */
export const FAMILIES = {
  storage: ['storage', 'database'],
  network: ['network-device', 'load-balancer', 'network-routing', 'dns', 'cdn-edge', 'tls-certificate'],
  application: ['application-release', 'application-latent-bug', 'bad-data', 'configuration', 'middleware'],
  'operating-system': ['operating-system'],
  external: ['payment-external', 'authentication'],
  'data-center': ['power', 'fire-cooling'],
  demand: ['overload-ddos'],
  intended: ['planned-maintenance', 'security-shutdown'],
  own: ['local', 'captive-portal', 'own-resolver', 'blocker', 'proxy-vpn', 'own-clock', 'tls-interception'],
} as const;

export type Family = keyof typeof FAMILIES;
export type Cause = (typeof FAMILIES)[Family][number];
/** The honest "cannot be told from outside", an outcome like the others. */
export type Undisclosed = 'undisclosed';

export const CAUSES = Object.values(FAMILIES).flat() as readonly Cause[];
export const FAMILY_OF = Object.fromEntries(
  Object.entries(FAMILIES).flatMap(([family, causes]) => causes.map((cause) => [cause, family])),
) as Record<Cause, Family>;

export type OwnCause = (typeof FAMILIES)['own'][number];

/** @returns whether the text is the id of a cause. */
export function isCause(text: string): text is Cause {
  return Object.hasOwn(FAMILY_OF, text);
}
