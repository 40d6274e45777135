import type { WorldOpinion } from '../core/opinion.ts';
import { withAnswer, WORLD_TOKEN_KEY } from '../core/opinion.ts';
import { flaw, success, type Outcome } from '../core/result.ts';
import type { Settings } from '../core/settings.ts';
import type { Target, TargetContext } from '../core/target.ts';
import { failingTarget } from './look.ts';
import type { Monitor } from './monitor.ts';
import type { Clock, Keeper, Sources, Storage } from './ports.ts';

export interface AskWorldPorts {
  clock: Clock;
  storage: Storage;
  keeper: Pick<Keeper, 'load'>;
  monitor: Pick<Monitor, 'change'>;
  world: Sources['world'];
  settings(): Settings;
  /** Whether the user's settings are there: where none could be read, what is in force is a guess. */
  chosen(): boolean;
  saveSettings(settings: Settings): Promise<Outcome<void>>;
  targets: readonly Target[];
  context(): TargetContext;
  /** Gives the browser's permission back. */
  dropPermission(): Promise<unknown>;
  /** Looks again, so that what was heard is weighed at once. */
  check(): void;
}

export interface AskWorld {
  /** Asks on the user's wish. @param consent he has just agreed: it is kept as "when I click" */
  ask(consent: boolean): Promise<Outcome<void>>;
  /** Keeps what came in by itself (a run that an earlier background had begun). */
  arrived(opinion: WorldOpinion): Promise<Outcome<void>>;
  keepToken(token: string | null): Promise<Outcome<void>>;
  /** Where it is switched off nothing of it stays: permission and token go. */
  afterSettings(): Promise<void>;
}

/** @returns what the user can do about vantage points elsewhere. */
export function createAskWorld(ports: AskWorldPorts): AskWorld {
  const { clock, keeper, monitor, storage, targets } = ports;

  async function arrived(opinion: WorldOpinion): Promise<Outcome<void>> {
    // A check that was under way may have begun after the votes were counted: the next one is to weigh them all the same.
    const kept = await monitor.change((state, now) => ({ ...state, world: withAnswer(state.world, { ...opinion, at: Math.max(opinion.at, now) }) }));
    if (!kept.ok) return kept;
    if (opinion.votes > 0) ports.check();
    return success(undefined);
  }

  return {
    arrived,
    async ask(consent) {
      const settings = ports.settings();
      if (settings.secondOpinion.world === 'off') {
        if (!consent) return flaw('secondOpinion.world', 'off');
        const saved = await ports.saveSettings({ ...settings, secondOpinion: { ...settings.secondOpinion, world: 'on-request' } });
        if (!saved.ok) return saved;
        // His organisation decides it: what the browser has just granted is given back.
        if (ports.settings().secondOpinion.world === 'off') {
          await ports.dropPermission();
          return flaw('secondOpinion.world', 'off');
        }
      }
      const state = await keeper.load(clock.now());
      if (!state.ok) return state;
      // What fails here is what others are asked about; where nothing does, the catalogue stands for the store.
      const target = failingTarget(targets, Object.values(state.value.last)) ?? targets.find(({ role }) => role === 'catalog');
      const opinion = target === undefined ? null : await ports.world(target, ports.context());
      return opinion === null ? flaw('secondOpinion.world', 'nobody was asked') : arrived(opinion);
    },
    async keepToken(token) {
      if (token !== null && ports.settings().secondOpinion.world === 'off') return flaw('secondOpinion.world', 'off');
      return storage.write({ [WORLD_TOKEN_KEY]: token ?? undefined });
    },
    async afterSettings() {
      if (!ports.chosen() || ports.settings().secondOpinion.world !== 'off') return;
      const token = await storage.read([WORLD_TOKEN_KEY]);
      if (token.ok && token.value[WORLD_TOKEN_KEY] !== undefined) await storage.write({ [WORLD_TOKEN_KEY]: undefined });
      await ports.dropPermission();
    },
  };
}
