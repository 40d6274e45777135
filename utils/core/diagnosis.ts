import { CAUSES, FAMILIES, FAMILY_OF } from './causes.ts';
import type { Cause, Family, Undisclosed } from './causes.ts';
import { CATALOGUE } from './evidence-catalogue.ts';
import type { Hypothesis, Likelihood } from './evidence-catalogue.ts';
import type { Evidence } from './evidence.ts';
import { logSurvival } from './survival.ts';

export type Side = 'own' | 'path' | 'store';

/** A reason: an observation by name, what it does to the leading cause, and the words' parameters. */
export interface Reason {
  /** Name of the observation in the evidence catalogue (`utils/core/evidence.ts`). */
  evidence: string;
  /** What to fill into its sentence. */
  params: Record<string, string | number>;
  /** Which cause it was weighed for: the leading one. */
  cause: Cause | Undisclosed;
  /** Log-odds (natural) it moves that cause by, against the average of the others: positive speaks for, negative against. */
  weight: number;
  /** The same for the side named by the diagnosis. */
  sideWeight: number;
}

export interface Diagnosis {
  side: Record<Side, number>;
  /** All causes and `undisclosed`, most probable first; they sum to 1. */
  causes: { id: Cause | Undisclosed; p: number }[];
  families: { id: Family | Undisclosed; p: number }[];
  /** Strongest first. */
  because: Reason[];
}

/**
 * What is believed before anything is seen, for "the store looks broken from this browser", in percent. The user's own side and
 * the way together have a little over half: so most complaints about monitors tell it, and so controls must be asked. Inside the store: SRE Workbook
 * App. C (31 % configuration, 37 % releases as triggers), Teams incidents (SoCC'22: dependency 16, infrastructure 16,
 * authentication 5), public outages (COS, SoCC'16: upgrade 16, network 15, bugs 15, config 10, load 9, cross-service 8, power 6,
 * security 5, storage 4, disaster 3), drawn half-way to what 146 documented outages were (dns and routing 13 each, storage 11, overload 10,
 * devices and operating systems 9 each): what a browser can see is what was large, and large is what was documented.
 */
export const PRIOR: Readonly<Record<Hypothesis, number>> = {
  local: 18,
  'captive-portal': 6,
  'own-resolver': 6,
  blocker: 6,
  'proxy-vpn': 5,
  'own-clock': 2.5,
  'tls-interception': 1.5,
  'path:local': 7,
  'path:network-routing': 2,
  storage: 3,
  database: 2.2,
  'network-device': 3.2,
  'load-balancer': 2,
  'network-routing': 2.8,
  dns: 3.5,
  'cdn-edge': 2.2,
  'tls-certificate': 1.5,
  'application-release': 2.5,
  'application-latent-bug': 2,
  'bad-data': 2.5,
  configuration: 3,
  middleware: 2,
  'operating-system': 1.6,
  'payment-external': 2,
  authentication: 3,
  power: 1.8,
  'fire-cooling': 0.8,
  'overload-ddos': 3.5,
  'planned-maintenance': 1.4,
  'security-shutdown': 0.6,
  undisclosed: 5,
};

/**
 * Temperature: all evidence is divided by this. Below 1 because the numbers of the table were reasoned with caution and the groups
 * damp what is correlated: at 1 the scenarios were right more often than was said.
 */
const TEMPERATURE = 0.7;
/**
 * Families are told surer than the sum of their causes, to this power: a large outage has more than one right name (1.6 families on
 * average in the scenarios), and a sum over rivals shares out what both may claim.
 */
const SHARPNESS = 2;
/** Inside a group only the strongest counts in full; the others say much the same again. */
const SAME_AGAIN = 0.5;
/** Share of the answer kept for "all of this is misread", spread like the prior: no cause is ever surer than the scenarios justify. */
const HUMILITY = 0.02;
/**
 * Share of every verdict on the store that stays `undisclosed` whatever is seen: however clear the picture, so many causes were never
 * told: 4 of 51 visible faults of the store in the scenarios; of all outages in the news more than half (355 of 597, COS).
 */
const NEVER_TOLD = 0.03;

export const HYPOTHESES: readonly Hypothesis[] = [...CAUSES, 'path:network-routing', 'path:local', 'undisclosed'];
/** Prior of each hypothesis, summing to 1. */
export const PRIORS = HYPOTHESES.map((hypothesis) => PRIOR[hypothesis] / Object.values(PRIOR).reduce((sum, prior) => sum + prior, 0));
const SIDES: readonly Side[] = HYPOTHESES.map((hypothesis) => {
  if (isPath(hypothesis)) return 'path';
  return hypothesis !== 'undisclosed' && FAMILY_OF[hypothesis] === 'own' ? 'own' : 'store';
});
/** The family each hypothesis is told under: trouble on the way goes with the user's side. */
const FAMILIES_TOLD: readonly (Family | Undisclosed)[] = HYPOTHESES.map((hypothesis) =>
  isPath(hypothesis) ? 'own' : hypothesis === 'undisclosed' ? hypothesis : FAMILY_OF[hypothesis],
);
const INDEX: ReadonlyMap<string, number> = new Map(CATALOGUE.map((entry, index) => [entry.id, index]));
const ROWS: readonly (readonly number[])[] = CATALOGUE.map(({ likelihood }) => HYPOTHESES.map((hypothesis) => read(likelihood, hypothesis)));

