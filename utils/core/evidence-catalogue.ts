import { FAMILY_OF } from './causes.ts';
import type { Cause, Family, Undisclosed } from './causes.ts';
import type { StoreRole } from './role.ts';
import type { Trouble } from './episode.ts';
import type { Sight } from './sight.ts';
import { STATABLE } from './stated-cause.ts';

/**
 * The evidence that is looked for, as data. Each entry says how to see it, which other evidence it must not be added to (its
 * group), and how likely it is under each cause.
 *
 * The numbers are natural log-likelihood ratios: ln( P(seen | cause) / P(seen | average cause) ). 0 says nothing, 0.7 makes the
 * cause twice as likely, 2.3 ten times, −2.3 a tenth. They are given per family; a cause named beside its family overrides it;
 * what is not named is 0. `path` is trouble between the user's line and the store: a carrier, or announcements astray.
 * Signs and rough sizes are from the sources named; the tenths were then tuned on documented incidents (`test/fit`).
 */

/** Trouble on the way, kept apart from the vendor's own network while it is weighed. */
export type PathHypothesis = 'path:network-routing' | 'path:local';
export type Hypothesis = Cause | Undisclosed | PathHypothesis;
export type Likelihood = Partial<Record<Hypothesis | Family | 'path', number>>;

export type Group =
  | 'kind' // how the requests fail
  | 'author' // who wrote the errors
  | 'roles' // which parts fail together
  | 'share'
  | 'slow'
  | 'onset'
  | 'calendar'
  | 'course'
  | 'controls'
  | 'neighbour'
  | 'resolver'
  | 'official'
  | 'stated'
  | 'world'
  | 'page'
  | 'own'
  | 'clock'
  | 'certificates'
  | 'mixed'
  | 'elapsed';

export interface Entry {
  id: string;
  group: Group;
  /** How clearly it is seen, 0 … 1, with what to fill into its sentence; null where it is not. */
  see(sight: Sight): number | { strength: number; params: Record<string, string | number> } | null;
  likelihood: Likelihood;
}

const FILES: readonly StoreRole[] = ['artwork', 'audio'];
const PAGES: readonly StoreRole[] = ['storefront', 'catalog', 'directory', 'charts', 'account', 'purchase'];

/** Percent for a sentence. */
const percent = (share: number): number => Math.round(100 * share);

/** Strength of a kind of failure from its share of all failures: a quarter of them is already half the argument. */
function kinds(...names: (string | RegExp)[]): (sight: Sight) => { strength: number; params: Record<string, number> } | null {
  return ({ kinds: seen }) => {
    let share = 0;
    for (const [kind, of] of Object.entries(seen)) if (names.some((name) => (typeof name === 'string' ? name === kind : name.test(kind)))) share += of;
    return share > 0 ? { strength: Math.sqrt(Math.min(1, share)), params: { share: percent(share) } } : null;
  };
}

/** What only the user's own side can do, as strong as all such failures together: two of its kinds side by side prove no less than one of them. */
function own(...names: string[]): Entry['see'] {
  const [here, all] = [kinds(...names), kinds(/^(blocked|local)\./)];
  return (sight) => {
    const seen = here(sight);
    return seen && { ...seen, strength: all(sight)!.strength };
  };
}

/** Failures of the controls of these kinds, counted so that a few are as good as many: a healthy answer beside them takes nothing away. */
function atControls(trouble: Trouble | null, test: (kind: string) => boolean): number {
  let count = 0;
  for (const [kind, of] of Object.entries(trouble?.roles.controls?.kinds ?? {})) if (test(kind)) count += of;
  return count / (count + 1);
}

/** Somebody else's page in place of unrelated companies' is a portal; in place of the vendor's alone it is not (2012: his own test page broke). */
function foreign({ trouble, kinds: seen }: Sight): number | null {
  const controls = atControls(trouble, (kind) => kind === 'redirect.foreign' || kind === 'content.unexpected');
  return controls > 0 ? controls : 0.5 * (seen['redirect.foreign'] ?? 0) || null;
}

type Where = 'all' | 'pages' | 'files' | 'one-file' | 'sign-in' | 'purchase' | 'catalog' | 'one' | 'some';

/** Which parts fail (or crawl) together; exactly one holds. */
function whereOf({ failing, slowed }: Sight): Where | null {
  // What fails decides; what is merely slow joins in when little fails, for a crawl is the same trouble further off.
  const hit = failing.length > 0 ? failing : slowed;
  if (hit.length === 0) return null;
  const files = hit.filter((role) => FILES.includes(role)).length;
  const pages = hit.filter((role) => PAGES.includes(role)).length;
  if (pages >= 4) return files > 0 ? 'all' : 'pages';
  if (pages === 0) return files === 2 ? 'files' : 'one-file';
  if (hit.length === 1) return hit[0] === 'account' ? 'sign-in' : hit[0] === 'purchase' ? 'purchase' : hit[0] === 'catalog' ? 'catalog' : 'one';
  if (hit.length === 2 && hit.includes('account') && hit.includes('purchase')) return 'sign-in';
  return 'some';
}

function roles(where: Where): Entry['see'] {
  return (sight) => (whereOf(sight) === where ? 1 : null);
}

/** Minutes of uncertainty of the onset; infinite where no healthy round lies before it. */
function onsetWindow({ trouble }: Sight): number {
  return trouble && trouble.lastOkAt !== null ? (trouble.openedAt - trouble.lastOkAt) / 60_000 : Infinity;
}

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/** How well a moment that recurs every `period` fits into the window of the onset: 0 outside, 1 for a window of a minute, less for a wide one. */
function fits(sight: Sight, period: number): number {
  const { trouble } = sight;
  const window = onsetWindow(sight);
  if (!trouble || trouble.lastOkAt === null || window > 40) return 0;
  // A fault that hits only some requests can have been there in the last healthy round already.
  const earlier = sight.share < 0.8 ? Math.min(5, Math.max(window, 2)) : 0;
  const from = trouble.lastOkAt - earlier * 60_000;
  const inside = Math.floor(trouble.openedAt / period) > Math.floor((from - 1) / period);
  return inside ? Math.min(1, Math.sqrt(2 / Math.max(2, window + earlier))) : 0;
}

/** Local hour of the onset, null where the user's zone is not known. */
function localHour({ trouble, moment }: Sight): number | null {
  if (!trouble || moment.utcOffsetMinutes === undefined) return null;
  return new Date(trouble.openedAt + moment.utcOffsetMinutes * 60_000).getUTCHours();
}

