import { withoutHidden } from '../core/plain.ts';
import type { Failure, Phase } from '../core/failure.ts';
import { phaseOf } from '../core/failure.ts';
import type { Result } from '../core/observation.ts';

/** What was going on when the engine gave up, so that its words can be read rightly. */
export interface Circumstance {
  /** Our own timer had fired: the abort is our own doing and means "no answer in time". */
  timedOut: boolean;
  /** The head of the answer had come: a connection that breaks now cuts the body short. */
  answered: boolean;
}

/** A build for one engine has that engine's words alone; unbuilt, and so in the tests, both are there. */
const ALL_BUT_CHROMIUM = import.meta.env?.FIREFOX === true;
const ALL_BUT_FIREFOX = import.meta.env?.FIREFOX === false;

type Reading = Failure | 'discard:network-changed' | 'discard:suspended' | 'discard:aborted';

/**
 * Chromium's `net::ERR_…` without its prefix. From Chromium's net_error_list.h; the reading of the common ones was measured.
 * `CACHE_*` and whatever is missing here falls to `CHROMIUM_RANGES`.
 */
const CHROMIUM: Readonly<Record<string, Reading>> = ALL_BUT_CHROMIUM ? {} : {
  ABORTED: 'discard:aborted',
  CONTEXT_SHUT_DOWN: 'discard:aborted',
  NETWORK_CHANGED: 'discard:network-changed',
  NETWORK_IO_SUSPENDED: 'discard:suspended',
  INTERNET_DISCONNECTED: 'local.offline',
  NETWORK_ACCESS_DENIED: 'local.denied',
  ACCESS_DENIED: 'local.denied',
  NETWORK_ACCESS_REVOKED: 'local.denied',
  BLOCKED_BY_CLIENT: 'blocked.by_client',
  BLOCKED_BY_ADMINISTRATOR: 'blocked.by_client',
  BLOCKED_BY_RESPONSE: 'blocked.by_client',
  BLOCKED_BY_CSP: 'blocked.by_client',
  BLOCKED_BY_ORB: 'blocked.by_client',
  BLOCKED_BY_PRIVATE_NETWORK_ACCESS_CHECKS: 'blocked.by_client',
  BLOCKED_BY_LOCAL_NETWORK_ACCESS_CHECKS: 'blocked.by_client',
  CLEARTEXT_NOT_PERMITTED: 'blocked.by_client',
  DISALLOWED_URL_SCHEME: 'blocked.by_client',
  UNSAFE_PORT: 'blocked.by_client',
  UNSAFE_REDIRECT: 'http.protocol.error',
  TEMPORARILY_THROTTLED: 'discard:aborted',

  NAME_NOT_RESOLVED: 'dns.name_not_resolved',
  ICANN_NAME_COLLISION: 'dns.name_not_resolved',
  NAME_RESOLUTION_FAILED: 'dns.failed',
  HOST_RESOLVER_QUEUE_TOO_LARGE: 'dns.failed',
  DNS_TIMED_OUT: 'dns.timed_out',
  DNS_SERVER_FAILED: 'dns.failed',
  DNS_MALFORMED_RESPONSE: 'dns.failed',

  TIMED_OUT: 'timed_out',
  CONNECTION_TIMED_OUT: 'tcp.timed_out',
  CONNECTION_REFUSED: 'tcp.refused',
  CONNECTION_RESET: 'tcp.reset',
  CONNECTION_CLOSED: 'tcp.closed',
  CONNECTION_ABORTED: 'tcp.closed',
  CONNECTION_FAILED: 'tcp.failed',
  SOCKET_NOT_CONNECTED: 'tcp.failed',
  ADDRESS_UNREACHABLE: 'tcp.address_unreachable',
  ADDRESS_INVALID: 'tcp.address_unreachable',
  ADDRESS_IN_USE: 'local.denied',
  INSUFFICIENT_RESOURCES: 'local.denied',

  SSL_PROTOCOL_ERROR: 'tls.protocol.error',
  SSL_VERSION_OR_CIPHER_MISMATCH: 'tls.protocol.error',
  SSL_UNRECOGNIZED_NAME_ALERT: 'tls.protocol.error',
  SSL_BAD_RECORD_MAC_ALERT: 'tls.protocol.error',
  SSL_DECRYPT_ERROR_ALERT: 'tls.protocol.error',
  QUIC_HANDSHAKE_FAILED: 'tls.protocol.error',
  CERT_COMMON_NAME_INVALID: 'tls.cert.name_invalid',
  CERT_DATE_INVALID: 'tls.cert.date_invalid',
  CERT_VALIDITY_TOO_LONG: 'tls.failed',
  CERT_AUTHORITY_INVALID: 'tls.cert.authority_invalid',
  CERT_KNOWN_INTERCEPTION_BLOCKED: 'tls.cert.authority_invalid',
  CERT_SYMANTEC_LEGACY: 'tls.cert.authority_invalid',
  CERT_REVOKED: 'tls.cert.revoked',

  EMPTY_RESPONSE: 'http.response.invalid',
  INVALID_RESPONSE: 'http.response.invalid',
  INVALID_HTTP_RESPONSE: 'http.response.invalid',
  RESPONSE_HEADERS_TOO_BIG: 'http.response.invalid',
  RESPONSE_HEADERS_TRUNCATED: 'http.response.truncated',
  RESPONSE_HEADERS_MULTIPLE_LOCATION: 'http.response.invalid',
  RESPONSE_HEADERS_MULTIPLE_CONTENT_LENGTH: 'http.response.invalid',
  CONTENT_LENGTH_MISMATCH: 'http.response.truncated',
  INCOMPLETE_CHUNKED_ENCODING: 'http.response.truncated',
  INVALID_CHUNKED_ENCODING: 'http.response.invalid',
  CONTENT_DECODING_FAILED: 'http.response.invalid',
  CONTENT_DECODING_INIT_FAILED: 'http.response.invalid',
  TOO_MANY_REDIRECTS: 'http.response.redirect_loop',
  INVALID_REDIRECT: 'http.response.invalid',
  TOO_MANY_RETRIES: 'http.protocol.error',

  PAC_SCRIPT_FAILED: 'local.proxy',
  PAC_SCRIPT_TERMINATED: 'local.proxy',
  PAC_NOT_IN_DHCP: 'local.proxy',
  NO_SUPPORTED_PROXIES: 'local.proxy',
  HTTPS_PROXY_TUNNEL_RESPONSE_REDIRECT: 'local.proxy',
};

