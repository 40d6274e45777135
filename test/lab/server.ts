/**
 * The servers, the resolver and the packet filter of one lab: a process of its own inside the servers' namespace.
 * It is spoken to over a unix socket (those pass between network namespaces) in lines of JSON: { id, method, params } → { id, result | error }.
 * It ends, and takes both namespaces with it, when its standard input closes: that is when whoever opened the lab is gone.
 */
import { execFileSync } from 'node:child_process';
import dgram from 'node:dgram';
import { readFileSync, rmSync } from 'node:fs';
import http from 'node:http';
import http2 from 'node:http2';
import https from 'node:https';
import net from 'node:net';
import type tls from 'node:tls';
import { createInterface } from 'node:readline';
import { gzipSync } from 'node:zlib';
import * as answers from './answers.ts';
import type { LabAnswer, LabMoment, LabRequest } from './answers.ts';
import type { Certificates } from './certificates.ts';
import { RCODE, TYPE, decodeQuery, encodeAnswer } from './dns.ts';
import type { DnsRecord, Question } from './dns.ts';
import { HOSTS, ROUTER, SHARED_EDGE, wrongAddress } from './hosts.ts';
import type { Host } from './hosts.ts';
import type { ApplyParams, LabLogEntry, ServerConfig } from './lab.ts';
import { CABLE, batch, removeNamespaces } from './namespaces.ts';
import { isStoreRole } from '../../utils/core/role.ts';
import { HEALTHY, PACKET_KINDS, draw, planPhase, storefrontOf, stream } from './plan.ts';
import type { Chance, HostPlan, LabPhase, PhasePlan } from './plan.ts';

const config = JSON.parse(process.argv[2]!) as ServerConfig;
const certificates = JSON.parse(readFileSync(`${config.directory}/certificates.json`, 'utf8')) as Certificates;

/** Outcomes that clients ask for twice at once (a spare connection, a repeated question) are the same for this long. */
const STICKY_MS = 700;
const STICKY_SILENCE_MS = 12_000;
/** A connection whose first packet was dropped stays unmade for longer than any request waits; later repeats may pass, for a browser would hang on to it. */
const DROPPED_MS = 10_000;

let phase: LabPhase = {};
let plan: PhasePlan = planPhase(phase, HOSTS);
/** Real time of the scenario's minute 0, and how many ms a scenario minute takes. */
let clock = { origin: Date.now(), minuteMs: 60_000 };
let log: LabLogEntry[] = [];

function note(entry: LabLogEntry): void {
  log.push(entry);
  if (log.length > 100_000) log = log.slice(-50_000);
}

// ---- the moment a handler answers in

const chanceOf = stream(config.seed, 'answers');

/** The time on the servers' clocks. */
const trueNow = (): number => Date.now() - plan.skewMs;

function moment(now = trueNow()): LabMoment {
  return {
    now,
    realNow: trueNow(),
    official: phase.official ?? [],
    timeOfMinute: (minute) => Math.round(clock.origin - plan.skewMs + minute * clock.minuteMs),
    world: phase.world ?? null,
    resolve: resolvePublicly,
    csp: phase.csp ?? {},
    random: chanceOf,
  };
}

// ---- names

const byName = new Map(HOSTS.filter((host) => !host.literal).map((host) => [host.name, host]));
const aliasOf = new Map<string, Host>();
for (const host of byName.values()) for (const alias of host.chain) if (!aliasOf.has(alias)) aliasOf.set(alias, host);

const edge = byName.get(SHARED_EDGE[0]!)!;
const isOnEdge = (name: string): boolean => config.sharedEdge && SHARED_EDGE.includes(name);

