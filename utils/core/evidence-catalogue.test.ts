import { describe, expect, test } from 'vitest';
import { openEpisode, type Episode, type Tally, type Trouble } from './episode.ts';
import { CATALOGUE } from './evidence-catalogue.ts';
import { FAILURES } from './failure.ts';
import type { Sight } from './sight.ts';
import { STATABLE } from './stated-cause.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
/** A Friday afternoon, on no date that means anything. */
const T0 = Date.UTC(2026, 4, 15, 14, 23, 30);

function trouble(change: Partial<Trouble> = {}): Trouble {
  return {
    openedAt: T0, lastOkAt: null, failingSince: T0, lastTroubleAt: T0, rounds: 1, troubled: 1, roles: {}, pending: {}, turns: 0, relapses: 0, lastRoundTroubled: true, course: [], courseStep: MINUTE, slowBefore: null,
    resolver: { ok: 0, failing: 0, unreachable: 0 }, world: null, storefront: null, clockSkew: null, page: {}, ...change,
  };
}

function sight(change: Partial<Sight> = {}): Sight {
  return {
    episode: openEpisode(), moment: { now: T0 }, trouble: trouble(), minutes: 0, failing: [], slowed: [], fine: [], share: 0, kinds: {}, edge: 0, origin: 0, slow: null,
    controls: null, controlsAnswered: 0, controlsFailed: 0, controlsSlow: 1, neighbour: null, neighbourAsked: 0, neighbourSlow: 1, ...change,
  };
}

const tally = (change: Partial<Tally>): Tally => ({ asked: 0, failed: 0, kinds: {}, edge: 0, origin: 0, slow: 0, timed: 0, ...change });
const atControls = (kinds: Tally['kinds'], more: Partial<Sight> = {}): Partial<Sight> => ({ trouble: trouble({ roles: { controls: tally({ kinds }) } }), ...more });
const of = (change: Partial<Trouble>, more: Partial<Sight> = {}): Partial<Sight> => ({ trouble: trouble(change), ...more });
const official = (change: Partial<NonNullable<Episode['official']>>): Partial<Sight> => ({ episode: { ...openEpisode(), official: { seenAt: 1, hints: [], types: [], stated: [], ...change } } });
/** Points of the course: minutes after T0, asked, failed. */
const course = (...points: [minute: number, asked: number, failed: number][]): Trouble['course'] => points.map(([minute, asked, failed]) => ({ at: T0 + minute * MINUTE, asked, failed }));

function see(id: string, change: Partial<Sight>): ReturnType<(typeof CATALOGUE)[number]['see']> {
  const entry = CATALOGUE.find((one) => one.id === id);
  if (entry === undefined) throw new Error(id);
  return entry.see(sight(change));
}

/** How clearly it is seen; null where it is not. */
function strength(id: string, change: Partial<Sight>): number | null {
  const found = see(id, change);
  return typeof found === 'object' && found !== null ? found.strength : found;
}

test('every failure is seen as what it is, and as nothing else', () => {
  const expected: Record<string, string> = {
    'dns.name_not_resolved': 'name-not-resolved', 'dns.failed': 'resolver-error', 'dns.timed_out': 'resolver-error',
    'tcp.timed_out': 'no-connection', 'tcp.refused': 'refused', 'tcp.reset': 'reset', 'tcp.closed': 'reset', 'tcp.address_unreachable': 'unreachable', 'tcp.failed': 'no-connection',
    'tls.timed_out': 'no-answer', 'tls.protocol.error': 'handshake', 'tls.cert.name_invalid': 'certificate-other', 'tls.cert.date_invalid': 'certificate-date', 'tls.cert.authority_invalid': 'certificate-other', 'tls.cert.revoked': 'certificate-other', 'tls.failed': 'secure-connection',
    'http.timed_out': 'no-answer', 'http.response.truncated': 'broken-answer', 'http.response.invalid': 'broken-answer', 'http.response.redirect_loop': 'broken-answer', 'http.protocol.error': 'broken-answer',
    'content.unexpected': 'wrong-content', 'content.maintenance': 'maintenance-page', 'content.stale': 'stale',
    timed_out: 'timed-out', 'timed_out.unconnected': 'no-connection', 'timed_out.connected': 'no-answer', unknown: 'unknown',
    'http.500': 'server-error', 'http.502': 'unavailable', 'http.503': 'unavailable', 'http.504': 'unavailable', 'http.520': 'edge-to-origin', 'http.599': 'edge-to-origin',
    'http.401': 'unauthorised', 'http.403': 'forbidden', 'http.451': 'forbidden', 'http.429': 'too-many', 'http.404': 'not-found', 'http.410': 'not-found', 'http.400': 'not-found',
  };
  const own = new Set(['redirect.foreign', 'blocked.by_client', 'local.offline', 'local.proxy', 'local.denied']);
  for (const failure of [...FAILURES, ...Object.keys(expected)]) {
    const seen = CATALOGUE.filter(({ group, see: look }) => group === 'kind' && look(sight({ kinds: { [failure]: 1 } })) !== null).map(({ id }) => id);
    expect(seen, failure).toEqual(own.has(failure) ? [] : [`kind.${expected[failure]}`]);
  }
  expect(strength('own.blocked', { kinds: { 'blocked.by_client': 1 } })).toBe(1);
  expect(strength('own.blocked', { kinds: { 'local.denied': 1 } })).toBe(1);
  expect(strength('own.offline', { kinds: { 'local.offline': 1 } })).toBe(1);
  expect(strength('own.proxy', { kinds: { 'local.proxy': 1 } })).toBe(1);
});

test('a quarter of the failures is half the argument; several names of one kind add up, others take nothing', () => {
  expect(see('kind.unavailable', { kinds: { 'http.503': 0.25 } })).toEqual({ strength: 0.5, params: { share: 25 } });
  expect(see('kind.unavailable', { kinds: { 'http.503': 0.2, 'http.502': 0.05, 'tcp.reset': 0.75 } })).toEqual({ strength: 0.5, params: { share: 25 } });
  expect(strength('kind.unavailable', { kinds: { 'http.503': 1.2 } })).toBe(1);
  expect(see('kind.unavailable', { kinds: {} })).toBeNull();
});

