import type { Role } from '../core/role.ts';
import { TARGETS } from '../core/targets.ts';

/** One host that is asked, and what it stands for. */
export interface Contact {
  host: string;
  role: Role;
}

/** @returns the hosts of the table of targets: those of every check, and those asked only when something failed; each host once. */
export function contacts(): { always: Contact[]; trouble: Contact[] } {
  const all = TARGETS.map(({ host, role }) => ({ host, role })).filter(({ host }, index, list) => list.findIndex((each) => each.host === host) === index);
  const later = (role: Role) => role === 'neighbour' || role === 'controls';
  return { always: all.filter(({ role }) => !later(role)), trouble: all.filter(({ role }) => later(role)) };
}