/** Names that are not in the table, by the family their first words tell; Chromium keeps these families together in its number ranges. */
const CHROMIUM_RANGES: readonly (readonly [RegExp, Failure])[] = ALL_BUT_CHROMIUM ? [] : [
  [/^(?:PROXY|TUNNEL|SOCKS|MANDATORY_PROXY|UNEXPECTED_PROXY|PAC)_/, 'local.proxy'],
  [/^BLOCKED_BY_/, 'blocked.by_client'],
  [/^(?:DNS|NAME)_/, 'dns.failed'],
  [/^(?:SSL|CERT|CERTIFICATE|BAD_SSL|ECH|TLS)_/, 'tls.failed'],
  [/^(?:CONNECTION|SOCKET|ADDRESS)_/, 'tcp.failed'],
  [/^(?:HTTP|HTTP2|HTTP_1_1|SPDY|QUIC|HTTP3)_/, 'http.protocol.error'],
  [/^(?:RESPONSE_HEADERS|CONTENT)_/, 'http.response.invalid'],
];

/** Chromium's ranges of numbers, for builds that report a bare number: 100 connection, 200 certificate, 300 HTTP, 800 DNS. */
const CHROMIUM_NUMBERS: Readonly<Record<number, Failure>> = { 1: 'tcp.failed', 2: 'tls.failed', 3: 'http.protocol.error', 8: 'dns.failed' };

