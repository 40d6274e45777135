import type { Diagnosis } from '../core/diagnosis.ts';
import type { Failure, Phase } from '../core/failure.ts';
import type { Progress } from '../core/progress.ts';
import type { Role } from '../core/role.ts';
import type { Language } from '../core/settings.ts';
import type { Slice, Snapshot, TargetLine } from '../core/snapshot.ts';

/** 23 November 2026, 10:49 in Japan: the morning on which every invented picture is taken. */
export const NOW = Date.UTC(2026, 10, 23, 1, 49);
const MIN = 60_000;

const HOSTS: [string, Role, string][] = [
  ['storefront', 'storefront', 'music.apple.com'],
  ['catalog', 'catalog', 'itunes.apple.com'],
  ['directory', 'directory', 'init.itunes.apple.com'],
  ['charts', 'charts', 'rss.marketingtools.apple.com'],
  ['artwork', 'artwork', 'is1-ssl.mzstatic.com'],
  ['audio', 'audio', 'audio-ssl.itunes.apple.com'],
  ['account', 'account', 'idmsa.apple.com'],
  ['purchase', 'purchase', 'buy.itunes.apple.com'],
  ['neighbour', 'neighbour', 'www.apple.com'],
];

const line = ([target, role, host]: (typeof HOSTS)[number], ms: number): TargetLine => ({
  target, role, host, at: NOW - MIN, status: 'ok', failure: null, phase: 'done', ms, trusted: true, edge: role === 'account' ? null : 'akamai', site: null, by: null, served: null,
});

/** All targets as they were last seen; `failing` by role. */
function lines(failing: Partial<Record<Role, [Failure, Phase]>> = {}): TargetLine[] {
  return HOSTS.map((host, index) => {
    const healthy = line(host, 84 + ((index * 67) % 190));
    const fault = failing[host[1]];
    return fault ? { ...healthy, status: 'failed' as const, failure: fault[0], phase: fault[1], edge: null } : healthy;
  });
}

/** A check under way: five have answered, one of them with a failure. */
export const PROGRESS: Progress = ['catalog', 'charts', 'directory', 'account', 'audio', 'storefront', 'artwork', 'purchase', 'neighbour'].map((name, index) => {
  const [target, role] = HOSTS.find(([id]) => id === name)!;
  return { target, role, answer: index > 4 ? 'awaited' : name === 'audio' ? 'failed' : 'ok' };
});

const allOf = (fault: [Failure, Phase]): Partial<Record<Role, [Failure, Phase]>> =>
  Object.fromEntries(HOSTS.filter(([, role]) => role !== 'neighbour').map(([, role]) => [role, fault]));

/** 288 slices of five minutes; the machine slept from 23:10 to 06:30. */
function strip(end: Slice['state'][] = []): Snapshot['strip'] {
  const slices: Slice[] = Array.from({ length: 288 }, (_, index) => (index >= 148 && index < 236 ? { state: 'unobserved', seen: 0 } : { state: 'up', seen: 1 }));
  slices.splice(288 - end.length, end.length, ...end.map((state) => ({ state, seen: 1 })));
  const seen = slices.filter(({ state }) => state !== 'unobserved');
  return { from: NOW - 86_400_000, sliceMs: 5 * MIN, slices, uptime: seen.length ? seen.filter(({ state }) => state === 'up').length / seen.length : null, coverage: seen.length / 288 };
}

const reason = (evidence: string, weight: number, params: Record<string, string | number> = {}): Diagnosis['because'][number] => ({ evidence, params, cause: 'application-release', weight, sideWeight: weight / 2 });

