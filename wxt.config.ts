import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { mergeConfig, type Plugin } from 'vite';
import { defineConfig } from 'wxt';
import { PAGE_HOSTS, PAGE_SERVICE_HOSTS, TARGETS, originPattern } from './utils/core/targets.ts';
import { REHEARSALS } from './utils/core/rehearsal.ts';
import { decodeScenario } from './utils/core/scenario.ts';
import { LANGUAGES, type Language } from './utils/core/settings.ts';
import { KEYS } from './utils/i18n/keys.ts';
import { SENTENCE_FILES } from './utils/i18n/files.ts';
import { writeSentences } from './utils/i18n/load.ts';
import { foldNames } from './utils/i18n/names.ts';
import type { Catalogue } from './utils/i18n/translate.ts';

/** Outages as files: the tests hold the product against all of them, and some can be played in it. */
const SCENARIOS = 'test/scenarios';

/** Asked besides the targets: the vendor's status feed, and two public resolvers when names fail. */
const SOURCE_HOSTS = ['www.apple.com', 'cloudflare-dns.com', 'dns.google'];

const HOST_PERMISSIONS = [...new Set([...TARGETS.map(originPattern), ...[...PAGE_HOSTS, ...PAGE_SERVICE_HOSTS, ...SOURCE_HOSTS].map((host) => `https://${host}/*`)])];

/**
 * `connect-src` is open on purpose: a captive portal leads a check to an address nobody can list, and what comes of it must be seen.
 * Without an own policy Firefox would add `upgrade-insecure-requests`, and the captive-portal checks go by plain HTTP.
 */
const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "font-src 'self'",
  "img-src 'self' data: https://*.mzstatic.com",
  "connect-src 'self' https: http:",
  "object-src 'none'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** @returns the files of sentences: a view loads that of the language it speaks and no other. */
async function sentenceFiles(): Promise<{ relativeDest: string; contents: string }[]> {
  const entries = LANGUAGES.map(async (language) => {
    const module = (await import(`./utils/i18n/${language}/index.ts`)) as Record<string, Catalogue>;
    const catalogue = Object.values(module).find((value) => typeof value === 'object' && 'app.name' in value);
    if (catalogue === undefined) throw new Error(`utils/i18n/${language}/index.ts exports no catalogue`);
    return [language, catalogue] as const;
  });
  const catalogues = Object.fromEntries(await Promise.all(entries)) as Record<Language, Catalogue>;
  return SENTENCE_FILES.map((file) => {
    const bytes = Buffer.from(writeSentences(file, catalogues), file.encoding === 'utf-8' ? 'utf8' : 'utf16le');
    // WXT hands on to `writeFile` what it is given, though its type knows text alone.
    return { relativeDest: file.path, contents: bytes as unknown as string };
  });
}

/** @returns the outages that can be played, decoded: what the extension plays it need not check, and a slip in a file stops the build. */
async function rehearsals(): Promise<{ relativeDest: string; contents: string }> {
  const scenarios = REHEARSALS.map(async ({ id }) => {
    const file = join(SCENARIOS, `${id}.json`);
    const scenario = decodeScenario(JSON.parse(await readFile(join(import.meta.dirname, file), 'utf8')) as unknown);
    if (!scenario.ok) throw new Error(`${file}: ${scenario.error.at}: ${scenario.error.reason}`);
    return scenario.value;
  });
  return { relativeDest: 'rehearsals.json', contents: JSON.stringify(await Promise.all(scenarios)) };
}

/** The names of the sentences without the sentences: code finds them in a file by their order (`utils/i18n/load.ts`). */
const SENTENCE_NAMES: Plugin = {
  name: 'sentence-names',
  transform: {
    filter: { id: /utils\/i18n\/keys\.ts$/ },
    handler: () => ({ code: `import { unfoldNames } from './names.ts';\nexport const KEYS = unfoldNames(${JSON.stringify(foldNames(KEYS))});`, map: null }),
  },
};

/** A page of an extension has its files at hand and its styles in its head: what it imports late needs nothing loaded ahead. */
const PLAIN_IMPORTS: Plugin = {
  name: 'plain-imports',
  enforce: 'pre',
  transform: {
    filter: { id: /vite\/preload-helper/ },
    handler: () => ({ code: 'export const __vitePreload = (load) => load();', map: null }),
  },
};

/** What `entrypoints/preact.ts` gives to those that come after it, by the module that it is of. */
const PREACT: Readonly<Record<string, readonly string[]>> = {
  preact: ['Fragment', 'render'],
  'preact/hooks': ['useEffect', 'useLayoutEffect', 'useMemo', 'useRef', 'useState'],
  'preact/jsx-runtime': ['Fragment', 'jsx', 'jsxs'],
};
const SHARED = '\0shared:';

