import fc from 'fast-check';
import { expect, test } from 'vitest';
import { en } from '../i18n/en/index.ts';
import { ja } from '../i18n/ja/index.ts';
import { CAUSES, FAMILIES, type Cause, type Undisclosed } from './causes.ts';
import { causeOf, diagnose, HYPOTHESES, posteriorOf, PRIORS, tell, weigh, type Diagnosis } from './diagnosis.ts';
import { observeRound, openEpisode, type Episode } from './episode.ts';
import { collectEvidence, type Evidence } from './evidence.ts';
import { CATALOGUE } from './evidence-catalogue.ts';
import { FAILURES, type Failure } from './failure.ts';
import type { Observation } from './observation.ts';
import { phaseOf } from './failure.ts';
import { ROLES, STORE_ROLES, type Role } from './role.ts';
import type { Round } from './round.ts';
import { MEDIAN_MINUTES } from './survival.ts';

const START = Date.UTC(2026, 4, 13, 14, 2, 30);
const MINUTE = 60_000;
const PROFILE = Object.fromEntries(ROLES.map((role) => [role, 200]));

function seen(role: Role, failure: Failure | null, at: number, ms = 200, target: string = role): Observation {
  return {
    target,
    role,
    at,
    ms,
    result: failure ? { kind: 'failed', failure, phase: phaseOf(failure) } : { kind: 'ok' },
    times: null,
    answer: failure?.startsWith('http.5') ? { status: 500, by: null, cached: null, edge: null, site: null, address: null, protocol: null, date: null } : null,
    bytes: 0,
  };
}

function round(at: number, observations: Observation[], more: Partial<Round> = {}): Round {
  return { at, trigger: 'schedule', full: true, observations, official: null, resolver: null, world: null, storefront: null, page: null, clockSkew: null, ...more };
}

function after(rounds: readonly Round[]): Episode {
  return rounds.reduce((episode, one) => observeRound(episode, one, PROFILE), openEpisode());
}

const diagnoseRounds = (rounds: readonly Round[]): Diagnosis => diagnose(collectEvidence(after(rounds), rounds.at(-1)?.at ?? START));
const p = (diagnosis: Diagnosis, cause: Cause | Undisclosed): number => diagnosis.causes.find((one) => one.id === cause)?.p ?? 0;
const sum = (list: readonly { p: number }[]): number => list.reduce((total, one) => total + one.p, 0);

/** An outage told as role → failure, ten rounds of one minute after an hour of health; controls and neighbour as given. */
function outage(failing: Partial<Record<Role, Failure>>, more: Partial<Round> = {}, slow = 1): Diagnosis {
  const healthy = Array.from({ length: 12 }, (_, i) => round(START - (12 - i) * 5 * MINUTE, ROLES.map((role) => seen(role, null, START))));
  const bad = Array.from({ length: 10 }, (_, i) =>
    round(START + i * MINUTE, ROLES.map((role) => seen(role, failing[role] ?? null, START, failing[role] ? 200 : 200 * slow)), more),
  );
  return diagnoseRounds([...healthy, ...bad]);
}

const every = (roles: readonly Role[], failure: Failure): Partial<Record<Role, Failure>> => Object.fromEntries(roles.map((role) => [role, failure]));
const PAGES: readonly Role[] = ['storefront', 'catalog', 'directory', 'charts', 'account', 'purchase'];

