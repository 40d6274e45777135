import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { openEpisode, observeRound } from '../../utils/core/episode.ts';
import { collectEvidence, type Evidence } from '../../utils/core/evidence.ts';
import { decodeScenario, isVisible, type Scenario } from '../../utils/core/scenario.ts';
import { sampleRounds } from '../replay/rounds.ts';
import type { Engine } from '../../utils/rehearsal/network.ts';

/** One incident as one browser met it, at the checkpoint that counts. */
export interface Case {
  scenario: Scenario;
  visible: boolean;
  /** Visible, the store's, and of known cause: what cause and family are scored over. */
  known: boolean;
  evidence: Evidence[];
}

/** @returns the folders given that exist; each missing one is named on stderr. */
export function foldersThatExist(folders: readonly string[]): string[] {
  return folders.filter((folder) => {
    if (existsSync(folder)) return true;
    console.error(`skipped: ${folder} is not there`);
    return false;
  });
}

/** Reads all scenarios of the folders; a file that breaks the format ends the run with its name. */
export function readScenarios(folders: readonly string[]): Scenario[] {
  return folders.flatMap((folder) =>
    readdirSync(folder)
      .filter((name) => name.endsWith('.json'))
      .toSorted()
      .map((name) => {
        const decoded = decodeScenario(JSON.parse(readFileSync(join(folder, name), 'utf8')));
        if (!decoded.ok) throw new Error(`${name}: ${decoded.error.at}: ${decoded.error.reason}`);
        return decoded.value;
      }),
  );
}

export interface Conditions {
  engine: Engine;
  seed: string;
  /** Whether vantage points elsewhere were asked. */
  world: boolean;
}

/** Minutes of a 5-minute schedule with 1-minute rechecks once something failed, up to the last checkpoint (5, 15, 60) before the end. */
export function minutesOf(scenario: Scenario, offset: number): number[] {
  const end = scenario.endMinute ?? Infinity;
  const last = [60, 15, 5].find((minute) => minute < end) ?? Math.max(0.5, end - 0.5);
  const minutes: number[] = [];
  for (let minute = -60 + offset; minute < 0; minute += 5) minutes.push(minute);
  for (let minute = offset; minute <= last; minute++) minutes.push(minute);
  if (minutes.at(-1)! < last) minutes.push(last);
  return minutes;
}

/** Plays one scenario to the checkpoint that counts. */
export function play(scenario: Scenario, { engine, seed, world }: Conditions): Case {
  const offset = [0.5, 2, 3.5][seed.length % 3] ?? 0.5;
  const { rounds, profile } = sampleRounds(scenario, { engine, seed, minutes: minutesOf(scenario, offset), stray: 0.002 });
  let episode = openEpisode();
  for (const round of rounds) episode = observeRound(episode, world ? round : { ...round, world: null }, profile);
  const visible = isVisible(scenario) && scenario.truth.side !== 'none';
  return {
    scenario,
    visible,
    known: visible && scenario.truth.side === 'store' && !scenario.truth.causes.includes('undisclosed'),
    evidence: collectEvidence(episode, rounds.at(-1)?.at ?? scenario.start),
  };
}

/** Every scenario under several conditions: both engines, with and without a second opinion from elsewhere, other accidents. */
export function playAll(scenarios: readonly Scenario[]): Case[] {
  const conditions: Conditions[] = [
    { engine: 'chromium', seed: 'a', world: true },
    { engine: 'chromium', seed: 'bb', world: false },
    { engine: 'firefox', seed: 'ccc', world: true },
    { engine: 'firefox', seed: 'dddd', world: false },
  ];
  return scenarios.flatMap((scenario) => conditions.map((condition) => play(scenario, condition)));
}
