import { expect, test } from 'vitest';
import * as fc from 'fast-check';
import { hintsOf, isMusic, NOTICE_ID, parseStatusFeed } from './status-feed.ts';

const NOW = Date.UTC(2026, 4, 1, 12);
const START = Date.UTC(2026, 4, 1, 10);
const END = Date.UTC(2026, 4, 1, 11);

type Raw = Record<string, unknown>;

function rawEvent(change: Raw = {}): Raw {
  return {
    usersAffected: 'Some users are affected', epochStartDate: START, epochEndDate: null, messageId: '2000000001', statusType: 'Outage',
    datePosted: '05/01/2026 03:30 PDT', startDate: '05/01/2026 03:00 PDT', endDate: null, affectedServices: ['iTunes Store', null, 'iTunes Store'],
    eventStatus: 'ongoing', message: 'The store answers slowly or not at all.\n', ...change,
  };
}
function feed(events: unknown[], change: Raw = {}): Raw {
  return { drpost: false, drMessage: null, services: [{ redirectUrl: null, serviceName: 'iTunes Store', events }, { redirectUrl: null, serviceName: 'Maps', events: [] }], ...change };
}
function read(value: unknown) {
  const outcome = parseStatusFeed(typeof value === 'string' ? value : JSON.stringify(value), NOW);
  if (!outcome.ok) throw new Error(`${outcome.error.at}: ${outcome.error.reason}`);
  return outcome.value;
}
const one = (change: Raw) => {
  const events = read(feed([rawEvent(change)]));
  expect(events).toHaveLength(1);
  return events[0]!;
};

test('an ongoing outage', () => {
  expect(one({})).toEqual({
    id: '2000000001', service: 'iTunes Store', type: 'outage', status: 'ongoing', startedAt: START, endsAt: null,
    text: 'The store answers slowly or not at all.', hints: ['slow'], music: true,
  });
});

test('a page without events is all clear', () => {
  expect(read(feed([]))).toEqual([]);
});

const text = JSON.stringify(feed([rawEvent()]));
test.each([
  ['bare', text],
  ['byte order mark', `\uFEFF${text}`],
  ['white space', `\n\n ${text} \n`],
  ['wrapped', `jsonCallback(${text});`],
  ['wrapped, byte order mark, no semicolon', `\uFEFF jsonCallback(${text})\n`],
])('the wrapper: %s', (_, body) => {
  expect(read(body)).toHaveLength(1);
});

test.each<[string, Raw, Raw]>([
  ['seconds instead of ms', { epochStartDate: START / 1000 }, { startedAt: START }],
  ['a number as text', { epochStartDate: String(START) }, { startedAt: START }],
  ['number missing, words in Pacific time', { epochStartDate: null, startDate: '05/01/2026 03:00 PDT' }, { startedAt: START }],
  ['number missing, words in Japanese time', { epochStartDate: null, startDate: '2026/05/01 19:00 JST' }, { startedAt: START }],
  ['empty type after the end', { statusType: '', eventStatus: 'resolved', epochEndDate: END }, { type: 'unknown', status: 'over', endsAt: END }],
  ['null type', { statusType: null }, { type: 'unknown', status: 'ongoing' }],
  ['resolved, the words of the end missing', { eventStatus: 'resolved', epochEndDate: END, endDate: null }, { status: 'over', endsAt: END }],
  ['null date of posting', { datePosted: null }, { status: 'ongoing' }],
  ['nothing named as affected', { affectedServices: null }, { status: 'ongoing' }],
  ['maintenance ahead', { statusType: 'Maintenance', eventStatus: 'upcoming', epochStartDate: NOW + 1000, epochEndDate: NOW + 9000 }, { type: 'maintenance', status: 'upcoming', endsAt: NOW + 9000 }],
  ['maintenance under way, planned end', { statusType: 'Maintenance', epochEndDate: NOW + 9000 }, { status: 'ongoing', endsAt: NOW + 9000 }],
  ['maintenance announced and begun without an edit', { statusType: 'Maintenance', eventStatus: 'upcoming', epochEndDate: NOW + 9000 }, { status: 'ongoing' }],
  ['maintenance announced and past without an edit', { statusType: 'Maintenance', eventStatus: 'upcoming', epochEndDate: END }, { status: 'over' }],
  ['maintenance completed', { statusType: 'Maintenance', eventStatus: 'completed', epochEndDate: END }, { status: 'over' }],
  ['an end in the past, and still going on', { epochEndDate: END }, { status: 'ongoing', endsAt: null }],
  ['a type nobody knows', { statusType: 'Catastrophe' }, { type: 'unknown', status: 'ongoing' }],
  ['a state nobody knows', { eventStatus: 'investigating' }, { status: 'ongoing' }],
  ['a state nobody knows, with an end', { eventStatus: 'closed', epochEndDate: END }, { status: 'over' }],
  ['performance', { statusType: 'Performance', message: 'x' }, { type: 'performance', hints: ['slow'] }],
  ['entities, decoded once', { message: 'Search &amp; radio &#39;slow&#x27; &amp;lt;' }, { text: "Search & radio 'slow' &lt;" }],
  ['markup stays text', { message: '<img src=x onerror=alert(1)>&lt;b&gt;' }, { text: '<img src=x onerror=alert(1)><b>' }],
  ['control and bidirectional characters', { message: 'a\u0000b\u202Ec\u2066d\u200Be\uD800f&#x202E;g\u001B[31m' }, { text: 'abcdefg[31m' }],
  ['a number as id', { messageId: 3274 }, { id: '3274' }],
  ['no message', { message: null }, { text: '' }],
])('%s', (_, change, expected) => {
  expect(one(change)).toMatchObject(expected);
});

