import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Handler, LabAnswer, LabMoment } from './answers.ts';

/**
 * A server that speaks the public interface of the measurement network Globalping (v1), as far as HTTP measurements go: creation with its
 * checks and budget, answers in progress and finished, failures of each source, conditional polling with its own limit, preflights.
 * What the probes see is given by the caller.
 */

/** What one probe comes back with. `forbidden`: 403 of the target; `internal`, `offline`: the probe's own troubles. */
export type ProbeOutcome = 'ok' | 'http.500' | 'http.503' | 'forbidden' | 'dns' | 'resolver' | 'timeout' | 'refused' | 'certificate' | 'expired' | 'internal' | 'offline';

export interface GlobalpingOptions {
  /** ms since the epoch. */
  now(): number;
  /** What a probe sees of a host. `index` counts the probes of one measurement from 0. */
  outcome(probe: { country: string; index: number; eyeball: boolean; target: string }): ProbeOutcome;
  /** The healthy answer of a target; by default a JSON object. */
  page?(request: { target: string; path: string; query: string }): { status: number; headers: Record<string, string>; body: string };
  /** Countries without any probe, and those without one in a home (ISO 3166, upper case). */
  without?: { any?: readonly string[]; eyeball?: readonly string[] };
  /** When the measurement is finished; `never` stays in progress. */
  finishAfterMs?: number | 'never';
  /** Tests an hour without a token. */
  limit?: number;
  /** Tokens that are accepted, with their own budget of 500 tests. */
  tokens?: readonly string[];
  /** Addresses that are turned away with 403. */
  blacklist?: readonly string[];
}

export interface GlobalpingRequest {
  method: string;
  /** Path and query. */
  path: string;
  /** Lower-case names. */
  headers: Readonly<Record<string, string | string[] | undefined>>;
  body: string;
  remoteAddress: string;
}

const HOUR = 3_600_000;
const CORS = {
  'access-control-allow-origin': '*',
  'access-control-expose-headers': 'ETag, Location, Retry-After, X-RateLimit-Limit, X-RateLimit-Consumed, X-RateLimit-Remaining, X-RateLimit-Reset, X-Credits-Consumed, X-Credits-Remaining, X-Request-Cost',
};
const DOCUMENTATION = 'https://globalping.io/docs/api.globalping.io';

interface Place {
  country: string;
  eyeball: boolean;
}
interface Measurement {
  id: string;
  target: string;
  path: string;
  query: string;
  places: Place[];
  createdAt: number;
  options: unknown;
}

function answer(status: number, body: unknown, headers: Record<string, string> = {}): LabAnswer {
  return { status, headers: { ...CORS, ...(body === null ? {} : { 'content-type': 'application/json; charset=utf-8' }), ...headers }, body: body === null ? '' : JSON.stringify(body) };
}

function refusal(status: number, type: string, message: string, headers: Record<string, string> = {}, params?: Record<string, string>): LabAnswer {
  return answer(status, { error: { type, message, ...(params === undefined ? {} : { params }) }, links: { documentation: DOCUMENTATION } }, headers);
}

type Fields = Record<string, unknown>;
const isFields = (value: unknown): value is Fields => typeof value === 'object' && value !== null && !Array.isArray(value);
const KEYS = new Set(['type', 'target', 'locations', 'limit', 'timeout', 'measurementOptions', 'inProgressUpdates']);
const OPTION_KEYS = new Set(['request', 'protocol', 'port', 'resolver', 'ipVersion']);
const REQUEST_KEYS = new Set(['method', 'path', 'query', 'host', 'headers']);

