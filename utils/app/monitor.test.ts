import { describe, expect, test, vi } from 'vitest';
import { BIRTH, DAY, failing, HEALTHY, HOUR, MINUTE, Universe } from '../../test/fakes/universe.ts';
import { decodeIncident } from '../core/incident-record.ts';
import { decodeLedger, LEDGER_KEY } from '../core/ledger.ts';
import { success } from '../core/result.ts';
import { STORE_ROLES } from '../core/role.ts';
import type { Trigger } from '../core/round.ts';
import { incidentKey, INCIDENTS_KEY } from '../store/record.ts';
import { STATE_KEY } from '../store/keeper.ts';

// Days are lived through here, and the machine may be busy.
vi.setConfig({ testTimeout: 60_000 });

/** A background that has been well for two hours. */
async function settled(change: (world: Universe) => void = () => undefined): Promise<Universe> {
  const world = new Universe();
  change(world);
  await world.live(2 * HOUR, 'start');
  return world;
}

/** Lives through an outage of an hour. */
async function outage(world: Universe, ms = HOUR): Promise<void> {
  world.fate = failing('http.503');
  await world.live(ms);
}

const kept = (world: Universe) => ((world.stored.get(INCIDENTS_KEY) ?? []) as string[]).map((id) => decodeIncident(world.stored.get(incidentKey(id))));

describe('what is asked', () => {
  test.each([1, 2, 5, 10, 15, 30] as const)('every %i minutes: each role within half an hour, or with every check', async (interval) => {
    const world = await settled((each) => (each.settings = { ...each.settings, interval }));
    world.asked.length = 0;
    const from = world.now;
    await world.live(6 * HOUR);
    for (const role of STORE_ROLES) {
      const times = [from, ...world.asked.filter((one) => one.role === role).map(({ at }) => at), world.now];
      const longest = Math.max(...times.slice(1).map((at, i) => at - times[i]!));
      expect(longest / MINUTE, role).toBeLessThanOrEqual(Math.max(30, interval * 1.1));
    }
  });

  test('controls and neighbour once, for their profile; never again while all is well', async () => {
    const world = await settled();
    const others = world.asked.filter(({ role }) => role === 'controls' || role === 'neighbour');
    expect(others.map(({ at }) => at)).toEqual([BIRTH, BIRTH, BIRTH, BIRTH, BIRTH]);
  });

  test('a first check without a line does not count as the comparison', async () => {
    const world = new Universe();
    world.fate = () => 'local.offline';
    await world.live(10 * MINUTE, 'start');
    world.fate = HEALTHY;
    await world.live(10 * MINUTE, 'online');
    expect(world.state.profiles['control-google']?.usualMs).toBeGreaterThan(0);
  });

  test('a blink is looked at again within the same wake, and opens nothing', async () => {
    const world = await settled();
    const began = world.now;
    world.fate = (target, now) => (target.role === 'catalog' && now === began ? 'http.503' : null);
    await world.tick('user');
    expect(world.asked.filter(({ target, at }) => target === 'catalog' && at >= began).map(({ at }) => at - began)).toContain(8_000);
    await world.live(HOUR);
    expect(world.told).toEqual([]);
  });

  test('a hundred calls at once are one check', async () => {
    const world = await settled();
    const before = world.rounds;
    const outcomes = await Promise.all(Array.from({ length: 100 }, (_, i) => world.monitor.tick(i % 2 === 0 ? 'user' : 'page')));
    expect(world.rounds - before).toBe(1);
    expect(new Set(outcomes).size).toBe(1);
  });

  test.each(['user', 'page', 'online'] as const)('%s during a wake with nothing due still gets its check, and all who ask share it', async (trigger) => {
    const world = await settled();
    await world.tick('user');
    const before = world.rounds;
    const scheduled = world.monitor.tick('schedule');
    const asked = Array.from({ length: 20 }, () => world.monitor.tick(trigger));
    await Promise.all([scheduled, ...asked]);
    expect(world.rounds - before).toBe(1);
  });

  test('paused, who asks waits for the wake under way, and no check is made', async () => {
    const world = await settled();
    await world.monitor.change((state) => ({ ...state, pausedUntil: world.now + HOUR }));
    const before = world.rounds;
    const outcomes = await Promise.all([world.monitor.tick('schedule'), world.monitor.tick('user'), world.monitor.tick('user')]);
    expect(outcomes.map(({ ok }) => ok)).toEqual([true, true, true]);
    expect(world.rounds).toBe(before);
  });

  test('a shorter interval counts from the next call on', async () => {
    const world = await settled((each) => (each.settings = { ...each.settings, interval: 30 }));
    world.settings = { ...world.settings, interval: 1 };
    const done = await world.tick();
    expect(done?.ok && done.value.nextAt - world.now).toBeLessThanOrEqual(70_000);
  });
});

