// @vitest-environment happy-dom
import { afterEach, describe, expect, test, vi } from 'vitest';
import type { Popup } from './popup.tsx';
import type * as HeadModule from './head.tsx';
import { NOW, SNAPSHOTS, type SnapshotName } from '../../utils/view/examples.ts';
import { en } from '../../utils/i18n/en/index.ts';
import { translator } from '../../utils/i18n/translate.ts';
import { verdictOf } from '../../utils/view/verdict.ts';

const t = translator(en, 'en');
const names = Object.keys(SNAPSHOTS) as SnapshotName[];

/** The head as the popup's first script draws it: its JSX makes elements at once. */
async function drawn(name: SnapshotName): Promise<HTMLElement> {
  vi.resetModules();
  for (const runtime of ['preact/jsx-runtime', 'preact/jsx-dev-runtime']) vi.doMock(runtime, async () => {
    const { jsx, jsxs, Fragment } = await import('../../utils/view/dom-jsx.ts');
    return { jsx, jsxs, jsxDEV: jsx, Fragment };
  });
  const { Head } = (await import('./head.tsx')) as typeof HeadModule;
  const snapshot = SNAPSHOTS[name];
  return Head({ snapshot, verdict: verdictOf(snapshot, t, NOW), t }) as unknown as HTMLElement;
}

/** The popup as Preact renders it into a page, after whatever is there. */
async function rendered(name: SnapshotName, root: HTMLElement): Promise<void> {
  vi.resetModules();
  for (const runtime of ['preact/jsx-runtime', 'preact/jsx-dev-runtime']) vi.doUnmock(runtime);
  const [{ h, render }, module] = await Promise.all([import('preact'), import('./popup.tsx') as Promise<{ Popup: typeof Popup }>]);
  const given = { snapshot: SNAPSHOTS[name], t, now: NOW, send: (() => new Promise(() => undefined)) as never, progress: null, reminders: [], elsewhere: [], allowStore: async () => true, allowWorld: async () => true, worldOn: false };
  render(h(module.Popup, given), root);
}

afterEach(() => document.body.replaceChildren());

describe.each(names)('%s', (name) => {
  test('the first script draws the head that the popup has, and the popup takes it over', async () => {
    const first = await drawn(name);
    const root = document.createElement('div');
    document.body.append(root);
    const frame = document.createElement('div');
    frame.className = 'popup';
    frame.append(first);
    root.append(frame);
    const before = first.outerHTML;
    expect(first.querySelector('h1')?.textContent).toBe(verdictOf(SNAPSHOTS[name], t, NOW).title);

    await rendered(name, root);
    expect(root.querySelectorAll('.popup')).toHaveLength(1);
    expect(root.querySelectorAll('header')).toHaveLength(1);
    expect(root.querySelector('header')?.outerHTML).toBe(before);
    expect(root.querySelector('footer')).not.toBeNull();
  });
});
