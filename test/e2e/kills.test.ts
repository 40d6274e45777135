import { expect, test } from 'vitest';
import { browserRun } from '../soak/browser.ts';
import { loadRun } from '../soak/load.ts';
import { whyNot } from './station.ts';

/** A short run of what `npm run soak -- browser load` does at length. */
for (const engine of ['chromium', 'firefox'] as const) {
  const reason = whyNot(engine);
  const title = reason === null ? engine : `${engine} (${reason})`;

  test.skipIf(reason !== null)(`${title}: the background killed in the middle of checks, the browser ended and killed: nothing lost, nothing told twice`, { timeout: 300_000 }, async () => {
    const result = await browserRun({ engine, seed: 'short', kills: 12, restarts: 2, minutes: 4 });
    expect(result.violations).toEqual([]);
    expect(result).toMatchObject({ kills: 12, restarts: 1, browserKills: 1 });
    expect(result.outages).toBeGreaterThan(0);
  });

  test.skipIf(reason !== null)(`${title}: twenty pages of the store, one of which does not stop talking, and a check asked for from everywhere at once: one check`, { timeout: 300_000 }, async () => {
    const { violations, checksAtOnce, banners } = await loadRun(engine, 20, 3);
    expect({ violations, checksAtOnce, banners }).toEqual({ violations: [], checksAtOnce: 1, banners: 20 });
  });
}