describe('sleep', () => {
  test('what fails just after waking is thrown away, and the night is not observed', async () => {
    const world = await settled();
    world.now += 8 * HOUR;
    const woke = world.now;
    world.fate = (_, now) => (now < woke + 5_000 ? 'local.offline' : null);
    await world.tick();
    world.fate = HEALTHY;
    await world.live(HOUR);
    expect(world.told).toEqual([]);
    const ms = world.time();
    expect(ms.down + ms.degraded).toBe(0);
    expect(ms.unobserved / HOUR).toBeCloseTo(8, 0);
  });

  test('slept in the middle of an outage: told once', async () => {
    const world = await settled();
    await outage(world, 30 * MINUTE);
    world.now += 3 * HOUR;
    await world.live(30 * MINUTE);
    expect(world.kinds).toEqual(['outage']);
    expect(world.time().unobserved).toBeGreaterThan(2.5 * HOUR);
  });

  test.each([['at once', 0], ['after the second look', 60_000]])('an end that was slept through is told as a summary, with a network that is ready %s', async (_, wait) => {
    const world = await settled();
    await outage(world, 30 * MINUTE);
    world.now += 8 * HOUR;
    const woke = world.now;
    world.fate = (_target, now) => (now < woke + wait ? 'local.offline' : null);
    await world.live(2 * HOUR);
    expect(world.kinds).toEqual(['outage', 'summary']);
    const summary = world.told[1]!.notice;
    expect(summary.seenMs! / MINUTE).toBeGreaterThan(20);
    expect(summary.seenMs! / MINUTE).toBeLessThan(40);
  });

  test('a pause that is slept through is not observed', async () => {
    const world = await settled();
    await world.monitor.change((state) => ({ ...state, pausedUntil: world.now + 12 * HOUR }));
    world.now += 10 * HOUR;
    await world.live(MINUTE);
    expect(world.time().unobserved / HOUR).toBeGreaterThan(9.8);
  });
});

describe('pause', () => {
  test('nobody is asked until it ends, and it ends by itself', async () => {
    const world = await settled();
    await world.monitor.change((state) => ({ ...state, pausedUntil: world.now + HOUR }));
    expect(world.snapshot).toMatchObject({ state: 'unknown', pausedUntil: world.now + HOUR });
    const before = world.asked.length;
    await world.live(59 * MINUTE);
    expect(world.asked.length).toBe(before);
    await world.live(20 * MINUTE);
    expect(world.asked.length).toBeGreaterThan(before);
    expect(world.snapshot).toMatchObject({ state: 'up', pausedUntil: null });
    expect(world.time().unobserved / MINUTE).toBeCloseTo(60, -1);
  });

  test('a dismissal outlives a check', async () => {
    const world = await settled();
    await outage(world, 10 * MINUTE);
    const { id } = world.state.course.incident!;
    await Promise.all([world.monitor.tick('user'), world.monitor.change((state) => ({ ...state, dismissed: [...state.dismissed, id] }))]);
    await world.live(10 * MINUTE);
    expect(world.state.dismissed).toEqual([id]);
  });
});