function recordsOf(host: Host, asked: string, type: number, address = isOnEdge(host.name) ? edge.address : host.address): DnsRecord[] {
  const names = asked === host.name ? [host.name, ...host.chain] : host.chain.slice(host.chain.indexOf(asked));
  const aliases = names.slice(1).map((alias, index): DnsRecord => ({ name: names[index]!, type: 'CNAME', ttl: 1, data: alias }));
  const last = names.at(-1)!;
  if (type === TYPE['A']) return [...aliases, { name: last, type: 'A', ttl: 1, data: address }];
  return type === TYPE['AAAA'] || type === TYPE['HTTPS'] || type === TYPE['CNAME'] ? aliases : [];
}

const dnsRandom = stream(config.seed, 'dns');
const dnsSticky = new Map<string, { kind: string | null; until: number }>();

function drawDns(scope: string, name: string, chances: readonly Chance[]): string | null {
  if (chances.length === 0) return null;
  const key = `${scope}/${name}`;
  const sticky = dnsSticky.get(key);
  if (sticky !== undefined && sticky.until > Date.now()) return sticky.kind;
  const kind = draw(chances, dnsRandom());
  dnsSticky.set(key, { kind, until: Date.now() + (kind === 'dns.timed_out' ? STICKY_SILENCE_MS : STICKY_MS) });
  return kind;
}

function resolvePublicly(name: string, type: number): { rcode: number; records: DnsRecord[]; silent: boolean } {
  const host = byName.get(name) ?? aliasOf.get(name);
  if (host === undefined) return { rcode: RCODE.nxDomain, records: [], silent: false };
  const kind = drawDns('public', host.name, plan.publicDns[host.name] ?? []);
  if (kind === 'dns.name_not_resolved') return { rcode: RCODE.nxDomain, records: [], silent: false };
  // A resolver that gets no answer from the name's own servers says SERVFAIL, after having waited for them.
  if (kind !== null) return { rcode: RCODE.servFail, records: [], silent: kind === 'dns.timed_out' };
  return { rcode: RCODE.noError, records: recordsOf(host, name, type), silent: false };
}

/** What the user's own resolver says; null: it stays silent. */
function resolveAtHome(question: Question): Buffer | null {
  const host = byName.get(question.name) ?? aliasOf.get(question.name);
  const typeName = Object.entries(TYPE).find(([, number]) => number === question.type)?.[0] ?? String(question.type);
  const say = (outcome: string, packet: Buffer | null): Buffer | null => {
    note({ kind: 'dns', at: Date.now(), name: question.name, type: typeName, outcome });
    return packet;
  };
  if (plan.resolverDead) return say('silent', null);
  if (host === undefined) return say('not found', encodeAnswer(question, RCODE.nxDomain, []));
  const { chances, lie } = plan.resolver[host.name] ?? { chances: [], lie: null };
  const kind = drawDns('home', host.name, chances);
  if (kind === 'dns.timed_out') return say('silent', null);
  if (kind === 'dns.failed') return say('failed', encodeAnswer(question, RCODE.servFail, []));
  if (kind === 'dns.name_not_resolved') return say('not found', encodeAnswer(question, RCODE.nxDomain, []));
  if (lie !== null) {
    const address = lie === 'null' ? '0.0.0.0' : wrongAddress(HOSTS.indexOf(host));
    const records: DnsRecord[] = question.type === TYPE['A'] ? [{ name: question.name, type: 'A', ttl: 1, data: address }] : [];
    return say('lie', encodeAnswer(question, RCODE.noError, records));
  }
  return say('ok', encodeAnswer(question, RCODE.noError, recordsOf(host, question.name, question.type)));
}

const udp = dgram.createSocket('udp4');
udp.on('message', (packet, from) => {
  const question = decodeQuery(packet);
  const reply = question === null ? null : resolveAtHome(question);
  if (reply !== null) udp.send(reply, from.port, from.address);
});