/** Firefox's nsresult names, from its ErrorList.py (module NETWORK); the reading of the common ones was measured. */
const FIREFOX: Readonly<Record<string, Reading>> = ALL_BUT_FIREFOX ? {} : {
  NS_BINDING_ABORTED: 'discard:aborted',
  NS_ERROR_ABORT: 'blocked.by_client', // a page's request that another extension cancelled; our own are out of its reach in both engines
  NS_ERROR_NETWORK_CHANGED: 'discard:network-changed',
  NS_ERROR_OFFLINE: 'local.offline',

  NS_ERROR_UNKNOWN_HOST: 'dns.name_not_resolved',
  NS_ERROR_DEFINITIVE_UNKNOWN_HOST: 'dns.name_not_resolved',
  NS_ERROR_DNS_LOOKUP_QUEUE_FULL: 'dns.failed',

  NS_ERROR_CONNECTION_REFUSED: 'tcp.refused',
  NS_ERROR_NET_TIMEOUT: 'tcp.timed_out',
  NS_ERROR_NET_TIMEOUT_EXTERNAL: 'tcp.timed_out',
  NS_ERROR_NET_RESET: 'tcp.reset',
  NS_ERROR_NET_INTERRUPT: 'tcp.closed',
  NS_ERROR_NOT_CONNECTED: 'tcp.failed',
  NS_ERROR_HOST_IS_IP_QUERY: 'tcp.failed',

  NS_ERROR_BAD_HSTS_CERT: 'tls.cert.authority_invalid',
  NS_ERROR_NET_INADEQUATE_SECURITY: 'tls.protocol.error',

  NS_ERROR_NET_PARTIAL_TRANSFER: 'http.response.truncated',
  NS_ERROR_NET_EMPTY_RESPONSE: 'http.response.invalid',
  NS_ERROR_NET_ERROR_RESPONSE: 'http.response.invalid',
  NS_ERROR_PARSING_HTTP_STATUS_LINE: 'http.response.invalid',
  NS_ERROR_INVALID_CONTENT_ENCODING: 'http.response.invalid',
  NS_ERROR_CORRUPTED_CONTENT: 'http.response.invalid',
  NS_ERROR_NET_HTTP2_SENT_GOAWAY: 'http.protocol.error',
  NS_ERROR_NET_HTTP3_PROTOCOL_ERROR: 'http.protocol.error',
  NS_ERROR_REDIRECT_LOOP: 'http.response.redirect_loop',

  NS_ERROR_DOM_BAD_URI: 'blocked.by_client',
  NS_ERROR_HTTPS_ONLY: 'blocked.by_client',
  NS_ERROR_PORT_ACCESS_NOT_ALLOWED: 'blocked.by_client',
  NS_ERROR_CONTENT_BLOCKED: 'blocked.by_client',
  NS_ERROR_BLOCKED_BY_POLICY: 'blocked.by_client',
  NS_ERROR_SOCKET_ADDRESS_IN_USE: 'local.denied',
};

const FIREFOX_RANGES: readonly (readonly [RegExp, Failure])[] = ALL_BUT_FIREFOX ? [] : [
  [/^NS_ERROR_(?:UNKNOWN_)?PROXY_/, 'local.proxy'],
  [/_TRACKING_URI$|_MALWARE_URI$|_PHISHING_URI$|_UNWANTED_URI$|_HARMFUL_URI$|^NS_ERROR_XFO_/, 'blocked.by_client'],
  [/^NS_ERROR_(?:NET_)?HTTP[23]?_/, 'http.protocol.error'],
];

/**
 * Firefox tells TLS failures by a sentence in the user's language. All of them are `tls.failed`; the well-known English ones
 * (NSS's own texts, in Firefox since long) say more. Other languages keep the class, which is what the diagnosis needs most.
 */
const FIREFOX_SENTENCES: readonly (readonly [RegExp, Failure])[] = ALL_BUT_FIREFOX ? [] : [
  [/different domain name|certificate is only valid for|is not valid for the name|does not match the (?:host|domain|server)/i, 'tls.cert.name_invalid'],
  [/\bexpired\b|not yet valid|system clock/i, 'tls.cert.date_invalid'],
  [/\brevoked\b/i, 'tls.cert.revoked'],
  [/self.?signed|issuer is (?:unknown|not recognized|not trusted)|issuer is unknown|not trusted|unknown issuer|is not recognized/i, 'tls.cert.authority_invalid'],
  [/^SSL (?:received|peer|version)|^Cannot communicate securely|^Peer (?:using|reports|does not)|cipher|handshake|record|protocol version/i, 'tls.protocol.error'],
];