describe('what is told', () => {
  test('an outage once, its end within a minute, and the record adds up', async () => {
    const world = await settled((each) => (each.random = 0.99));
    await outage(world);
    world.fate = HEALTHY;
    const ended = world.now;
    await world.live(HOUR);
    expect(world.kinds).toEqual(['outage', 'recovery']);
    expect(new Set(world.told.map(({ notice }) => notice.id)).size).toBe(2);
    const { at, notice } = world.told[1]!;
    expect(at - notice.dueAt).toBeLessThan(60_000);
    expect(at - ended).toBeLessThan(12 * MINUTE);
    const [record] = kept(world);
    expect(record).toMatchObject({ ok: true, value: { kind: 'down', relapses: 0, observed: expect.closeTo(1, 1), loss: expect.anything() } });
    const ms = world.time();
    expect(ms.down / MINUTE).toBeCloseTo(60, -1);
    expect(ms.unobserved).toBeLessThan(7 * MINUTE);
  });

  test('notices can be switched off, and then nothing is told of the end either', async () => {
    const world = await settled((each) => (each.settings.notify.outage = false));
    await outage(world);
    world.fate = HEALTHY;
    await world.live(HOUR);
    expect(world.told).toEqual([]);
    expect(kept(world)).toHaveLength(1);
  });

  test('a second wave is told, and so is its end', async () => {
    const world = await settled();
    await outage(world);
    world.fate = HEALTHY;
    await world.live(20 * MINUTE);
    await outage(world, 20 * MINUTE);
    world.fate = HEALTHY;
    await world.live(HOUR);
    expect(world.kinds).toEqual(['outage', 'recovery', 'relapse', 'recovery']);
    expect(new Set(world.told.map(({ notice }) => notice.id)).size).toBe(4);
    expect(kept(world)).toMatchObject([{ value: { relapses: 1 } }]);
  });

  test('quiet hours hold back what still holds in the morning', async () => {
    const world = await settled((each) => (each.settings.notify = { ...each.settings.notify, quietFrom: 14, quietTo: 23 }));
    await outage(world, 8 * HOUR);
    expect(world.told).toEqual([]);
    await world.live(2 * HOUR);
    expect(world.kinds).toEqual(['outage']);
  });

  test('quiet hours drop what is over, and cost no more checks than other hours', async () => {
    const world = await settled((each) => (each.settings.notify = { ...each.settings.notify, quietFrom: 14, quietTo: 23 }));
    await outage(world);
    world.fate = HEALTHY;
    await world.live(HOUR);
    const [before, writes] = [world.rounds, world.writes];
    await world.live(5 * HOUR);
    expect(world.rounds - before).toBeLessThan(75);
    expect(world.writes - writes).toBeLessThan(75);
    await world.live(6 * HOUR);
    expect(world.told).toEqual([]);
    expect(world.state.outbox).toEqual([]);
  });

  test('an end in the quiet hours is told after them, where the outage was told', async () => {
    const world = await settled((each) => (each.settings.notify = { ...each.settings.notify, quietFrom: 15, quietTo: 0 }));
    await outage(world, 2 * HOUR);
    world.fate = HEALTHY;
    await world.live(7 * HOUR);
    expect(world.kinds).toEqual(['outage']);
    await world.live(3 * HOUR);
    expect(world.kinds).toEqual(['outage', 'recovery']);
  });

  test('a notification that was swallowed is said to be, and does not come again with every check', async () => {
    const world = await settled((each) => (each.swallows = true));
    await outage(world);
    expect(world.kinds).toEqual(['outage']);
    expect(world.snapshot!.problems).toEqual([{ kind: 'notifications', detail: 'not shown by the system' }]);
    world.swallows = false;
    world.fate = HEALTHY;
    await world.live(HOUR);
    expect(world.kinds).toEqual(['outage', 'recovery']);
    expect(world.snapshot!.problems).toEqual([]);
  });

  test('while checking is paused nothing is told; what still holds is told after it', async () => {
    const world = await settled((each) => (each.tellRefused = () => 'denied'));
    await outage(world, 20 * MINUTE);
    world.tellRefused = () => null;
    await world.monitor.change((state, now) => ({ ...state, pausedUntil: now + 3 * HOUR }));
    await world.live(2 * HOUR);
    expect(world.told).toEqual([]);
    await world.live(2 * HOUR);
    expect(world.kinds).toEqual(['outage']);
  });

  test('outages that came and went in the quiet hours are one notice, which counts the others', async () => {
    const world = await settled((each) => (each.settings.notify = { ...each.settings.notify, quietFrom: 15, quietTo: 12 }));
    // Told at half past two, over at half past three, in the quiet; then one that begins and ends in the quiet, the end asleep.
    await world.live(20 * MINUTE);
    await outage(world, 70 * MINUTE);
    expect(world.kinds).toEqual(['outage']);
    world.fate = HEALTHY;
    await world.live(3 * HOUR);
    await outage(world, 30 * MINUTE);
    world.now += 2 * HOUR;
    world.fate = HEALTHY;
    await world.live(16 * HOUR);
    expect(world.kinds).toEqual(['outage', 'summary']);
    expect(world.told[1]!.notice.also).toBe(1);
    expect(world.state.outbox).toEqual([]);
    await world.live(DAY);
    expect(world.kinds).toEqual(['outage', 'summary']);
  });

  test('reminded every so many hours while it lasts', async () => {
    const world = await settled((each) => (each.settings.notify.reminderHours = 3));
    await outage(world, 10 * HOUR);
    expect(world.kinds).toEqual(['outage', 'reminder', 'reminder', 'reminder']);
  });

  test('notifications that the system refuses are tried again later, not at once, and it is said', async () => {
    const world = await settled((each) => (each.tellRefused = () => 'denied'));
    await outage(world, 30 * MINUTE);
    expect(world.snapshot!.problems).toContainEqual({ kind: 'notifications', detail: 'denied' });
    const before = world.rounds;
    await world.live(30 * MINUTE);
    expect(world.rounds - before).toBeLessThan(35);
    world.tellRefused = () => null;
    await world.live(5 * MINUTE);
    expect(world.kinds).toEqual(['outage']);
    expect(world.snapshot!.problems).toEqual([]);
  });
});

