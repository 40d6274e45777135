// @vitest-environment happy-dom
import { render } from 'preact';
import { act } from 'preact/test-utils';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { flaw, success } from '../../utils/core/result.ts';
import { en } from '../../utils/i18n/en/index.ts';
import { ja } from '../../utils/i18n/ja/index.ts';
import { translator } from '../../utils/i18n/translate.ts';
import { decodeMessage } from '../../utils/messages/decode.ts';
import { rehearsalsIn } from '../../utils/view/rehearsals.ts';
import type { Send } from '../../utils/view/source.ts';
import { Rehearsal } from './rehearsal.tsx';
import type { RehearsalGiven } from './rehearsal.tsx';

let root: HTMLElement;
let sent: [command: string, ask: unknown][];
beforeEach(() => {
  sent = [];
  root = document.createElement('div');
  document.body.append(root);
});
afterEach(() => {
  render(null, root);
  root.remove();
});

const send = (async (command: string, ask: unknown) => {
  sent.push([command, ask]);
  return success(null);
}) as unknown as Send;

function show(given: Partial<RehearsalGiven> = {}, language: 'en' | 'ja' = 'en'): void {
  const t = translator(language === 'ja' ? ja : en, language);
  void act(() => {
    render(<Rehearsal rehearsals={rehearsalsIn(t)} playing={null} t={t} send={send} {...given} />, root);
  });
}
const select = (name: string): HTMLSelectElement => root.querySelector<HTMLSelectElement>(`#rehearsal-${name}`)!;
const choices = (name: string): string[] => [...select(name).options].map(({ text }) => text);
async function choose(name: string, value: string): Promise<void> {
  await act(async () => {
    select(name).value = value;
    select(name).dispatchEvent(new Event('change', { bubbles: true }));
  });
}
const press = async (): Promise<void> => act(async () => root.querySelector('button')!.click());

test('the first one at its usual speed, and where to look', async () => {
  show();
  expect(choices('which')[0]).toContain('11 March 2015');
  expect(choices('speed')).toEqual(['4 hr in a minute, 3 min in all', '10 hr in a minute, 1 min in all', '20 hr in a minute, 36 sec in all']);
  await press();
  expect(sent).toEqual([['rehearse', { scenario: 'rehearsal-2015-dns', speed: 240 }]]);
  expect(decodeMessage({ command: 'rehearse', ask: sent[0]![1] })).toMatchObject({ ok: true });
  expect(root.querySelector('[role="status"]')!.textContent).toContain('It has begun');
});

test('another outage has speeds of its own; a wish that fits stays', async () => {
  show();
  await choose('speed', '600');
  await choose('which', 'rehearsal-26-hours');
  expect(select('speed').value).toBe('600');
  await choose('which', 'rehearsal-sign-in');
  expect(select('speed').value).toBe('30');
  await choose('speed', '60');
  await press();
  expect(sent).toEqual([['rehearse', { scenario: 'rehearsal-sign-in', speed: 60 }]]);
});

test('while one is played it says which, and the button ends it', async () => {
  show({ playing: { id: 'rehearsal-sign-in', title: 'Nobody can sign in' } });
  expect(root.querySelector('[role="status"]')!.textContent).toContain('Playing now: Nobody can sign in');
  expect([...root.querySelectorAll('button')].map(({ textContent }) => textContent)).toEqual(['Stop']);
  await press();
  expect(sent).toEqual([['rehearse', { stop: true }]]);
});

test('a refusal is said with its reason', async () => {
  show({ send: (async () => flaw('rehearse', 'another one is being played')) as unknown as Send });
  await press();
  expect(root.querySelector('[role="status"]')!.textContent).toBe('That did not work: another one is being played');
});

test('nothing to play, nothing to show', () => {
  show({ rehearsals: [] });
  expect(root.textContent).toBe('');
});

test('Japanese', () => {
  show({}, 'ja');
  expect(choices('which')[0]).toContain('2015年3月11日');
  expect(choices('speed')[0]).toBe('4\u00a0時間を1分に短縮、全体で3\u00a0分');
  expect(root.textContent).not.toMatch(/rehearsal\./);
});
