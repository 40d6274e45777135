import fc from 'fast-check';
import { expect, test } from 'vitest';
import { settle, type Accounting } from './accounting.ts';
import type { Glance } from './detector.ts';
import type { Diagnosis } from './diagnosis.ts';
import { advance, CALM, changeShare, isOpen, type Assessment, type Course, type IncidentEvent } from './incident.ts';
import { STORE_ROLES } from './role.ts';

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
