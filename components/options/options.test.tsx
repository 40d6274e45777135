// @vitest-environment happy-dom
import { render } from 'preact';
import { act } from 'preact/test-utils';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { flaw, success } from '../../utils/core/result.ts';
import { DEFAULT_SETTINGS } from '../../utils/core/settings.ts';
import type { Settings } from '../../utils/core/settings.ts';
import { en } from '../../utils/i18n/en/index.ts';
import { ja } from '../../utils/i18n/ja/index.ts';
import { translator } from '../../utils/i18n/translate.ts';
import { rehearsalsIn } from '../../utils/view/rehearsals.ts';
import type { Send } from '../../utils/view/source.ts';
import { Options } from './options.tsx';
import type { OptionsGiven } from './options.tsx';

let root: HTMLElement;
let sent: [command: string, ask: unknown][];
const send = (async (command: string, ask: unknown) => {
  sent.push([command, ask]);
  return success(command === 'export' ? 'the data' : command === 'import' ? { incidents: 3 } : null);
}) as unknown as Send;
beforeEach(() => {
  sent = [];
  root = document.createElement('div');
  document.body.append(root);
});
afterEach(() => {
  render(null, root);
  root.remove();
});

function show(given: Partial<OptionsGiven> = {}, language: 'en' | 'ja' = 'en'): void {
  const t = translator(language === 'ja' ? ja : en, language);
  act(() => {
    render(<Options settings={DEFAULT_SETTINGS} t={t} send={send} languages={['ja', 'en']} rehearsals={[]} platform="Win32" allowWorld={async () => true} save={() => {}} {...given} />, root);
  });
}

const by = <T extends HTMLElement>(selector: string): T => {
  const found = root.querySelector<T>(selector);
  if (!found) throw new Error(`nothing is ${selector}`);
  return found;
};
const press = async (name: string) => {
  const found = [...root.querySelectorAll('button')].find((each) => each.textContent === name);
  if (!found) throw new Error(`no button "${name}"`);
  await act(async () => found.click());
};
async function put(selector: string, value: string): Promise<void> {
  const control = by<HTMLInputElement | HTMLSelectElement>(selector);
  await act(async () => {
    control.value = value;
    control.dispatchEvent(new Event('change', { bubbles: true }));
  });
}
const toggle = (selector: string) => act(async () => by(selector).click());

const d = DEFAULT_SETTINGS;
/** Every setting: how it is changed, and what is then sent. */
test.each<[string, () => Promise<unknown>, Partial<Settings>]>([
  ['interval', () => put('#interval', '1'), { interval: 1 }],
  ['storefront', () => put('#storefront', 'jp'), { storefront: 'jp' }],
  ['caution', () => put('#caution', '1.5'), { thresholds: { ...d.thresholds, caution: 1.5 } }],
  ['slow', () => put('#slow', '8'), { thresholds: { ...d.thresholds, slowFactor: 8 } }],
  ['outage', () => toggle('#notify-outage'), { notify: { ...d.notify, outage: false } }],
  ['recovery', () => toggle('#notify-recovery'), { notify: { ...d.notify, recovery: false } }],
  ['cause', () => toggle('#notify-cause'), { notify: { ...d.notify, cause: true } }],
  ['summary', () => toggle('#notify-summary'), { notify: { ...d.notify, summary: false } }],
  ['reminder', () => put('#reminder', '6'), { notify: { ...d.notify, reminderHours: 6 } }],
  ['quiet from', () => put('#quiet-from', '22'), { notify: { ...d.notify, quietFrom: 22 } }],
  ['quiet to', () => put('#quiet-to', '7'), { notify: { ...d.notify, quietTo: 7 } }],
  ['banner', () => toggle('#banner'), { banner: false }],
  ['open by itself', () => toggle('#openPopup'), { openPopup: false }],
  ['reopen', () => toggle('#reopen'), { reopenFailedTab: true }],
  ['resolvers', () => toggle('#resolvers'), { secondOpinion: { ...d.secondOpinion, resolvers: false } }],
  ['other storefront', () => toggle('#otherStorefront'), { secondOpinion: { ...d.secondOpinion, storefront: false } }],
  ['world', () => put('#world', 'on-request'), { secondOpinion: { ...d.secondOpinion, world: 'on-request' } }],
  ['songs a day', () => put('#songsPerDay', '500000'), { price: { ...d.price, songsPerDay: 500_000 } }],
  ['song price', () => put('#songPrice', '255'), { price: { ...d.price, songPrice: 255 } }],
  ['currency', () => put('#currency', 'EUR'), { price: { ...d.price, currency: 'EUR' } }],
  ['return, low end', () => put('#return-low', '95'), { price: { ...d.price, returnLow: 0.95, returnHigh: 0.95 } }],
  ['return, high end', () => put('#return-high', '60'), { price: { ...d.price, returnHigh: 0.6 } }],
  ['language', () => put('#language', 'ja'), { language: 'ja' }],
  ['theme', () => put('#theme', 'dark'), { theme: 'dark' }],
])('%s takes effect at once', async (_, change, next) => {
  show();
  await change();
  expect(sent).toEqual([['settings', { settings: { ...d, ...next } }]]);
  expect(by('.told').textContent).toBe('Saved');
});

