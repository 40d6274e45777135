import { expect, test, vi } from 'vitest';
import { failing, HEALTHY, HOUR, MINUTE, Universe } from '../../test/fakes/universe.ts';
import { refusal, type WorldOpinion } from '../core/opinion.ts';

vi.setConfig({ testTimeout: 60_000 });

const opinion = (at: number, failed: number): WorldOpinion => ({ at, votes: 8, failed, ownCountryVotes: 3, ownCountryFailed: Math.min(3, failed), places: [{ country: 'jp', votes: 3, failed: Math.min(3, failed) }] });

async function settled(wish: 'off' | 'on-request' | 'once-per-incident'): Promise<Universe> {
  const world = new Universe();
  world.settings = { ...world.settings, secondOpinion: { ...world.settings.secondOpinion, world: wish } };
  await world.live(2 * HOUR, 'start');
  return world;
}

test.each(['off', 'on-request'] as const)('%s: an outage asks nobody around the world by itself', async (wish) => {
  const world = await settled(wish);
  let asked = 0;
  world.world = (now) => (asked++, opinion(now, 8));
  world.fate = failing('http.503');
  await world.live(HOUR);
  expect(asked).toBe(0);
  expect(world.snapshot?.world).toBeNull();
});

test('once for each outage: what was refused is tried again and said, what was answered is asked no more until the next outage', async () => {
  const world = await settled('once-per-incident');
  let asked = 0;
  world.world = (now) => (++asked % 3 === 0 ? opinion(now, 8) : refusal(now, 'limited', now + MINUTE));
  world.fate = failing('http.503');
  await world.tick('user');
  expect(world.snapshot?.state).toBe('down');
  world.now += MINUTE;
  await world.tick();
  expect(world.snapshot?.world).toMatchObject({ votes: 0, refused: { because: 'limited' } });
  await world.live(HOUR);
  expect(asked).toBe(3);
  expect(world.snapshot?.world).toMatchObject({ votes: 8, failed: 8 });
  world.fate = HEALTHY;
  await world.live(2 * HOUR);
  expect(world.snapshot?.world).toBeNull();
  world.fate = failing('http.503');
  await world.live(HOUR);
  expect(asked).toBe(6);
});

test('what the user asked for is weighed with the next check, once', async () => {
  const world = await settled('on-request');
  world.fate = failing('tcp.refused');
  await world.live(5 * MINUTE);
  const before = world.state.diagnosis!.side.store;
  await world.monitor.change((state, now) => ({ ...state, world: opinion(now, 0) }));
  await world.tick('recheck');
  expect(world.state.episode.trouble?.world).toMatchObject({ votes: 8, failed: 0 });
  expect(world.state.diagnosis!.side.store).toBeLessThan(before);
  // A later one replaces it.
  world.now += MINUTE;
  await world.monitor.change((state, now) => ({ ...state, world: opinion(now, 8) }));
  await world.tick('recheck');
  expect(world.state.episode.trouble?.world).toMatchObject({ failed: 8 });
});

test('a refusal alone says nothing about the store', async () => {
  const world = await settled('on-request');
  world.fate = failing('http.503');
  await world.live(5 * MINUTE);
  await world.monitor.change((state, now) => ({ ...state, world: refusal(now, 'unreachable', now) }));
  await world.tick('recheck');
  expect(world.state.episode.trouble?.world).toBeNull();
  expect(world.snapshot?.world).toMatchObject({ votes: 0, refused: { because: 'unreachable' } });
});

test('who answered is remembered through an outage and a death of the background', async () => {
  const world = await settled('off');
  world.fate = failing('tcp.timed_out');
  await world.live(5 * MINUTE);
  world.restart();
  await world.tick();
  const line = world.snapshot?.targets.find(({ target }) => target === 'catalog');
  expect(line).toMatchObject({ status: 'failed', edge: null, served: { sites: [{ edge: 'akamai' }], protocol: 'h2' } });
});