test.each<[string, Diagnosis, Cause]>([
  ['every part says maintenance', outage(every(STORE_ROLES, 'content.maintenance')), 'planned-maintenance'],
  ['the certificate of the sound files ran out', outage({ audio: 'tls.cert.date_invalid' }), 'tls-certificate'],
  ['sign-in is not accepted', outage({ account: 'http.401', purchase: 'http.401' }), 'authentication'],
  ['only purchases fail', outage({ purchase: 'http.503' }), 'payment-external'],
  ['nobody knows the names', outage(every(STORE_ROLES, 'dns.name_not_resolved'), { resolver: { at: START, verdict: 'failing', details: [] } }), 'dns'],
  ['the user’s resolver alone fails', outage(every(ROLES, 'dns.name_not_resolved'), { resolver: { at: START, verdict: 'ok', details: [] } }), 'own-resolver'],
  ['one content host is gone, a public resolver knows it', outage({ artwork: 'dns.name_not_resolved' }, { resolver: { at: START, verdict: 'ok', details: [] } }), 'blocker'],
  ['another extension blocks', outage({ artwork: 'blocked.by_client' }), 'blocker'],
  ['no network at all', outage(every(ROLES, 'local.offline')), 'local'],
  ['the proxy fails', outage(every(ROLES, 'local.proxy')), 'proxy-vpn'],
  ['somebody else’s page everywhere', outage({ ...every(STORE_ROLES, 'tls.cert.name_invalid'), neighbour: 'redirect.foreign', controls: 'redirect.foreign' }), 'captive-portal'],
  ['the clock is ten days off', outage(every(ROLES, 'tls.cert.date_invalid'), { clockSkew: -10 * 24 * 60 * MINUTE }), 'own-clock'],
  ['everybody’s issuer is unknown', outage(every(ROLES, 'tls.cert.authority_invalid'), { clockSkew: 0 }), 'tls-interception'],
  ['everybody turns us away', outage({ ...every(STORE_ROLES, 'http.403'), controls: 'http.429' }), 'proxy-vpn'],
])('%s', (_, diagnosis, cause) => {
  expect(diagnosis.causes[0]?.id).toBe(cause);
  expect(diagnosis.because.length).toBeGreaterThan(0);
});

test.each<[string, Diagnosis]>([
  ['the pages fail, controls answer', outage(every(PAGES, 'http.503'))],
  ['the pages are silent, controls answer', outage(every(PAGES, 'timed_out'))],
  ['the vendor’s own captive-portal page is broken and nothing else', outage({ storefront: 'http.500', neighbour: 'redirect.foreign' })],
])('%s: the store', (_, diagnosis) => {
  expect(diagnosis.side.store).toBeGreaterThan(0.8);
});

test.each<[string, Diagnosis]>([
  ['all is silent', outage(every(ROLES, 'timed_out'))],
  ['certificates of all parts and of the neighbour fail at once', outage(every([...STORE_ROLES, 'neighbour'], 'tls.failed'))],
])('%s: not the store', (_, diagnosis) => {
  expect(diagnosis.side.store).toBeLessThan(0.5);
});

test('a control that is blocked for itself does not make a dead line', () => {
  const targets = ['a', 'b', 'c', 'd'];
  const rounds = Array.from({ length: 10 }, (_, i) =>
    round(START + i * MINUTE, [
      ...PAGES.map((role) => seen(role, 'http.503', START)),
      ...targets.map((target) => seen('controls', target === 'a' ? 'tcp.refused' : null, START, 100, target)),
    ]),
  );
  expect(diagnoseRounds(rounds).side.store).toBeGreaterThan(0.9);
});

test('the vendor’s word for the cause is heard, in both languages', () => {
  for (const text of ['We are investigating elevated errors caused by a cooling-related failure.', '空調設備の故障により障害が発生しています。']) {
    const event = { id: '1', service: 'iTunes Store', type: 'issue' as const, status: 'ongoing' as const, startedAt: START, endsAt: null, text, hints: [], music: true };
    const told = outage(every(PAGES, 'http.503'), { official: { kind: 'read', at: START, events: [event] } });
    expect(p(told, 'fire-cooling')).toBeGreaterThan(2 * p(outage(every(PAGES, 'http.503')), 'fire-cooling'));
  }
});

test('the worked example of the documentation', () => {
  const full = (id: string): Evidence => ({ id, strength: 1, params: {} });
  const told = diagnose([...['kind.unavailable', 'roles.purchase', 'slow.not', 'controls.answer'].map(full), { id: 'elapsed', strength: 1, params: { minutes: 30 } }]);
  const byHand = (94.7 / 8.2) * (111.4 / 32.6) * (0.98 / 0.74);
  expect(p(told, 'payment-external') / p(told, 'configuration') / byHand).toBeCloseTo(1, 1);
  expect(p(told, 'payment-external')).toBeCloseTo(0.76, 1);
  expect(p(told, 'authentication')).toBeCloseTo(0.12, 1);
  expect(told.because[0]?.evidence).toMatch(/controls.answer|roles.purchase|kind.unavailable/);
});

