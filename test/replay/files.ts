import { readFileSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { flaw, success, type Outcome } from '../../utils/core/result.ts';
import { decodeScenario, type Scenario } from '../../utils/core/scenario.ts';

/** @returns the scenario of a file; a flaw names the file, the place and the reason. */
export function readScenario(file: string): Outcome<Scenario> {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    return flaw(file, `cannot be read: ${(error as NodeJS.ErrnoException).code ?? String(error)}`);
  }
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    return flaw(file, `is not JSON: ${(error as Error).message}`);
  }
  const decoded = decodeScenario(json);
  return decoded.ok ? decoded : flaw(`${file}: ${decoded.error.at}`, decoded.error.reason);
}

/**
 * @param paths files, and folders of which every .json is taken, in the order of the names
 * @returns all scenarios, or the first flaw
 */
export function readScenarios(paths: readonly string[]): Outcome<Scenario[]> {
  const scenarios: Scenario[] = [];
  for (const path of paths) {
    let files = [path];
    try {
      if (statSync(path).isDirectory()) files = readdirSync(path).filter((name) => name.endsWith('.json')).sort().map((name) => join(path, name));
    } catch {
      // What is not there is said where it is read.
    }
    if (files.length === 0) return flaw(path, 'holds no scenario (*.json)');
    for (const file of files) {
      const scenario = readScenario(file);
      if (!scenario.ok) return scenario;
      scenarios.push(scenario.value);
    }
  }
  return success(scenarios);
}
