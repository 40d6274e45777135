// @vitest-environment happy-dom
import { render } from 'preact';
import { act } from 'preact/test-utils';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { flaw, success } from '../../utils/core/result.ts';
import { en } from '../../utils/i18n/en/index.ts';
import { ja } from '../../utils/i18n/ja/index.ts';
import { translator } from '../../utils/i18n/translate.ts';
import type { Send } from '../../utils/view/source.ts';
import { NOW, PROGRESS, SNAPSHOTS, snapshotOf } from '../../utils/view/examples.ts';
import type { SnapshotName } from '../../utils/view/examples.ts';
import { Popup } from './popup.tsx';
import type { PopupGiven } from './popup.tsx';

let root: HTMLElement;
beforeEach(() => {
  root = document.createElement('div');
  document.body.append(root);
});
afterEach(() => {
  render(null, root);
  root.remove();
});

function show(name: SnapshotName, given: Partial<PopupGiven> = {}, language: 'en' | 'ja' = 'en'): HTMLElement {
  const t = translator(language === 'ja' ? ja : en, language);
  const send = (async () => success(null)) as unknown as Send;
  act(() => {
    render(<Popup snapshot={snapshotOf(name, language)} t={t} now={NOW} send={send} progress={null} reminders={[]} elsewhere={[]} allowStore={async () => true} allowWorld={async () => true} worldOn={false} {...given} />, root);
  });
  return root;
}

const button = (name: string): HTMLButtonElement => {
  const found = [...root.querySelectorAll('button')].find((each) => each.textContent?.includes(name));
  if (!found) throw new Error(`no button "${name}"`);
  return found;
};

test('what fails on the user’s own page alone is named, though every check answers', () => {
  const page = [{ role: 'audio' as const, host: 'aod-ssl.itunes.apple.com', failure: 'tcp.refused' as const, failed: 3 }];
  expect(show('up', { snapshot: { ...SNAPSHOTS.up, page } }).textContent).toContain('but on your open page this fails: Audio');
});

test.each<[SnapshotName, title: string, said: string]>([
  ['up', 'The store can be reached', 'checked 2 min ago'],
  ['up-official', 'The store can be reached', 'Apple reports trouble, but from here it works'],
  ['down', 'It’s the store, not you', 'Your connection is fine'],
  ['down-silent', 'It’s the store, not you', 'silent for 52 min'],
  ['degraded', 'Part of the store is failing', 'Failing: Audio'],
  ['recovering', 'The store is coming back', 'watching whether it lasts'],
  ['suspect', 'Something didn’t answer', 'Checking again'],
  ['maintenance', 'The store is closed for maintenance', 'Planned by Apple'],
  ['offline', 'Your connection is down', 'Unplug the router'],
  ['captive-portal', 'This network wants you to sign in', 'Open the sign-in page'],
  ['resolver', 'Your DNS isn’t answering', 'secure DNS'],
  ['blocker', 'Something here blocks the store', 'Pause content blockers'],
  ['vpn', 'Your VPN or proxy is in the way', 'Switch the VPN or proxy off'],
  ['clock', 'Your clock is wrong', 'Set date and time to automatic'],
  ['interception', 'Something reads your secure traffic', 'HTTPS scanning'],
  ['path', 'The way to the store is cut', 'try another network'],
  ['own-other', 'The trouble is on your side', 'Open another site'],
  ['blind', 'Tsunagaru can’t look', 'Allow'],
  ['unknown', 'Not known yet', 'The first check has not been made'],
  ['stale', 'Not known yet', 'The last look was at'],
  ['paused', 'Checking is paused', 'Resume'],
  ['rehearsal', 'It’s the store, not you', 'Rehearsal: S3'],
])('%s says "%s"', (name, title, said) => {
  show(name);
  expect(root.querySelector('h1')?.textContent).toBe(title);
  expect(root.textContent).toContain(said);
});

