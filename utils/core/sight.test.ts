import { describe, expect, test } from 'vitest';
import { openEpisode, type Episode, type Tally, type Trouble } from './episode.ts';
import { sightOf, type Sight } from './sight.ts';

const T0 = Date.UTC(2026, 4, 15);
const tally = (asked: number, failed = 0, more: Partial<Tally> = {}): Tally => ({ asked, failed, kinds: failed > 0 ? { 'http.503': failed } : {}, edge: 0, origin: 0, slow: 0, timed: 0, ...more });
/** Answers that took so many times their usual time. */
const slowed = (asked: number, factor: number, failed = 0): Tally => tally(asked, failed, { slow: asked * Math.log(factor), timed: asked });

function look(roles: Trouble['roles'], controls: Episode['line']['controls'] = {}, more: Partial<Trouble> = {}): Sight {
  const trouble = { openedAt: T0, lastTroubleAt: T0 + 90_000, roles, ...more } as Trouble;
  return sightOf({ ...openEpisode(), trouble, line: { at: T0, controls } }, { now: T0 });
}

test('where there is no trouble there is nothing to see', () => {
  const episode = openEpisode();
  expect(sightOf(episode, { now: 5 })).toEqual({
    episode, moment: { now: 5 }, trouble: null, minutes: 0, failing: [], slowed: [], fine: [], share: 0, kinds: {}, edge: 0, origin: 0, slow: null,
    controls: null, controlsAnswered: 0, controlsFailed: 0, controlsSlow: 1, neighbour: null, neighbourAsked: 0, neighbourSlow: 1,
  });
});

test('how long: from the first trouble to the last, never less than nothing', () => {
  expect(look({}).minutes).toBe(1.5);
  expect(look({}, {}, { lastTroubleAt: T0 - 1 }).minutes).toBe(0);
});

describe('which parts fail', () => {
  test.each<[string, Trouble['roles'], failing: string[]]>([
    ['one that always does', { catalog: tally(4, 4), audio: tally(4) }, ['catalog']],
    ['one in twelve, twice', { catalog: tally(24, 2), audio: tally(24) }, ['catalog']],
    ['fewer', { catalog: tally(40, 2), audio: tally(100, 0) }, ['catalog']],
    ['as seldom as a line has accidents', { catalog: tally(400, 2) }, []],
    ['a lone failure of few requests', { catalog: tally(3, 1), audio: tally(3) }, ['catalog']],
    ['a lone failure of many', { catalog: tally(30, 1), audio: tally(30) }, []],
    ['one that has nearly faded', { catalog: tally(3, 0.5) }, []],
    ['a thin fault of everything', { catalog: tally(30, 2), audio: tally(30, 2), charts: tally(30, 1), account: tally(60, 1) }, ['catalog', 'audio', 'charts']],
    ['one in twelve, beside one that always does', { catalog: tally(24, 2), audio: tally(100, 100) }, ['catalog', 'audio']],
    ['fewer, beside one that always does', { catalog: tally(25, 2), audio: tally(100, 100) }, ['audio']],
    ['one and a half of eighteen, beside one that always does', { catalog: tally(18, 1.5), audio: tally(100, 100) }, ['catalog', 'audio']],
    ['less than that', { catalog: tally(12, 1.4), audio: tally(100, 100) }, ['audio']],
    ['of few requests one is enough', { catalog: tally(3.9, 1), audio: tally(100, 100) }, ['catalog', 'audio']],
    ['of four it is not', { catalog: tally(4, 1), audio: tally(1000, 1000) }, ['audio']],
    ['a thin fault has the share of all that fail', { catalog: tally(100, 6), audio: tally(100, 6), charts: tally(50, 1) }, ['catalog', 'audio']],
    ['a lone failure among eight', { catalog: tally(8, 1) }, ['catalog']],
    ['among nine', { catalog: tally(9, 1) }, []],
    ['nothing', { catalog: tally(4), audio: tally(4) }, []],
    ['not asked', { catalog: tally(0, 0) }, []],
  ])('%s', (_, roles, failing) => {
    const seen = look(roles);
    expect([...seen.failing].sort()).toEqual([...failing].sort());
    const asked = Object.entries(roles).filter(([, { asked: times }]) => times > 0).map(([role]) => role);
    expect([...seen.fine].sort()).toEqual(asked.filter((role) => !failing.includes(role)).sort());
    expect(seen.slowed).toEqual([]);
  });

  test('failing: their mean share, whatever the others do', () => {
    expect(look({ catalog: tally(4, 4), audio: tally(4, 2), charts: tally(4) }).share).toBeCloseTo(0.75, 9);
    expect(look({ charts: tally(4) }).share).toBe(0);
  });
});

