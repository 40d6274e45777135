import { expect, test } from 'vitest';
import { decodeMessage } from './decode.ts';

const song = { id: 'jp:song:1', kind: 'song', title: 'A', artist: 'B', artwork: 'https://is1-ssl.mzstatic.com/a.jpg', url: 'https://music.apple.com/jp/song/1', addedAt: 1 };

test.each<[string, unknown]>([
  ['check', {}],
  ['pause', { until: 5 }],
  ['pause', { until: null }],
  ['dismiss', { incident: 'i1' }],
  ['settings', { settings: {} }],
  ['remind', { reminder: song }],
  ['remind', { reminder: { ...song, artist: null, artwork: null } }],
  ['forget', { id: 'x' }],
  ['rehearse', { stop: true }],
  ['rehearse', { scenario: 'itunes-2015', speed: 60 }],
  ['export', { format: 'csv' }],
  ['import', { text: '{}', replace: false }],
  ['page-arrived', { url: 'https://music.apple.com/jp/new' }],
  ['open-details', { incident: 'i1' }],
  ['ask-world', { consent: true }],
  ['world-token', { token: 'abc-123' }],
  ['world-token', { token: null }],
])('%s %o is understood', (command, ask) => {
  expect(decodeMessage({ command, ask })).toEqual({ ok: true, value: { command, ask } });
});

test('fields that are not asked for are left behind', () => {
  expect(decodeMessage({ command: 'check', ask: { evil: 1 } })).toEqual({ ok: true, value: { command: 'check', ask: {} } });
  expect(decodeMessage({ command: 'remind', ask: { reminder: { ...song, evil: 1 } } })).toEqual({ ok: true, value: { command: 'remind', ask: { reminder: song } } });
});

test.each<[unknown, string]>([
  [{ command: 'unheard-of', ask: {} }, 'command'],
  [{ command: '__proto__', ask: {} }, 'command'],
  [{ command: 'toString', ask: {} }, 'command'],
  [{ command: 'check' }, 'check.ask'],
  [{ command: 'pause', ask: { until: 'soon' } }, 'pause.until'],
  [{ command: 'pause', ask: { until: Number.NaN } }, 'pause.until'],
  [{ command: 'dismiss', ask: { incident: 'x'.repeat(1_000) } }, 'dismiss.incident'],
  [{ command: 'settings', ask: { settings: [] } }, 'settings.settings'],
  [{ command: 'remind', ask: { reminder: null } }, 'remind.reminder'],
  [{ command: 'remind', ask: { reminder: { ...song, kind: 'virus' } } }, 'remind.reminder.kind'],
  [{ command: 'remind', ask: { reminder: { ...song, url: 'javascript:alert(1)' } } }, 'remind.reminder.url'],
  [{ command: 'remind', ask: { reminder: { ...song, url: 'https://evil.example/' } } }, 'remind.reminder.url'],
  [{ command: 'remind', ask: { reminder: { ...song, artwork: 'https://evilmzstatic.com/a.jpg' } } }, 'remind.reminder.artwork'],
  [{ command: 'rehearse', ask: { scenario: 'x', speed: 0 } }, 'rehearse.speed'],
  [{ command: 'export', ask: { format: 'exe' } }, 'export.format'],
  [{ command: 'import', ask: { text: '{}' } }, 'import.replace'],
  [{ command: 'open-details', ask: { incident: 5 } }, 'open-details.incident'],
  [{ command: 'page-arrived', ask: { url: 'http://music.apple.com/' } }, 'page-arrived.url'],
])('%o is refused at %s', (message, at) => {
  expect(decodeMessage(message)).toMatchObject({ ok: false, error: { at } });
});

test.each([null, undefined, 'check', 5, {}, { type: 'other' }, { command: 5 }])('%o is none of ours', (message) => {
  expect(decodeMessage(message)).toBeNull();
});
