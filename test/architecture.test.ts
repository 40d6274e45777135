import { readdirSync, readFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { expect, test } from 'vitest';
import { breaches, idle, TOP_LEVEL } from './architecture.ts';

const ROOT = join(import.meta.dirname, '..');

function product(): Map<string, string> {
  const files = new Map<string, string>();
  for (const folder of ['entrypoints', 'components', 'utils', 'public']) {
    for (const entry of readdirSync(join(ROOT, folder), { recursive: true, withFileTypes: true })) {
      if (!entry.isFile()) continue;
      const path = join(entry.parentPath, entry.name);
      const text = /\.(tsx?|json|css|html)$/.test(entry.name) ? readFileSync(path, 'utf8') : '';
      files.set(relative(ROOT, path).split(sep).join('/'), text);
    }
  }
  return files;
}

test('the product keeps to its layout', () => {
  expect(breaches(product())).toEqual([]);
});

test('nothing is exported for nobody', () => {
  const tools = new Map(readdirSync(join(ROOT, 'test'), { recursive: true, withFileTypes: true }).flatMap((entry) => {
    const path = relative(ROOT, join(entry.parentPath, entry.name)).split(sep).join('/');
    return entry.isFile() && /\.tsx?$/.test(path) ? [[path, readFileSync(join(ROOT, path), 'utf8')] as const] : [];
  }));
  expect(idle(product(), tools.set('wxt.config.ts', readFileSync(join(ROOT, 'wxt.config.ts'), 'utf8')))).toEqual([]);
});

test.each([
  ['nobody', {}, 'exports b, which nobody imports'],
  ['its own test alone', { 'utils/core/a.test.ts': 'import { b } from "./a.ts";' }, 'exports b, which tests alone use'],
])('an export for %s is told', (_, more, rule) => {
  const text = 'export const b = 1;\nexport const used = 2;';
  expect(idle(new Map(Object.entries({ 'utils/core/a.ts': text, 'utils/core/c.ts': 'import { used } from "./a.ts";', ...more })), new Map())).toEqual([{ file: 'utils/core/a.ts', rule }]);
});

test('the README draws the layout that there is', () => {
  const drawn = /## Layout\n+```\n([^]*?)```/.exec(readFileSync(join(ROOT, 'README.md'), 'utf8'))![1]!;
  const foldersOf = (folder: string) => readdirSync(join(ROOT, folder), { withFileTypes: true }).filter((entry) => entry.isDirectory()).map(({ name }) => name).sort();
  const utils = [...drawn.matchAll(/^ {2}(\w+)\/ /gm)].map((match) => match[1]!);
  expect(utils.sort()).toEqual(foldersOf('utils'));
  for (const folder of ['components', 'test']) {
    const named = [...new RegExp(`^${folder}/ (.*)$`, 'm').exec(drawn)![1]!.matchAll(/(\w+)\//g)].map((match) => match[1]!);
    expect(named.sort(), folder).toEqual(foldersOf(folder));
  }
});

test('nothing new lies at the top', () => {
  const strange = readdirSync(ROOT).filter((name) => !name.startsWith('.') && !TOP_LEVEL.has(name));
  expect(strange).toEqual([]);
});

/** One broken line each: what the checker must say of it. */
const BROKEN: [name: string, files: Record<string, string>, rule: RegExp][] = [
  ['the clock in the core', { 'utils/core/a.ts': 'export const a = () => Date.now();' }, /pure.*Date\.now/],
  ['the date of today in the core', { 'utils/core/a.ts': 'export const a = () => new Date();' }, /pure.*new Date\(\)/],
  ['Date() as a function', { 'utils/core/a.ts': 'export const a = () => Date();' }, /pure.*Date\(\)/],
  ['chance in the core', { 'utils/core/a.ts': 'export const a = () => Math.random();' }, /pure.*Math\.random/],
  ['chance in brackets', { 'utils/core/a.ts': 'export const a = () => Math["random"]();' }, /pure.*Math\.random/],
  ['the network in the core', { 'utils/core/a.ts': 'export const a = () => fetch("x");' }, /pure.*fetch/],
  ['fetch handed on', { 'utils/core/a.ts': 'const f = { fetch };\nexport default f;' }, /pure.*fetch/],
  ['a timer in the core', { 'utils/core/a.ts': 'export const a = () => setTimeout(() => {}, 1);' }, /pure.*setTimeout/],
  ['performance in the core', { 'utils/core/a.ts': 'export const a = () => performance.now();' }, /pure.*performance/],
  ['globalThis in the core', { 'utils/core/a.ts': 'export const a = () => globalThis["fetch"];' }, /pure.*globalThis/],
  ['the machine\'s language in the core', { 'utils/core/a.ts': 'export const a = (n: number) => n.toLocaleString();' }, /pure.*toLocaleString/],
  ['the machine\'s time zone in the core', { 'utils/core/a.ts': 'export const a = (d: Date) => d.getHours();' }, /pure.*getHours/],
  ['a package in the core', { 'utils/core/a.ts': 'import { h } from "preact";\nexport default h;' }, /core imports the package "preact"/],
  ['core knows app', { 'utils/core/a.ts': 'import "../app/b.ts";', 'utils/app/b.ts': '' }, /core imports app/],
  ['core knows a type of app', { 'utils/core/a.ts': 'import type { B } from "../app/b.ts";\nexport type A = B;', 'utils/app/b.ts': 'export type B = 1;' }, /core imports a type of app/],
  ['an inline type import', { 'utils/core/a.ts': 'export type A = import("../app/b.ts").B;', 'utils/app/b.ts': 'export type B = 1;' }, /core imports a type of app/],
  ['app knows platform', { 'utils/app/a.ts': 'export * from "../platform/b.ts";', 'utils/platform/b.ts': '' }, /app imports platform/],
  ['a dynamic import counts', { 'utils/app/a.ts': 'export const a = () => import("../store/b.ts");', 'utils/store/b.ts': '' }, /app imports store/],
  ['store runs code of app', { 'utils/store/a.ts': 'import { b } from "../app/b.ts";\nexport default b;', 'utils/app/b.ts': 'export const b = 1;' }, /store imports app/],
  ['the polyfill outside platform', { 'utils/store/a.ts': 'import browser from "webextension-polyfill";\nexport default browser;' }, /store imports the package "webextension-polyfill"/],
  ['the browser’s API taken from the platform', { 'utils/view/a.ts': 'import browser from "../platform/browser.ts";\nexport default browser;', 'utils/platform/browser.ts': 'export default {};' }, /view imports utils\/platform\/browser\.ts/],
  ['the bare browser object outside platform', { 'components/a.tsx': 'export const a = () => browser.runtime.id;' }, /browser\.\* outside/],
  ['chrome in an entrypoint', { 'entrypoints/popup/main.tsx': 'chrome.runtime.reload();' }, /chrome\.\* outside/],
  ['a component runs code of the core', { 'components/a.tsx': 'import { b } from "../utils/core/b.ts";\nexport default b;', 'utils/core/b.ts': 'export const b = 1;' }, /components imports core/],
  ['a component knows the store', { 'components/a.tsx': 'import { b } from "../utils/store/b.ts";\nexport default b;', 'utils/store/b.ts': 'export const b = 1;' }, /components imports store/],
  ['an entrypoint is imported', { 'components/a.tsx': 'import "../entrypoints/popup/b.ts";', 'entrypoints/popup/b.ts': '' }, /imports the entrypoint/],
  ['one entrypoint imports another', { 'entrypoints/options/a.ts': 'import "../popup/b.ts";', 'entrypoints/popup/b.ts': '' }, /imports the entrypoint/],
  ['a test imports an entrypoint', { 'utils/app/a.test.ts': 'import "../../entrypoints/popup/b.ts";', 'entrypoints/popup/b.ts': '' }, /imports the entrypoint/],
  ['the product imports a test tool', { 'utils/app/a.ts': 'import "../../test/lab/b.ts";', 'test/lab/b.ts': '' }, /not part of the product/],
  ['a circle of two', { 'utils/core/a.ts': 'import "./b.ts";', 'utils/core/b.ts': 'import "./a.ts";' }, /cycle: utils\/core\/a\.ts → utils\/core\/b\.ts → utils\/core\/a\.ts/],
  ['a circle of types', { 'utils/core/a.ts': 'import type { B } from "./b.ts";\nexport type A = B;', 'utils/core/b.ts': 'import type { A } from "./a.ts";\nexport type B = A;' }, /cycle/],
  ['a layer nobody named', { 'utils/helpers/a.ts': '' }, /belongs to no layer/],
  ['a file beside the layers', { 'utils/a.ts': '' }, /belongs to no layer/],
  ['a new folder at the top', { 'lib/a.ts': '' }, /top-level/],
  ['a test that is an entrypoint', { 'entrypoints/background.test.ts': '' }, /no test directly/],
  ['a test that would be shipped', { 'public/a.test.ts': '' }, /no test directly/],
  ['markup made of text', { 'components/a.tsx': 'export const a = (html: string) => <p dangerouslySetInnerHTML={{ __html: html }} />;' }, /markup nowhere/],
  ['an import of nothing', { 'utils/core/a.ts': 'import "./gone.ts";' }, /does not exist/],
];

test.each(BROKEN)('is told: %s', (_name, files, rule) => {
  const found = breaches(new Map(Object.entries(files)));
  expect(found.map((one) => one.rule).join('\n')).toMatch(rule);
});

test('what only looks impure passes', () => {
  const text = `
    import type { Clock } from './clock.ts';
    export interface Place { location: string; fetch(): void; performance: number }
    export const at = (clock: Clock, ms: number) => [clock.now(), new Date(ms).toISOString(), Date.UTC(2000, 1)];
    export const over = (place: Place) => { place.fetch(); return { fetch: place.location, document: 1 }; };
    export function named(document: string, { location }: Place): string { return document + location; }
  `;
  expect(breaches(new Map([['utils/core/a.ts', text], ['utils/core/clock.ts', 'export interface Clock { now(): number }']]))).toEqual([]);
});
