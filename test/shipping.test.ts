import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { LANGUAGES, type Language } from '../utils/core/settings.ts';
import { PAGE_HOSTS, PAGE_SERVICE_HOSTS, TARGETS } from '../utils/core/targets.ts';
import { planLight } from '../utils/core/plan.ts';

/** What is told to stores and users of the package, held against the package: the manifests here are those that the builds are held to. */
const ROOT = join(import.meta.dirname, '..');
const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8');
interface Manifest {
  permissions: string[];
  host_permissions: string[];
  optional_host_permissions: string[];
  content_security_policy: { extension_pages: string };
  browser_specific_settings?: { gecko: { data_collection_permissions: { required: string[] } } };
}
const manifest = (browser: string): Manifest => JSON.parse(read(`test/e2e/manifests/${browser}.json`)) as Manifest;
const chrome = manifest('chrome');
const hostIn = (pattern: string): string => /^https?:\/\/([^/]+)\//.exec(pattern)![1]!;
const hosts = [...new Set([...chrome.host_permissions, ...chrome.optional_host_permissions].map(hostIn))];

/** The rows of a table whose first cell holds code: the names in it, and the other cells. */
function rowsOf(markdown: string): { names: string[]; rest: string[] }[] {
  return markdown.split('\n').flatMap((line) => {
    const [first, ...rest] = line.split('|').slice(1, -1).map((cell) => cell.trim());
    const names = [...(first ?? '').matchAll(/`([^`]+)`/g)].map((match) => match[1]!);
    return names.length > 0 ? [{ names, rest }] : [];
  });
}
const section = (markdown: string, title: string): string => markdown.split(/^## /m).find((part) => part.startsWith(title))!;

const privacy = read('.github/PRIVACY.md');
const contacted = rowsOf(section(privacy, 'What is contacted'));

test('the privacy statement names every host that is asked, and no other', () => {
  const onlySeen: string[] = [...PAGE_HOSTS, ...PAGE_SERVICE_HOSTS].filter((host) => TARGETS.every((target) => target.host !== host));
  // A page's own services may be targets too, and are then asked.
  const covers = /img-src [^;]*https:\/\/([^ ;]+)/.exec(chrome.content_security_policy.extension_pages)![1]!;
  expect(contacted.flatMap(({ names }) => names).sort()).toEqual([...hosts.filter((host) => !onlySeen.includes(host)), covers].sort());
  const seen = [...section(privacy, 'What is never asked').matchAll(/`([^`]+)`/g)].map((match) => match[1]!);
  expect(seen.sort()).toEqual([...onlySeen].sort());
});

test('the privacy statement says when each target is asked', () => {
  const always = new Set(Array.from({ length: 30 }, (_, turn) => planLight(TARGETS, {}, 5, turn, 0).map(({ host }) => host)).reduce((all, one) => all.filter((host) => one.includes(host))));
  for (const { host, role } of TARGETS) {
    const when = contacted.find(({ names }) => names.includes(host))!.rest[0];
    expect(when, host).toBe(role === 'controls' || role === 'neighbour' ? 'when the store fails or is slow, and once at the first check' : always.has(host) ? 'each check' : 'in turn');
  }
});

test('each permission is justified in the README, and none that is not asked for', () => {
  const permissions = [...new Set(['chrome', 'edge', 'firefox', 'safari'].flatMap((browser) => manifest(browser).permissions))];
  const named = rowsOf(section(read('README.md'), 'Permissions')).flatMap(({ names }) => names);
  expect(named.filter((name) => !name.includes('.')).sort()).toEqual([...permissions].sort());
  const ofTheStore = new Set<string>([...TARGETS.filter(({ role }) => role !== 'controls' && role !== 'neighbour').map(({ host }) => host), ...PAGE_HOSTS, ...PAGE_SERVICE_HOSTS]);
  expect(named.filter((name) => name.includes('.')).sort()).toEqual(hosts.filter((host) => !ofTheStore.has(host)).sort());
});

test('Firefox is told that no data is collected', () => {
  expect(manifest('firefox').browser_specific_settings!.gecko.data_collection_permissions).toEqual({ required: ['none'] });
});

const { version, dependencies } = JSON.parse(read('package.json')) as { version: string; dependencies: Record<string, string> };
const LOCALES: Partial<Record<Language, string>> = { 'zh-Hant': 'zh_TW', 'zh-Hans': 'zh_CN', pt: 'pt_BR' };
const store = (language: Language): string => read(`.github/store/${language}.md`);

test.each([...LANGUAGES])('the stores are told the same in %s as the package says', (language) => {
  const words = JSON.parse(read(`public/_locales/${LOCALES[language] ?? language}/messages.json`)) as Record<string, { message: string }>;
  const [heading, short] = store(language).split('\n\n');
  expect(heading).toBe(`# ${words['name']!.message}`);
  expect(short).toBe(words['description']!.message);
  // Chrome's limits, the narrowest: name 75, summary 132.
  expect(words['name']!.message.length).toBeLessThanOrEqual(75);
  expect(short!.length).toBeLessThanOrEqual(132);
  expect(store(language)).toContain('## Description\n');
  expect(section(store(language), version), 'what is new').toBeDefined();
  expect(store(language).match(/^- \*\*/gm)?.length).toBe(store('en').match(/^- \*\*/gm)?.length);
});

test('the newest version is described', () => {
  expect(/^## (\S+)/m.exec(read('.github/CHANGELOG.md'))?.[1]).toBe(version);
});

test('whose work is in the package is said in it, as the licences ask', () => {
  const said = read('public/licences.txt');
  for (const name of Object.keys(dependencies)) {
    const { license } = JSON.parse(read(`node_modules/${name}/package.json`)) as { license: string };
    const line = said.split('\n').find((one) => one.startsWith(`${name} `));
    expect(line, name).toContain(license === 'MIT' ? 'MIT License' : 'Mozilla Public License 2.0');
    if (license !== 'MIT') continue;
    const owner = ['LICENSE', 'LICENSE.md'].flatMap((file) => { try { return [read(`node_modules/${name}/${file}`)]; } catch { return []; } }).join('').match(/^Copyright \(c\).*$/m)![0].trim();
    expect(line, name).toContain(owner);
  }
  const mit = read('LICENSE');
  expect(said).toContain(mit.slice(mit.indexOf('Permission is hereby')));
});
