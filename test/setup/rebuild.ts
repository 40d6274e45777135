import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { inflateRawSync } from 'node:zlib';
import { flaw, success, type Outcome } from '../../utils/core/result.ts';

/**
 * `npm run zip:verify` does what a reviewer of Firefox does: unpacks the sources package somewhere else, runs `npm ci && npm run zip` there, in another
 * time zone and language, and holds the packages against ours, byte for byte. `--linked` takes the packages of npm that are installed here instead
 * (seconds, no network): that is the stage of `npm test`.
 */
const ROOT = join(import.meta.dirname, '../..');
const DIRECTORY_ENTRY = 0x02014b50;
const DIRECTORY_END = 0x06054b50;

/**
 * @param zip bytes of an archive as WXT writes them: stored or deflated, without a comment
 * @returns the text or bytes of each file by its path; an error where it is no such archive
 */
export function unzip(zip: Buffer): Outcome<Map<string, Buffer>> {
  const end = zip.length - 22;
  if (end < 0 || zip.readUInt32LE(end) !== DIRECTORY_END) return flaw('zip', 'no directory at its end');
  const files = new Map<string, Buffer>();
  let at = zip.readUInt32LE(end + 16);
  for (let left = zip.readUInt16LE(end + 10); left > 0; left -= 1) {
    if (zip.readUInt32LE(at) !== DIRECTORY_ENTRY) return flaw('zip', `no entry at byte ${at}`);
    const [method, size, nameLength] = [zip.readUInt16LE(at + 10), zip.readUInt32LE(at + 20), zip.readUInt16LE(at + 28)];
    const name = zip.toString('utf8', at + 46, at + 46 + nameLength);
    const local = zip.readUInt32LE(at + 42);
    const begin = local + 30 + zip.readUInt16LE(local + 26) + zip.readUInt16LE(local + 28);
    const packed = zip.subarray(begin, begin + size);
    files.set(name, method === 0 ? packed : inflateRawSync(packed));
    at += 46 + nameLength + zip.readUInt16LE(at + 30) + zip.readUInt16LE(at + 32);
  }
  return success(files);
}

/** @returns the paths at which two packages differ: another text, or a file that only one of them has. */
export function differing(ours: ReadonlyMap<string, Buffer>, theirs: ReadonlyMap<string, Buffer>): string[] {
  return [...new Set([...ours.keys(), ...theirs.keys()])].filter((path) => ours.has(path) !== theirs.has(path) || !ours.get(path)!.equals(theirs.get(path)!)).sort();
}

const { name, version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { name: string; version: string };
const PACKAGES = ['chrome', 'firefox', 'sources'].map((one) => `${name}-${version}-${one}.zip`);
const SOURCES = `${name}-${version}-sources.zip`;

/** What the rebuild is told of its surroundings: nothing of ours, and other habits. */
const ELSEWHERE = { TZ: 'Pacific/Kiritimati', LANG: 'tr_TR.UTF-8', LC_ALL: 'tr_TR.UTF-8', NO_COLOR: '1' };

function run(cwd: string, program: string, args: readonly string[], env: Record<string, string>): Outcome<void> {
  const done = spawnSync(program, args, { cwd, encoding: 'utf8', env: { ...process.env, ...env } });
  return done.status === 0 ? success(undefined) : flaw(`${program} ${args.join(' ')}`, `${done.error?.message ?? ''}${done.stdout}${done.stderr}`.trim());
}

/** @returns one line for each package, or where the rebuild went another way. */
export function rebuild(linked: boolean, say: (line: string) => void): Outcome<void> {
  const made = run(ROOT, 'npm', ['run', 'zip'], {});
  if (!made.ok) return made;
  const sources = unzip(readFileSync(join(ROOT, '.output', SOURCES)));
  if (!sources.ok) return sources;
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'tsunagaru-rebuild-')));
  try {
    for (const [path, text] of sources.value) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), text);
    }
    if (linked) symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
    const installed = linked ? success(undefined) : run(folder, 'npm', ['ci'], ELSEWHERE);
    if (!installed.ok) return installed;
    const built = run(folder, 'npm', ['run', 'zip'], ELSEWHERE);
    if (!built.ok) return built;
    for (const file of PACKAGES) {
      const [ours, theirs] = [ROOT, folder].map((root) => readFileSync(join(root, '.output', file))) as [Buffer, Buffer];
      if (!ours.equals(theirs)) {
        const [mine, other] = [unzip(ours), unzip(theirs)];
        const where = mine.ok && other.ok ? differing(mine.value, other.value) : [];
        return flaw(file, `rebuilt from the sources it differs: ${where.length > 0 ? where.join(', ') : 'the same files, packed in another way'}`);
      }
      say(`${file}: ${ours.length} bytes, rebuilt the same. SHA-256 ${createHash('sha256').update(ours).digest('hex')}`);
    }
    return success(undefined);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

if (import.meta.main) {
  const done = rebuild(process.argv.includes('--linked'), console.log);
  if (!done.ok) {
    console.error(`${done.error.at}: ${done.error.reason}`);
    process.exitCode = 1;
  }
}
