// @vitest-environment happy-dom
import { render } from 'preact';
import { act } from 'preact/test-utils';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { NOW, snapshotOf } from '../../utils/view/examples.ts';
import { exampleIncident, exampleSource, exampleStored } from '../../utils/view/history-examples.ts';
import { exportIncident, historySource } from '../../utils/view/history-source.ts';
import type { HistorySource } from '../../utils/view/history-source.ts';
import { en } from '../../utils/i18n/en/index.ts';
import { ja } from '../../utils/i18n/ja/index.ts';
import { translator } from '../../utils/i18n/translate.ts';
import { timelineOf } from './incident.tsx';
import { Incidents } from './incidents.tsx';
import type { IncidentsGiven } from './incidents.tsx';

// A year of cells takes a simulated browser a while on a busy machine.
vi.setConfig({ testTimeout: 30_000 });
const t = translator(en, 'en');
let root: HTMLElement;

beforeEach(() => {
  root = document.createElement('div');
  document.body.append(root);
});
afterEach(() => {
  render(null, root);
  root.remove();
});

async function show(source: HistorySource, given: Partial<IncidentsGiven> = {}, language: 'en' | 'ja' = 'en'): Promise<void> {
  await act(async () => {
    render(<Incidents snapshot={snapshotOf('up', language)} source={source} t={translator(language === 'ja' ? ja : en, language)} now={NOW} save={() => {}} {...given} />, root);
  });
}

const whole = exampleSource();

test('the calendar has a cell for each day of a year and says what it shows', async () => {
  await show(whole);
  const calendar = root.querySelector('svg.calendar[role=img]');
  expect(calendar?.querySelectorAll('.cell')).toHaveLength(371);
  expect(calendar?.getAttribute('aria-label')).toMatch(/\d+ days with an outage, \d+ days watched, \d+ days not watched/);
  expect(calendar?.querySelectorAll('.cell.down-3').length).toBeGreaterThan(0);
  expect(calendar?.querySelectorAll('.cell.unseen').length).toBeGreaterThan(0);
});

test('a day with trouble can be looked at closer without a mouse', async () => {
  await show(whole);
  const day = [...root.querySelectorAll<HTMLButtonElement>('.as-link')].find((each) => each.textContent?.includes('down 1 hr 52 min'));
  const date = day?.textContent?.split(': ')[0] ?? 'no such day';
  await act(async () => day?.click());
  expect(root.querySelector('.choices [role=status]')?.textContent).toContain(date);
});

test('the list has every incident, newest first, with the vendor’s lag', async () => {
  await show(whole);
  const rows = [...root.querySelectorAll('.incident > summary')].map((row) => row.textContent ?? '');
  expect(rows).toHaveLength(9);
  expect(rows[0]).toContain('A bad release');
  expect(rows[0]).toContain('Apple +1 hr 8 min');
  expect(rows[1]).toContain('never admitted');
});

test('one incident in full: timeline, causes, forecasts against what came, what failed, price', async () => {
  const save = vi.fn();
  await show(whole, { save, opened: whole.incidents[2]?.id ?? '' });
  const full = root.querySelector<HTMLDetailsElement>('details.incident[open]');
  expect(full?.id).toBe(whole.incidents[2]?.id);
  const text = full?.textContent ?? '';
  for (const said of ['First failure seen here', 'Apple’s page first says so', 'Likeliest cause: Storage', 'it took 6 hr 30 min', 'outside', 'inside', '38 of 40', 'answered with error 503', 'Lost for good']) expect(text).toContain(said);
  await act(async () => [...(full?.querySelectorAll('button') ?? [])].find((each) => each.textContent === 'Save as a file')?.click());
  expect(save).toHaveBeenCalledWith(whole.incidents[2]);
});

test('the timeline is in order, whoever speaks', () => {
  const events = timelineOf(exampleIncident([5, 300, 'down', 'storage', 60]), t);
  expect(events.map(({ at }) => at)).toEqual(events.map(({ at }) => at).sort((a, b) => a - b));
  expect(events[0]?.kind).toBe('vendor');
  expect(events.at(-1)?.text).toBe('Answers again, for good');
});