const STORE_DIAGNOSIS: Diagnosis = {
  side: { own: 0.01, path: 0.02, store: 0.97 },
  causes: [
    { id: 'application-release', p: 0.46 },
    { id: 'undisclosed', p: 0.22 },
    { id: 'storage', p: 0.17 },
    { id: 'configuration', p: 0.08 },
    { id: 'middleware', p: 0.04 },
    { id: 'power', p: 0.03 },
  ],
  families: [{ id: 'application', p: 0.58 }, { id: 'undisclosed', p: 0.22 }, { id: 'storage', p: 0.17 }, { id: 'data-center', p: 0.03 }],
  because: [reason('author.origin', 1.8, { share: 92 }), reason('onset.abrupt', 0.9), reason('controls.answer', 0.7), reason('neighbour.answers', 0.3), reason('official.slow', -0.4)],
};

const BASE: Snapshot = {
  schema: 1,
  at: NOW - MIN,
  state: 'up',
  since: NOW - 5 * 86_400_000,
  side: null,
  ownTrouble: null,
  incident: null,
  diagnosis: null,
  targets: lines(),
  checkedAt: NOW - 2 * MIN,
  page: [],
  nextCheckAt: NOW + 3 * MIN,
  pausedUntil: null,
  forecast: null,
  forecastRecord: { made: 10, inside: 8 },
  loss: null,
  official: { events: [], readAt: NOW - 4 * MIN, understood: true, reachable: true },
  resolver: null,
  world: null,
  storefront: null,
  strip: strip(),
  lastIncident: { id: 'i-20261103', startedAt: NOW - 20 * 86_400_000, endedAt: NOW - 20 * 86_400_000 + 112 * MIN, cause: 'application-release', admittedAfterMin: 68 },
  problems: [],
  rehearsal: null,
  language: 'en',
  theme: 'auto',
  storefrontCountry: 'jp',
};

const INCIDENT: NonNullable<Snapshot['incident']> = { id: 'i-1', state: 'down', startedAt: NOW - 47 * MIN, detectedAt: NOW - 46 * MIN, admittedAt: NOW - 8 * MIN, relapses: 0, flapping: false };
const LOSS: NonNullable<Snapshot['loss']> = { currency: 'JPY', atRisk: [4_100_000, 5_300_000], deferred: [2_300_000, 4_400_000], lost: [900_000, 2_400_000] };
const SAYS: Snapshot['official'] = {
  ...BASE.official,
  events: [{ id: '2000000624', service: 'iTunes Store', type: 'outage', status: 'ongoing', startedAt: NOW - 49 * MIN, endsAt: null, text: 'This service may be slow or unavailable.', hints: ['slow'], music: true }],
};

const down: Snapshot = {
  ...BASE,
  state: 'down',
  side: 'store',
  since: NOW - 47 * MIN,
  incident: INCIDENT,
  diagnosis: STORE_DIAGNOSIS,
  targets: lines({ storefront: ['http.503', 'http'], catalog: ['http.503', 'http'], directory: ['http.503', 'http'], charts: ['http.502', 'http'], purchase: ['http.timed_out', 'http'] }),
  forecast: { p10: 20, p50: 120, p90: 370 },
  loss: LOSS,
  official: SAYS,
  storefront: { at: NOW - MIN, country: 'us', role: 'catalog', failed: true },
  strip: strip(Array.from({ length: 10 }, (_, index) => (index === 0 ? 'degraded' : 'down'))),
};

const own = (ownTrouble: Snapshot['ownTrouble'], side: Snapshot['side'] = 'own'): Snapshot => ({
  ...BASE, state: 'own', side, ownTrouble, since: NOW - 4 * MIN, targets: lines(allOf(['dns.name_not_resolved', 'dns'])), strip: strip(['unobserved']),
});