// ── Properties

const evidences: fc.Arbitrary<Evidence[]> = fc.uniqueArray(
  fc.record({
    id: fc.constantFrom(...CATALOGUE.map((entry) => entry.id), 'no.such-thing'),
    strength: fc.double({ min: 0, max: 1, noNaN: true }),
    params: fc.constant({ minutes: 30 }),
  }),
  { selector: (piece) => piece.id, maxLength: 20 },
);

const failures: fc.Arbitrary<Failure> = fc.oneof(fc.constantFrom(...FAILURES), fc.constantFrom<Failure>('http.500', 'http.503', 'http.404', 'http.401', 'http.429', 'http.522'));
const observations: fc.Arbitrary<Observation[]> = fc.array(
  fc.record({ role: fc.constantFrom(...ROLES), target: fc.constantFrom('a', 'b', 'c'), failure: fc.option(failures, { freq: 2 }), ms: fc.double({ min: -5, max: 1e6, noNaN: true }) }).map(({ role, target, failure, ms }) =>
    seen(role, failure, START, ms, role === 'controls' ? target : role),
  ),
  { maxLength: 14 },
);
const roundsOf: fc.Arbitrary<Round[]> = fc.array(
  fc.record({
    observations,
    gap: fc.integer({ min: -10, max: 400 }),
    resolver: fc.option(fc.constantFrom('ok', 'failing', 'unreachable').map((verdict) => ({ at: START, verdict, details: [] as string[] }))),
    world: fc.option(fc.record({ votes: fc.nat(20), failed: fc.nat(20), ownCountryVotes: fc.nat(5), ownCountryFailed: fc.nat(5) }).map((world) => ({ at: START, places: [], ...world }))),
    skew: fc.option(fc.integer()),
  }),
  { minLength: 1, maxLength: 12 },
).map((list) => {
  let at = START;
  return list.map(({ observations: all, gap, resolver, world, skew }) => round((at += gap * MINUTE), all, { resolver: resolver as Round['resolver'], world, clockSkew: skew }));
});

function isSound(diagnosis: Diagnosis): void {
  expect(sum(diagnosis.causes)).toBeCloseTo(1, 9);
  expect(sum(diagnosis.families)).toBeCloseTo(1, 9);
  expect(diagnosis.side.own + diagnosis.side.path + diagnosis.side.store).toBeCloseTo(1, 9);
  expect(diagnosis.causes).toHaveLength(CAUSES.length + 1);
  expect(diagnosis.families).toHaveLength(Object.keys(FAMILIES).length + 1);
  for (const { p: probability } of [...diagnosis.causes, ...diagnosis.families]) expect(probability).toBeGreaterThan(0);
  for (const reason of diagnosis.because) expect(Number.isFinite(reason.weight) && Number.isFinite(reason.sideWeight)).toBe(true);
}

test('total: any evidence gives probabilities', () => {
  fc.assert(fc.property(evidences, (evidence) => isSound(diagnose(evidence))));
  isSound(diagnose([]));
});

test('total: any observations give probabilities, and the episode survives JSON', () => {
  fc.assert(
    fc.property(roundsOf, (rounds) => {
      const episode = after(rounds);
      const stored = JSON.parse(JSON.stringify(episode)) as Episode;
      expect(stored).toEqual(episode);
      expect(JSON.stringify(episode).length).toBeLessThan(12_000);
      const evidence = collectEvidence(episode, rounds.at(-1)!.at);
      for (const { strength } of evidence) expect(strength > 0 && strength <= 1).toBe(true);
      isSound(diagnose(evidence));
    }),
  );
});

test('order does not matter', () => {
  fc.assert(
    fc.property(evidences.chain((evidence) => fc.tuple(fc.constant(evidence), fc.shuffledSubarray(evidence, { minLength: evidence.length }))), ([evidence, shuffled]) => {
      expect(diagnose(shuffled)).toEqual(diagnose(evidence));
    }),
  );
});

test('order of the observations within a round does not matter', () => {
  fc.assert(
    fc.property(observations.chain((all) => fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length }))), ([all, shuffled]) => {
      const a = diagnoseRounds([round(START, all)]);
      const b = diagnoseRounds([round(START, shuffled)]);
      for (const { id, p: probability } of a.causes) expect(p(b, id)).toBeCloseTo(probability, 9);
    }),
  );
});

