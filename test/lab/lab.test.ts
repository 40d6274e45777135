import { execFile, spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { readAnswer } from '../../utils/core/answer.ts';
import { decodeScenario } from '../../utils/core/scenario.ts';
import { TARGETS } from '../../utils/core/targets.ts';
import type { Target } from '../../utils/core/target.ts';
import { labUnavailable, nodeBinary, openLab } from './lab.ts';
import type { Lab, LabPhase } from './lab.ts';
import { CONNECTION_KINDS, DNS_KINDS, HOSTILE, PACKET_KINDS, REQUEST_KINDS } from './plan.ts';

const reason = labUnavailable();

/** What curl saw: its exit code, how far it came, and the answer. */
interface Seen {
  code: number;
  error: string;
  status: number;
  /** Seconds until the name was known, the connection made, TLS agreed; 0 where it never was. */
  lookup: number;
  connect: number;
  tls: number;
  total: number;
  address: string;
  location: string;
  headers: Record<string, string>;
  body: Buffer;
}

/** Seconds that a client waits: where an answer comes it comes sooner, however busy the machine. */
const PATIENCE = 15;
/** The same where silence is what is to be seen. */
const SILENCE = 2;
const WRITE = '%{stderr}\n@%{exitcode} %{response_code} %{time_namelookup} %{time_connect} %{time_appconnect} %{time_total} %{remote_ip}\n';

function curl(lab: Lab, url: string, ...args: string[]): Promise<Seen> {
  const [command, ...rest] = lab.browserCommand(['curl', '-sS', '-i', '--max-time', String(PATIENCE), '-w', WRITE, ...args, url]);
  return new Promise((resolve) => {
    execFile(command!, rest, { encoding: 'buffer', maxBuffer: 256 * 1024 * 1024 }, (_, stdout, stderr) => {
      const text = stderr.toString();
      const [code, status, lookup, connect, tls, total, address = ''] = /^@(.*)$/m.exec(text)![1]!.split(' ');
      const end = stdout.indexOf('\r\n\r\n');
      const head = end < 0 ? '' : stdout.subarray(0, end).toString();
      const headers = Object.fromEntries(head.split('\r\n').slice(1).map((line) => [line.slice(0, line.indexOf(':')).toLowerCase(), line.slice(line.indexOf(':') + 1).trim()]));
      resolve({
        code: Number(code), error: text.replace(/^@.*$/m, '').trim(), status: Number(status), lookup: Number(lookup), connect: Number(connect), tls: Number(tls), total: Number(total),
        address, location: headers['location'] ?? '', headers, body: end < 0 ? Buffer.alloc(0) : stdout.subarray(end + 4),
      });
    });
  });
}

/** What a resolver library sees when it asks the user's own resolver. */
function resolveName(lab: Lab, name: string): Promise<string> {
  const script = `const d=require('dns');const r=new d.Resolver({timeout:600,tries:1});r.resolve4(${JSON.stringify(name)},(e,a)=>console.log(e?e.code:a.join(' ')))`;
  const [command, ...rest] = lab.browserCommand([nodeBinary, '-e', script]);
  return new Promise((resolve) => execFile(command!, rest, (_, stdout) => resolve(stdout.trim())));
}

/** Outcomes of requests made one after the other, each on a connection of its own: `.` answered, the first digit of a status that is not 200, `x` failed. */
function outcomes(lab: Lab, count: number): Promise<string> {
  const script = `
    const { get, Agent } = require('https');
    const ca = require('fs').readFileSync(process.env.NODE_EXTRA_CA_CERTS);
    const say = (what, next) => { process.stdout.write(what); ask(next); };
    const ask = (left) => left > 0 && get({ host: 'itunes.apple.com', path: '/lookup?id=1', ca, agent: new Agent() }, (answer) => {
      answer.resume().on('end', () => say(answer.statusCode === 200 ? '.' : String(answer.statusCode)[0], left - 1));
    }).on('error', () => say('x', left - 1));
    ask(${count});
  `;
  const [command, ...rest] = lab.browserCommand([nodeBinary, '-e', script]);
  return new Promise((resolve) => execFile(command!, rest, (_, stdout) => resolve(stdout)));
}

/** Asks a DNS-over-HTTPS resolver. */
async function question(lab: Lab, url: string, patience: number): Promise<{ code: number; status?: number; addresses?: number }> {
  const seen = await curl(lab, url, '--max-time', String(patience), '-H', 'accept: application/dns-json');
  if (seen.code !== 0) return { code: seen.code };
  const body = JSON.parse(seen.body.toString()) as { Status: number; Answer?: { type: number }[] };
  return { code: 0, status: body.Status, addresses: (body.Answer ?? []).filter((answer) => answer.type === 1).length };
}

function cli(...args: string[]): { status: number | null; out: string; err: string } {
  const { status, stdout, stderr } = spawnSync(nodeBinary, [join(import.meta.dirname, 'cli.ts'), ...args], { encoding: 'utf8' });
  return { status, out: stdout, err: stderr };
}

/** Asks a target as the product would, and lets the target judge. */
async function ask(lab: Lab, target: Target): Promise<string> {
  const url = target.url({ country: 'jp', nonce: 'n1' });
  const seen = await curl(lab, url, ...Object.entries(target.headers ?? {}).flatMap(([name, value]) => ['-H', `${name}: ${value}`]));
  if (seen.code !== 0) return `curl ${seen.code}: ${seen.error}`;
  const body = seen.body.subarray(0, target.maxBytes);
  const result = target.judge({ status: seen.status, headers: seen.headers, url: seen.location || url, text: body.toString(), bytes: body.length, cut: seen.body.length > target.maxBytes, now: Date.now() });
  return result.kind === 'failed' ? result.failure : result.kind;
}

const MORE_THAN_NOTHING: unknown = expect.toSatisfy((seconds: number) => seconds > 0);
const LOOKUP = 'https://itunes.apple.com/lookup?id=1441000001&country=jp&entity=song&limit=1';

describe.skipIf(reason !== null)(`lab${reason === null ? '' : ` (skipped: ${reason})`}`, () => {
  let lab: Lab;
  beforeAll(async () => {
    lab = await openLab({ seed: 7, latencyMs: 20 });
  });
  afterAll(async () => {
    await lab.close();
  });
  beforeEach(async () => {
    await lab.clear();
    await lab.forget();
  });

  describe('healthy', () => {
    test.each(TARGETS.map((target) => [target.id, target] as const))('%s is healthy in the eyes of the product', async (_, target) => {
      expect(await ask(lab, target)).toBe('ok');
    });

    test.each([
      ['https://music.apple.com/', 301, 'https://music.apple.com/jp/new'],
      ['https://geo.music.apple.com/us/album/x/1441000001', 302, 'https://music.apple.com/jp/album/x/1441000001'],
      ['https://geo.itunes.apple.com/jp/album/id1441000001', 302, 'https://music.apple.com/jp/album/1441000001'],
      ['https://itunes.apple.com/jp/album/id1441000001?i=1441000002', 301, 'https://music.apple.com/jp/album/lab/1441000001?i=1441000002'],
    ])('%s leads on with %i', async (url, status, location) => {
      expect(await curl(lab, url)).toMatchObject({ code: 0, status, location });
    });

    test('answers look as recorded ones: empty lines before the look-up, ranges of audio, an image, both languages of the feed', async () => {
      expect((await curl(lab, LOOKUP)).body.toString()).toMatch(/^\n\n\n\{\n "resultCount":2,\n "results": \[\n\{"wrapperType":"collection"/);
      const audio = await curl(lab, 'https://audio-ssl.itunes.apple.com/itunes-assets/AudioPreview1/x.m4a', '-H', 'range: bytes=4-7');
      expect([audio.status, audio.headers['content-range'], audio.body.toString()]).toEqual([206, 'bytes 4-7/65536', 'ftyp']);
      expect((await curl(lab, 'https://is1-ssl.mzstatic.com/image/thumb/a/b.jpg/100x100bb.jpg')).body.subarray(0, 3)).toEqual(Buffer.from([0xff, 0xd8, 0xff]));
      for (const [locale, radio] of [['en_US', 'Apple Music radio'], ['ja_JP', 'Apple Musicのラジオ']] as const) {
        const feed = JSON.parse((await curl(lab, `https://www.apple.com/support/systemstatus/data/system_status_${locale}.js`)).body.toString()) as { services: { serviceName: string }[] };
        expect(feed.services.map((service) => service.serviceName)).toContain(radio);
      }
    });

    test('a song page carries title, metadata and the policy that was asked for', async () => {
      const page = await curl(lab, 'https://music.apple.com/jp/album/paper-lanterns/1441000001?i=1441000002');
      expect(page.body.toString()).toContain('<meta property="og:title" content="Platform Four by Hotaru Nakagawa on Apple Music">');
      expect(page.headers['content-security-policy']).toContain("'unsafe-inline'");
      await lab.apply({ csp: { '/jp/album': "default-src 'none'" } });
      expect((await curl(lab, 'https://music.apple.com/jp/album/x/1441000001')).headers['content-security-policy']).toBe("default-src 'none'");
      expect((await curl(lab, 'https://music.apple.com/jp/new?lab-csp=strict')).headers['content-security-policy']).toContain('trusted-types');
    });

    test('an unknown name is not found; a known one resolves along its aliases', async () => {
      expect(await resolveName(lab, 'nobody.example')).toBe('ENOTFOUND');
      expect(await resolveName(lab, 'music.apple.com')).toBe('151.101.3.6');
    });
  });

  // One row for each kind of failure: what is done to the look-up's host, and what a plain client then sees.
  const KINDS: [kind: string, sees: Partial<Record<keyof Seen, unknown>>][] = [
    ['dns.name_not_resolved', { code: 6, error: expect.stringContaining('Could not resolve host') }],
    ['dns.failed', { code: 6, error: expect.stringContaining('Could not resolve host') }],
    ['dns.timed_out', { code: 28, lookup: 0, error: expect.stringContaining('Resolving timed out') }],
    ['tcp.timed_out', { code: 28, connect: 0 }],
    ['tcp.refused', { code: 7, error: expect.stringContaining("Couldn't connect") }],
    ['tcp.address_unreachable', { code: 7, error: expect.stringContaining("Couldn't connect") }],
    ['tcp.reset', { code: 35, tls: 0, error: expect.stringMatching(/reset by peer|SSL_ERROR_SYSCALL/) }],
    ['tcp.closed', { code: 35, tls: 0, error: expect.stringMatching(/unexpected eof|SSL_ERROR_SYSCALL/) }],
    ['tls.timed_out', { code: 28, tls: 0 }],
    ['tls.protocol.error', { code: 35, error: expect.stringContaining('wrong version number') }],
    ['tls.cert.name_invalid', { code: 60, error: expect.stringContaining('no alternative certificate subject name matches') }],
    ['tls.cert.date_invalid', { code: 60, error: expect.stringContaining('certificate has expired') }],
    ['tls.cert.authority_invalid', { code: 60, error: expect.stringContaining('unable to get local issuer certificate') }],
    ['http.timed_out', { code: 28, status: 0, tls: MORE_THAN_NOTHING }],
    ['http.response.truncated', { code: 18, status: 200 }],
    ['http.response.invalid', { code: 1, error: expect.stringContaining('HTTP/0.9') }],
    ['http.response.redirect_loop', { code: 0, status: 302, location: expect.stringContaining('itunes.apple.com/lookup') }],
    ['http.protocol.error', { code: 92, error: expect.stringContaining('PROTOCOL_ERROR') }],
    ['http.404', { code: 0, status: 404 }],
    ['http.503', { code: 0, status: 503 }],
    ['content.unexpected', { code: 0, status: 200 }],
    ['content.maintenance', { code: 0, status: 200 }],
    ['content.stale', { code: 0, status: 200, headers: expect.objectContaining({ age: '1036800' }) }],
    ['redirect.foreign', { code: 0, status: 302, location: expect.stringMatching(/^http:\/\/login\.hotspot\.example\//) }],
    ['hostile.huge', { code: expect.toSatisfy((code: number) => code === 0 || code === 28), status: 200, headers: expect.objectContaining({ 'content-length': '104857600' }) }],
    ['hostile.trickle', { code: 28, status: 200, body: expect.toSatisfy((body: Buffer) => body.length <= 3) }],
    ['hostile.invalid_utf8', { code: 0, status: 200, body: expect.toSatisfy((body: Buffer) => body.includes(0xff)) }],
    ['hostile.not_json', { code: 0, status: 200, body: expect.toSatisfy((body: Buffer) => body.toString().endsWith('[')) }],
    ['hostile.gzip_bomb', { code: 0, status: 200, body: expect.toSatisfy((body: Buffer) => body.length < 200_000 && body[0] === 0x1f) }],
    ['hostile.header_flood', { code: 0, status: 200, headers: expect.objectContaining({ 'x-flood-199': 'f'.repeat(1000) }) }],
  ];

  test('the table below covers every kind there is', () => {
    const all = [...DNS_KINDS, ...PACKET_KINDS, ...CONNECTION_KINDS, ...REQUEST_KINDS, ...HOSTILE];
    expect(all.filter((kind) => !KINDS.some(([known]) => known === kind))).toEqual([]);
  });

  describe('one host fails, its neighbour does not', () => {
    test.each(KINDS)('%s', async (kind, sees) => {
      expect(await lab.apply({ hosts: { catalog: { fail: { [kind]: 1 } } } })).toEqual({ notExpressible: [] });
      const maySilence = typeof sees.code !== 'number' || sees.code === 28;
      const [seen, other] = await Promise.all([curl(lab, LOOKUP, ...(maySilence ? ['--max-time', String(SILENCE)] : [])), curl(lab, 'https://init.itunes.apple.com/bag.xml')]);
      expect(seen).toMatchObject(sees);
      expect(other).toMatchObject({ code: 0, status: 200 });
      // Where a timer is all that the client sees, the lab knows how far the request came.
      const log = (await lab.log()).filter((entry) => entry.kind !== 'dns' && entry.host === 'itunes.apple.com');
      const connected = !([...DNS_KINDS, ...PACKET_KINDS] as string[]).includes(kind);
      expect([log.some((entry) => entry.kind === 'connection'), log.some((entry) => entry.kind === 'request')]).toEqual([connected, connected && !(CONNECTION_KINDS as readonly string[]).includes(kind)]);
      await lab.clear();
      expect(await curl(lab, LOOKUP)).toMatchObject({ code: 0, status: 200 });
    });

    test('the resolver says NXDOMAIN, SERVFAIL or nothing', async () => {
      for (const [kind, sees] of [['dns.name_not_resolved', 'ENOTFOUND'], ['dns.failed', 'ESERVFAIL'], ['dns.timed_out', 'ETIMEOUT']] as const) {
        await lab.apply({ store: { fail: { [kind]: 1 } } });
        expect(await resolveName(lab, 'itunes.apple.com')).toBe(sees);
        expect(await resolveName(lab, 'www.apple.com')).toBe('23.209.216.37');
      }
    });

    test('the product recognises what the content faults do to every part of the store', async () => {
      for (const kind of ['content.unexpected', 'content.maintenance', 'redirect.foreign']) {
        await lab.apply({ store: { fail: { [kind]: 1 } } });
        const found = await Promise.all(TARGETS.filter((target) => target.role !== 'controls' && target.role !== 'neighbour').map((target) => ask(lab, target)));
        expect(found).toEqual(found.map(() => kind));
      }
      await lab.apply({ store: { fail: { 'content.stale': 1 } } });
      expect(await ask(lab, TARGETS.find((target) => target.role === 'charts')!)).toBe('content.stale');
    });
  });

  describe('who wrote the error page', () => {
    test.each([
      ['edge', 'https://music.apple.com/jp/new', 'edge', 'fastly'],
      ['origin', 'https://music.apple.com/jp/new', 'origin', 'fastly'],
      ['edge', LOOKUP, 'edge', 'akamai'],
      ['origin', LOOKUP, 'origin', 'akamai'],
      [null, LOOKUP, null, null],
    ] as const)('by %s: %s', async (by, url, writer, edge) => {
      await lab.apply({ store: { fail: { 'http.503': 1 }, ...(by === null ? {} : { by }) } });
      const seen = await curl(lab, url);
      expect(seen.status).toBe(503);
      expect(readAnswer({ status: seen.status, headers: seen.headers, address: null, protocol: null, text: seen.body.toString() })).toMatchObject({ by: writer, edge });
    });

    test('over the limit the look-up answers 403 with nothing in it', async () => {
      await lab.apply({ hosts: { catalog: { fail: { 'http.403': 1 }, by: 'origin' } } });
      expect(await curl(lab, LOOKUP)).toMatchObject({ status: 403, body: Buffer.alloc(0) });
    });
  });

  describe('the user and his network', () => {
    test('cable pulled: nothing goes out, and it comes back', async () => {
      await lab.apply({ client: { online: false } });
      expect(await curl(lab, 'https://1.1.1.1/cdn-cgi/trace')).toMatchObject({ code: 7 });
      await lab.clear();
      expect(await curl(lab, 'https://1.1.1.1/cdn-cgi/trace')).toMatchObject({ code: 0, status: 200 });
    });

    test('captive portal: plain requests are led to its page, TLS meets its certificate, names resolve', async () => {
      await lab.apply({ captive: true });
      expect(await curl(lab, 'http://detectportal.firefox.com/success.txt')).toMatchObject({ status: 302, location: expect.stringContaining('login.hotspot.example') });
      expect(await curl(lab, LOOKUP)).toMatchObject({ code: 60 });
      expect(await curl(lab, 'https://1.1.1.1/cdn-cgi/trace')).toMatchObject({ code: 60 });
      expect(await curl(lab, 'http://login.hotspot.example/login')).toMatchObject({ status: 200 });
    });

    test('dead resolver: no name resolves, a literal address answers', async () => {
      await lab.apply({ resolver: 'dead' });
      expect(await resolveName(lab, 'www.gstatic.com')).toBe('ETIMEOUT');
      expect(await curl(lab, 'https://1.1.1.1/cdn-cgi/trace')).toMatchObject({ code: 0, status: 200 });
    });

    test('lying resolver: the failing names lead elsewhere, the true address is well', async () => {
      await lab.apply({ resolver: 'lies', hosts: { catalog: { fail: { 'tls.cert.authority_invalid': 1 } } } });
      expect(await curl(lab, LOOKUP)).toMatchObject({ code: 60, address: expect.stringMatching(/^203\.0\.113\./) });
      expect(await curl(lab, LOOKUP, '--resolve', 'itunes.apple.com:443:23.209.216.33')).toMatchObject({ code: 0, status: 200 });
      expect(await curl(lab, 'https://init.itunes.apple.com/bag.xml')).toMatchObject({ code: 0, address: '23.209.216.34' });
      await lab.apply({ byHost: { 'itunes.apple.com': { lie: 'null' } } });
      expect(await resolveName(lab, 'itunes.apple.com')).toBe('0.0.0.0');
      await lab.apply({ byHost: { 'itunes.apple.com': { lie: 'wrong' } } });
      expect(await curl(lab, LOOKUP, '--max-time', String(SILENCE))).toMatchObject({ code: 28, connect: 0 });
    });

    test('controls and neighbour have their own views', async () => {
      await lab.apply({ controls: { fail: { 'tcp.refused': 1 } }, neighbour: { fail: { 'http.500': 1 } } });
      expect(await curl(lab, 'https://www.gstatic.com/generate_204')).toMatchObject({ code: 7 });
      expect(await curl(lab, 'https://captive.apple.com/hotspot-detect.html')).toMatchObject({ status: 500 });
      expect(await curl(lab, LOOKUP)).toMatchObject({ status: 200 });
    });
  });

  describe('DNS over HTTPS', () => {
    const fine = { code: 0, status: 0, addresses: 1 };
    test.each<[string, LabPhase, unknown]>([
      ['healthy', {}, fine],
      ['same: not found for everybody', { store: { fail: { 'dns.name_not_resolved': 1 } } }, { code: 0, status: 3, addresses: 0 }],
      ['same: SERVFAIL for everybody', { store: { fail: { 'dns.failed': 1 } }, doh: 'same' }, { code: 0, status: 2, addresses: 0 }],
      ['ok: only the user\'s own resolver fails', { store: { fail: { 'dns.failed': 1 } }, doh: 'ok' }, fine],
      ['failing', { doh: 'failing' }, { code: 0, status: 2, addresses: 0 }],
      ['unreachable', { doh: 'unreachable' }, { code: 28 }],
    ])('%s', async (_, phase, sees) => {
      await lab.apply(phase);
      const asked = ['https://1.1.1.1/dns-query?name=itunes.apple.com&type=A', 'https://dns.google/resolve?name=itunes.apple.com&type=A'];
      expect(await Promise.all(asked.map((url) => question(lab, url, phase.doh === 'unreachable' ? SILENCE : PATIENCE)))).toEqual([sees, sees]);
      // As a control the address answers all the same.
      expect(await curl(lab, 'https://1.1.1.1/cdn-cgi/trace')).toMatchObject({ status: 200 });
    });
  });

  test('the vendor\'s feed tells what the scenario says, or cannot be read', async () => {
    const url = 'https://www.apple.com/support/systemstatus/data/system_status_en_US.js';
    await lab.apply({ atMinute: 30, official: [{ service: 'iTunes Store', type: 'Outage', status: 'ongoing', startedAtMinute: 10, text: 'Users may be unable to buy.' }] });
    const feed = JSON.parse((await curl(lab, url)).body.toString()) as { services: { serviceName: string; events: Record<string, unknown>[] }[] };
    const [event] = feed.services.find((service) => service.serviceName === 'iTunes Store')!.events;
    expect(event).toMatchObject({ eventStatus: 'ongoing', statusType: 'Outage', epochEndDate: null, message: 'Users may be unable to buy.' });
    expect(Math.abs(Number(event!['epochStartDate']) - (Date.now() - 20 * 60_000))).toBeLessThan(10_000);
    await lab.apply({ official: 'unreachable' });
    expect(await curl(lab, url)).toMatchObject({ status: 503 });
    expect(await curl(lab, 'https://www.apple.com/')).toMatchObject({ status: 200 });
  });

  test('a wrong clock of the user\'s shows as a server\'s clock that differs from it', async () => {
    await lab.apply({ client: { clockSkewMinutes: -600 } });
    const ahead = Date.parse((await curl(lab, LOOKUP)).headers['date']!) - Date.now();
    expect(Math.abs(ahead - 600 * 60_000)).toBeLessThan(5000);
    expect(await ask(lab, TARGETS.find((target) => target.role === 'charts')!)).toBe('ok');
  });

  test('storefronts fail apart: an address that carries a spared country is answered', async () => {
    await lab.apply({ store: { fail: { 'http.503': 1 } }, sparedStorefronts: ['us'] });
    const asked = ['https://itunes.apple.com/lookup?id=1&country=us', 'https://itunes.apple.com/lookup?id=1&country=jp', 'https://music.apple.com/us/browse', 'https://music.apple.com/jp/browse', 'https://rss.marketingtools.apple.com/api/v2/us/music/most-played/10/songs.json', 'https://init.itunes.apple.com/bag.xml?ix=6'];
    expect(await Promise.all(asked.map(async (url) => (await curl(lab, url)).status))).toEqual([200, 503, 200, 503, 200, 503]);
  });

  test('vantage points elsewhere see the scenario\'s world', async () => {
    await lab.apply({ world: { failShare: 1 } });
    const order = JSON.stringify({ type: 'http', target: 'itunes.apple.com', locations: [{ country: 'US', limit: 2 }], measurementOptions: { request: { method: 'GET', path: '/robots.txt' } } });
    const made = await curl(lab, 'https://api.globalping.io/v1/measurements', '-H', 'content-type: application/json', '-d', order);
    expect(made.status).toBe(202);
    expect(JSON.parse(made.body.toString())).toMatchObject({ id: expect.any(String), probesCount: 2 });
  });

  test('slow: answers take so many times as long', async () => {
    await lab.apply({ hosts: { catalog: { slow: 20 } } });
    expect((await curl(lab, LOOKUP)).total).toBeGreaterThan(0.3);
    // A busy machine makes anybody slow now and then, but not each time.
    const others: number[] = [];
    while (others.length < 10 && !others.some((total) => total < 0.3)) others.push((await curl(lab, 'https://init.itunes.apple.com/bag.xml')).total);
    expect(Math.min(...others)).toBeLessThan(0.3);
  });

  describe('shares', () => {
    test('of answers: by request, and the same again with the same seed', async () => {
      const again = await openLab({ seed: 7, latencyMs: 1 });
      const different = await openLab({ seed: 8, latencyMs: 1 });
      try {
        const phase: LabPhase = { byHost: { 'itunes.apple.com': { fail: { 'http.503': 0.3 } } } };
        const rows: string[] = [];
        for (const one of [again, different]) {
          await one.apply(phase);
          rows.push(await outcomes(one, 60));
        }
        const fresh = await openLab({ seed: 7, latencyMs: 1 });
        await fresh.apply(phase);
        rows.push(await outcomes(fresh, 60));
        await fresh.close();
        expect(rows[2]).toBe(rows[0]);
        expect(rows[1]).not.toBe(rows[0]);
        const failed = rows[0]!.split('5').length - 1;
        expect(failed).toBeGreaterThan(8);
        expect(failed).toBeLessThan(30);
      } finally {
        await again.close();
        await different.close();
      }
    });

    test('of connections: requests that come at once share the fate of the first, later ones draw anew', async () => {
      await lab.apply({ byHost: { 'itunes.apple.com': { fail: { 'tcp.refused': 0.5 } } } });
      const first = await Promise.all([1, 2, 3].map(async () => (await curl(lab, LOOKUP)).code));
      expect(new Set(first).size).toBe(1);
      const seen = new Set<number>();
      for (let round = 0; round < 12 && seen.size < 2; round += 1) {
        await sleep(750);
        seen.add((await curl(lab, LOOKUP)).code);
      }
      expect([...seen].sort()).toEqual([0, 7]);
    });
  });

  // The scenarios of documented outages lie beside the repository, where they are there at all.
  const real = [join(import.meta.dirname, '../scenarios/real'), join(import.meta.dirname, '../../../shared/scenarios/real')].find((folder) => existsSync(folder));
  test.skipIf(real === undefined)(`every phase of every documented outage can be applied${real === undefined ? ' (skipped: no scenarios here)' : ''}`, async () => {
    const missing = new Set<string>();
    let phases = 0;
    for (const file of readdirSync(real!).filter((name) => name.endsWith('.json'))) {
      const decoded = decodeScenario(JSON.parse(readFileSync(join(real!, file), 'utf8')));
      if (!decoded.ok) throw new Error(`${file}: ${decoded.error.at}: ${decoded.error.reason}`);
      for (const phase of decoded.value.phases) {
        phases += 1;
        for (const name of (await lab.apply(phase)).notExpressible) missing.add(`${file}: ${name}`);
      }
    }
    expect(phases).toBeGreaterThan(0);
    expect([...missing]).toEqual([]);
  });

  test('the browser is told to forget names when, and only when, what the resolver says changes', async () => {
    const monitor = lab.enter(['ip', 'monitor', 'address'], { stdio: ['ignore', 'pipe', 'inherit'] });
    let changes = '';
    monitor.stdout!.on('data', (chunk: Buffer) => (changes += chunk.toString()));
    const heard = async (phase: LabPhase, keepNames = false): Promise<boolean> => {
      changes = '';
      await lab.apply(phase, { keepNames });
      await sleep(200);
      return changes.includes('192.168.78.2');
    };
    try {
      await sleep(300);
      expect(await heard({ store: { fail: { 'http.503': 1 } } })).toBe(false);
      expect(await heard({ store: { fail: { 'dns.failed': 1 } } })).toBe(true);
      expect(await heard({ resolver: 'dead' }, true)).toBe(false);
      expect(await heard({})).toBe(true);
    } finally {
      monitor.kill('SIGKILL');
    }
  });

  test('what a network cannot do is said', async () => {
    const { notExpressible } = await lab.apply({ hosts: { purchase: { fail: { 'blocked.by_client': 1 } } }, client: { asleep: true }, byHost: { 'nobody.example': {} } });
    expect(notExpressible).toEqual(['blocked.by_client (purchase)', 'client.asleep', 'host nobody.example']);
  });

  test('a scenario runs on a faster clock and leaves health behind', async () => {
    const started = Date.now();
    let over = false;
    const running = lab.run({ endMinute: 4, phases: [{ atMinute: 0 }, { atMinute: 2, store: { fail: { 'http.503': 1 } } }] }, { speed: 40 }).then(() => { over = true; });
    const course: number[] = [];
    while (!over) {
      const { status } = await curl(lab, LOOKUP);
      if (status !== course.at(-1)) course.push(status);
    }
    await running;
    expect(Date.now() - started).toBeGreaterThan(5_900);
    expect((await curl(lab, LOOKUP)).status).toBe(200);
    expect(course.slice(0, 2)).toEqual([200, 503]);
  });

  test('it remembers who asked what, and how much it cost', async () => {
    await curl(lab, LOOKUP, '-A', 'the-asker');
    const [request] = await lab.requests();
    expect(request).toMatchObject({ host: 'itunes.apple.com', method: 'GET', path: new URL(LOOKUP).pathname + new URL(LOOKUP).search, status: 200, outcome: 'ok', userAgent: 'the-asker', secure: true });
    await sleep(50);
    const connection = (await lab.log()).find((entry) => entry.kind === 'connection');
    expect(connection).toMatchObject({ host: 'itunes.apple.com', port: 443, outcome: 'ok' });
    expect(connection?.kind === 'connection' && connection.bytesOut > request!.bytes && connection.bytesIn > 200).toBe(true);
    await lab.forget();
    expect(await lab.log()).toEqual([]);
  });

  test('a driver inside controls the lab it runs in', async () => {
    const driver = lab.enter([nodeBinary, '--input-type=module', '-e', `
      const { attachLab } = await import(${JSON.stringify(join(import.meta.dirname, 'lab.ts'))});
      const lab = await attachLab();
      await lab.apply({ store: { fail: { 'http.502': 1 } } });
      console.log((await fetch(${JSON.stringify(LOOKUP)})).status, (await lab.requests()).length);
      lab.end();
    `], { stdio: ['ignore', 'pipe', 'inherit'] });
    let said = '';
    driver.stdout!.on('data', (chunk: Buffer) => (said += chunk.toString()));
    await new Promise((resolve) => driver.once('exit', resolve));
    expect(said.trim()).toBe('502 1');
  });

  test('several labs do not meet, and a closed one leaves nothing', async () => {
    const second = await openLab();
    await second.apply({ store: { fail: { 'http.500': 1 } } });
    expect((await curl(second, LOOKUP)).status).toBe(500);
    expect((await curl(lab, LOOKUP)).status).toBe(200);
    const sleeper = second.enter(['sleep', '1000']);
    const gone = new Promise((resolve) => sleeper.once('exit', resolve));
    await second.close();
    await gone;
    expect([existsSync(second.directory), existsSync(`/run/netns/${second.namespaces.browser}`), existsSync(`/run/netns/${second.namespaces.servers}`), existsSync(`/etc/netns/${second.namespaces.browser}`)]).toEqual([false, false, false, false]);
  });

  test('when whoever opened it is killed, nothing stays behind', async () => {
    const script = `const { openLab } = await import(${JSON.stringify(join(import.meta.dirname, 'lab.ts'))}); const lab = await openLab(); console.log(lab.directory); setInterval(() => {}, 1e6);`;
    const owner = spawn(nodeBinary, ['--input-type=module', '-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
    const directory = (await new Promise<Buffer>((resolve) => owner.stdout.once('data', resolve))).toString().trim();
    const mine = (): string[] => readdirSync('/run/netns').filter((name) => name.startsWith(`tsunagaru-${owner.pid}-`));
    expect(mine().length).toBe(2);
    owner.kill('SIGKILL');
    for (let wait = 0; wait < 50 && (mine().length > 0 || existsSync(directory)); wait += 1) await sleep(100);
    expect([mine(), existsSync(directory)]).toEqual([[], false]);
  });

  describe('command line', () => {
    test('plays a file, runs a command inside and prints what was asked', () => {
      const folder = mkdtempSync(join(tmpdir(), 'tsunagaru-cli-'));
      const file = join(folder, 'scenario.json');
      const scenario = { format: 1, id: 'x', title: 'x', start: '2026-01-01T00:00:00Z', endMinute: 10, phases: [{ atMinute: 0, store: { fail: { 'http.503': 1 } } }], truth: { side: 'store', causes: ['undisclosed'], relapse: false, confidence: 'low' }, source: [] };
      try {
        spawnSync('tee', [file], { input: JSON.stringify(scenario) });
        const good = cli('--file', file, '--asked', '--', 'sh', '-c', `sleep 0.5; curl -s -o /dev/null -w 'saw %{http_code}\\n' '${LOOKUP}'`);
        expect([good.status, good.err]).toEqual([0, '']);
        expect(good.out).toMatch(/-- minute 0\n/);
        expect(good.out).toMatch(/saw 503\n/);
        expect(good.out).toMatch(/dns {2}itunes\.apple\.com A: ok\n/);
        expect(good.out).toMatch(/http GET https:\/\/itunes\.apple\.com\/lookup\?id=1441000001\S*: 503 \(http\.503\), \d+ bytes\n/);
        spawnSync('tee', [file], { input: readFileSync(file, 'utf8').replace('http.503', 'http.nonsense') });
        expect(cli('--file', file)).toMatchObject({ status: 2, err: expect.stringContaining(`${file}: phases[0].store.fail: knows no failure named "http.nonsense"`) });
      } finally {
        rmSync(folder, { recursive: true, force: true });
      }
      expect(cli('--speed', 'fast')).toMatchObject({ status: 2, err: '--speed: must be a number above 0, not "fast"\n' });
    });
  });
});