const dnsOverTcp = net.createServer((socket) => {
  let read = Buffer.alloc(0);
  socket.on('error', () => socket.destroy());
  socket.on('data', (chunk: Buffer) => {
    read = Buffer.concat([read, chunk]);
    while (read.length >= 2 && read.length >= 2 + read.readUInt16BE(0)) {
      const length = read.readUInt16BE(0);
      const question = decodeQuery(read.subarray(2, 2 + length));
      read = read.subarray(2 + length);
      const reply = question === null ? null : resolveAtHome(question);
      if (reply === null) continue;
      const head = Buffer.alloc(2);
      head.writeUInt16BE(reply.length, 0);
      socket.write(Buffer.concat([head, reply]));
    }
  });
});

// ---- requests

const planAt = (host: Host, wrong: boolean): HostPlan => (wrong ? plan.atWrong[host.name] : plan.at[host.name]) ?? HEALTHY;
const requestRandom = new Map<string, () => number>();
const connectionRandom = new Map<string, () => number>();

function randomOf(table: Map<string, () => number>, level: string, host: Host): number {
  let next = table.get(host.name);
  if (next === undefined) table.set(host.name, (next = stream(config.seed, level, host.name)));
  return next();
}

type AnyRequest = http.IncomingMessage | http2.Http2ServerRequest;
type AnyResponse = http.ServerResponse | http2.Http2ServerResponse;

const STALE_MS = 12 * 86_400_000;
const HUGE = 100 * 1024 * 1024;

interface Made { answer: LabAnswer; truncate?: boolean; stream?: 'huge' | 'trickle'; raw?: boolean }

function make(host: Host, kind: string | null, by: HostPlan['by'], request: LabRequest): Made {
  const now = moment();
  const healthy = (): LabAnswer => host.handler(request, now);
  if (kind === null) return { answer: healthy() };
  if (/^http\.\d+$/.test(kind)) return { answer: answers.errorAnswer(Number(kind.slice(5)), by, host.edge, now) };
  switch (kind) {
    case 'http.response.truncated': return { answer: healthy(), truncate: true };
    case 'http.response.redirect_loop': {
      const next = new URL(request.url);
      next.searchParams.set('again', String(Number(next.searchParams.get('again') ?? 0) + 1));
      return { answer: { status: 302, headers: { location: next.href }, body: '' } };
    }
    case 'content.unexpected': return { answer: answers.unexpected(healthy(), now) };
    case 'content.maintenance': return { answer: answers.maintenance(now) };
    case 'content.stale': {
      const old = host.handler(request, moment(now.now - STALE_MS));
      return { answer: { ...old, headers: { ...old.headers, age: String(STALE_MS / 1000), 'last-modified': new Date(now.now - STALE_MS).toUTCString(), ...(host.edge === 'akamai' ? answers.throughAkamai(now, 'HIT') : {}) } } };
    }
    case 'redirect.foreign': return { answer: answers.ledToPortal(request) };
    case 'hostile.huge': return { answer: healthy(), stream: 'huge' };
    case 'hostile.trickle': return { answer: healthy(), stream: 'trickle' };
    case 'hostile.invalid_utf8': return { answer: { ...healthy(), body: Buffer.from([0x7b, 0xff, 0xfe, 0xc3, 0x28, 0xa0, 0xa1, 0xed, 0xa0, 0x80, 0xf8, 0x88, 0x7d]) } };
    case 'hostile.not_json': return { answer: { ...healthy(), body: '{"services":[{"serviceName":"iTunes Store","events":[' } };
    case 'hostile.gzip_bomb': {
      const usual = healthy();
      return { answer: { ...usual, headers: { ...usual.headers, 'content-encoding': 'gzip' }, body: (bomb ??= gzipSync(Buffer.alloc(HUGE, 0x20))) }, raw: true };
    }
    case 'hostile.header_flood': {
      const usual = healthy();
      const flood = Object.fromEntries(Array.from({ length: 200 }, (_, index) => [`x-flood-${index}`, 'f'.repeat(1000)]));
      return { answer: { ...usual, headers: { ...usual.headers, ...flood } } };
    }
    default: return { answer: healthy() };
  }
}