test('a healthy control never makes the user’s side more likely', () => {
  fc.assert(
    fc.property(roundsOf, fc.constantFrom('a', 'b', 'c', 'd'), (rounds, target) => {
      const last = rounds.at(-1)!;
      const more = [...rounds.slice(0, -1), { ...last, observations: [...last.observations, seen('controls', null, START, 100, target)] }];
      expect(diagnoseRounds(more).side.store).toBeGreaterThanOrEqual(diagnoseRounds(rounds).side.store - 1e-9);
    }),
    { numRuns: 500 },
  );
});

test('more of the same is not counted twice: a name given again changes nothing, and a second kind in a group counts less than alone', () => {
  fc.assert(
    fc.property(evidences, (evidence) => {
      expect(diagnose([...evidence, ...evidence])).toEqual(diagnose(evidence));
    }),
  );
  const one: Evidence = { id: 'kind.name-not-resolved', strength: 1, params: {} };
  const other: Evidence = { id: 'kind.resolver-error', strength: 0.9, params: {} };
  const odds = (evidence: Evidence[]): number => Math.log(p(diagnose(evidence), 'dns') / p(diagnose(evidence), 'configuration'));
  const [alone, otherAlone, both, nothing] = [odds([one]), odds([other]), odds([one, other]), odds([])];
  expect(both - alone).toBeLessThan(0.7 * (otherAlone - nothing));
});

test('ten times as many rounds of the same picture say hardly more', () => {
  const rounds = (count: number): Round[] => Array.from({ length: count }, (_, i) => round(START + (i * 10 * MINUTE) / count, ROLES.map((role) => seen(role, PAGES.includes(role) ? 'http.503' : null, START))));
  const [few, many] = [diagnoseRounds(rounds(10)), diagnoseRounds(rounds(100))];
  for (const { id, p: probability } of few.causes) expect(Math.abs(p(many, id) - probability)).toBeLessThan(0.06);
});

test('longer never favours the shorter-lived of two causes', () => {
  const causes = [...CAUSES, 'undisclosed' as const];
  const pairs = fc.tuple(fc.constantFrom(...causes), fc.constantFrom(...causes)).filter(([a, b]) => MEDIAN_MINUTES[a] < MEDIAN_MINUTES[b]);
  const ages = fc.tuple(fc.integer({ min: 1, max: 20_000 }), fc.integer({ min: 1, max: 20_000 })).filter(([a, b]) => a < b);
  fc.assert(
    fc.property(evidences, pairs, ages, (evidence, [short, long], [early, late]) => {
      const others = evidence.filter(({ id }) => !id.startsWith('elapsed'));
      const ratio = (minutes: number): number => {
        const of = diagnose([...others, { id: 'elapsed', strength: 1, params: { minutes } }]);
        // The share kept for being wrong does not age; beneath it a ratio says nothing.
        return [short, long].every((cause) => p(of, cause) > 0.03) ? Math.log(p(of, short) / p(of, long)) : Number.NaN;
      };
      const [before, later] = [ratio(early), ratio(late)];
      if (!Number.isNaN(before) && !Number.isNaN(later)) expect(later).toBeLessThanOrEqual(before + 0.05);
    }),
    { numRuns: 500 },
  );
});

const entropy = (diagnosis: Diagnosis): number => -diagnosis.causes.reduce((total, { p: probability }) => total + probability * Math.log(probability), 0);

test('failures that say nothing only widen', () => {
  const widths = (['dns.name_not_resolved', 'tls.cert.date_invalid', 'http.401', 'content.maintenance', 'timed_out'] as const).map((failure) => {
    const of = (unknown: number): number => {
      const rounds = Array.from({ length: 10 }, (_, i) => round(START + i * MINUTE, [...PAGES.map((role) => seen(role, i < unknown ? 'unknown' : failure, START)), seen('controls', null, START)]));
      return entropy(diagnoseRounds(rounds));
    };
    return [of(0), of(5), of(10)] as const;
  });
  for (const [none, half, all] of widths) {
    expect(half).toBeGreaterThanOrEqual(none - 0.05);
    expect(all).toBeGreaterThanOrEqual(none - 0.05);
  }
});

