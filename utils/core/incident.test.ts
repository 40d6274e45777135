import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { settle, type Accounting } from './accounting.ts';
import type { Glance } from './detector.ts';
import type { Diagnosis } from './diagnosis.ts';
import { advance, CALM, changeShare, isOpen, recoveryWindow, relapseWindow, type Assessment, type Course, type Incident, type IncidentEvent } from './incident.ts';
import { STORE_ROLES, type StoreRole } from './role.ts';

const T0 = 1_700_000_000_000;
const MINUTE = 60_000;

function diagnosis(store: number): Diagnosis {
  return { side: { own: 1 - store, path: 0, store }, causes: [{ id: 'dns', p: 0.5 }, { id: 'undisclosed', p: 0.5 }], families: [], because: [] };
}

/** A check: how many of the eight roles fail, whether the evidence suffices, whose side, whether the line is down. */
interface Step {
  minutes: number;
  failing: number;
  reliable: boolean;
  store: number;
  lineDown: boolean;
  gap: boolean;
}

function assess(step: Step, at: number, course: Course, firstFailureAt: number | null): Assessment {
  const seen: Glance = {
    asked: STORE_ROLES.map((role, i) => ({ role, failed: i < step.failing, slow: false })),
    controlsAsked: 3,
    controlsFailed: step.lineDown ? 3 : 0,
    lineDown: step.lineDown,
    silent: false,
  };
  return { at, glance: seen, reliable: step.reliable, firstFailureAt, diagnosis: step.failing > 0 || isOpen(course) ? diagnosis(step.store) : null, shares: {}, maintenance: false, gap: step.gap };
}

interface Run {
  course: Course;
  events: IncidentEvent[];
  spans: { from: number; to: number; state: string }[];
  at: number;
  accounting: Accounting;
}

function live(steps: readonly Step[]): Run {
  let course = CALM;
  let at = T0;
  let first: number | null = null;
  let accounting: Accounting = { upTo: T0, running: 'unobserved', lastAt: T0 };
  const events: IncidentEvent[] = [];
  const spans: Run['spans'] = [];
  for (const step of steps) {
    at += Math.round(step.minutes * MINUTE);
    if (!step.lineDown) first = step.failing > 0 ? (first ?? at) : null;
    let happened: IncidentEvent[];
    [course, happened] = advance(course, assess(step, at, course, first));
    if (happened.some((e) => e.kind === 'recovering')) first = null;
    let settled: Run['spans'];
    [accounting, settled] = settle(accounting, course, at, step.gap);
    events.push(...happened);
    spans.push(...settled);
  }
  return { course, events, spans, at, accounting };
}

const ok: Step = { minutes: 1, failing: 0, reliable: false, store: 1, lineDown: false, gap: false };
const bad: Step = { ...ok, failing: 8, reliable: true };
const doubt: Step = { ...bad, reliable: false };
const repeat = (step: Step, n: number): Step[] => Array.from({ length: n }, () => step);
const kinds = (run: Run) => run.events.map((e) => e.kind);

test('an outage opens once, recovers once, and starts with its first failure', () => {
  const run = live([...repeat(ok, 3), doubt, ...repeat(bad, 30), ...repeat(ok, 10)]);
  expect(kinds(run)).toEqual(['suspected', 'opened', 'recovering', 'recovered']);
  const opened = run.events.find((e) => e.kind === 'opened')!;
  expect(opened).toMatchObject({ incident: { startedAt: T0 + 4 * MINUTE, detectedAt: T0 + 5 * MINUTE, kind: 'down', cause: 'dns' } });
  expect(run.events.at(-1)).toMatchObject({ incident: { endedAt: T0 + 35 * MINUTE } });
  expect(run.spans.filter((s) => s.state === 'down').reduce((sum, s) => sum + s.to - s.from, 0)).toBe(31 * MINUTE);
});

test('a suspicion that comes to nothing is time up', () => {
  const run = live([ok, doubt, ok, ok]);
  expect(kinds(run)).toEqual(['suspected', 'cleared']);
  expect(new Set(run.spans.map((s) => s.state))).toEqual(new Set(['unobserved', 'up']));
});

test('local trouble opens nothing', () => {
  const run = live([ok, ...repeat({ ...bad, lineDown: true }, 20), ...repeat({ ...bad, store: 0.2 }, 20), ok]);
  expect(run.events.filter((e) => e.kind === 'opened')).toEqual([]);
  expect(run.course.phase).toBe('calm');
});