test('a number out of bounds is not taken; next to the field it says which are, and what counts until then', async () => {
  show();
  const said = (id: string) => [by(`#${id}`).getAttribute('aria-invalid'), by(`#${id}-flaw`).textContent];
  await put('#songPrice', '-3');
  await put('#return-low', '140');
  await put('#songsPerDay', '');
  expect(sent).toEqual([]);
  expect(said('songPrice')).toEqual(['true', 'Must be a number from 0 to 1,000,000. Until then 150 counts.']);
  expect(said('return-low')).toEqual(['true', 'Must be a number from 0 to 100. Until then 50 counts.']);
  expect(said('songsPerDay')).toEqual(['true', 'Must be a number from 0 to 1,000,000,000. Until then 1,000,000 counts.']);
  expect(said('return-high')).toEqual(['false', '']);
  expect(by<HTMLInputElement>('#songPrice').value).toBe('-3');
  for (const id of ['songPrice', 'return-low']) expect(by(`#${id}`).getAttribute('aria-describedby')?.split(' ')).toContain(`${id}-flaw`);
  await put('#songPrice', '0.99');
  expect(said('songPrice')).toEqual(['false', '']);
  expect(sent).toEqual([['settings', { settings: { ...d, price: { ...d.price, songPrice: 0.99 } } }]]);
});

test('what could not be saved goes back to what it was, and says why', async () => {
  show({ send: (async () => flaw('settings', 'the store is full')) as unknown as Send });
  await toggle('#banner');
  expect(by('.told').textContent).toBe('Not saved: settings: the store is full');
  expect(by<HTMLInputElement>('#banner').checked).toBe(true);
});

test('a change from another window shows', () => {
  show();
  show({ settings: { ...d, banner: false } });
  expect(by<HTMLInputElement>('#banner').checked).toBe(false);
});

test('the second opinion asks for its permission from the click; refused, it stays off', async () => {
  const allowWorld = vi.fn(async () => false);
  show({ allowWorld });
  await put('#world', 'once-per-incident');
  expect(allowWorld).toHaveBeenCalledOnce();
  expect(sent).toEqual([['settings', { settings: d }]]);
  expect(root.textContent).toContain('stays off');
});

test('other places: added only with a name and an https address that takes a query; removed by name', async () => {
  show();
  const fill = (selector: string, value: string) =>
    act(() => {
      by<HTMLInputElement>(selector).value = value;
      by(selector).dispatchEvent(new Event('input', { bubbles: true }));
    });
  fill('[aria-label="Name"]', 'mora');
  for (const bad of ['http://mora.example/{query}', 'https://mora.example/', 'javascript:alert({query})']) {
    fill('[aria-label="Search address"]', bad);
    await act(async () => void by('form.add').dispatchEvent(new Event('submit', { bubbles: true, cancelable: true })));
  }
  expect(sent).toEqual([]);
  expect(root.textContent).toContain('Needs a name');
  fill('[aria-label="Search address"]', 'https://mora.example/?q={query}');
  await act(async () => void by('form.add').dispatchEvent(new Event('submit', { bubbles: true, cancelable: true })));
  const place = { name: 'mora', url: 'https://mora.example/?q={query}' };
  expect(sent).toEqual([['settings', { settings: { ...d, elsewhere: [place] } }]]);
  await act(async () => by('[aria-label="Remove mora"]').click());
  expect(sent[1]).toEqual(['settings', { settings: { ...d, elsewhere: [] } }]);
});

test('export hands over a file; deletion needs a second click', async () => {
  const save = vi.fn();
  show({ save });
  await press('Export CSV');
  expect(save).toHaveBeenCalledWith('tsunagaru.csv', 'the data', 'text/csv');
  await press('Delete all data');
  await press('Keep it');
  await press('Delete all data');
  expect(sent.filter(([command]) => command === 'delete-data')).toEqual([]);
  await press('Delete for good');
  expect(sent.at(-1)).toEqual(['delete-data', {}]);
});

test('an import asks whether to add or to replace', async () => {
  show();
  const input = by<HTMLInputElement>('input[type=file]');
  Object.defineProperty(input, 'files', { value: [new File(['{"schema":1}'], 'old.json')] });
  await act(async () => {
    input.dispatchEvent(new Event('change', { bubbles: true }));
    await new Promise((resolve) => setTimeout(resolve, 10));
  });
  expect(sent).toEqual([]);
  await press('Add');
  expect(sent).toEqual([['import', { text: '{"schema":1}', replace: false }]]);
  expect(root.textContent).toContain('3 incidents imported');
});

