import { withoutHidden } from './plain.ts';
import { ARTWORK, REMINDER_KINDS, type Reminder } from './reminder.ts';

/** What a page says of itself: any text, by nobody to be trusted. */
export interface PageMetadata {
  /** The document's title, as its tab shows it. */
  title?: string | null;
  /** `og:title`. */
  ogTitle?: string | null;
  /** `og:url`: where it names another page than the address, the other `og:` fields are those of the page before. */
  ogUrl?: string | null;
  /** `og:image`. */
  ogImage?: string | null;
}

const HOST = /^(?:(?:geo|beta|classical)\.)?music\.apple\.com$|^(?:geo\.)?itunes\.apple\.com$/;

/** `/jp/album/stray-sheep/1526443567`; the region may be missing (then it is the US), and so may the name. */
const PATH = /^\/(?:([a-z]{2})\/)?([a-z-]+)\/(?:([^/]+)\/)?([^/]+)\/?$/;
/** What an address calls a thing, where there are numbers, playlists and stations. Old links of the iTunes Store write `id` in front. */
const ID: Record<Reminder['kind'], RegExp> = {
  song: /^(?:id)?(\d{1,20})$/,
  album: /^(?:id)?(\d{1,20})$/,
  artist: /^(?:id)?(\d{1,20})$/,
  'music-video': /^(?:id)?(\d{1,20})$/,
  playlist: /^(?:id)?(pl\.[A-Za-z0-9.-]{1,70})$/,
  station: /^(?:id)?(ra\.[A-Za-z0-9.-]{1,70})$/,
};

const MOST = 200;
const MOST_PATH = 500;

/** Titles as each language of the site writes them, the most telling first; what does not fit any is taken as it is. */
const TITLES: readonly RegExp[] = [
  /^(?<title>.+?) [-–—] (?:Song|Album|EP|Single|Music Video|Playlist|Station)(?: by (?<artist>.+?))?(?: [-–—] Apple Music)?$/u,
  /^(?<title>.+) by (?<artist>.+) on Apple Music$/u,
  /^Apple Musicで(?<artist>.+?)の[「『](?<title>.+)[」』]を?(?:聴く|見る|視聴する)?$/u,
  /^(?<artist>.+?)の[「『](?<title>.+)[」』](?:を?Apple Musicで(?:聴く|見る)?)?$/u,
  /^[「『](?<title>.+)[」』]を?Apple Musicで(?:聴く|見る)?$/u,
  /^(?<title>.+?) [-–—] (?<artist>.+?)の(?:曲|アルバム|シングル|EP|ミュージックビデオ)(?: [-–—] Apple Music)?$/u,
  /^[„“](?<title>.+)[“”] von (?<artist>.+?) bei Apple Music$/u,
  /^(?<title>.+) von (?<artist>.+) bei Apple Music$/u,
  /^(?<title>.+) (?:par|de) (?<artist>.+) sur Apple Music$/u,
  /^(?<title>.+) de (?<artist>.+) en Apple Music$/u,
  /^(?<title>.+) (?:de|por) (?<artist>.+) no Apple Music$/u,
  /^(?<title>.+) di (?<artist>.+) su Apple Music$/u,
  /^Apple Music에서 감상하는 (?<artist>.+?)의 (?<title>.+)$/u,
  /^(?:在 ?)?Apple Music ?上(?:收聽|的)?(?<artist>.+?)的[《〈「](?<title>.+)[》〉」]$/u,
];
/** What only says whose page it is. */
const SUFFIX = /\s*(?:[-–—|:]|on|en|bei|sur|su|no|in)?\s*Apple\s?Music(?: (?:Classical|Web Player))?$/iu;
/** A page that has not loaded, or not yet: its title names no song. */
const NO_TITLE = /^(?:[45]\d\d\b.*|.*(?:service unavailable|bad gateway|gateway time-?out|internal server error|access denied).*|error(?: .*)?|not found|apple music(?: [-–—] web player)?|itunes(?: store)?|loading.*|untitled|(?:music|itunes)\.apple\.com.*)$/iu;