/** Failing share in the first three minutes of failing, and afterwards. */
function rampOf({ trouble }: Sight): { early: number; later: number; earlyAsked: number; laterAsked: number } | null {
  if (!trouble || trouble.failingSince === null) return null;
  const { failingSince } = trouble;
  const sum = { early: 0, later: 0, earlyAsked: 0, laterAsked: 0 };
  for (const point of trouble.course) {
    if (point.at < failingSince || point.at > trouble.lastTroubleAt) continue;
    if (point.at - failingSince < 3 * 60_000) [sum.early, sum.earlyAsked] = [sum.early + point.failed, sum.earlyAsked + point.asked];
    else [sum.later, sum.laterAsked] = [sum.later + point.failed, sum.laterAsked + point.asked];
  }
  return { early: sum.early / Math.max(1, sum.earlyAsked), later: sum.later / Math.max(1, sum.laterAsked), earlyAsked: sum.earlyAsked, laterAsked: sum.laterAsked };
}

/**
 * How often the failing share of the whole store fell to a quarter of its height and rose again, or the reverse. Looked at in
 * pieces of twenty answers or more, so that chance does not flap; only a fault wide enough (0.3 of everything) can be told to.
 */
function turnsOf({ trouble }: Sight): number {
  if (!trouble) return 0;
  const pieces: { asked: number; failed: number }[] = [];
  for (const point of trouble.course) {
    const last = pieces.at(-1);
    if (last && last.asked < 20) [last.asked, last.failed] = [last.asked + point.asked, last.failed + point.failed];
    else pieces.push({ asked: point.asked, failed: point.failed });
  }
  const shares = pieces.filter((piece) => piece.asked >= 20).map((piece) => piece.failed / piece.asked);
  const height = Math.max(0, ...shares);
  if (height < 0.3) return 0;
  let high = true;
  let turns = 0;
  for (const share of shares) {
    if (high ? share < 0.25 * height : share > 0.6 * height) [high, turns] = [!high, turns + 1];
  }
  return turns;
}

/** Of all failures, those that only the way to the store can have made: no answer at all. */
function onTheWay({ kinds: seen }: Sight): number {
  let share = 0;
  for (const [kind, of] of Object.entries(seen)) if (/^(dns|tcp|timed_out|local)/.test(kind) || kind === 'http.timed_out') share += of;
  return share;
}