function isPath(hypothesis: Hypothesis): hypothesis is 'path:network-routing' | 'path:local' {
  return hypothesis.startsWith('path:');
}

/** The number of a likelihood for a hypothesis: its own, or else its family's, or else 0. */
function read(likelihood: Likelihood, hypothesis: Hypothesis): number {
  const own = likelihood[hypothesis];
  if (own !== undefined) return own;
  if (isPath(hypothesis)) return likelihood.path ?? 0;
  return hypothesis === 'undisclosed' ? 0 : (likelihood[FAMILY_OF[hypothesis]] ?? 0);
}

/** @returns the cause that a hypothesis is told as. */
export function causeOf(hypothesis: Hypothesis): Cause | Undisclosed {
  if (hypothesis === 'path:local') return 'local';
  return hypothesis === 'path:network-routing' ? 'network-routing' : hypothesis;
}

export interface Weighed {
  evidence: Evidence;
  /** What its numbers were multiplied by: strength, damping in the group, temperature. */
  factor: number;
  /** What it moves each hypothesis by, natural log-odds, in the order of `HYPOTHESES`. */
  moves: number[];
}

/** What each piece of evidence moves each hypothesis by, after damping inside its group; in the catalogue's order whatever the order given. */
export function weigh(evidence: readonly Evidence[]): Weighed[] {
  const known = evidence
    .filter(({ id, strength }) => INDEX.has(id) && strength > 0)
    .toSorted((a, b) => INDEX.get(a.id)! - INDEX.get(b.id)! || b.strength - a.strength)
    .filter((piece, index, all) => index === 0 || all[index - 1]?.id !== piece.id);
  const strongest = new Map<string, Evidence>();
  for (const piece of known) {
    const group = groupOf(piece);
    if (piece.strength > (strongest.get(group)?.strength ?? 0)) strongest.set(group, piece);
  }
  return known.map((piece) => {
    const factor = (Math.min(1, piece.strength) * (strongest.get(groupOf(piece)) === piece ? 1 : SAME_AGAIN)) / TEMPERATURE;
    const minutes = groupOf(piece) === 'elapsed' ? Number(piece.params['minutes']) : Number.NaN;
    const row = ROWS[INDEX.get(piece.id)!]!;
    return {
      evidence: piece,
      factor,
      moves: Number.isFinite(minutes) ? HYPOTHESES.map((hypothesis) => logSurvival(causeOf(hypothesis), minutes)) : row.map((weight) => weight * factor),
    };
  });
}

function groupOf(piece: Evidence): string {
  return CATALOGUE[INDEX.get(piece.id)!]!.group;
}

/**
 * Whose fault, and why: Bayes' rule in log-odds over all causes and `undisclosed`.
 *
 * Every piece of evidence moves every hypothesis by strength × its log-likelihood ratio; inside a group the strongest counts in
 * full and the others half; the sum is added to the log of the prior and normalised; families are sharpened; then the age of the outage is weighed
 * with each cause's survival curve, and a small share is kept for having misread everything. Sides and families are sums of the same probabilities, so the three answers never contradict one another.
 *
 * Two causes may hold at once (dns *and* configuration): they are told by both standing high in the ranking. The probabilities answer
 * "which one would a post-mortem name first", so they sum to 1; evidence that fits both lifts both.
 *
 * Trouble on the way is weighed apart from the vendor's own network, and told as the cause `network-routing` or `local` with the
 * side `path` and the family `own`.
 *
 * A worked example, to be recomputed by hand: only purchases fail, all with 503, the rest is as fast as ever, the controls answer, for 30 minutes.
 * Seen in full: `kind.unavailable`, `roles.purchase`, `slow.not`, `controls.answer`. Score = ln(prior) + sum of the numbers ÷ 0.7:
 *
 * | cause | prior | numbers | score | e^score |
 * | --- | ---: | --- | ---: | ---: |
 * | payment-external | 2 | 0.2 + 2.5 + 0 + 0 | 4.55 | 94.7 |
 * | authentication | 3 | 0.2 + 0.5 + 0.5 + 0 | 2.81 | 16.7 |
 * | configuration | 3 | 0.3 + 0.1 + 0.3 + 0 | 2.10 | 8.2 |
 * | local | 18 | −3 − 0.8 + 0 − 4 | −8.25 | 0.0003 |
 *
 * The external family has 94.7 + 16.7 = 111.4, the application family (five causes) 32.6: sharpened, 3.42² = 11.7 to one. Within a family the
 * ratios stay. Half an hour takes 2 % from payment-external (median 410 min) and 26 % from configuration (70 min). So payment-external
 * stands to configuration like 94.7/8.2 × 3.42 × 0.98/0.74 ≈ 52 to 1, and comes out at 0.76; authentication 0.12; `undisclosed` 0.03.
 *
 * @param evidence what was seen; order does not matter, a name given twice counts once, unknown names are left out
 * @returns all causes and families, most probable first, each list summing to 1
 */