/** Everything but that script takes Preact from it. What it does not give does not build. */
const ONE_PREACT: Plugin = {
  name: 'one-preact',
  apply: 'build',
  enforce: 'pre',
  resolveId: (id, importer) => (id in PREACT && importer !== undefined && !/entrypoints\/preact\.ts|node_modules\/preact\//.test(importer) ? SHARED + id : null),
  load: (id) => (id.startsWith(SHARED) ? `export const { ${PREACT[id.slice(SHARED.length)]!.join(', ')} } = globalThis.tsunagaruPreact;` : null),
};

/** What a chunk is told of the modules of a build. */
interface ModuleGraph {
  getModuleInfo(id: string): { importers: readonly string[] } | null;
}

const POPUP = 'entrypoints/popup/main.tsx';
const BACKGROUND = 'entrypoints/background/index.ts';
const PAGES = [POPUP, BACKGROUND, ...['incidents', 'options', 'welcome'].map((page) => `entrypoints/${page}/main.tsx`)];

/** @returns which entry points need a module, over however many others */
function neededBy(id: string, graph: ModuleGraph, seen = new Set<string>()): Set<string> {
  const entries = new Set(PAGES.filter((page) => id.endsWith(page)));
  if (seen.has(id)) return entries;
  seen.add(id);
  for (const importer of graph.getModuleInfo(id)?.importers ?? []) for (const entry of neededBy(importer, graph, seen)) entries.add(entry);
  return entries;
}

/** A page of an extension waits for each of its files: what the popup shares with others comes in two, however the others share it among themselves. */
function chunkOf(id: string, graph: ModuleGraph): string | null {
  if (id.includes('virtual:wxt-plugins')) return 'base';
  if (id.includes('virtual:wxt-html-plugins')) return 'view';
  const entries = neededBy(id, graph);
  if (!entries.has(POPUP) || entries.size === 1) return null;
  return entries.has(BACKGROUND) ? 'base' : 'view';
}

/** Text becomes markup nowhere: whatever writes it stops the build. */
const MARKUP_FROM_TEXT = /\.(?:innerHTML|outerHTML)\s*=(?!=)|\.insertAdjacentHTML\(|\.document\.write\(/;

/**
 * Takes Preact's `dangerouslySetInnerHTML` out of the build. Nothing here uses it; without it no script of the package can make markup of text,
 * which is also what the stores' reviewers look for. Should a later Preact write it another way, the build says so.
 */
const WITHOUT_INNER_HTML: Plugin = {
  name: 'without-inner-html',
  transform: (code, id) => (/\/preact\/dist\/preact\.\w+$/.test(id) ? { code: code.replace(/\w+\.innerHTML=\w+\.__html/, 'void 0'), map: null } : null),
  generateBundle(_options, bundle) {
    for (const chunk of Object.values(bundle)) {
      const found = chunk.type === 'chunk' ? MARKUP_FROM_TEXT.exec(chunk.code) : null;
      if (found !== null) this.error(`${chunk.fileName} makes markup of text: …${found.input.slice(Math.max(0, found.index - 40), found.index + 40)}…`);
    }
  },
};

export default defineConfig({
  imports: false,
  manifestVersion: 3,
  targetBrowsers: ['chrome', 'edge', 'firefox', 'safari'],
  // What can be played is built from the scenarios.
  zip: { excludeSources: ['test/*.*', 'test/!(scenarios)/**', `${SCENARIOS}/!(rehearsal-*)`] },
  vite: () => ({ plugins: [ONE_PREACT, SENTENCE_NAMES, PLAIN_IMPORTS, WITHOUT_INNER_HTML] }),
  hooks: {
    // `imports: false` alone still lets a parameter named `storage` pull in WXT's own storage library.
    'config:resolved': (wxt) => void Object.assign(wxt.config.imports, { autoImport: false }),
    'vite:build:extendConfig': (entrypoints, config) => {
      if (!entrypoints.some(({ name }) => name === 'popup')) return;
      const { build = {} } = config;
      build.modulePreload = { polyfill: false };
      build.rolldownOptions = mergeConfig(build.rolldownOptions ?? {}, { output: { chunkFileNames: 'chunks/[name].js', assetFileNames: 'assets/[name].[ext]', codeSplitting: { groups: [{ name: chunkOf }] } } });
      config.build = build;
    },
    'build:publicAssets': async (_wxt, files) => {
      files.push(...(await sentenceFiles()), await rehearsals());
    },
  },
  manifest: ({ browser }) => ({
    name: '__MSG_name__',
    short_name: '__MSG_shortName__',
    description: '__MSG_description__',
    default_locale: 'en',
    // Safari has no webRequest in a background that may sleep, and no notifications: the prober sees less, and toolbar, popup and banner tell alone.
    permissions: ['storage', 'alarms', 'scripting', 'contextMenus', ...(browser === 'safari' ? [] : ['notifications', 'webRequest'])],
    host_permissions: HOST_PERMISSIONS,
    // A third party that measures from elsewhere: asked for only when the user switches it on.
    optional_host_permissions: ['https://api.globalping.io/*'],
    content_security_policy: { extension_pages: CONTENT_SECURITY_POLICY },
    action: { default_title: '__MSG_actionTitle__' },
    commands: { _execute_action: { suggested_key: { default: 'Alt+Shift+M' }, description: '__MSG_commandOpen__' } },
    ...(browser === 'firefox'
      ? {
          browser_specific_settings: {
            // No `gecko_android`: nobody has run it on a phone, so it is not offered there (README).
            // 142: the first that shows what data an extension collects (here: none) on every device; host permissions are granted at install since 127.
            gecko: { id: 'tsunagaru@tsunagaru.example', strict_min_version: '142.0', data_collection_permissions: { required: ['none'] } },
          },
        }
      : {}),
    // 120: alarms down to 30 seconds. The schema names what an organisation may set; Firefox takes the same without one.
    ...(browser === 'chrome' || browser === 'edge' ? { minimum_chrome_version: '120', storage: { managed_schema: 'managed-schema.json' } } : {}),
  }),
});
