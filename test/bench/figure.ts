/** One line of the benchmark's table. */
export interface Figure {
  /** The budget of `cli.ts` that it is held against has the same name. */
  id: string;
  what: string;
  /** null where it could not be measured: `skipped` says why. */
  value: number | null;
  unit: string;
  /** What was measured beside it in the same run: absolute times of a shared machine mean little. */
  yardstick?: { what: string; value: number };
  note?: string;
  skipped?: string;
}

/** @returns the middle value; 0 of none */
export const median = (numbers: readonly number[]): number => numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? 0;

export const mean = (numbers: readonly number[]): number => numbers.reduce((sum, one) => sum + one, 0) / Math.max(1, numbers.length);

/** @returns figures that say why they were not measured */
export function skipped(reason: string, ...figures: readonly (readonly [id: string, what: string])[]): Figure[] {
  return figures.map(([id, what]) => ({ id, what, value: null, unit: '', skipped: reason }));
}

/** @returns milliseconds of the processor that a piece of work takes in this process, and what it gives; waiting does not count */
export async function processorTime<T>(work: () => T | Promise<T>): Promise<{ ms: number; value: T }> {
  const began = process.cpuUsage();
  const value = await work();
  const { user, system } = process.cpuUsage(began);
  return { ms: (user + system) / 1_000, value };
}