describe('the user’s own pages', () => {
  const met = (failed: number, answered: number) => ({ byHost: { 'aod-ssl.itunes.apple.com': { role: 'audio' as const, failed, answered, kinds: failed > 0 ? { 'tcp.refused': failed } : {} } } });

  test('what fails on them alone is named, alarms nobody, and is forgotten when it answers', async () => {
    const world = await settled();
    world.page = met(3, 0);
    await world.tick('page');
    expect(world.snapshot).toMatchObject({ state: 'up', page: [{ role: 'audio', host: 'aod-ssl.itunes.apple.com', failure: 'tcp.refused', failed: 3 }] });
    expect(world.state.page).toHaveLength(1);
    world.page = met(0, 2);
    await world.live(10 * MINUTE);
    expect(world.snapshot!.page).toEqual([]);
    expect(world.told).toEqual([]);
  });

  test.each<[string, Trigger]>([['the system says so', 'online'], ['the next check finds it', 'schedule']])('what they met without a line is not the store’s once it is back: %s', async (_, trigger) => {
    const world = await settled();
    world.fate = (_target) => 'dns.name_not_resolved';
    world.page = met(2, 0);
    await world.tick('page');
    expect(world.snapshot).toMatchObject({ state: 'own', page: [] });
    world.now += 5 * MINUTE;
    world.page = met(3, 0);
    world.fate = HEALTHY;
    await world.tick(trigger);
    expect(world.snapshot).toMatchObject({ state: 'up', page: [] });
    // From here on it counts again.
    world.page = met(2, 0);
    await world.tick('page');
    expect(world.snapshot!.page).toHaveLength(1);
  });

  test('nor what they met before a machine that slept had its network', async () => {
    const world = await settled();
    world.now += 8 * HOUR;
    world.page = met(3, 0);
    await world.tick();
    expect(world.snapshot).toMatchObject({ state: 'up', page: [] });
  });

  test('in an outage they are evidence', async () => {
    const world = await settled();
    world.fate = failing('http.503', 'catalog', 'directory', 'storefront');
    world.page = met(4, 0);
    await world.live(10 * MINUTE);
    expect(world.state.episode.trouble!.page).toEqual({ audio: { failed: 4, answered: 0 } });
  });
});

