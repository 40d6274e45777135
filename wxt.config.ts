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
    // Where it is documented is for those who read the file.
    return { ...scenario.value, source: [] };
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

/** What the polyfill fills in for Chromium before 148, of what is used here; its table of all other interfaces stays out of the package. */
const POLYFILLED = ['alarms', 'contextMenus', 'notifications', 'permissions', 'runtime', 'storage', 'tabs', 'windows'];
const SMALL_POLYFILL: Plugin = {
  name: 'small-polyfill',
  transform: {
    filter: { id: /webextension-polyfill\/dist\/browser-polyfill\.js$/ },
    handler(code) {
      const table = /const apiMetadata = (\{[\s\S]*?\n {6}\});/.exec(code);
      if (table === null) return this.error('the table of interfaces is not where it was');
      const all = JSON.parse(table[1]!) as Record<string, unknown>;
      return { code: code.replace(table[1]!, JSON.stringify(Object.fromEntries(POLYFILLED.map((name) => [name, all[name]])))), map: null };
    },
  },
};

/** A script that stands for modules. */
interface SharedScript {
  module: RegExp;
  /** Who means the module itself: the script's own entry point, and the package. */
  itself: RegExp;
  code: string;
  /** What a module imports so that the script has run; null where the page's head runs it. The background has none. */
  script: string | null;
}

const IN_PREACT = /entrypoints\/preact\.ts|node_modules\/preact\//;
/**
 * Scripts that are there once, for the extension's modules and for the banner, which is put into other people's pages and must not be made of modules:
 * each would carry a copy. They run before whatever is made of this, and give it what is named here.
 */
const SHARED_SCRIPTS: readonly SharedScript[] = [
  { module: /^preact$/, itself: IN_PREACT, code: 'export const { Fragment, render } = globalThis.tsunagaruPreact;', script: null },
  { module: /^preact\/hooks$/, itself: IN_PREACT, code: 'export const { useEffect, useLayoutEffect, useMemo, useRef, useState } = globalThis.tsunagaruPreact;', script: null },
  { module: /^preact\/jsx-runtime$/, itself: IN_PREACT, code: 'export const { Fragment, jsx, jsxs } = globalThis.tsunagaruPreact;', script: null },
  { module: /\/core\/song\.ts$/, itself: /entrypoints\/song\.ts$/, code: 'export const { placeOf, plainText, songOf } = globalThis.tsunagaruSong;', script: '/song.js' },
];
const SHARED = '\0shared:';

/** What they do not give does not build. */
function sharedScripts(): Plugin {
  let modules = true;
  return {
    name: 'shared-scripts',
    apply: 'build',
    enforce: 'pre',
    configResolved({ build }) {
      modules = build.lib === false;
    },
    resolveId(id, importer) {
      if (SHARED_SCRIPTS.some(({ script }) => script === id)) return { id, external: true };
      const index = SHARED_SCRIPTS.findIndex(({ module, itself }) => module.test(id) && importer !== undefined && !itself.test(importer));
      return index < 0 ? null : `${SHARED}${index}`;
    },
    load(id) {
      if (!id.startsWith(SHARED)) return null;
      const { script, code } = SHARED_SCRIPTS[Number(id.slice(SHARED.length))]!;
      return script !== null && modules ? `import '${script}';\n${code}` : code;
    },
  };
}

/** The popup says what it knows before it loads the rest: its first script is told what that is, and draws without Preact. */
const POPUP_FIRST: Plugin = {
  name: 'popup-first',
  apply: 'build',
  transformIndexHtml: {
    order: 'post',
    handler(html, { path }) {
      if (!path.endsWith('popup/index.html')) return html;
      const files = [...html.matchAll(/<(?:script src|script type="module" crossorigin src|link rel="modulepreload" crossorigin href)="([^"]+)"/g)].map((match) => match[1]!).filter((file) => file !== '/popup-early.js');
      // What others need comes before what needs them: Preact, then the chunks, then the page's own.
      const order = (file: string): number => (file.startsWith('/chunks/popup') ? 2 : file.startsWith('/chunks/') ? 1 : 0);
      return html
        .replace(/\s*<script src="\/preact\.js"><\/script>|\s*<script type="module"[^>]*><\/script>|\s*<link rel="modulepreload"[^>]*>/g, '')
        .replace('src="/popup-early.js"', `src="/popup-early.js" data-then="${files.toSorted((a, b) => order(a) - order(b)).join(' ')}"`);
    },
  },
};
/** Its JSX makes elements at once. */
const DOM_JSX: Plugin = {
  name: 'dom-jsx',
  enforce: 'pre',
  resolveId: (id) => (id === 'preact/jsx-runtime' ? join(import.meta.dirname, 'utils/view/dom-jsx.ts') : null),
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

/** A chunk takes along what its modules import: those that need the least come first. */
const CHUNKS = ['base', 'record', 'view', 'pages'] as const;

/**
 * A page of an extension waits for each of its files, and what is alike weighs less together: so there are four, by who needs what is in them.
 * `base`: background and popup. `record`: background and other pages. `view`: the popup, and what others show as it does. `pages`: the pages that open
 * in a tab. The styles of all of them are one file.
 */
function chunkOf(id: string, graph: ModuleGraph): (typeof CHUNKS)[number] | null {
  if (id.includes('virtual:wxt-plugins')) return 'base';
  if (id.endsWith('.css') || id.includes('virtual:wxt-html-plugins')) return 'view';
  const entries = neededBy(id, graph);
  if (entries.size === 0 || PAGES.some((page) => id.endsWith(page))) return null;
  if (!entries.has(BACKGROUND)) return entries.has(POPUP) ? 'view' : 'pages';
  return entries.size === 1 ? null : entries.has(POPUP) ? 'base' : 'record';
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
  // A hundredth less than Vite's own minifier.
  vite: () => ({ build: { minify: 'terser', terserOptions: { module: true, ecma: 2020, compress: { passes: 3, ecma: 2020, keep_fargs: false }, format: { ecma: 2020 } } }, plugins: [POPUP_FIRST, sharedScripts(), SENTENCE_NAMES, SMALL_POLYFILL, WITHOUT_INNER_HTML] }),
  hooks: {
    // `imports: false` alone still lets a parameter named `storage` pull in WXT's own storage library.
    'config:resolved': (wxt) => void Object.assign(wxt.config.imports, { autoImport: false }),
    'vite:build:extendConfig': (entrypoints, config) => {
      if (entrypoints.some(({ name }) => name === 'popup-early')) config.plugins = [DOM_JSX, ...(config.plugins ?? [])];
      if (!entrypoints.some(({ name }) => name === 'popup')) return;
      const { build = {} } = config;
      build.modulePreload = { polyfill: false };
      build.rolldownOptions = mergeConfig(build.rolldownOptions ?? {}, { output: { chunkFileNames: 'chunks/[name].js', assetFileNames: 'assets/[name].[ext]', codeSplitting: { groups: CHUNKS.map((chunk, index) => ({ name: (id: string, graph: ModuleGraph) => (chunkOf(id, graph) === chunk ? chunk : null), priority: CHUNKS.length - index })) } } });
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
