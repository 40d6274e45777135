import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { beforeAll, expect, test } from 'vitest';
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

test.each(BROWSERS)('%s gets no code from elsewhere and none made of text', (browser) => {
  for (const file of filesOf(outputOf(browser)).filter((one) => /\.(js|html)$/.test(one))) {
    const text = readFileSync(file, 'utf8');
    expect(text, file).not.toMatch(/\beval\(|new Function\(|<script[^>]+src="https?:|import\("https?:/);
  }
});

test('a page of a store that works gets no script at all, one of a store that fails 3 kB before there is something to show', () => {
  expect(manifestOf('chrome')['content_scripts']).toBeUndefined();
  expect(gzipSync(readFileSync(join(outputOf('chrome'), 'banner.js'))).length).toBeLessThanOrEqual(3_000);
});

test('the extension weighs at most 250 kB compressed', () => {
  const bytes = filesOf(outputOf('chrome')).reduce((sum, file) => sum + Math.min(statSync(file).size, gzipSync(readFileSync(file)).length) + 100, 0);
  expect(bytes).toBeLessThanOrEqual(250_000);
});
