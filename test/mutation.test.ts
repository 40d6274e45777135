import { stripTypeScriptTypes } from 'node:module';
import { afterEach, expect, test } from 'vitest';
import { instrument } from './mutation/mutants.ts';
import type { Switch } from './mutation/switch.ts';

const before = globalThis.__mutation;
afterEach(() => {
  globalThis.__mutation = before;
});

// A module of the same address would be the same module, with the switch of the test before.
let loaded = 0;

/** The instrumented source, and what it says with a mutant on (none: as it was written). */
async function load(source: string) {
  const { code, mutants } = instrument('sample.ts', source);
  const state = { active: '', steps: 0 };
  globalThis.__mutation = {
    __on: (id: string) => id === state.active,
    __tick: () => {
      if (++state.steps > 1_000) throw new Error('endless');
    },
  } as Switch;
  const module = (await import(`data:text/javascript,${encodeURIComponent(stripTypeScriptTypes(code))}//${(loaded += 1)}`)) as { f: (x: number) => unknown };
  const say = (active: string) => (x: number): string => {
    state.active = active;
    state.steps = 0;
    try {
      return JSON.stringify(module.f(x)) ?? 'nothing';
    } catch (error) {
      return (error as Error).message === 'endless' ? 'endless' : `throws ${(error as Error).name}`;
    }
  };
  return { mutants, say };
}

const SOURCE = `
interface Box { list?: readonly string[]; deep?: { name: string } }
const boxes: Box[] = [{}, { list: ['b', 'a', ''] }, { list: [], deep: { name: 'A' } }, { list: ['z'] }];
export function f(x: number) {
  const box = boxes[x] as Box | undefined;
  if (x < 0) return \`less \${x}\`;
  const names = (box?.list ?? ['none']).filter((one) => one !== '');
  let sum = 0;
  for (let i = 0; i < names.length; i++) sum += i + 1;
  while (sum > 2) { sum -= 1; }
  const { list = [] } = box ?? {};
  return { sorted: [...names].sort(), sum, name: box?.deep?.name.toLowerCase() ?? 'x', full: list.length > 0 && !(sum === 1), big: Math.max(x, 1), minus: -x };
}
`;

test('with no mutant on, the instrumented source says what the source does', async () => {
  const { say } = await load(SOURCE);
  const plain = (await import(`data:text/javascript,${encodeURIComponent(stripTypeScriptTypes(SOURCE))}`)) as { f: (x: number) => unknown };
  for (const x of [-1, 0, 1, 2, 3, 4]) expect(say('')(x)).toBe(JSON.stringify(plain.f(x)));
});

test('every mutant can be switched on by itself, and nearly every one is told from the source by what it says', async () => {
  const { mutants, say } = await load(SOURCE);
  expect(new Set(mutants.map(({ id }) => id)).size).toBe(mutants.length);
  const inputs = [-1, 0, 1, 2, 3, 4];
  const written = inputs.map(say('')).join();
  const alike = mutants.filter(({ id }) => inputs.map(say(id)).join() === written).map(({ original, replacement }) => `${original} → ${replacement}`);
  // Those that say the same whatever goes in; what stands in the table acts while the module is loaded.
  expect(alike.filter((one) => !/^(\[\{\}|\{|\['[bz]'|\[\] → \['mutant'\]|'[baAz]?' →)/.test(one))).toEqual([]);
  expect(mutants.length).toBeGreaterThan(50);
});

test.each<[string, source: string, kinds: string[]]>([
  ['types and imports are left alone', "import { a } from 'b';\nexport type A = 'x' | 'y';\nexport const c = (d: A): d is 'x' => a(d);", ['function']],
  ['texts', "export const a = ['x', ''];", ['list', 'text', 'text']],
  ['a comparison', 'export const f = (a: number) => a >= 1;', ['function', 'operator', 'operator', 'condition', 'condition']],
  ['a loop is never made endless on purpose', 'export function f() { while (g()) h(); }', ['block', 'condition']],
  ['a link of a chain', 'export const f = (a?: { b?: { c: number } }) => a?.b?.c;', ['function', 'chain', 'chain']],
])('%s', (_, source, kinds) => {
  expect(instrument('sample.ts', source).mutants.map(({ kind }) => kind).sort()).toEqual(kinds.sort());
});