/** @returns what is wrong with the body of a creation: path of the field → words; empty = nothing. */
function validate(body: unknown): Record<string, string> {
  const wrong: Record<string, string> = {};
  if (!isFields(body)) return { '': '"value" must be of type object' };
  for (const key of Object.keys(body)) if (!KEYS.has(key)) wrong[key] = `"${key}" is not allowed`;
  if (body['type'] !== 'http') wrong['type'] = '"type" must be one of [http]';
  if (typeof body['target'] !== 'string' || !/^(?=.{1,253}$)([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,}$/i.test(body['target'])) wrong['target'] = '"target" is not allowed to be anything but a host';
  const locations = body['locations'] ?? [];
  if (!Array.isArray(locations) || locations.length > 128) wrong['locations'] = '"locations" must be an array of at most 128';
  else {
    for (const [index, location] of (locations as unknown[]).entries()) {
      if (!isFields(location)) wrong[`locations[${index}]`] = 'must be of type object';
      else if (!/^[A-Z]{2}$/.test(String(location['country'] ?? ''))) wrong[`locations[${index}].country`] = 'must be a valid two-letter ISO code';
      else if (location['limit'] !== undefined && !(Number.isInteger(location['limit']) && Number(location['limit']) >= 1 && Number(location['limit']) <= 50)) wrong[`locations[${index}].limit`] = 'must be between 1 and 50';
      else if (location['limit'] !== undefined && body['limit'] !== undefined) wrong['limit'] = 'limit per location is not allowed when a global limit is set';
    }
  }
  const options = body['measurementOptions'] ?? {};
  if (!isFields(options)) wrong['measurementOptions'] = 'must be of type object';
  else {
    for (const key of Object.keys(options)) if (!OPTION_KEYS.has(key)) wrong[`measurementOptions.${key}`] = 'is not allowed';
    if (options['protocol'] !== undefined && !['HTTP', 'HTTPS', 'HTTP2'].includes(options['protocol'] as string)) wrong['measurementOptions.protocol'] = 'must be one of [HTTP, HTTPS, HTTP2]';
    const request = options['request'] ?? {};
    if (!isFields(request)) wrong['measurementOptions.request'] = 'must be of type object';
    else {
      for (const key of Object.keys(request)) if (!REQUEST_KEYS.has(key)) wrong[`measurementOptions.request.${key}`] = 'is not allowed';
      if (request['method'] !== undefined && !['HEAD', 'GET', 'OPTIONS'].includes(request['method'] as string)) wrong['measurementOptions.request.method'] = 'must be one of [HEAD, GET, OPTIONS]';
    }
  }
  return wrong;
}

const FAILED: Readonly<Partial<Record<ProbeOutcome, { failureSource: string; rawOutput: string }>>> = {
  dns: { failureSource: 'target', rawOutput: 'queryA ENOTFOUND' },
  resolver: { failureSource: 'resolver', rawOutput: 'queryA ETIMEOUT' },
  timeout: { failureSource: 'target', rawOutput: 'The measurement timed out.' },
  refused: { failureSource: 'target', rawOutput: 'connect ECONNREFUSED - ECONNREFUSED' },
  internal: { failureSource: 'internal', rawOutput: 'Something went wrong.' },
};

/** @returns the server: it answers one request at a time and remembers its measurements and budgets. */
export function createGlobalping(options: GlobalpingOptions): { answer(request: GlobalpingRequest): LabAnswer } {
  const measurements = new Map<string, Measurement>();
  const spent = new Map<string, { from: number; tests: number }>();
  const polls = new Map<string, number[]>();
  const blocked = new Map<string, number>();

  const tokenOf = (request: GlobalpingRequest): string | null => {
    const header = request.headers['authorization'];
    return typeof header === 'string' && header.startsWith('Bearer ') ? header.slice(7) : null;
  };

  const budget = (client: string, limit: number) => {
    const now = options.now();
    let window = spent.get(client);
    if (window === undefined || now - window.from >= HOUR) spent.set(client, (window = { from: now, tests: 0 }));
    return { window, remaining: limit - window.tests, reset: Math.ceil((window.from + HOUR - now) / 1000) };
  };

  const create = (request: GlobalpingRequest, client: string, limit: number): LabAnswer => {
    let body: unknown;
    try {
      body = JSON.parse(request.body);
    } catch {
      return refusal(400, 'validation_error', 'Parameter validation failed.', {}, { '': 'not JSON' });
    }
    const wrong = validate(body);
    if (Object.keys(wrong).length > 0) return refusal(400, 'validation_error', 'Parameter validation failed.', {}, wrong);
    const { target, locations, measurementOptions, limit: whole } = body as { target: string; locations?: { country: string; limit?: number; tags?: string[] }[]; measurementOptions?: { request?: { path?: string; query?: string } }; limit?: number };
    const places: Place[] = [];
    for (const location of locations ?? [{ country: 'US', limit: whole ?? 1 }]) {
      const eyeball = location.tags?.includes('eyeball-network') === true;
      if (options.without?.any?.includes(location.country) || (eyeball && options.without?.eyeball?.includes(location.country))) continue;
      for (let count = 0; count < (location.limit ?? whole ?? 1); count += 1) places.push({ country: location.country, eyeball });
    }
    if (places.length === 0) return refusal(422, 'no_probes_found', 'No matching probes available.');
    const { window, remaining, reset } = budget(client, limit);
    const rate = (left: number) => ({ 'x-ratelimit-limit': String(limit), 'x-ratelimit-consumed': String(left < remaining ? places.length : 0), 'x-ratelimit-remaining': String(Math.max(0, left)), 'x-ratelimit-reset': String(reset) });
    if (places.length > remaining) return refusal(429, 'rate_limit_exceeded', 'API rate limit exceeded.', { ...rate(remaining), 'retry-after': String(reset) });
    window.tests += places.length;
    const id = `lab${String(measurements.size + 1).padStart(13, '0')}`;
    measurements.set(id, { id, target, path: measurementOptions?.request?.path ?? '/', query: measurementOptions?.request?.query ?? '', places, createdAt: options.now(), options: measurementOptions ?? {} });
    return answer(202, { id, probesCount: places.length }, { ...rate(remaining - places.length), location: `https://api.globalping.io/v1/measurements/${id}`, 'x-request-cost': String(places.length) });
  };

  const result = (outcome: ProbeOutcome, measurement: Measurement): Fields => {
    const failed = FAILED[outcome];
    if (failed !== undefined) return { status: 'failed', ...failed, rawHeaders: null, rawBody: null, truncated: false, headers: {}, statusCode: null, statusCodeName: null, resolvedAddress: null, timings: {}, tls: null };
    if (outcome === 'offline') return { status: 'offline', rawOutput: 'This probe is currently offline. Please try again later.' };
    const healthy = options.page?.(measurement) ?? { status: 200, headers: { 'content-type': 'application/json' }, body: '{"ok":true}' };
    const page = outcome === 'http.500' ? { status: 500, headers: {}, body: 'Internal Server Error' }
      : outcome === 'http.503' ? { status: 503, headers: { server: 'AkamaiGHost' }, body: 'Service Unavailable' }
      : outcome === 'forbidden' ? { status: 403, headers: { server: 'AkamaiGHost' }, body: 'Access Denied' } : healthy;
    const day = 86_400_000;
    return {
      status: 'finished', resolvedAddress: '23.209.216.33', headers: page.headers, rawHeaders: '', rawBody: page.body.slice(0, 10_000), rawOutput: `HTTP/1.1 ${page.status}`, truncated: page.body.length > 10_000,
      statusCode: page.status, statusCodeName: '', timings: { total: 120, dns: 10, tcp: 20, tls: 30, firstByte: 50, download: 10 },
      tls: {
        authorized: outcome !== 'certificate' && outcome !== 'expired', ...(outcome === 'certificate' ? { error: 'self-signed certificate' } : outcome === 'expired' ? { error: 'certificate has expired' } : {}),
        protocol: 'TLSv1.3', cipherName: 'TLS_AES_256_GCM_SHA384', createdAt: new Date(options.now() - 90 * day).toISOString(), expiresAt: new Date(options.now() + (outcome === 'expired' ? -1 : 90) * day).toISOString(),
        subject: { CN: measurement.target, alt: `DNS:${measurement.target}` }, issuer: { C: 'JP', O: 'Lab', CN: 'Lab' }, keyType: 'EC', keyBits: 256,
      },
    };
  };

  const read = (request: GlobalpingRequest, id: string): LabAnswer => {
    const measurement = measurements.get(id);
    if (measurement === undefined) return refusal(404, 'not_found', "Couldn't find the requested measurement.");
    const now = options.now();
    const key = `${request.remoteAddress} ${id}`;
    const recent = [...(polls.get(key) ?? []).filter((at) => now - at < 2000), now];
    polls.set(key, recent);
    if (recent.length > 5) blocked.set(key, now + 5000);
    const until = blocked.get(key) ?? 0;
    if (now < until) return refusal(429, 'too_many_requests', 'Too many requests.', { 'retry-after': String(Math.ceil((until - now) / 1000)) });
    const after = options.finishAfterMs ?? 1500;
    const age = now - measurement.createdAt;
    const finished = after !== 'never' && age >= after;
    // Half the probes are ready halfway.
    const ready = finished ? measurement.places.length : after === 'never' || age >= after / 2 ? Math.floor(measurement.places.length / 2) : 0;
    const etag = `W/"${id}-${ready}-${finished}"`;
    if (request.headers['if-none-match'] === etag) return answer(304, null, { etag });
    return answer(200, {
      id, type: 'http', status: finished ? 'finished' : 'in-progress', createdAt: new Date(measurement.createdAt).toISOString(), updatedAt: new Date(now).toISOString(), target: measurement.target, probesCount: measurement.places.length, measurementOptions: measurement.options,
      results: measurement.places.map((place, index) => ({
        probe: { continent: 'AS', region: 'Lab', country: place.country, state: null, city: 'Lab', asn: 64_500 + index, network: 'Lab', longitude: 0, latitude: 0, tags: [place.eyeball ? 'eyeball-network' : 'datacenter-network'], resolvers: ['private'] },
        result: index < ready ? result(options.outcome({ ...place, index, target: measurement.target }), measurement) : { status: 'in-progress', rawOutput: '' },
      })),
    }, { etag });
  };

  return {
    answer(request) {
      const path = request.path.replace(/\?.*$/, '');
      // What the real service allows: a conditional header is not among it, so a page without permission must not send one.
      if (request.method === 'OPTIONS') return answer(204, null, { 'access-control-allow-methods': 'GET, POST, OPTIONS', 'access-control-allow-headers': 'Authorization, Content-Type', 'access-control-max-age': '600' });
      if (options.blacklist?.includes(request.remoteAddress)) return refusal(403, 'access_forbidden', 'Access Forbidden.');
      const token = tokenOf(request);
      if (token !== null && options.tokens?.includes(token) !== true) return refusal(401, 'unauthorized', 'Unauthorized.');
      const limit = token === null ? (options.limit ?? 250) : 500;
      const client = token ?? request.remoteAddress;
      if (path === '/v1/measurements' && request.method === 'POST') return create(request, client, limit);
      const id = /^\/v1\/measurements\/([A-Za-z0-9]+)$/.exec(path)?.[1];
      if (id !== undefined && request.method === 'GET') return read(request, id);
      if (path === '/v1/limits' && request.method === 'GET') {
        const { remaining, reset } = budget(client, limit);
        return answer(200, { rateLimit: { measurements: { create: { type: token === null ? 'ip' : 'user', limit, remaining, reset } } } });
      }
      return refusal(404, 'not_found', 'Not found.');
    },
  };
}

/** The server as a listener of `node:http`. */
export function globalpingListener(options: GlobalpingOptions): (req: IncomingMessage, res: ServerResponse) => void {
  const server = createGlobalping(options);
  return (req, res) => {
    const pieces: Buffer[] = [];
    req.on('data', (piece: Buffer) => { if (pieces.length < 1000) pieces.push(piece); });
    req.on('end', () => {
      const { status, headers, body } = server.answer({
        method: req.method ?? 'GET', path: req.url ?? '/', headers: req.headers, body: Buffer.concat(pieces).toString('utf8'), remoteAddress: req.socket.remoteAddress ?? '',
      });
      res.writeHead(status, headers).end(body);
    });
  };
}

/**
 * Outcomes from shares, evenly spread: of the own country's probes `ownCountryFailShare`, of the others `failShare` fail.
 * @returns an outcome for `GlobalpingOptions`.
 */
export function byShare(world: { failShare?: number; ownCountryFailShare?: number } | null, ownCountry: string, failure: ProbeOutcome = 'http.503'): GlobalpingOptions['outcome'] {
  return ({ country, index }) => {
    const share = (country === ownCountry.toUpperCase() ? world?.ownCountryFailShare : world?.failShare) ?? 0;
    return Math.floor((index + 1) * share + 1e-9) > Math.floor(index * share + 1e-9) ? failure : 'ok';
  };
}

/**
 * The server as a handler of the lab: what the probes see is the scenario's `world`, seen from Japan, and a healthy probe is shown what the
 * lab's own healthy server of that host answers.
 * @param handlerOf the healthy handler of a host, undefined where there is none
 */
export function labGlobalping(handlerOf: (host: string) => Handler | undefined): Handler {
  let moment: LabMoment | null = null;
  const server = createGlobalping({
    now: () => moment?.realNow ?? 0,
    outcome: (probe) => byShare(moment?.world ?? null, 'JP')(probe),
    page: ({ target, path, query }) => {
      const handler = handlerOf(target);
      if (moment === null || handler === undefined) return { status: 200, headers: {}, body: '' };
      const url = new URL(`https://${target}${path}${query === '' ? '' : `?${query}`}`);
      const { status, headers, body } = handler({ method: 'GET', host: target, url, headers: {}, secure: true, remoteAddress: '' }, moment);
      return { status, headers, body: body.toString() };
    },
  });
  return (request: Parameters<Handler>[0] & { body?: string }, now) => {
    moment = now;
    return server.answer({ method: request.method, path: request.url.pathname, headers: request.headers, body: request.body ?? '', remoteAddress: request.remoteAddress });
  };
}