test('and closes nothing', () => {
  const run = live([ok, ...repeat(bad, 5), ...repeat({ ...ok, lineDown: true }, 60)]);
  expect(run.course.phase).toBe('open');
  expect(run.course.unseen).toBe(true);
});

test('a longer outage takes longer to be called over', () => {
  const after = (minutes: number) => live([ok, ...repeat(bad, minutes), ...repeat(ok, 60)]).events.find((e) => e.kind === 'recovered')!.at - (T0 + (minutes + 1) * MINUTE);
  expect(after(10)).toBeLessThan(6 * MINUTE);
  expect(after(200)).toBeGreaterThan(18 * MINUTE);
});

test('a relapse re-opens the same incident and says so', () => {
  const run = live([ok, ...repeat(bad, 20), ...repeat(ok, 12), ...repeat(bad, 5)]);
  expect(kinds(run)).toEqual(['opened', 'recovering', 'recovered', 'relapsed']);
  const ids = new Set(run.events.flatMap((e) => ('incident' in e ? [e.incident.id] : [])));
  expect(ids.size).toBe(1);
});

test('what comes and goes is told once', () => {
  const run = live([ok, ...repeat(bad, 4), ...Array.from({ length: 80 }, (_, i) => (Math.floor(i / 2) % 2 === 0 ? ok : bad))]);
  expect(kinds(run).filter((k) => k === 'opened')).toHaveLength(1);
  expect(kinds(run).filter((k) => k === 'recovered')).toHaveLength(0);
  expect(run.course.incident!.flapping).toBe(true);
});

test('share of changes: none without a full window, all when every state differs', () => {
  expect(changeShare(Array.from({ length: 20 }, (_, i) => i % 2 === 0))).toBe(0);
  expect(changeShare(Array.from({ length: 21 }, (_, i) => i % 2 === 0))).toBeCloseTo(1);
  expect(changeShare(Array.from({ length: 21 }, () => true))).toBe(0);
});

const anyStep = fc.record<Step>({
  minutes: fc.oneof(fc.constant(1), fc.double({ min: 0.1, max: 30, noNaN: true })),
  failing: fc.oneof({ weight: 3, arbitrary: fc.constant(0) }, fc.integer({ min: 1, max: 8 })),
  reliable: fc.boolean(),
  store: fc.constantFrom(0.1, 0.9),
  lineDown: fc.oneof({ weight: 5, arbitrary: fc.constant(false) }, fc.constant(true)),
  gap: fc.oneof({ weight: 8, arbitrary: fc.constant(false) }, fc.constant(true)),
});

test('whatever happens: openings and recoveries alternate and time adds up', () => {
  fc.assert(
    fc.property(fc.array(anyStep, { maxLength: 80 }), (steps) => {
      const run = live(steps);
      let open = false;
      for (const event of run.events) {
        if (event.kind === 'opened' || event.kind === 'relapsed') {
          expect(open).toBe(false);
          open = true;
        }
        if (event.kind === 'recovered') {
          expect(open).toBe(true);
          open = false;
        }
      }
      expect(isOpen(run.course)).toBe(open);
      // Stretches follow one another without hole or overlap, up to what is still pending.
      let upTo = T0;
      for (const span of run.spans) {
        expect(span.from).toBe(upTo);
        expect(span.to).toBeGreaterThan(span.from);
        upTo = span.to;
      }
      expect(upTo).toBe(run.accounting.upTo);
      if (run.accounting.running !== 'pending') expect(upTo).toBe(run.at);
    }),
    { numRuns: 500 },
  );
});

const HOUR = 60 * MINUTE;
const lived = (change: Partial<Incident> = {}): Incident => ({
  id: 'i', kind: 'down', startedAt: T0, detectedAt: T0 + MINUTE, endedAt: null, closedAt: null, relapses: 0, flapping: false, cause: 'dns', rates: { catalog: 1 }, healthySince: null, endUnseen: false, recovery: 0, ...change,
});
type Asked = Glance['asked'];
const asked = (failing: readonly StoreRole[], of: readonly StoreRole[] = STORE_ROLES, slow: readonly StoreRole[] = []): Asked => of.map((role) => ({ role, failed: failing.includes(role), slow: slow.includes(role) }));
const CATALOG: readonly StoreRole[] = ['catalog'];
const FINE = asked([], CATALOG);
const FAILS = asked(CATALOG, CATALOG);