/** Every state a view must be able to show, by name. The figures are invented. */
export const SNAPSHOTS = {
  up: BASE,
  'up-first': { ...BASE, lastIncident: null, forecastRecord: { made: 0, inside: 0 }, strip: { ...strip(), slices: strip().slices.map((_, i) => (i > 284 ? { state: 'up', seen: 1 } : { state: 'unobserved', seen: 0 })), uptime: 1, coverage: 0.01 } },
  'up-official': { ...BASE, official: SAYS },
  down,
  'down-silent': { ...down, incident: { ...INCIDENT, admittedAt: null, startedAt: NOW - 52 * MIN }, official: BASE.official, world: { at: NOW - MIN, votes: 8, failed: 7, ownCountryVotes: 2, ownCountryFailed: 2, places: [] }, resolver: { at: NOW, verdict: 'ok', details: [] } },
  degraded: {
    ...down,
    state: 'degraded',
    incident: { ...INCIDENT, state: 'degraded', admittedAt: null },
    official: BASE.official,
    targets: lines({ audio: ['http.503', 'http'] }),
    diagnosis: { ...STORE_DIAGNOSIS, causes: [{ id: 'storage', p: 0.41 }, { id: 'cdn-edge', p: 0.27 }, { id: 'undisclosed', p: 0.2 }, { id: 'network-device', p: 0.12 }] },
    loss: { ...LOSS, lost: [80_000, 240_000] },
    strip: strip(Array.from({ length: 9 }, () => 'degraded' as const)),
  },
  recovering: { ...down, state: 'recovering', incident: { ...INCIDENT, state: 'recovering' }, since: NOW - 3 * MIN, targets: lines(), forecast: null },
  suspect: { ...BASE, state: 'suspect', since: NOW - 30_000, checkedAt: NOW - 20_000, nextCheckAt: NOW + 10_000, targets: lines({ catalog: ['timed_out', 'unknown'] }) },
  maintenance: {
    ...BASE,
    state: 'maintenance',
    side: 'store',
    since: NOW - 25 * MIN,
    incident: { ...INCIDENT, state: 'maintenance', startedAt: NOW - 25 * MIN, admittedAt: NOW - 86_400_000 },
    targets: lines({ storefront: ['content.maintenance', 'content'], catalog: ['content.maintenance', 'content'], directory: ['content.maintenance', 'content'], charts: ['content.maintenance', 'content'], purchase: ['content.maintenance', 'content'] }),
    official: { ...SAYS, events: SAYS.events.map((event) => ({ ...event, type: 'maintenance' as const, endsAt: NOW + 95 * MIN, text: 'The store is being updated and will be back soon.' })) },
    strip: strip(Array.from({ length: 5 }, () => 'maintenance' as const)),
  },
  offline: own('local'),
  'captive-portal': own('captive-portal'),
  resolver: own('own-resolver'),
  blocker: own('blocker'),
  vpn: own('proxy-vpn'),
  clock: own('own-clock'),
  interception: own('tls-interception'),
  path: own(null, 'path'),
  'own-other': own(null),
  blind: { ...BASE, state: 'blind', since: NOW - 600_000, problems: [{ kind: 'permission', detail: '' }], targets: lines().map((each) => ({ ...each, status: 'no-permission' as const, ms: null })) },
  unknown: { ...BASE, state: 'unknown', checkedAt: null, nextCheckAt: NOW + 5_000, targets: [], lastIncident: null, strip: { from: NOW - 86_400_000, sliceMs: 5 * MIN, slices: [], uptime: null, coverage: 0 } },
  stale: { ...BASE, checkedAt: NOW - 9 * 3_600_000, nextCheckAt: null },
  paused: { ...BASE, state: 'unknown', pausedUntil: NOW + 3_600_000 },
  rehearsal: { ...down, rehearsal: { id: 'aws-2017-02-28-s3', title: 'S3, 28 February 2017' } },
  problems: { ...BASE, problems: [{ kind: 'notifications', detail: '' }, { kind: 'feed', detail: '' }, { kind: 'clock', detail: '12 min' }] },
} as const satisfies Record<string, Snapshot>;

export type SnapshotName = keyof typeof SNAPSHOTS;

/** @returns one of the invented snapshots as a language would have it. */
export function snapshotOf(name: SnapshotName, language: Language): Snapshot {
  return { ...SNAPSHOTS[name], language };
}
