import { readFileSync, readdirSync } from 'node:fs';
import { expect, test } from 'vitest';
import { CAUSES, FAMILIES } from '../../utils/core/causes.ts';
import { decodeScenario, isVisible, type Scenario } from '../../utils/core/scenario.ts';

const FILES = readdirSync(import.meta.dirname).filter((name) => name.endsWith('.json'));

function read(name: string): Scenario {
  const outcome = decodeScenario(JSON.parse(readFileSync(`${import.meta.dirname}/${name}`, 'utf8')));
  if (!outcome.ok) throw new Error(`${name}: ${outcome.error.at}: ${outcome.error.reason}`);
  return outcome.value;
}

test.each(FILES)('%s keeps to the format, and its name says what it is for', (name) => {
  const scenario = read(name);
  expect(scenario.id).toBe(name.replace(/\.json$/, ''));
  expect(name).toMatch(/^(cause|own|path|trap|rehearsal)-/);
});

test('every cause is the best answer of one that can be seen', () => {
  const best = new Set(FILES.map(read).filter(isVisible).map((scenario) => scenario.truth.causes[0]));
  expect([...CAUSES, 'undisclosed'].filter((cause) => !best.has(cause as (typeof CAUSES)[number]))).toEqual([]);
});

test('every trouble of one’s own has one, and at least twenty try to fool the diagnosis', () => {
  const own = FILES.filter((name) => name.startsWith('own-')).map((name) => read(name).truth.causes[0]);
  expect(new Set(own)).toEqual(new Set(FAMILIES.own));
  expect(FILES.filter((name) => name.startsWith('trap-')).length).toBeGreaterThanOrEqual(20);
});

test('what the rehearsal plays is short, and one of them is the user’s own side', () => {
  const rehearsals = FILES.filter((name) => name.startsWith('rehearsal-')).map(read);
  expect(rehearsals.length).toBeGreaterThanOrEqual(3);
  for (const { phases } of rehearsals) expect(phases.length).toBeLessThanOrEqual(8);
  expect(rehearsals.map(({ truth }) => truth.side)).toContain('own');
});