test('texts are bounded', () => {
  const event = one({ message: '長'.repeat(50_000) });
  expect([...event.text]).toHaveLength(600);
  expect(event.text.endsWith('…')).toBe(true);
});

test('nulls are passed over, and of the same event twice the one that goes on counts', () => {
  const over = rawEvent({ eventStatus: 'resolved', epochEndDate: END });
  for (const events of [[null, over, rawEvent()], [rawEvent(), null, over]]) {
    expect(read(feed(events)).map((event) => event.status)).toEqual(['ongoing']);
  }
  expect(read({ services: [null, { serviceName: 'Maps', events: [null] }] })).toEqual([]);
});

test('a page-wide notice is shown, and not counted for the store', () => {
  expect(read(feed([], { drMessage: 'All is &quot;dark&quot;.' }))).toEqual([
    { id: NOTICE_ID, service: '', type: 'unknown', status: 'ongoing', startedAt: NOW, endsAt: null, text: 'All is "dark".', hints: [], music: false },
  ]);
  expect(read(feed([], { drMessage: ' \u200B' }))).toEqual([]);
});

test.each<[string, string, string]>([
  ['empty', '', 'feed'],
  ['a page of HTML', '<!DOCTYPE html><title>x</title>', 'feed'],
  ['cut off', text.slice(0, -5), 'feed'],
  ['wrapped and cut off', `jsonCallback(${text.slice(0, 40)}`, 'feed'],
  ['a program', 'alert(1)', 'feed'],
  ['huge', `${' '.repeat(500)}${JSON.stringify(feed([rawEvent({ message: 'x'.repeat(2_000_000) })]))}`, 'feed'],
  ['a list', '[]', 'feed'],
  ['null', 'null', 'feed'],
  ['the shape before 2013', JSON.stringify({ dashboard: { Stores: { 'iTunes Store': [] } }, detailedTimeline: [] }), 'services'],
  ['no services', '{"services":[]}', 'services'],
  ['only nulls for services', '{"services":[null]}', 'services'],
  ['services as an object', '{"services":{"iTunes Store":[]}}', 'services'],
  ['a service as text', '{"services":["iTunes Store"]}', 'services[0]'],
  ['a service without a name', '{"services":[{"events":[]}]}', 'services[0].serviceName'],
  ['a name of nothing but invisible characters', '{"services":[{"serviceName":"\\u200b","events":[]}]}', 'services[0].serviceName'],
  ['a service without events', '{"services":[{"serviceName":"iTunes Store"}]}', 'services[0].events'],
  ['events as an object', '{"services":[{"serviceName":"iTunes Store","events":{}}]}', 'services[0].events'],
  ['an event as text', JSON.stringify(feed(['down'])), 'services[0].events[0]'],
  ['an event without an id', JSON.stringify(feed([rawEvent({ messageId: null })])), 'services[0].events[0].messageId'],
  ['an event without a start', JSON.stringify(feed([rawEvent({ epochStartDate: null, startDate: null })])), 'services[0].events[0].epochStartDate'],
  ['a start in the 13th month', JSON.stringify(feed([rawEvent({ epochStartDate: null, startDate: '13/01/2026 03:00 PDT' })])), 'services[0].events[0].epochStartDate'],
  ['a start in the year 1', JSON.stringify(feed([rawEvent({ epochStartDate: -62_135_596_800_000 })])), 'services[0].events[0].epochStartDate'],
  ['an end that is a word', JSON.stringify(feed([rawEvent({ epochEndDate: 'soon' })])), 'services[0].events[0].epochEndDate'],
  ['a type that is a number', JSON.stringify(feed([rawEvent({ statusType: 3 })])), 'services[0].events[0].statusType'],
  ['a message that is an object', JSON.stringify(feed([rawEvent({ message: {} })])), 'services[0].events[0].message'],
  ['a notice that is an object', JSON.stringify(feed([], { drMessage: {} })), 'drMessage'],
  ['too many services', JSON.stringify({ services: Array.from({ length: 501 }, () => ({ serviceName: 'x', events: [] })) }), 'services'],
  ['too many events', JSON.stringify(feed(Array.from({ length: 61 }, () => null))), 'services[0].events'],
])('not understood, never all clear: %s', (_, body, place) => {
  const outcome = parseStatusFeed(body, NOW);
  expect(outcome).toMatchObject({ ok: false, error: { at: place } });
});

