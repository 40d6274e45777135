import { decodeScenario, type Scenario } from '../../utils/core/scenario.ts';

/**
 * A second set of incidents, to check numbers on that were reasoned from the first: how well-known public outages looked from
 * outside, told from general knowledge in two or three strokes ("as if the music store had failed in the same way"). Shares and codes are assumed.
 * They are coarser than the scenario files, and no figure of the product is taken from them alone.
 */

type Fails = Record<string, number>;
interface View {
  fail?: Fails;
  slow?: number;
  by?: 'edge' | 'origin';
}
interface Stroke {
  at?: number;
  store?: View;
  pages?: View;
  files?: View;
  hosts?: Record<string, View>;
  neighbour?: View;
  controls?: View;
  world?: number;
  doh?: 'ok' | 'failing' | 'unreachable';
  resolver?: 'dead' | 'lies';
  skew?: number;
  says?: [service: string, type: string, text: string];
}

const PAGES = ['storefront', 'catalog', 'directory', 'charts', 'account', 'purchase'];
const FILES = ['artwork', 'audio'];

function told(id: string, start: string, end: number | null, side: 'own' | 'path' | 'store', causes: string, ...strokes: Stroke[]): Scenario {
  const phases = strokes.map((stroke) => ({
    atMinute: stroke.at ?? 0,
    ...(stroke.store ? { store: stroke.store } : {}),
    hosts: {
      ...(stroke.pages ? Object.fromEntries(PAGES.map((role) => [role, stroke.pages])) : {}),
      ...(stroke.files ? Object.fromEntries(FILES.map((role) => [role, stroke.files])) : {}),
      ...stroke.hosts,
    },
    ...(stroke.neighbour ? { neighbour: stroke.neighbour } : {}),
    ...(stroke.controls ? { controls: stroke.controls } : {}),
    ...(stroke.world === undefined ? {} : { world: { failShare: stroke.world } }),
    ...(stroke.doh ? { doh: stroke.doh } : {}),
    ...(stroke.resolver ? { resolver: stroke.resolver } : {}),
    ...(stroke.skew === undefined ? {} : { client: { clockSkewMinutes: stroke.skew } }),
    ...(stroke.says ? { official: [{ service: stroke.says[0], type: stroke.says[1], status: 'ongoing', startedAtMinute: 0, text: stroke.says[2] }] } : {}),
  }));
  const decoded = decodeScenario({ format: 1, id, title: id, start, endMinute: end, phases, truth: { side, causes: causes.split(' '), relapse: false, confidence: 'medium' }, source: ['general knowledge'] });
  if (!decoded.ok) throw new Error(`${id}: ${decoded.error.at}: ${decoded.error.reason}`);
  return decoded.value;
}

const SOME = 'Some users are affected. Users may be experiencing a problem with this service.';

