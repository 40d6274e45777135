import type { ResolverOpinion } from '../core/opinion.ts';
import { flaw, success } from '../core/result.ts';
import type { Outcome } from '../core/result.ts';
import { fetchText } from './fetch-text.ts';
import type { Fetch } from './fetch-text.ts';
import { finite, isObject, parseJson } from './json.ts';
import { plainText } from './plain-text.ts';

/** Two public resolvers of different operators, asked over HTTPS; both allow any origin, so no permission is needed. */
export const RESOLVERS = [
  { name: 'Cloudflare', host: 'cloudflare-dns.com', url: 'https://cloudflare-dns.com/dns-query', headers: { Accept: 'application/dns-json' } },
  { name: 'Google', host: 'dns.google', url: 'https://dns.google/resolve', headers: {} },
] as const;

const TIMEOUT = 5_000;
const MAX_BYTES = 64_000;
const MAX_HOSTS = 4;
const MAX_RECORDS = 100;
const MAX_DETAILS = 6;
const MAX_LINE = 160;

const RCODES: Readonly<Record<number, string>> = { 0: 'NOERROR', 1: 'FORMERR', 2: 'SERVFAIL', 3: 'NXDOMAIN', 4: 'NOTIMP', 5: 'REFUSED' };
/** RFC 8914 §4: extended DNS errors. */
const EXTENDED: Readonly<Record<number, string>> = {
  3: 'Stale Answer', 4: 'Forged Answer', 5: 'DNSSEC Indeterminate', 6: 'DNSSEC Bogus', 7: 'Signature Expired', 8: 'Signature Not Yet Valid', 9: 'DNSKEY Missing',
  10: 'RRSIGs Missing', 11: 'No Zone Key Bit Set', 12: 'NSEC Missing', 13: 'Cached Error', 14: 'Not Ready', 15: 'Blocked', 16: 'Censored', 17: 'Filtered',
  18: 'Prohibited', 19: 'Stale NXDOMAIN Answer', 20: 'Not Authoritative', 21: 'Not Supported', 22: 'No Reachable Authority', 23: 'Network Error', 24: 'Invalid Data',
};
/** The resolver's own policy, which says nothing about the name. */
const POLICY: ReadonlySet<number> = new Set([15, 16, 17, 18]);

/** @returns whether an address is one that blockers answer with: unspecified or loopback, v4 or v6. */
export function isNullAddress(address: string): boolean {
  const v4 = address.toLowerCase().replace(/^::ffff:/, '');
  return /^(0|127)\.\d{1,3}\.\d{1,3}\.\d{1,3}$/.test(v4) || /^[0:]*:[0:]*[01]?$/.test(v4);
}

/** One resolver's answer for one name. */
export interface ResolverAnswer {
  /** `resolved`: has a real address. `cannot`: no such name, no address, or no working name server. `none`: the resolver's own trouble or policy. */
  verdict: 'resolved' | 'cannot' | 'none';
  /** "NXDOMAIN" and the like; "no address" and "null address" where the name exists. */
  status: string;
  /** Extended DNS errors, plain text. */
  errors: string[];
}

/** Cloudflare: `Comment: ["EDE(9): …"]`. Google: `extended_dns_errors: [{info_code, extra_text}]`. */
function extendedErrors(body: Readonly<Record<string, unknown>>): { code: number; text: string }[] {
  const found: { code: number; text: string }[] = [];
  const comments = Array.isArray(body['Comment']) ? (body['Comment'] as unknown[]) : [];
  for (const comment of comments.slice(0, 5)) {
    const match = typeof comment === 'string' ? /^EDE\((\d{1,5})\):?\s*([^]*)$/.exec(comment) : null;
    if (match !== null) found.push({ code: Number(match[1]), text: match[2] ?? '' });
  }
  const list = Array.isArray(body['extended_dns_errors']) ? (body['extended_dns_errors'] as unknown[]) : [];
  for (const entry of list.slice(0, 5)) {
    const code = isObject(entry) ? finite(entry['info_code']) : null;
    const extra = isObject(entry) ? entry['extra_text'] : null;
    if (code !== null) found.push({ code, text: typeof extra === 'string' ? extra : '' });
  }
  return found;
}

const bareName = (name: string): string => name.toLowerCase().replace(/\.$/, '');

/**
 * Reads an answer in the JSON form of DNS over HTTPS (both operators' dialects).
 * @param host the name that was asked: an answer about another name is refused.
 */
