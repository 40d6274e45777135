import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { FAMILY_OF } from '../core/causes.ts';
import { CATALOGUE } from '../core/evidence-catalogue.ts';
import { en } from './en/index.ts';

const ROOT = join(import.meta.dirname, '../..');
/** Sentences that are found by the name of something in the core: that thing must exist. */
const NAMED: Readonly<Record<string, readonly string[]>> = {
  cause: [...Object.keys(FAMILY_OF), 'undisclosed'],
  evidence: CATALOGUE.map(({ id }) => id),
};

/** @returns all that is shipped but the catalogues themselves */
function source(): string {
  const files = ['components', 'entrypoints', 'utils'].flatMap((folder) =>
    readdirSync(join(ROOT, folder), { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name)));
  return files.filter((file) => /\.tsx?$/.test(file) && !/\.test\.tsx?$|[/\\]i18n[/\\][^/\\]+[/\\]/.test(file)).map((file) => readFileSync(file, 'utf8')).join('\n');
}

/** @returns whether a text of code asks for a sentence: by its whole name, or by a template that its name fits */
function asks(code: string): (key: string) => boolean {
  const whole = new Set([...code.matchAll(/'([a-z][\w.-]*)'/g)].map((match) => match[1]!));
  const shapes = [...code.matchAll(/`([a-z]+\.(?:[\w.-]|\$\{(?:[^{}`])*\})*)`/g)].map((match) => match[1]!).filter((text) => text.includes('${'));
  const patterns = shapes.map((shape) => new RegExp(`^${shape.split(/\$\{[^}]*\}/).map((part) => part.replaceAll('.', String.raw`\.`)).join('.+')}$`));
  return (key) => whole.has(key) || patterns.some((pattern) => pattern.test(key));
}

test.each([
  ["t('popup.check')", 'popup.check', true],
  ['t(`popup.legend.${state}`)', 'popup.legend.up', true],
  ["lookUp(t, `targets.failure.${failure.slice(0, failure.indexOf('.'))}`)", 'targets.failure.dns', true],
  ["t('popup.checking')", 'popup.check', false],
  ['t(`popup.${state}.detail`)', 'popup.up', false],
])('%s asks for %s: %s', (code, key, asked) => {
  expect(asks(code)(key)).toBe(asked);
});

test('every sentence is asked for by something: ten languages carry each one', () => {
  const asked = asks(source());
  const unused = Object.keys(en).filter((key) => {
    const [area, ...rest] = key.split('.');
    const names = NAMED[area!];
    return names === undefined ? !asked(key) : !names.includes(rest.join('.'));
  });
  expect(unused).toEqual([]);
});
