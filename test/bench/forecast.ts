/**
 * How honest the forecast is: of remaining times at the checkpoints 5, 15, 60, 240 and 1440 minutes and in the last minute, how many lie
 * inside the 10–90 % band. One line of JSON for each set of incidents.
 *
 *   node test/bench/forecast.ts [FOLDER]      folder of scenario files; default ../shared/scenarios/real
 *
 * Documented incidents are played through the simulated network, the episode and the diagnosis; the vendor's recorded durations come
 * without anything seen, so there the diagnosis is what it is before any evidence. `left out` is the coverage when the spread is chosen for
 * each incident on all the others.
 */
import { pathToFileURL } from 'node:url';
import { FAMILY_OF } from '../../utils/core/causes.ts';
import { diagnose, type Diagnosis } from '../../utils/core/diagnosis.ts';
import { observeRound, openEpisode } from '../../utils/core/episode.ts';
import { collectEvidence } from '../../utils/core/evidence.ts';
import { DURATION_SPREAD, easingOf, forecastRemaining, type ForecastInput } from '../../utils/core/forecast.ts';
import type { Scenario } from '../../utils/core/scenario.ts';
import { survival } from '../../utils/core/survival.ts';
import { foldersThatExist, readScenarios } from '../fit/cases.ts';
import { sampleRounds } from '../replay/rounds.ts';
import { RECORDED_MINUTES } from './durations.ts';

const MINUTE = 60_000;
const CHECKPOINTS = [5, 15, 60, 240, 1440];
const SPREADS = [0.9, 1, 1.1, 1.2, 1.3, 1.4, 1.5, 1.6, 1.7, 1.8, 1.9, 2];
const AIM = 0.8;

/** A forecast to be made, and what came. */
interface Question {
  incident: string;
  last: boolean;
  input: ForecastInput;
  remaining: number;
}

function checkpointsOf(end: number): { minute: number; last: boolean }[] {
  const regular = CHECKPOINTS.filter((minute) => minute < end).map((minute) => ({ minute, last: false }));
  return end - 1 > 0 && !regular.some(({ minute }) => minute === end - 1) ? [...regular, { minute: end - 1, last: true }] : regular;
}

/** Plays a documented incident and asks at each checkpoint at which something is seen. */
export function questionsOf(scenario: Scenario, seed: string): Question[] {
  const end = scenario.endMinute;
  if (end === null || scenario.truth.side === 'none') return [];
  const checkpoints = checkpointsOf(end);
  const wanted = new Set(checkpoints.map(({ minute }) => minute));
  for (let minute = -60; minute < 0; minute += 5) wanted.add(minute + 0.5);
  // Each minute at first and near a checkpoint, else every five minutes, and every half hour in the days after.
  for (let minute = 0; minute < end; minute += minute < 60 ? 1 : minute < 1500 ? 5 : 30) wanted.add(minute);
  for (let minute = Math.max(0, end - 10); minute < end; minute++) wanted.add(minute);
  const minutes = [...wanted].toSorted((a, b) => a - b);
  const { rounds, profile } = sampleRounds(scenario, { engine: 'chromium', seed, minutes, stray: 0.002 });
  const questions: Question[] = [];
  let episode = openEpisode();
  rounds.forEach((round, i) => {
    episode = observeRound(episode, round, profile);
    const checkpoint = checkpoints.find(({ minute }) => minute === minutes[i]);
    const since = episode.trouble?.openedAt;
    if (!checkpoint || since === undefined) return;
    const { causes } = diagnose(collectEvidence(episode, round.at));
    const input = { causes, elapsedMin: (round.at - since) / MINUTE, easing: easingOf(episode.trouble!.course) };
    questions.push({ incident: scenario.id, last: checkpoint.last, input, remaining: end - checkpoint.minute });
  });
  return questions;
}