describe('the vendor’s page', () => {
  const event = { id: '1', service: 'Apple Music', startedAt: BIRTH + HOUR, endsAt: null, text: '', hints: [], music: true };
  const says = (type: 'outage' | 'maintenance'): Universe['reading'] => (now) => ({ kind: 'read', at: now, events: [{ ...event, type, status: 'ongoing' as const, hints: [] }] });

  test('an outage on the page while all works alarms nobody', async () => {
    const world = await settled();
    world.reading = says('outage');
    await world.live(6 * HOUR);
    expect(world.told).toEqual([]);
    expect(world.snapshot).toMatchObject({ state: 'up', official: { events: [{ id: '1' }] } });
  });

  test('announced maintenance alarms nobody; what goes on failing after it does', async () => {
    const world = await settled();
    world.reading = says('maintenance');
    await outage(world);
    expect(world.snapshot!.state).toBe('maintenance');
    expect(world.told).toEqual([]);
    world.reading = (now) => ({ kind: 'read', at: now, events: [] });
    await world.live(HOUR);
    expect(world.snapshot!.state).toBe('down');
    expect(world.kinds).toEqual(['outage']);
    world.fate = HEALTHY;
    await world.live(HOUR);
    expect(world.kinds).toEqual(['outage', 'recovery']);
  });

  test('maintenance alone is not told at its end either', async () => {
    const world = await settled();
    world.reading = says('maintenance');
    await outage(world);
    world.fate = HEALTHY;
    await world.live(HOUR);
    expect(world.told).toEqual([]);
  });

  test.each([
    ['unreachable', { reachable: false, understood: true, readAt: null }],
    ['not-understood', { reachable: true, understood: false, readAt: null }],
  ] as const)('a page that is %s is no all-clear', async (kind, shown) => {
    const world = await settled();
    world.reading = (now) => (kind === 'unreachable' ? { kind, at: now } : { kind, at: now, reason: 'not JSON' });
    await world.live(3 * HOUR);
    expect(world.snapshot!.official).toMatchObject({ ...shown, events: [] });
    expect(world.snapshot!.problems.map((one) => one.kind)).toEqual(['feed']);
    await outage(world, 20 * MINUTE);
    expect(world.kinds).toEqual(['outage']);
  });

  test('it is read every quarter of an hour in calm, every minute in an incident', async () => {
    const world = await settled();
    world.officialReads = 0;
    await world.live(4 * HOUR);
    expect(world.officialReads).toBeLessThanOrEqual(17);
    world.officialReads = 0;
    await outage(world);
    expect(world.officialReads).toBeGreaterThan(40);
  });
});

describe('targets', () => {
  test('one that was never healthy here says nothing, and is set aside after three days', async () => {
    const world = new Universe();
    world.fate = failing('http.404', 'purchase');
    await world.live(4 * DAY, 'start');
    expect(world.told).toEqual([]);
    expect(world.snapshot!.state).toBe('up');
    expect(world.snapshot!.targets.find(({ target }) => target === 'purchase')).toMatchObject({ status: 'set-aside', trusted: false });
    world.asked.length = 0;
    await world.live(DAY);
    const retries = world.asked.filter(({ target }) => target === 'purchase').length;
    expect(retries).toBeGreaterThanOrEqual(2);
    expect(retries).toBeLessThanOrEqual(5);
    world.fate = HEALTHY;
    await world.live(8 * HOUR);
    expect(world.snapshot!.targets.find(({ target }) => target === 'purchase')).toMatchObject({ status: 'ok', trusted: true });
  });

  test('one that moved away fails alone for three days, then is set aside, and what it opened is closed', async () => {
    const world = await settled();
    world.fate = failing('http.404', 'charts');
    await world.live(2 * DAY);
    expect(world.snapshot!.state).toBe('degraded');
    await world.live(2 * DAY);
    expect(world.snapshot!.state).toBe('up');
    expect(world.snapshot!.targets.find(({ target }) => target === 'charts')).toMatchObject({ status: 'set-aside' });
    await world.live(5 * DAY);
    expect(kept(world)).toHaveLength(1);
    expect(world.kinds.filter((kind) => kind === 'outage')).toHaveLength(1);
  });

  test('an outage of several parts for four days sets nothing aside', async () => {
    const world = await settled();
    world.fate = failing('http.503', 'charts', 'catalog', 'artwork');
    await world.live(4 * DAY);
    expect(world.snapshot!.targets.some(({ status }) => status === 'set-aside')).toBe(false);
    expect(['down', 'degraded']).toContain(world.snapshot!.state);
  });

  test('permission revoked: blind and what is missing, never down', async () => {
    const world = await settled();
    world.fate = (target) => (target.role === 'controls' || target.role === 'neighbour' ? null : 'no-permission');
    const from = world.now;
    await world.live(DAY);
    expect(world.snapshot).toMatchObject({ state: 'blind', side: null });
    expect(world.snapshot!.problems).toEqual([{ kind: 'permission', detail: expect.stringContaining('itunes.apple.com') }]);
    const ms = world.time(from + 6 * MINUTE);
    expect(ms.down + ms.degraded + ms.up).toBe(0);
    world.fate = HEALTHY;
    await world.live(HOUR);
    expect(world.snapshot).toMatchObject({ state: 'up', problems: [] });
  });

  test('permission revoked during an outage: blind, and nobody is told that it is over', async () => {
    const world = await settled();
    await outage(world);
    world.fate = () => 'no-permission';
    await world.live(3 * HOUR);
    expect(world.snapshot!.state).toBe('blind');
    expect(world.kinds).toEqual(['outage']);
  });
});