const FILES = ['artwork', 'audio'] as const;
const PAGES = ['storefront', 'catalog', 'directory', 'charts', 'account', 'purchase'] as const;
test.each<[where: string, failing: Sight['failing'], slowed?: Sight['failing']]>([
  ['all', [...PAGES.slice(0, 4), 'audio']],
  ['all', [...PAGES, ...FILES]],
  ['pages', PAGES.slice(2)],
  ['pages', [...PAGES]],
  ['files', [...FILES]],
  ['one-file', ['audio']],
  ['one-file', ['artwork']],
  ['sign-in', ['account']],
  ['sign-in', ['account', 'purchase']],
  ['purchase', ['purchase']],
  ['catalog', ['catalog']],
  ['one', ['charts']],
  ['one', ['storefront']],
  ['some', ['account', 'catalog']],
  ['some', ['catalog', 'purchase']],
  ['some', ['account', 'purchase', 'catalog']],
  ['some', ['catalog', 'audio']],
  ['some', [...PAGES.slice(0, 3), ...FILES]],
  ['purchase', ['purchase'], [...PAGES]],
  ['pages', [], [...PAGES]],
  ['one-file', [], ['audio']],
])('parts: %s for %j, slow %j', (where, failing, slowed = []) => {
  const seen = CATALOGUE.filter(({ group, see: look }) => group === 'roles' && look(sight({ failing, slowed })) === 1).map(({ id }) => id);
  expect(seen).toEqual([`roles.${where}`]);
});
test('no part, no place', () => {
  expect(CATALOGUE.filter(({ group, see: look }) => group === 'roles' && look(sight()) !== null)).toEqual([]);
});

const MIDNIGHT = Date.UTC(2026, 4, 15);
const onset = (at: number, minutes: number | null, more: Partial<Sight> = {}): Partial<Sight> => of({ openedAt: at, lastOkAt: minutes === null ? null : at - minutes * MINUTE }, { share: 1, ...more });
const others = (kinds: Tally['kinds']) => trouble({ roles: { neighbour: tally({ kinds }) } });

