import { PLACE_URL } from '../core/settings.ts';

/** A place to look for the same song: `{query}` in the address is what is looked for. */
export interface Elsewhere {
  name: string;
  url: string;
}

/** Places that sell or play music everywhere; plain search addresses, no affiliate tag, nothing contacted until a link is clicked. */
const EVERYWHERE: readonly Elsewhere[] = [
  { name: 'Spotify', url: 'https://open.spotify.com/search/{query}' },
  { name: 'YouTube Music', url: 'https://music.youtube.com/search?q={query}' },
  { name: 'Bandcamp', url: 'https://bandcamp.com/search?q={query}' },
];

/** Stores that are at home in a country, by ISO 3166. */
const AT_HOME: Readonly<Record<string, readonly Elsewhere[]>> = {
  jp: [
    { name: 'mora', url: 'https://mora.jp/search/top?keyWord={query}' },
    { name: 'レコチョク', url: 'https://recochoku.jp/search/all?q={query}' },
    { name: 'Amazon Music', url: 'https://music.amazon.co.jp/search/{query}' },
  ],
  us: [{ name: 'Amazon Music', url: 'https://music.amazon.com/search/{query}' }],
  gb: [{ name: 'Amazon Music', url: 'https://music.amazon.co.uk/search/{query}' }],
  de: [{ name: 'Amazon Music', url: 'https://music.amazon.de/search/{query}' }],
  fr: [{ name: 'Qobuz', url: 'https://www.qobuz.com/fr-fr/search?q={query}' }, { name: 'Deezer', url: 'https://www.deezer.com/search/{query}' }],
  it: [{ name: 'Amazon Music', url: 'https://music.amazon.it/search/{query}' }],
  es: [{ name: 'Amazon Music', url: 'https://music.amazon.es/search/{query}' }],
  kr: [{ name: 'Melon', url: 'https://www.melon.com/search/total/index.htm?q={query}' }],
  tw: [{ name: 'KKBOX', url: 'https://www.kkbox.com/tw/tc/search?q={query}' }],
};

/**
 * @param settings as stored: any JSON
 * @param country ISO 3166, lower case
 * @returns the user's own list where there is one that can be used, else the list for the country
 */
export function elsewhereOf(settings: unknown, country: string): readonly Elsewhere[] {
  const own = (settings as { elsewhere?: unknown } | null | undefined)?.elsewhere;
  const usable = (Array.isArray(own) ? own : []).filter((each): each is Elsewhere => isPlace(each));
  return usable.length > 0 ? usable : [...(AT_HOME[country] ?? []), ...EVERYWHERE];
}

function isPlace(each: unknown): boolean {
  const { name, url } = (each ?? {}) as Partial<Elsewhere>;
  return typeof name === 'string' && name !== '' && typeof url === 'string' && isPlaceUrl(url);
}

/** @returns whether a song can be looked for there. */
export function isPlaceUrl(url: string): boolean {
  return PLACE_URL.test(url);
}
