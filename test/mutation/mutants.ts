import { parseSync } from 'vite';

/**
 * Small faults put into a source, each behind a switch: the file is instrumented once with all of them, and one at a time is turned on
 * while the tests run (mutant schemata). The kinds are those of Stryker's standard set, less regular expressions.
 */
export interface Mutant {
  /** `FILE:NUMBER`, numbered in the order of the source. */
  id: string;
  kind: string;
  line: number;
  column: number;
  original: string;
  replacement: string;
}

interface Node {
  type: string;
  start: number;
  end: number;
  [key: string]: unknown;
}

const isNode = (value: unknown): value is Node => typeof value === 'object' && value !== null && typeof (value as Node).type === 'string' && typeof (value as Node).start === 'number';

/** What another operator is put for, besides `true` and `false` where it is a comparison. */
const OPERATORS: Record<string, string[]> = {
  '<': ['<=', '>='],
  '<=': ['<', '>'],
  '>': ['>=', '<='],
  '>=': ['>', '<'],
  '===': ['!=='],
  '!==': ['==='],
  '==': ['!='],
  '!=': ['=='],
  '+': ['-'],
  '-': ['+'],
  '*': ['/'],
  '/': ['*'],
  '%': ['*'],
  '&': ['|'],
  '|': ['&'],
  '&&': ['||'],
  '||': ['&&'],
  '??': ['&&'],
  '+=': ['-='],
  '-=': ['+='],
  '*=': ['/='],
  '/=': ['*='],
  '<<': ['>>'],
  '>>': ['<<'],
  '>>>': ['<<'],
};
const COMPARES = new Set(['<', '<=', '>', '>=', '===', '!==', '==', '!=']);
/** A method put for another; the empty name leaves the call out. */
const METHODS = new Map(Object.entries({
  some: 'every',
  every: 'some',
  min: 'max',
  max: 'min',
  startsWith: 'endsWith',
  endsWith: 'startsWith',
  toLowerCase: 'toUpperCase',
  toUpperCase: 'toLowerCase',
  filter: '',
  sort: '',
  reverse: '',
  slice: '',
  trim: '',
  substring: '',
}));
/** Parts in which nothing is put: types, names of modules, patterns. */
const LEFT_ALONE = /^(TS(?!AsExpression|SatisfiesExpression|NonNullExpression)|Import|ExportAll|ObjectPattern$|ArrayPattern$)/;
const LOOP = /^(For|While|DoWhile)/;
const WRAPS = new Set(['TSAsExpression', 'TSSatisfiesExpression', 'TSNonNullExpression', 'ParenthesizedExpression', 'ChainExpression']);

/**
 * @param file the name the ids carry, such as `detector.ts`
 * @returns the source with every mutant behind its switch (it runs, and need not be typed), and the mutants
 */
