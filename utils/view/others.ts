import { WORLD_TOKEN } from '../core/opinion.ts';
import type { StorefrontOpinion, WorldOpinion } from '../core/opinion.ts';
import type { Snapshot, TargetLine } from '../core/snapshot.ts';
import type { Key, Translate } from '../i18n/translate.ts';
import { clockTime } from './format.ts';

/** What was seen from elsewhere, in words: a sentence, and what it rests on, to be set as text. */
export interface Sight {
  id: 'world' | 'resolver' | 'storefront';
  text: string;
  /** When it was asked and what came back, one line each. */
  details: string[];
}

/** @returns the name of a country in the user's language. @param code ISO 3166 */
export function countryName(code: string, language: string): string {
  try {
    return new Intl.DisplayNames(language, { type: 'region', fallback: 'code' }).of(code.toUpperCase()) ?? code;
  } catch {
    return code; // not a code at all: it came from elsewhere
  }
}

/** Fewer votes than this say nothing; from half on a place counts as failing, below an eighth as answering. */
const ENOUGH = 3;
const MANY = 0.5;
const FEW = 0.125;

type Answer = 'everyone' | 'country-only' | 'only-you' | 'some' | 'few';

/** @returns "down for everyone or just me?" by the votes of places elsewhere. */
export function worldAnswer({ votes, failed, ownCountryVotes, ownCountryFailed }: WorldOpinion): Answer {
  if (votes < ENOUGH) return 'few';
  const others = votes - ownCountryVotes;
  const own = ownCountryVotes === 0 ? null : ownCountryFailed / ownCountryVotes;
  const elsewhere = others === 0 ? null : (failed - ownCountryFailed) / others;
  if (own !== null && own > MANY && elsewhere !== null && elsewhere <= FEW) return 'country-only';
  if (failed / votes <= FEW) return 'only-you';
  return failed / votes > MANY && (elsewhere ?? 1) > MANY ? 'everyone' : 'some';
}

function worldSight(world: WorldOpinion, own: string, t: Translate, now: number): Sight {
  const counts = { votes: world.votes, failed: world.failed, countries: world.places.length };
  const place = ({ country, votes, failed }: WorldOpinion['places'][number]): string => {
    const name = countryName(country, t.language);
    return failed === 0 ? t('popup.do.others.place.ok', { country: name }) : t('popup.do.others.place', { country: name, failed, votes });
  };
  const ownPlace = world.places.find(({ country, failed }) => country === own.toLowerCase() && failed > 0);
  const count = world.failed === 0 ? t('popup.do.others.count.none', counts) : t('popup.do.others.count', counts);
  return {
    id: 'world',
    text: t(`popup.do.others.${worldAnswer(world)}`, { country: countryName(own, t.language) }),
    details: [
      [ownPlace ? `${count}; ${place(ownPlace)}` : count, t('popup.do.others.asked', { time: clockTime(world.at, now, t.language) })].join(' · '),
      ...world.places.map(place),
    ],
  };
}

const fails = (line: TargetLine): boolean => line.status === 'failed';

/** The other storefront was asked one question: it is compared with the same question here, and only while that fails. */
function storefrontSight(storefront: StorefrontOpinion, targets: readonly TargetLine[], t: Translate): Sight[] {
  if (!targets.some((line) => line.role === storefront.role && fails(line))) return [];
  const country = countryName(storefront.country, t.language);
  return [{ id: 'storefront', text: t(storefront.failed ? 'popup.do.others.storefront.failed' : 'popup.do.others.storefront.ok', { country }), details: [] }];
}

type Seen = Pick<Snapshot, 'state' | 'ownTrouble' | 'world' | 'resolver' | 'storefront' | 'targets' | 'storefrontCountry'>;

