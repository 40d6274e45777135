/**
 * How many checks after its end a long outage is seen to be over. Chromium holds an extension's requests back after 500 and 503 of the same address
 * (see `respelled` in the prober), the longer the more errors there were, for as long as the background lives. An hour of checks a minute apart cannot
 * be waited for here; its account of errors can be brought about at once: it counts answers, and requests that are under way together are all let
 * through. So as many as the outage would have brought are sent from the background, and it is kept alive, as an open page of the store keeps it.
 *
 *   npm run bench:recovery                     Chromium after 503, Chromium after 404, which is not held back, and Firefox after 503
 *   npm run bench:recovery -- FOLDER           the first two with that build
 */
import { TARGETS } from '../../utils/core/targets.ts';
import { isStoreRole } from '../../utils/core/role.ts';
import { build } from '../e2e/build.ts';
import { open, type Session } from '../e2e/driver.ts';
import { openLab, type Lab } from '../lab/lab.ts';
import type { Engine } from '../setup/ensure.ts';

/** Errors after which Chromium waits about its longest, a quarter of an hour: 0.7 s × 1.4^22 = 19 minutes, two errors being let pass. */
const ERRORS = 25;
/** Checks after which nobody waits any more. */
const MOST = 6;

export interface Recovery {
  /** Checks after the end until the verdict was that the store answers again; null where more than `MOST` did not see it. */
  checks: number | null;
  /** The verdict after each of these checks. */
  said: string[];
  /** Whether the browser did hold requests to a plain address back when the outage ended. */
  heldBack: boolean;
}

/** Sends one address of each part of the store so often at once, from the background (from a page of the extension in Firefox, which holds nothing back). @returns whether another one is then held back */
async function errors(session: Session, count: number): Promise<boolean> {
  const urls = TARGETS.filter(({ role }) => isStoreRole(role)).map((target) => target.url({ country: 'us', nonce: 'n' }));
  const send = async (all: string[], many: number): Promise<boolean> => {
    await Promise.all(all.flatMap((url) => Array.from({ length: many }, (_, index) => fetch(`${url}${url.includes('?') ? '&' : '?'}n=${index}`, { cache: 'no-store', credentials: 'omit' }).then((answer) => answer.text()).catch(() => ''))));
    return await fetch(all[0]!, { cache: 'no-store', credentials: 'omit' }).then(() => false, () => true);
  };
  const target = session.browser.targets().find((one) => one.type() === 'service_worker' && one.url().startsWith(session.base));
  const worker = target === undefined ? null : await target.worker().catch(() => null);
  return worker === null ? await session.evaluate(send, urls, count) : await worker.evaluate(send, urls, count);
}

/** @param session healthy, with a first check behind it @param status what the store answers with while it is out */
export async function recovery(session: Session, lab: Lab, status: number): Promise<Recovery> {
  await lab.apply({ store: { fail: { [`http.${status}`]: 1 } } });
  try {
    await session.checkNow();
    await session.snapshotWith('the outage', ({ state }) => state === 'down', 60_000);
    await session.idle();
    const heldBack = await errors(session, ERRORS);
    await lab.clear();
    const said: string[] = [];
    for (let checks = 1; checks <= MOST; checks++) {
      const { state } = await session.checkNow();
      said.push(state);
      if (state === 'recovering' || state === 'up') return { checks, said, heldBack };
      await session.idle();
    }
    return { checks: null, said, heldBack };
  } finally {
    await lab.clear();
  }
}

if (import.meta.main) {
  const given = process.argv[2];
  const cases: readonly (readonly [Engine, number])[] = [['chromium', 503], ['chromium', 404], ['firefox', 503]];
  for (const [engine, status] of cases) {
    if (given !== undefined && engine === 'firefox') continue;
    const target = engine === 'firefox' ? 'firefox' : 'chrome';
    const built = given === undefined ? build(target) : null;
    if (built?.ok === false) throw new Error(`${built.error.at}: ${built.error.reason}`);
    const lab = await openLab();
    try {
      const session = await open({ engine, lab, extension: given ?? built!.value[target]! });
      if (!session.ok) throw new Error(`${session.error.at}: ${session.error.reason}`);
      try {
        await session.value.snapshotWith('the first check', ({ state }) => state === 'up', 60_000);
        await session.value.idle();
        console.log(JSON.stringify({ engine, status, ...(await recovery(session.value, lab, status)) }));
      } finally {
        await session.value.close();
      }
    } finally {
      await lab.close();
    }
  }
}