export function parseResolverAnswer(text: string, host: string): Outcome<ResolverAnswer> {
  const parsed = parseJson(text, MAX_BYTES);
  if (!parsed.ok) return flaw('answer', parsed.error.reason);
  const body = parsed.value;
  if (!isObject(body)) return flaw('answer', 'not an object');
  const code = finite(body['Status']);
  if (code === null || !Number.isInteger(code) || code < 0 || code > 4095) return flaw('Status', 'no response code');
  const question: unknown = Array.isArray(body['Question']) ? body['Question'][0] : body['Question'];
  const asked = isObject(question) ? question['name'] : undefined;
  if (typeof asked !== 'string' || bareName(asked) !== bareName(host)) return flaw('Question', 'about another name');
  const records = body['Answer'] ?? [];
  if (!Array.isArray(records)) return flaw('Answer', 'not a list');
  if (records.length > MAX_RECORDS) return flaw('Answer', `more than ${MAX_RECORDS} records`);
  const addresses: string[] = [];
  for (const record of records as unknown[]) {
    if (!isObject(record)) return flaw('Answer', 'a record is not an object');
    const data = record['data'];
    if ((record['type'] === 1 || record['type'] === 28) && typeof data === 'string' && /^[0-9a-fA-F:.]{2,45}$/.test(data)) addresses.push(data);
  }
  const extended = extendedErrors(body);
  const errors = extended.map(({ code, text }) => {
    const words = plainText(text, MAX_LINE);
    const meaning = EXTENDED[code] ?? '';
    // Resolvers often repeat the meaning at the head of their words.
    const parts = words.toLowerCase().startsWith(meaning.toLowerCase()) ? [words] : [meaning, words];
    return `EDE ${code}: ${parts.filter((part) => part !== '').join(': ')}`;
  });
  const real = addresses.some((address) => !isNullAddress(address));
  if (code === 0 && real) return success({ verdict: 'resolved', status: 'NOERROR', errors });
  const status = code === 0 ? (addresses.length > 0 ? 'null address' : 'no address') : (RCODES[code] ?? `RCODE ${code}`);
  const policy = extended.some((entry) => POLICY.has(entry.code));
  return success({ verdict: !policy && (code === 0 || code === 2 || code === 3) ? 'cannot' : 'none', status, errors });
}

/**
 * Asks public resolvers for names (at most four; addresses of the first kind, IPv4) after the user's own resolver failed.
 * @param hosts names of the store that did not resolve
 * @param now ms since the epoch
 * @returns `ok` if any of them resolves all names, `failing` if each of them answers and cannot resolve at least one, else `unreachable`: a
 *   resolver that is down, intercepted or filters says nothing about the store. Never throws.
 */
export async function askResolvers(fetch: Fetch, hosts: readonly string[], now: number): Promise<ResolverOpinion> {
  const names = [...new Set(hosts)].filter((host) => /^[a-z0-9.-]{1,253}$/i.test(host)).slice(0, MAX_HOSTS);
  if (names.length === 0) return { at: now, verdict: 'unreachable', details: [] };
  const details: string[] = [];
  const verdicts = await Promise.all(RESOLVERS.map(async ({ name, url, headers }) => {
    const answers = await Promise.all(names.map(async (host) => {
      const got = await fetchText(fetch, { url: `${url}?name=${encodeURIComponent(host)}&type=A`, headers, timeoutMs: TIMEOUT, maxBytes: MAX_BYTES });
      const answer = got.ok && got.value.status === 200 ? parseResolverAnswer(got.value.text, host) : null;
      if (answer === null || !answer.ok) return { host, answer: null };
      return { host, answer: answer.value };
    }));
    for (const { host, answer } of answers) {
      if (answer !== null && answer.verdict !== 'resolved') details.push([`${name}: ${host} ${answer.status}`, ...answer.errors].join(' · '));
    }
    if (answers.every(({ answer }) => answer === null)) details.push(`${name}: –`);
    if (answers.every(({ answer }) => answer?.verdict === 'resolved')) return 'resolved';
    return answers.some(({ answer }) => answer?.verdict === 'cannot') ? 'cannot' : 'none';
  }));
  const verdict = verdicts.includes('resolved') ? 'ok' : verdicts.every((one) => one === 'cannot') ? 'failing' : 'unreachable';
  return { at: now, verdict, details: details.sort().slice(0, MAX_DETAILS).map((line) => plainText(line, 2 * MAX_LINE)) };
}
