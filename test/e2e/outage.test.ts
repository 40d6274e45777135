import { afterAll, describe, expect, test } from 'vitest';
import { isStoreRole } from '../../utils/core/role.ts';
import type { Snapshot } from '../../utils/core/snapshot.ts';
import { TARGETS } from '../../utils/core/targets.ts';
import { phaseOf } from '../../utils/core/failure.ts';
import { en } from '../../utils/i18n/en/index.ts';
import type { Engine } from '../setup/ensure.ts';
import { describe as line } from './driver.ts';
import { Stations, whyNot, type Station } from './station.ts';
import { accepted, HEALTHY, OWN_FAULTS, PART_FAULTS, STORE_FAULTS, type Row } from './table.ts';

/** The main job in both real browsers: an outage is noticed, named, shown and told once; so is its end; and nobody else's trouble is called one. */
const ENGINES: readonly Engine[] = ['chromium', 'firefox'];
const stations = new Stations(3);
afterAll(() => stations.close());

/** Alternating, so that both browsers are at work all the time. */
const cases = (rows: readonly Row[]): [fault: string, engine: Engine, row: Row][] => rows.flatMap((row) => ENGINES.map((engine): [string, Engine, Row] => [row.fault, engine, row]));

function at(engine: Engine, task: (station: Station) => Promise<void>): () => Promise<void> {
  return async () => stations.use(engine, task);
}

/** Waiting for a free browser counts too. */
const LIMIT = 600_000;
const reason = Object.fromEntries(ENGINES.map((engine) => [engine, whyNot(engine)])) as Record<Engine, string | null>;

/** Targets whose failure the row makes, with what this engine has to report of them. */
function expectReported(engine: Engine, row: Row, snapshot: Snapshot): void {
  const { made, spared = [] } = row.expected;
  if (made === undefined) return;
  const parts = Object.keys(row.phase.hosts ?? {});
  // Only charts carry the day they were made: nowhere else can old data be seen.
  const hit = TARGETS.filter(({ role }) => isStoreRole(role) && !spared.includes(role) && (parts.length === 0 || parts.includes(role)));
  for (const target of hit) {
    const seen = snapshot.targets.find((one) => one.target === target.id);
    expect(seen?.status, `${target.id}: ${line(snapshot)}`).toBe('failed');
    expect([...accepted(engine, made)], line(snapshot)).toContain(seen!.failure);
    if (phaseOf(seen!.failure!) !== 'unknown') expect(seen?.phase, target.id).toBe(phaseOf(seen!.failure!));
  }
  for (const seen of snapshot.targets.filter(({ target, role }) => isStoreRole(role) && !hit.some(({ id }) => id === target))) expect(seen.status, seen.target).not.toBe('failed');
}

async function expectShown(station: Station, row: Row, snapshot: Snapshot): Promise<void> {
  const { state, side, told } = row.expected;
  expect(state, line(snapshot)).toContain(snapshot.state);
  if (side !== null) expect(snapshot.side === 'path' ? 'own' : snapshot.side, line(snapshot)).toBe(side);
  expectReported(station.engine, row, snapshot);

  const [badge, popup] = [await station.session.badge(), await station.session.popupText()];
  if (snapshot.state === 'up') {
    expect(badge.text).toBe('');
    expect(popup).toContain(en['verdict.up']);
  } else {
    expect(badge.text).not.toBe('');
    expect(popup).not.toContain(en['verdict.up']);
  }
  if (snapshot.state === 'down' || snapshot.state === 'degraded') expect(popup).toContain(en[`verdict.${snapshot.state}`]);

  if (told) {
    const notices = await station.told();
    expect(notices, JSON.stringify(notices)).toHaveLength(1);
    expect(notices[0]!.id).toMatch(/:outage$/);
    if (notices[0]!.title !== '') expect(notices[0]!.title).toBe(en[`notice.outage.${snapshot.state === 'degraded' ? 'degraded' : 'down'}`]);
    expect(await station.bannerIs(true)).not.toBe('');
  } else {
    expect(await station.told()).toEqual([]);
    if (snapshot.state !== 'maintenance') expect(await station.banner()).toBeNull();
  }
}

describe.concurrent('one fault each', () => {
  for (const [fault, engine, row] of cases([HEALTHY, ...STORE_FAULTS, ...PART_FAULTS, ...OWN_FAULTS])) {
    test.skipIf(reason[engine] !== null)(`${engine}: ${fault} → ${row.expected.state.join(' or ')}${reason[engine] === null ? '' : ` (${reason[engine]})`}`, { timeout: LIMIT }, at(engine, async (station) => {
      await station.fresh();
      await station.apply(row.phase);
      await expectShown(station, row, await station.verdict());
    }));
  }
});

