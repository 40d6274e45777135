import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export const ROOT = join(import.meta.dirname, '../..');
export const CORE = join(ROOT, 'utils/core');
export const OUTPUT = join(ROOT, '.output/mutation');
const FILE = join(OUTPUT, 'results.json');

/**
 * What became of a mutant. `survived`: reached, and every test passed. `loading`: its place runs only while the module is loaded (tables,
 * constants), before any test, so it cannot be switched; it is left out of the score. No entry: no test reached it.
 */
export type Fate = { fate: 'killed'; by: string } | { fate: 'survived'; tests: number } | { fate: 'loading' };

export interface Results {
  /** Source file → hash of its text: results of a file that changed are dropped. */
  sources: Record<string, string>;
  mutants: Record<string, Fate>;
  /** Tests that took part, and those left out with the reason. */
  tests: number;
  leftOut: Record<string, string>;
}

export function load(): Results {
  return existsSync(FILE) ? (JSON.parse(readFileSync(FILE, 'utf8')) as Results) : { sources: {}, mutants: {}, tests: 0, leftOut: {} };
}

export function save(results: Results): void {
  mkdirSync(OUTPUT, { recursive: true });
  writeFileSync(FILE, JSON.stringify(results));
}
