/** The switch of the mutants, shared by the instrumented sources and the runner that turns one on at a time. */
export interface Switch {
  /** Id of the mutant that is on; empty = none. */
  active: string;
  /** Mutants whose place was reached; null = nobody counts. */
  hits: Set<string> | null;
  /** Steps since it was last set to 0, and how many there may be: a mutant that never ends is stopped. */
  steps: number;
  limit: number;
  __on(id: string): boolean;
  __tick(): void;
}

declare global {
  var __mutation: Switch | undefined;
}

export class Endless extends Error {}

const made: Switch = {
  active: '',
  hits: new Set(),
  steps: 0,
  limit: Infinity,
  __on(id) {
    made.__tick();
    made.hits?.add(id);
    return id === made.active;
  },
  __tick() {
    if (++made.steps > made.limit) throw new Endless();
  },
};

// Read by the first line of every instrumented source, so it stands before any of them is loaded.
globalThis.__mutation ??= made;
/** The one of this worker. */
export const mutation: Switch = globalThis.__mutation;
