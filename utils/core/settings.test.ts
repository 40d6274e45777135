import { expect, test } from 'vitest';
import { overlaid } from './settings.ts';

const PLACE = { name: 'Library', url: 'https://library.example/?q={query}' };

test.each<[string, own: unknown, managed: unknown, both: unknown]>([
  ['the organisation says nothing', { a: 1 }, undefined, { a: 1 }],
  ['says no settings', { a: 1 }, [5], { a: 1 }],
  ['says a word', 'mine', 'theirs', 'mine'],
  ['null', { a: 1 }, null, { a: 1 }],
  ['its word goes before the user’s', { a: 1, b: 2 }, { a: 7 }, { a: 7, b: 2 }],
  ['inside a group too, the rest of the group stays', { notify: { outage: true, summary: true } }, { notify: { outage: false } }, { notify: { outage: false, summary: true } }],
  ['a group that the user has not', { a: 1 }, { notify: { outage: false } }, { a: 1, notify: { outage: false } }],
  ['a group in place of a value', { notify: 5 }, { notify: { outage: false } }, { notify: { outage: false } }],
  ['a value in place of a group', { notify: { outage: true } }, { notify: 5 }, { notify: 5 }],
  ['a list is one value', { elsewhere: [1, 2] }, { elsewhere: [PLACE] }, { elsewhere: [PLACE] }],
  ['a language nobody speaks', { language: 'de' }, { language: 'klingon' }, { language: 'de' }],
  ['a theme that is none', { theme: 'dark' }, { theme: 'night', interval: 5 }, { theme: 'dark', interval: 5 }],
  ['places that are none', { elsewhere: [PLACE] }, { elsewhere: [PLACE, { name: 'x', url: 'http://x' }] }, { elsewhere: [PLACE] }],
  ['a name every object has', { language: 'de' }, { constructor: 2, toString: 3 }, { language: 'de', constructor: 2, toString: 3 }],
  ['no list of places', { elsewhere: [PLACE] }, { elsewhere: 'none' }, { elsewhere: [PLACE] }],
  ['vantage points when nobody knows', { secondOpinion: { world: 'on-request' } }, { secondOpinion: { world: 'yes', resolvers: false } }, { secondOpinion: { world: 'on-request', resolvers: false } }],
  ['the user has none', undefined, { a: 7 }, { a: 7 }],
  ['the user’s are damaged', [1], { a: 7 }, { a: 7 }],
])('%s', (_, own, managed, both) => {
  expect(overlaid({ own, managed })).toEqual(both);
});
