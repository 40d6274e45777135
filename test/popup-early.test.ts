// @vitest-environment happy-dom
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import script from '../entrypoints/popup-early.tsx';
import { readEarly } from '../utils/platform/early.ts';
import { en } from '../utils/i18n/en/index.ts';
import { keepLook, keepWords } from '../utils/view/first.ts';

/** What the browser gives the popup's first script. */
function stage(stored: () => Promise<unknown>, unsaved: () => Promise<unknown> = async () => ({})): void {
  const first = Object.assign(document.createElement('script'), { type: 'text/plain' });
  first.setAttribute('data-then', '/preact.js /chunks/popup.js');
  Object.defineProperty(document, 'currentScript', { value: first, configurable: true });
  vi.stubGlobal('browser', { runtime: { getManifest: () => ({ version: '1.0' }) }, storage: { local: { get: stored }, session: { get: unsaved } } });
  vi.stubGlobal('fetch', () => Promise.resolve(new Response('')));
}

beforeEach(() => {
  document.body.innerHTML = '<div id="app"></div>';
  keepLook('en', 'auto');
  keepWords('1.0', 'en', 'i18n/en', en);
});

afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
  localStorage.clear();
});

test.each<[string, () => Promise<unknown>]>([
  ['nothing is stored', async () => ({})],
  ['the store cannot be read', () => Promise.reject(new Error('corrupt'))],
  ['the store throws', () => { throw new Error('corrupt'); }],
])('the popup is loaded where %s', async (_, stored) => {
  stage(stored);
  const put = vi.spyOn(document.head, 'append').mockReturnValue();
  await Promise.resolve(script.main()).catch(() => undefined);
  expect(put.mock.calls.map(([one]) => (one as HTMLScriptElement).getAttribute('src'))).toEqual(['/preact.js', '/chunks/popup.js']);
});

test.each<[string, unknown, unknown]>([
  ['nothing lies beside the store', {}, { state: 'up' }],
  ['the store takes nothing, and what is true now lies beside it', { unsaved: { entries: { snapshot: { state: 'down' } } } }, { state: 'down' }],
  ['what lay beside it has been written', { unsaved: null }, { state: 'up' }],
])('drawn early is the newest that is known: %s', async (_, session, drawn) => {
  stage(async () => ({ snapshot: { state: 'up' } }), async () => session);
  expect(await readEarly().stored).toEqual({ snapshot: drawn });
});
