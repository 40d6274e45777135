import { expect, test } from 'vitest';
import { isMaintenancePage } from './maintenance.ts';

const page = (title: string, body = 'x '.repeat(600)) => `<!doctype html><html><head><title>${title}</title></head><body><p>${body}</p></body></html>`;

test.each([
  ['English title', page("We'll be back.")],
  ['English, typographic', page('We’ll be right back')],
  ['English heading', `<html><body><h1>Scheduled maintenance</h1>${'<p>words</p>'.repeat(300)}</body></html>`],
  ['English bare', page('Maintenance')],
  ['short plain notice', 'The store is undergoing maintenance. Please come back later.'],
  ['short JSON notice', '{"error":"Down for maintenance"}'],
  ['Japanese', page('ただいまメンテナンス中です')],
  ['Japanese notice', '<p>システムメンテナンスのため、サービスを停止しています。</p>'],
  ['Japanese store', '<h1>まもなく再開します</h1>'],
  ['Chinese, simplified', page('系统维护中')],
  ['Chinese, traditional', page('系統維護中')],
  ['Korean', page('시스템 점검 중입니다')],
  ['German', page('Wartungsarbeiten')],
  ['French', page('Site en maintenance')],
  ['Spanish', page('Sitio en mantenimiento')],
  ['Portuguese', page('Site em manutenção')],
  ['Italian', page('Sito in manutenzione')],
])('a maintenance page: %s', (_name, text) => {
  expect(isMaintenancePage(text)).toBe(true);
});

test.each([
  ['the stock 503 page', page('503 Service Unavailable', 'The server is temporarily unable to service your request due to maintenance downtime or capacity problems.')],
  ['a song of that name', page('High Maintenance by Saba on the Store')],
  ['the word deep in a long page', page('Songs', `${'word '.repeat(500)} under maintenance`)],
  ['a script that knows the word', `<title>Songs</title><script>const mode = 'under maintenance'</script>`],
  ['an ordinary error', page('502 Bad Gateway')],
  ['nothing', ''],
])('no maintenance page: %s', (_name, text) => {
  expect(isMaintenancePage(text)).toBe(false);
});

test.each<[string, string, boolean]>([
  ['a heading among others', `<title>Songs</title><h2>Under maintenance</h2>${'word '.repeat(300)}`, true],
  ['a notice of six hundred signs', `under maintenance ${'x'.repeat(582)}`, true],
  ['of one more', `under maintenance ${'x'.repeat(583)}`, false],
  ['words that mark-up parts', `<p>under</p><p>maintenance</p>`, true],
  ['words that a line break parts', 'under\n   maintenance', true],
  ['words that stand together only without the mark-up', `<p>under</p>maintenance${'<br>'.repeat(300)}`, true],
  ['the stock page in a short notice, whatever its title', '<title>Under maintenance</title>due to maintenance downtime or capacity problems', false],
])('%s', (_name, text, is) => {
  expect(isMaintenancePage(text)).toBe(is);
});
