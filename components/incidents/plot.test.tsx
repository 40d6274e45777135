// @vitest-environment happy-dom
import { render } from 'preact';
import { act } from 'preact/test-utils';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { en } from '../../utils/i18n/en/index.ts';
import { translator } from '../../utils/i18n/translate.ts';
import { lineOf, Plot, type Points } from './plot.tsx';

const HOUR = 3_600_000;
const START = new Date(2026, 2, 3).getTime();
/** Two days, each hour slower than the one before; nothing measured in the sixth. */
const points: Points = Array.from({ length: 48 }, (_, index) => ({ at: START + (index + 0.5) * HOUR, summary: index === 5 ? null : { p50: 100 + index, p95: 200 + index } }));
let root: HTMLElement;

beforeEach(() => {
  root = document.createElement('div');
  document.body.append(root);
});
afterEach(() => {
  render(null, root);
  root.remove();
});

async function show(given: Points): Promise<void> {
  await act(async () => render(<Plot points={given} label="storefront: median 120 ms" t={translator(en, 'en')} now={START + 48 * HOUR} />, root));
}

const line = (name: string): string => root.querySelector(`path.${name}`)?.getAttribute('d') ?? '';
const corners = (name: string): number => line(name).match(/[ML]/g)?.length ?? 0;
const words = (): string[] => [...root.querySelectorAll('text')].map((each) => each.textContent ?? '');

/** The lines lie between 56 and 586 of a picture 600 wide: `share` is how far along. */
async function pointer(type: string, share: number): Promise<void> {
  const picture = root.querySelector('svg')!;
  // The simulated browser has no pointer to hold.
  picture.setPointerCapture = () => {};
  const left = picture.getBoundingClientRect().left;
  await act(async () => void picture.dispatchEvent(new PointerEvent(type, { button: 0, pointerId: 1, clientX: left + 56 + share * 530, bubbles: true })));
}

test.each([
  ['joined where one follows another', [1, 2, 3], 'M0.0 1.0L1.0 2.0L2.0 3.0'],
  ['broken where nothing was measured', [1, 2, null, 3, 4], 'M0.0 1.0L1.0 2.0M3.0 3.0L4.0 4.0'],
  ['a dot where one stands alone', [null, 2, null], 'M1.0 2.0h.01'],
  ['nothing where nothing was measured', [null], ''],
])('a line is %s', (_words, values, path) => {
  expect(lineOf(values.map((y, x) => ({ x, y })))).toBe(path);
});

test('all is shown at first, with round values and days to read it by, and a label for who cannot see it', async () => {
  await show(points);
  expect(root.querySelector('svg[role=img]')?.getAttribute('aria-label')).toBe('storefront: median 120 ms');
  expect([corners('p50'), corners('p95')]).toEqual([47, 47]);
  expect(line('p50').match(/M/g)).toHaveLength(2);
  expect(words()).toEqual(expect.arrayContaining(['0 ms', '100 ms', '200 ms', 'Mar 4', '12:00 PM']));
});

test('dragging shows a stretch closer, a double click all again', async () => {
  await show(points);
  await pointer('pointerdown', 0.75);
  await pointer('pointermove', 0.5);
  expect(root.querySelector('.stretch')?.getAttribute('width')).toBe('132.5');
  await pointer('pointerup', 0.5);
  expect(root.querySelector('.stretch')).toBeNull();
  // A quarter of 48 hours, and one more on either side for the line to go on.
  expect(corners('p50')).toBe(14);
  expect(words()).toContain('6:00 AM');
  await pointer('dblclick', 0.5);
  expect(corners('p50')).toBe(47);
});

test('a click is no stretch', async () => {
  await show(points);
  await pointer('pointerdown', 0.5);
  await pointer('pointermove', 0.501);
  await pointer('pointerup', 0.501);
  expect(corners('p50')).toBe(47);
});

test('the values under the pointer are written out, those beside a gap where it points into one', async () => {
  await show(points);
  await pointer('pointermove', 0.5 / 48);
  expect(words()).toContain('Mar 3, 12:30 AM · median 100 ms · 95 of 100 faster than 200 ms');
  await pointer('pointermove', 5.4 / 48);
  expect(words()).toContain('Mar 3, 4:30 AM · median 104 ms · 95 of 100 faster than 204 ms');
  await pointer('pointerleave', 0.5);
  expect(words().join()).not.toContain('median');
});

test('another period is shown whole', async () => {
  await show(points);
  await pointer('pointerdown', 0.75);
  await pointer('pointermove', 0.5);
  await pointer('pointerup', 0.5);
  await show(points.slice(0, 24));
  expect(corners('p50')).toBe(23);
});