test.each([
  'iTunes Store', 'iTunes Match', 'Apple Music', 'Apple Music radio', 'Apple Music Radio', 'Beats 1', 'Radio', 'ラジオ', 'Apple Musicのラジオ', 'Apple Musicのサブスクリプション',
  'Apple Musicの登録', 'Apple Music Subscriptions', 'Apple Music Classical', 'Apple Music API', 'Apple ID', 'Apple Account', 'Subscription Purchase', ' itunes  store ',
])('part of the music store: %s', (name) => {
  expect(isMusic(name)).toBe(true);
});
test.each(['App Store', 'Mac App Store', 'Apple Music for Artists', 'Apple Music Connect', 'Apple TV', 'Apple Pay', 'iCloud Account & Sign In', 'Maps Display', 'Sign in with Apple', 'iTunes U', ''])(
  'not part of it: %s', (name) => { expect(isMusic(name)).toBe(false); },
);

test.each<[string, string, string[]]>([
  ['iTunes Store', 'Users may be unable to sign in.', ['sign-in']],
  ['iTunes Store', 'ユーザがサインインできない可能性があります。', ['sign-in']],
  ['Apple ID', 'Users experienced a problem with this service.', ['sign-in']],
  ['iTunes Store', 'Users were unable to make purchases.', ['purchase']],
  ['iTunes Store', 'ストアで購入できない可能性があります。', ['purchase']],
  ['Apple Musicのサブスクリプション', 'このサービスに問題が発生しています。', ['purchase']],
  ['Apple Music', '音楽ストリーム配信または再生に問題がある可能性があります。', ['streaming']],
  ['Apple Music', 'Some users may have problems with streaming or playback.', ['streaming']],
  ['Apple Music', 'This service may be slow or unavailable.', ['slow']],
  ['Apple Music', 'サービスの速度が低下する可能性があります。', ['slow']],
  ['Apple Music', '定期メンテナンスのため、ご利用になれません。', ['maintenance']],
  ['Apple Music', 'Due to maintenance, some services are unavailable.', ['maintenance']],
  ['Apple Music', 'This service may be unavailable.', []],
  ['Apple Music', 'Users may see a designing display of players.', []],
])('what the words of %s give away: %s', (service, words, expected) => {
  expect(hintsOf(service, words)).toEqual(expected);
});

test('any text and any JSON: a value, never a throw, never an event that is not one', () => {
  const check = (body: string): void => {
    const outcome = parseStatusFeed(body, NOW);
    if (!outcome.ok) return void expect(outcome.error.reason).not.toBe('');
    for (const event of outcome.value) {
      expect(Number.isFinite(event.startedAt)).toBe(true);
      expect(event.text).not.toMatch(/(?![\u200c\u200d])[\p{Cc}\p{Cf}]/u);
    }
  };
  fc.assert(fc.property(fc.string({ unit: 'binary' }), check), { numRuns: 50 });
  fc.assert(fc.property(fc.jsonValue({ maxDepth: 2 }), (value) => { check(JSON.stringify(value)); check(JSON.stringify({ services: value })); }), { numRuns: 50 });
  const loose = fc.record({
    messageId: fc.oneof(fc.string(), fc.jsonValue({ maxDepth: 2 })), statusType: fc.oneof(fc.constantFrom('Outage', ''), fc.jsonValue({ maxDepth: 2 })),
    eventStatus: fc.oneof(fc.constantFrom('ongoing', 'resolved', 'upcoming'), fc.jsonValue({ maxDepth: 2 })),
    epochStartDate: fc.oneof(fc.integer({ min: START, max: NOW }), fc.jsonValue({ maxDepth: 2 })), epochEndDate: fc.oneof(fc.constant(null), fc.jsonValue({ maxDepth: 2 })),
    message: fc.oneof(fc.string({ unit: 'binary' }), fc.jsonValue({ maxDepth: 2 })), startDate: fc.jsonValue({ maxDepth: 2 }), endDate: fc.jsonValue({ maxDepth: 2 }),
  });
  fc.assert(fc.property(fc.array(loose, { maxLength: 4 }), (events) => { check(JSON.stringify(feed(events))); }), { numRuns: 100 });
}, 30_000);

test.each(['constructor', '__proto__', 'toString', 'hasOwnProperty'])('a type that only an object knows (%s) is none', (statusType) => {
  expect(one({ statusType }).type).toBe('unknown');
});
