import { render } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import '../../components/shared/tokens.css';
import '../../components/shared/elements.css';
import '../../components/shared/strip.css';
import '../../components/shared/way.css';
import '../../components/popup/parts.css';
import '../../components/popup/popup.css';
import { Popup } from '../../components/popup/popup.tsx';
import type { Reminder } from '../../utils/core/reminder.ts';
import { overlaid } from '../../utils/core/settings.ts';
import { songOfTab } from '../../utils/platform/tabs.ts';
import { open } from '../../utils/view/open.ts';
import type { Opened } from '../../utils/view/open.ts';
import { elsewhereOf } from '../../utils/view/elsewhere.ts';
import { keepHeight } from '../../utils/view/first.ts';
import { worldIsForbidden, worldIsOn } from '../../utils/view/others.ts';
import { useNow, useSource } from '../../utils/view/source.ts';

function Live({ opened }: { opened: Opened }) {
  const snapshot = useSource(opened.snapshot);
  const [song, setSong] = useState<Reminder | null>(null);
  useEffect(() => void songOfTab(Date.now()).then(setSong), []);
  const stored = useSource(opened.settings);
  const settings = overlaid(stored);
  return (
    <Popup
      snapshot={snapshot}
      t={opened.t}
      now={useNow(Date.now)}
      send={opened.send}
      progress={useSource(opened.progress)}
      reminders={useSource(opened.reminders)}
      elsewhere={elsewhereOf(settings, snapshot.storefrontCountry)}
      worldOn={worldIsOn(settings)}
      worldForbidden={worldIsForbidden(stored.managed)}
      song={song}
      allowStore={opened.allowStore}
      allowWorld={opened.allowWorld}
    />
  );
}

const opened = await open();
document.title = opened.t('app.name');
render(<Live opened={opened} />, document.querySelector('#app') as HTMLElement);
// The next one opens at its size at once.
requestAnimationFrame(() => setTimeout(() => {
  document.body.style.minHeight = '';
  keepHeight(document.documentElement.scrollHeight);
  performance.mark('whole');
}));