describe.each(Object.keys(SNAPSHOTS) as SnapshotName[])('%s', (name) => {
  test('every sentence is there in both languages, no key and no placeholder shows', () => {
    for (const language of ['en', 'ja'] as const) {
      show(name, {}, language);
      expect(root.textContent).not.toMatch(/\{\w+|\b(?:popup|verdict|targets)\.\w/);
      expect(root.querySelector('h1')?.textContent).toBeTruthy();
      render(null, root);
    }
  });

  test('the way has seven stations, each with its status in words', () => {
    show(name);
    const stations = [...root.querySelectorAll('.way > li .name')];
    expect(stations).toHaveLength(7);
    for (const station of stations) expect(station.textContent).toMatch(/^[\w-]+: \S/);
  });
});

test('nothing is said to be the store’s fault while the trouble is the user’s own', () => {
  for (const name of ['offline', 'captive-portal', 'resolver', 'blocker', 'vpn', 'clock', 'interception', 'path', 'own-other', 'blind', 'unknown', 'stale'] as const) {
    show(name);
    expect(root.querySelector('.popup')?.getAttribute('data-tone')).toMatch(/^(own|unknown)$/);
    expect(root.querySelector('[data-status="broken"].station')).toBeNull();
    expect(root.querySelector('.cause')).toBeNull();
    expect(root.querySelector('.forecast')).toBeNull();
    render(null, root);
  }
});

test('a look that is too old says nothing of the way either', () => {
  show('stale');
  expect([...root.querySelectorAll('.way > li')].map((each) => (each as HTMLElement).dataset['status'])).toEqual(['ok', ...Array.from({ length: 6 }, () => 'unknown')]);
});

test('without a connection nobody is to be asked; what was not looked at is not said to be asked', () => {
  show('offline');
  expect(root.querySelector('[data-action="ask-world"]')).toBeNull();
  show('blocker');
  expect(root.querySelector('[data-action="ask-world"]')).not.toBeNull();
  show('blind');
  expect(root.querySelector('.way-block summary')?.textContent).not.toContain('asked');
});

test('what Apple says stands there also where all is well from here', () => {
  show('up-official');
  expect(root.querySelector('.says')?.textContent).toContain('This service may be slow');
});

test('the keyboard is not left behind where what was pressed goes away', () => {
  const pressed = (each: HTMLElement) => act(() => {
    each.focus();
    each.click();
  });
  show('up');
  pressed(button('Pause'));
  pressed(button('1 hour'));
  expect(document.activeElement).toBe(button('Pause'));
  show('down');
  pressed(button('Ask around the world'));
  expect(document.activeElement).toBe(root.querySelector('.consent'));
  pressed(button('Not now'));
  expect(document.activeElement).toBe(button('Ask around the world'));
});

test('both clocks stand side by side', () => {
  show('down');
  expect(root.querySelector('.clocks')?.textContent).toMatch(/Apple admitted.*\+39 min/);
});

test('causes: the likeliest first, "cannot be told" among them, nothing that hardly counts', () => {
  show('down');
  expect([...root.querySelectorAll('.cause')].map((each) => (each as HTMLElement).dataset['id'])).toEqual(['application-release', 'undisclosed', 'storage']);
});

test('Check now sends the command, counts target by target and says when it is done', async () => {
  let finish: (answer: unknown) => void = () => {};
  const send = vi.fn(() => new Promise((resolve) => (finish = resolve)));
  show('up', { send: send as unknown as Send });
  act(() => button('Check now').click());
  expect(send).toHaveBeenCalledExactlyOnceWith('check', {});
  expect(button('Checking').getAttribute('aria-disabled')).toBe('true');
  show('up', { send: send as unknown as Send, progress: PROGRESS });
  expect([...button('Checking 5 of 9').querySelectorAll('i')].map((each) => each.dataset['answer'])).toEqual(PROGRESS.map(({ answer }) => answer));
  expect(root.querySelector('.asking')?.textContent).toBe('Audioasking Store pages, Artwork, Purchase, Apple’s other sites');
  expect(root.querySelector('.asking .replied')?.getAttribute('data-answer')).toBe('failed');
  // Readers hear that it began and that it is done: the figures run too fast.
  expect(root.querySelector('footer [role=status]')?.textContent).toBe('Checking…');
  expect(root.querySelector('.asking')?.getAttribute('aria-hidden')).toBe('true');
  act(() => button('Checking 5 of 9').click());
  expect(send).toHaveBeenCalledTimes(1);
  await act(async () => finish(success(null)));
  show('up', { send: send as unknown as Send });
  expect(root.querySelector('footer [role=status]')?.textContent).toBe('Checked.');
});

test('a check that the background began is shown the same, and each target says how far it is', () => {
  show('up', { progress: PROGRESS });
  expect(button('Checking 5 of 9').getAttribute('aria-disabled')).toBe('true');
  const rows = [...root.querySelectorAll<HTMLElement>('.targets > li')];
  expect(rows.map((row) => row.querySelector('.how')?.textContent)).toEqual(
    SNAPSHOTS.up.targets.map(({ target }) => ({ awaited: 'being asked…', ok: 'answers', failed: 'fails', none: '' })[PROGRESS.find((one) => one.target === target)!.answer]),
  );
  show('up', { progress: null });
  expect(root.querySelector('.asking')).toBeNull();
  expect(root.querySelector('.target .how')?.textContent).toMatch(/^answers\d+ ms/);
});

test('what did not work is told with its reason', async () => {
  show('up', { send: (async () => flaw('check', 'the browser is closing')) as unknown as Send });
  await act(async () => button('Check now').click());
  expect(root.querySelector('footer [role=status]')?.textContent).toBe('That did not work: the browser is closing');
});

test('Pause offers an hour and tomorrow; a paused monitor offers to go on', () => {
  const send = vi.fn(async () => success(null));
  show('up', { send: send as unknown as Send });
  act(() => button('Pause').click());
  act(() => button('1 hour').click());
  expect(send).toHaveBeenLastCalledWith('pause', { until: NOW + 3_600_000 });
  act(() => button('Pause').click());
  act(() => button('Until tomorrow').click());
  const until = (send.mock.lastCall as unknown as [string, { until: number }])[1].until;
  expect(until - NOW).toBeGreaterThan(3_600_000);
  expect(until - NOW).toBeLessThan(31 * 3_600_000);
  show('paused', { send: send as unknown as Send });
  // Nothing would be checked now: it is not offered.
  expect([...root.querySelectorAll('.buttons button')].map((each) => each.textContent)).toEqual(['Resume']);
  act(() => button('Resume').click());
  expect(send).toHaveBeenLastCalledWith('pause', { until: null });
});

test('a missing permission is asked for from the click, and looked with at once', async () => {
  const send = vi.fn(async () => success(null));
  const allowStore = vi.fn(async () => true);
  show('blind', { send: send as unknown as Send, allowStore });
  await act(async () => button('Allow').click());
  expect(allowStore).toHaveBeenCalledOnce();
  expect(send).toHaveBeenCalledWith('check', {});
});

test('a kept song is text and nothing else, whatever a page called it', () => {
  const title = '<img src=x onerror=alert(1)> & "song"';
  show('down', { reminders: [{ id: '1', kind: 'song', title, artist: null, artwork: null, url: 'https://music.apple.com/jp/song/1', addedAt: 0 }] });
  expect(root.querySelector('.kept img')).toBeNull();
  expect(root.querySelector('.song')?.textContent).toBe(title);
});

test('the search elsewhere goes into the address encoded', () => {
  show('down', { elsewhere: [{ name: 'mora', url: 'https://mora.example/s?q={query}' }] });
  const input = root.querySelector('input') as HTMLInputElement;
  act(() => {
    input.value = '花 & co';
    input.dispatchEvent(new Event('input', { bubbles: true }));
  });
  expect([...root.querySelectorAll('a')].find((a) => a.textContent === 'mora')?.getAttribute('href')).toBe('https://mora.example/s?q=%E8%8A%B1%20%26%20co');
});

test('the song in the tab is offered to be kept, until it is', async () => {
  const song = { id: 'jp:song:1', kind: 'song' as const, title: 'Lemon', artist: null, artwork: null, url: 'https://music.apple.com/jp/song/1', addedAt: 0 };
  const send = vi.fn(async () => success(null));
  show('down', { song, send: send as unknown as Send });
  await act(async () => button('Remind me of this song').click());
  expect(send).toHaveBeenCalledWith('remind', { reminder: song });
  show('down', { song, reminders: [song] });
  expect(root.textContent).not.toContain('Remind me of this song');
});

test('nobody is asked around the world before the user agreed; the browser is asked from the same click', async () => {
  const send = vi.fn(async () => success(null));
  const allowWorld = vi.fn(async () => true);
  const given = { send: send as unknown as Send, allowWorld };
  show('down', given);
  await act(async () => button('Ask around the world').click());
  expect(root.querySelector('.consent')?.textContent).toContain('globalping.io');
  await act(async () => button('Not now').click());
  expect(root.querySelector('.consent')).toBeNull();
  expect([send, allowWorld].map((each) => each.mock.calls.length)).toEqual([0, 0]);
  await act(async () => button('Ask around the world').click());
  await act(async () => button('Agree and ask').click());
  expect(allowWorld).toHaveBeenCalledOnce();
  expect(send).toHaveBeenCalledExactlyOnceWith('ask-world', { consent: true });
});

test('what an organisation forbids is not offered', () => {
  const offered = (worldForbidden: boolean): number => {
    show('down', { worldForbidden });
    return root.querySelectorAll('[data-action=ask-world]').length;
  };
  expect([offered(false), offered(true)]).toEqual([1, 0]);
});

test('a permission that was refused: nobody is asked, and that is said', async () => {
  const send = vi.fn(async () => success(null));
  show('down', { send: send as unknown as Send, allowWorld: async () => false });
  await act(async () => button('Ask around the world').click());
  await act(async () => button('Agree and ask').click());
  expect(send).not.toHaveBeenCalled();
  expect(root.querySelector('.others-see [role=status]')?.textContent).toBe('The browser’s permission was not given, so nobody was asked.');
});

test('who agreed before is not asked again, and why there is no opinion is said', async () => {
  const send = vi.fn(async () => success(null));
  const allowWorld = vi.fn(async () => true);
  const world = { at: NOW, votes: 0, failed: 0, ownCountryVotes: 0, ownCountryFailed: 0, places: [], refused: { because: 'limited' as const, until: NOW + 600_000 } };
  show('down', { send: send as unknown as Send, allowWorld, worldOn: true, snapshot: { ...snapshotOf('down', 'en'), world } });
  expect(root.querySelector('.others-see [role=status]')?.textContent).toMatch(/^globalping.io allows no more questions.*Again from/);
  await act(async () => button('Ask around the world').click());
  expect(allowWorld).not.toHaveBeenCalled();
  expect(send).toHaveBeenCalledExactlyOnceWith('ask-world', { consent: false });
});

test('what others wrote is text and nothing else', () => {
  const hostile = 'Google: x SERVFAIL · EDE 22: <img src=x onerror=alert(1)>';
  const snapshot = { ...snapshotOf('resolver', 'en'), resolver: { at: NOW, verdict: 'ok' as const, details: [hostile, '<script>'] }, world: { at: NOW, votes: 3, failed: 3, ownCountryVotes: 0, ownCountryFailed: 0, places: [{ country: '<i>x</i>', votes: 3, failed: 3 }] } };
  show('resolver', { snapshot });
  expect(root.querySelector('.sights img, .sights script, .sights i')).toBeNull();
  expect(root.querySelector('.sights')?.textContent).toContain(hostile);
  expect(root.querySelector('.sights')?.textContent).toContain('<i>x</i>: 3 of 3 fail');
});

test('the list of places says which site answered, which before, and by which way', () => {
  const snapshot = snapshotOf('up', 'en');
  const served = { sites: [{ at: NOW - 3_600_000, edge: 'akamai', site: 'MR22' }, { at: NOW - 60_000, edge: 'akamai', site: 'NWK1' }], family: 'IPv6' as const, protocol: 'h3' };
  show('up', { snapshot: { ...snapshot, targets: snapshot.targets.map((line) => ({ ...line, edge: 'akamai', site: 'NWK1', served })) } });
  const first = root.querySelector('.target .what')?.textContent ?? '';
  expect(first).toContain('akamai NWK1 IPv6 HTTP/3');
  expect(first).toMatch(/until .*: akamai MR22/);
});
