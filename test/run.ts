import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { BROWSERS, ROOT } from './e2e/build.ts';
import { ensure } from './setup/ensure.ts';

/**
 * `npm test`: everything there is to prove, in an order that suits two cores, and one closing line. `npm test -- unit lint` runs only the stages named.
 * A stage without tests of its own (types, lint, a build) counts as one.
 */
interface Tally {
  passed: number;
  failed: number;
  skipped: number;
}

interface Stage {
  name: string;
  run(): Promise<Tally>;
}

const bin = (path: string): string => join(ROOT, 'node_modules', path);
const PASSED: Tally = { passed: 1, failed: 0, skipped: 0 };
const FAILED: Tally = { passed: 0, failed: 1, skipped: 0 };
const REPORTS = join(ROOT, '.output/reports');

function execute(args: readonly string[], env: Record<string, string> = {}): Promise<{ code: number; text: string; out: string }> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, args, { cwd: ROOT, env: { ...process.env, NO_COLOR: '1', ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
    let text = '';
    let out = '';
    child.stdout.on('data', (part: Buffer) => { text += part.toString(); out += part.toString(); });
    child.stderr.on('data', (part: Buffer) => { text += part.toString(); });
    child.on('close', (code) => resolve({ code: code ?? 1, text, out }));
  });
}

function complain(name: string, text: string): void {
  console.log(`\n--- ${name} ---\n${text.trim()}\n---\n`);
}

/** A command that passes or fails as a whole. */
function command(name: string, ...calls: string[][]): Stage {
  return {
    name,
    async run() {
      for (const args of calls) {
        const { code, text } = await execute(args);
        if (code !== 0) {
          complain(name, text);
          return FAILED;
        }
      }
      return PASSED;
    },
  };
}

/** A project of vitest: its own tests are counted. */
function vitest(name: string, project: string, env: Record<string, string> = {}, ...more: string[]): Stage {
  return {
    name,
    async run() {
      const report = join(REPORTS, `${name}.json`);
      rmSync(report, { force: true });
      const { code, text } = await execute([bin('vitest/vitest.mjs'), 'run', '--project', project, '--reporter=default', '--reporter=json', `--outputFile.json=${report}`, '--maxConcurrency=6', ...more], env);
      if (!existsSync(report)) {
        complain(name, text);
        return FAILED;
      }
      const { numPassedTests, numFailedTests, numPendingTests, numTodoTests, testResults } = JSON.parse(readFileSync(report, 'utf8')) as {
        numPassedTests: number;
        numFailedTests: number;
        numPendingTests: number;
        numTodoTests: number;
        testResults: { name: string; assertionResults: { status: string; fullName: string }[] }[];
      };
      // A file that does not even load has no failed test, but fails the run.
      const failed = Math.max(numFailedTests, code === 0 ? 0 : 1);
      if (failed > 0) complain(name, text);
      const skipped = testResults.flatMap((file) => file.assertionResults).filter((one) => one.status !== 'passed' && one.status !== 'failed');
      for (const one of skipped) console.log(`  skipped: ${one.fullName}`);
      return { passed: numPassedTests, failed, skipped: numPendingTests + numTodoTests };
    },
  };
}

/** What Firefox's reviewers run first. A warning is a failure: they read every one of them. */
const webExtLint: Stage = {
  name: 'web-ext lint',
  async run() {
    const { text, out } = await execute([bin('web-ext/bin/web-ext.js'), 'lint', '--source-dir', '.output/firefox-mv3', '--output', 'json']);
    const at = out.indexOf('{');
    if (at < 0) {
      complain('web-ext lint', text);
      return FAILED;
    }
    interface Said { code: string; message: string; file?: string }
    const report = JSON.parse(out.slice(at)) as { errors: Said[]; warnings: Said[]; notices: Said[] };
    const said = [...report.errors, ...report.warnings, ...report.notices];
    if (said.length === 0) return PASSED;
    complain('web-ext lint', said.map((one) => `${one.code} ${one.file ?? ''}: ${one.message}`).join('\n'));
    return FAILED;
  },
};

const tsc = bin('typescript/bin/tsc');
const prepare = command('prepare', [bin('wxt/bin/wxt.mjs'), 'prepare']);
const lock = command('lock', ['test/setup/lockfile.ts', '--check']);
const types = command('types', [tsc, '--noEmit', '-p', 'tsconfig.json'], [tsc, '--noEmit', '-p', 'test/tsconfig.json']);
const lint = command('lint', [bin('oxlint/bin/oxlint'), '--quiet', '--type-aware']);
// With the share of branches that have to be taken (`vitest.config.ts`): a quarter more processor time, some twenty seconds.
const unit = vitest('unit', 'unit', {}, '--coverage');
const builds = BROWSERS.map((browser) => command(`build ${browser}`, ['test/e2e/build.ts', browser]));
const zip = command('zip', ['test/setup/rebuild.ts', '--linked']);
const browser = vitest('browser', 'browser', { TSUNAGARU_BUILT: '1' });

const only = process.argv.slice(2);
const wanted = (stage: Stage): boolean => only.length === 0 || only.some((one) => stage.name.split(' ').includes(one));
const total: Tally = { passed: 0, failed: 0, skipped: 0 };

async function lane(stages: readonly Stage[]): Promise<void> {
  for (const stage of stages.filter(wanted)) {
    const began = performance.now();
    const tally = await stage.run();
    total.passed += tally.passed;
    total.failed += tally.failed;
    total.skipped += tally.skipped;
    const seconds = ((performance.now() - began) / 1000).toFixed(1);
    console.log(`${tally.failed > 0 ? '✗' : '✓'} ${stage.name} (${seconds} s): ${tally.passed} passed, ${tally.failed} failed${tally.skipped > 0 ? `, ${tally.skipped} skipped` : ''}`);
  }
}

process.chdir(ROOT);
mkdirSync(REPORTS, { recursive: true });
const tools = ensure(['chromium', 'firefox', 'ip', 'nft', 'certutil', 'openssl', 'cjk', 'chromium-ja', 'firefox-ja', 'xvfb', 'notification-daemon', 'dbus-daemon', 'dbus-monitor', 'import'], console.log);
if (!tools.ok) console.log(`Not here: ${tools.error.at}. The tests that need it are skipped. To have it: ${tools.error.reason}`);
await lane([lock, prepare]);
await Promise.all([lane([types, lint, unit]), lane([...builds, webExtLint, zip])]);
await lane([browser]);

console.log(`${total.passed} passed, ${total.failed} failed${total.skipped > 0 ? `, ${total.skipped} skipped` : ''}`);
process.exitCode = total.failed > 0 ? 1 : 0;
