import { useState } from 'preact/hooks';
import type { Reminder } from '../../utils/core/reminder.ts';
import type { Translate } from '../../utils/i18n/translate.ts';
import type { Send } from '../../utils/view/source.ts';

/** Offers to keep what the user looks at in the tab; nothing where that is kept already, or nothing one could keep. */
export function RemindSong({ song, reminders, t, send }: { song: Reminder | null; reminders: readonly Reminder[]; t: Translate; send: Send }) {
  const [failed, setFailed] = useState(false);
  if (song === null || reminders.some(({ id }) => id === song.id)) return null;
  const words = song.kind === 'song' || song.kind === 'album' ? t(`banner.remind.${song.kind}`) : t('banner.remind.page');
  const keep = async () => setFailed(!(await send('remind', { reminder: song })).ok);
  return (
    <p class="chips">
      <button type="button" class="button small" data-action="remind" onClick={() => void keep()}>{words}</button>
      <span class="small">{failed ? t('banner.failed') : song.title}</span>
    </p>
  );
}
