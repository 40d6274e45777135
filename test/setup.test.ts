import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test, vi } from 'vitest';
import { ensure, findBrowser } from './setup/ensure.ts';
import { missing } from './setup/lockfile.ts';

afterEach(() => vi.unstubAllEnvs());

test('a browser named by a variable is taken, and one that is not there is named', () => {
  vi.stubEnv('TSUNAGARU_FIREFOX', process.execPath);
  expect(findBrowser('firefox')).toEqual({ ok: true, value: { engine: 'firefox', name: 'firefox', path: process.execPath } });
  vi.stubEnv('TSUNAGARU_FIREFOX', '/nowhere/firefox');
  expect(findBrowser('firefox')).toEqual({ ok: false, error: { at: 'TSUNAGARU_FIREFOX', reason: 'names /nowhere/firefox, which does not exist' } });
});

test('on Linux the browser comes from PATH, Chromium before Edge before Chrome', () => {
  const folder = mkdtempSync(join(tmpdir(), 'tsunagaru-path-'));
  try {
    vi.stubEnv('PATH', folder);
    vi.stubEnv('TSUNAGARU_CHROMIUM', '');
    for (const [file, name] of [['google-chrome', 'chrome'], ['microsoft-edge', 'edge'], ['chromium', 'chromium']] as const) {
      writeFileSync(join(folder, file), '');
      chmodSync(join(folder, file), 0o755);
      expect(findBrowser('chromium', 'linux')).toMatchObject({ ok: true, value: { name } });
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('where there is no browser, the flaw says what to do', () => {
  const folder = mkdtempSync(join(tmpdir(), 'tsunagaru-home-'));
  mkdirSync(join(folder, 'empty'));
  vi.stubEnv('PATH', join(folder, 'empty'));
  vi.stubEnv('TSUNAGARU_CHROMIUM', '');
  const found = findBrowser('chromium', 'win32');
  expect(found.ok).toBe(false);
  if (!found.ok) expect(found.error.reason).toMatch(/install|apt-get.*TSUNAGARU_CHROMIUM/);
  rmSync(folder, { recursive: true });
});

test('what is there is not installed again', () => {
  const said: string[] = [];
  vi.stubEnv('TSUNAGARU_CHROMIUM', process.execPath);
  expect(ensure(['chromium'], (line) => said.push(line))).toEqual({ ok: true, value: undefined });
  expect(said).toEqual([]);
});

test('optional packages for other systems that a lock file lost are found, with the system they are for', () => {
  const lock = {
    packages: {
      '': {},
      'node_modules/tool': { version: '1.0.0', dev: true, optionalDependencies: { '@tool/linux-x64-gnu': '1.0.0', '@tool/linux-x64-musl': '1.0.0', '@tool/win32-arm64-msvc': '1.0.0', fsevents: '~2.3.3' } },
      'node_modules/@tool/linux-x64-gnu': { version: '1.0.0', license: 'MIT', os: ['linux'], cpu: ['x64'] },
    },
  };
  expect(missing(lock)).toEqual({
    'node_modules/@tool/linux-x64-musl': { version: '1.0.0', cpu: ['x64'], dev: true, license: 'MIT', optional: true, os: ['linux'], libc: ['musl'] },
    'node_modules/@tool/win32-arm64-msvc': { version: '1.0.0', cpu: ['arm64'], dev: true, license: 'MIT', optional: true, os: ['win32'] },
  });
  expect(missing({ packages: { ...lock.packages, ...missing(lock) } })).toEqual({});
});