test('response times are drawn with the median below the 95th percentile, for the part and period chosen', async () => {
  await show(whole);
  const drawn = (name: 'p50' | 'p95') => [...(root.querySelector(`.plot path.${name}`)?.getAttribute('d') ?? '').matchAll(/[ML]([\d.]+) ([\d.]+)/g)].map(([, x, y]) => [Number(x), Number(y)] as const);
  const measured = (days: number, steps: number) => whole.times('storefront', NOW - days * 86_400_000, NOW, steps).filter((summary) => summary !== null).length;
  expect(measured(7, 168)).toBeGreaterThan(100);
  expect(drawn('p50')).toHaveLength(measured(7, 168));
  // Further down the picture is faster.
  for (const [index, [x, y]] of drawn('p50').entries()) {
    expect(drawn('p95')[index]![0]).toBe(x);
    expect(drawn('p95')[index]![1]).toBeLessThanOrEqual(y);
  }
  await act(async () => [...root.querySelectorAll<HTMLButtonElement>('.segments button')].find((each) => each.textContent === '90 days' && each.closest('.choices')?.querySelector('select'))?.click());
  expect(drawn('p50')).toHaveLength(measured(90, 90));
  await act(async () => {
    const select = root.querySelector<HTMLSelectElement>('.choices select');
    if (select) select.value = 'purchase';
    select?.dispatchEvent(new Event('change', { bubbles: true }));
  });
  expect(root.textContent).toContain('No response times in this period.');
});

test('the ledger names each host with its reason', async () => {
  await show(whole);
  const rows = [...root.querySelectorAll('tbody tr')].map((row) => row.textContent ?? '');
  expect(rows.some((row) => row.includes('www.apple.com') && row.includes('Apple’s status page') && row.includes('9,120'))).toBe(true);
  expect(root.textContent).toContain('mzstatic.com');
});

test('nothing recorded, or nothing that can be read, is an empty page and no error', async () => {
  for (const stored of [{}, { incidents: 3, 'incident.x': { schema: 9 }, 'history.index': 'damaged', ledger: [] }]) {
    await show(historySource(stored, NOW));
    expect(root.textContent).toContain('No outage has been seen yet');
    expect(root.querySelectorAll('.cell.unseen')).toHaveLength(371 + 1);
    render(null, root);
  }
});

test('both languages say everything; no key, no placeholder shows', async () => {
  for (const language of ['en', 'ja'] as const) {
    await show(whole, {}, language);
    expect(root.textContent).not.toMatch(/\{\w+|\b(?:incidents|popup|targets|evidence|cause)\.\w/);
    render(null, root);
  }
});

test('a damaged record is left out, the others stay', () => {
  const stored = exampleStored();
  const [key] = Object.keys(stored).filter((name) => name.startsWith('incident.'));
  expect(historySource({ ...stored, [key as string]: { schema: 1, id: 'x' } }, NOW).incidents).toHaveLength(8);
});

test('what goes on now stands on top, with its forecast and both clocks', async () => {
  await show(whole, { snapshot: snapshotOf('down', 'en') });
  const text = root.querySelector('.now')?.textContent ?? '';
  for (const said of ['It’s the store, not you', 'A bad release: 46%', 'Likely 20 min to 6 hr', '+39 min']) expect(text).toContain(said);
});

test('an incident is held against somebody else’s file; a file that is none is told why', async () => {
  const mine = whole.incidents[0];
  if (!mine) throw new Error('no incident');
  await show(whole, { opened: mine.id });
  const input = root.querySelector<HTMLInputElement>('details[open] input[type=file]');
  const give = async (text: string) => {
    if (!input) throw new Error('no file input');
    Object.defineProperty(input, 'files', { value: [new File([text], 'theirs.json')], configurable: true });
    await act(async () => {
      input.dispatchEvent(new Event('change', { bubbles: true }));
      await new Promise((resolve) => setTimeout(resolve, 20));
    });
    return root.querySelector('.take [role=status]')?.textContent ?? '';
  };
  expect(await give(exportIncident(mine, 'jp'))).toContain('Probably the same outage');
  expect(await give('{"format":"something"}')).toContain('That file can’t be read');
});
