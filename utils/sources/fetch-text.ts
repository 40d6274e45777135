import { flaw, success } from '../core/result.ts';
import type { Outcome } from '../core/result.ts';

/** The part of `fetch` that is used; the platform gives the browser's, a test its own. */
export type Fetch = (url: string, init: RequestInit) => Promise<Response>;

/** What makes the next request conditional. Kept between requests by the caller. */
export interface Validators {
  etag: string | null;
  lastModified: string | null;
}

export interface TextRequest {
  url: string;
  method?: 'GET' | 'POST';
  headers?: Readonly<Record<string, string>>;
  body?: string;
  /** Whole request, body included, ms. */
  timeoutMs: number;
  /** A body that goes on after this is refused; reading stops there. */
  maxBytes: number;
  /**
   * Sent as `If-None-Match` and `If-Modified-Since`. Only for hosts the extension has permission for: elsewhere these headers
   * cause a preflight that the host need not allow. There, `cache: 'no-cache'` lets the browser revalidate by itself.
   */
  validators?: Validators | null;
  cache?: 'no-store' | 'no-cache';
}

export interface TextAnswer {
  status: number;
  /** Lower-case names. */
  headers: Readonly<Record<string, string>>;
  /** UTF-8, broken sequences replaced; empty for 304. */
  text: string;
  /** Length of the body as read, before decoding. */
  bytes: number;
  validators: Validators;
}

/** A validator is sent back as it came, so it has to be a harmless header value. */
function headerValue(value: string | null): string | null {
  return value !== null && value.length <= 200 && /^[\x21-\x7e][\x20-\x7e]*$/.test(value) ? value : null;
}

async function readBody(response: Response, maxBytes: number): Promise<Outcome<{ text: string; bytes: number }>> {
  if (response.body === null) return success({ text: '', bytes: 0 });
  const reader = response.body.getReader();
  const decoder = new TextDecoder();
  let text = '';
  let bytes = 0;
  for (;;) {
    const piece = await reader.read();
    if (piece.done) return success({ text: text + decoder.decode(), bytes });
    bytes += piece.value.length;
    if (bytes > maxBytes) {
      reader.cancel().catch(() => undefined);
      return flaw('body', `longer than ${maxBytes} bytes`);
    }
    text += decoder.decode(piece.value, { stream: true });
  }
}

async function ask(fetch: Fetch, request: TextRequest, signal: AbortSignal): Promise<Outcome<TextAnswer>> {
  const headers: Record<string, string> = { ...request.headers };
  const etag = headerValue(request.validators?.etag ?? null);
  const lastModified = headerValue(request.validators?.lastModified ?? null);
  if (etag !== null) headers['If-None-Match'] = etag;
  if (lastModified !== null) headers['If-Modified-Since'] = lastModified;
  const response = await fetch(request.url, {
    method: request.method ?? 'GET',
    headers,
    ...(request.body === undefined ? {} : { body: request.body }),
    cache: request.cache ?? 'no-store',
    credentials: 'omit',
    referrerPolicy: 'no-referrer',
    redirect: 'follow',
    signal,
  });
  // A captive portal or a parked address answers in the host's place: that is no answer of this source.
  if (response.url !== '' && new URL(response.url).host !== new URL(request.url).host) {
    response.body?.cancel().catch(() => undefined);
    return flaw('url', 'led to another host');
  }
  const body = await readBody(response, request.maxBytes);
  if (!body.ok) return body;
  const received: Record<string, string> = {};
  response.headers.forEach((value, name) => { received[name.toLowerCase()] = value; });
  return success({
    status: response.status,
    headers: received,
    text: body.value.text,
    bytes: body.value.bytes,
    validators: { etag: headerValue(received['etag'] ?? null), lastModified: headerValue(received['last-modified'] ?? null) },
  });
}

/**
 * Asks for a text: bounded in time and bytes, without cookies or referrer. Never throws.
 * @returns the answer, whatever its status; or a flaw at `request` (no answer, or none in time), `url` (led elsewhere) or `body` (too long).
 */
export async function fetchText(fetch: Fetch, request: TextRequest): Promise<Outcome<TextAnswer>> {
  const controller = new AbortController();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<Outcome<TextAnswer>>((resolve) => {
    timer = setTimeout(() => {
      resolve(flaw('request', `no answer within ${request.timeoutMs} ms`));
      controller.abort();
    }, request.timeoutMs);
  });
  try {
    // The race as well as the signal: a request that does not heed its signal must not hold the check.
    const asked = ask(fetch, request, controller.signal).catch((error: unknown) => flaw('request', error instanceof Error ? error.message.slice(0, 200) : 'failed'));
    return await Promise.race([asked, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** One request, for the ledger: which host, and how many bytes of its body were read (after decompression). */
export type Note = (host: string, bytes: number) => void;

/** @returns a `fetch` that notes every request, once its body has ended or was given up; a request without an answer counts with 0 bytes. */
export function noted(fetch: Fetch, note: Note): Fetch {
  return async (url, init) => {
    const { host } = new URL(url);
    let response: Response;
    try {
      response = await fetch(url, init);
    } catch (error) {
      note(host, 0);
      throw error;
    }
    if (response.body === null) {
      note(host, 0);
      return response;
    }
    const reader = response.body.getReader();
    let bytes = 0;
    const body = new ReadableStream<Uint8Array>({
      async pull(controller) {
        const piece = await reader.read();
        if (piece.done) {
          note(host, bytes);
          controller.close();
        } else {
          bytes += piece.value.length;
          controller.enqueue(piece.value);
        }
      },
      async cancel(reason) {
        note(host, bytes);
        await reader.cancel(reason);
      },
    });
    const copy = new Response(body, { status: response.status, headers: response.headers });
    Object.defineProperty(copy, 'url', { value: response.url });
    return copy;
  };
}