describe('whose fault', () => {
  test.each([
    ['everything offline', () => 'local.offline'],
    ['a line that carries nothing', () => 'timed_out'],
    ['a captive portal', () => 'redirect.foreign'],
    ['blocked by another extension', failing('blocked.by_client')],
    ['a proxy that fails', () => 'local.proxy'],
  ] as [string, Universe['fate']][])('%s: nobody is told of an outage, and time counts as not observed', async (_, fate) => {
    const world = await settled();
    const from = world.now;
    world.fate = fate;
    await world.live(2 * HOUR);
    expect(world.told).toEqual([]);
    expect(['own', 'blind', 'unknown']).toContain(world.snapshot!.state);
    const ms = world.time(from, world.now);
    expect(ms.down + ms.degraded).toBe(0);
  });
});

describe('storage', () => {
  test('a read that fails: no check, nothing written over, and it goes on when it works again', async () => {
    const world = await settled();
    await outage(world);
    world.fate = HEALTHY;
    await world.live(HOUR);
    const before = JSON.stringify([...world.stored]);
    world.readRefused = () => 'broken';
    world.restart();
    expect(await world.tick()).toMatchObject({ ok: false, error: { reason: 'broken' } });
    await world.live(20 * MINUTE);
    expect(JSON.stringify([...world.stored])).toBe(before);
    world.readRefused = () => null;
    await world.live(20 * MINUTE);
    expect(world.snapshot!.state).toBe('up');
    expect(kept(world)).toHaveLength(1);
  });

  test('a history that cannot be read is not written over; its time comes when it can', async () => {
    const world = await settled();
    world.restart();
    world.readRefused = (keys) => (keys.some((key) => key.startsWith('history.')) ? 'broken' : null);
    await world.live(30 * MINUTE);
    world.readRefused = () => null;
    await world.live(10 * MINUTE);
    expect(world.time().unobserved).toBeLessThan(7 * MINUTE);
  });

  test('a write that is refused goes with the next one, is said, and costs no time and no incident', async () => {
    const world = await settled();
    await outage(world);
    world.fate = HEALTHY;
    world.writeRefused = () => 'no such device';
    await world.live(HOUR);
    expect(world.snapshot!.problems).toEqual([{ kind: 'storage', detail: 'no such device' }]);
    expect(kept(world)).toHaveLength(0);
    await outage(world);
    world.fate = HEALTHY;
    await world.live(6 * HOUR);
    world.writeRefused = () => null;
    await world.live(20 * MINUTE);
    expect(kept(world)).toMatchObject([{ ok: true }, { ok: true }]);
    expect(world.kinds).toEqual(['outage', 'recovery', 'outage', 'recovery']);
    expect(world.snapshot!.problems).toEqual([]);
    expect(world.time().unobserved).toBeLessThan(7 * MINUTE);
  });

  test('a store that takes nothing, under a background that keeps being put to sleep: nothing is told twice, nothing is lost once it takes again', async () => {
    const world = await settled();
    world.writeRefused = () => 'disk full';
    const sleepless = async (ms: number): Promise<void> => {
      for (const until = world.now + ms; world.now < until; ) {
        await world.live(3 * MINUTE);
        world.restart();
      }
    };
    world.fate = failing('http.503');
    await sleepless(40 * MINUTE);
    expect(world.kinds).toEqual(['outage']);
    world.fate = HEALTHY;
    await sleepless(HOUR);
    expect(world.kinds).toEqual(['outage', 'recovery']);
    expect(world.session).toMatchObject({ entries: { snapshot: { problems: [{ kind: 'storage', detail: 'disk full' }] } } });
    world.writeRefused = () => null;
    await sleepless(10 * MINUTE);
    expect(world.session).toBeNull();
    expect(kept(world)).toMatchObject([{ ok: true }]);
    expect(world.time().unobserved).toBeLessThan(7 * MINUTE);
    expect(world.kinds).toEqual(['outage', 'recovery']);
  });

  test('what lies beside the store is not believed where something newer was stored', async () => {
    const world = await settled();
    world.writeRefused = () => 'disk full';
    await world.live(10 * MINUTE);
    const left = structuredClone(world.session);
    world.writeRefused = () => null;
    await world.live(10 * MINUTE);
    const at = world.state.lastRoundAt;
    world.session = left;
    world.restart();
    await world.monitor.change((state) => state);
    expect(world.state.lastRoundAt).toBe(at);
  });

  test('a store that is full drops old response times, never time', async () => {
    const world = await settled();
    await world.live(2 * DAY);
    const size = (): number => [...world.stored].reduce((sum, [key, value]) => sum + key.length + JSON.stringify(value).length, 0);
    const quota = size() + 200;
    const before = world.time(BIRTH, BIRTH + DAY);
    world.writeRefused = (entries) => {
      const after = new Map([...world.stored, ...Object.entries(entries)]);
      const total = [...after].reduce((sum, [key, value]) => sum + (value === undefined ? 0 : key.length + JSON.stringify(value).length), 0);
      return total > quota ? 'QUOTA_BYTES quota exceeded' : null;
    };
    await world.live(DAY);
    expect(size()).toBeLessThanOrEqual(quota);
    expect(world.time(BIRTH, BIRTH + DAY)).toEqual(before);
    expect(world.time(BIRTH, world.now).unobserved).toBeLessThan(20 * MINUTE);
  });

  test('work on a store that takes nothing, and is refused: what was told stays told, and is there once it takes again', async () => {
    const world = await settled();
    world.writeRefused = () => 'disk full';
    await outage(world);
    expect(world.kinds).toEqual(['outage']);
    expect(await world.monitor.exclusive(async (written) => written)).toMatchObject({ ok: false, error: { reason: 'disk full' } });
    expect(world.session).not.toBeNull();
    await world.live(10 * MINUTE);
    world.fate = HEALTHY;
    await world.live(30 * MINUTE);
    expect(world.kinds).toEqual(['outage', 'recovery']);
  });

  test('work on a store that takes again finds there what was refused before', async () => {
    const world = await settled();
    world.writeRefused = () => 'disk full';
    await outage(world);
    world.writeRefused = () => null;
    const told = await world.monitor.exclusive(async (written) => (written.ok ? success(world.state.told) : written));
    expect(told).toMatchObject({ ok: true, value: [expect.stringContaining('outage')] });
    expect(world.session).toBeNull();
    await world.live(10 * MINUTE);
    expect(world.kinds).toEqual(['outage']);
  });

  test('deleted in the middle of its life: it begins anew, and nothing comes back', async () => {
    const world = await settled();
    await outage(world);
    world.writeRefused = () => 'broken';
    world.fate = HEALTHY;
    await world.live(HOUR);
    world.writeRefused = () => null;
    await world.monitor.exclusive(async () => (world.stored.clear(), success(null)));
    await world.live(30 * MINUTE);
    expect(world.state.lastIncident).toBeNull();
    expect(world.stored.has(INCIDENTS_KEY)).toBe(false);
    expect(world.stored.has(STATE_KEY)).toBe(true);
  });
});

test('what the sources contacted between two checks stands in the ledger, also where the background dies before the next', async () => {
  const world = await settled();
  world.contacted.push({ host: 'api.globalping.io', why: 'world', count: 3, bytes: 900 });
  await world.monitor.change((state) => state);
  world.restart();
  expect(decodeLedger(world.stored.get(LEDGER_KEY)).hosts['api.globalping.io']).toEqual({ why: 'world', count: 3, bytes: 900 });
  await world.tick('user');
  expect(decodeLedger(world.stored.get(LEDGER_KEY)).hosts['api.globalping.io']?.count).toBe(3);
});

test('what an organisation set and cannot be used is said, and no longer once it is mended: without waiting for a check', async () => {
  const world = await settled();
  const bad = { kind: 'policy', detail: 'interval (not one of them)' };
  world.refusedSettings = [{ at: 'interval', reason: 'not one of them' }];
  for (let times = 0; times < 2; times++) await world.monitor.change((state) => state);
  expect(world.snapshot!.problems).toEqual([bad]);
  await world.tick('user');
  expect(world.snapshot!.problems).toEqual([bad]);
  world.refusedSettings = [];
  await world.monitor.change((state) => state);
  expect(world.snapshot!.problems).toEqual([]);
});