function check(of: Asked, change: Partial<Assessment> = {}): Assessment {
  const glance: Glance = { asked: of, controlsAsked: 3, controlsFailed: 0, lineDown: false, silent: false };
  return { at: T0 + HOUR, glance, reliable: false, firstFailureAt: null, diagnosis: null, shares: {}, maintenance: false, gap: false, ...change };
}
const course = (phase: Course['phase'], incident: Incident | null = null, more: Partial<Course> = {}): Course => ({ phase, unseen: false, incident, lately: [], ...more });
/** A full window of states with so many changes in it, the last ones newest. */
const window_ = (changes: number, last: boolean): boolean[] => {
  const states = [last];
  while (states.length < 21) states.unshift(states.length <= changes ? !states[0] : states[0]!);
  return states;
};

describe('how long is waited', () => {
  const ended = (minutes: number) => lived({ endedAt: T0 + minutes * MINUTE });
  test.each<[minutes: number, relapse: number, recovery: number]>([
    [5, 30, 3], [30, 30, 3], [60, 30, 6], [120, 30, 12], [200, 50, 20], [300, 75, 30], [600, 150, 30], [1440, 360, 30], [5000, 360, 30],
  ])('after %i minutes of trouble', (minutes, relapse, recovery) => {
    expect(relapseWindow(ended(minutes)) / MINUTE).toBe(relapse);
    expect(recoveryWindow(ended(minutes)) / MINUTE).toBe(recovery);
  });
  test('while it lasts, the least', () => {
    expect(relapseWindow(lived()) / MINUTE).toBe(30);
    expect(recoveryWindow(lived()) / MINUTE).toBe(3);
  });
});

describe('what a check says', () => {
  test.each<[string, Assessment, unseen: boolean]>([
    ['healthy', check(FINE), false],
    ['failing', check(FAILS), false],
    ['nothing was asked', check([]), true],
    ['the line is down', check(FINE, { glance: { ...check(FINE).glance, lineDown: true } }), true],
    ['fails, and is more likely not the store', check(FAILS, { diagnosis: diagnosis(0.49) }), true],
    ['fails, and may as well be the store', check(FAILS, { diagnosis: diagnosis(0.5) }), false],
    ['something of it fails, on the user’s side', check(asked(['catalog']), { diagnosis: diagnosis(0.1) }), true],
    ['nothing fails, whatever was diagnosed', check(FINE, { diagnosis: diagnosis(0.1) }), false],
  ])('%s', (_, now, unseen) => {
    expect(advance(course('open', lived()), now)[0].unseen).toBe(unseen);
  });

  test('asleep, and nothing to be seen yet: should it be over, its end was not seen', () => {
    const blind = check([], { gap: true });
    const after = (before: Course, now = blind): boolean | undefined => advance(before, now)[0].incident?.endUnseen;
    expect(after(course('open', lived()))).toBe(true);
    expect(after(course('open', lived()), check([]))).toBe(false);
    expect(after(course('open', lived({ healthySince: T0 })))).toBe(false);
    expect(after(course('recovering', lived({ endedAt: T0 })))).toBe(false);
    expect(advance(course('open', null), blind)[0]).toMatchObject({ unseen: true, incident: null });
    expect(advance(course('open', lived()), blind)[1]).toEqual([]);
  });

  test('the last 21 checks that saw the store are remembered', () => {
    let now = course('calm');
    for (let i = 0; i < 40; i++) [now] = advance(now, check(i % 3 === 0 ? asked(['catalog']) : i % 3 === 1 ? FINE : []));
    expect(now.lately).toHaveLength(21);
    expect(advance(course('calm'), check(asked([], CATALOG, CATALOG)))[0].lately).toEqual([true]);
    expect(advance(course('calm'), check(asked(['audio'])))[0].lately).toEqual([true]);
    expect(changeShare([...Array.from({ length: 20 }, (_, i) => i % 2 === 0), ...Array.from({ length: 21 }, () => true)])).toBe(0);
  });
});

