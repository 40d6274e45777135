import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { beforeAll, expect, test } from 'vitest';
import { SIZE_BUDGETS, sizes } from '../bench/sizes.ts';
import { build, BROWSERS, outputOf } from './build.ts';

beforeAll(() => {
  const done = build(...BROWSERS);
  if (!done.ok) throw new Error(done.error.reason);
});

function manifestOf(browser: (typeof BROWSERS)[number]): Record<string, unknown> {
  return JSON.parse(readFileSync(join(outputOf(browser), 'manifest.json'), 'utf8')) as Record<string, unknown>;
}

function filesOf(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
}

test.each(BROWSERS)('the manifest for %s is the one that was reviewed', async (browser) => {
  await expect(`${JSON.stringify(manifestOf(browser), null, 2)}\n`).toMatchFileSnapshot(`manifests/${browser}.json`);
});

test.each(BROWSERS)('%s is asked for nothing beyond the hosts that are named', (browser) => {
  const text = JSON.stringify(manifestOf(browser));
  expect(text).not.toMatch(/<all_urls>|\*:\/\/\*\/|https:\/\/\*\/|http:\/\/\*\//);
  expect(text).not.toMatch(/"(tabs|history|cookies|webRequestBlocking|management|debugger|clipboardRead)"/);
});

test('what a browser does not have it is not asked for, and where nobody tried it it is not offered', () => {
  expect(manifestOf('safari')['permissions']).toEqual(['storage', 'alarms', 'scripting', 'contextMenus']);
  for (const browser of BROWSERS) expect(JSON.stringify(manifestOf(browser)), browser).not.toContain('gecko_android');
});

test.each(BROWSERS)('%s: no page can ask for a file of the extension, and its own pages run its own files alone', (browser) => {
  const manifest = manifestOf(browser);
  expect(manifest['web_accessible_resources']).toBeUndefined();
  expect(manifest['externally_connectable']).toBeUndefined();
  const policy = (manifest['content_security_policy'] as { extension_pages: string }).extension_pages;
  expect(policy).toContain("default-src 'none'");
  expect(policy).toContain("script-src 'self';");
  expect(policy).toContain("frame-ancestors 'none'");
  expect(policy).not.toMatch(/unsafe|\*(?!\.mzstatic\.com)|script-src[^;]*(?:https?:|data:|blob:)/);
});

test.each(BROWSERS)('%s gets no code from elsewhere and none made of text', (browser) => {
  for (const file of filesOf(outputOf(browser)).filter((one) => /\.(js|html)$/.test(one))) {
    const text = readFileSync(file, 'utf8');
    expect(text, file).not.toMatch(/\beval\(|new Function\(|<script[^>]+src="https?:|import\("https?:/);
  }
});

test.each(BROWSERS)('%s: what the menu reads so that no error is left unread is still read when minified', (browser) => {
  expect(readFileSync(join(outputOf(browser), 'background.js'), 'utf8')).toMatch(/contextMenus[^]*\w\.runtime\.lastError[^]*remind-link|remind-link[^]*\w\.runtime\.lastError/);
});

test('a page of a store that works gets no script at all, one of a store that fails 3 kB before there is something to show', () => {
  expect(manifestOf('chrome')['content_scripts']).toBeUndefined();
  expect(gzipSync(readFileSync(join(outputOf('chrome'), 'banner.js'))).length).toBeLessThanOrEqual(3_000);
});

test('every package holds all languages in 250 kB, and no entry point loads more at once than it may', () => {
  const weighed = sizes();
  expect(weighed.map(({ id }) => id)).toEqual(expect.arrayContaining(Object.keys(SIZE_BUDGETS)));
  const over = weighed.filter(({ id, value }) => value === null || value > SIZE_BUDGETS[id]!).map(({ id, value }) => `${id}: ${value} kB of ${SIZE_BUDGETS[id]}`);
  expect(over).toEqual([]);
});
