import { expect, test } from 'vitest';
import { fetchText, noted } from './fetch-text.ts';
import type { Fetch } from './fetch-text.ts';

const BASE = { url: 'https://a.example/x', timeoutMs: 50, maxBytes: 100 };

test('an answer with its headers, bytes and validators', async () => {
  const fetch: Fetch = async () => new Response('はい', { status: 418, headers: { ETag: 'W/"1"', 'X-Two': '2' } });
  expect(await fetchText(fetch, BASE)).toMatchObject({
    ok: true, value: { status: 418, text: 'はい', bytes: 6, headers: { 'x-two': '2' }, validators: { etag: 'W/"1"', lastModified: null } },
  });
});

test('a request that hangs, and does not even heed its signal, ends in time', async () => {
  const hangs: Fetch = () => new Promise(() => undefined);
  expect(await fetchText(hangs, BASE)).toEqual({ ok: false, error: { at: 'request', reason: 'no answer within 50 ms' } });
});

test('a body that hangs ends in time', async () => {
  const hangs: Fetch = async () => new Response(new ReadableStream({ start(controller) { controller.enqueue(new Uint8Array(3)); } }));
  expect(await fetchText(hangs, BASE)).toMatchObject({ ok: false, error: { at: 'request' } });
});

test('the signal is given on when the time is over', async () => {
  let signal: AbortSignal | null | undefined;
  const hangs: Fetch = (_, init) => { signal = init.signal; return new Promise(() => undefined); };
  await fetchText(hangs, BASE);
  expect(signal?.aborted).toBe(true);
});

test('a throw, even of something that is no error, is a value', async () => {
  const thrower = (what: unknown): Fetch => () => { throw what; };
  expect(await fetchText(thrower(new TypeError('NetworkError')), BASE)).toEqual({ ok: false, error: { at: 'request', reason: 'NetworkError' } });
  expect(await fetchText(thrower('x'), BASE)).toEqual({ ok: false, error: { at: 'request', reason: 'failed' } });
});

test('broken UTF-8 is replaced, also where a character is cut between two pieces', async () => {
  const pieces: Fetch = async () => new Response(new ReadableStream({
    start(controller) { for (const piece of [[0xe3], [0x81], [0xaf, 0xff]]) controller.enqueue(new Uint8Array(piece)); controller.close(); },
  }));
  expect(await fetchText(pieces, BASE)).toMatchObject({ ok: true, value: { text: 'は\uFFFD', bytes: 4 } });
});

test.each([['"v1"\r\nX-Evil: 1', null], ['x'.repeat(300), null], ['', null], ['"v1"', '"v1"']])('a validator is sent back only where it is a harmless header value: %j', async (etag, sent) => {
  let headers = new Headers();
  const fetch: Fetch = async (_, init) => { headers = new Headers(init.headers); return new Response(null, { status: 304 }); };
  expect((await fetchText(fetch, { ...BASE, validators: { etag, lastModified: null } })).ok).toBe(true);
  expect(headers.get('if-none-match')).toBe(sent);
});

test('every request is noted once: read, cut off, without a body, without an answer', async () => {
  const notes: [string, number][] = [];
  const answers: Record<string, () => Response> = {
    '/whole': () => new Response('12345'), '/none': () => new Response(null, { status: 304 }), '/dead': () => { throw new TypeError('x'); },
    '/endless': () => new Response(new ReadableStream({ pull(controller) { controller.enqueue(new Uint8Array(60)); } })),
  };
  const fetch = noted(async (url) => answers[new URL(url).pathname]!(), (host, bytes) => { notes.push([host, bytes]); });
  for (const path of Object.keys(answers)) await fetchText(fetch, { ...BASE, url: `https://a.example${path}` });
  expect(notes).toEqual([['a.example', 5], ['a.example', 0], ['a.example', 0], ['a.example', expect.any(Number)]]);
  expect(notes[3]![1]).toBeGreaterThan(100);
  expect(notes[3]![1]).toBeLessThan(400);
  expect(await fetchText(fetch, { ...BASE, url: 'https://a.example/whole' })).toMatchObject({ ok: true, value: { text: '12345', status: 200 } });
});

test('where an answer came from is kept by the noting', async () => {
  const foreign = new Response('x');
  Object.defineProperty(foreign, 'url', { value: 'https://portal.example/' });
  const fetch = noted(async () => foreign, () => undefined);
  expect(await fetchText(fetch, BASE)).toMatchObject({ ok: false, error: { at: 'url' } });
});
