import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * `npm ci` refuses a lock file that lacks an optional package, even one for another system. npm leaves such packages out when it writes the file
 * from a registry, or on a machine, that does not have them; this puts them back, by the names that say for which system they are.
 * `node test/setup/lockfile.ts` mends `package-lock.json` after an `npm install`; `--check` only looks.
 */
interface Entry {
  version?: string;
  dev?: boolean;
  optional?: boolean;
  optionalDependencies?: Record<string, string>;
  os?: string[];
  cpu?: string[];
  libc?: string[];
  engines?: Record<string, string>;
  license?: string;
}

export interface Lockfile {
  packages: Record<string, Entry>;
}

const OS = ['aix', 'android', 'darwin', 'freebsd', 'linux', 'netbsd', 'openbsd', 'openharmony', 'sunos', 'win32'];
const CPU = ['arm64', 'arm', 'ia32', 'loong64', 'mips64el', 'ppc64', 'riscv64', 's390x', 'wasm32', 'x64'];

/** @returns the optional packages that some package names and the file does not hold, as they have to stand there. */
export function missing({ packages }: Lockfile): Record<string, Entry> {
  const found: Record<string, Entry> = {};
  for (const entry of Object.values(packages)) {
    for (const [name, version] of Object.entries(entry.optionalDependencies ?? {})) {
      const path = `node_modules/${name}`;
      const words = name.split(/[/-]/);
      const os = OS.filter((one) => words.includes(one));
      const cpu = CPU.filter((one) => words.includes(one));
      // A plain version names one package for one system; a range is an ordinary optional dependency, which npm finds by itself.
      if (Object.keys(packages).some((key) => key === path || key.endsWith(`/${path}`)) || os.length === 0 || cpu.length === 0 || !/^\d/.test(version)) continue;
      const sibling = Object.entries(packages).find(([key]) => key.startsWith(`${path.slice(0, path.lastIndexOf('/'))}/`))?.[1];
      found[path] = {
        version, cpu, ...(entry.dev ? { dev: true } : {}), ...(sibling?.license ? { license: sibling.license } : {}), optional: true, os,
        ...(words.some((one) => one.startsWith('musl')) ? { libc: ['musl'] } : os[0] === 'linux' && words.some((one) => one.startsWith('gnu')) ? { libc: ['glibc'] } : {}),
        ...(sibling?.engines ? { engines: sibling.engines } : {}),
      };
    }
  }
  return found;
}

if (import.meta.main) {
  const file = join(import.meta.dirname, '../../package-lock.json');
  const lock = JSON.parse(readFileSync(file, 'utf8')) as Lockfile;
  const gone = missing(lock);
  const names = Object.keys(gone);
  if (names.length === 0) console.log('package-lock.json holds every optional package.');
  else if (process.argv.includes('--check')) {
    console.error(`package-lock.json lacks ${names.join(', ')}: run node test/setup/lockfile.ts`);
    process.exitCode = 1;
  } else {
    lock.packages = Object.fromEntries(Object.entries({ ...lock.packages, ...gone }).sort(([a], [b]) => (a < b ? -1 : 1)));
    writeFileSync(file, `${JSON.stringify(lock, null, 2)}\n`);
    console.log(`Put back: ${names.join(', ')}`);
  }
}
