import type { Snapshot, State } from '../../utils/core/snapshot.ts';
import type { Translate } from '../../utils/i18n/translate.ts';
import type { Badge, IconShape } from '../../utils/platform/badge.ts';
import { verdictOf } from '../../utils/view/verdict.ts';

const RED = '#b3261e';
const AMBER = '#8a5a00';
const GREY = '#5f6368';
const GREEN = '#146c2e';
const BLUE = '#1f4fbf';

/** Shape and text tell the state; colour only repeats them. Grey is for what is not the store's, or not known: never red. */
const LOOKS: Record<State, Omit<Badge, 'title'>> = {
  up: { text: '', colour: GREEN, shape: 'plain' },
  suspect: { text: '', colour: GREY, shape: 'plain' },
  degraded: { text: '!', colour: AMBER, shape: 'degraded' },
  down: { text: '✕', colour: RED, shape: 'down' },
  maintenance: { text: '…', colour: BLUE, shape: 'maintenance' },
  recovering: { text: '↑', colour: GREEN, shape: 'recovering' },
  own: { text: '?', colour: GREY, shape: 'own' },
  blind: { text: '?', colour: GREY, shape: 'unknown' },
  unknown: { text: '', colour: GREY, shape: 'unknown' },
};

/** @returns how the toolbar looks; its title says the verdict. */
export function badgeOf(snapshot: Snapshot, t: Translate, now: number): Badge {
  const verdict = verdictOf(snapshot, t, now);
  const look = LOOKS[snapshot.state];
  const title = snapshot.rehearsal ? t('notice.rehearsal', { title: verdict.title }) : `${t('app.name')}: ${verdict.title}`;
  return { ...look, title, shape: look.shape satisfies IconShape };
}