const MAX_RAW = 160;

/** @returns the engine's words without addresses: neither the user's nor anybody's need be kept. */
export function scrub(text: string): string {
  // Hidden signs go first: an address that they tear apart would be whole again afterwards.
  return withoutHidden(text.slice(0, 10 * MAX_RAW))
    .replace(/\b[a-z][a-z0-9+.-]*:\/\/\S+/gi, '(address)')
    .replace(/\b(?:\d{1,3}\.){3}\d{1,3}\b/g, '(address)')
    .replace(/(?<![\w:])(?:[0-9a-f]{0,4}:){2,7}[0-9a-f]{0,4}(?![\w:])/gi, '(address)')
    .replace(/\b(?:[a-z0-9-]+\.)+[a-z]{2,}\b/gi, '(host)')
    .slice(0, MAX_RAW)
    .replace(/[\uD800-\uDBFF]$/, '')
    .trim();
}

function read(error: string): Reading | null {
  const chromium = /^net::(?:ERR_)?(.*)$/.exec(error)?.[1];
  if (chromium !== undefined) {
    const number = /^<?-?(\d{3})>?$/.exec(chromium)?.[1];
    // Every object knows more names than were written into it.
    const known = Object.hasOwn(CHROMIUM, chromium) ? CHROMIUM[chromium] : undefined;
    return known ?? CHROMIUM_RANGES.find(([pattern]) => pattern.test(chromium))?.[1] ?? (number ? (CHROMIUM_NUMBERS[Math.floor(Number(number) / 100)] ?? null) : null);
  }
  if (/^NS_[A-Z0-9_]+$/.test(error)) return FIREFOX[error] ?? FIREFOX_RANGES.find(([pattern]) => pattern.test(error))?.[1] ?? null;
  // Whatever else webRequest says in Firefox is a sentence about TLS; a single word is none.
  if (/\s|\P{ASCII}/u.test(error.trim())) return FIREFOX_SENTENCES.find(([pattern]) => pattern.test(error))?.[1] ?? 'tls.failed';
  return null;
}

const BROKEN_CONNECTION: ReadonlySet<Failure> = new Set<Failure>(['tcp.reset', 'tcp.closed', 'tcp.failed']);

/**
 * Reads an engine's words for a failed request.
 * @param error `details.error` of `webRequest.onErrorOccurred`: `net::ERR_…` in Chromium, an nsresult name or a sentence about TLS in Firefox
 * @returns the failure with its phase, or why the sample must be thrown away. Words no table knows are kept, without addresses, as `raw` of `unknown`.
 */
export function readNetworkError(error: string, circumstance: Circumstance): Result {
  const reading = read(error);
  // An abort in the middle of a body is ERR_FAILED in Chromium.
  if ((reading === null || reading === 'discard:aborted') && circumstance.timedOut) return timedOut(circumstance);
  if (reading === null) return { kind: 'failed', failure: 'unknown', phase: circumstance.answered ? 'http' : 'unknown', raw: scrub(error) };
  switch (reading) {
    case 'discard:aborted':
      return { kind: 'discarded', because: 'aborted' };
    case 'discard:network-changed':
      return { kind: 'discarded', because: 'network-changed' };
    case 'discard:suspended':
      return { kind: 'discarded', because: 'suspended' };
    default: {
      const failure = circumstance.answered && BROKEN_CONNECTION.has(reading) ? 'http.response.truncated' : reading;
      const raw = failure === 'tls.failed' || failure.endsWith('.failed') ? { raw: scrub(error) } : {};
      return { kind: 'failed', failure, phase: phaseOf(failure), ...raw };
    }
  }
}

/** @returns what one's own timer says where nothing else is known: after the head of an answer the server fell silent, before it nobody knows. */
export function timedOut({ answered }: Pick<Circumstance, 'answered'>): Result {
  const phase: Phase = answered ? 'http' : 'unknown';
  return { kind: 'failed', failure: answered ? 'http.timed_out' : 'timed_out', phase };
}
