import { FAMILY_OF, type Cause } from '../../utils/core/causes.ts';
import type { Diagnosis } from '../../utils/core/diagnosis.ts';
import type { Case } from './cases.ts';

export interface Answered {
  of: Case;
  diagnosis: Diagnosis;
}

export interface Score {
  side: number;
  sideOf: number;
  familyFirst: number;
  familyThree: number;
  causeFirst: number;
  causeThree: number;
  knownOf: number;
  /** Expected calibration error of the family named first, `undisclosed` being a family, over visible faults; ten bins. */
  familyError: number;
  /** The same over the store's faults of known cause alone, `undisclosed` left out of the ranking but not of the probabilities. */
  familyErrorKnown: number;
  confidenceKnown: number;
  sideError: number;
  familyBrier: number;
  familyLoss: number;
  bins: { p: number; right: number; of: number }[];
  meanConfidence: number;
}

/** Families that are right for a case; own and path are told as the family `own`. */
export function rightFamilies({ scenario: { truth } }: Case): ReadonlySet<string> {
  if (truth.side === 'own' || truth.side === 'path') return new Set(['own']);
  return new Set(truth.causes.map((cause) => (cause === 'undisclosed' ? cause : FAMILY_OF[cause as Cause])));
}

/** Scores as the scenario format says: side over visible faults, cause and family over those of the store with a known cause. */
export function score(answers: readonly Answered[]): Score {
  const sum = { side: 0, sideOf: 0, familyFirst: 0, familyThree: 0, causeFirst: 0, causeThree: 0, knownOf: 0, brier: 0, loss: 0, confidence: 0 };
  const familyPoints: [number, boolean][] = [];
  const knownPoints: [number, boolean][] = [];
  const sidePoints: [number, boolean][] = [];
  for (const { of, diagnosis } of answers) {
    if (!of.visible) continue;
    const { truth } = of.scenario;
    const store = diagnosis.side.store;
    const right = (store >= 0.5) === (truth.side === 'store');
    sum.side += right ? 1 : 0;
    sum.sideOf++;
    sidePoints.push([Math.max(store, 1 - store), right]);
    const families = rightFamilies(of);
    const first = diagnosis.families[0]!;
    familyPoints.push([first.p, families.has(first.id)]);
    const mass = diagnosis.families.reduce((p, family) => p + (families.has(family.id) ? family.p : 0), 0);
    sum.brier += diagnosis.families.reduce((s, family) => s + (families.has(family.id) ? 0 : family.p ** 2), 0) + (1 - mass) ** 2;
    sum.loss -= Math.log(Math.max(1e-9, mass));
    sum.confidence += first.p;
    if (!of.known) continue;
    sum.knownOf++;
    const ranking = diagnosis.families.filter((family) => family.id !== 'undisclosed').map((family) => family.id);
    const causes = diagnosis.causes.filter((cause) => cause.id !== 'undisclosed').map((cause) => cause.id);
    knownPoints.push([diagnosis.families.find((family) => family.id !== 'undisclosed')!.p, families.has(ranking[0]!)]);
    if (families.has(ranking[0]!)) sum.familyFirst++;
    if (ranking.slice(0, 3).some((family) => families.has(family))) sum.familyThree++;
    if (truth.causes.includes(causes[0]!)) sum.causeFirst++;
    if (causes.slice(0, 3).some((cause) => truth.causes.includes(cause))) sum.causeThree++;
  }
  const known = Math.max(1, sum.knownOf);
  const visible = Math.max(1, sum.sideOf);
  return {
    side: sum.side / visible,
    sideOf: sum.sideOf,
    familyFirst: sum.familyFirst / known,
    familyThree: sum.familyThree / known,
    causeFirst: sum.causeFirst / known,
    causeThree: sum.causeThree / known,
    knownOf: sum.knownOf,
    familyError: calibration(familyPoints).error,
    familyErrorKnown: calibration(knownPoints).error,
    confidenceKnown: knownPoints.reduce((total, [p]) => total + p, 0) / known,
    sideError: calibration(sidePoints).error,
    familyBrier: sum.brier / visible,
    familyLoss: sum.loss / visible,
    bins: calibration(familyPoints).bins,
    meanConfidence: sum.confidence / visible,
  };
}

/** Expected calibration error: mean distance between said and true, weighed by how often it was said. */
function calibration(points: readonly [number, boolean][]): { error: number; bins: Score['bins'] } {
  const bins = Array.from({ length: 10 }, () => ({ p: 0, right: 0, of: 0 }));
  for (const [p, right] of points) {
    const bin = bins[Math.min(9, Math.floor(p * 10))]!;
    bin.p += p;
    bin.right += right ? 1 : 0;
    bin.of++;
  }
  const error = bins.reduce((sum, bin) => sum + Math.abs(bin.p - bin.right), 0) / Math.max(1, points.length);
  return { error, bins: bins.map(({ p, right, of }) => ({ p: of ? p / of : 0, right: of ? right / of : 0, of })) };
}