let bomb: Buffer | undefined;

/** The part of a body that a single `Range: bytes=a-b` asks for; the whole where there is none. */
function cut(answer: LabAnswer, range: string | undefined): LabAnswer {
  const match = range === undefined || answer.status !== 200 || answer.headers['accept-ranges'] !== 'bytes' ? null : /^bytes=(\d+)-(\d*)$/.exec(range);
  if (match === null) return answer;
  const body = Buffer.from(answer.body);
  const from = Number(match[1]);
  const to = Math.min(body.length - 1, match[2] === '' ? body.length - 1 : Number(match[2]));
  if (from > to) return { status: 416, headers: { 'content-range': `bytes */${body.length}` }, body: '' };
  return { status: 206, headers: { ...answer.headers, 'content-range': `bytes ${from}-${to}/${body.length}` }, body: body.subarray(from, to + 1) };
}

/** The same address in its usual spelling: letters, digits and - . _ ~ mean the same percent-encoded (RFC 3986, 6.2.2.2), and servers take them so. */
function usualSpelling(path: string): string {
  return path.replace(/%[0-9a-f]{2}/gi, (code) => {
    const letter = String.fromCharCode(Number.parseInt(code.slice(1), 16));
    return /[\w.~-]/.test(letter) ? letter : code;
  });
}

function serve(at: Host, wrong: boolean, secure: boolean, req: AnyRequest, res: AnyResponse): void {
  const authority = String(req.headers[':authority'] ?? req.headers.host ?? at.name);
  // Whose the address is does not tell who was asked where several share it.
  const host = isOnEdge(at.name) && isOnEdge(authority) ? byName.get(authority)! : at;
  const here = planAt(host, wrong);
  const request: LabRequest = {
    method: req.method ?? 'GET', host: authority.replace(/:\d+$/, ''), url: new URL(usualSpelling(req.url ?? '/'), `${secure ? 'https' : 'http'}://${authority}`),
    headers: req.headers, secure, remoteAddress: req.socket?.remoteAddress ?? '',
  };
  const captive = here.connection.some((chance) => chance.kind === 'captive');
  let kind = captive ? 'redirect.foreign' : draw(here.request, randomOf(requestRandom, 'request', host));
  const storefront = isStoreRole(host.role) ? storefrontOf(request.url) : null;
  if (!captive && storefront !== null && phase.sparedStorefronts?.includes(storefront)) kind = null;
  // An unreachable public resolver on an address that also serves as a control: only its questions stay without an answer.
  if (kind === null && host.literal && phase.doh === 'unreachable' && request.url.pathname === '/dns-query') kind = 'http.timed_out';
  const entry: Extract<LabLogEntry, { kind: 'request' }> = {
    kind: 'request', at: Date.now(), host: host.name, method: request.method, path: `${request.url.pathname}${request.url.search}`, secure,
    protocol: req.httpVersion, status: null, bytes: 0, outcome: kind ?? 'ok', userAgent: String(req.headers['user-agent'] ?? ''),
  };
  note(entry);
  const sent: Buffer[] = [];
  let sentBytes = 0;
  req.on('data', (chunk: Buffer) => {
    if (sentBytes < 65_536) sent.push(chunk);
    sentBytes += chunk.length;
  });
  res.on('error', () => undefined);
  if (kind === 'http.timed_out') return;
  if (kind === 'http.response.invalid' || kind === 'http.protocol.error') {
    if (req.httpVersionMajor < 2) req.socket?.end('this is not HTTP\r\n\r\n');
    else (res as http2.Http2ServerResponse).stream.close(http2.constants.NGHTTP2_PROTOCOL_ERROR);
    return;
  }
  let silent = false;
  if (host.doh || host.literal) {
    const name = request.url.searchParams.get('name')?.replace(/\.$/, '').toLowerCase();
    silent = name !== undefined && name !== null && resolvePublicly(name, TYPE['A']!).silent;
  }
  const jitter = 0.9 + 0.2 * chanceOf();
  const delay = (kind === null || /^http\.\d+$/.test(kind) ? config.latencyMs * here.slow : config.latencyMs) * jitter + (silent ? 3000 : 0);
  const answer = (): void => {
    if (res.destroyed || (res as http2.Http2ServerResponse).stream?.destroyed) return;
    if (sent.length > 0) request.body = Buffer.concat(sent).toString();
    try {
      reply(host, here, kind, request, req, res, entry);
    } catch (error) {
      console.error(`${host.name}${entry.path}: ${(error as Error).stack}`);
      res.statusCode = 599;
      res.end();
    }
  };
  setTimeout(() => {
    if (request.method === 'GET' || request.method === 'HEAD' || req.readableEnded) answer();
    else req.once('end', answer);
  }, delay);
}