/** @returns what others see, the widest view first. @param now ms since the epoch */
export function sightsOf(snapshot: Seen, t: Translate, now: number): Sight[] {
  const { world, resolver, storefront, targets, state, ownTrouble } = snapshot;
  const sights: Sight[] = [];
  if (world && world.votes > 0) sights.push(worldSight(world, snapshot.storefrontCountry, t, now));
  if (resolver) {
    const mine = (state === 'own' && (ownTrouble === 'own-resolver' || ownTrouble === 'blocker')) || targets.some((line) => fails(line) && line.phase === 'dns');
    const key = resolver.verdict === 'ok' && mine ? 'popup.do.others.resolver.yours' : (`popup.do.others.resolver.${resolver.verdict}` satisfies Key);
    sights.push({ id: 'resolver', text: t(key), details: resolver.details });
  }
  return storefront ? [...sights, ...storefrontSight(storefront, targets, t)] : sights;
}

/** @returns why places elsewhere gave no opinion, and when they can be asked again; null where there is nothing to say. */
export function refusalWords({ world }: Pick<Snapshot, 'world'>, t: Translate, now: number): string | null {
  const refused = world?.refused;
  if (!refused || (refused.until <= now && world.votes > 0)) return null;
  // Our own pause between two questions is over: nothing is in the way any more.
  if (refused.because === 'not-yet' && refused.until <= now) return null;
  const why = t(`popup.do.others.why.${refused.because}`);
  return refused.until > now ? `${why} ${t('popup.do.others.again', { time: clockTime(refused.until, now, t.language) })}` : why;
}

/** @returns whether the user has agreed that places elsewhere are asked. @param settings as they are stored: any JSON */
export function worldIsOn(settings: unknown): boolean {
  const { world } = ((settings as { secondOpinion?: unknown } | null | undefined)?.secondOpinion ?? {}) as { world?: unknown };
  return world === 'on-request' || world === 'once-per-incident';
}

/** @returns whether an organisation says that they are never asked. @param managed its settings as they are stored: any JSON */
export function worldIsForbidden(managed: unknown): boolean {
  return (managed as { secondOpinion?: { world?: unknown } | null } | null | undefined)?.secondOpinion?.world === 'off';
}

/** @returns whether a text can be a token for the measurement network at all. */
export function isToken(text: string): boolean {
  return WORLD_TOKEN.test(text);
}

/**
 * What the answers' heads tell beyond the failures: an edge that answers for a site which does not, or failures that keep to one family of
 * addresses or one version of HTTP. Only what was seen: a failure without an answer is held against the way the target answered before.
 */
export function wayHints(targets: readonly TargetLine[], t: Translate): string[] {
  const lines = targets.filter((line) => line.trusted && line.role !== 'controls' && line.role !== 'neighbour');
  const failing = lines.filter(fails);
  const hints: string[] = [];
  const behind = failing.filter((line) => line.failure?.startsWith('http.5'));
  if (behind.length > 0 && behind.length * 2 > failing.length && behind.every((line) => line.by === 'edge')) hints.push(t('popup.way.edge-only'));
  const silent = failing.filter((line) => line.phase !== 'http' && line.phase !== 'content' && line.phase !== 'dns' && line.phase !== 'local');
  const answering = lines.filter((line) => line.status === 'ok' || line.status === 'slow');
  if (silent.length >= 2 && answering.length >= 2 && silent.length === failing.length) {
    const ways: ((line: TargetLine) => string | null)[] = [(line) => line.served?.family ?? null, (line) => httpVersion(line.served?.protocol ?? null)];
    for (const way of ways) {
      const [failed] = silent.map(way);
      const [answered] = answering.map(way);
      if (failed && answered && failed !== answered && silent.every((line) => way(line) === failed) && answering.every((line) => way(line) === answered)) {
        hints.push(t('popup.way.one-way', { failing: failed, answering: answered }));
        break;
      }
    }
  }
  return hints;
}

/** @returns "HTTP/2" and the like for what Resource Timing calls `h2`; null where it is not known. */
export function httpVersion(protocol: string | null): string | null {
  const known: Readonly<Record<string, string>> = { h3: 'HTTP/3', h2: 'HTTP/2', 'http/1.1': 'HTTP/1.1' };
  return protocol === null ? null : (known[protocol] ?? null);
}
