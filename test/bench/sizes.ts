import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, posix, relative } from 'node:path';
import { deflateRawSync, gzipSync } from 'node:zlib';
import { LANGUAGES } from '../../utils/core/settings.ts';
import { BROWSERS, outputOf, type BuildFor } from '../e2e/build.ts';
import type { Figure } from './figure.ts';

/** What a ZIP file adds to each entry: a local header, a line of the directory, and the name twice; and its end. */
const ENTRY_BYTES = 30 + 46;
const END_BYTES = 22;

function filesOf(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile()).map((entry) => relative(folder, join(entry.parentPath, entry.name)));
}

/** @returns bytes of a built extension as a ZIP file at the highest compression, without writing one */
export function packedSize(folder: string, leaveOut: (file: string) => boolean = () => false): number {
  return filesOf(folder).filter((file) => !leaveOut(file)).reduce((sum, file) => {
    const content = readFileSync(join(folder, file));
    return sum + ENTRY_BYTES + 2 * Buffer.byteLength(file) + Math.min(content.length, deflateRawSync(content, { level: 9 }).length);
  }, END_BYTES);
}

/** Files that an entry point loads: what it names, also as what comes after its first script, and what that imports statically. */
function loadedBy(folder: string, entry: string): string[] {
  const found = new Set<string>();
  const visit = (file: string): void => {
    if (found.has(file)) return;
    found.add(file);
    const text = readFileSync(join(folder, file), 'utf8');
    const names = file.endsWith('.html')
      ? [...text.matchAll(/(?:src|href|data-then)="(\/[^"]+\.(?:js|css))"/g)].flatMap((match) => match[1]!.split(' ').map((name) => name.slice(1)))
      : file.endsWith('.js') ? [...text.matchAll(/(?:\bfrom|\bimport)\s*["'](\.{0,2}\/[^"']+\.js)["']/g)].map((match) => (match[1]!.startsWith('/') ? match[1]!.slice(1) : posix.join(dirname(file), match[1]!))) : [];
    for (const name of names) visit(name);
  };
  visit(entry);
  return [...found];
}

/** @returns bytes of an entry point with everything it loads at once, each file compressed on its own */
export function entrySize(folder: string, ...entries: string[]): { gzip: number; raw: number; files: number } {
  const contents = [...new Set(entries.flatMap((entry) => loadedBy(folder, entry)))].map((file) => readFileSync(join(folder, file)));
  return { gzip: contents.reduce((sum, content) => sum + gzipSync(content, { level: 9 }).length, 0), raw: contents.reduce((sum, { length }) => sum + length, 0), files: contents.length };
}

/**
 * What a package and what loads at once may weigh, kB: the package as the design asks, all languages in it; the entry points (gzip) what each
 * weighed when it was last looked through, and a little air.
 */
export const SIZE_BUDGETS: Readonly<Record<string, number>> = {
  'packed.chrome': 250,
  'packed.edge': 250,
  'packed.firefox': 250,
  'packed.safari': 250,
  'size.background': 90,
  'size.popup': 49,
  'size.incidents': 75,
  'size.options': 75,
  'size.welcome': 75,
  'size.banner': 14,
  'size.page': 3,
  'size.sentences': 28,
};

const ENTRIES: readonly (readonly [id: string, ...files: string[]])[] = [
  ['size.background', 'background.js'],
  ['size.popup', 'popup.html'],
  ['size.incidents', 'incidents.html'],
  ['size.options', 'options.html'],
  ['size.welcome', 'welcome.html'],
  ['size.banner', 'preact.js', 'song.js', 'banner-ui.js'],
  ['size.page', 'banner.js'],
];

const isLanguage = (file: string): boolean => file.startsWith('i18n/') || file.startsWith('_locales/');

/** @returns sizes of the builds that are there: packed for each browser, and what each entry point of the first one loads */
export function sizes(browsers: readonly BuildFor[] = BROWSERS): Figure[] {
  const first = outputOf(browsers[0]!);
  const packed = browsers.map((browser): Figure => {
    const bytes = packedSize(outputOf(browser));
    const bare = packedSize(outputOf(browser), isLanguage);
    return {
      id: `packed.${browser}`, what: `packed for ${browser}`, value: bytes / 1_000, unit: 'kB', yardstick: { what: 'without sentences', value: bare / 1_000 },
      note: `${LANGUAGES.length} languages, ${((bytes - bare) / LANGUAGES.length / 1_000).toFixed(1)} kB each`,
    };
  });
  const entries = ENTRIES.map(([id, ...named]): Figure => {
    const { gzip, raw, files } = entrySize(first, ...named);
    return { id, what: `${named.at(-1)}, gzip`, value: gzip / 1_000, unit: 'kB', yardstick: { what: 'raw', value: raw / 1_000 }, note: files === 1 ? '1 file' : `${files} files` };
  });
  const largest = Math.max(...readdirSync(join(first, 'i18n')).map((file) => gzipSync(readFileSync(join(first, 'i18n', file)), { level: 9 }).length));
  return [...packed, ...entries, { id: 'size.sentences', what: 'sentences that a page loads (the largest file), gzip', value: largest / 1_000, unit: 'kB' }];
}
