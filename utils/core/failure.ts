/**
 * How a request can fail. The names are those of W3C Network Error Logging where it has one; the rest follow its pattern.
 * A name says what was *seen*: a browser that cannot tell a silent resolver from a silent server reports `timed_out`.
 */
export const FAILURES = [
  'dns.name_not_resolved',
  'dns.failed', // SERVFAIL and the like
  'dns.timed_out',
  'tcp.timed_out',
  'tcp.refused',
  'tcp.reset',
  'tcp.closed',
  'tcp.address_unreachable',
  'tcp.failed',
  'tls.timed_out',
  'tls.protocol.error',
  'tls.cert.name_invalid',
  'tls.cert.date_invalid',
  'tls.cert.authority_invalid',
  'tls.cert.revoked',
  'tls.failed', // a TLS failure that the engine does not tell more of (Firefox speaks in sentences of the user's language)
  'http.timed_out', // connected, no answer
  'http.response.truncated',
  'http.response.invalid',
  'http.response.redirect_loop',
  'http.protocol.error',
  'content.unexpected', // 200, wrong or empty content
  'content.maintenance', // a maintenance page
  'content.stale', // old data served as new
  'redirect.foreign', // the answer leads to somebody else's page: a captive portal
  'blocked.by_client', // another extension or a policy stopped the request
  'local.offline', // the machine has no network
  'local.proxy', // the configured proxy, tunnel or PAC script failed
  'local.denied', // the operating system or a policy refused the connection
  'timed_out', // one's own timer fired; the phase could not be seen
  'timed_out.unconnected', // the same, and no connection had been made: DNS or TCP
  'timed_out.connected', // the same, on an open connection: TLS or HTTP
  'unknown', // a failure with an error text no table knows
] as const;

export type NamedFailure = (typeof FAILURES)[number];
/** `http.503` and the like: the server answered, with a status that is not a healthy answer of this target. */
export type StatusFailure = `http.${number}`;
export type Failure = NamedFailure | StatusFailure;

/** How far a request came. `unknown` where the browser does not show it. */
export type Phase = 'local' | 'dns' | 'tcp' | 'tls' | 'http' | 'content' | 'done' | 'unknown';

const NAMED: ReadonlySet<string> = new Set(FAILURES);
const STATUS = /^http\.([1-5]\d\d)$/;

/** @returns the failure of that name, or null where there is none of that name. */
export function parseFailure(text: string): Failure | null {
  if (NAMED.has(text)) return text as NamedFailure;
  return STATUS.test(text) ? (text as StatusFailure) : null;
}

/** @returns the HTTP status of a status failure (`http.503` → 503), null for every other failure. */
export function statusOf(failure: Failure): number | null {
  const match = STATUS.exec(failure);
  return match ? Number(match[1]) : null;
}

const PHASE_OF_PREFIX: Record<string, Phase> = {
  dns: 'dns',
  tcp: 'tcp',
  tls: 'tls',
  http: 'http',
  content: 'content',
  redirect: 'http',
  blocked: 'local',
  local: 'local',
};

/** @returns the phase in which a failure happens: the first part of its name, `unknown` where the name does not tell. */
export function phaseOf(failure: Failure): Phase {
  return PHASE_OF_PREFIX[failure.slice(0, failure.indexOf('.'))] ?? 'unknown';
}