describe.concurrent('the course of an outage', () => {
  for (const engine of ENGINES) {
    test.skipIf(reason[engine] !== null)(`${engine}: recovery is told once, with how long it was`, { timeout: LIMIT }, at(engine, async (station) => {
      const { session, lab } = station;
      await station.fresh();
      await station.apply({ store: { fail: { 'http.503': 1 }, by: 'origin' } });
      expect((await station.verdict()).state).toBe('down');
      await station.bannerIs(true);
      // A quarter of an hour of it, seen all the time.
      for (let step = 0; step < 5; step += 1) {
        await session.advance(3 * 60_000);
        await session.checkNow();
      }
      await lab.clear();
      let snapshot = await session.checkNow();
      for (let minute = 0; minute < 12 && snapshot.state !== 'up'; minute += 1) {
        await session.advance(60_000);
        snapshot = await session.checkNow();
      }
      expect(snapshot.state, line(snapshot)).toBe('up');
      // The news is spread over a minute, so that not everybody goes back at once.
      await session.advance(61_000);
      await session.checkNow();
      await station.bannerIs(false);
      const notices = await station.told();
      expect(notices.map(({ id }) => id.replace(/.*:/, ''))).toEqual(['outage', 'recovery']);
      const told = notices[1]!;
      if (told.title !== '') {
        expect(told.title).toBe(en['notice.recovery']);
        expect(told.message).toMatch(/\b1[5-9] min\b/);
      }
      expect((await session.badge()).text).toBe('');
    }));

    test.skipIf(reason[engine] !== null)(`${engine}: a background that is killed in the middle of a check loses nothing and tells nothing twice`, { timeout: LIMIT }, at(engine, async (station) => {
      const { session } = station;
      await station.fresh();
      await station.apply({ store: { fail: { 'tcp.timed_out': 1 } } });
      // The check hangs on silent addresses: it is under way for sure.
      const before = (await session.snapshot())!.checkedAt!;
      void session.checkNow().catch(() => undefined);
      await new Promise((resolve) => setTimeout(resolve, 2_000));
      expect((await session.snapshot())!.checkedAt).toBe(before);
      await session.killWorker();
      const snapshot = await station.verdict();
      expect(snapshot.state, line(snapshot)).toBe('down');
      expect(snapshot.side).toBe('store');
      await session.killWorker();
      await session.checkNow();
      expect((await station.told()).map(({ id }) => id.replace(/.*:/, ''))).toEqual(['outage']);
    }));

    test.skipIf(reason[engine] !== null)(`${engine}: a banner that was dismissed stays away, and leaves the page as it was`, { timeout: LIMIT }, at(engine, async (station) => {
      const { page } = await (async () => {
        await station.fresh();
        return station;
      })();
      const before = await page.evaluate(() => document.body.innerHTML.length);
      await station.apply({ hosts: { catalog: { fail: { 'http.500': 1 } }, purchase: { fail: { 'http.500': 1 } } } });
      await station.verdict();
      await station.bannerIs(true);
      // The page is one that changes its address without loading.
      await page.evaluate(() => history.pushState({}, '', '/us/browse'));
      expect(await station.banner()).not.toBeNull();
      await station.session.pressInBanner(page, '[data-action="dismiss"]');
      await station.bannerIs(false);
      await station.session.checkNow();
      await new Promise((resolve) => setTimeout(resolve, 500));
      expect(await station.banner()).toBeNull();
      expect(await page.evaluate(() => document.body.innerHTML.length)).toBe(before);
    }));
  }
});

describe.concurrent('answers that mean to hurt', () => {
  for (const kind of ['hostile.huge', 'hostile.trickle', 'hostile.invalid_utf8', 'hostile.not_json', 'hostile.gzip_bomb', 'hostile.header_flood', 'http.response.redirect_loop']) {
    for (const engine of ENGINES) {
      test.skipIf(reason[engine] !== null)(`${engine}: ${kind} costs a bounded time and fails at most its target`, { timeout: LIMIT }, at(engine, async (station) => {
        await station.fresh();
        await station.apply({ hosts: { catalog: { fail: { [kind]: 1 } } }, byHost: { 'www.apple.com': { fail: { [kind]: 1 } } } });
        const began = Date.now();
        const snapshot = await station.session.checkNow();
        expect(Date.now() - began).toBeLessThan(25_000);
        for (const seen of snapshot.targets.filter(({ role }) => isStoreRole(role) && role !== 'catalog')) expect(['ok', 'slow'], seen.target).toContain(seen.status);
        expect(['up', 'suspect', 'degraded', 'down']).toContain(snapshot.state);
      }));
    }
  }
});