/**
 * Plain text of what a page gave, and not without end.
 * @returns '' where nothing is left
 */
export function plainText(given: string | null | undefined): string {
  if (typeof given !== 'string') return '';
  return [...withoutHidden(given.slice(0, 4 * MOST))].slice(0, MOST).join('').trim();
}

/** @returns title and artist as a page's title tells them; null where it names nothing. */
export function readTitle(given: string | null | undefined): { title: string; artist: string | null } | null {
  const text = plainText(given);
  for (const pattern of TITLES) {
    const found = pattern.exec(text)?.groups;
    if (found?.['title']) return { title: found['title'].trim(), artist: found['artist']?.trim() || null };
  }
  const title = text.replace(SUFFIX, '').trim();
  return title === '' || NO_TITLE.test(text) || NO_TITLE.test(title) ? null : { title, artist: null };
}

interface Place {
  kind: Reminder['kind'];
  region: string;
  id: string;
  slug: string | null;
  url: string;
}

/** @returns what an address of the store leads to; null where that is nothing one could keep. */
export function placeOf(address: string): Place | null {
  if (address.length > 2_000 || !URL.canParse(address)) return null;
  const url = new URL(address);
  // The number stands at the end: a path cut short would lead to another page.
  if (url.protocol !== 'https:' || !HOST.test(url.hostname) || url.pathname.length > MOST_PATH) return null;
  const [, region = 'us', what = '', slug = null, last = ''] = PATH.exec(url.pathname) ?? [];
  const kind = REMINDER_KINDS.find((one) => one === what);
  const id = kind && ID[kind].exec(last)?.[1];
  if (kind === undefined || id === undefined) return null;
  const song = kind === 'album' ? /^\d{1,20}$/.exec(url.searchParams.get('i') ?? '')?.[0] : undefined;
  // The address without what only tracks: the page it leads to is the same.
  const host = url.hostname.replace(/^geo\./, '');
  const short = `https://${host}${url.pathname}${song === undefined ? '' : `?i=${song}`}`;
  return { kind: song === undefined ? kind : 'song', region, id: song ?? id, slug, url: short };
}

function ofSlug(slug: string | null): string {
  if (slug === null) return '';
  let text = slug;
  try {
    text = decodeURIComponent(slug);
  } catch {
    // Half an escape: it is shown as it is.
  }
  const words = plainText(text.replaceAll('-', ' '));
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/**
 * What a page of the store is about, so that it can be kept. The address decides; what the page says only gives it a name.
 * @param address of the page
 * @param now ms since the epoch
 * @returns null where it is no page of a song, an album and the like
 */
export function songOf(address: string, metadata: PageMetadata, now: number): Reminder | null {
  const place = placeOf(address);
  if (place === null) return null;
  const about = metadata.ogUrl == null ? null : placeOf(metadata.ogUrl);
  const current = metadata.ogUrl == null || (about !== null && (about.id === place.id || about.url.replace(/\?.*/, '') === place.url.replace(/\?.*/, '')));
  // A song's own title may stand in either; the tab's title follows the page wherever it goes.
  const named = readTitle(metadata.title) ?? (current ? readTitle(metadata.ogTitle) : null);
  const other = current ? readTitle(metadata.ogTitle) : null;
  const artwork = current && metadata.ogImage != null && metadata.ogImage.length <= 600 && ARTWORK.test(metadata.ogImage) ? metadata.ogImage : null;
  return {
    id: `${place.region}:${place.kind}:${place.id}`,
    kind: place.kind,
    title: named?.title || ofSlug(place.slug) || place.id,
    artist: named?.artist ?? (other?.title === named?.title ? (other?.artist ?? null) : null),
    artwork,
    url: place.url,
    addedAt: now,
  };
}
