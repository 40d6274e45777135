import { expect, test } from 'vitest';
import { refusal, withAnswer, WORLD_TOKEN, type WorldOpinion } from './opinion.ts';

const heard: WorldOpinion = { at: 5, votes: 3, failed: 1, ownCountryVotes: 1, ownCountryFailed: 0, places: [{ country: 'de', votes: 3, failed: 1 }] };

test('nobody could be asked: no votes, and why', () => {
  expect(refusal(7, 'limited', 99)).toEqual({ at: 7, votes: 0, failed: 0, ownCountryVotes: 0, ownCountryFailed: 0, places: [], refused: { because: 'limited', until: 99 } });
});

test('a question that came to nothing leaves the older votes, and says why; any other answer replaces them', () => {
  const refused = refusal(7, 'limited', 99);
  expect(withAnswer(heard, refused)).toEqual({ ...heard, refused: { because: 'limited', until: 99 } });
  expect(withAnswer(null, refused)).toBe(refused);
  const next: WorldOpinion = { ...heard, at: 9 };
  expect(withAnswer({ ...heard, refused: refused.refused! }, next)).toBe(next);
  const late: WorldOpinion = { ...next, refused: refused.refused! };
  expect(withAnswer(heard, late)).toBe(late);
  const none: WorldOpinion = { ...next, votes: 0 };
  expect(withAnswer(heard, none)).toBe(none);
});

test.each([['tok-1_A.~!', true], ['x'.repeat(300), true], ['', false], ['x'.repeat(301), false], ['a b', false], ['a\nb', false], ['ä', false]])('a token that could stand in a header: %j %s', (token, is) => {
  expect(WORLD_TOKEN.test(token)).toBe(is);
});