test('nothing seen and nothing known is the prior; the prior sums to 1', () => {
  expect(PRIORS.reduce((total, prior) => total + prior, 0)).toBeCloseTo(1, 9);
  expect(diagnose([]).side.own).toBeGreaterThan(0.3);
});

test('never surer than the share kept for being wrong', () => {
  fc.assert(
    fc.property(evidences, (evidence) => {
      expect(diagnose(evidence).causes[0]!.p).toBeLessThan(0.985);
    }),
  );
});

test('every evidence has a sentence in both languages, and its parameters are filled', () => {
  for (const { id } of CATALOGUE) {
    expect(en, id).toHaveProperty([`evidence.${id}`]);
    expect(ja, id).toHaveProperty([`evidence.${id}`]);
  }
  expect(new Set(CATALOGUE.map((entry) => entry.id)).size).toBe(CATALOGUE.length);
});

test('the numbers of the catalogue name causes and families that exist', () => {
  const known = new Set<string>([...CAUSES, ...Object.keys(FAMILIES), 'undisclosed', 'path', 'path:local', 'path:network-routing']);
  for (const { id, likelihood } of CATALOGUE) for (const key of Object.keys(likelihood)) expect(known.has(key), `${id}: ${key}`).toBe(true);
});

test('a name given twice counts once, by its clearer sight; what is not seen or not known does not count', () => {
  const clear: Evidence = { id: 'kind.unavailable', strength: 1, params: { share: 100 } };
  const faint: Evidence = { ...clear, strength: 0.2, params: { share: 4 } };
  expect(diagnose([faint, clear])).toEqual(diagnose([clear]));
  expect(diagnose([clear, faint])).toEqual(diagnose([clear]));
  expect(diagnose([clear, { id: 'roles.all', strength: 0, params: {} }, { id: 'no.such', strength: 1, params: {} }])).toEqual(diagnose([clear]));
  expect(diagnose([{ ...clear, strength: 7 }])).toEqual(diagnose([clear]));
});

test('what each piece moves: strength, temperature, half inside a group but for the strongest', () => {
  const row = (id: string) => CATALOGUE.find((one) => one.id === id)!.likelihood;
  const dns = HYPOTHESES.indexOf('dns');
  const moves = (...evidence: Evidence[]): number[] => weigh(evidence).map((one) => one.moves[dns]!);
  const piece = (id: string, strength = 1): Evidence => ({ id, strength, params: {} });
  const alone = row('kind.name-not-resolved').dns! / 0.7;
  expect(moves(piece('kind.name-not-resolved'))[0]).toBeCloseTo(alone, 9);
  expect(moves(piece('kind.name-not-resolved', 0.5))[0]).toBeCloseTo(alone / 2, 9);
  const other = row('kind.resolver-error').dns! / 0.7;
  const two = moves(piece('kind.resolver-error', 0.9), piece('kind.name-not-resolved', 0.8));
  // In the catalogue's order: the first is the weaker one, and counts half.
  expect(two[0]! / alone).toBeCloseTo(0.4, 9);
  expect(two[1]! / other).toBeCloseTo(0.9, 9);
  const equal = moves(piece('kind.resolver-error'), piece('kind.name-not-resolved'));
  expect(equal[0]! / alone).toBeCloseTo(1, 9);
  expect(equal[1]! / other).toBeCloseTo(0.5, 9);
  const groups = moves(piece('kind.name-not-resolved'), piece('share.all'));
  expect(groups[0]).toBeCloseTo(alone, 9);
  expect(groups[1]! / (row('share.all').dns! / 0.7)).toBeCloseTo(1, 9);
});

