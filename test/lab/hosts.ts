import type { Role } from '../../utils/core/role.ts';
import * as answers from './answers.ts';
import type { Handler } from './answers.ts';
import { labGlobalping } from './globalping.ts';

/** Who stands in front of a host: it decides which page and which headers an error written "by the edge" has. */
export type Edge = 'akamai' | 'fastly' | 'apple' | 'google' | 'cloudflare' | 'microsoft' | 'none';

/**
 * One host of the tiny internet. Every host has an address of its own, so that a fault can hit it alone.
 * The addresses look like those the real hosts have (a browser treats private ones differently); nothing of them leaves the namespace.
 */
export interface Host {
  name: string;
  /** The view of a scenario that decides what happens to it. */
  role: Role;
  address: string;
  edge: Edge;
  /** Aliases between the name and its address, as public resolvers show them. */
  chain: readonly string[];
  handler: Handler;
  /** Resolvers that speak DNS over HTTPS follow the `doh` key as well as their role. */
  doh?: boolean;
  /** Reached by its literal address: there is no name to look up. */
  literal?: boolean;
}

function host(name: string, role: Role, address: string, edge: Edge, handler: Handler, more: Partial<Host> = {}): Host {
  return { name, role, address, edge, handler, chain: [], ...more };
}

const MUSIC_CHAIN = ['music-cdn.itunes-apple.com.akadns.net', 'h3.apis.apple.map.fastly.net'];
const ITUNES_CHAIN = ['itunes.apple.com.edgekey.net', 'e673.dsce9.akamaiedge.net'];

/** All hosts there are; any other name is not found. A new server is one line here and one handler. */
export const HOSTS: readonly Host[] = [
  host('music.apple.com', 'storefront', '151.101.3.6', 'fastly', answers.musicPage, { chain: MUSIC_CHAIN }),
  host('beta.music.apple.com', 'storefront', '151.101.67.6', 'fastly', answers.musicPage, { chain: ['h3.apis.apple.map.fastly.net'] }),
  host('classical.music.apple.com', 'storefront', '151.101.131.6', 'fastly', answers.musicPage, { chain: ['h3.apis.apple.map.fastly.net'] }),
  host('geo.music.apple.com', 'storefront', '151.101.195.6', 'fastly', answers.geoRedirect, { chain: ['h3.apis.apple.map.fastly.net'] }),
  host('geo.itunes.apple.com', 'storefront', '23.209.216.40', 'akamai', answers.geoRedirect, { chain: ['geo.itunes.apple.com.edgekey.net'] }),
  host('itunes.apple.com', 'catalog', '23.209.216.33', 'akamai', answers.catalog, { chain: ITUNES_CHAIN }),
  host('init.itunes.apple.com', 'directory', '23.209.216.34', 'akamai', answers.directory, { chain: ['init-cdn.itunes-apple.com.akadns.net', 'itunes.apple.com.edgekey.net'] }),
  host('rss.marketingtools.apple.com', 'charts', '17.253.144.10', 'apple', answers.charts, { chain: ['rss.marketingtools.apple.com.v.aaplimg.com'] }),
  host('is1-ssl.mzstatic.com', 'artwork', '23.209.216.35', 'akamai', answers.artwork, { chain: ['mzstatic.com.edgekey.net'] }),
  host('audio-ssl.itunes.apple.com', 'audio', '23.209.216.36', 'akamai', answers.audio, { chain: ['audio-ssl.itunes.apple.com.edgekey.net'] }),
  host('appleid.apple.com', 'account', '17.32.194.36', 'apple', answers.account, { chain: ['appleid.idms-apple.com.akadns.net'] }),
  host('buy.itunes.apple.com', 'purchase', '17.173.66.213', 'apple', answers.purchase, { chain: ['buy.itunes-apple.com.akadns.net'] }),
  // Asked by the user's own pages alone.
  host('aod-ssl.itunes.apple.com', 'audio', '23.209.216.41', 'akamai', answers.audio, { chain: ['aod-ssl.itunes.apple.com.edgekey.net'] }),
  host('amp-api.music.apple.com', 'catalog', '151.101.3.7', 'fastly', answers.signedIn, { chain: ['h3.apis.apple.map.fastly.net'] }),
  host('buy.music.apple.com', 'purchase', '17.173.66.214', 'apple', answers.signedIn, { chain: ['buy.itunes-apple.com.akadns.net'] }),
  host('idmsa.apple.com', 'account', '17.32.194.37', 'apple', answers.signedIn, { chain: ['idmsa.idms-apple.com.akadns.net'] }),
  host('www.apple.com', 'neighbour', '23.209.216.37', 'akamai', answers.vendorSite, { chain: ['www-apple-com.v.aaplimg.com', 'www.apple.com.edgekey.net'] }),
  host('captive.apple.com', 'neighbour', '17.253.144.11', 'apple', answers.vendorCaptiveCheck, { chain: ['captive.g.aaplimg.com'] }),
  host('www.gstatic.com', 'controls', '142.250.196.99', 'google', answers.generate204),
  host('1.1.1.1', 'controls', '1.1.1.1', 'cloudflare', answers.cloudflare, { literal: true }),
  host('detectportal.firefox.com', 'controls', '34.107.221.82', 'google', answers.mozillaCaptiveCheck),
  host('www.msftconnecttest.com', 'controls', '13.107.4.52', 'microsoft', answers.microsoftConnectTest),
  host('cloudflare-dns.com', 'controls', '104.16.249.249', 'cloudflare', answers.cloudflare, { doh: true }),
  host('dns.google', 'controls', '8.8.4.4', 'google', answers.googleDns, { doh: true }),
  host('8.8.8.8', 'controls', '8.8.8.8', 'google', answers.googleDns, { doh: true, literal: true }),
  host('api.globalping.io', 'controls', '104.18.7.19', 'cloudflare', labGlobalping((name) => HOSTS.find((other) => other.name === name)?.handler)),
  host('login.hotspot.example', 'controls', '185.53.178.9', 'none', answers.portal),
];

/**
 * Hosts with one certificate, which may answer at one address: a scan of 2026-09-26 found the first two at 23.209.216.33 and all of them on the same
 * certificate of 72 names. Which network a name leads to differs by place and hour, so the lab keeps them apart unless told (`sharedEdge`); where they
 * are together, a browser may ask all of them over one connection of HTTP/2.
 */
export const SHARED_EDGE: readonly string[] = ['itunes.apple.com', 'music.apple.com', 'init.itunes.apple.com', 'is1-ssl.mzstatic.com'];

/** The user's own router: it resolves names, and nothing else. */
export const ROUTER = '192.168.77.1';
export const BROWSER = '192.168.77.2';

/** @returns the wrong address that a lying resolver gives for the n-th host; what the host's view says happens there. */
export function wrongAddress(index: number): string {
  return `203.0.113.${index + 10}`;
}