describe('slow', () => {
  test('slower by 80 % than usual, and than the line', () => {
    expect(look({ catalog: slowed(4, 1.81), audio: slowed(4, 1.79) })).toMatchObject({ slowed: ['catalog'], fine: ['audio'], failing: [] });
    expect(look({ catalog: slowed(4, 3), controls: slowed(4, 2) })).toMatchObject({ slowed: [], fine: ['catalog'], controlsSlow: expect.closeTo(2, 9) as number });
    expect(look({ catalog: slowed(4, 1.9), controls: slowed(4, 0.5) }).slowed).toEqual(['catalog']);
    expect(look({ catalog: tally(4, 0, { slow: Math.log(5) * 0.9, timed: 0.9 }) }).slowed).toEqual([]);
  });

  test('how slow: over what fails or crawls, against the line', () => {
    expect(look({ catalog: tally(4, 4) }).slow).toBeNull();
    expect(look({ audio: slowed(4, 1.2) }).slow).toBeNull();
    expect(look({ catalog: slowed(4, 2), charts: slowed(4, 8), audio: slowed(4, 1) }).slow).toBeCloseTo(4, 9);
    expect(look({ catalog: slowed(4, 1, 4), charts: slowed(4, 4) }).slow).toBeCloseTo(2, 9);
    expect(look({ catalog: slowed(4, 8), controls: slowed(4, 2) }).slow).toBeCloseTo(4, 9);
    expect(look({ catalog: slowed(4, 8), controls: slowed(4, 0.5) }).slow).toBeCloseTo(8, 9);
    expect(look({ neighbour: slowed(4, 3) }).neighbourSlow).toBeCloseTo(3, 9);
    expect(look({ neighbour: tally(4) }).neighbourSlow).toBe(1);
  });
});

describe('how it fails', () => {
  const kinds = (failed: number, of: Tally['kinds'], edge = 0, origin = 0): Tally => tally(failed, failed, { kinds: of, edge, origin });
  test('shares of all failures of what fails', () => {
    const seen = look({ catalog: kinds(4, { 'http.503': 3, timed_out: 1 }, 2, 1), audio: kinds(4, { timed_out: 4 }), charts: tally(400, 1, { kinds: { 'tcp.reset': 1 }, edge: 1 }) });
    expect(seen.failing).toEqual(expect.arrayContaining(['catalog', 'audio']));
    expect(seen.kinds).toEqual({ 'http.503': 3 / 8, timed_out: 5 / 8 });
    expect(seen).toMatchObject({ edge: 2 / 8, origin: 1 / 8 });
  });
  test('where nothing fails enough, the few there are, counted low', () => {
    const seen = look({ catalog: tally(400, 1, { kinds: { timed_out: 1 }, edge: 1, origin: 1 }), audio: tally(400) });
    expect(seen).toMatchObject({ failing: [], kinds: { timed_out: 1 / 6 }, edge: 1 / 6, origin: 1 / 6 });
  });
  test('no failure, no kind', () => {
    expect(look({ catalog: tally(4) })).toMatchObject({ kinds: {}, edge: 0, origin: 0 });
  });
});

describe('what it is compared with', () => {
  test.each<[string, Episode['line']['controls'], controls: number | null, answered: number, failed: number]>([
    ['none', {}, null, 0, 0],
    ['not asked', { a: { asked: 0, failed: 0 } }, null, 0, 0],
    ['one', { a: { asked: 4, failed: 1 } }, 0.25, 3, 1],
    ['the lower of two', { a: { asked: 4, failed: 4 }, b: { asked: 4, failed: 1 } }, 0.25, 3, 5],
    ['the middle one of three', { a: { asked: 2, failed: 2 }, b: { asked: 4, failed: 1 }, c: { asked: 4, failed: 0 } }, 0.25, 7, 3],
    ['one that is not asked does not count', { a: { asked: 4, failed: 4 }, b: { asked: 0, failed: 0 } }, 1, 0, 4],
  ])('controls: %s', (_, line, controls, controlsAnswered, controlsFailed) => {
    expect(look({ catalog: tally(4, 4) }, line)).toMatchObject({ controls, controlsAnswered, controlsFailed });
  });
  test('the neighbour', () => {
    expect(look({ neighbour: tally(4, 1) })).toMatchObject({ neighbour: 0.25, neighbourAsked: 4 });
    expect(look({ neighbour: tally(0) })).toMatchObject({ neighbour: null, neighbourAsked: 0 });
  });
});
