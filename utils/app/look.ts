import { failureOf, type Observation } from '../core/observation.ts';
import type { ResolverOpinion, StorefrontOpinion } from '../core/opinion.ts';
import { phaseOf } from '../core/failure.ts';
import { isStoreRole } from '../core/role.ts';
import { planLight, storeTargets } from '../core/plan.ts';
import { withAnswered, withAsked, type Progress } from '../core/progress.ts';
import type { Profiles } from '../core/trust.ts';
import { isTrusted } from '../core/trust.ts';
import type { Settings } from '../core/settings.ts';
import type { Target, TargetContext } from '../core/target.ts';
import type { Probe, Sources } from './ports.ts';

/** What one look at the store, and if need be at what it is compared with, has brought. */
export interface Look {
  full: boolean;
  observations: Observation[];
  resolver: ResolverOpinion | null;
  storefront: StorefrontOpinion | null;
}

export interface LookRequest {
  targets: readonly Target[];
  profiles: Profiles;
  settings: Settings;
  context: TargetContext;
  /** Ask every role, whatever the first answers say. */
  full: boolean;
  /** Ask controls and neighbour even if all is well: once, so that they too have a profile. */
  compare: boolean;
  turn: number;
  now: number;
}

/**
 * Asks the targets: the fewest that can notice an outage, and when anything is odd, all of them, the neighbour and the
 * controls. Controls are asked only when something of the store failed or is slow, and where `compare` says so: else a check contacts nobody else.
 */
export async function look(request: LookRequest, probe: Probe, sources: Sources, progress: (progress: Progress) => void): Promise<Look> {
  const { targets, profiles, settings, context, now } = request;
  const store = storeTargets(targets, profiles, now);
  const first = request.full ? store : planLight(targets, profiles, settings.interval, request.turn, now);
  let asked: Progress = [];
  const announce = (wanted: readonly Target[]) => progress((asked = withAsked(asked, wanted.filter(({ id }) => asked.every(({ target }) => target !== id)))));
  const ask = (wanted: readonly Target[]) =>
    Promise.all(
      wanted.map(async (target) => {
        const observation = await probe(target, context);
        progress((asked = withAnswered(asked, observation)));
        return observation;
      }),
    );

  const seen: Observation[] = [];
  const odd = (): boolean => request.compare || seen.some((o) => isOdd(o, profiles, settings.thresholds.slowFactor, now));
  announce(first);
  if (request.full) seen.push(...(await ask(first)));
  // One after another while all is well: hosts that share an address and a certificate then share a connection, which Chromium does not arrange
  // for requests that begin together (measured). Most of what a check takes from the network is the beginning of connections.
  else for (const target of first) {
    seen.push(...(await ask([target])));
    if (odd()) break;
  }
  if (!odd()) return { full: request.full, observations: seen, resolver: null, storefront: null };

  const rest = store.filter((target) => !seen.some((o) => o.target === target.id));
  const comparison = targets.filter((target) => target.role === 'neighbour' || target.role === 'controls');
  const unnamed = seen.filter((o) => isNameFailure(o)).map((o) => targets.find((t) => t.id === o.target)!.host);
  announce([...rest, ...comparison]);
  const [more, resolver, storefront] = await Promise.all([
    ask([...rest, ...comparison]),
    unnamed.length > 0 && settings.secondOpinion.resolvers ? sources.resolver([...new Set(unnamed)]) : null,
    settings.secondOpinion.storefront && seen.some((o) => o.result.kind === 'failed') ? sources.storefront(context.country) : null,
  ]);
  return { full: true, observations: [...seen, ...more], resolver, storefront };
}

/** @returns the part of the store that others are asked about: the first that fails; null where none does. */
export function failingTarget(targets: readonly Target[], observations: readonly Observation[]): Target | null {
  const failing = observations.find((o) => o.result.kind === 'failed' && isStoreRole(o.role));
  return targets.find((t) => t.id === failing?.target) ?? null;
}

/** A failure that may be one of name resolution: a browser does not always show it as one. */
function isNameFailure(o: Observation): boolean {
  const failure = failureOf(o);
  return failure !== null && (phaseOf(failure) === 'dns' || failure === 'timed_out' || failure === 'timed_out.unconnected' || failure === 'tcp.refused');
}

function isOdd(o: Observation, profiles: Profiles, slowFactor: number, now: number): boolean {
  if (o.result.kind === 'failed') return isTrusted(profiles[o.target], now) || Object.values(profiles).every((p) => p.firstHealthyAt === null);
  const usual = profiles[o.target]?.usualMs;
  return o.result.kind === 'ok' && usual != null && o.ms >= Math.max(1_000, usual * slowFactor);
}