const OBSERVED: readonly Entry[] = [
  // ── How the requests fail. Phase names the layer, not the trigger: internal DNS faults show perfect public DNS (2015, 2022).
  {
    id: 'kind.name-not-resolved',
    group: 'kind',
    see: kinds('dns.name_not_resolved'),
    // 5 of 8 incidents seen as failing names were DNS; blockers and dead resolvers give the same error.
    likelihood: { network: -0.5, dns: 3, 'network-routing': 0.3, storage: -2.5, application: -2, configuration: -0.8, 'operating-system': -2.5, external: -2.5, 'data-center': -1.5, demand: -1.5, intended: -2, own: 0.5, 'own-resolver': 2.5, blocker: 2, local: 0.8, 'own-clock': -3, 'tls-interception': -2, path: 0.2, undisclosed: -1 },
  },
  {
    id: 'kind.resolver-error',
    group: 'kind',
    see: kinds('dns.failed', 'dns.timed_out'),
    likelihood: { network: -0.5, dns: 3, 'network-routing': 1, storage: -2.5, application: -2, configuration: -0.8, 'operating-system': -2.5, external: -2.5, 'data-center': -1.5, demand: -1.5, intended: -2, own: 0.3, 'own-resolver': 1.8, blocker: 0, local: 0.8, 'own-clock': -3, 'tls-interception': -2, path: 0.8, undisclosed: -1 },
  },
  {
    id: 'kind.timed-out',
    group: 'kind',
    see: kinds('timed_out'),
    // Power, route, dropped packets, or an application that hangs: the engine does not show the phase. 8 of 13 silent-connection incidents were routing.
    likelihood: { network: 0.3, 'network-routing': 0.9, 'network-device': 0.8, dns: 0.3, 'cdn-edge': -0.5, 'load-balancer': -0.2, 'tls-certificate': -3, storage: 0.3, application: -0.5, middleware: 0.1, configuration: -0.2, 'operating-system': 0.5, external: -0.3, authentication: -0.5, 'data-center': 0.3, demand: 0.7, intended: -2, own: -0.5, local: 1, blocker: -1.5, 'own-clock': -3, 'tls-interception': -2, 'captive-portal': -1, 'proxy-vpn': 0.5, path: 1.3 },
  },
  {
    id: 'kind.no-connection',
    group: 'kind',
    see: kinds('timed_out.unconnected', 'tcp.timed_out', 'tcp.failed'),
    likelihood: { network: 0.2, 'network-routing': 1.8, 'network-device': 0.7, dns: 0.5, 'cdn-edge': -0.6, 'tls-certificate': -3, storage: -1.2, application: -1.4, 'operating-system': -0.8, external: -0.6, 'data-center': 1.3, demand: 0.6, intended: -2, own: -0.3, local: 1.3, blocker: -1, 'own-clock': -3, 'tls-interception': -2, path: 1.6 },
  },
  {
    id: 'kind.no-answer',
    group: 'kind',
    see: kinds('timed_out.connected', 'http.timed_out', 'tls.timed_out'),
    likelihood: { network: 0, 'network-device': 0.7, 'network-routing': -0.6, 'tls-certificate': -3, storage: 0.6, application: -0.2, middleware: 0.3, 'operating-system': 0.7, external: 0, authentication: -0.5, 'data-center': -0.6, demand: 0.8, intended: -2, own: -0.5, local: 0.6, 'own-clock': -3, 'tls-interception': -1.5, path: 0.4, blocker: -3, 'own-resolver': -2 },
  },
  {
    id: 'kind.refused',
    group: 'kind',
    see: kinds('tcp.refused'),
    // Host up, service gone; or a blocker's 0.0.0.0.
    likelihood: { network: 0.2, 'load-balancer': 1.4, 'tls-certificate': -2.5, storage: -0.8, application: -0.4, external: -1, 'data-center': -0.2, demand: 0.6, intended: -0.8, own: -0.5, blocker: 1.2, 'own-resolver': 1.2, 'proxy-vpn': 0.5, path: -0.5 },
  },
  {
    id: 'kind.reset',
    group: 'kind',
    see: kinds('tcp.reset', 'tcp.closed'),
    likelihood: { network: 0.5, 'network-routing': 0.8, 'load-balancer': 0.8, 'tls-certificate': -1.5, storage: -0.8, application: -0.6, external: -0.8, 'data-center': -0.3, demand: 0.5, intended: -1.5, own: 0.2, 'tls-interception': 0.8, 'proxy-vpn': 0.6, path: 0.5, blocker: -1, 'own-resolver': -1 },
  },
  {
    id: 'kind.unreachable',
    group: 'kind',
    see: kinds('tcp.address_unreachable'),
    likelihood: { network: 0, 'network-routing': 1.2, storage: -2, application: -2, 'operating-system': -2, external: -1.5, 'data-center': -0.3, demand: -1, intended: -2, own: 0.5, local: 1.6, blocker: 1, path: 1 },
  },
  {
    id: 'kind.certificate-date',
    group: 'kind',
    see: kinds('tls.cert.date_invalid'),
    // 4 of 4 incidents seen as failing TLS were certificates; the user's clock gives the same error everywhere.
    likelihood: { network: -2.5, 'tls-certificate': 5, storage: -3, application: -2, 'operating-system': -3, external: -2.5, 'data-center': -3, demand: -3, intended: -3, own: -1.5, 'own-clock': 4.5, 'tls-interception': 0.5, local: 0, path: -3, undisclosed: -2 },
  },
  {
    id: 'kind.certificate-other',
    group: 'kind',
    see: kinds('tls.cert.authority_invalid', 'tls.cert.name_invalid', 'tls.cert.revoked'),
    likelihood: { network: -1.5, 'tls-certificate': 2.8, 'cdn-edge': 0.6, storage: -3, application: -1.5, 'operating-system': -3, external: -2.5, 'data-center': -3, demand: -3, intended: -3, own: 0, 'captive-portal': 2.3, 'tls-interception': 4, 'own-clock': 0.5, 'own-resolver': 1, local: 0.5, path: -1.5, undisclosed: -2 },
  },
  {
    id: 'kind.handshake',
    group: 'kind',
    see: kinds('tls.protocol.error'),
    likelihood: { network: 0, 'tls-certificate': 2.2, 'load-balancer': 1, 'cdn-edge': 0.8, storage: -2.5, application: -1, configuration: 0.5, 'operating-system': -2, external: -1.5, 'data-center': -2, demand: -1.5, intended: -2.5, own: 0, 'tls-interception': 2, 'proxy-vpn': 1, 'captive-portal': 0.8, 'own-clock': 0.5, path: -1 },
  },
  {
    id: 'kind.secure-connection',
    group: 'kind',
    // An engine that tells no more than "TLS": 4 of 4 incidents of that kind were certificates.
    see: kinds('tls.failed'),
    likelihood: { network: -1.5, 'tls-certificate': 4, 'load-balancer': 0, 'cdn-edge': 0, storage: -3, application: -1.5, configuration: -0.5, 'operating-system': -2.5, external: -2, 'data-center': -3, demand: -2.5, intended: -3, own: -0.5, 'own-clock': 2.5, 'tls-interception': 2.5, 'captive-portal': 1, local: 0, path: -2, undisclosed: -1.5 },
  },
  {
    id: 'kind.server-error',
    group: 'kind',
    see: kinds('http.500', 'http.501', 'http.505', 'http.507', 'http.508'),
    // An application answered and broke. Almost uninformative inside the store (21 incidents, 12 causes), but it clears the user.
    likelihood: { network: -0.5, 'network-routing': -1.5, dns: -0.2, 'tls-certificate': -2.5, storage: 0.2, application: 0.5, 'operating-system': 0.2, external: 0.3, authentication: 0.4, 'data-center': -0.3, demand: -0.2, intended: -1.5, own: -3, path: -3 },
  },
  {
    id: 'kind.unavailable',
    group: 'kind',
    see: kinds('http.502', 'http.503', 'http.504'),
    // A front answers for what is behind it: overloaded, switched off or gone.
    likelihood: { network: -0.4, 'network-routing': -1.5, 'load-balancer': 0.4, 'tls-certificate': -2.5, storage: 0.2, application: 0.3, middleware: 0.5, 'operating-system': 0.1, external: 0.2, 'data-center': 0, demand: 0.6, intended: -0.3, own: -3, path: -3, dns: 0 },
  },
  {
    id: 'kind.edge-to-origin',
    group: 'kind',
    see: kinds(/^http\.5[2-9]\d$/),
    // 520–530: an edge says that it cannot reach the vendor.
    likelihood: { network: 0.5, 'cdn-edge': 0.8, 'network-routing': 0.8, 'tls-certificate': 0, storage: -0.8, application: -0.4, external: -1, 'data-center': 0.6, demand: 0, intended: -1, own: -3, path: 0.8 },
  },
  {
    id: 'kind.unauthorised',
    group: 'kind',
    see: kinds('http.401'),
    likelihood: { network: -1.5, storage: -0.8, application: 0.1, 'application-release': 0.7, 'operating-system': -1, external: 0, authentication: 3, 'payment-external': -0.5, 'data-center': -1.5, demand: -1.5, intended: -1.5, own: -1.5, path: -3 },
  },
  {
    id: 'kind.forbidden',
    group: 'kind',
    see: kinds('http.403', 'http.451'),
    likelihood: { network: -0.8, 'cdn-edge': 0.5, storage: -0.5, application: 0.3, configuration: 0.6, 'operating-system': -1, external: 0, authentication: 1.2, 'data-center': -1.5, demand: -0.5, intended: -0.5, own: -1, 'proxy-vpn': 1, blocker: 0.2, path: -2 },
  },
  {
    id: 'kind.too-many',
    group: 'kind',
    see: kinds('http.429'),
    likelihood: { network: -0.8, storage: -0.5, external: -0.5, demand: 1.3, 'data-center': -1.5, intended: -1, own: -1, 'proxy-vpn': 2, path: -2 },
  },
  {
    id: 'kind.not-found',
    group: 'kind',
    see: kinds('http.404', 'http.410', 'http.400'),
    // An edge that lost its table of services, or data that is gone.
    likelihood: { network: -0.8, 'cdn-edge': 0.6, 'load-balancer': 0.9, storage: 0.7, application: 0.4, configuration: 1, 'bad-data': 0.9, 'operating-system': -1.5, external: -1, 'data-center': -1.5, demand: -1.5, intended: -0.5, own: -2, path: -3 },
  },
  {
    id: 'kind.wrong-content',
    group: 'kind',
    see: kinds('content.unexpected'),
    // 6 incidents with a 200 that was wrong: 3 bad data, storage, CDN cache, database.
    likelihood: { network: -1, 'cdn-edge': 0.8, storage: 0.6, application: 0.6, 'bad-data': 1.8, middleware: 0.2, 'operating-system': -0.8, external: -0.8, 'data-center': -1.5, demand: -0.4, intended: -0.3, own: -1.5, 'captive-portal': 0.8, path: -3 },
  },
  {
    id: 'kind.maintenance-page',
    group: 'kind',
    see: kinds('content.maintenance'),
    // 8 incidents: 3 planned, 2 shut for security, 3 recoveries.
    likelihood: { network: -2, storage: -0.8, application: -1.2, 'operating-system': -1, external: -1.2, 'data-center': -1.2, demand: -0.6, intended: 3, own: -3, path: -3 },
  },
  {
    id: 'kind.stale',
    group: 'kind',
    see: kinds('content.stale'),
    likelihood: { network: -1, 'cdn-edge': 0.8, storage: 1.8, application: 0.1, 'bad-data': 0.8, middleware: 0.6, external: -0.8, 'data-center': -0.8, demand: -0.5, intended: -0.5, own: -2, path: -3 },
  },
  {
    id: 'kind.broken-answer',
    group: 'kind',
    see: kinds('http.response.truncated', 'http.response.invalid', 'http.protocol.error', 'http.response.redirect_loop'),
    likelihood: { network: 0.3, 'cdn-edge': 1, 'load-balancer': 0.7, 'network-device': 0.5, storage: 0.1, application: 0.2, external: -0.8, 'data-center': -0.8, demand: 0, intended: -1, own: -0.3, 'proxy-vpn': 0.7, path: 0, blocker: -2.5, 'own-resolver': -2 },
  },
  {
    id: 'kind.mixed',
    group: 'mixed',
    // Silence, refusals and "unavailable" side by side: some machines are gone, some up without their service, some answer for the others.
    see: ({ kinds: seen }) => {
      const shares = [/timed_out/, /^tcp\.(refused|reset|closed)/, /^http\.5/].map((test) => Object.entries(seen).reduce((sum, [kind, of]) => sum + (test.test(kind) ? of : 0), 0));
      return Math.min(...shares) > 0.07 ? 1 : null;
    },
    likelihood: { 'data-center': 0.9, 'network-device': 0.3, 'operating-system': 0.3, application: -0.2 },
  },
  {
    id: 'kind.unknown',
    group: 'kind',
    see: kinds('unknown'),
    // An error no table knows says nothing.
    likelihood: {},
  },

  // ── What only the user's own side can do.
  { id: 'own.blocked', group: 'own', see: own('blocked.by_client', 'local.denied'), likelihood: { blocker: 8, 'proxy-vpn': 1 } },
  { id: 'own.offline', group: 'own', see: own('local.offline'), likelihood: { local: 8 } },
  { id: 'own.proxy', group: 'own', see: own('local.proxy'), likelihood: { 'proxy-vpn': 8, local: 1 } },
  { id: 'own.portal', group: 'own', see: foreign, likelihood: { 'captive-portal': 9, 'tls-interception': 1, blocker: 0.5 } },
  {
    id: 'own.clock-wrong',
    group: 'clock',
    see: (sight) => {
      const skew = Math.abs(sight.trouble?.clockSkew ?? 0) / HOUR;
      const dates = (sight.kinds['tls.cert.date_invalid'] ?? 0) + (sight.kinds['tls.failed'] ?? 0);
      return skew > 1 && dates > 0 ? { strength: Math.min(1, skew / 24), params: { hours: Math.round(skew) } } : null;
    },
    likelihood: { 'own-clock': 7 },
  },
  {
    id: 'own.clock-right',
    group: 'clock',
    see: ({ trouble }) => (trouble !== null && trouble.clockSkew !== null && Math.abs(trouble.clockSkew) < HOUR ? 1 : null),
    likelihood: { 'own-clock': -3 },
  },
  {
    id: 'own.certificates-everywhere',
    group: 'certificates',
    // Hosts of several operators do not let their certificates run out in the same minute; one root store or clock serves them all.
    see: ({ failing, kinds: seen, neighbour }) => {
      let share = 0;
      for (const [kind, of] of Object.entries(seen)) if (kind.startsWith('tls.')) share += of;
      const spread = failing.some((role) => FILES.includes(role)) && failing.filter((role) => PAGES.includes(role)).length >= 4;
      return spread && (neighbour === null || neighbour > 0.1) ? share : null;
    },
    likelihood: { local: 7, 'own-clock': 4, 'tls-interception': 5, 'tls-certificate': -3, 'cdn-edge': -0.5 },
  },
  {
    id: 'own.certificates-of-others',
    group: 'certificates',
    // Unrelated companies' certificates fail too: the clock, an interceptor, a portal. Controls without TLS go on answering beside it.
    see: ({ trouble }) => atControls(trouble, (kind) => kind.startsWith('tls.')) || null,
    likelihood: { 'own-clock': 8, 'tls-interception': 8, 'captive-portal': 5, local: 4, 'proxy-vpn': 3, 'tls-certificate': -3 },
  },
  {
    id: 'own.turned-away',
    group: 'own',
    // Unrelated companies turn the user away as well: an address shared with too many others, or a proxy in between.
    see: ({ trouble }) => atControls(trouble, (kind) => kind === 'http.403' || kind === 'http.407' || kind === 'http.429' || kind === 'http.451') || null,
    likelihood: { 'proxy-vpn': 8, 'captive-portal': 3, blocker: 2, local: 2 },
  },
  {
    id: 'own.refused-by-vendor',
    group: 'own',
    // Everything of the vendor's, store or not, refuses every time, and only by its edge: it is about this address (a VPN's, a shared one), not about the store.
    see: ({ trouble, kinds: seen, share, origin }) => {
      const refused = (of: string): boolean => of === 'http.403' || of === 'http.429' || of === 'http.451';
      const here = Object.entries(seen).reduce((sum, [kind, of]) => sum + (refused(kind) ? of : 0), 0);
      const beside = Object.entries(trouble?.roles.neighbour?.kinds ?? {}).reduce((sum, [kind, count]) => sum + (refused(kind) ? count : 0), 0);
      return here > 0.9 && share > 0.9 && origin < 0.1 && beside > 0 ? beside / (beside + 0.5) : null;
    },
    likelihood: { 'proxy-vpn': 6.5, blocker: 1, configuration: -0.5 },
  },
  {
    id: 'own.one-host-gone',
    group: 'own',
    // One content host null while its siblings answer: four Apple hosts were on public block lists.
    see: ({ kinds: seen, share, failing, fine, minutes }) => {
      const gone = (seen['dns.name_not_resolved'] ?? 0) + (seen['tcp.refused'] ?? 0) + (seen['tcp.address_unreachable'] ?? 0);
      return gone > 0.97 && share > 0.97 && failing.length <= 3 && fine.length >= 2 && minutes > 0 ? 1 : null;
    },
    likelihood: { blocker: 2.5, 'own-resolver': 1.5, dns: -0.3 },
  },

  // ── Who wrote the errors.
  {
    id: 'author.edge',
    group: 'author',
    see: ({ edge }) => (edge > 0 ? edge : null),
    likelihood: { 'cdn-edge': 1.4, 'load-balancer': 0.6, 'network-routing': 0.3, storage: -0.5, 'bad-data': 0.3, configuration: 0.5, external: -0.8, own: -3, 'proxy-vpn': -0.5, path: -0.5 },
  },
  {
    id: 'author.origin',
    group: 'author',
    see: ({ origin }) => (origin > 0 ? origin : null),
    likelihood: { network: -1, 'cdn-edge': -2, 'network-routing': -2, storage: 0.3, application: 0.4, external: 0.3, demand: 0.2, intended: 0.3, 'data-center': -0.5, own: -3.5, path: -3.5 },
  },

  // ── Which parts fail together.
  {
    id: 'roles.all',
    group: 'roles',
    see: roles('all'),
    likelihood: { network: 0.4, 'network-routing': 1, 'cdn-edge': 1, dns: 0.5, 'network-device': 0.5, 'tls-certificate': -0.3, storage: -0.2, application: -0.1, configuration: 0.7, 'operating-system': -0.3, external: -2.5, 'data-center': -0.3, demand: -0.2, intended: -0.5, own: 0.6, blocker: -1.5, path: 0.9 },
  },
  {
    id: 'roles.pages',
    group: 'roles',
    see: roles('pages'),
    // Files come from a CDN of their own; what is left is one data centre, one front, one release.
    likelihood: { network: -0.2, dns: 0.3, 'load-balancer': 0.4, 'cdn-edge': -1.5, storage: -0.2, application: 0.1, middleware: 0.5, 'operating-system': 0.8, external: -1.8, 'data-center': 0.8, demand: 0.5, intended: 0.9, own: -0.8, path: -0.5 },
  },
  {
    id: 'roles.files',
    group: 'roles',
    see: roles('files'),
    likelihood: { network: -0.5, 'cdn-edge': 0.8, storage: 1.6, database: -0.8, application: -0.3, 'bad-data': 0.5, configuration: 0.2, 'operating-system': -0.8, external: -3, 'data-center': -0.6, demand: -0.6, intended: -1.5, own: -0.5, blocker: 1, path: -0.5 },
  },
  {
    id: 'roles.one-file',
    group: 'roles',
    see: roles('one-file'),
    likelihood: { network: 0.1, 'cdn-edge': 0.8, dns: 0.4, 'tls-certificate': 0.5, storage: 0.8, database: -0.8, application: -0.2, 'operating-system': -1, external: -3, 'data-center': -1, demand: -0.3, intended: -1.5, own: -0.5, blocker: 1.2, path: -1 },
  },
  {
    id: 'roles.sign-in',
    group: 'roles',
    see: roles('sign-in'),
    likelihood: { network: -0.8, storage: -0.4, application: -0.1, middleware: 0.3, 'operating-system': 0.2, external: 0.5, authentication: 2, 'data-center': -0.3, demand: 0.5, intended: -0.3, own: -0.8, path: -1.5, database: 0.3 },
  },
  {
    id: 'roles.purchase',
    group: 'roles',
    see: roles('purchase'),
    // 6 of 23 single-function incidents were the payment partner.
    likelihood: { network: -0.7, storage: -0.3, application: 0.1, 'operating-system': -0.8, external: 0.5, 'payment-external': 2.5, 'data-center': -0.8, demand: -0.2, intended: 0.2, own: -0.8, path: -1.5 },
  },
  {
    id: 'roles.catalog',
    group: 'roles',
    see: roles('catalog'),
    likelihood: { network: -0.5, dns: 0.4, storage: 0.8, database: 1.2, application: 0.2, 'bad-data': 0.7, 'operating-system': -0.5, external: -2, 'data-center': -0.8, demand: 0, intended: -0.5, own: -0.8, blocker: 0.5, path: -1.5 },
  },
  {
    id: 'roles.one',
    group: 'roles',
    see: roles('one'),
    likelihood: { network: -0.3, storage: 0.9, application: 0.2, external: -1.5, 'data-center': -0.8, demand: 0, intended: -0.5, own: -0.5, blocker: 1, 'own-resolver': 0.8, path: -1.5 },
  },
  {
    id: 'roles.some',
    group: 'roles',
    see: roles('some'),
    likelihood: { network: -0.3, storage: 0.4, database: 0.5, application: 0.2, middleware: 0.7, 'operating-system': 0.2, external: 0, 'data-center': 0, demand: 0.4, intended: -0.2, own: -0.5, blocker: 0.8, path: -1 },
  },
  {
    id: 'roles.purchase-too',
    group: 'page',
    // Purchases ride on sign-in: the two failing alike, and nothing else, is the identity service, not the payment partner.
    see: ({ failing }) => (failing.length === 2 && failing.includes('account') && failing.includes('purchase') ? 1 : null),
    likelihood: { authentication: 0.4, 'payment-external': -0.8 },
  },

  // ── How much of it fails.
  {
    id: 'share.all',
    group: 'share',
    see: ({ share }) => (share > 0.8 ? { strength: (share - 0.8) * 5, params: { share: percent(share) } } : null),
    likelihood: { 'network-routing': 0.4, dns: 0.6, 'tls-certificate': 0.8, 'network-device': -0.7, 'load-balancer': 0.1, storage: -0.4, application: 0.1, middleware: -0.4, 'operating-system': -0.8, authentication: 0.3, 'data-center': 0.7, demand: -0.8, intended: 0.9, own: 0.6, 'path:local': -0.2, 'application-release': 0.3, configuration: 0.3 },
  },
  {
    id: 'share.most',
    group: 'share',
    // Neither all nor few: what is switched off, cut off or listed fails every time.
    see: ({ share }) => (share >= 0.3 && share <= 0.9 ? { strength: Math.min(1, 8 * (0.9 - share)), params: { share: percent(share) } } : null),
    likelihood: { 'tls-certificate': -1, intended: -0.7, blocker: -2.5, 'own-resolver': -1, 'own-clock': -1, 'tls-interception': -1, 'data-center': -0.2 },
  },
  {
    id: 'share.few',
    group: 'share',
    see: ({ share }) => (share > 0 && share < 0.4 ? { strength: Math.min(1, (0.4 - share) * 5), params: { share: percent(share) } } : null),
    likelihood: { network: -0.1, 'network-device': 0.4, dns: -0.4, 'tls-certificate': -1.5, storage: 0.4, application: 0, 'application-release': 0.3, 'operating-system': 0.3, 'data-center': 0.1, demand: 0.4, intended: -1.8, own: -0.5, blocker: -1.5, path: -0.1 },
  },

  // ── Slow, and when.
  {
    id: 'slow.much',
    group: 'slow',
    see: ({ slow }) => (slow !== null && slow > 1.6 ? { strength: Math.min(1, Math.log(slow / 1.6)), params: { factor: Math.round(slow * 10) / 10 } } : null),
    likelihood: { 'network-device': 1.2, 'network-routing': -0.2, dns: -0.1, 'cdn-edge': -0.3, 'load-balancer': -0.1, 'tls-certificate': -2, storage: 0.5, database: 0.8, application: -0.5, configuration: -0.5, 'bad-data': -0.5, middleware: 0.2, 'operating-system': 0.8, authentication: -0.9, 'payment-external': 0.2, 'data-center': -0.3, demand: 0.7, intended: -1.5, own: -0.5, 'captive-portal': -1, 'path:local': 0.4 },
  },
  {
    id: 'slow.not',
    group: 'slow',
    see: ({ slow, failing }) => (failing.length > 0 && slow !== null && slow < 1.4 ? Math.min(1, (1.4 - slow) * 5) : null),
    likelihood: { 'network-device': -0.8, dns: 0.3, 'cdn-edge': 0.3, 'load-balancer': 0.2, 'tls-certificate': 0.6, storage: -0.3, database: -0.3, application: 0.3, middleware: 0.1, 'operating-system': -0.5, authentication: 0.5, 'payment-external': 0, 'data-center': 0.4, demand: -1, intended: 0.5, blocker: 0.3 },
  },
  {
    id: 'slow.only',
    group: 'slow',
    see: ({ slowed, failing }) => (failing.length === 0 && slowed.length > 0 ? 1 : null),
    likelihood: { network: -0.5, 'network-device': 0.4, 'tls-certificate': -3, storage: 0.7, application: -0.3, 'operating-system': 0.4, external: -0.3, 'data-center': -1, demand: 0.8, intended: -2.5, own: -0.5, local: 0, blocker: -3, path: 0 },
  },
  {
    id: 'slow.shedding',
    group: 'mixed',
    // "Unavailable" while what gets through crawls: a front that sheds load. Errors at full speed are something broken.
    see: ({ kinds: seen, slow }) => {
      const share = (seen['http.502'] ?? 0) + (seen['http.503'] ?? 0) + (seen['http.504'] ?? 0) + (seen['http.429'] ?? 0);
      return slow !== null && slow > 1.8 && share > 0.2 ? Math.min(1, Math.sqrt(share) * Math.min(1, (slow - 1.5) / 1.5)) : null;
    },
    likelihood: { demand: 0.6, middleware: 0.2, 'network-device': 0.2, 'bad-data': -0.3, configuration: -0.3, 'application-release': -0.2, 'data-center': -0.3 },
  },
  {
    id: 'slow.first',
    group: 'onset',
    see: ({ trouble }) => {
      if (!trouble || trouble.failingSince === null) return null;
      const minutes = (trouble.failingSince - trouble.openedAt) / 60_000;
      const before = trouble.slowBefore !== null && trouble.slowBefore > 0.3;
      return minutes >= 4 || before ? { strength: minutes >= 4 ? 1 : 0.6, params: { minutes: Math.round(minutes) } } : null;
    },
    likelihood: { network: -0.3, storage: 0.9, database: 1, application: -0.2, 'operating-system': 0.3, external: -0.2, 'data-center': -0.8, demand: 0.7, intended: -1.5, own: -0.3 },
  },

  // ── How it began.
  {
    id: 'onset.abrupt',
    group: 'onset',
    see: (sight) => {
      const ramp = rampOf(sight);
      return ramp && ramp.earlyAsked >= 4 && ramp.laterAsked >= 8 && ramp.early >= 0.9 * ramp.later && ramp.early > 0.15 ? Math.min(1, 0.4 + ramp.early) : null;
    },
    // Roll-outs and cut cables are abrupt both ways; queues fill.
    likelihood: { network: 0.2, storage: -0.3, database: -0.4, application: 0, configuration: 0.4, 'operating-system': -0.2, 'data-center': 0.5, demand: -0.5, intended: 0.3 },
  },
  {
    id: 'onset.gradual',
    group: 'onset',
    see: (sight) => {
      const ramp = rampOf(sight);
      return ramp && ramp.earlyAsked >= 4 && ramp.laterAsked >= 8 && ramp.early < 0.7 * ramp.later ? Math.min(1, (0.7 * ramp.later - ramp.early) * 5) : null;
    },
    likelihood: { network: -0.2, 'tls-certificate': -1.2, storage: 0.4, application: 0.2, configuration: -0.4, 'bad-data': 0.3, 'data-center': -0.5, demand: 0.6, intended: -1 },
  },
  {
    id: 'onset.midnight',
    group: 'calendar',
    see: (sight) => fits(sight, DAY) || null,
    // 00:00:00 UTC: leap days and seconds, certificates, counters. By chance one window of five minutes in 288.
    likelihood: { 'tls-certificate': 1.8, 'application-latent-bug': 1.6, 'operating-system': 1.6, 'own-clock': 1.5, 'planned-maintenance': 0.6, 'network-device': -0.3, demand: -0.3, undisclosed: 0.3 },
  },
  {
    id: 'onset.odd-date',
    group: 'calendar',
    see: (sight) => {
      if (!sight.trouble || fits(sight, DAY) === 0) return null;
      const date = new Date(sight.trouble.openedAt).toISOString().slice(5, 10);
      return ['02-29', '03-01', '01-01', '07-01', '12-31'].includes(date) ? { strength: 1, params: { date } } : null;
    },
    // Leap days, leap seconds (inserted only at the turn of a half-year), year's ends.
    likelihood: { 'application-latent-bug': 3, 'operating-system': 2.5, 'own-clock': 2.5, 'tls-certificate': 1 },
  },
  {
    id: 'onset.full-hour',
    group: 'calendar',
    see: (sight) => (onsetWindow(sight) <= 10 && fits(sight, HOUR)) || null,
    likelihood: { 'planned-maintenance': 0.6, 'tls-certificate': 0.3, 'application-release': 0.2, demand: 0.1 },
  },
  {
    id: 'onset.holiday',
    group: 'calendar',
    see: ({ trouble }) => (trouble && ['12-24', '12-25', '12-26'].includes(new Date(trouble.openedAt).toISOString().slice(5, 10)) ? 1 : null),
    // New devices are unpacked, and attackers look for an audience (2013, 2014, 2015, iTunes 2008); nobody deploys.
    likelihood: { demand: 1.6, 'application-release': -1, configuration: -0.3, 'planned-maintenance': -1.5, 'cdn-edge': 0.3 },
  },
  {
    id: 'onset.night',
    group: 'calendar',
    see: (sight) => {
      const hour = localHour(sight);
      return hour !== null && hour >= 1 && hour < 6 ? { strength: 1, params: { hour } } : null;
    },
    likelihood: { 'planned-maintenance': 0.5, demand: -0.4, path: 0.2, local: 0.2 },
  },

  // ── Its course.
  {
    id: 'course.flapping',
    group: 'course',
    see: (sight) => {
      const turns = turnsOf(sight);
      return turns >= 2 ? { strength: Math.min(1, turns / 4), params: { turns } } : null;
    },
    // Nagios' five changes in twenty: a file that is rolled out again and again, capacity that comes and goes; not power, not fire.
    likelihood: { 'load-balancer': 0.4, 'cdn-edge': 0.5, 'bad-data': 0.6, configuration: 0.4, 'tls-certificate': -1, 'data-center': -1.2, intended: -1.2, demand: 0.2, path: 0.2, 'path:local': 0.4 },
  },
  {
    id: 'course.relapse',
    group: 'course',
    see: ({ trouble, failing }) => (trouble && failing.length > 0 && trouble.relapses > 0 ? { strength: Math.min(1, 0.5 + trouble.relapses / 4), params: { relapses: trouble.relapses } } : null),
    // 24 % of incidents came back; overload does so when recovery is announced (docomo 2021).
    likelihood: { demand: 0.5, storage: 0.1, middleware: 0.2, dns: 0.2, 'data-center': -0.4, intended: -1, 'bad-data': 0.2 },
  },
  {
    id: 'course.staircase',
    group: 'course',
    see: (sight) => {
      const { trouble, minutes } = sight;
      if (!trouble || minutes < 60 || trouble.course.length < 8) return null;
      // Peak, then three thirds each clearly lower than the one before, over more than an hour.
      const shares = trouble.course.filter((point) => point.asked > 0 && point.at <= trouble.lastTroubleAt).map((point) => point.failed / point.asked);
      const third = Math.floor(shares.length / 3);
      const mean = (from: number, to: number): number => shares.slice(from, to).reduce((sum, share) => sum + share, 0) / Math.max(1, to - from);
      const [a, b, c] = [mean(0, third), mean(third, 2 * third), mean(2 * third, shares.length)];
      return a > 0.15 && b < 0.8 * a && c < 0.8 * b ? 1 : null;
    },
    // Machines come back in boot order; a roll-back comes back at once.
    likelihood: { 'data-center': 0.6, 'operating-system': 0.5, storage: 0.4, demand: 0.3, configuration: -0.6, 'cdn-edge': -0.4, 'tls-certificate': -0.3 },
  },

  // ── What it is compared with. Never a verdict without a control: OONI, Better Stack, Gatus.
  {
    id: 'controls.answer',
    group: 'controls',
    see: ({ controls, controlsAnswered }) => (controls === null ? null : (1 - Math.sqrt(Math.min(1, controls / 0.5))) * (controlsAnswered / (controlsAnswered + 0.3))),
    // One healthy control cuts the user's side from 0.55 to 0.08, two to 0.03.
    likelihood: { own: -4, blocker: 0, 'own-resolver': -1.5, 'path:network-routing': -1.5, 'path:local': -4.5 },
  },
  {
    id: 'controls.fail',
    group: 'controls',
    see: ({ controls, controlsFailed }) =>
      controls === null || controls === 0 ? null : { strength: Math.sqrt(Math.min(1, controls / 0.5)) * (controlsFailed / (controlsFailed + 0.3)), params: { share: percent(controls) } },
    likelihood: { own: 4, blocker: 0, 'path:network-routing': 3, 'path:local': 4.5 },
  },
  {
    id: 'controls.slow',
    group: 'own',
    // Everybody is slow: the line is. But a line that is slow to all, and loses nothing of anybody else, does not lose all of one company.
    see: ({ controlsSlow, controlsFailed, share, failing, fine }) => {
      if (controlsSlow <= 2) return null;
      const oneIsLost = failing.length >= 4 && fine.length === 0 && share >= 0.95 && controlsFailed < 0.05;
      return { strength: Math.min(1, Math.log(controlsSlow / 1.6) / Math.log(3)) * (oneIsLost ? 0.25 : 1), params: { factor: Math.round(controlsSlow * 10) / 10 } };
    },
    likelihood: { local: 8.5, 'proxy-vpn': 7.5, 'path:local': 8.5, 'path:network-routing': 2 },
  },
  {
    id: 'neighbour.fails',
    group: 'neighbour',
    see: ({ neighbour, neighbourAsked }) =>
      neighbour !== null && neighbour > 0.05 ? { strength: Math.min(1, neighbour * 2) * (neighbourAsked / (neighbourAsked + 0.5)), params: { share: percent(neighbour) } } : null,
    likelihood: { network: 0.4, dns: 1.2, 'network-routing': 0.6, 'cdn-edge': 0.2, 'tls-certificate': -0.2, storage: 0, application: -0.4, configuration: 0.3, 'bad-data': -0.5, external: -0.8, 'data-center': 0, demand: 0.2, intended: -1.2, own: 0.8, blocker: -1, path: 0.7, 'network-device': 0.8 },
  },
  {
    id: 'neighbour.answers',
    group: 'neighbour',
    see: ({ neighbour, neighbourAsked, trouble }) => (trouble && neighbour !== null && neighbour <= 0.05 ? neighbourAsked / (neighbourAsked + 0.5) : null),
    likelihood: { network: -0.1, dns: -0.2, 'network-routing': -0.3, storage: 0.1, application: 0.1, external: 0.2, intended: 0.2, own: -0.6, blocker: 0.2, path: -0.4 },
  },

  // ── A public resolver against the user's.
  {
    id: 'resolver.others-know',
    group: 'resolver',
    see: (sight) => {
      const { trouble, kinds: seen, failing } = sight;
      // One public resolver that fails as well is enough for doubt: a fault that hits some requests lets others through.
      if (!trouble || trouble.resolver.ok === 0 || trouble.resolver.failing * 8 > trouble.resolver.ok) return null;
      // A null address makes connections refused; but a list blocks a few hosts: three at most were on public ones at a time. More
      // than that is believed once places elsewhere are heard to reach them.
      const reachedElsewhere = trouble.world !== null && trouble.world.votes >= 3 && trouble.world.failed === 0;
      const nulled = failing.length <= 3 || reachedElsewhere ? (seen['tcp.refused'] ?? 0) + (seen['tcp.address_unreachable'] ?? 0) : 0;
      const names = (seen['dns.name_not_resolved'] ?? 0) + (seen['dns.failed'] ?? 0) + nulled + 0.5 * (seen['dns.timed_out'] ?? 0);
      return names > 0 ? Math.min(1, names) * (trouble.resolver.ok / (trouble.resolver.ok + 0.5)) : null;
    },
    likelihood: { own: 0.5, 'own-resolver': 4, blocker: 3.5, local: 1, dns: -2.5, 'network-routing': 0, application: -0.5, storage: -0.5, 'data-center': -0.3, path: 0.3 },
  },
  {
    id: 'resolver.nobody-knows',
    group: 'resolver',
    see: ({ trouble }) => {
      const { ok = 0, failing = 0 } = trouble?.resolver ?? {};
      return failing > 0 && failing * 8 > ok ? Math.sqrt(failing / (failing + ok)) : null;
    },
    likelihood: { dns: 3, 'network-routing': 0.8, configuration: 0.3, own: -2, 'own-resolver': -3, blocker: -3, local: -0.8, 'path:local': -0.5 },
  },
  {
    id: 'resolver.silent',
    group: 'resolver',
    // A resolver that cannot be asked says nothing of the store, but something of the line.
    see: ({ trouble }) => (trouble && trouble.resolver.unreachable > 0 && trouble.resolver.ok + trouble.resolver.failing === 0 ? 1 : null),
    likelihood: { local: 1.2, 'captive-portal': 1, 'proxy-vpn': 0.5, 'path:local': 1 },
  },

  // ── The vendor's own page: late, but strong when it speaks.
  {
    id: 'official.listed',
    group: 'official',
    see: ({ episode }) => (episode.official ? 1 : null),
    likelihood: { own: -1.5, path: -1, undisclosed: 0.2 },
  },
  {
    id: 'official.silent',
    group: 'official',
    // Apple's page is late by 13 min to hours and sometimes silent: weak.
    see: ({ episode, minutes }) => (episode.feed === 'read' && !episode.official && minutes > 60 ? Math.min(1, minutes / 240) : null),
    likelihood: { own: 0.4, path: 0.3, intended: 0.2 },
  },
  {
    id: 'official.sign-in',
    group: 'official',
    see: ({ episode }) => (episode.official?.hints.includes('sign-in') ? 1 : null),
    likelihood: { authentication: 0.9, middleware: 0.2, 'cdn-edge': -0.5 },
  },
  {
    id: 'official.purchase',
    group: 'official',
    see: ({ episode }) => (episode.official?.hints.includes('purchase') ? 1 : null),
    likelihood: { 'payment-external': 0.7, 'cdn-edge': -0.4 },
  },
  {
    id: 'official.streaming',
    group: 'official',
    see: ({ episode }) => (episode.official?.hints.includes('streaming') ? 1 : null),
    likelihood: { 'cdn-edge': 0.3, storage: 0.2, external: -0.3 },
  },
  {
    id: 'official.slow',
    group: 'official',
    see: ({ episode }) => (episode.official?.hints.includes('slow') || episode.official?.types.includes('performance') ? 1 : null),
    likelihood: { demand: 0.4, 'network-device': 0.4, storage: 0.3, 'tls-certificate': -0.8, intended: -0.8 },
  },
  {
    id: 'official.maintenance',
    group: 'official',
    see: ({ episode }) => (episode.official?.types.includes('maintenance') || episode.official?.hints.includes('maintenance') ? 1 : null),
    likelihood: { 'planned-maintenance': 3.5, 'security-shutdown': -0.5 },
  },

  // ── Vantage points elsewhere, when they were asked.
  {
    id: 'world.fails',
    group: 'world',
    see: ({ trouble }) => {
      const world = trouble?.world;
      if (!world || world.votes < 3) return null;
      const share = world.failed / world.votes;
      return share >= 0.1 ? { strength: Math.min(1, share * 2), params: { failed: world.failed, votes: world.votes } } : null;
    },
    likelihood: { own: -3.5, path: -0.8, 'path:local': -3.5 },
  },
  {
    id: 'world.answers',
    group: 'world',
    // Says nothing where the store itself wrote the errors: then the user's line works.
    see: (sight) => {
      const world = sight.trouble?.world;
      if (!world || world.votes < 3 || world.failed / world.votes >= 0.1) return null;
      let answered = 0;
      for (const [kind, of] of Object.entries(sight.kinds)) if (/^(http\.\d|content)/.test(kind) && !/^http\.(403|429|451)$/.test(kind)) answered += of;
      return { strength: Math.max(0, 1 - answered), params: { failed: world.failed, votes: world.votes } };
    },
    likelihood: { own: 2, path: 1.5, network: -0.3, 'cdn-edge': -0.5 },
  },
  {
    id: 'world.own-country',
    group: 'world',
    see: ({ trouble }) => {
      const world = trouble?.world;
      if (!world || world.ownCountryVotes < 2 || world.votes - world.ownCountryVotes < 3) return null;
      const here = world.ownCountryFailed / world.ownCountryVotes;
      const there = (world.failed - world.ownCountryFailed) / (world.votes - world.ownCountryVotes);
      return here - there > 0.3 ? here - there : null;
    },
    likelihood: { 'network-routing': 0.8, 'cdn-edge': 0.4, path: 0.8, 'data-center': 0.2, external: -0.3 },
  },
  {
    id: 'storefront.others-answer',
    group: 'world',
    see: ({ trouble }) => (trouble?.storefront && trouble.storefront.failed === 0 && trouble.storefront.asked >= 2 ? Math.min(1, trouble.storefront.asked / 5) : null),
    // The same hosts answer for another country: line, names, edge and power are well; data or configuration of one country is not.
    likelihood: { network: -0.8, storage: 0.2, database: 0.5, application: 0.5, 'bad-data': 0.6, configuration: 0.4, own: -1.5, path: -1.5, 'data-center': -0.8 },
  },

  // ── The user's own pages see what an anonymous request cannot.
  {
    id: 'page.more-than-probes',
    group: 'page',
    see: ({ trouble }) => {
      if (!trouble) return null;
      let failed = 0;
      for (const [role, seen] of Object.entries(trouble.page)) {
        const tally = trouble.roles[role as StoreRole];
        if (seen && seen.failed >= 2 && seen.failed > seen.answered && (!tally || tally.failed === 0)) failed += seen.failed;
      }
      return failed > 0 ? { strength: Math.min(1, failed / 5), params: { failed } } : null;
    },
    likelihood: { storage: 0.5, external: 0.6, application: 0.2, blocker: 1, network: -0.4 },
  },

  // ── Nothing to be seen: a quarter of documented outages leave every anonymous request healthy.
  {
    id: 'trouble.none',
    group: 'share',
    see: ({ failing, slowed, controlsSlow, controlsFailed }) => (failing.length === 0 && slowed.length === 0 && controlsSlow < 2 && controlsFailed === 0 ? 1 : null),
    likelihood: { network: -1, storage: 0.6, application: 0, external: 0.6, 'data-center': -2, demand: -0.3, intended: -1.5, 'operating-system': -0.8, own: -3, path: -3.5, undisclosed: 1.5 },
  },
  {
    id: 'path.silence-spreads',
    group: 'course',
    // Silence towards the store, the vendor's other sites and, more rarely, everybody else: a carrier between, not a server.
    see: (sight) => {
      const { neighbour, controls, share } = sight;
      if (neighbour === null || controls === null || neighbour < 0.1 || share === 0) return null;
      return controls > 0.03 ? onTheWay(sight) ** 2 : null;
    },
    likelihood: { 'path:network-routing': 3, 'network-routing': 0.5, 'path:local': 1.5, own: 0.5 },
  },

  // ── Time: "so long, so it must be storage". The numbers are the survival curves of `survival.ts`, not a table.
  {
    id: 'elapsed',
    group: 'elapsed',
    see: ({ minutes }) => (minutes > 0 && minutes < 120 ? { strength: 1, params: { minutes: Math.round(minutes * 10) / 10 } } : null),
    likelihood: {},
  },
  {
    id: 'elapsed.hours',
    group: 'elapsed',
    see: ({ minutes }) => (minutes >= 120 ? { strength: 1, params: { minutes: Math.round(minutes), hours: Math.round(minutes / 60) } } : null),
    likelihood: {},
  },
];

/**
 * The vendor's own word for a cause, one entry for each cause that its notices are searched for (`stated-cause.ts`).
 * e³ = 20 to one, not more: the words may speak of a symptom ("connectivity"), and the first notice is often wrong.
 */
const STATED: readonly Entry[] = STATABLE.map((cause) => ({
  id: `stated.${cause}`,
  group: 'stated',
  see: ({ episode }) => (episode.official?.stated.includes(cause) ? 1 : null),
  likelihood: { [FAMILY_OF[cause]]: 1, [cause]: 3, undisclosed: -1 },
}));

export const CATALOGUE: readonly Entry[] = [...OBSERVED, ...STATED];