function reply(host: Host, here: HostPlan, kind: string | null, request: LabRequest, req: AnyRequest, anyResponse: AnyResponse, entry: Extract<LabLogEntry, { kind: 'request' }>): void {
  // Both kinds of response have these methods; their types only differ in what they take besides.
  const res = anyResponse as http.ServerResponse;
  const made = make(host, kind, here.by, request);
  const answer = made.truncate ? made.answer : cut(made.answer, req.headers.range);
  let body = Buffer.from(answer.body);
  const headers: Record<string, string> = { date: new Date(trueNow()).toUTCString(), ...answer.headers };
  const compressible = /text|json|xml|javascript/.test(headers['content-type'] ?? '') && body.length > 400;
  if (!made.raw && !made.truncate && made.stream === undefined && compressible && /gzip/.test(String(req.headers['accept-encoding'] ?? ''))) {
    body = gzipSync(body);
    headers['content-encoding'] = 'gzip';
  }
  entry.status = answer.status;
  const old = req.httpVersionMajor < 2;
  if (old && here.closeEach) headers['connection'] = 'close';
  const write = (size: number): void => {
    res.writeHead(answer.status, { ...headers, ...(answer.status === 204 || answer.status === 304 ? {} : { 'content-length': String(size) }) });
  };
  if (made.truncate) {
    // At least some bytes come, and at least some are missing.
    const whole = body.length > 1 ? body : Buffer.alloc(64, 0x20);
    const half = whole.subarray(0, Math.max(1, Math.floor(whole.length / 2)));
    write(whole.length);
    entry.bytes = half.length;
    res.write(half, () => setTimeout(() => req.socket?.destroy(), 20));
    return;
  }
  if (made.stream === 'huge') {
    write(HUGE);
    const block = Buffer.alloc(64 * 1024, 0x20);
    const more = (): void => {
      while (entry.bytes < HUGE && !res.destroyed) {
        entry.bytes += block.length;
        if (!res.write(block)) {
          res.once('drain', more);
          return;
        }
      }
      if (!res.destroyed) res.end();
    };
    more();
    return;
  }
  if (made.stream === 'trickle') {
    write(600);
    const timer = setInterval(() => {
      if (res.destroyed || (anyResponse as http2.Http2ServerResponse).stream?.destroyed || entry.bytes >= 600) {
        clearInterval(timer);
        if (entry.bytes >= 600) res.end();
        return;
      }
      entry.bytes += 1;
      res.write(' ');
    }, 1000);
    return;
  }
  write(body.length);
  if (request.method === 'HEAD' || answer.status === 204) {
    res.end();
  } else {
    entry.bytes = body.length;
    res.end(body);
  }
}

// ---- connections

interface Listening { connections: Set<net.Socket> }
const open = new Map<string, Listening>();
const openAt = (host: Host, wrong: boolean): Listening => {
  const key = `${host.name}/${wrong}`;
  let found = open.get(key);
  if (found === undefined) open.set(key, (found = { connections: new Set() }));
  return found;
};

