import { parseSync } from 'vite';

/** A line that breaks the layout: where, and which rule. */
export interface Breach {
  file: string;
  rule: string;
}

/** Folders and files that may lie at the top of the repository, besides dot-files and what git ignores. */
export const TOP_LEVEL: ReadonlySet<string> = new Set([
  'entrypoints', 'components', 'utils', 'public', 'test',
  'package.json', 'package-lock.json', 'tsconfig.json', 'wxt.config.ts', 'vitest.config.ts', 'README.md', 'LICENSE', 'node_modules',
]);

/** The layers, by the first folder that fits. `type` in a list allows `import type` alone. */
type Layer = 'core' | 'app' | 'platform' | 'sources' | 'store' | 'messages' | 'i18n' | 'view' | 'rehearsal' | 'components' | 'entrypoints' | 'utils';

/**
 * Which layer may know which: `all` = may use, `types` = may name its types. Arrows run downwards only:
 * core ← app ← entrypoints, and what implements app's ports knows app's types but never what app does.
 */
const MAY_KNOW: Record<Layer, { all: readonly Layer[]; types: readonly Layer[] }> = {
  core: { all: [], types: [] },
  app: { all: ['core', 'i18n'], types: ['messages'] },
  platform: { all: ['core', 'messages'], types: ['app'] },
  sources: { all: ['core'], types: ['app'] },
  store: { all: ['core'], types: ['app'] },
  messages: { all: ['core'], types: ['app', 'platform'] },
  i18n: { all: ['core'], types: [] },
  view: { all: ['core', 'i18n', 'messages', 'platform', 'store'], types: ['app'] },
  // A world that is only played, and the real application in it: the second place where everything is put together.
  rehearsal: { all: ['core', 'app', 'sources', 'store'], types: [] },
  components: { all: ['i18n', 'view'], types: ['core', 'messages'] },
  entrypoints: { all: ['core', 'app', 'platform', 'sources', 'store', 'messages', 'i18n', 'view', 'rehearsal', 'components'], types: [] },
  utils: { all: [], types: [] },
};

/** The browser's whole API in one name: for its neighbours only. */
const BROWSER_API = 'utils/platform/browser.ts';

/** Packages and who may use them; a package that is not here may be used nowhere. */
const PACKAGES: Record<string, readonly Layer[]> = {
  'webextension-polyfill': ['platform'],
  wxt: ['entrypoints'],
  preact: ['components', 'view', 'entrypoints'],
  // Pure: schemas and what they say about a value.
  valibot: ['core', 'store', 'sources', 'messages'],
};

/** What makes a core impure: everything that differs between two runs or reaches out of the program. */
const IMPURE_GLOBALS: ReadonlySet<string> = new Set([
  'browser', 'chrome', 'fetch', 'XMLHttpRequest', 'WebSocket', 'EventSource', 'setTimeout', 'setInterval', 'setImmediate', 'queueMicrotask',
  'requestAnimationFrame', 'requestIdleCallback', 'performance', 'crypto', 'navigator', 'window', 'document', 'location', 'localStorage',
  'sessionStorage', 'indexedDB', 'caches', 'process', 'Intl', 'globalThis', 'self', 'Temporal', 'console',
]);
const IMPURE_MEMBERS: ReadonlySet<string> = new Set(['Date.now', 'Math.random']);
/** Members that read the machine's language or time zone. */
const LOCAL_MEMBER = /^toLocale|^get(Timezone|Hours|Minutes|Date|Day|Month|FullYear)(Offset)?$/;

function layerOf(path: string): Layer | null {
  const match = /^(?:utils\/(\w+)|(components|entrypoints))\//.exec(path);
  const name = match?.[1] ?? match?.[2];
  return name === undefined ? (path.startsWith('utils/') ? 'utils' : null) : name in MAY_KNOW ? (name as Layer) : 'utils';
}

const isTest = (path: string): boolean => /\.test\.tsx?$/.test(path);

function resolve(from: string, specifier: string): string {
  const parts = from.split('/').slice(0, -1);
  for (const part of specifier.replace(/\?.*$/, '').split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '.') parts.push(part);
  }
  return parts.join('/');
}

interface Import {
  specifier: string;
  typeOnly: boolean;
}

type Node = { type: string; [key: string]: unknown };

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && typeof (value as { type?: unknown }).type === 'string';
}

/** Calls `visit` on every node with its parent and the name of the property that holds it. */
function walk(node: Node, visit: (node: Node, parent: Node | null, key: string) => void, parent: Node | null = null, key = ''): void {
  visit(node, parent, key);
  for (const [name, value] of Object.entries(node)) {
    if (Array.isArray(value)) {
      for (const item of value) if (isNode(item)) walk(item, visit, node, name);
    } else if (isNode(value)) walk(value, visit, node, name);
  }
}

