import type { Cause } from '../core/causes.ts';
import type { Role } from '../core/role.ts';
import type { Snapshot, TargetLine } from '../core/snapshot.ts';

/** The stations between the user and a bought song, in the order a request passes them. */
export const STATIONS = ['device', 'connection', 'names', 'edge', 'store', 'sign-in', 'purchase'] as const;
export type StationId = (typeof STATIONS)[number];

/**
 * - `ok`, `slow`: it answers.
 * - `partial`: some of what belongs to it fails, or it failed and is being checked again.
 * - `broken`: it fails, and the fault is the store's. `closed`: the same, on purpose (maintenance).
 * - `cut`: the break is on the user's side or on the way. Never drawn in red: nobody but the user is concerned.
 * - `unknown`: beyond a break, or not asked: nothing can be said.
 */
export type StationStatus = 'ok' | 'slow' | 'partial' | 'broken' | 'closed' | 'cut' | 'unknown';

export interface Station {
  id: StationId;
  status: StationStatus;
  /** The parts of it that fail, for the words beside the picture. */
  failing: Role[];
}

/** Where own-side trouble of each kind sits on the way. */
const PLACE_OF_TROUBLE: Partial<Record<Cause, StationId>> = {
  local: 'connection',
  'captive-portal': 'connection',
  'proxy-vpn': 'connection',
  'tls-interception': 'connection',
  'own-resolver': 'names',
  blocker: 'device',
  'own-clock': 'device',
};

/** What the content network delivers by itself, and what the application behind it answers. */
const EDGE_ROLES: ReadonlySet<Role> = new Set(['artwork', 'audio']);
const STORE_ROLES: ReadonlySet<Role> = new Set(['storefront', 'catalog', 'directory', 'charts']);

const answered = (line: TargetLine): boolean => line.status === 'ok' || line.status === 'slow';
/** The request came as far as the server's words: whatever is wrong lies behind the network. */
const spokenTo = (line: TargetLine): boolean => answered(line) || line.phase === 'http' || line.phase === 'content';
const resolved = (line: TargetLine): boolean => answered(line) || line.phase !== 'dns';

/**
 * The way from the user to the store, as the last look at it showed it.
 * A line of a target that never worked from this browser says nothing, nor does one that was not asked.
 * @returns the seven stations in order, each with its status
 */
export function wayOf(snapshot: Pick<Snapshot, 'state' | 'side' | 'ownTrouble' | 'targets'>): Station[] {
  if (snapshot.state === 'own') {
    return cutAt(snapshot.ownTrouble ? (PLACE_OF_TROUBLE[snapshot.ownTrouble] ?? 'connection') : snapshot.side === 'path' ? 'edge' : 'connection');
  }
  if (snapshot.state === 'blind' || snapshot.state === 'unknown') {
    return STATIONS.map((id) => ({ id, status: id === 'device' ? 'ok' : 'unknown', failing: [] }));
  }

  const lines = snapshot.targets.filter((line) => line.role !== 'controls' && line.role !== 'neighbour' && line.trusted && (answered(line) || line.status === 'failed'));
  const known = lines.filter(resolved);
  const reached = known.filter(spokenTo);
  const own = (role: Role): Station => {
    const its = lines.filter((line) => line.role === role && (spokenTo(line) || reached.length > 0));
    return station(role === 'account' ? 'sign-in' : 'purchase', its, (line) => !answered(line));
  };
  const stations: Station[] = [
    { id: 'device', status: 'ok', failing: [] },
    { id: 'connection', status: 'ok', failing: [] },
    { ...station('names', lines, (line) => !resolved(line)) },
    station('edge', known, (line) => !spokenTo(line) || (EDGE_ROLES.has(line.role) && !answered(line))),
    station('store', reached.filter((line) => STORE_ROLES.has(line.role)), (line) => !answered(line)),
    own('account'),
    own('purchase'),
  ];
  const told: Partial<Record<StationStatus, StationStatus>> =
    snapshot.state === 'suspect' ? { broken: 'partial' } : snapshot.state === 'maintenance' ? { broken: 'closed', partial: 'closed' } : {};
  return stations.map((each) => ({ ...each, status: told[each.status] ?? each.status }));
}

/** @returns the stations that are not as they should be, in order. */
export function breaksOf(way: readonly Station[]): Station[] {
  return way.filter(({ status }) => status !== 'ok' && status !== 'unknown' && status !== 'slow');
}

function cutAt(place: StationId): Station[] {
  const at = STATIONS.indexOf(place);
  return STATIONS.map((id, index) => ({ id, status: index < at ? 'ok' : index === at ? 'cut' : 'unknown', failing: [] }));
}

function station(id: StationId, lines: readonly TargetLine[], fails: (line: TargetLine) => boolean): Station {
  if (lines.length === 0) return { id, status: 'unknown', failing: [] };
  const failing = lines.filter(fails);
  const roles = [...new Set(failing.map(({ role }) => role))];
  if (failing.length === lines.length) return { id, status: 'broken', failing: roles };
  if (failing.length > 0) return { id, status: 'partial', failing: roles };
  // Slowness is told at the place that is reached by all, so that one slow part does not paint the names slow.
  const slow = id !== 'names' && lines.every(({ status }) => status === 'slow');
  return { id, status: slow ? 'slow' : 'ok', failing: [] };
}