describe('while nothing is open', () => {
  const sure: Partial<Assessment> = { reliable: true, firstFailureAt: T0 + 59 * MINUTE, diagnosis: diagnosis(0.9) };
  const closed = lived({ endedAt: T0 + 20 * MINUTE, closedAt: T0 + 25 * MINUTE });

  test.each<[string, Course, Assessment, phase: Course['phase'], kinds: IncidentEvent['kind'][]]>([
    ['all is well', course('calm'), check(FINE), 'calm', []],
    ['a suspicion', course('calm'), check(FAILS, { firstFailureAt: T0 }), 'suspect', ['suspected']],
    ['is told once', course('suspect'), check(FAILS, { firstFailureAt: T0 }), 'suspect', []],
    ['and comes to nothing', course('suspect'), check(FINE), 'calm', ['cleared']],
    ['enough evidence', course('suspect'), check(FAILS, sure), 'open', ['opened']],
    ['enough from nowhere', course('calm'), check(FAILS, sure), 'open', ['opened']],
    ['without a diagnosis', course('suspect'), check(FAILS, { ...sure, diagnosis: null }), 'open', ['opened']],
    ['three to one is sure', course('suspect'), check(FAILS, { ...sure, diagnosis: diagnosis(0.75) }), 'open', ['opened']],
    ['less is not', course('suspect'), check(FAILS, { ...sure, diagnosis: diagnosis(0.74) }), 'suspect', []],
    ['not enough evidence', course('suspect'), check(FAILS, { ...sure, reliable: false }), 'suspect', []],
    ['a healthy check opens nothing', course('suspect'), check(FINE, sure), 'suspect', []],
    ['slow is trouble too', course('suspect'), check(asked([], CATALOG, CATALOG), sure), 'open', ['opened']],
    ['some of it is trouble too', course('suspect'), check(asked(['audio']), sure), 'open', ['opened']],
    ['again within the window: the same one', course('suspect', closed), check(FAILS, { ...sure, firstFailureAt: T0 + 50 * MINUTE }), 'open', ['relapsed']],
    ['later: another one', course('suspect', closed), check(FAILS, { ...sure, firstFailureAt: T0 + 50 * MINUTE + 1 }), 'open', ['opened']],
  ])('%s', (_, before, now, phase, kinds_) => {
    const [after, events] = advance(before, now);
    expect(after.phase).toBe(phase);
    expect(events.map(({ kind, at }) => [kind, at])).toEqual(kinds_.map((kind) => [kind, now.at]));
  });

  test('what is opened is new; what relapses keeps its name and its beginning', () => {
    const [fresh] = advance(course('suspect'), check(FAILS, sure));
    expect(fresh.incident).toEqual(lived({ id: (T0 + 59 * MINUTE).toString(36), startedAt: T0 + 59 * MINUTE, detectedAt: T0 + HOUR }));
    const [back] = advance(course('suspect', { ...closed, relapses: 1, endUnseen: true, recovery: 9, healthySince: T0 }), check(FAILS, { ...sure, firstFailureAt: T0 + 30 * MINUTE }));
    expect(back.incident).toEqual(lived({ relapses: 2 }));
    expect(advance(course('suspect'), check(FAILS, { ...sure, diagnosis: null }))[0].incident!.cause).toBe('undisclosed');
    expect(advance(course('suspect'), check(FAILS, { ...sure, diagnosis: { ...diagnosis(1), causes: [] } }))[0].incident!.cause).toBe('undisclosed');
  });

  test('one that is over is forgotten when it can no longer relapse', () => {
    const after = (minutes: number) => advance(course('calm', closed), check(FINE, { at: T0 + minutes * MINUTE }))[0].incident;
    expect(after(50)).toBe(closed);
    expect(after(50.01)).toBeNull();
    expect(advance(course('calm', lived()), check(FINE, { at: T0 + 9999 * HOUR }))[0].incident).not.toBeNull();
    expect(advance(course('calm'), check(FINE))[0].incident).toBeNull();
  });
});

