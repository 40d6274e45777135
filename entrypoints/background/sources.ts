import type { Clock, Probe, Random, Sources, Storage } from '../../utils/app/ports.ts';
import type { Contact } from '../../utils/core/ledger.ts';
import type { WorldOpinion } from '../../utils/core/opinion.ts';
import { flaw, success, type Outcome } from '../../utils/core/result.ts';
import type { Language } from '../../utils/core/settings.ts';
import type { Target, TargetContext } from '../../utils/core/target.ts';
import { targetById } from '../../utils/core/targets.ts';
import { beginRun, decodeWorldMemory, expireRun, finishRun, isRunning, planMeasurement, type WorldMemory } from '../../utils/sources/globalping.ts';
import { decodeFeedMemory, readOfficial } from '../../utils/sources/official.ts';
import { askResolvers } from '../../utils/sources/resolver.ts';
import { askStorefront } from '../../utils/sources/storefront.ts';

const FEED_KEY = 'feed';
const WORLD_KEY = 'world';
const TOKEN_KEY = 'globalping-token';

export interface SourcePorts {
  clock: Clock;
  random: Random;
  storage: Storage;
  probe: Probe;
  language(): Language;
  /** Whether the vantage points may be asked: the user switched them on and granted their host. */
  worldPermitted(): Promise<boolean>;
}

export interface BackgroundSources extends Sources {
  /** What was contacted since the last call. */
  contacts(): Contact[];
  /** Asks the vantage points and waits for their answers. */
  askWorld(target: Target, context: TargetContext): Promise<Outcome<WorldOpinion>>;
}

/** The sources, on the browser's own `fetch`; what they must remember between requests lies in the store. */
export function createSources({ clock, random, storage, probe, language, worldPermitted }: SourcePorts): BackgroundSources {
  const contacted = new Map<string, Contact>();
  const note = (host: string, why: string, bytes: number, count = 1) => {
    const old = contacted.get(host);
    contacted.set(host, { host, why, bytes: (old?.bytes ?? 0) + bytes, count: (old?.count ?? 0) + count });
  };
  /** Counts every request by its host; the bytes are those of the bodies where nothing better is known. */
  const counted = (why: string) => async (url: string, init: RequestInit) => {
    const answer = await fetch(url, init);
    note(new URL(url).hostname, why, Number(answer.headers.get('content-length') ?? 0));
    return answer;
  };
  let running: Promise<Outcome<WorldOpinion>> | null = null;

  async function readOne(key: string): Promise<unknown> {
    const stored = await storage.read([key]);
    return stored.ok ? stored.value[key] : undefined;
  }

  async function runWorld(target: Target, context: TargetContext): Promise<Outcome<WorldOpinion>> {
    if (!(await worldPermitted())) return flaw('globalping', 'not switched on');
    const plan = planMeasurement(target, context);
    if (!plan.ok) return plan;
    const kept = expireRun(decodeWorldMemory(await readOne(WORLD_KEY)), clock.now());
    const begun = isRunning(kept) ? kept : beginRun(kept, plan.value, context.country, clock.now());
    const keep = async (memory: WorldMemory) => void (await storage.write({ [WORLD_KEY]: memory }));
    await keep(begun);
    if (!isRunning(begun)) return flaw('globalping', 'asked too recently');
    const token = await readOne(TOKEN_KEY);
    const port = { fetch: counted('world'), now: () => clock.now(), token: typeof token === 'string' ? token : null, judge: target.judge.bind(target), permitted: true };
    const done = await finishRun(begun, port, keep, (ms) => clock.wait(ms));
    return done.run?.phase === 'done' ? success(done.run.opinion) : flaw('globalping', done.run?.phase === 'failed' ? done.run.because : 'not finished');
  }

  function askWorld(target: Target, context: TargetContext): Promise<Outcome<WorldOpinion>> {
    running ??= runWorld(target, context).finally(() => (running = null));
    return running;
  }
  let arrived: WorldOpinion | null = null;

  return {
    contacts: () => {
      const all = [...contacted.values()];
      contacted.clear();
      return all;
    },
    async official() {
      const read = await readOfficial(counted('official'), language(), clock.now(), decodeFeedMemory(await readOne(FEED_KEY)));
      await storage.write({ [FEED_KEY]: read.memory ?? undefined });
      return read.reading;
    },
    resolver: (hosts) => askResolvers(counted('resolver'), hosts, clock.now()),
    async world(target, context) {
      if (arrived !== null) {
        const opinion = arrived;
        arrived = null;
        return opinion;
      }
      // It takes half a minute: the check does not wait, the answer comes with a later one.
      void askWorld(target, context).then((outcome) => {
        if (outcome.ok) arrived = outcome.value;
      });
      return null;
    },
    async storefront(country) {
      const target = targetById('catalog');
      return target === undefined ? null : askStorefront(probe, target, country, Math.floor(random() * 1e9).toString(36));
    },
    askWorld,
  };
}
