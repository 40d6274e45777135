import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { flaw, success, type Outcome } from '../../utils/core/result.ts';

export const ROOT = join(import.meta.dirname, '../..');
export const BROWSERS = ['chrome', 'firefox', 'edge', 'safari'] as const;
export type BuildFor = (typeof BROWSERS)[number];

/** Set by `npm test` once it has built everything, so that no test builds again. */
const FRESH = 'TSUNAGARU_BUILT';
const built = new Set<BuildFor>();

/** @returns the folder of a production build. */
export function outputOf(browser: BuildFor): string {
  return join(ROOT, '.output', `${browser}-mv3`);
}

/**
 * Builds for these browsers, each once in the life of the process.
 * @returns the folder of each, or a flaw with what the build said
 */
export function build<B extends BuildFor>(...browsers: B[]): Outcome<Record<B, string>> {
  for (const browser of browsers) {
    if (built.has(browser) || (process.env[FRESH] === '1' && existsSync(join(outputOf(browser), 'manifest.json')))) continue;
    const done = spawnSync(process.execPath, [join(ROOT, 'node_modules/wxt/bin/wxt.mjs'), 'build', '-b', browser], { cwd: ROOT, encoding: 'utf8', env: { ...process.env, NODE_ENV: 'production', NO_COLOR: '1' } });
    if (done.status !== 0) return flaw(`build for ${browser}`, `${done.stdout}\n${done.stderr}`.trim());
    built.add(browser);
  }
  return success(Object.fromEntries(browsers.map((browser) => [browser, outputOf(browser)])) as Record<B, string>);
}

if (import.meta.main) {
  const wanted = process.argv.slice(2).filter((one): one is BuildFor => (BROWSERS as readonly string[]).includes(one));
  const done = build(...(wanted.length > 0 ? wanted : BROWSERS));
  if (done.ok) for (const [browser, folder] of Object.entries(done.value)) console.log(`${browser}: ${folder}`);
  else {
    console.error(`${done.error.at}: ${done.error.reason}`);
    process.exitCode = 1;
  }
}