/** The log's entry of a connection by its far end: TLS has another socket for it. */
const underWay = new Map<string, Extract<LabLogEntry, { kind: 'connection' }>>();
const endOf = (socket: net.Socket): string => `${socket.localAddress}:${socket.localPort} ${socket.remotePort}`;

/** Made on first use: a TLS server for a host, a place and a certificate. They never listen; sockets are handed to them. */
const secureServers = new Map<string, net.Server>();

function secureServer(host: Host, wrong: boolean, cert: string, onlyOld: boolean): net.Server {
  const key = `${host.name}/${wrong}/${cert === certificates.good[host.name] ? 'good' : cert.slice(100, 200)}/${onlyOld}`;
  let server = secureServers.get(key);
  if (server === undefined) {
    const options = { key: certificates.key, cert, ca: certificates.authority };
    const handle = (req: AnyRequest, res: AnyResponse): void => serve(host, wrong, true, req, res);
    server = onlyOld ? https.createServer({ ...options, ALPNProtocols: ['http/1.1'] }, handle) : http2.createSecureServer({ ...options, allowHTTP1: true, maxHeaderListPairs: 1000 } as http2.SecureServerOptions, handle);
    server.on('tlsClientError', () => undefined);
    server.on('secureConnection', (socket: tls.TLSSocket) => {
      const entry = underWay.get(endOf(socket));
      if (entry !== undefined) entry.resumed = socket.isSessionReused();
    });
    server.on('sessionError', () => undefined);
    server.on('error', () => undefined);
    secureServers.set(key, server);
  }
  return server;
}

const plainServers = new Map<string, http.Server>();
function plainServer(host: Host, wrong: boolean): http.Server {
  const key = `${host.name}/${wrong}`;
  let server = plainServers.get(key);
  if (server === undefined) {
    server = http.createServer((req, res) => serve(host, wrong, false, req, res));
    server.on('clientError', (_, socket) => socket.destroy());
    plainServers.set(key, server);
  }
  return server;
}

const connectionSticky = new Map<string, { kind: string | null; until: number }>();

function drawConnection(host: Host, here: HostPlan): string | null {
  if (here.connection.length === 0) return null;
  const sticky = connectionSticky.get(host.name);
  if (sticky !== undefined && sticky.until > Date.now()) return sticky.kind;
  const kind = draw(here.connection, randomOf(connectionRandom, 'connection', host));
  connectionSticky.set(host.name, { kind, until: Date.now() + STICKY_MS });
  return kind;
}

/** Faults that only HTTP/1.1 can show as meant: HTTP/2 has its own framing and its own limit on headers. */
const ONLY_OLD: readonly string[] = ['http.response.truncated', 'http.response.invalid', 'hostile.header_flood'];

function accept(host: Host, wrong: boolean, secure: boolean, socket: net.Socket): void {
  const here = planAt(host, wrong);
  const listening = openAt(host, wrong);
  listening.connections.add(socket);
  socket.on('error', () => socket.destroy());
  let kind = drawConnection(host, here);
  // Where there is no TLS, its failures cannot happen.
  if (!secure && kind !== null && kind.startsWith('tls.')) kind = null;
  const entry: Extract<LabLogEntry, { kind: 'connection' }> = { kind: 'connection', at: Date.now(), host: host.name, port: secure ? 443 : 80, wrong, outcome: kind ?? 'ok', bytesIn: 0, bytesOut: 0, closedAt: null, resumed: null };
  note(entry);
  const end = endOf(socket);
  underWay.set(end, entry);
  socket.on('close', () => {
    listening.connections.delete(socket);
    if (underWay.get(end) === entry) underWay.delete(end);
    entry.bytesIn = socket.bytesRead;
    entry.bytesOut = socket.bytesWritten;
    entry.closedAt = Date.now();
  });
  if (kind === 'tcp.reset') {
    socket.resetAndDestroy();
    return;
  }
  if (kind === 'tcp.closed') {
    socket.end();
    return;
  }
  if (kind === 'tls.timed_out') {
    socket.resume();
    return;
  }
  if (kind === 'tls.protocol.error') {
    socket.end('HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n');
    socket.resume();
    return;
  }
  if (!secure) {
    plainServer(host, wrong).emit('connection', socket);
    return;
  }
  const cert = kind === 'tls.cert.name_invalid' ? certificates.wrongName
    : kind === 'tls.cert.date_invalid' ? certificates.expired
      : kind === 'tls.cert.authority_invalid' || kind === 'captive' ? certificates.unknownAuthority
        : certificates.good[host.name]!;
  const onlyOld = here.closeEach || here.request.some((chance) => ONLY_OLD.includes(chance.kind));
  secureServer(host, wrong, cert, onlyOld).emit('connection', socket);
}

