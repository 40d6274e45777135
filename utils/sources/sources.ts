import type { Clock, Probe, Sources, Storage } from '../app/ports.ts';
import type { Contact } from '../core/ledger.ts';
import { refusal, WORLD_TOKEN_KEY } from '../core/opinion.ts';
import type { ResolverOpinion, StorefrontOpinion, WorldOpinion } from '../core/opinion.ts';
import type { Language } from '../core/settings.ts';
import type { Target } from '../core/target.ts';
import { noted } from './fetch-text.ts';
import type { Fetch } from './fetch-text.ts';
import { beginRun, decodeWorldMemory, finishRun, isRunning, nextRunAt, planMeasurement } from './globalping.ts';
import type { WorldMemory, WorldPort } from './globalping.ts';
import { decodeFeedMemory, readOfficial } from './official.ts';
import { askResolvers } from './resolver.ts';
import { askStorefront } from './storefront.ts';

/** What the last reading of the vendor's page left. */
export const FEED_KEY = 'feed';
/** A run of vantage points, and its budget. */
export const WORLD_KEY = 'world';

/** What the sources need of the world. */
export interface SourceNeeds {
  fetch: Fetch;
  probe: Probe;
  clock: Clock;
  storage: Storage;
  targets: readonly Target[];
  language(): Promise<Language>;
  /** Whether vantage points may be asked at all: the user's consent. */
  worldAllowed(): Promise<boolean>;
  /** Whether the extension has permission for the measurement network's host; it works without. */
  worldPermitted(): Promise<boolean>;
  /** A harmless value that changes, for addresses. */
  nonce(): string;
}

/** The application's sources, and what a worker does about them when it starts. */
export interface SourcesWithResume extends Sources {
  /** Takes up a run of vantage points that a worker left behind. @returns its opinion, null where there is none. Never throws. */
  resumeWorld(): Promise<WorldOpinion | null>;
  /** What was contacted since the last call, for the ledger; what the probe contacted is in its observations. */
  contacts(): Contact[];
}

/** Public resolvers and the other storefront are asked at most this often, ms: a check that looks twice asks them once. */
const ASK_AGAIN_MS = 20_000;

/** @returns the sources, each within its own bounds and budget. None of them throws. */
export function createSources(needs: SourceNeeds): SourcesWithResume {
  const { clock, storage } = needs;
  const contacted = new Map<string, Contact>();
  /** `fetch` for one source: every request is counted for the ledger. */
  const note = (why: string) => (host: string, bytes: number): void => {
    const old = contacted.get(host);
    contacted.set(host, { host, why, count: (old?.count ?? 0) + 1, bytes: (old?.bytes ?? 0) + bytes });
  };
  const fetchFor = (why: string): Fetch => noted(needs.fetch, note(why));
  const fetchOfficial = fetchFor('official');
  const fetchResolver = fetchFor('resolver');
  const fetchWorld = fetchFor('world');
  const probeStorefront: Probe = async (target, context) => {
    const seen = await needs.probe(target, context);
    if (seen.result.kind !== 'discarded' || seen.result.because !== 'no-permission') note('storefront')(target.host, seen.bytes);
    return seen;
  };
  let lastResolver: { names: string; asked: Promise<ResolverOpinion>; at: number } | null = null;
  let lastStorefront: { country: string; asked: Promise<StorefrontOpinion | null>; at: number } | null = null;
  const recent = (at: number): boolean => clock.now() - at >= 0 && clock.now() - at < ASK_AGAIN_MS;
  /** Two that ask at once share one run. */
  let running: Promise<WorldOpinion | null> | null = null;

  const stored = async (key: string): Promise<unknown> => {
    const read = await storage.read([key]);
    return read.ok ? read.value[key] : undefined;
  };
  const keepWorld = async (memory: WorldMemory): Promise<void> => { await storage.write({ [WORLD_KEY]: memory }); };

  const finish = async (memory: WorldMemory, target: Target | undefined): Promise<WorldOpinion | null> => {
    const token = await stored(WORLD_TOKEN_KEY);
    const port: WorldPort = {
      fetch: fetchWorld,
      now: () => clock.now(),
      token: typeof token === 'string' && token !== '' ? token : null,
      judge: target === undefined ? null : (received) => target.judge(received),
      permitted: await needs.worldPermitted(),
    };
    return opinionOf(await finishRun(memory, port, keepWorld, (ms) => clock.wait(ms)));
  };
  /** What a run ended with; where it has none, why, and when the next one may begin. */
  const opinionOf = (memory: WorldMemory): WorldOpinion => {
    const { run } = memory;
    if (run?.phase === 'done') return run.opinion;
    const now = clock.now();
    return refusal(now, run?.phase === 'failed' ? run.because : 'not-yet', nextRunAt(memory, now));
  };

  const once = (work: () => Promise<WorldOpinion | null>): Promise<WorldOpinion | null> => {
    running ??= work().finally(() => { running = null; });
    return running;
  };

  return {
    async official() {
      const memory = decodeFeedMemory(await stored(FEED_KEY));
      const result = await readOfficial(fetchOfficial, await needs.language(), clock.now(), memory);
      if (result.memory !== null && JSON.stringify(result.memory) !== JSON.stringify(memory)) await storage.write({ [FEED_KEY]: result.memory });
      return result.reading;
    },
    resolver(hosts) {
      const names = [...hosts].sort().join();
      if (lastResolver === null || lastResolver.names !== names || !recent(lastResolver.at)) {
        lastResolver = { names, asked: askResolvers(fetchResolver, hosts, clock.now()), at: clock.now() };
      }
      return lastResolver.asked;
    },
    world: (target, context) => once(async () => {
      if (!(await needs.worldAllowed())) return null;
      const plan = planMeasurement(target, context);
      if (!plan.ok) return null;
      const before = decodeWorldMemory(await stored(WORLD_KEY));
      const begun = beginRun(before, plan.value, context.country, clock.now());
      if (begun === before) return isRunning(before) ? finish(before, target) : opinionOf(before);
      // Kept before anything is sent: a worker that dies now does not spend the budget twice.
      await keepWorld(begun);
      return finish(begun, target);
    }),
    async storefront(country) {
      const target = needs.targets.find((one) => one.role === 'catalog');
      if (target === undefined) return null;
      if (lastStorefront === null || lastStorefront.country !== country || !recent(lastStorefront.at)) {
        lastStorefront = { country, asked: askStorefront(probeStorefront, target, country, needs.nonce()), at: clock.now() };
      }
      return lastStorefront.asked;
    },
    contacts() {
      const all = [...contacted.values()];
      contacted.clear();
      return all;
    },
    resumeWorld: () => once(async () => {
      const memory = decodeWorldMemory(await stored(WORLD_KEY));
      if (memory.run?.phase !== 'poll' || !(await needs.worldAllowed())) return null;
      const { host } = memory.run;
      return finish(memory, needs.targets.find((target) => target.host === host));
    }),
  };
}