function importsOf(program: Node): Import[] {
  const found: Import[] = [];
  walk(program, (node) => {
    const source = node['source'];
    if (!isNode(source) || typeof source['value'] !== 'string') {
      if (node.type === 'TSImportType') {
        // The name of the property changed between versions of the parser: whichever holds the text.
        const argument = [node['source'], node['argument']].find(isNode);
        const literal = argument && isNode(argument['literal']) ? argument['literal'] : argument;
        if (literal && typeof literal['value'] === 'string') found.push({ specifier: literal['value'], typeOnly: true });
      }
      return;
    }
    const specifiers = (node['specifiers'] as Node[] | undefined) ?? [];
    const kind = node['importKind'] ?? node['exportKind'];
    const typeOnly =
      node.type === 'TSImportType' ||
      kind === 'type' ||
      (specifiers.length > 0 && specifiers.every((one) => one['importKind'] === 'type' || one['exportKind'] === 'type'));
    found.push({ specifier: source['value'], typeOnly });
  });
  return found;
}

/** Names bound anywhere in the file: a parameter named `location` is not the browser's. */
function boundNames(program: Node): Set<string> {
  const names = new Set<string>();
  const pattern = (node: unknown): void => {
    if (!isNode(node)) return;
    if (node.type === 'Identifier') names.add(node['name'] as string);
    else walk(node, (inner, parent, key) => {
      if (inner.type === 'Identifier' && key !== 'key' && !(parent?.type === 'AssignmentPattern' && key === 'right')) names.add(inner['name'] as string);
    });
  };
  walk(program, (node) => {
    if (node.type === 'VariableDeclarator' || /Function|Class/.test(node.type)) pattern(node['id']);
    if (Array.isArray(node['params'])) for (const one of node['params']) pattern(one);
    if (node.type.startsWith('Import') && 'local' in node) pattern(node['local']);
    if (node.type === 'CatchClause') pattern(node['param']);
  });
  return names;
}

function impurities(program: Node): string[] {
  const found: string[] = [];
  const bound = boundNames(program);
  walk(program, (node, parent, key) => {
    if (parent?.type.startsWith('TS') && parent.type !== 'TSAsExpression' && parent.type !== 'TSNonNullExpression' && parent.type !== 'TSSatisfiesExpression') return;
    if (node.type === 'MemberExpression') {
      const property = node['property'] as Node;
      const object = node['object'] as Node;
      const name = property['name'] ?? property['value'];
      if (object.type === 'Identifier' && IMPURE_MEMBERS.has(`${object['name'] as string}.${String(name)}`)) found.push(`${object['name'] as string}.${String(name)}`);
      if (typeof name === 'string' && LOCAL_MEMBER.test(name)) found.push(name);
    }
    const callee = node['callee'];
    if (isNode(callee) && callee['name'] === 'Date' && (node.type === 'CallExpression' || (node['arguments'] as unknown[]).length === 0)) {
      found.push(node.type === 'NewExpression' ? 'new Date()' : 'Date()');
    }
    if (node.type !== 'Identifier' || !IMPURE_GLOBALS.has(node['name'] as string) || bound.has(node['name'] as string)) return;
    const isName = (key === 'property' && parent?.['computed'] !== true) || (key === 'key' && parent?.['computed'] !== true && parent?.['shorthand'] !== true) || key === 'label';
    if (!isName) found.push(node['name'] as string);
  });
  return found;
}

/**
 * Holds the files of the product against the layout.
 * @param files path relative to the repository's root (forward slashes) → text
 * @returns every breach; an empty list is a clean layout
 */