describe('what it is called', () => {
  const kindOf = (rates: Incident['rates'], maintenance = false, before: Incident['kind'] = 'degraded'): string => {
    const [after] = advance(course('open', lived({ kind: before, rates })), check(asked(['radio' as StoreRole], ['radio' as StoreRole]), { maintenance }));
    return after.incident!.kind;
  };
  // The part asked in this check counts as one more that fails.
  test.each<[string, Incident['rates'], maintenance: boolean, before: Incident['kind'], kind: Incident['kind']]>([
    ['maintenance, however much fails', { catalog: 1 }, true, 'down', 'maintenance'],
    ['everything', { audio: 1, artwork: 1, charts: 1 }, false, 'degraded', 'down'],
    ['half of everything', { audio: 0, artwork: 1, charts: 0 }, false, 'degraded', 'down'],
    ['less', { audio: 0, artwork: 0, charts: 0 }, false, 'degraded', 'degraded'],
    ['less, but it was down', { audio: 0, artwork: 0, charts: 0 }, false, 'down', 'down'],
    ['little, though it was down', { audio: 0, artwork: 0, charts: 0, account: 0, purchase: 0 }, false, 'down', 'degraded'],
    ['what every client needs first', { catalog: 1, audio: 0, artwork: 0, charts: 0, account: 0 }, false, 'degraded', 'down'],
    ['two of these three', { catalog: 1, storefront: 1, directory: 0, audio: 0, artwork: 0, charts: 0, account: 0 }, false, 'degraded', 'down'],
    ['one of these three', { catalog: 1, storefront: 0, directory: 0, audio: 0, artwork: 0, charts: 0, account: 0 }, false, 'degraded', 'degraded'],
  ])('%s', (_, rates, maintenance, before, kind) => {
    expect(kindOf(rates, maintenance, before)).toBe(kind);
  });

  test('rates follow what is seen, slow counting half', () => {
    const rates = (before: Incident['rates'], of: Asked) => advance(course('open', lived({ rates: before })), check([...of, { role: 'audio', failed: true, slow: false }]))[0].incident!.rates;
    expect(rates({}, FAILS)).toEqual({ catalog: 1, audio: 1 });
    expect(rates({}, FINE)).toEqual({ catalog: 0, audio: 1 });
    expect(rates({}, asked([], CATALOG, CATALOG))).toEqual({ catalog: 0.5, audio: 1 });
    expect(rates({ catalog: 0.5, charts: 0.7, audio: 1 }, FAILS)).toEqual({ catalog: 0.5 * 0.88 + 0.12, charts: 0.7, audio: 1 });
    expect(rates({ catalog: 0.5, audio: 1 }, FINE)).toEqual({ catalog: 0.44, audio: 1 });
  });

  test('another cause or another kind is told, the same is not', () => {
    const failing = (change: Partial<Assessment>, before = lived()) => advance(course('open', before), check(FAILS, change))[1];
    const causes = diagnosis(0.9);
    expect(failing({ diagnosis: causes })).toEqual([]);
    expect(failing({ diagnosis: causes }, lived({ cause: 'storage' }))).toMatchObject([{ kind: 'reclassified', at: T0 + HOUR, from: 'storage', fromKind: 'down', incident: { cause: 'dns' } }]);
    expect(failing({ diagnosis: causes, maintenance: true })).toMatchObject([{ kind: 'reclassified', from: 'dns', fromKind: 'down', incident: { kind: 'maintenance' } }]);
  });

  test('what fails again begins its recovery anew', () => {
    const [after] = advance(course('open', lived({ recovery: 2, healthySince: T0, endUnseen: true })), check(FAILS, { diagnosis: diagnosis(0.9) }));
    expect(after.incident).toMatchObject({ recovery: 0, healthySince: null, endUnseen: false });
  });
});

