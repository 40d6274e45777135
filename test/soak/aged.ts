import { cpSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from '../e2e/build.ts';
import type { Session } from '../e2e/driver.ts';
import type { Lab, LabPhase } from '../lab/lab.ts';
import type { Engine } from '../setup/ensure.ts';

/** How far the background's clock is ahead, ms; and how each notification that it asks the browser for is noted. */
const AHEAD = 'soak-ahead';
const TOLD = 'soak-told-';
const BORN = 'soak-born-';

/**
 * Runs before the background, in a copy of the built extension: its clock can be set forward, so that an hour of checks fits in minutes, and every
 * notification that it asks for is counted, also one that replaces another of its own id. Reads of the store wait until the clock is right.
 */
const PRELUDE = `{
  const api = globalThis.browser ?? globalThis.chrome;
  const now = Date.now.bind(Date);
  const get = api.storage.local.get.bind(api.storage.local);
  let ahead = 0;
  Date.now = () => now() + ahead;
  const right = get('${AHEAD}').then((stored) => { ahead = stored['${AHEAD}'] ?? 0; });
  api.storage.local.get = (...asked) => right.then(() => get(...asked));
  api.storage.onChanged.addListener((changes, area) => { if (area === 'local' && changes['${AHEAD}']) ahead = changes['${AHEAD}'].newValue ?? 0; });
  void api.storage.local.set({ ['${BORN}' + now()]: true });
  const create = api.notifications.create.bind(api.notifications);
  let count = 0;
  api.notifications.create = async (id, options) => {
    await api.storage.local.set({ ['${TOLD}' + now() + '-' + count++]: id });
    return create(id, options);
  };
}
`;

/** @returns the folder of a copy of the build whose clock can be set; whoever asks for it removes it */
export function agedBuild(engine: Engine): string {
  const target = engine === 'firefox' ? 'firefox' : 'chrome';
  const built = build(target);
  if (!built.ok) throw new Error(`${built.error.at}: ${built.error.reason}`);
  const folder = mkdtempSync(join(tmpdir(), 'tsunagaru-aged-'));
  cpSync(built.value[target]!, folder, { recursive: true });
  const { background } = JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8')) as { background: { service_worker?: string; scripts?: string[] } };
  const script = join(folder, background.service_worker ?? background.scripts![0]!);
  writeFileSync(script, PRELUDE + readFileSync(script, 'utf8'));
  return folder;
}

/** The clock of an aged build and of the servers that it asks. */
export class Age {
  readonly #lab: Lab;
  #ahead = 0;
  #phase: LabPhase = {};

  constructor(lab: Lab) {
    this.#lab = lab;
  }

  /** The background's present, ms since the epoch. */
  now(): number {
    return Date.now() + this.#ahead;
  }

  /** Lets time pass for the background and for the servers. */
  async pass(session: Session, ms: number): Promise<void> {
    this.#ahead += Math.max(0, Math.round(ms));
    await this.apply(this.#phase);
    await session.write({ [AHEAD]: this.#ahead });
  }

  /** Makes a phase true. */
  async apply(phase: LabPhase): Promise<void> {
    this.#phase = phase;
    const { notExpressible } = await this.#lab.apply({ ...phase, client: { ...phase.client, clockSkewMinutes: -this.#ahead / 60_000 } }, { keepNames: true });
    if (notExpressible.length > 0) throw new Error(`the lab cannot do ${notExpressible.join(', ')}`);
  }
}

/** @param stored everything in the store @returns how often a background began to live */
export function birthsOf(stored: Readonly<Record<string, unknown>>): number {
  return Object.keys(stored).filter((key) => key.startsWith(BORN)).length;
}

/** @param stored everything in the store @returns the ids of all notifications that were asked for, in order */
export function toldOf(stored: Readonly<Record<string, unknown>>): string[] {
  return Object.entries(stored)
    .filter(([key]) => key.startsWith(TOLD))
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, id]) => id as string);
}