test('lists name every cause and every family once, the most probable first, the alphabet where they are alike', () => {
  const { causes, families, side } = diagnose([]);
  expect(causes.map(({ id }) => id).sort()).toEqual([...CAUSES, 'undisclosed'].sort());
  expect(families.map(({ id }) => id).sort()).toEqual([...Object.keys(FAMILIES), 'undisclosed'].sort());
  for (const list of [causes, families]) for (let i = 1; i < list.length; i++) expect(list[i]!.p).toBeLessThanOrEqual(list[i - 1]!.p);
  const told = tell(HYPOTHESES.map(() => 0.5));
  // Trouble on the way adds to a cause of its own.
  expect(told.causes.slice(0, 2)).toEqual([{ id: 'local', p: 1 }, { id: 'network-routing', p: 1 }]);
  const alike = told.causes.slice(2).map(({ id }) => id);
  expect(alike).toEqual([...alike].sort());
  expect(told.side).toEqual({ own: 0.5 * FAMILIES.own.length, path: 1, store: 0.5 * (CAUSES.length - FAMILIES.own.length + 1) });
  expect(side.own + side.path + side.store).toBeCloseTo(1, 9);
});

test('whatever is seen stays a probability, however much of it there is', () => {
  const all = diagnose(CATALOGUE.map(({ id }) => ({ id, strength: 1, params: { minutes: 90 } })));
  for (const list of [all.causes, all.families]) {
    expect(sum(list)).toBeCloseTo(1, 6);
    expect(list.every(({ p: one }) => one >= 0 && one <= 1)).toBe(true);
  }
});

test('a reason weighs what it does to the leading cause and side against all the rest; the heaviest stands first', () => {
  const evidence: Evidence[] = [{ id: 'roles.purchase', strength: 1, params: {} }, { id: 'controls.answer', strength: 1, params: {} }, { id: 'kind.unavailable', strength: 1, params: { share: 100 } }];
  const { because, causes, side } = diagnose(evidence);
  const weighed = weigh(evidence);
  const posterior = posteriorOf(weighed);
  const leading = causes[0]!.id;
  expect(side.store).toBeGreaterThan(0.5);
  const against = (moves: number[], inside: (hypothesis: (typeof HYPOTHESES)[number]) => boolean): number => {
    const mean = (of: boolean): number => {
      const members = HYPOTHESES.flatMap((hypothesis, i) => (inside(hypothesis) === of ? [i] : []));
      return members.reduce((total, i) => total + posterior[i]! * moves[i]!, 0) / members.reduce((total, i) => total + posterior[i]!, 0);
    };
    return mean(true) - mean(false);
  };
  const ofStore = (hypothesis: (typeof HYPOTHESES)[number]): boolean => !hypothesis.startsWith('path:') && !(FAMILIES.own as readonly string[]).includes(hypothesis);
  for (const { evidence: piece, moves } of weighed) {
    const reason = because.find((one) => one.evidence === piece.id)!;
    expect(reason).toMatchObject({ cause: leading, params: piece.params });
    expect(reason.weight).toBeCloseTo(against(moves, (hypothesis) => causeOf(hypothesis) === leading), 6);
    expect(reason.sideWeight).toBeCloseTo(against(moves, ofStore), 6);
  }
  const heaviness = because.map(({ weight, sideWeight }) => Math.max(Math.abs(weight), Math.abs(sideWeight)));
  expect(heaviness).toEqual([...heaviness].sort((a, b) => b - a));
  expect(because).toHaveLength(3);
  // On the user's side the reasons speak of that side.
  const own = diagnose([{ id: 'own.offline', strength: 1, params: {} }, { id: 'controls.fail', strength: 1, params: { share: 100 } }]);
  expect(own.side.own).toBeGreaterThan(0.5);
  expect(own.because.every(({ sideWeight }) => sideWeight > 0)).toBe(true);
});

test('evidence is read at a moment, with or without the user’s zone, and only what is clear enough', () => {
  const night = Date.UTC(2026, 4, 13, 3, 30);
  const episode = after([round(night, [seen('catalog', 'http.503', night)])]);
  const ids = (moment: Parameters<typeof collectEvidence>[1]): string[] => collectEvidence(episode, moment).map(({ id }) => id);
  expect(ids({ now: night, utcOffsetMinutes: 0 })).toContain('onset.night');
  expect(ids({ now: night })).not.toContain('onset.night');
  expect(ids(night)).toEqual(ids({ now: night }));
  for (const { strength } of collectEvidence(episode, night)) {
    expect(strength).toBeGreaterThan(0.02);
    expect(strength).toBeLessThanOrEqual(1);
  }
});