/** Each row: what is seen, and how clearly. Just inside and just outside of every bound. */
describe.each<[id: string, rows: [string, Partial<Sight>, number | null][]]>([
  ['kind.mixed', [
    ['silence, refusals and errors side by side', { kinds: { timed_out: 0.3, 'tcp.refused': 0.3, 'http.503': 0.4 } }, 1],
    ['just enough of each', { kinds: { 'http.timed_out': 0.08, 'tcp.reset': 0.04, 'tcp.closed': 0.04, 'http.500': 0.84 } }, 1],
    ['too little silence', { kinds: { timed_out: 0.07, 'tcp.refused': 0.5, 'http.503': 0.43 } }, null],
    ['too few refusals', { kinds: { timed_out: 0.5, 'tcp.refused': 0.07, 'http.503': 0.43 } }, null],
    ['no errors', { kinds: { timed_out: 0.5, 'tcp.refused': 0.5, 'http.404': 0.5 } }, null],
  ]],
  ['own.portal', [
    ['in place of others', atControls({ 'redirect.foreign': 1 }), 0.5],
    ['others answer with something else', atControls({ 'content.unexpected': 3 }), 0.75],
    ['others fail otherwise', atControls({ timed_out: 3 }), null],
    ['in place of the vendor’s alone', { kinds: { 'redirect.foreign': 0.8 } }, 0.4],
    ['others decide', atControls({ 'redirect.foreign': 1 }, { kinds: { 'redirect.foreign': 1 } }), 0.5],
    ['nothing of it', {}, null],
    ['no trouble at all', { trouble: null }, null],
  ]],
  ['own.clock-wrong', [
    ['twelve hours ahead, certificates refused', of({ clockSkew: 12 * HOUR }, { kinds: { 'tls.cert.date_invalid': 1 } }), 0.5],
    ['behind', of({ clockSkew: -12 * HOUR }, { kinds: { 'tls.failed': 0.1 } }), 0.5],
    ['years', of({ clockSkew: 9999 * HOUR }, { kinds: { 'tls.failed': 0.1 } }), 1],
    ['an hour', of({ clockSkew: HOUR }, { kinds: { 'tls.failed': 1 } }), null],
    ['no certificate refused', of({ clockSkew: 12 * HOUR }, { kinds: { timed_out: 1 } }), null],
    ['not known', of({}, { kinds: { 'tls.failed': 1 } }), null],
    ['no trouble', { trouble: null, kinds: { 'tls.failed': 1 } }, null],
  ]],
  ['own.clock-right', [
    ['within an hour', of({ clockSkew: HOUR - 1 }), 1],
    ['behind, within an hour', of({ clockSkew: 1 - HOUR }), 1],
    ['an hour off', of({ clockSkew: HOUR }), null],
    ['an hour behind', of({ clockSkew: -HOUR }), null],
    ['not known', of({}), null],
    ['no trouble', { trouble: null }, null],
  ]],
  ['own.certificates-everywhere', [
    ['pages and files', { failing: [...PAGES.slice(0, 4), 'audio'], kinds: { 'tls.failed': 0.5, 'tls.cert.revoked': 0.2, 'http.503': 0.3 } }, 0.7],
    ['the neighbour too', { failing: [...PAGES, 'audio'], kinds: { 'tls.failed': 1 }, neighbour: 0.2 }, 1],
    ['the neighbour is fine', { failing: [...PAGES, 'audio'], kinds: { 'tls.failed': 1 }, neighbour: 0.1 }, null],
    ['no files', { failing: [...PAGES], kinds: { 'tls.failed': 1 } }, null],
    ['few pages', { failing: [...PAGES.slice(0, 3), 'audio', 'artwork'], kinds: { 'tls.failed': 1 } }, null],
    ['no certificates', { failing: [...PAGES, 'audio'], kinds: { 'http.503': 1 } }, 0],
  ]],
  ['own.certificates-of-others', [
    ['unrelated companies’', atControls({ 'tls.failed': 1, 'tls.cert.date_invalid': 2 }), 0.75],
    ['fail otherwise', atControls({ 'http.503': 1 }), null],
    ['no trouble', { trouble: null }, null],
  ]],
  ['own.turned-away', [
    ['by everybody', atControls({ 'http.403': 1 }), 0.5],
    ['by a proxy', atControls({ 'http.407': 1 }), 0.5],
    ['too many', atControls({ 'http.429': 1 }), 0.5],
    ['for legal reasons', atControls({ 'http.451': 1 }), 0.5],
    ['a fault of their own', atControls({ 'http.503': 1 }), null],
  ]],
  ['own.refused-by-vendor', [
    ['everything of the vendor’s', { trouble: others({ 'http.403': 0.5 }), kinds: { 'http.403': 1 }, share: 1 }, 0.5],
    ['with other statuses', { trouble: others({ 'http.451': 0.25, 'http.429': 0.25 }), kinds: { 'http.429': 0.5, 'http.451': 0.5 }, share: 1 }, 0.5],
    ['his other sites answer', { trouble: others({}), kinds: { 'http.403': 1 }, share: 1 }, null],
    ['his other sites fail otherwise', { trouble: others({ 'http.503': 1 }), kinds: { 'http.403': 1 }, share: 1 }, null],
    ['not every failure', { trouble: others({ 'http.403': 1 }), kinds: { 'http.403': 0.9, 'http.503': 0.1 }, share: 1 }, null],
    ['not every request', { trouble: others({ 'http.403': 1 }), kinds: { 'http.403': 1 }, share: 0.9 }, null],
    ['the store itself says so', { trouble: others({ 'http.403': 1 }), kinds: { 'http.403': 1 }, share: 1, origin: 0.1 }, null],
    ['the neighbour was not asked', { trouble: trouble(), kinds: { 'http.403': 1 }, share: 1 }, null],
    ['no trouble', { trouble: null, kinds: { 'http.403': 1 }, share: 1 }, null],
  ]],
  ['own.one-host-gone', [
    ['its siblings answer', { kinds: { 'dns.name_not_resolved': 1 }, share: 1, failing: ['audio'], fine: ['catalog', 'charts'], minutes: 1 }, 1],
    ['refused or unreachable', { kinds: { 'tcp.refused': 0.5, 'tcp.address_unreachable': 0.5 }, share: 1, failing: ['audio', 'artwork', 'charts'], fine: ['catalog', 'account'], minutes: 1 }, 1],
    ['now and then', { kinds: { 'dns.name_not_resolved': 1 }, share: 0.97, failing: ['audio'], fine: ['catalog', 'charts'], minutes: 1 }, null],
    ['among others', { kinds: { 'dns.name_not_resolved': 0.97, timed_out: 0.03 }, share: 1, failing: ['audio'], fine: ['catalog', 'charts'], minutes: 1 }, null],
    ['four of them', { kinds: { 'dns.name_not_resolved': 1 }, share: 1, failing: ['audio', 'artwork', 'charts', 'account'], fine: ['catalog', 'purchase'], minutes: 1 }, null],
    ['one sibling alone answers', { kinds: { 'dns.name_not_resolved': 1 }, share: 1, failing: ['audio'], fine: ['catalog'], minutes: 1 }, null],
    ['only once', { kinds: { 'dns.name_not_resolved': 1 }, share: 1, failing: ['audio'], fine: ['catalog', 'charts'], minutes: 0 }, null],
  ]],
  ['author.edge', [['some', { edge: 0.3 }, 0.3], ['none', {}, null]]],
  ['author.origin', [['some', { origin: 0.3 }, 0.3], ['none', {}, null]]],
  ['roles.purchase-too', [
    ['sign-in and purchase', { failing: ['account', 'purchase'] }, 1],
    ['purchase alone', { failing: ['purchase'] }, null],
    ['and something else', { failing: ['account', 'purchase', 'charts'] }, null],
    ['sign-in and something else', { failing: ['account', 'charts'] }, null],
    ['purchase and something else', { failing: ['charts', 'purchase'] }, null],
  ]],
  ['share.all', [['all', { share: 1 }, 1], ['nine in ten', { share: 0.9 }, 0.5], ['four in five', { share: 0.8 }, null]]],
  ['share.most', [['half', { share: 0.5 }, 1], ['nearly all', { share: 0.85 }, 0.4], ['three in ten', { share: 0.3 }, 1], ['fewer', { share: 0.29 }, null], ['nine in ten', { share: 0.9 }, 0], ['more', { share: 0.91 }, null]]],
  ['share.few', [['a tenth', { share: 0.1 }, 1], ['a third', { share: 0.3 }, 0.5], ['four in ten', { share: 0.4 }, null], ['none', { share: 0 }, null]]],
  ['slow.much', [['twice', { slow: 2 }, Math.log(2 / 1.6)], ['ten times', { slow: 10 }, 1], ['hardly', { slow: 1.6 }, null], ['not known', {}, null]]],
  ['slow.not', [
    ['as ever', { slow: 1, failing: ['audio'] }, 1],
    ['a little', { slow: 1.3, failing: ['audio'] }, 0.5],
    ['slower', { slow: 1.4, failing: ['audio'] }, null],
    ['nothing fails', { slow: 1 }, null],
    ['not known', { failing: ['audio'] }, null],
  ]],
  ['slow.only', [['slow', { slowed: ['audio'] }, 1], ['failing too', { slowed: ['audio'], failing: ['charts'] }, null], ['neither', {}, null]]],
  ['slow.shedding', [
    ['unavailable, and a crawl', { kinds: { 'http.502': 0.25, 'http.503': 0.25, 'http.504': 0.25, 'http.429': 0.25 }, slow: 3 }, 1],
    ['a quarter of it', { kinds: { 'http.503': 0.25, timed_out: 0.75 }, slow: 3 }, 0.5],
    ['not so slow', { kinds: { 'http.503': 1 }, slow: 2.25 }, 0.5],
    ['hardly slow', { kinds: { 'http.503': 1 }, slow: 1.8 }, null],
    ['few of it', { kinds: { 'http.503': 0.2 }, slow: 3 }, null],
    ['not timed', { kinds: { 'http.503': 1 } }, null],
  ]],
  ['slow.first', [
    ['four minutes before', of({ failingSince: T0 + 4 * MINUTE }), 1],
    ['three', of({ failingSince: T0 + 3 * MINUTE }), null],
    ['slow before that', of({ slowBefore: 0.31 }), 0.6],
    ['hardly', of({ slowBefore: 0.3 }), null],
    ['nothing failed yet', of({ failingSince: null, slowBefore: 1 }), null],
    ['no trouble', { trouble: null }, null],
  ]],
  ['onset.abrupt', [
    ['from the first minute', of({ lastTroubleAt: T0 + 9 * MINUTE, course: course([0, 4, 2], [3, 8, 4]) }), 0.9],
    ['all of it', of({ lastTroubleAt: T0 + 9 * MINUTE, course: course([0, 4, 4], [3, 8, 8]) }), 1],
    ['it grew', of({ lastTroubleAt: T0 + 9 * MINUTE, course: course([0, 10, 4], [3, 10, 5]) }), null],
    ['hardly', of({ lastTroubleAt: T0 + 9 * MINUTE, course: course([0, 10, 9], [3, 10, 10]) }), 1],
    ['too little of anything', of({ lastTroubleAt: T0 + 9 * MINUTE, course: course([0, 20, 3], [3, 20, 3]) }), null],
    ['too few at first', of({ lastTroubleAt: T0 + 9 * MINUTE, course: course([0, 3, 3], [3, 8, 8]) }), null],
    ['too few later', of({ lastTroubleAt: T0 + 9 * MINUTE, course: course([0, 4, 4], [3, 7, 7]) }), null],
    ['what was before the first failure is not counted', of({ failingSince: T0 + MINUTE, lastTroubleAt: T0 + 9 * MINUTE, course: course([0, 50, 0], [1, 4, 4], [4, 8, 8]) }), 1],
    ['nor what came after the last', of({ lastTroubleAt: T0 + 3 * MINUTE, course: course([0, 4, 2], [3, 8, 4], [4, 50, 50]) }), 0.9],
    ['nothing failed', of({ failingSince: null, lastTroubleAt: T0 + 9 * MINUTE, course: course([0, 4, 4], [3, 8, 8]) }), null],
    ['no trouble', { trouble: null }, null],
  ]],
  ['onset.gradual', [
    ['it grew', of({ lastTroubleAt: T0 + 9 * MINUTE, course: course([0, 4, 1], [3, 8, 4]) }), 0.5],
    ['much', of({ lastTroubleAt: T0 + 9 * MINUTE, course: course([0, 4, 0], [3, 8, 8]) }), 1],
    ['hardly', of({ lastTroubleAt: T0 + 9 * MINUTE, course: course([0, 10, 7], [3, 10, 10]) }), null],
    ['too few at first', of({ lastTroubleAt: T0 + 9 * MINUTE, course: course([0, 3, 0], [3, 8, 8]) }), null],
    ['too few later', of({ lastTroubleAt: T0 + 9 * MINUTE, course: course([0, 4, 0], [3, 7, 7]) }), null],
    ['two minutes are early, three are not', of({ lastTroubleAt: T0 + 9 * MINUTE, course: course([0, 2, 0], [2, 2, 0], [3, 8, 4]) }), 1],
    ['no trouble', { trouble: null }, null],
  ]],
  ['onset.midnight', [
    ['within a minute of it', onset(MIDNIGHT + 20_000, 1), 1],
    ['eight minutes around it', onset(MIDNIGHT + 4 * MINUTE, 8), 0.5],
    ['at the very moment', onset(MIDNIGHT, 8), 0.5],
    ['it was still well at midnight', onset(MIDNIGHT + 8 * MINUTE, 8), 0.5],
    ['it was still well after', onset(MIDNIGHT + 9 * MINUTE, 8), null],
    ['a fault of some requests may have been there before', onset(MIDNIGHT + 9 * MINUTE, 8, { share: 0.5 }), Math.sqrt(2 / 13)],
    ['but not for long', onset(MIDNIGHT + 14 * MINUTE, 8, { share: 0.5 }), null],
    ['seen to the minute, a fault of some counts two more', onset(MIDNIGHT + 2.5 * MINUTE, 1, { share: 0.5 }), Math.sqrt(2 / 3)],
    ['most requests are not some', onset(MIDNIGHT + 9 * MINUTE, 8, { share: 0.8 }), null],
    ['nobody knows when', onset(MIDNIGHT, null), null],
    ['hardly', onset(MIDNIGHT, 40), Math.sqrt(2 / 40)],
    ['not', onset(MIDNIGHT, 41), null],
    ['no trouble', { trouble: null }, null],
  ]],
  ['onset.odd-date', [
    ...(['2024-02-29', '2026-03-01', '2026-01-01', '2026-07-01', '2026-12-31'].map((date) => [date, onset(Date.parse(date), 1), 1] as [string, Partial<Sight>, number | null])),
    ['any other day', onset(MIDNIGHT, 1), null],
    ['in the middle of it', onset(Date.parse('2026-01-01T12:00:00Z'), 1), null],
    ['no trouble', { trouble: null }, null],
  ]],
  ['onset.full-hour', [
    ['at it', onset(MIDNIGHT + 5 * HOUR, 1), 1],
    ['eight minutes around it', onset(MIDNIGHT + 5 * HOUR + MINUTE, 8), 0.5],
    ['ten', onset(MIDNIGHT + 5 * HOUR, 10), Math.sqrt(0.2)],
    ['more', onset(MIDNIGHT + 5 * HOUR, 11), null],
    ['beside it', onset(MIDNIGHT + 5.5 * HOUR, 5), null],
    ['no trouble', { trouble: null }, null],
  ]],
  ['onset.holiday', [
    ...(['2026-12-24', '2026-12-25', '2026-12-26'].map((date) => [date, of({ openedAt: Date.parse(`${date}T13:00:00Z`) }), 1] as [string, Partial<Sight>, number | null])),
    ['the day before', of({ openedAt: Date.parse('2026-12-23T23:59:59Z') }), null],
    ['the day after', of({ openedAt: Date.parse('2026-12-27') }), null],
    ['no trouble', { trouble: null }, null],
  ]],
  ['onset.night', [
    ['one in the morning', of({ openedAt: MIDNIGHT }, { moment: { now: T0, utcOffsetMinutes: 60 } }), 1],
    ['before', of({ openedAt: MIDNIGHT - 1 }, { moment: { now: T0, utcOffsetMinutes: 60 } }), null],
    ['nearly six', of({ openedAt: MIDNIGHT + 6 * HOUR - 1 }, { moment: { now: T0, utcOffsetMinutes: 0 } }), 1],
    ['six', of({ openedAt: MIDNIGHT + 6 * HOUR }, { moment: { now: T0, utcOffsetMinutes: 0 } }), null],
    ['nobody knows where', of({ openedAt: MIDNIGHT + 3 * HOUR }), null],
    ['no trouble', { trouble: null, moment: { now: T0, utcOffsetMinutes: 0 } }, null],
  ]],
  ['course.flapping', [
    ['there and back', of({ course: course([0, 20, 20], [1, 20, 0], [2, 20, 20]) }), 0.5],
    ['again and again', of({ course: course([0, 20, 20], [1, 20, 0], [2, 20, 20], [3, 20, 0], [4, 20, 20], [5, 20, 0]) }), 1],
    ['over once', of({ course: course([0, 20, 20], [1, 20, 0]) }), null],
    ['in pieces of twenty', of({ course: course([0, 10, 10], [1, 10, 10], [2, 10, 0], [3, 10, 0], [4, 10, 10], [5, 10, 10]) }), 0.5],
    ['by chance', of({ course: course([0, 5, 5], [1, 5, 0], [2, 5, 5], [3, 5, 0], [4, 5, 5], [5, 5, 0]) }), null],
    ['too few at the end', of({ course: course([0, 20, 20], [1, 20, 0], [2, 19, 19]) }), null],
    ['a little up and down', of({ course: course([0, 20, 20], [1, 20, 6], [2, 20, 20]) }), null],
    ['not quite up again', of({ course: course([0, 20, 20], [1, 20, 0], [2, 20, 12]) }), null],
    ['up again', of({ course: course([0, 20, 20], [1, 20, 4], [2, 20, 13]) }), 0.5],
    ['three in ten of everything', of({ course: course([0, 20, 6], [1, 20, 0], [2, 20, 6]) }), 0.5],
    ['fewer', of({ course: course([0, 20, 5], [1, 20, 0], [2, 20, 5]) }), null],
    ['nothing yet', of({}), null],
    ['no trouble', { trouble: null }, null],
  ]],
  ['course.relapse', [
    ['once', of({ relapses: 1 }, { failing: ['audio'] }), 0.75],
    ['often', of({ relapses: 9 }, { failing: ['audio'] }), 1],
    ['never', of({}, { failing: ['audio'] }), null],
    ['nothing fails', of({ relapses: 1 }), null],
    ['no trouble', { trouble: null, failing: ['audio'] }, null],
  ]],
  ['course.staircase', [
    ['down in three steps', of({ lastTroubleAt: T0 + 90 * MINUTE, course: course(...[9, 9, 9, 6, 6, 6, 3, 3, 3].map((failed, i) => [i * 10, 10, failed] as [number, number, number])) }, { minutes: 90 }), 1],
    ['not asked in between', of({ lastTroubleAt: T0 + 90 * MINUTE, course: course(...[9, 9, 9, 6, 6, 6, 3, 3, 3].map((failed, i) => [i * 10, 10, failed] as [number, number, number]), [85, 0, 0]) }, { minutes: 90 }), 1],
    ['what came after does not count', of({ lastTroubleAt: T0 + 80 * MINUTE, course: course(...[9, 9, 9, 9, 9, 9, 9, 9, 9, 0, 0, 0, 0, 0, 0].map((failed, i) => [i * 10, 10, failed] as [number, number, number])) }, { minutes: 80 }), null],
    ['the first step is small', of({ lastTroubleAt: T0 + 90 * MINUTE, course: course(...[10, 10, 10, 8, 8, 8, 3, 3, 3].map((failed, i) => [i * 10, 10, failed] as [number, number, number])) }, { minutes: 90 }), null],
    ['the second step is small', of({ lastTroubleAt: T0 + 90 * MINUTE, course: course(...[10, 10, 10, 5, 5, 5, 4, 4, 4].map((failed, i) => [i * 10, 10, failed] as [number, number, number])) }, { minutes: 90 }), null],
    ['too little of it', of({ lastTroubleAt: T0 + 90 * MINUTE, course: course(...[15, 15, 15, 6, 6, 6, 1, 1, 1].map((failed, i) => [i * 10, 100, failed] as [number, number, number])) }, { minutes: 90 }), null],
    ['too short', of({ lastTroubleAt: T0 + 90 * MINUTE, course: course(...[9, 9, 9, 6, 6, 6, 3, 3, 3].map((failed, i) => [i * 10, 10, failed] as [number, number, number])) }, { minutes: 59 }), null],
    ['an hour', of({ lastTroubleAt: T0 + 90 * MINUTE, course: course(...[9, 9, 6, 6, 3, 3, 3, 3].map((failed, i) => [i * 10, 10, failed] as [number, number, number])) }, { minutes: 60 }), 1],
    ['too few points', of({ lastTroubleAt: T0 + 90 * MINUTE, course: course(...[9, 9, 6, 6, 3, 3, 3].map((failed, i) => [i * 10, 10, failed] as [number, number, number])) }, { minutes: 60 }), null],
    ['no trouble', { trouble: null, minutes: 90 }, null],
  ]],
  ['controls.answer', [
    ['all', { controls: 0, controlsAnswered: 0.3 }, 0.5],
    ['an eighth fails', { controls: 0.125, controlsAnswered: 2.7 }, 0.45],
    ['half fail', { controls: 0.5, controlsAnswered: 5 }, 0],
    ['all fail', { controls: 1, controlsAnswered: 0 }, 0],
    ['none was asked', {}, null],
  ]],
  ['controls.fail', [
    ['half', { controls: 0.5, controlsFailed: 2.7 }, 0.9],
    ['all', { controls: 1, controlsFailed: 2.7 }, 0.9],
    ['an eighth', { controls: 0.125, controlsFailed: 2.7 }, 0.45],
    ['none', { controls: 0, controlsFailed: 0 }, null],
    ['none was asked', {}, null],
  ]],
  ['controls.slow', [['as ever', { controlsSlow: 2 }, null], ['three times', { controlsSlow: 3.2 }, Math.log(2) / Math.log(3)], ['ten times', { controlsSlow: 10 }, 1],
    // Slow to all, and lost for one alone.
    ['ten times, and all of the store silent', { controlsSlow: 10, failing: ['catalog', 'storefront', 'artwork', 'audio'], share: 1 }, 0.25], ['the same, and controls lose some too', { controlsSlow: 10, failing: ['catalog', 'storefront', 'artwork', 'audio'], share: 1, controlsFailed: 0.5 }, 1], ['the same, and some of the store answers', { controlsSlow: 10, failing: ['catalog', 'storefront', 'artwork', 'audio'], fine: ['account'], share: 1 }, 1]]],
  ['neighbour.fails', [
    ['all', { neighbour: 1, neighbourAsked: 4.5 }, 0.9],
    ['a quarter', { neighbour: 0.25, neighbourAsked: 4.5 }, 0.45],
    ['hardly', { neighbour: 0.05, neighbourAsked: 4.5 }, null],
    ['not asked', {}, null],
  ]],
  ['neighbour.answers', [
    ['always', { neighbour: 0, neighbourAsked: 0.5 }, 0.5],
    ['nearly', { neighbour: 0.05, neighbourAsked: 0.5 }, 0.5],
    ['no more', { neighbour: 0.06, neighbourAsked: 0.5 }, null],
    ['not asked', {}, null],
    ['no trouble', { trouble: null, neighbour: 0, neighbourAsked: 0.5 }, null],
  ]],
  ['resolver.others-know', [
    ['the name', of({ resolver: { ok: 0.5, failing: 0, unreachable: 0 } }, { kinds: { 'dns.name_not_resolved': 1 } }), 0.5],
    ['an error of the user’s', of({ resolver: { ok: 1.5, failing: 0, unreachable: 0 } }, { kinds: { 'dns.failed': 0.4, 'dns.name_not_resolved': 0.4 } }), 0.6],
    ['silence is half a sign', of({ resolver: { ok: 0.5, failing: 0, unreachable: 0 } }, { kinds: { 'dns.timed_out': 1 } }), 0.25],
    ['a null address of a few hosts', of({ resolver: { ok: 0.5, failing: 0, unreachable: 0 } }, { kinds: { 'tcp.refused': 0.5, 'tcp.address_unreachable': 0.5 }, failing: ['audio', 'artwork', 'charts'] }), 0.5],
    ['of many hosts is none', of({ resolver: { ok: 0.5, failing: 0, unreachable: 0 } }, { kinds: { 'tcp.refused': 1 }, failing: ['audio', 'artwork', 'charts', 'account'] }), null],
    ['unless others reach them', of({ resolver: { ok: 0.5, failing: 0, unreachable: 0 }, world: { votes: 3, failed: 0, ownCountryVotes: 0, ownCountryFailed: 0 } }, { kinds: { 'tcp.refused': 1 }, failing: ['audio', 'artwork', 'charts', 'account'] }), 0.5],
    ['too few others', of({ resolver: { ok: 0.5, failing: 0, unreachable: 0 }, world: { votes: 2, failed: 0, ownCountryVotes: 0, ownCountryFailed: 0 } }, { kinds: { 'tcp.refused': 1 }, failing: ['audio', 'artwork', 'charts', 'account'] }), null],
    ['not all others', of({ resolver: { ok: 0.5, failing: 0, unreachable: 0 }, world: { votes: 3, failed: 1, ownCountryVotes: 0, ownCountryFailed: 0 } }, { kinds: { 'tcp.refused': 1 }, failing: ['audio', 'artwork', 'charts', 'account'] }), null],
    ['names have nothing to do with it', of({ resolver: { ok: 5, failing: 0, unreachable: 0 } }, { kinds: { 'http.503': 1 } }), null],
    ['one in eight does not', of({ resolver: { ok: 8, failing: 1, unreachable: 0 } }, { kinds: { 'dns.name_not_resolved': 1 } }), 8 / 8.5],
    ['one in seven does not', of({ resolver: { ok: 7, failing: 1, unreachable: 0 } }, { kinds: { 'dns.name_not_resolved': 1 } }), null],
    ['nobody was asked', of({}, { kinds: { 'dns.name_not_resolved': 1 } }), null],
    ['no trouble', { trouble: null, kinds: { 'dns.name_not_resolved': 1 } }, null],
  ]],
  ['resolver.nobody-knows', [
    ['nobody', of({ resolver: { ok: 0, failing: 2, unreachable: 0 } }), 1],
    ['three of four', of({ resolver: { ok: 3, failing: 1, unreachable: 0 } }), 0.5],
    ['one in eight', of({ resolver: { ok: 8, failing: 1, unreachable: 0 } }), null],
    ['all know', of({ resolver: { ok: 8, failing: 0, unreachable: 0 } }), null],
    ['nobody was asked', of({}), null],
    ['no trouble', { trouble: null }, null],
  ]],
  ['resolver.silent', [
    ['could not be asked', of({ resolver: { ok: 0, failing: 0, unreachable: 1 } }), 1],
    ['one answered', of({ resolver: { ok: 1, failing: 0, unreachable: 1 } }), null],
    ['one failed', of({ resolver: { ok: 0, failing: 1, unreachable: 1 } }), null],
    ['nobody was asked', of({}), null],
    ['no trouble', { trouble: null }, null],
  ]],
  ['official.listed', [['listed', official({}), 1], ['not', {}, null]]],
  ['official.silent', [
    ['two hours', { episode: { ...openEpisode(), feed: 'read' }, minutes: 120 }, 0.5],
    ['a day', { episode: { ...openEpisode(), feed: 'read' }, minutes: 1440 }, 1],
    ['an hour', { episode: { ...openEpisode(), feed: 'read' }, minutes: 60 }, null],
    ['listed', { episode: { ...openEpisode(), feed: 'read', ...official({}).episode, }, minutes: 120 }, null],
    ['not read', { episode: { ...openEpisode(), feed: 'unreachable' }, minutes: 120 }, null],
  ]],
  ['official.sign-in', [['said', official({ hints: ['sign-in'] }), 1], ['not', official({ hints: ['purchase'] }), null], ['nothing', {}, null]]],
  ['official.purchase', [['said', official({ hints: ['purchase'] }), 1], ['not', official({ hints: ['sign-in'] }), null], ['nothing', {}, null]]],
  ['official.streaming', [['said', official({ hints: ['streaming'] }), 1], ['not', official({ hints: ['sign-in'] }), null], ['nothing', {}, null]]],
  ['official.slow', [['said', official({ hints: ['slow'] }), 1], ['by its type', official({ types: ['performance'] }), 1], ['not', official({ types: ['outage'], hints: ['sign-in'] }), null], ['nothing', {}, null]]],
  ['official.maintenance', [['said', official({ hints: ['maintenance'] }), 1], ['by its type', official({ types: ['maintenance'] }), 1], ['not', official({ types: ['outage'], hints: ['sign-in'] }), null], ['nothing', {}, null]]],
  ['world.fails', [
    ['everywhere', of({ world: { votes: 4, failed: 4, ownCountryVotes: 0, ownCountryFailed: 0 } }), 1],
    ['a quarter', of({ world: { votes: 4, failed: 1, ownCountryVotes: 0, ownCountryFailed: 0 } }), 0.5],
    ['a tenth', of({ world: { votes: 10, failed: 1, ownCountryVotes: 0, ownCountryFailed: 0 } }), 0.2],
    ['less', of({ world: { votes: 11, failed: 1, ownCountryVotes: 0, ownCountryFailed: 0 } }), null],
    ['three places', of({ world: { votes: 3, failed: 3, ownCountryVotes: 0, ownCountryFailed: 0 } }), 1],
    ['too few', of({ world: { votes: 2, failed: 2, ownCountryVotes: 0, ownCountryFailed: 0 } }), null],
    ['nobody was asked', of({}), null],
    ['no trouble', { trouble: null }, null],
  ]],
  ['world.answers', [
    ['everywhere', of({ world: { votes: 3, failed: 0, ownCountryVotes: 0, ownCountryFailed: 0 } }, { kinds: { timed_out: 1 } }), 1],
    ['the store wrote half of the errors', of({ world: { votes: 4, failed: 0, ownCountryVotes: 0, ownCountryFailed: 0 } }, { kinds: { 'http.503': 0.25, 'content.stale': 0.25, timed_out: 0.5 } }), 0.5],
    ['all of them', of({ world: { votes: 4, failed: 0, ownCountryVotes: 0, ownCountryFailed: 0 } }, { kinds: { 'http.503': 1.2 } }), 0],
    ['the user is turned away', of({ world: { votes: 4, failed: 0, ownCountryVotes: 0, ownCountryFailed: 0 } }, { kinds: { 'http.403': 0.5, 'http.429': 0.25, 'http.451': 0.25 } }), 1],
    ['a tenth fails', of({ world: { votes: 10, failed: 1, ownCountryVotes: 0, ownCountryFailed: 0 } }, { kinds: { timed_out: 1 } }), null],
    ['too few', of({ world: { votes: 2, failed: 0, ownCountryVotes: 0, ownCountryFailed: 0 } }, { kinds: { timed_out: 1 } }), null],
    ['nobody was asked', of({}), null],
    ['no trouble', { trouble: null }, null],
  ]],
  ['world.own-country', [
    ['here alone', of({ world: { votes: 5, failed: 2, ownCountryVotes: 2, ownCountryFailed: 2 } }), 1],
    ['more than elsewhere', of({ world: { votes: 8, failed: 5, ownCountryVotes: 4, ownCountryFailed: 4 } }), 0.75],
    ['hardly more', of({ world: { votes: 14, failed: 10, ownCountryVotes: 4, ownCountryFailed: 3 } }), null],
    ['too few here', of({ world: { votes: 5, failed: 1, ownCountryVotes: 1, ownCountryFailed: 1 } }), null],
    ['too few elsewhere', of({ world: { votes: 4, failed: 2, ownCountryVotes: 2, ownCountryFailed: 2 } }), null],
    ['nobody was asked', of({}), null],
    ['no trouble', { trouble: null }, null],
  ]],
  ['storefront.others-answer', [
    ['twice', of({ storefront: { asked: 2, failed: 0 } }), 0.4],
    ['often', of({ storefront: { asked: 9, failed: 0 } }), 1],
    ['once', of({ storefront: { asked: 1, failed: 0 } }), null],
    ['not always', of({ storefront: { asked: 9, failed: 1 } }), null],
    ['not asked', of({}), null],
    ['no trouble', { trouble: null }, null],
  ]],
  ['page.more-than-probes', [
    ['what was not asked', of({ page: { purchase: { failed: 2, answered: 0 } } }), 0.4],
    ['what answers us', of({ page: { purchase: { failed: 9, answered: 1 } }, roles: { purchase: tally({ asked: 5 }) } }), 1],
    ['two parts', of({ page: { purchase: { failed: 2, answered: 1 }, account: { failed: 2, answered: 0 } } }), 0.8],
    ['what fails for us too', of({ page: { purchase: { failed: 9, answered: 0 } }, roles: { purchase: tally({ asked: 5, failed: 1 }) } }), null],
    ['a single failure', of({ page: { purchase: { failed: 1, answered: 0 } } }), null],
    ['as often answered', of({ page: { purchase: { failed: 2, answered: 2 } } }), null],
    ['no page', of({}), null],
    ['no trouble', { trouble: null }, null],
  ]],
  ['trouble.none', [
    ['nothing to be seen', {}, 1],
    ['something fails', { failing: ['audio'] }, null],
    ['something is slow', { slowed: ['audio'] }, null],
    ['the line is slow', { controlsSlow: 2 }, null],
    ['the line fails', { controlsFailed: 0.1 }, null],
  ]],
  ['path.silence-spreads', [
    ['to the neighbour and others', { neighbour: 0.1, controls: 0.04, share: 1, kinds: { timed_out: 0.25, 'dns.failed': 0.1, 'tcp.failed': 0.1, 'local.offline': 0.05, 'http.503': 0.5 } }, 0.25],
    ['silence on an open connection too', { neighbour: 1, controls: 1, share: 1, kinds: { 'http.timed_out': 1 } }, 1],
    ['errors are no silence', { neighbour: 1, controls: 1, share: 1, kinds: { 'http.503': 1 } }, 0],
    ['not to others', { neighbour: 1, controls: 0.03, share: 1, kinds: { timed_out: 1 } }, null],
    ['not to the neighbour', { neighbour: 0.09, controls: 1, share: 1, kinds: { timed_out: 1 } }, null],
    ['the store answers', { neighbour: 1, controls: 1, share: 0, kinds: { timed_out: 1 } }, null],
    ['no neighbour', { controls: 1, share: 1, kinds: { timed_out: 1 } }, null],
    ['no controls', { neighbour: 1, share: 1, kinds: { timed_out: 1 } }, null],
  ]],
  ['elapsed', [['half a minute', { minutes: 0.5 }, 1], ['nothing', { minutes: 0 }, null], ['two hours', { minutes: 120 }, null], ['nearly', { minutes: 119.9 }, 1]]],
  ['elapsed.hours', [['two', { minutes: 120 }, 1], ['nearly', { minutes: 119.9 }, null]]],
])('%s', (id, rows) => {
  test.each(rows)('%s', (_, change, expected) => {
    const found = strength(id, change);
    if (expected === null || found === null) expect(found).toBe(expected);
    else expect(found).toBeCloseTo(expected, 9);
  });
});