describe('a recovery', () => {
  const open = (change: Partial<Incident> = {}) => course('open', lived(change));
  test('begins when a healthy answer says enough: much from what always failed, little from what failed now and then', () => {
    const evidence = (rates: Incident['rates'], of: Asked): number => advance(open({ rates }), check(of))[0].incident!.recovery;
    expect(evidence({ catalog: 1 }, FINE)).toBeCloseTo(Math.log(20), 9);
    expect(evidence({ catalog: 0.5 }, FINE)).toBeCloseTo(Math.log(2), 9);
    expect(evidence({ catalog: 0.5, audio: 0.5 }, asked([], ['catalog', 'audio']))).toBeCloseTo(2 * Math.log(2), 9);
    expect(evidence({ catalog: 0.5 }, asked([], ['charts']))).toBeCloseTo(0, 9);
    // What failed was set aside: the rest was never ill.
    expect(evidence({ catalog: 0 }, FINE)).toBeCloseTo(1, 9);
    expect(evidence({ catalog: 0.01 }, FINE)).toBeCloseTo(-Math.log(0.99), 9);
    expect(evidence({ catalog: 0.5, charts: 0 }, asked([], ['charts']))).toBeCloseTo(0, 9);
  });

  test.each<[string, Partial<Incident>, gap: boolean, phase: Course['phase'], more: Partial<Incident>]>([
    ['20 to 1 is none yet', { rates: { catalog: 1 } }, false, 'open', { healthySince: T0 + HOUR, endedAt: null, endUnseen: false }],
    ['with what came before', { rates: { catalog: 1 }, recovery: 0.1, healthySince: T0 + 50 * MINUTE }, false, 'recovering', { endedAt: T0 + 50 * MINUTE, healthySince: T0 + 50 * MINUTE }],
    ['its end was slept through', { rates: { catalog: 1 }, recovery: 0.1 }, true, 'recovering', { endedAt: T0 + HOUR, endUnseen: true }],
    ['it was slept through after its end', { rates: { catalog: 1 }, recovery: 0.1, healthySince: T0 + 50 * MINUTE }, true, 'recovering', { endUnseen: false }],
    ['it was unseen before', { rates: { catalog: 1 }, recovery: 0.1, endUnseen: true }, false, 'recovering', { endUnseen: true }],
  ])('%s', (_, before, gap, phase, more) => {
    const [after, events] = advance(open(before), check(FINE, { gap }));
    expect(after).toMatchObject({ phase, incident: more });
    expect(events.map(({ kind }) => kind)).toEqual(phase === 'recovering' ? ['recovering'] : []);
  });

  const back = (change: Partial<Incident> = {}, lately: boolean[] = []) => course('recovering', lived({ endedAt: T0 + 50 * MINUTE, healthySince: T0 + 50 * MINUTE, recovery: 10, rates: { catalog: 0.5 }, ...change }), { lately });
  const LONG = T0 + 55 * MINUTE;

  test.each<[string, Course, Assessment, phase: Course['phase'], kinds: IncidentEvent['kind'][]]>([
    ['long enough, and enough evidence', back(), check(FINE, { at: LONG }), 'calm', ['recovered']],
    ['not long enough', back(), check(FINE, { at: LONG - 1 }), 'recovering', []],
    ['not enough evidence', back({ recovery: 4 }), check(FINE, { at: LONG }), 'recovering', []],
    ['just enough', back({ recovery: 5, rates: { charts: 1 } }), check(FINE, { at: LONG }), 'calm', ['recovered']],
    ['a stray failure does not end it', back(), check(FAILS, { at: LONG }), 'recovering', []],
    ['slow does not end it', back(), check(asked([], CATALOG, CATALOG), { at: LONG }), 'recovering', []],
    ['failures that use up the evidence do', back({ recovery: 2.9 }), check(FAILS, { at: LONG }), 'open', []],
    ['down to nothing they do not', back({ recovery: 3 }), check(FAILS, { at: LONG }), 'recovering', []],
    ['failures that are sure do', back(), check(FAILS, { at: LONG, reliable: true }), 'open', []],
    ['what is sure but healthy does not', back(), check(FINE, { at: LONG, reliable: true }), 'calm', ['recovered']],
    ['little evidence, but healthy', back({ recovery: -2 }), check(FINE, { at: LONG }), 'recovering', []],
    ['while it flaps it is not over', back({ flapping: true }, window_(8, false)), check(FINE, { at: LONG }), 'recovering', []],
    ['when it no longer does it is', back({ flapping: true }, window_(1, false)), check(FINE, { at: LONG }), 'calm', ['recovered']],
  ])('%s', (_, before, now, phase, kinds_) => {
    const [after, events] = advance(before, now);
    expect(after.phase).toBe(phase);
    expect(events.map(({ kind, at }) => [kind, at])).toEqual(kinds_.map((kind) => [kind, now.at]));
    expect(after.incident!.closedAt).toBe(phase === 'calm' ? now.at : null);
  });

  test('one that goes on is as if it had not begun', () => {
    const [after] = advance(back({ endUnseen: true, recovery: 1 }), check(FAILS));
    expect(after.incident).toMatchObject({ endedAt: null, healthySince: null, endUnseen: false, recovery: 0, rates: { catalog: 0.5 * 0.88 + 0.12 } });
  });

  test.each<[string, changes: number, before: boolean, after: boolean]>([
    ['begins at 30 %', 6, false, true],
    ['not below', 3, false, false],
    ['goes on above 20 %', 5, true, true],
    ['ends below', 2, true, false],
  ])('flapping %s', (_, changes, before, after) => {
    const lately = window_(changes, false);
    const share = changeShare([...lately, false].slice(-21));
    expect(after ? share > (before ? 0.2 : 0.3) : share < (before ? 0.2 : 0.3)).toBe(true);
    expect(advance(course('open', lived({ flapping: before }), { lately }), check(FINE))[0].incident!.flapping).toBe(after);
    expect(advance(back({ flapping: before }, lately), check(FINE))[0].incident!.flapping).toBe(after);
  });
});
