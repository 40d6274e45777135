import { expect, test } from 'vitest';
import { readNetworkError, scrub } from './network-errors.ts';

function say(error: string, timedOut = false, answered = false): string {
  const result = readNetworkError(error, { timedOut, answered });
  if (result.kind === 'ok') return 'ok';
  return result.kind === 'discarded' ? `discarded ${result.because}` : `${result.phase}: ${result.failure}`;
}

test.each([
  // Chromium
  ['net::ERR_NAME_NOT_RESOLVED', 'dns: dns.name_not_resolved'],
  ['net::ERR_NAME_RESOLUTION_FAILED', 'dns: dns.failed'],
  ['net::ERR_DNS_TIMED_OUT', 'dns: dns.timed_out'],
  ['net::ERR_DNS_NO_MATCHING_SUPPORTED_ALPN', 'dns: dns.failed'],
  ['net::ERR_CONNECTION_REFUSED', 'tcp: tcp.refused'],
  ['net::ERR_CONNECTION_RESET', 'tcp: tcp.reset'],
  ['net::ERR_CONNECTION_CLOSED', 'tcp: tcp.closed'],
  ['net::ERR_CONNECTION_TIMED_OUT', 'tcp: tcp.timed_out'],
  ['net::ERR_ADDRESS_UNREACHABLE', 'tcp: tcp.address_unreachable'],
  ['net::ERR_ADDRESS_INVALID', 'tcp: tcp.address_unreachable'],
  ['net::ERR_CONNECTION_WEATHER', 'tcp: tcp.failed'],
  ['net::ERR_SSL_PROTOCOL_ERROR', 'tls: tls.protocol.error'],
  ['net::ERR_SSL_SOMETHING_NEW', 'tls: tls.failed'],
  ['net::ERR_CERT_COMMON_NAME_INVALID', 'tls: tls.cert.name_invalid'],
  ['net::ERR_CERT_DATE_INVALID', 'tls: tls.cert.date_invalid'],
  ['net::ERR_CERT_AUTHORITY_INVALID', 'tls: tls.cert.authority_invalid'],
  ['net::ERR_CERT_REVOKED', 'tls: tls.cert.revoked'],
  ['net::ERR_CERT_WEAK_SIGNATURE_ALGORITHM', 'tls: tls.failed'],
  ['net::ERR_CERTIFICATE_TRANSPARENCY_REQUIRED', 'tls: tls.failed'],
  ['net::ERR_EMPTY_RESPONSE', 'http: http.response.invalid'],
  ['net::ERR_CONTENT_LENGTH_MISMATCH', 'http: http.response.truncated'],
  ['net::ERR_INCOMPLETE_CHUNKED_ENCODING', 'http: http.response.truncated'],
  ['net::ERR_TOO_MANY_REDIRECTS', 'http: http.response.redirect_loop'],
  ['net::ERR_HTTP2_PROTOCOL_ERROR', 'http: http.protocol.error'],
  ['net::ERR_HTTP_1_1_REQUIRED', 'http: http.protocol.error'],
  ['net::ERR_QUIC_PROTOCOL_ERROR', 'http: http.protocol.error'],
  ['net::ERR_INTERNET_DISCONNECTED', 'local: local.offline'],
  ['net::ERR_PROXY_CONNECTION_FAILED', 'local: local.proxy'],
  ['net::ERR_TUNNEL_CONNECTION_FAILED', 'local: local.proxy'],
  ['net::ERR_SOCKS_CONNECTION_FAILED', 'local: local.proxy'],
  ['net::ERR_NETWORK_ACCESS_DENIED', 'local: local.denied'],
  ['net::ERR_BLOCKED_BY_CLIENT', 'local: blocked.by_client'],
  ['net::ERR_BLOCKED_BY_SOMEBODY_NEW', 'local: blocked.by_client'],
  ['net::ERR_NETWORK_CHANGED', 'discarded network-changed'],
  ['net::ERR_NETWORK_IO_SUSPENDED', 'discarded suspended'],
  ['net::ERR_ABORTED', 'discarded aborted'],
  ['net::ERR_TIMED_OUT', 'unknown: timed_out'],
  ['net::-118', 'tcp: tcp.failed'],
  ['net::<-805>', 'dns: dns.failed'],
  ['net::ERR_FAILED', 'unknown: unknown'],
  ['net::ERR_CACHE_MISS', 'unknown: unknown'],
  // Firefox
  ['NS_ERROR_UNKNOWN_HOST', 'dns: dns.name_not_resolved'],
  ['NS_ERROR_CONNECTION_REFUSED', 'tcp: tcp.refused'],
  ['NS_ERROR_NET_RESET', 'tcp: tcp.reset'],
  ['NS_ERROR_NET_TIMEOUT', 'tcp: tcp.timed_out'],
  ['NS_ERROR_NET_INTERRUPT', 'tcp: tcp.closed'],
  ['NS_ERROR_NET_PARTIAL_TRANSFER', 'http: http.response.truncated'],
  ['NS_ERROR_REDIRECT_LOOP', 'http: http.response.redirect_loop'],
  ['NS_ERROR_OFFLINE', 'local: local.offline'],
  ['NS_ERROR_UNKNOWN_PROXY_HOST', 'local: local.proxy'],
  ['NS_ERROR_PROXY_CONNECTION_REFUSED', 'local: local.proxy'],
  ['NS_ERROR_PROXY_BAD_GATEWAY', 'local: local.proxy'],
  ['NS_ERROR_TRACKING_URI', 'local: blocked.by_client'],
  ['NS_ERROR_ABORT', 'local: blocked.by_client'],
  ['NS_BINDING_ABORTED', 'discarded aborted'],
  ['NS_ERROR_UNEXPECTED', 'unknown: unknown'],
  // Firefox, sentences about TLS
  ['The certificate is not trusted because it is self-signed.', 'tls: tls.cert.authority_invalid'],
  ["Peer's Certificate issuer is not recognized.", 'tls: tls.cert.authority_invalid'],
  ['Unable to communicate securely with peer: requested domain name does not match the server\u2019s certificate.', 'tls: tls.cert.name_invalid'],
  ["Peer's Certificate has expired.", 'tls: tls.cert.date_invalid'],
  ["Peer's Certificate has been revoked.", 'tls: tls.cert.revoked'],
  ['SSL received a record that exceeded the maximum permissible length.', 'tls: tls.protocol.error'],
  ['自己署名をしているためこの証明書は信頼されません。', 'tls: tls.failed'],
  ['Dem Zertifikat wird nicht vertraut.', 'tls: tls.failed'],
  ['', 'unknown: unknown'],
])('%s → %s', (error, expected) => {
  expect(say(error)).toBe(expected);
});