export const ELSEWHERE: readonly Scenario[] = [
  told('edge-undeclared-bug-2021', '2021-06-08T09:47:00Z', 49, 'store', 'cdn-edge application-latent-bug configuration', { store: { fail: { 'http.503': 0.85 }, by: 'edge' }, neighbour: { fail: { 'http.503': 0.4 }, by: 'edge' }, controls: { fail: { 'http.503': 0.1 }, by: 'edge' }, world: 0.85 }),
  told('edge-firewall-rule-2019', '2019-07-02T13:42:00Z', 27, 'store', 'cdn-edge configuration application-release', { store: { fail: { 'http.502': 0.8 }, slow: 2, by: 'edge' }, world: 0.8 }),
  told('edge-front-door-2025', '2025-10-29T15:45:00Z', 500, 'store', 'cdn-edge configuration application-latent-bug', { store: { fail: { 'http.502': 0.3, 'http.504': 0.25, 'http.timed_out': 0.15 }, slow: 2, by: 'edge' }, neighbour: { fail: { 'http.504': 0.5 }, by: 'edge' }, world: 0.7 }, { at: 35, store: { fail: { 'http.502': 0.3, 'http.504': 0.25, 'http.timed_out': 0.15 }, slow: 2, by: 'edge' }, neighbour: { fail: { 'http.504': 0.5 }, by: 'edge' }, world: 0.7, says: ['iTunes Store', 'Outage', SOME] }),
  told('edge-dns-2021', '2021-07-22T15:46:00Z', 60, 'store', 'dns configuration application-latent-bug', { store: { fail: { 'dns.failed': 0.8, 'dns.timed_out': 0.1 } }, neighbour: { fail: { 'dns.failed': 0.8 } }, controls: { fail: { 'dns.failed': 0.05 } }, doh: 'failing', world: 0.9 }),
  told('dns-flooded-2016', '2016-10-21T11:10:00Z', 130, 'store', 'dns overload-ddos', { pages: { fail: { 'dns.timed_out': 0.5, 'dns.failed': 0.15 }, slow: 1.5 }, files: { fail: { 'dns.timed_out': 0.3 } }, doh: 'failing', world: 0.5 }),
  told('dns-migration-2019', '2019-05-02T19:43:00Z', 175, 'store', 'dns configuration', { pages: { fail: { 'dns.name_not_resolved': 0.4, 'dns.failed': 0.2 } }, neighbour: { fail: { 'dns.name_not_resolved': 0.3 } }, doh: 'failing', world: 0.6 }, { at: 40, pages: { fail: { 'dns.name_not_resolved': 0.4, 'dns.failed': 0.2 } }, doh: 'failing', world: 0.6, says: ['iTunes Store', 'Outage', 'We are investigating network connectivity issues.'] }),
  told('dns-internal-2015', '2015-03-11T09:00:00Z', 690, 'store', 'dns', { pages: { fail: { 'http.503': 0.4, 'http.timed_out': 0.3 }, slow: 2 }, neighbour: { fail: { 'http.timed_out': 0.2 }, slow: 2 }, world: 0.7 }),
  told('dns-of-table-2025', '2025-10-20T06:49:00Z', 156, 'store', 'dns database application-latent-bug', { hosts: { catalog: { fail: { 'http.500': 0.4, 'http.503': 0.2, 'http.timed_out': 0.15 }, slow: 3 }, account: { fail: { 'http.500': 0.4, 'http.503': 0.2 }, slow: 3 }, purchase: { fail: { 'http.500': 0.5, 'http.503': 0.2 } }, storefront: { fail: { 'http.503': 0.3 } }, directory: { fail: { 'http.503': 0.3 } } }, controls: { fail: { 'http.503': 0.05 } }, world: 0.6 }, { at: 40, pages: { fail: { 'http.500': 0.4, 'http.503': 0.2, 'http.timed_out': 0.15 }, slow: 3 }, world: 0.6, says: ['iTunes Store', 'Outage', 'Increased error rates. The issue appears to be related to DNS resolution of an endpoint.'] }),
  told('fire-2021', '2021-03-10T00:47:00Z', null, 'store', 'fire-cooling power', { pages: { fail: { 'tcp.timed_out': 0.3 } }, world: 0.3 }, { at: 25, pages: { fail: { 'tcp.timed_out': 0.97 } }, world: 1 }, { at: 50, pages: { fail: { 'tcp.timed_out': 0.97 } }, world: 1, says: ['iTunes Store', 'Outage', 'We have a major incident with a fire in the data centre.'] }),
  told('power-airline-2016', '2016-08-08T06:30:00Z', 360, 'store', 'power network-device', { pages: { fail: { 'http.503': 0.35, 'tcp.timed_out': 0.55 } }, world: 0.9 }),
  told('power-airline-2017', '2017-05-27T08:30:00Z', null, 'store', 'power', { pages: { fail: { 'tcp.timed_out': 0.9 } }, neighbour: { fail: { 'tcp.timed_out': 0.3 } }, world: 0.9 }),
  told('cooling-exchange-2016', '2024-07-10T03:00:00Z', 900, 'store', 'fire-cooling power', { pages: { fail: { 'http.503': 0.2, 'tcp.timed_out': 0.2 }, slow: 1.5 } }, { at: 20, pages: { fail: { 'http.503': 0.3, 'tcp.timed_out': 0.5 } }, world: 0.8 }),
  told('bank-migration-2018', '2018-04-22T17:00:00Z', null, 'store', 'application-release database middleware', { hosts: { account: { fail: { 'http.500': 0.3, 'http.503': 0.2, 'content.unexpected': 0.15 }, slow: 3 }, purchase: { fail: { 'http.500': 0.3, 'content.unexpected': 0.2 }, slow: 3 }, storefront: { fail: { 'http.500': 0.2 }, slow: 2 } } }),
  told('endpoint-agent-2024', '2024-07-19T04:09:00Z', null, 'store', 'operating-system application-release bad-data', { pages: { fail: { 'http.503': 0.35, 'tcp.timed_out': 0.3 }, slow: 1.5 }, neighbour: { fail: { 'http.503': 0.2 } }, world: 0.5 }),
  told('leap-second-dns-flights-2012', '2012-07-01T00:00:00Z', 150, 'store', 'operating-system', { pages: { fail: { 'http.503': 0.4, 'http.timed_out': 0.3 }, slow: 6 } }),
  told('kernel-livelock-2016', '2016-03-10T14:20:00Z', 1300, 'store', 'operating-system', { pages: { fail: { 'http.timed_out': 0.25, 'http.503': 0.1 }, slow: 5 } }, { at: 30, pages: { fail: { 'http.timed_out': 0.45, 'http.503': 0.15 }, slow: 7 } }),
  told('partition-database-2018', '2018-10-21T22:52:00Z', 1451, 'store', 'database network-device storage', { hosts: { catalog: { fail: { 'content.stale': 0.4, 'http.500': 0.1 }, slow: 2 }, storefront: { fail: { 'http.500': 0.1 }, slow: 2 }, charts: { fail: { 'content.stale': 0.6 } }, purchase: { fail: { 'http.500': 0.3 }, slow: 2 } } }),
  told('database-locks-2018', '2018-02-03T18:20:00Z', 300, 'store', 'database overload-ddos', { hosts: { account: { fail: { 'http.timed_out': 0.25, 'http.503': 0.25 }, slow: 4 }, purchase: { fail: { 'http.timed_out': 0.2, 'http.503': 0.2 }, slow: 4 }, catalog: { slow: 2.5 } } }),
  told('mirror-storm-2011', '2011-04-21T07:47:00Z', 2880, 'store', 'storage network-device', { pages: { fail: { 'http.timed_out': 0.3, 'http.500': 0.1 }, slow: 5 } }, { at: 15, pages: { fail: { 'http.timed_out': 0.5, 'http.500': 0.15 }, slow: 6 } }),
  told('phone-data-lost-2009', '2009-10-02T15:00:00Z', null, 'store', 'storage', { hosts: { account: { fail: { 'http.500': 0.5, 'http.timed_out': 0.2 }, slow: 2 }, catalog: { fail: { 'http.500': 0.2 } } } }),
  told('object-store-2017b', '2019-11-05T18:00:00Z', 220, 'store', 'storage', { files: { fail: { 'http.500': 0.3, 'http.503': 0.2 }, slow: 3 } }),
  told('mfa-morning-2018', '2018-11-19T04:39:00Z', 870, 'store', 'authentication overload-ddos application-latent-bug', { hosts: { account: { fail: { 'http.timed_out': 0.35, 'http.503': 0.2 }, slow: 4 }, purchase: { fail: { 'http.503': 0.1 } } } }),
  told('identity-dns-2020', '2020-09-28T21:25:00Z', 190, 'store', 'authentication application-release configuration', { hosts: { account: { fail: { 'http.500': 0.5, 'http.503': 0.3 } }, purchase: { fail: { 'http.500': 0.2 } } }, world: 0.8 }),
  told('console-breach-2011', '2011-04-20T16:15:00Z', null, 'store', 'security-shutdown', { hosts: { account: { fail: { 'content.maintenance': 1 } }, purchase: { fail: { 'content.maintenance': 1 } }, catalog: { fail: { 'content.maintenance': 1 } }, storefront: { fail: { 'content.maintenance': 1 } } } }, { at: 30, pages: { fail: { 'content.maintenance': 1 } }, says: ['iTunes Store', 'Outage', 'We are aware that certain functions are down.'] }),
  told('console-maintenance', '2014-10-06T15:50:00Z', 480, 'store', 'planned-maintenance', { hosts: { account: { fail: { 'content.maintenance': 0.6, 'http.503': 0.3 } }, purchase: { fail: { 'content.maintenance': 0.6, 'http.503': 0.3 } } }, says: ['iTunes Store', 'Maintenance', 'Scheduled maintenance. Some services are unavailable.'] }),
  told('games-tuesday', '2019-05-07T23:00:00Z', 25, 'store', 'planned-maintenance', { hosts: { storefront: { fail: { 'http.503': 0.7, 'http.502': 0.2 } }, catalog: { fail: { 'http.503': 0.8 } }, purchase: { fail: { 'http.503': 0.9 } }, account: { fail: { 'http.503': 0.5 } } } }),
  told('clearing-2023', '2023-10-09T23:30:00Z', 2000, 'store', 'payment-external application-release', { hosts: { purchase: { fail: { 'http.500': 0.7, 'http.503': 0.1 } } } }),
  told('cards-2024', '2024-06-10T09:00:00Z', 90, 'store', 'payment-external', { hosts: { purchase: { fail: { 'http.504': 0.3, 'http.timed_out': 0.3 }, slow: 4 } } }),
  told('wallet-power-2015', '2015-10-29T17:40:00Z', 240, 'store', 'payment-external power', { hosts: { purchase: { fail: { 'http.503': 0.6, 'http.timed_out': 0.2 } } } }),
  told('balancer-state-deleted-2012', '2012-12-24T20:24:00Z', 1200, 'store', 'load-balancer bad-data storage', { hosts: { directory: { fail: { 'http.503': 0.4, 'tcp.refused': 0.1 }, slow: 1.5 }, account: { fail: { 'http.503': 0.4 } }, catalog: { fail: { 'http.503': 0.3 } }, storefront: { fail: { 'http.503': 0.3 } } } }),
  told('balancer-2015', '2020-12-10T10:10:00Z', 40, 'store', 'load-balancer configuration', { pages: { fail: { 'http.502': 0.6, 'tcp.refused': 0.2 }, by: 'edge' }, world: 0.8 }),
  told('mail-capacity-2009', '2009-09-01T19:30:00Z', 100, 'store', 'overload-ddos network-device', { pages: { fail: { 'http.502': 0.3, 'http.503': 0.3, 'http.timed_out': 0.2 }, slow: 3 }, world: 0.8 }),
  told('verify-loop-2010', '2010-09-23T18:30:00Z', 150, 'store', 'bad-data configuration database', { pages: { fail: { 'http.500': 0.5, 'http.503': 0.3 }, slow: 2 }, files: { fail: { 'http.500': 0.1 } }, world: 0.9 }),
  told('server-config-2019', '2019-03-13T16:00:00Z', 1400, 'store', 'configuration', { hosts: { storefront: { fail: { 'http.500': 0.2, 'http.503': 0.2 } }, account: { fail: { 'http.500': 0.4 } }, catalog: { fail: { 'http.500': 0.3 } }, artwork: { fail: { 'http.503': 0.3 } }, audio: { fail: { 'http.503': 0.3 } }, purchase: { fail: { 'http.500': 0.3 } } }, world: 0.5 }),
  told('quota-null-pointer-2025', '2025-06-12T17:51:00Z', 200, 'store', 'application-latent-bug bad-data configuration', { store: { fail: { 'http.503': 0.7 } }, neighbour: { fail: { 'http.503': 0.3 } }, controls: { fail: { 'http.503': 0.1 } }, world: 0.9 }),
  told('telemetry-2024', '2024-12-11T23:16:00Z', 250, 'store', 'configuration application-release dns middleware', { pages: { fail: { 'http.503': 0.6, 'http.500': 0.3 } } }),
  told('cluster-upgrade-2023', '2023-03-14T19:05:00Z', 314, 'store', 'application-release middleware network-routing', { pages: { fail: { 'http.503': 0.95 } }, world: 0.95 }),
  told('lambda-capacity-2023', '2023-06-13T18:49:00Z', 110, 'store', 'application-latent-bug', { hosts: { catalog: { fail: { 'http.500': 0.4 } }, account: { fail: { 'http.500': 0.3 } }, charts: { fail: { 'http.500': 0.3 } }, purchase: { fail: { 'http.500': 0.2 } } } }),
  told('release-catalog', '2022-09-13T17:20:00Z', 55, 'store', 'application-release', { hosts: { catalog: { fail: { 'http.500': 0.7 } }, storefront: { fail: { 'content.unexpected': 0.4 } } } }),
  told('gateway-2021', '2021-01-04T15:00:00Z', 290, 'store', 'network-device overload-ddos', { pages: { slow: 2.5, fail: { 'http.timed_out': 0.1 } } }, { at: 20, pages: { fail: { 'http.timed_out': 0.3, 'http.503': 0.2 }, slow: 5 } }),
  told('storm-switch-2011', '2012-07-26T11:00:00Z', 150, 'store', 'network-device', { store: { fail: { 'tcp.timed_out': 0.3, 'http.timed_out': 0.2 }, slow: 4 }, neighbour: { fail: { 'tcp.timed_out': 0.3 }, slow: 4 }, world: 0.5 }),
  told('cluster-network-2019b', '2018-07-17T19:17:00Z', 39, 'store', 'load-balancer application-latent-bug', { store: { fail: { 'http.502': 0.6, 'http.503': 0.1 }, by: 'edge' }, world: 0.7 }),
  told('game-launch-2016', '2016-07-16T11:00:00Z', 500, 'store', 'overload-ddos', { hosts: { account: { fail: { 'http.503': 0.25, 'http.timed_out': 0.25 }, slow: 5 }, directory: { fail: { 'http.timed_out': 0.2 }, slow: 4 }, catalog: { slow: 3 } } }),
  told('launch-day-2019', '2019-11-12T12:00:00Z', 700, 'store', 'overload-ddos', { hosts: { storefront: { fail: { 'http.503': 0.2 }, slow: 3 }, account: { fail: { 'http.503': 0.4, 'http.timed_out': 0.1 }, slow: 4 }, catalog: { fail: { 'http.503': 0.2 }, slow: 3 } } }),
  told('gift-cards-2008', '2008-12-25T15:00:00Z', 2000, 'store', 'overload-ddos', { pages: { fail: { 'http.timed_out': 0.3, 'http.503': 0.1 }, slow: 6 }, files: { slow: 2 } }),
  told('sale-day-2018', '2018-07-16T19:00:00Z', 180, 'store', 'overload-ddos', { hosts: { storefront: { fail: { 'content.unexpected': 0.3, 'http.503': 0.4 }, slow: 3 }, catalog: { fail: { 'http.503': 0.3 }, slow: 3 }, purchase: { fail: { 'http.503': 0.2 }, slow: 3 } }, world: 0.5 }),
  told('ddos-volumetric', '2020-02-11T18:00:00Z', 180, 'store', 'overload-ddos', { pages: { fail: { 'tcp.timed_out': 0.5, 'tcp.reset': 0.1 }, slow: 4 } }),
  told('certificate-player-2020', '2020-08-19T12:00:00Z', 60, 'store', 'tls-certificate', { hosts: { storefront: { fail: { 'tls.cert.date_invalid': 0.98 } }, directory: { fail: { 'tls.cert.date_invalid': 0.98 } }, catalog: { fail: { 'tls.cert.date_invalid': 0.98 } } }, world: 0.98 }),
  told('certificate-one-2017', '2017-11-30T09:00:00Z', 200, 'store', 'tls-certificate', { hosts: { account: { fail: { 'tls.cert.date_invalid': 1 } } } }),
  told('missing-albums-2018', '2018-06-06T10:00:00Z', 300, 'store', 'bad-data', { hosts: { catalog: { fail: { 'content.unexpected': 0.7 } }, charts: { fail: { 'content.unexpected': 0.5 } } } }),
  told('cache-others-2017', '2017-02-23T10:00:00Z', 120, 'store', 'cdn-edge application-latent-bug', { hosts: { storefront: { fail: { 'content.unexpected': 0.3 }, by: 'edge' }, artwork: { fail: { 'content.unexpected': 0.2 }, by: 'edge' } } }),
  told('discovery-2020', '2020-05-12T21:00:00Z', 180, 'store', 'middleware load-balancer', { hosts: { directory: { fail: { 'http.503': 0.5, 'http.500': 0.1 } }, account: { fail: { 'http.503': 0.5 } }, catalog: { fail: { 'http.503': 0.4 } }, purchase: { fail: { 'http.503': 0.2 } } } }),
  told('announcements-gone-2019', '2022-03-28T12:00:00Z', 45, 'store', 'network-routing', { store: { fail: { 'tcp.timed_out': 0.6, 'tcp.address_unreachable': 0.1 } }, neighbour: { fail: { 'tcp.timed_out': 0.6 } }, world: 0.6 }),
  told('wan-update-2023', '2023-01-25T07:05:00Z', 160, 'store', 'network-routing configuration network-device', { store: { fail: { 'tcp.timed_out': 0.4, 'http.timed_out': 0.1 }, slow: 3 }, neighbour: { fail: { 'tcp.timed_out': 0.4 }, slow: 3 }, world: 0.5 }),
  told('fibre-cut-2020', '2020-12-01T10:00:00Z', 240, 'store', 'network-routing', { pages: { fail: { 'tcp.timed_out': 0.7 }, slow: 2 }, neighbour: { fail: { 'tcp.timed_out': 0.5 } }, world: 0.3 }),
  // ── the user's side and the way
  told('leak-2017', '2017-11-06T17:47:00Z', 90, 'path', 'network-routing', { store: { fail: { 'tcp.timed_out': 0.25 }, slow: 2.5 }, neighbour: { fail: { 'tcp.timed_out': 0.25 }, slow: 2 }, controls: { fail: { 'tcp.timed_out': 0.12 }, slow: 1.6 }, world: 0.05 }),
  told('transit-2016', '2016-06-20T12:10:00Z', 60, 'path', 'network-routing', { store: { fail: { 'tcp.timed_out': 0.4, 'tcp.reset': 0.1 }, slow: 2 }, neighbour: { fail: { 'tcp.timed_out': 0.3 } }, controls: { fail: { 'tcp.timed_out': 0.2 } }, world: 0.2 }),
  told('carrier-2023', '2023-11-07T17:05:00Z', 840, 'path', 'local network-routing', { store: { fail: { 'dns.timed_out': 0.5, 'tcp.timed_out': 0.5 } }, neighbour: { fail: { 'dns.timed_out': 0.5, 'tcp.timed_out': 0.5 } }, controls: { fail: { 'dns.timed_out': 0.5, 'tcp.timed_out': 0.5 } }, doh: 'unreachable', world: 0 }),
  told('carrier-certificate-2018', '2018-12-06T04:39:00Z', 265, 'path', 'local tls-certificate', { store: { fail: { 'tcp.timed_out': 0.6, 'dns.timed_out': 0.2 } }, neighbour: { fail: { 'tcp.timed_out': 0.8 } }, controls: { fail: { 'tcp.timed_out': 0.6, 'dns.timed_out': 0.2 } }, world: 0 }),
  told('offline', '2024-05-01T10:00:00Z', 20, 'own', 'local', { store: { fail: { 'tcp.address_unreachable': 1 } }, neighbour: { fail: { 'tcp.address_unreachable': 1 } }, controls: { fail: { 'tcp.address_unreachable': 1 } }, doh: 'unreachable' }),
  told('portal', '2024-05-02T10:00:00Z', 20, 'own', 'captive-portal', { store: { fail: { 'tls.cert.name_invalid': 0.6, 'tcp.timed_out': 0.4 } }, neighbour: { fail: { 'redirect.foreign': 1 } }, controls: { fail: { 'redirect.foreign': 1 } } }),
  told('resolver-dead', '2024-05-03T10:00:00Z', 40, 'own', 'own-resolver', { store: { fail: { 'dns.timed_out': 1 } }, neighbour: { fail: { 'dns.timed_out': 1 } }, controls: { fail: { 'dns.timed_out': 1 } }, resolver: 'dead', doh: 'ok', world: 0 }),
  told('resolver-servfail', '2024-05-03T10:00:00Z', 40, 'own', 'own-resolver', { store: { fail: { 'dns.failed': 1 } }, neighbour: { fail: { 'dns.failed': 1 } }, controls: { fail: { 'dns.failed': 1 } }, resolver: 'dead', doh: 'ok', world: 0 }),
  told('list-artwork', '2024-05-04T10:00:00Z', null, 'own', 'blocker own-resolver', { hosts: { artwork: { fail: { 'dns.name_not_resolved': 1 } } }, resolver: 'lies', doh: 'ok', world: 0 }),
  told('extension-blocks', '2024-05-05T10:00:00Z', null, 'own', 'blocker', { hosts: { audio: { fail: { 'blocked.by_client': 1 } }, charts: { fail: { 'blocked.by_client': 1 } } } }),
  told('vpn-shared', '2024-05-06T10:00:00Z', 90, 'own', 'proxy-vpn', { store: { fail: { 'http.429': 0.4, 'http.403': 0.4 }, by: 'edge' }, neighbour: { fail: { 'http.403': 0.6 }, by: 'edge' }, controls: { fail: { 'http.429': 0.3, 'http.403': 0.2 } } }),
  told('vpn-half', '2024-05-07T10:00:00Z', 30, 'own', 'proxy-vpn local', { store: { fail: { 'tcp.reset': 0.4, 'http.timed_out': 0.3 }, slow: 3 }, neighbour: { fail: { 'tcp.reset': 0.4 }, slow: 3 }, controls: { fail: { 'tcp.reset': 0.4, 'http.timed_out': 0.3 }, slow: 3 } }),
  told('clock-ten-days', '2024-05-08T10:00:00Z', null, 'own', 'own-clock', { store: { fail: { 'tls.cert.date_invalid': 0.8 } }, neighbour: { fail: { 'tls.cert.date_invalid': 0.8 } }, controls: { fail: { 'tls.cert.date_invalid': 0.8 } }, skew: -14_400, world: 0 }),
  told('interception', '2024-05-09T10:00:00Z', null, 'own', 'tls-interception', { store: { fail: { 'tls.cert.authority_invalid': 1 } }, neighbour: { fail: { 'tls.cert.authority_invalid': 1 } }, controls: { fail: { 'tls.cert.authority_invalid': 1 } }, world: 0 }),
];