function listen(host: Host, wrong: boolean, address: string): Promise<unknown>[] {
  return [443, 80].map((port) => new Promise((resolve, reject) => {
    const server = net.createServer({ noDelay: true }, (socket) => accept(host, wrong, port === 443, socket));
    server.on('error', reject);
    server.listen(port, address, 256, () => resolve(undefined));
  }));
}

// ---- the packet filter

const CHAIN: Readonly<Record<string, string>> = { 'tcp.timed_out': 'silent', 'tcp.refused': 'refused', 'tcp.address_unreachable': 'unreachable' };
let filtered = '';

/**
 * Shares are decided for each new connection in the kernel: a shuffled, seeded row of 100 outcomes that is gone through one by one. A spare
 * connection within 0.7 s, and repeats of a first packet within 10 s, share the outcome of the first.
 */
function filter(): void {
  const rows: string[] = [];
  const chains: string[] = [];
  const add = (address: string, here: HostPlan, index: number): void => {
    if (here.packet.length === 0) return;
    const whole = here.packet.find((chance) => chance.share > 0.999);
    if (whole !== undefined) {
      rows.push(`${address} : goto ${CHAIN[whole.kind]}`);
      return;
    }
    const row = Array.from({ length: 100 }, (_, place) => draw(here.packet, place / 100));
    const random = stream(config.seed, 'packet', address);
    for (let at = row.length - 1; at > 0; at -= 1) {
      const other = Math.floor(random() * (at + 1));
      [row[at], row[other]] = [row[other]!, row[at]!];
    }
    const verdicts = row.map((kind, place) => `${place} : goto ${kind === null ? 'pass' : CHAIN[kind]}`);
    chains.push(`chain host${index} { numgen inc mod 100 vmap { ${verdicts.join(', ')} }; }`);
    rows.push(`${address} : goto host${index}`);
  };
  HOSTS.forEach((host, index) => {
    add(host.address, planAt(host, false), index);
    add(wrongAddress(index), planAt(host, true), 1000 + index);
  });
  const sticky = ['pass', ...PACKET_KINDS.map((kind) => CHAIN[kind]!)];
  const rules = `table inet lab {
    set dropped { type ipv4_addr . inet_service . ipv4_addr . inet_service; flags dynamic,timeout; timeout ${DROPPED_MS}ms; }
    ${sticky.map((name) => `set recent_${name} { type ipv4_addr; flags dynamic,timeout; timeout ${STICKY_MS}ms; }`).join('\n')}
    chain silent { add @dropped { ip saddr . tcp sport . ip daddr . tcp dport }; add @recent_silent { ip daddr }; drop; }
    chain refused { add @recent_refused { ip daddr }; reject with tcp reset; }
    chain unreachable { add @recent_unreachable { ip daddr }; reject with icmp type host-unreachable; }
    chain pass { add @recent_pass { ip daddr }; accept; }
    ${chains.join('\n')}
    chain fresh {
      ip saddr . tcp sport . ip daddr . tcp dport @dropped drop
      ${sticky.map((name) => `ip daddr @recent_${name} goto ${name}`).join('\n')}
      ${rows.length > 0 ? `ip daddr vmap { ${rows.join(', ')} }` : ''}
    }
    chain input { type filter hook input priority filter; policy accept; tcp flags & (syn|ack) == syn jump fresh; }
  }`;
  if (rules === filtered) return;
  filtered = rules;
  execFileSync('nft', ['-f', '-'], { input: `table inet lab {}\ndelete table inet lab\n${rules}`, stdio: ['pipe', 'ignore', 'pipe'] });
}