export function breaches(files: ReadonlyMap<string, string>): Breach[] {
  const found: Breach[] = [];
  const graph = new Map<string, string[]>();

  for (const file of files.keys()) {
    const top = file.split('/')[0]!;
    if (!top.startsWith('.') && !TOP_LEVEL.has(top)) found.push({ file, rule: `"${top}" is not one of the top-level names` });
    if (isTest(file) && (file.startsWith('public/') || /^entrypoints\/[^/]+$/.test(file))) found.push({ file, rule: 'no test directly in entrypoints/ or public/' });
  }

  for (const [file, text] of files) {
    if (!/\.tsx?$/.test(file)) continue;
    const layer = layerOf(file);
    const parsed = parseSync(file, text);
    if (parsed.errors.length > 0) {
      found.push({ file, rule: `does not parse: ${parsed.errors[0]!.message}` });
      continue;
    }
    const program = parsed.program as unknown as Node;
    if (layer === 'utils') found.push({ file, rule: 'belongs to no layer: utils/ holds only the layers named in the layout' });

    const edges: string[] = [];
    graph.set(file, edges);
    for (const { specifier, typeOnly } of importsOf(program)) {
      if (specifier.startsWith('.')) {
        const to = resolve(file, specifier);
        if (/\.tsx?$/.test(to)) edges.push(to);
        if (layerOf(to) !== null && /\.(ts|tsx|json|css|html)$/.test(to) && !files.has(to)) found.push({ file, rule: `imports ${specifier}, which does not exist` });
        const target = layerOf(to);
        const folder = (path: string): string | undefined => path.split('/')[1];
        if (target === 'entrypoints' && (layer !== 'entrypoints' || folder(file) !== folder(to))) {
          found.push({ file, rule: `imports the entrypoint ${to}` });
          continue;
        }
        if (layer === null || isTest(file)) continue;
        if (target === null) found.push({ file, rule: `imports ${to}, which is not part of the product` });
        else if (to === BROWSER_API && layer !== 'platform') found.push({ file, rule: `${layer} imports ${BROWSER_API}: what it needs of the browser is a function of the platform` });
        else if (target !== layer && !MAY_KNOW[layer].all.includes(target) && !(typeOnly && MAY_KNOW[layer].types.includes(target))) {
          found.push({ file, rule: `${layer} imports ${typeOnly ? 'a type of ' : ''}${target} (${to})` });
        }
      } else if (layer !== null && !isTest(file)) {
        const name = specifier.split('/')[0]!;
        if (!PACKAGES[name]?.includes(layer)) found.push({ file, rule: `${layer} imports the package "${specifier}"` });
      }
    }
    walk(program, (node) => {
      const name = node.type === 'JSXAttribute' ? (node['name'] as Node)['name'] : undefined;
      // The build takes out what would make markup of it: it would do nothing.
      if (name === 'dangerouslySetInnerHTML') found.push({ file, rule: 'text becomes markup nowhere: dangerouslySetInnerHTML' });
    });
    if ((layer === 'core' || layer === 'rehearsal') && !isTest(file)) {
      for (const name of new Set(impurities(program))) found.push({ file, rule: `the ${layer} is pure, but uses ${name}` });
    }
    if (layer !== null && layer !== 'platform' && !isTest(file)) {
      const bound = boundNames(program);
      walk(program, (node) => {
        if (node.type !== 'MemberExpression') return;
        const object = node['object'];
        if (isNode(object) && object.type === 'Identifier' && (object['name'] === 'browser' || object['name'] === 'chrome') && !bound.has(object['name'] as string)) {
          found.push({ file, rule: `uses ${object['name'] as string}.* outside utils/platform` });
        }
      });
    }
  }
  return [...found, ...cycles(graph)];
}

const EXPORTED_VALUE = /^export (?:async )?(?:const|let|class|function\*?) (\w+)/gm;

/**
 * Looks for what the product exports for nobody, by name.
 * @param product as for `breaches`
 * @param tools the files of `test/`, by path
 * @returns values that no other file names, and those that unit tests alone name and their own file has no use for
 */
export function idle(product: ReadonlyMap<string, string>, tools: ReadonlyMap<string, string>): Breach[] {
  const words = new Map([...product, ...tools].map(([file, text]) => [file, new Set(text.match(/\w+/g))]));
  return [...product].flatMap(([file, text]) => {
    if (!/\.tsx?$/.test(file) || isTest(file) || file.startsWith('entrypoints/')) return [];
    return [...text.matchAll(EXPORTED_VALUE)].flatMap(([, name]): Breach[] => {
      const users = [...words].filter(([other, names]) => other !== file && names.has(name!)).map(([other]) => other);
      if (users.length === 0) return [{ file, rule: `exports ${name}, which nobody imports` }];
      const usedHere = (text.match(new RegExp(`\\b${name}\\b`, 'g')) ?? []).length > 1;
      return users.every(isTest) && !usedHere ? [{ file, rule: `exports ${name}, which tests alone use` }] : [];
    });
  });
}

/** @returns one breach for each import that closes a circle, depth first in the order of the files. */
function cycles(graph: ReadonlyMap<string, readonly string[]>): Breach[] {
  const found: Breach[] = [];
  const done = new Set<string>();
  const path: string[] = [];
  const visit = (file: string): void => {
    const at = path.indexOf(file);
    if (at >= 0) {
      found.push({ file, rule: `cycle: ${[...path.slice(at), file].join(' → ')}` });
      return;
    }
    if (done.has(file)) return;
    path.push(file);
    for (const to of graph.get(file) ?? []) visit(to);
    path.pop();
    done.add(file);
  };
  for (const file of graph.keys()) visit(file);
  return found;
}