/** What is thought of the causes when nothing is seen but that the store fails, for so long. */
function unseen(elapsedMin: number): Diagnosis['causes'] {
  const store = diagnose([])
    .causes.filter(({ id }) => id === 'undisclosed' || FAMILY_OF[id] !== 'own')
    .map(({ id, p }) => ({ id, p: p * survival(id, elapsedMin) }));
  const total = store.reduce((sum, { p }) => sum + p, 0);
  return store.map(({ id, p }) => ({ id, p: p / total }));
}

/** @returns the questions of the vendor's recorded durations. */
export function recordedQuestions(): Question[] {
  return RECORDED_MINUTES.flatMap((end, i) =>
    checkpointsOf(end).map(({ minute, last }) => ({ incident: `recorded-${i}`, last, input: { causes: unseen(minute), elapsedMin: minute }, remaining: end - minute })),
  );
}

export interface Coverage {
  forecasts: number;
  /** Share of real ends inside the band at the checkpoints, in the last minute, and over both. */
  checkpoints: number;
  lastMinute: number;
  all: number;
  below: number;
  above: number;
}

const isInside = ({ input, remaining }: Question, spread: number) => {
  const band = forecastRemaining(input, spread)!;
  return remaining < band.p10 ? -1 : remaining > band.p90 ? 1 : 0;
};

const round = (value: number) => Math.round(value * 1000) / 1000;
const share = (list: readonly boolean[]) => round(list.filter(Boolean).length / Math.max(1, list.length));

/** @returns how many of the real ends lay inside the band. */
export function coverageOf(questions: readonly Question[], spread = DURATION_SPREAD): Coverage {
  const sides = questions.map((question) => ({ question, side: isInside(question, spread) }));
  const of = (some: typeof sides) => share(some.map(({ side }) => side === 0));
  return {
    forecasts: sides.length,
    checkpoints: of(sides.filter(({ question }) => !question.last)),
    lastMinute: of(sides.filter(({ question }) => question.last)),
    all: of(sides),
    below: sides.filter(({ side }) => side < 0).length,
    above: sides.filter(({ side }) => side > 0).length,
  };
}

/** @returns coverage at the checkpoints when the spread for each incident is chosen on all the others, and the spreads that were chosen. */
export function leftOut(questions: readonly Question[]): { checkpoints: number; all: number; spreads: number[] } {
  const incidents = [...new Set(questions.map(({ incident }) => incident))];
  const inside = new Map(SPREADS.map((spread) => [spread, questions.map((question) => isInside(question, spread) === 0)]));
  const chosen = new Map(
    incidents.map((incident) => {
      const miss = (spread: number) => Math.abs(AIM - share(inside.get(spread)!.filter((_, i) => questions[i]!.incident !== incident && !questions[i]!.last)));
      return [incident, SPREADS.reduce((best, spread) => (miss(spread) < miss(best) - 1e-9 ? spread : best))];
    }),
  );
  const results = questions.map((question, i) => ({ last: question.last, inside: inside.get(chosen.get(question.incident)!)![i]! }));
  return {
    checkpoints: share(results.filter(({ last }) => !last).map((result) => result.inside)),
    all: share(results.map((result) => result.inside)),
    spreads: [...new Set(chosen.values())].toSorted(),
  };
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const folders = foldersThatExist([process.argv[2] ?? '../shared/scenarios/real']);
  const documented = readScenarios(folders).flatMap((scenario) => ['a', 'b'].flatMap((seed) => questionsOf(scenario, seed).map((question) => ({ side: scenario.truth.side, question }))));
  const sets: [string, Question[]][] = [
    ['documented, the store’s', documented.filter(({ side }) => side === 'store').map(({ question }) => question)],
    ['documented, all', documented.map(({ question }) => question)],
    ['recorded by the vendor', recordedQuestions()],
  ];
  for (const [name, questions] of sets) {
    if (questions.length === 0) continue;
    console.log(JSON.stringify({ name, incidents: new Set(questions.map(({ incident }) => incident)).size, spread: DURATION_SPREAD, ...coverageOf(questions), leftOut: leftOut(questions) }));
  }
}