test.each<[id: string, Partial<Sight>, params: Record<string, string | number>]>([
  ['own.clock-wrong', of({ clockSkew: -12.4 * HOUR }, { kinds: { 'tls.failed': 1 } }), { hours: 12 }],
  ['share.all', { share: 0.955 }, { share: 96 }],
  ['share.most', { share: 0.5 }, { share: 50 }],
  ['share.few', { share: 0.123 }, { share: 12 }],
  ['slow.much', { slow: 3.26 }, { factor: 3.3 }],
  ['slow.first', of({ failingSince: T0 + 4.4 * MINUTE }), { minutes: 4 }],
  ['onset.odd-date', onset(Date.parse('2026-03-01'), 1), { date: '03-01' }],
  ['onset.night', of({ openedAt: MIDNIGHT + 2.5 * HOUR }, { moment: { now: T0, utcOffsetMinutes: 60 } }), { hour: 3 }],
  ['course.flapping', of({ course: course([0, 20, 20], [1, 20, 0], [2, 20, 20]) }), { turns: 2 }],
  ['course.relapse', of({ relapses: 3 }, { failing: ['audio'] }), { relapses: 3 }],
  ['controls.fail', { controls: 0.255, controlsFailed: 1 }, { share: 26 }],
  ['controls.slow', { controlsSlow: 3.26 }, { factor: 3.3 }],
  ['neighbour.fails', { neighbour: 0.255, neighbourAsked: 1 }, { share: 26 }],
  ['world.fails', of({ world: { votes: 4, failed: 1, ownCountryVotes: 0, ownCountryFailed: 0 } }), { failed: 1, votes: 4 }],
  ['world.answers', of({ world: { votes: 14, failed: 1, ownCountryVotes: 0, ownCountryFailed: 0 } }), { failed: 1, votes: 14 }],
  ['page.more-than-probes', of({ page: { purchase: { failed: 3, answered: 1 } } }), { failed: 3 }],
  ['elapsed', { minutes: 0.51 }, { minutes: 0.5 }],
  ['elapsed.hours', { minutes: 150.4 }, { minutes: 150, hours: 3 }],
])('the sentence of %s is filled', (id, change, params) => {
  expect(see(id, change)).toMatchObject({ params });
});

test.each(STATABLE)('the vendor names %s', (cause) => {
  expect(strength(`stated.${cause}`, official({ stated: [cause] }))).toBe(1);
  expect(strength(`stated.${cause}`, official({ stated: STATABLE.filter((one) => one !== cause) }))).toBeNull();
  expect(strength(`stated.${cause}`, {})).toBeNull();
});
