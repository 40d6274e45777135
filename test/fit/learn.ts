import { FAMILIES, FAMILY_OF, type Family } from '../../utils/core/causes.ts';
import { causeOf, HYPOTHESES, posteriorOf, PRIORS, tell, weigh, type Diagnosis } from '../../utils/core/diagnosis.ts';
import type { Case } from './cases.ts';

/**
 * Tuning, held close to the reasoned numbers: each number of the catalogue may move by a correction for its family and a smaller
 * one for its cause, both with a normal prior around 0, and by a factor on all evidence. Plain gradient descent; the loss is what the
 * scenarios' own scoring calls log loss, of cause and of family, half and half.
 */
export interface Tuned {
  /** Evidence id → what is added to each hypothesis' number. */
  added: ReadonlyMap<string, readonly number[]>;
  /** Factor on all evidence: the inverse temperature. */
  sharpness: number;
}

export interface Leash {
  /** Standard deviation of a family's correction, and of a cause's. */
  family: number;
  cause: number;
  steps: number;
}

const GROUPS: readonly string[] = [...Object.keys(FAMILIES), 'path', 'undisclosed'];
const GROUP_OF: readonly number[] = HYPOTHESES.map((hypothesis) =>
  GROUPS.indexOf(hypothesis.startsWith('path:') ? 'path' : hypothesis === 'undisclosed' ? hypothesis : FAMILY_OF[hypothesis as keyof typeof FAMILY_OF]),
);

/** Hypotheses that are right for a case, and those of a right family. */
function targets({ scenario: { truth } }: Case): { cause: boolean[]; family: boolean[] } {
  const families = new Set<Family | string>(truth.causes.map((cause) => (cause === 'undisclosed' ? cause : FAMILY_OF[cause])));
  const store = truth.side === 'store';
  return {
    cause: HYPOTHESES.map((hypothesis, index) => {
      const side = hypothesis.startsWith('path:') || GROUPS[GROUP_OF[index]!] === 'own' ? 'user' : 'store';
      return (side === 'store') === store && truth.causes.includes(causeOf(hypothesis));
    }),
    family: HYPOTHESES.map((_, index) => {
      const group = GROUPS[GROUP_OF[index]!]!;
      return store ? families.has(group) : group === 'own' || group === 'path';
    }),
  };
}

interface Prepared {
  weight: number;
  base: number[];
  pieces: { id: string; factor: number; moves: number[] }[];
  cause: boolean[];
  family: boolean[];
}

function prepare(cases: readonly Case[]): Prepared[] {
  const count = new Map<string, number>();
  for (const { scenario } of cases) count.set(scenario.id, (count.get(scenario.id) ?? 0) + 1);
  return cases
    .filter((one) => one.visible)
    .map((one) => {
      const target = targets(one);
      // A path incident whose best name is the carrier's has no store-side cause: family decides alone.
      if (!target.cause.some(Boolean)) target.cause = target.family;
      return {
        weight: 1 / (count.get(one.scenario.id) ?? 1),
        base: PRIORS.map((prior) => Math.log(prior)),
        pieces: weigh(one.evidence).map(({ evidence, factor, moves }) => ({ id: evidence.id, factor: evidence.id.startsWith('elapsed') ? 0 : factor, moves })),
        ...target,
      };
    });
}

/** Learns from the cases. Deterministic. */
export function learn(cases: readonly Case[], leash: Leash): Tuned {
  const prepared = prepare(cases);
  const ids = [...new Set(prepared.flatMap((one) => one.pieces.map((piece) => piece.id)))].sort();
  const rows = new Map(ids.map((id, index) => [id, index]));
  const family = ids.map(() => GROUPS.map(() => 0));
  const cause = ids.map(() => HYPOTHESES.map(() => 0));
  let sharpness = 1;
  const n = HYPOTHESES.length;
  for (let step = 0; step < leash.steps; step++) {
    const rate = 0.5 * leash.family ** 2 + 0.02;
    const gradFamily = ids.map(() => GROUPS.map(() => 0));
    const gradCause = ids.map(() => HYPOTHESES.map(() => 0));
    let gradSharp = 0;
    for (const one of prepared) {
      const moved = Array.from({ length: n }, (_, h) => {
        let sum = 0;
        for (const piece of one.pieces) {
          const row = rows.get(piece.id)!;
          sum += (piece.moves[h] ?? 0) + piece.factor * (family[row]![GROUP_OF[h]!]! + cause[row]![h]!);
        }
        return sum;
      });
      const scores = one.base.map((base, h) => base + sharpness * moved[h]!);
      const top = Math.max(...scores);
      const mass = scores.map((score) => Math.exp(score - top));
      const total = mass.reduce((a, b) => a + b, 0);
      const ofCause = mass.reduce((sum, m, h) => sum + (one.cause[h] ? m : 0), 0);
      const ofFamily = mass.reduce((sum, m, h) => sum + (one.family[h] ? m : 0), 0);
      for (let h = 0; h < n; h++) {
        const p = mass[h]! / total;
        const q = 0.5 * (one.cause[h] ? mass[h]! / ofCause : 0) + 0.5 * (one.family[h] ? mass[h]! / ofFamily : 0);
        const slope = one.weight * (p - q);
        gradSharp += slope * moved[h]!;
        for (const piece of one.pieces) {
          const row = rows.get(piece.id)!;
          gradFamily[row]![GROUP_OF[h]!]! += slope * piece.factor * sharpness;
          gradCause[row]![h]! += slope * piece.factor * sharpness;
        }
      }
    }
    ids.forEach((_, row) => {
      for (let g = 0; g < GROUPS.length; g++) family[row]![g]! -= rate * (gradFamily[row]![g]! + family[row]![g]! / leash.family ** 2) * 0.3;
      const small = rate * (leash.cause / leash.family) ** 2;
      for (let h = 0; h < n; h++) cause[row]![h]! -= small * (gradCause[row]![h]! + cause[row]![h]! / leash.cause ** 2) * 0.3;
    });
    sharpness = Math.max(0.5, Math.min(1.6, sharpness - 0.002 * (gradSharp + (sharpness - 1) / 0.15 ** 2)));
  }
  return { added: new Map(ids.map((id, row) => [id, HYPOTHESES.map((_, h) => family[row]![GROUP_OF[h]!]! + cause[row]![h]!)])), sharpness };
}

/** The diagnosis of a case with tuned numbers, as `diagnose` would give it with these in its table. */
export function answer(of: Case, { added, sharpness }: Tuned): Diagnosis {
  const weighed = weigh(of.evidence).map((piece) => ({
    ...piece,
    moves: piece.moves.map((move, h) => (piece.evidence.id.startsWith('elapsed') ? move : sharpness * (move + piece.factor * (added.get(piece.evidence.id)?.[h] ?? 0)))),
  }));
  return { ...tell(posteriorOf(weighed)), because: [] };
}

/** Answers each incident with numbers learnt from incidents of the other folds; the conditions of one incident always share a fold. */
export function leftOut(cases: readonly Case[], leash: Leash, folds = 10): { of: Case; diagnosis: Diagnosis }[] {
  const ids = [...new Set(cases.map((one) => one.scenario.id))];
  return Array.from({ length: folds }, (_, fold) => {
    const held = new Set(ids.filter((_id, index) => index % folds === fold));
    const tuned = learn(cases.filter((one) => !held.has(one.scenario.id)), leash);
    return cases.filter((one) => held.has(one.scenario.id)).map((of) => ({ of, diagnosis: answer(of, tuned) }));
  }).flat();
}
