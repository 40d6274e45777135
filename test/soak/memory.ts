import { rmSync } from 'node:fs';
import { DEFAULT_SETTINGS } from '../../utils/core/settings.ts';
import { open } from '../e2e/driver.ts';
import { openLab, type LabPhase } from '../lab/lab.ts';
import { Age, agedBuild } from './aged.ts';
import { Heap, slopeOf, type Census } from './heap.ts';

/** Memory of one context over the checks. */
export interface Held {
  /** Bytes after a collection, by check: machine code included, which the engine makes as it finds functions busy. */
  at: Record<number, number>;
  /** The same without machine code: what the program itself holds on to. */
  data: Record<number, number>;
  code: Record<number, number>;
  /** Rise of a straight line through the program's own, after the fifth check, bytes a check. */
  bytesPerCheck: number;
}

export interface MemoryResult {
  store: 'healthy' | 'failing';
  checks: number;
  /** Minutes by the background's clock, which is set forward from check to check, and real ones. */
  minutes: number;
  realMinutes: number;
  background: Held;
  popup: Held;
  violations: string[];
}

interface Measured extends Census {
  check: number;
  held: number;
}

/** An hour of checks may not leave more behind than so much of what is held: lists that fill up to their bounds, as the last sixty answers of controls do. */
const ROOM = 0.05;

/** Sixty one-minute checks in one life of the background, with the popup open: what stays in memory. Chromium alone tells. */
export async function memoryRun(store: MemoryResult['store'], checks: number): Promise<MemoryResult> {
  const extension = agedBuild('chromium');
  const lab = await openLab();
  const age = new Age(lab);
  const began = Date.now();
  const violations: string[] = [];
  const opened = await open({ engine: 'chromium', lab, extension });
  if (!opened.ok) throw new Error(`${opened.error.at}: ${opened.error.reason}`);
  const session = opened.value;
  const points: Measured[][] = [[], []];
  let minutes = 0;
  try {
    await session.send('settings', { settings: { ...DEFAULT_SETTINGS, interval: 1 } });
    await session.snapshotWith('the first check', ({ checkedAt, state }) => checkedAt !== null && state === 'up', 90_000);
    await session.idle();
    const page = await session.page('popup.html');
    const heaps = [await Heap.ofBackground(session), await Heap.of(page)] as const;
    const birth = age.now();
    const fault: LabPhase = { store: { fail: { 'http.503': 1 }, by: 'origin' } };
    if (store === 'failing') await age.apply(fault);
    for (let check = 1; check <= checks; check++) {
      const next = (await session.snapshot())?.nextCheckAt ?? age.now();
      await age.pass(session, Math.max(60_000, next - age.now() + 1_000));
      const due = age.now();
      await session.ring();
      await session.snapshotWith(`check ${check}`, ({ checkedAt, state }) => (checkedAt ?? 0) >= due && state !== 'suspect', 60_000);
      // The end of a check sets the next alarm, and would take back the one that is let ring here.
      await session.idle(300);
      if (check % 5 !== 0) continue;
      for (const [i, heap] of heaps.entries()) points[i]!.push({ check, held: await heap.held(), ...(await heap.census()) });
    }
    minutes = Math.round((age.now() - birth) / 60_000);
    for (const [i, name] of ['background', 'popup'].entries()) if (!(await heaps[i]!.isSame())) violations.push(`the ${name} did not live through it`);
    const state = (await session.snapshot())?.state;
    if (state !== (store === 'failing' ? 'down' : 'up')) violations.push(`${state} at the end`);
    for (const fault_ of session.faults) violations.push(`thrown: ${fault_.slice(0, 300)}`);
  } finally {
    await session.close();
    await lab.close();
    rmSync(extension, { recursive: true, force: true });
  }
  const heldOf = (name: string, measured: readonly Measured[]): Held => {
    const by = (what: 'held' | 'data' | 'code'): Record<number, number> => Object.fromEntries(measured.map((one) => [one.check, one[what]]));
    const settled = measured.slice(1);
    const bytesPerCheck = Math.round(slopeOf(settled.map(({ check, data }) => [check, data])));
    if (bytesPerCheck * 60 > (settled[0]?.data ?? 0) * ROOM) violations.push(`the ${name} grows by ${bytesPerCheck} bytes a check`);
    return { at: by('held'), data: by('data'), code: by('code'), bytesPerCheck };
  };
  return { store, checks, minutes, realMinutes: Math.round((Date.now() - began) / 6_000) / 10, background: heldOf('background', points[0]!), popup: heldOf('popup', points[1]!), violations };
}