test.each([
  ['net::ERR_ABORTED', true, false, 'unknown: timed_out'],
  ['NS_BINDING_ABORTED', true, false, 'unknown: timed_out'],
  ['net::ERR_ABORTED', true, true, 'http: http.timed_out'],
  ['net::ERR_FAILED', true, true, 'http: http.timed_out'], // Chromium's word for an abort in the middle of a body
  ['net::ERR_CONNECTION_RESET', false, true, 'http: http.response.truncated'],
  ['NS_ERROR_NET_RESET', false, true, 'http: http.response.truncated'],
  // The cable was pulled just as our timer fired: the engine's word is the better one.
  ['net::ERR_INTERNET_DISCONNECTED', true, false, 'local: local.offline'],
  ['net::ERR_NETWORK_CHANGED', true, true, 'discarded network-changed'],
])('%s, own timer %s, answered %s → %s', (error, timedOut, answered, expected) => {
  expect(say(error, timedOut, answered)).toBe(expected);
});

test('words that no table knows are kept, without addresses', () => {
  expect(readNetworkError('net::ERR_NEW at https://music.apple.com/jp?x=1 from 203.0.113.7', { timedOut: false, answered: false })).toEqual({
    kind: 'failed',
    failure: 'unknown',
    phase: 'unknown',
    raw: 'net::ERR_NEW at (address) from (address)',
  });
});

test.each([
  ['peer 2001:db8::1 gone', 'peer (address) gone'],
  ['music.apple.com said no', '(host) said no'],
  ['at 10:42 it broke', 'at 10:42 it broke'],
  ['a'.repeat(500), 'a'.repeat(160)],
])('scrub(%s)', (text, expected) => {
  expect(scrub(text)).toBe(expected);
});

test('no address is kept, not even one that hidden signs tear apart', () => {
  expect(scrub('failed at https://user:secret@music.apple.com/jp?token=1 (23.1.2.3)')).toBe('failed at (address) ((address))');
  expect(scrub('failed at music.ap\u200bple.co\u001fm')).toBe('failed at (host)');
});

test.each(['net::ERR_constructor', 'net::__proto__', 'net::ERR_toString', 'NS_ERROR___PROTO__'])('a name that only an object knows (%s) is no error that we know', (error) => {
  expect(readNetworkError(error, { timedOut: false, answered: false })).toMatchObject({ kind: 'failed', failure: 'unknown' });
});
