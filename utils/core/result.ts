/** An error that can happen is a value. `at` names the place ("phases[2].store.fail"), `reason` says what is wrong there. */
export interface Flaw {
  at: string;
  reason: string;
}

export type Outcome<T> = { ok: true; value: T } | { ok: false; error: Flaw };

/** @returns the value, wrapped as a success. */
export function success<T>(value: T): Outcome<T> {
  return { ok: true, value };
}

/** @returns a failure that names the place and the reason. */
export function flaw(at: string, reason: string): { ok: false; error: Flaw } {
  return { ok: false, error: { at, reason } };
}