export function instrument(file: string, source: string): { code: string; mutants: Mutant[] } {
  const { program, errors } = parseSync(file, source);
  if (errors.length > 0) throw new Error(`${file}: ${errors[0]?.message}`);
  const mutants: Mutant[] = [];
  const lineStarts = [0, ...[...source.matchAll(/\n/g)].map((m) => m.index + 1)];
  const raw = (node: Node): string => source.slice(node.start, node.end);

  function add(node: Node, kind: string, replacement: string): string {
    const line = lineStarts.findLastIndex((start) => start <= node.start);
    const id = `${file}:${mutants.length + 1}`;
    mutants.push({ id, kind, line: line + 1, column: node.start - lineStarts[line]! + 1, original: raw(node), replacement });
    return id;
  }

  /** The children with their own mutants put in, the rest as it stands. */
  function inside(node: Node, parent: Node | null): string {
    const children: Node[] = [];
    const seen = new Set<number>();
    for (const [key, value] of Object.entries(node)) {
      if (key === 'typeAnnotation' || key === 'returnType' || key === 'typeArguments' || key === 'typeParameters') continue;
      // A short-hand property is one word for both: nothing can be put in.
      if (node.type === 'Property' && node.shorthand === true) continue;
      if (key === 'quasis' || (key === 'key' && node.computed !== true)) continue;
      for (const one of Array.isArray(value) ? value : [value]) {
        if (isNode(one) && !seen.has(one.start)) {
          seen.add(one.start);
          children.push(one);
        }
      }
    }
    children.sort((a, b) => a.start - b.start);
    let text = '';
    let at = node.start;
    for (const child of children) {
      text += source.slice(at, child.start) + render(child, node, parent);
      at = child.end;
    }
    return text + source.slice(at, node.end);
  }

  /** Texts a node can be replaced by. */
  function faults(node: Node, parent: Node | null): [kind: string, replacement: string][] {
    const found: [string, string][] = [];
    const { type } = node;
    const isTest = parent !== null && parent.test === node && /^(If|While|DoWhile|For|Conditional)/.test(parent.type);
    const literal = type === 'Literal' ? node.value : undefined;
    if (isTest && typeof literal !== 'boolean') {
      found.push(['condition', 'false']);
      if (!LOOP.test(parent.type)) found.push(['condition', 'true']);
    }
    if (type === 'BinaryExpression' || type === 'LogicalExpression') {
      const operator = node.operator as string;
      const [left, right] = [node.left as Node, node.right as Node];
      const isText = (one: Node): boolean => (one.type === 'Literal' && typeof one.value === 'string') || one.type === 'TemplateLiteral' || (one.type === 'BinaryExpression' && one.operator === '+' && (isText(one.left as Node) || isText(one.right as Node)));
      if (!(operator === '+' && (isText(left) || isText(right)))) {
        for (const other of OPERATORS[operator] ?? []) found.push([type === 'LogicalExpression' ? 'logical' : 'operator', `${wrapped(left)} ${other} ${wrapped(right)}`]);
      }
      if (COMPARES.has(operator) && !isTest) found.push(['condition', 'true'], ['condition', 'false']);
    }
    if (type === 'AssignmentExpression') {
      for (const other of OPERATORS[node.operator as string] ?? []) found.push(['operator', `${raw(node.left as Node)} ${other} ${raw(node.right as Node)}`]);
    }
    if (type === 'UpdateExpression') found.push(['update', node.prefix === true ? `${node.operator === '++' ? '--' : '++'}${raw(node.argument as Node)}` : `${raw(node.argument as Node)}${node.operator === '++' ? '--' : '++'}`]);
    if (type === 'UnaryExpression' && node.operator === '!') found.push(['not', `(${raw(node.argument as Node)})`]);
    if (type === 'UnaryExpression' && node.operator === '-') found.push(['sign', `+${raw(node.argument as Node)}`]);
    if (typeof literal === 'boolean') found.push(['boolean', String(!literal)]);
    if (typeof literal === 'string') found.push(['text', literal === '' ? "'mutant'" : "''"]);
    if (type === 'TemplateLiteral') found.push(['text', "''"]);
    if (type === 'ArrayExpression') found.push(['list', (node.elements as unknown[]).length === 0 ? "['mutant']" : '[]']);
    if (type === 'ObjectExpression' && (node.properties as unknown[]).length > 0) found.push(['object', '({})']);
    if (type === 'ArrowFunctionExpression' && (node.body as Node).type !== 'BlockStatement') found.push(['function', '(() => undefined)']);
    if (type === 'MemberExpression' && node.optional === true) found.push(['chain', node.computed === true ? `${raw(node.object as Node)}[${raw(node.property as Node)}]` : `${raw(node.object as Node)}.${raw(node.property as Node)}`]);
    if (type === 'CallExpression') {
      const callee = node.callee as Node;
      const name = callee.type === 'MemberExpression' && callee.computed !== true ? ((callee.property as Node).name as string) : '';
      const other = METHODS.get(name);
      const object = callee.object as Node;
      if (other === '') found.push(['method', raw(object)]);
      else if (other !== undefined) found.push(['method', `${raw(object)}${callee.optional === true ? '?.' : '.'}${other}${source.slice(callee.end, node.end)}`]);
    }
    return found;
  }

  function wrapped(node: Node): string {
    return /^(Identifier|Literal|MemberExpression|CallExpression)$/.test(node.type) ? raw(node) : `(${raw(node)})`;
  }

  function render(node: Node, parent: Node | null, above: Node | null): string {
    if (LEFT_ALONE.test(node.type)) return raw(node);
    if (node.type === 'ExportNamedDeclaration' && isNode(node.source)) return raw(node);
    if (node.type === 'ExpressionStatement' && typeof node.directive === 'string') return raw(node);
    if (node.type === 'BlockStatement') return block(node, parent);
    if (parent !== null && LOOP.test(parent.type) && parent.body === node) return `{ __tick(); ${inside(node, parent)} }`;
    if (parent !== null && isTarget(node, parent)) return inside(node, parent);
    const ids: [id: string, replacement: string][] = [];
    for (const [kind, replacement] of node.type === 'ChainExpression' ? chainFaults(node) : inChain(node, parent) ? [] : faults(node, WRAPS.has(parent?.type ?? '') ? above : parent)) ids.push([add(node, kind, replacement), replacement]);
    let text = inside(node, parent);
    for (const [id, replacement] of ids) text = `(__on(${JSON.stringify(id)}) ? (${replacement}) : ${node.type === 'ObjectExpression' || node.type === 'ArrowFunctionExpression' || node.type === 'AssignmentExpression' || node.type === 'SequenceExpression' ? `(${text})` : text})`;
    return text;
  }

  /** Links of one chain `a?.b.c()`, which cannot be taken apart. */
  function inChain(node: Node, parent: Node | null): boolean {
    if (!/^(MemberExpression|CallExpression|TSNonNullExpression)$/.test(node.type) || parent === null) return false;
    if (parent.type === 'ChainExpression') return true;
    return /^(MemberExpression|CallExpression|TSNonNullExpression)$/.test(parent.type) && (parent.object === node || parent.callee === node || parent.expression === node) && chained.has(parent);
  }
  const chained = new Set<Node>();

  function chainFaults(chain: Node): [string, string][] {
    const found: [string, string][] = [];
    for (let link = chain.expression as Node | undefined; link && /^(MemberExpression|CallExpression|TSNonNullExpression)$/.test(link.type); link = (link.object ?? link.callee ?? link.expression) as Node | undefined) {
      chained.add(link);
      for (const [kind, replacement] of faults(link, null)) found.push([kind, source.slice(chain.start, link.start) + replacement + source.slice(link.end, chain.end)]);
      if (link.type === 'CallExpression' && link.optional === true) found.push(['chain', raw(link.callee as Node) + source.slice((link.callee as Node).end, chain.end).replace('?.', '')]);
    }
    return found;
  }

  /** What stands where a value is written to, called or named, and so cannot become a conditional. */
  function isTarget(node: Node, parent: Node): boolean {
    return (
      ((parent.type === 'AssignmentExpression' || parent.type === 'ForOfStatement' || parent.type === 'ForInStatement') && parent.left === node) ||
      (parent.type === 'UpdateExpression' && parent.argument === node) ||
      (parent.type === 'UnaryExpression' && parent.operator === 'delete') ||
      (parent.type === 'TaggedTemplateExpression' && parent.quasi === node) ||
      (parent.type === 'CallExpression' && parent.callee === node && node.type === 'MemberExpression')
    );
  }

  function block(node: Node, parent: Node | null): string {
    const empty = (node.body as unknown[]).length === 0;
    const isLoop = parent !== null && LOOP.test(parent.type);
    const body = inside(node, parent).slice(1, -1);
    const counted = isLoop ? '__tick(); ' : '';
    if (empty) return `{ ${counted} }`;
    return `{ ${counted}if (!__on(${JSON.stringify(add(node, 'block', '{}'))})) {${body}} }`;
  }

  const code = render(program as unknown as Node, null, null);
  return { code: `const { __on, __tick } = globalThis.__mutation ?? { __on: () => false, __tick: () => {} };\n${source.slice(0, program.start)}${code}${source.slice(program.end)}`, mutants };
}
