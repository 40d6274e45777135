import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { countVotes, readMeasurement } from '../utils/sources/globalping.ts';
import { parseResolverAnswer } from '../utils/sources/resolver.ts';
import { isMusic, parseStatusFeed } from '../utils/sources/status-feed.ts';

/** Recorded answers, beside the repository; skipped by name where they are absent. */
const FOLDER = fileURLToPath(new URL('../../shared/fixtures/', import.meta.url));
const names = existsSync(FOLDER) ? readdirSync(FOLDER) : [];
const read = (name: string): string => readFileSync(`${FOLDER}${name}`, 'utf8');
const absent = names.length === 0;

const feeds = names.filter((name) => /^(apple-status-(ja_JP|developer).*\.(json|js)|statusbuddy-.*\.json)$/.test(name));
test.skipIf(absent)('recorded feeds are understood: shared/fixtures/apple-status-*, statusbuddy-*', () => {
  expect(feeds.length).toBeGreaterThan(10);
  for (const name of feeds) {
    const date = /(\d{4}-\d\d-\d\d)\./.exec(name)?.[1] ?? '2021-04-26';
    const outcome = parseStatusFeed(read(name), Date.parse(`${date}T00:00:00Z`));
    if (!outcome.ok) throw new Error(`${name}: ${outcome.error.at}: ${outcome.error.reason}`);
    expect(outcome.value.length, name).toBeGreaterThan(0);
    if (name.includes('-ongoing-') && !name.includes('statusbuddy')) expect(outcome.value.some((event) => event.status === 'ongoing'), name).toBe(true);
    if (/(music|itunes-store|multi-store).*-ongoing-/.test(name)) expect(outcome.value.some((event) => event.music && event.status === 'ongoing'), name).toBe(true);
    if (name.includes('upcoming-maintenance')) expect(outcome.value.some((event) => event.type === 'maintenance' && event.status === 'upcoming'), name).toBe(true);
  }
});

test.skipIf(absent)('the shape before 2013 is not understood: shared/fixtures/apple-status-en_US-2012-12-19-OBSOLETE-format.json', () => {
  expect(parseStatusFeed(read('apple-status-en_US-2012-12-19-OBSOLETE-format.json'), 0)).toMatchObject({ ok: false, error: { at: 'services' } });
});

test.skipIf(absent)('today\'s service names: shared/fixtures/apple-status-service-names-en_US-2026-03-14.json', () => {
  const { consumer } = JSON.parse(read('apple-status-service-names-en_US-2026-03-14.json')) as { consumer: string[] };
  expect(consumer.filter(isMusic)).toEqual(['Apple Account', 'Apple Music', 'Apple Music Classical', 'Apple Music radio', 'Apple Music Subscriptions', 'iTunes Match', 'iTunes Store', 'Radio', 'Subscription Purchase']);
});

test.skipIf(absent)('recorded resolver answers: shared/fixtures/doh-*.json', () => {
  const verdict = (name: string, host: string) => {
    const outcome = parseResolverAnswer(read(name), host);
    return outcome.ok ? `${outcome.value.verdict} ${outcome.value.errors.length}` : outcome.error.at;
  };
  expect(verdict('doh-cloudflare-noerror-AAAA.json', 'example.com')).toBe('resolved 0');
  expect(verdict('doh-google-noerror.json', 'example.com')).toBe('resolved 0');
  expect(verdict('doh-cloudflare-servfail-dnssec.json', 'dnssec-failed.org')).toBe('cannot 1');
  expect(verdict('doh-google-servfail-dnssec.json', 'dnssec-failed.org')).toBe('cannot 1');
  expect(verdict('doh-cloudflare-400-error.json', 'example.com')).toBe('Status');
});

test.skipIf(absent)('a recorded measurement: shared/fixtures/globalping-result-http.json', () => {
  const outcome = readMeasurement(read('globalping-result-http.json'), null, Date.UTC(2023, 6, 14));
  if (!outcome.ok) throw new Error(outcome.error.at);
  expect(countVotes(outcome.value.votes, 'kr', 0)).toMatchObject({ votes: 1, failed: 0, ownCountryVotes: 1 });
  // Seen two years later, its certificate has expired.
  const later = readMeasurement(read('globalping-result-http.json'), null, Date.UTC(2025, 6, 14));
  expect(later.ok && countVotes(later.value.votes, 'kr', 0)).toMatchObject({ failed: 1, certificateFailed: 1 });
});
