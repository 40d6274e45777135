import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test, vi } from 'vitest';
import { ensure, findBrowser } from './setup/ensure.ts';
import { missing } from './setup/lockfile.ts';
import { differing, unzip } from './setup/rebuild.ts';

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

/** An archive with one stored file `a`, as in the format's specification. */
function archiveOf(text: string): Buffer {
  const local = Buffer.alloc(31);
  local.writeUInt32LE(0x04034b50, 0);
  local.writeUInt16LE(1, 26);
  local.write('a', 30);
  const entry = Buffer.alloc(47);
  entry.writeUInt32LE(0x02014b50, 0);
  entry.writeUInt32LE(text.length, 20);
  entry.writeUInt16LE(1, 28);
  entry.write('a', 46);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(1, 10);
  end.writeUInt32LE(31 + text.length, 16);
  return Buffer.concat([local, Buffer.from(text), entry, end]);
}

test('a package is read, and one that is none is named', () => {
  const read = unzip(archiveOf('text'));
  expect(read.ok && [...read.value].map(([path, bytes]) => [path, bytes.toString()])).toEqual([['a', 'text']]);
  expect(unzip(Buffer.from('no archive'))).toEqual({ ok: false, error: { at: 'zip', reason: 'no directory at its end' } });
  expect(unzip(archiveOf('text').subarray(1)).ok).toBe(false);
});

test('what differs between two packages is named', () => {
  const [one, two] = [new Map([['same', Buffer.from('1')], ['other', Buffer.from('1')], ['gone', Buffer.of()]]), new Map([['same', Buffer.from('1')], ['other', Buffer.from('2')], ['new', Buffer.of()]])];
  expect(differing(one, two)).toEqual(['gone', 'new', 'other']);
  expect(differing(one, one)).toEqual([]);
});
