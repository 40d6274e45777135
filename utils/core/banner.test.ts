import { expect, test } from 'vitest';
import { bannerKindOf, type BannerGiven } from './banner.ts';
import type { Snapshot, State } from './snapshot.ts';

const given = (state: State, more: Partial<BannerGiven> = {}, snapshot: Partial<Snapshot> = {}): BannerGiven => ({
  snapshot: { state, since: 7, incident: null, pausedUntil: null, ...snapshot } as Snapshot,
  wanted: true,
  dismissed: [],
  before: null,
  ...more,
});
const incident = { id: 'i' } as Snapshot['incident'];
const TROUBLE = { kind: 'trouble', incident: 'i' } as const;

test.each<[string, BannerGiven, ReturnType<typeof bannerKindOf>]>([
  ['down', given('down', {}, { incident }), TROUBLE],
  ['degraded', given('degraded', {}, { incident }), TROUBLE],
  ['maintenance', given('maintenance', {}, { incident }), TROUBLE],
  ['coming back', given('recovering', {}, { incident }), TROUBLE],
  ['without an incident the stretch has a name of its own', given('down'), { kind: 'trouble', incident: 'down:7' }],
  ['own trouble', given('own', {}, { incident }), { kind: 'own', incident: 'own:7' }],
  ['well: nothing', given('up'), null],
  ['well again: said to who saw the trouble', given('up', { before: TROUBLE }), { kind: 'back', incident: 'i' }],
  ['said once', given('up', { before: { kind: 'back', incident: 'i' } }), null],
  ['own trouble that is over is no news', given('up', { before: { kind: 'own', incident: 'own:7' } }), null],
  ['suspicion is not told', given('suspect', { before: TROUBLE }), null],
  ['blind', given('blind', { before: TROUBLE }), null],
  ['unknown', given('unknown', { before: TROUBLE }), null],
  ['not wanted', given('down', { wanted: false }, { incident }), null],
  ['paused', given('down', {}, { incident, pausedUntil: 1 }), null],
  ['dismissed', given('down', { dismissed: ['i'] }, { incident }), null],
  ['another one dismissed', given('down', { dismissed: ['h'] }, { incident }), TROUBLE],
  ['own trouble dismissed', given('own', { dismissed: ['own:7'] }), null],
  ['the end of what was dismissed', given('up', { before: TROUBLE, dismissed: ['i'] }), null],
])('%s', (_, of, shown) => {
  expect(bannerKindOf(of)).toEqual(shown);
});
