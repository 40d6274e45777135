import type { Notification } from '../../utils/app/ports.ts';
import { flaw, success, type Outcome } from '../../utils/core/result.ts';
import type { Scenario } from '../../utils/core/scenario.ts';
import type { Translate } from '../../utils/i18n/translate.ts';
import { urlOf } from '../../utils/platform/runtime.ts';

const REHEARSALS = 'rehearsals.json';

/** Reads a scenario that the build has put into the extension, decoded as it is there. */
export async function loadScenario(id: string): Promise<Outcome<Scenario>> {
  try {
    const answer = await fetch(urlOf(`/${REHEARSALS}`));
    if (!answer.ok) return flaw(REHEARSALS, `status ${answer.status}`);
    const scenario = ((await answer.json()) as Scenario[]).find((each) => each.id === id);
    return scenario === undefined ? flaw(REHEARSALS, `no ${id}`) : success(scenario);
  } catch (error) {
    return flaw(REHEARSALS, error instanceof Error ? error.message : String(error));
  }
}

/** @returns the notification of something that is only played. Its id is no incident's: pressing it brings no song. */
export function rehearsed(notification: Notification, t: Translate): Notification {
  return { ...notification, id: `${notification.id}:rehearsal`, title: t('notice.rehearsal', { title: notification.title }) };
}