// ---- the cable

let plugged = true;
function plug(online: boolean): void {
  if (online === plugged) return;
  plugged = online;
  batch(config.namespaces.browser, online ? [`link set ${CABLE} up`, `route replace default via ${ROUTER}`] : [`link set ${CABLE} down`]);
}

/** Tells the browser that its network has changed (an address comes and goes), upon which it forgets names and idle connections. */
function jolt(): void {
  batch(config.namespaces.browser, [`addr add 192.168.78.2/24 dev ${CABLE}`, `addr del 192.168.78.2/24 dev ${CABLE}`]);
}

// ---- control

function resolverWords(of: PhasePlan): string {
  return JSON.stringify([of.resolver, of.resolverDead]);
}

function apply({ phase: next, originAt, minuteMs, keepNames }: ApplyParams): { notExpressible: string[] } {
  const before = plan;
  phase = next;
  plan = planPhase(next, HOSTS);
  clock = { origin: originAt, minuteMs };
  dnsSticky.clear();
  connectionSticky.clear();
  filter();
  plug(plan.online);
  for (const host of HOSTS) {
    for (const [wrong, was, is] of [[false, before.at[host.name], plan.at[host.name]], [true, before.atWrong[host.name], plan.atWrong[host.name]]] as const) {
      if (JSON.stringify(was) === JSON.stringify(is)) continue;
      for (const socket of openAt(host, wrong).connections) socket.destroy();
    }
  }
  if (!keepNames && before.online && plan.online && resolverWords(before) !== resolverWords(plan)) jolt();
  return { notExpressible: plan.notExpressible };
}

const methods: Record<string, (params: never) => unknown> = {
  apply,
  log: () => {
    return log;
  },
  forget: () => {
    log = [];
    return null;
  },
  jolt: () => {
    jolt();
    return null;
  },
};

const control = net.createServer((socket) => {
  socket.on('error', () => socket.destroy());
  createInterface({ input: socket }).on('line', (line) => {
    const { id, method, params } = JSON.parse(line) as { id: number; method: string; params: never };
    let message: Record<string, unknown>;
    try {
      const found = methods[method];
      if (found === undefined) throw new Error(`the lab has no method "${method}"`);
      message = { id, result: found(params) ?? null };
    } catch (error) {
      message = { id, error: (error as Error).message };
    }
    if (socket.writable) socket.write(`${JSON.stringify(message)}\n`);
  }).on('error', () => undefined);
});

function end(): void {
  removeNamespaces(config.namespaces, process.pid);
  rmSync(config.directory, { recursive: true, force: true });
  process.exit(0);
}

process.stdin.resume();
process.stdin.on('end', end);
process.stdin.on('error', end);
process.on('SIGTERM', end);
process.on('SIGINT', () => undefined); // Ctrl-C goes to the whole group: whoever opened the lab decides.

await Promise.all([
  ...HOSTS.flatMap((host, index) => [...listen(host, false, host.address), ...listen(host, true, wrongAddress(index))]),
  new Promise<void>((resolve) => udp.bind(53, ROUTER, resolve)),
  new Promise<void>((resolve) => dnsOverTcp.listen(53, ROUTER, resolve)),
  new Promise<void>((resolve) => control.listen(config.socket, resolve)),
]);
filter();
process.stdout.write('ready\n');