test('the test notification asks whether it was seen, and shows the way when not', async () => {
  show();
  await press('Send a test notification');
  expect(sent).toEqual([['test-notification', {}]]);
  await press('No');
  expect(root.textContent).toContain('Windows: Settings');
});

test.each(['not shown by the system', 'denied'])('a test notification that the browser says is “%s” shows the way at once, in the user’s language', async (reason) => {
  show({ send: (async () => flaw('notifications', reason)) as unknown as Send }, 'ja');
  await press(ja['options.test.send']);
  expect(root.textContent).toContain(ja['options.test.windows']);
  expect(root.textContent).not.toContain(reason);
});

test('where the browser has no notifications the icon is named, and no way to settings', async () => {
  show({ send: (async () => flaw('notifications.none', 'this browser has none')) as unknown as Send });
  await press('Send a test notification');
  expect(root.textContent).toContain(en['options.test.icon']);
  expect(root.textContent).not.toMatch(/this browser has none|Windows:/);
});

test('every control has a name and every setting its line, in both languages', () => {
  for (const language of ['en', 'ja'] as const) {
    show({ rehearsals: rehearsalsIn(translator(language === 'ja' ? ja : en, language)) }, language);
    expect(root.textContent).not.toMatch(/\boptions\.\w/);
    for (const control of root.querySelectorAll<HTMLElement>('input, select')) {
      const named = control.getAttribute('aria-label') ?? root.querySelector(`label[for="${control.id}"]`)?.textContent;
      expect(named, control.outerHTML).toBeTruthy();
    }
    for (const hint of root.querySelectorAll('.setting .words p')) expect(hint.textContent).toBeTruthy();
    render(null, root);
  }
});

test('a token of the user’s own: put in, never shown again, removed; what is none is refused', async () => {
  const on = { settings: { ...d, secondOpinion: { ...d.secondOpinion, world: 'on-request' as const } } };
  show();
  expect(root.querySelector('#token')).toBeNull();
  show(on);
  const type = async (text: string) => act(async () => {
    by<HTMLInputElement>('#token').value = text;
    by('#token').dispatchEvent(new Event('input', { bubbles: true }));
  });
  await type('two words');
  await press('Keep');
  expect(sent).toEqual([]);
  expect(root.textContent).toContain(en['options.token.bad']);
  await type(' abc-123 ');
  await press('Keep');
  expect(sent).toEqual([['world-token', { token: 'abc-123' }]]);
  expect(by<HTMLInputElement>('#token').value).toBe('');
  expect(by<HTMLInputElement>('#token').placeholder).toBe(en['options.token.kept']);
  await press('Remove');
  expect(sent.at(-1)).toEqual(['world-token', { token: null }]);
});

test('what an organisation set is shown as such and cannot be changed; the rest can', async () => {
  show({ settings: { ...d, interval: 30, notify: { ...d.notify, outage: false } }, fixed: new Set(['interval', 'notify.outage', 'price.returnLow', 'elsewhere']) });
  for (const id of ['#interval', '#notify-outage', '#return-low', 'form.add button']) expect(by(id).matches('fieldset:disabled *'), id).toBe(true);
  expect(by<HTMLSelectElement>('#interval').value).toBe('30');
  for (const id of ['#storefront', '#notify-recovery', '#theme', '#language']) expect(by(id).matches('fieldset:disabled *'), id).toBe(false);
  expect(by('#interval-hint').textContent).toContain('Set by your organisation.');
  expect(by('#storefront-hint').textContent).not.toContain('organisation');
  await toggle('#notify-recovery');
  expect(sent).toEqual([['settings', { settings: { ...d, interval: 30, notify: { ...d.notify, outage: false, recovery: false } } }]]);
});

test('of the quiet hours the organisation may set one: the other stays with the user', async () => {
  show({ fixed: new Set(['notify.quietFrom']) });
  const locked = (id: string): boolean => by<HTMLSelectElement>(id).disabled || by(id).matches('fieldset:disabled *');
  expect([locked('#quiet-from'), locked('#quiet-to')]).toEqual([true, false]);
  expect(by('#quiet-hint').textContent).toContain('Set by your organisation.');
});

test('what an organisation set that cannot be used is named', () => {
  show({ flaws: [{ at: 'interval', reason: 'Invalid type' }] });
  expect(by('[role=alert]').textContent).toBe('Your organisation set “interval” to something that cannot be used: Invalid type. Your own setting counts.');
});

test('what could not be read or written is said where data are managed, and only then', () => {
  show();
  expect(root.querySelector('[data-trouble="storage"]')).toBeNull();
  show({ problems: [{ kind: 'feed', detail: 'x' }, { kind: 'storage', detail: 'monitor.course: missing' }] });
  expect(by('#data [data-trouble="storage"]').textContent).toBe(`${en['popup.problem.storage']} monitor.course: missing`);
});
