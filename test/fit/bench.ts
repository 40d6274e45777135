import { diagnose } from '../../utils/core/diagnosis.ts';
import { openEpisode, observeRound } from '../../utils/core/episode.ts';
import { collectEvidence } from '../../utils/core/evidence.ts';
import { sampleRounds } from '../replay/rounds.ts';
import { minutesOf } from './cases.ts';
import { ELSEWHERE } from './elsewhere.ts';

/** Time of one diagnosis: `node test/fit/bench.ts`. Reads nothing but the sketched incidents. */
const RUNS = 5000;
const sampled = ELSEWHERE.map((scenario) => sampleRounds(scenario, { engine: 'chromium', seed: 'bench', minutes: minutesOf(scenario, 0.5) }));
const episodes = sampled.map(({ rounds, profile }) => rounds.reduce((episode, round) => observeRound(episode, round, profile), openEpisode()));
const evidence = episodes.map((episode, index) => collectEvidence(episode, sampled[index]!.rounds.at(-1)!.at));

function time(name: string, work: (index: number) => unknown): void {
  for (let i = 0; i < RUNS; i++) work(i % episodes.length);
  const times: number[] = [];
  for (let i = 0; i < RUNS; i++) {
    const from = performance.now();
    work(i % episodes.length);
    times.push(performance.now() - from);
  }
  times.sort((a, b) => a - b);
  console.log(`${name}: median ${times[RUNS / 2]!.toFixed(4)} ms, p99 ${times[Math.floor(RUNS * 0.99)]!.toFixed(4)} ms`);
}

time('observeRound', (index) => observeRound(episodes[index]!, sampled[index]!.rounds.at(-1)!, sampled[index]!.profile));
time('collectEvidence', (index) => collectEvidence(episodes[index]!, 0));
time('diagnose', (index) => diagnose(evidence[index]!));
const sizes = episodes.map((episode) => JSON.stringify(episode).length).sort((a, b) => a - b);
console.log(`episode as JSON: median ${sizes[Math.floor(sizes.length / 2)]} bytes, largest ${sizes.at(-1)}`);
