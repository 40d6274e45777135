import type { Round, Trigger } from '../../utils/core/round.ts';
import type { WorldOpinion } from '../../utils/core/opinion.ts';
import type { Scenario } from '../../utils/core/scenario.ts';
import { TARGETS } from '../../utils/core/targets.ts';
import { MINUTE, createNetwork, type NetworkOptions } from '../../utils/rehearsal/network.ts';

export interface SampledRounds {
  /** Rounds in the order of time: first the healthy ones before minute 0. */
  rounds: Round[];
  /** Minute of each round. */
  minutes: number[];
  /** Usual time of each target, ms. */
  profile: Record<string, number>;
}

/**
 * Full rounds at fixed minutes, without the monitor: for fitting. Every target is asked in every round; resolvers and vantage points
 * are asked where a monitor with second opinions would ask.
 * @param minutes when; negative ones lie in the healthy day before
 */
export function sampleRounds(scenario: Scenario, options: NetworkOptions & { minutes: readonly number[]; secondOpinion?: boolean }): SampledRounds {
  const network = createNetwork(scenario, options);
  const profile = Object.fromEntries(TARGETS.map((target) => [target.id, target.usualMs]));
  const sampled: SampledRounds = { rounds: [], minutes: [], profile };
  const second = options.secondOpinion ?? true;
  let asked = false;
  for (const minute of options.minutes) {
    const at = scenario.start + minute * MINUTE;
    if (network.wakesAt(at) !== at) continue;
    const context = { country: 'jp', nonce: minute.toString(36) };
    const observations = TARGETS.map((target) => network.request(target, context, at));
    const failing = observations.filter((o) => o.result.kind === 'failed' && o.role !== 'controls' && o.role !== 'neighbour');
    const unnamed = failing.filter((o) => o.result.kind === 'failed' && /^(dns|timed_out|tcp\.refused)/.test(o.result.failure));
    const hosts = unnamed.map((o) => TARGETS.find((target) => target.id === o.target)!.host);
    const dates = observations.flatMap((o) => (o.answer?.date == null ? [] : [o.at + o.ms - o.answer.date])).sort((a, b) => a - b);
    const trigger: Trigger = minute < 0 ? 'schedule' : 'recheck';
    const opinion: WorldOpinion | null = second && !asked && failing.length > 0 && minute >= 2 ? network.world(at) : null;
    asked ||= opinion !== null;
    sampled.minutes.push(minute);
    sampled.rounds.push({
      at: at + network.skewAt(at),
      trigger,
      full: true,
      observations,
      official: network.official(at),
      resolver: second && hosts.length > 0 ? network.resolver(hosts, at) : null,
      world: opinion,
      storefront: second && failing.length > 0 ? network.storefront('jp', at) : null,
      page: null,
      clockSkew: dates.length > 0 ? dates[Math.floor(dates.length / 2)]! : null,
    });
  }
  return sampled;
}
