// @vitest-environment happy-dom
import { render } from 'preact';
import { act } from 'preact/test-utils';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { flaw, success } from '../../utils/core/result.ts';
import { en } from '../../utils/i18n/en/index.ts';
import { ja } from '../../utils/i18n/ja/index.ts';
import { translator } from '../../utils/i18n/translate.ts';
import { contacts } from '../../utils/view/contacts.ts';
import { NOW, PROGRESS, snapshotOf } from '../../utils/view/examples.ts';
import type { SnapshotName } from '../../utils/view/examples.ts';
import type { Send } from '../../utils/view/source.ts';
import { Welcome } from './welcome.tsx';
import type { WelcomeGiven } from './welcome.tsx';

let root: HTMLElement;
beforeEach(() => {
  root = document.createElement('div');
  document.body.append(root);
});
afterEach(() => {
  render(null, root);
  root.remove();
});

function show(name: SnapshotName, given: Partial<WelcomeGiven> = {}, language: 'en' | 'ja' = 'en'): void {
  const send = (async () => success(null)) as unknown as Send;
  act(() => {
    render(<Welcome snapshot={snapshotOf(name, language)} t={translator(language === 'ja' ? ja : en, language)} now={NOW} send={send} progress={null} contacts={contacts()} platform="MacIntel" allowStore={async () => true} {...given} />, root);
  });
}
const press = (name: string) =>
  act(async () => {
    const found = [...root.querySelectorAll('button')].find((each) => each.textContent === name);
    if (!found) throw new Error(`no button "${name}"`);
    found.click();
    await new Promise((resolve) => setTimeout(resolve));
  });

test('it names every host that will be asked, controls apart from the store', () => {
  show('unknown');
  const [always, trouble] = [...root.querySelectorAll('.contacts > div')].map((each) => [...each.querySelectorAll('code')].map((host) => host.textContent));
  expect(always).toContain('music.apple.com');
  expect(always).not.toContain('1.1.1.1');
  expect(trouble).toContain('1.1.1.1');
});

test('the first look asks for the permission from the click, then checks, and shows what came', async () => {
  const order: string[] = [];
  const send = vi.fn(async (command: string) => {
    order.push(command);
    return success(null);
  });
  show('unknown', { send: send as unknown as Send, allowStore: async () => order.push('permission') > 0 });
  expect(root.querySelector('.live .title')?.textContent).toBe('A first look, now');
  await press('Look now');
  expect(order).toEqual(['permission', 'check']);
  show('unknown', { progress: PROGRESS });
  expect(root.querySelector('.live .detail')?.textContent).toBe('Checking 5 of 9');
  expect([...root.querySelectorAll('.looked small')].map((each) => each.textContent)).toEqual(['answers', 'answers', 'answers', 'answers', 'fails', ...Array.from({ length: 4 }, () => 'being asked…')]);
  show('up');
  expect(root.querySelector('.live .title')?.textContent).toBe('The store can be reached');
  expect(root.querySelectorAll('.looked li')).toHaveLength(9);
});

test('a look that did not work says why', async () => {
  show('unknown', { send: (async () => flaw('check', 'no background')) as unknown as Send });
  await press('Look now');
  expect(root.textContent).toContain('That did not work: no background');
});

test('the test notification leads on when it was not seen', async () => {
  show('up');
  await press('Send a test notification');
  await press('No');
  expect(root.textContent).toContain('macOS: System Settings');
});

test('both languages say everything', () => {
  for (const language of ['en', 'ja'] as const) {
    show('down', {}, language);
    expect(root.textContent).not.toMatch(/\{\w+|\b(?:welcome|popup|targets|options)\.\w/);
    render(null, root);
  }
});
