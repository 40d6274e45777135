import { expect, test } from 'vitest';
import type { WorldOpinion } from '../core/opinion.ts';
import type { Target } from '../core/target.ts';
import { worldLater } from './later.ts';

const CONTEXT = { country: 'jp', nonce: '1' };
const TARGET = { id: 'catalog' } as Target;
const opinion = (at: number): WorldOpinion => ({ at, votes: 5, failed: 5, ownCountryVotes: 0, ownCountryFailed: 0, places: [] });

/** Vantage points that answer when told to. */
function far() {
  let now = 1_000_000;
  const asked: ((answer: WorldOpinion | null) => void)[] = [];
  const world = worldLater(() => new Promise((resolve) => { asked.push(resolve); }), { now: () => now, wait: async () => {} });
  return {
    ask: () => world(TARGET, CONTEXT),
    asked: () => asked.length,
    async answer(with_: WorldOpinion | null) { asked.at(-1)!(with_); for (let i = 0; i < 5; i++) await Promise.resolve(); },
    pass(ms: number) { now += ms; },
    now: () => now,
  };
}

test('a check does not wait; the opinion comes with a later one, once, and the run after it is a new one', async () => {
  const it = far();
  expect(await it.ask()).toBeNull();
  expect(await it.ask()).toBeNull();
  expect(it.asked()).toBe(1);
  const said = opinion(it.now());
  await it.answer(said);
  it.pass(10 * 60_000);
  expect(await it.ask()).toBe(said);
  expect(it.asked()).toBe(1);
  expect(await it.ask()).toBeNull();
  expect(it.asked()).toBe(2);
});

test('an opinion that nobody fetched for ten minutes is about another time: it is asked anew', async () => {
  const it = far();
  await it.ask();
  await it.answer(opinion(it.now()));
  it.pass(10 * 60_000 + 1);
  expect(await it.ask()).toBeNull();
  expect(it.asked()).toBe(2);
});

test('no opinion is none, and the next check asks again', async () => {
  const it = far();
  await it.ask();
  await it.answer(null);
  expect(await it.ask()).toBeNull();
  expect(it.asked()).toBe(2);
});