export function diagnose(evidence: readonly Evidence[]): Diagnosis {
  const weighed = weigh(evidence);
  const posterior = posteriorOf(weighed);
  const told = tell(posterior);
  return { ...told, because: reasons(weighed, posterior, told.causes[0]!.id, told.side) };
}

/** @returns the probability of each hypothesis, in the order of `HYPOTHESES`. */
export function posteriorOf(weighed: readonly Weighed[], priors: readonly number[] = PRIORS): number[] {
  const ageless = weighed.filter(({ evidence }) => groupOf(evidence) !== 'elapsed');
  const ages = weighed.filter(({ evidence }) => groupOf(evidence) === 'elapsed');
  const seen = softmax(priors.map((prior, index) => sumOf(ageless, index, Math.log(prior))));
  const families = new Map<Family | Undisclosed, number>();
  seen.forEach((p, index) => families.set(FAMILIES_TOLD[index]!, (families.get(FAMILIES_TOLD[index]!) ?? 0) + p));
  // Age comes last and unsharpened, so that of two causes it can never favour the shorter-lived.
  const aged = softmax(seen.map((p, index) => sumOf(ages, index, Math.log(Math.max(p, 1e-300)) + (SHARPNESS - 1) * Math.log(Math.max(families.get(FAMILIES_TOLD[index]!)!, 1e-300)))));
  const humble = aged.map((p, index) => (1 - HUMILITY) * p + HUMILITY * PRIORS[index]!);
  const store = humble.reduce((sum, p, index) => (SIDES[index] === 'store' ? sum + p : sum), 0);
  return humble.map((p, index) => {
    if (SIDES[index] !== 'store') return p;
    return (1 - NEVER_TOLD) * p + (HYPOTHESES[index] === 'undisclosed' ? NEVER_TOLD * store : 0);
  });
}

function sumOf(weighed: readonly Weighed[], index: number, from: number): number {
  let sum = from;
  for (const { moves } of weighed) sum += moves[index]!;
  return sum;
}

function softmax(scores: readonly number[]): number[] {
  const top = Math.max(...scores);
  const masses = scores.map((score) => Math.exp(score - top));
  const total = masses.reduce((sum, mass) => sum + mass, 0);
  return masses.map((mass) => mass / total);
}

/** @returns the probabilities of the hypotheses, summed up as sides, causes and families. */
export function tell(posterior: readonly number[]): Omit<Diagnosis, 'because'> {
  const side: Record<Side, number> = { own: 0, path: 0, store: 0 };
  const causes = new Map<Cause | Undisclosed, number>([...CAUSES, 'undisclosed' as const].map((cause) => [cause, 0]));
  const families = new Map<Family | Undisclosed, number>([...(Object.keys(FAMILIES) as Family[]), 'undisclosed' as const].map((family) => [family, 0]));
  HYPOTHESES.forEach((hypothesis, index) => {
    const p = posterior[index]!;
    const cause = causeOf(hypothesis);
    const family = FAMILIES_TOLD[index]!;
    side[SIDES[index]!] += p;
    causes.set(cause, causes.get(cause)! + p);
    families.set(family, families.get(family)! + p);
  });
  return { side, causes: rank(causes), families: rank(families) };
}

function rank<Id extends string>(probabilities: ReadonlyMap<Id, number>): { id: Id; p: number }[] {
  return [...probabilities].map(([id, p]) => ({ id, p })).sort((a, b) => b.p - a.p || (a.id < b.id ? -1 : 1));
}

/** What each piece does to the leading cause and to the leading side: its move of them minus its mean move of all the rest. */
function reasons(weighed: ReturnType<typeof weigh>, posterior: readonly number[], leading: Cause | Undisclosed, side: Record<Side, number>): Reason[] {
  const leadingSide = (Object.keys(side) as Side[]).reduce((best, one) => (side[one] > side[best] ? one : best), 'store');
  return weighed
    .map(({ evidence, moves }) => ({
      evidence: evidence.id,
      params: evidence.params,
      cause: leading,
      weight: against(moves, posterior, (index) => causeOf(HYPOTHESES[index]!) === leading),
      sideWeight: against(moves, posterior, (index) => SIDES[index] === leadingSide),
    }))
    .sort((a, b) => Math.max(Math.abs(b.weight), Math.abs(b.sideWeight)) - Math.max(Math.abs(a.weight), Math.abs(a.sideWeight)));
}

function against(moves: readonly number[], posterior: readonly number[], inside: (index: number) => boolean): number {
  const sum = { in: 0, inMass: 0, out: 0, outMass: 0 };
  moves.forEach((move, index) => {
    const p = posterior[index]!;
    if (inside(index)) [sum.in, sum.inMass] = [sum.in + p * move, sum.inMass + p];
    else [sum.out, sum.outMass] = [sum.out + p * move, sum.outMass + p];
  });
  return sum.in / Math.max(sum.inMass, 1e-12) - sum.out / Math.max(sum.outMass, 1e-12);
}
