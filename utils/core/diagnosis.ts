import type { Cause, Family, Undisclosed } from './causes.ts';

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
