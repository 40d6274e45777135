import { render } from 'preact';
import '../../components/shared/tokens.css';
import '../../components/shared/strip.css';
import '../../components/shared/way.css';
import '../../components/popup/parts.css';
import '../../components/popup/popup.css';
import { Popup } from '../../components/popup/popup.tsx';
import { open } from '../../utils/view/open.ts';
import type { Opened } from '../../utils/view/open.ts';
import { elsewhereOf } from '../../utils/view/elsewhere.ts';
import { useNow, useSource } from '../../utils/view/source.ts';

function Live({ opened }: { opened: Opened }) {
  const snapshot = useSource(opened.snapshot);
  return (
    <Popup
      snapshot={snapshot}
      t={opened.t}
      now={useNow(Date.now)}
      send={opened.send}
      progress={useSource(opened.progress)}
      reminders={useSource(opened.reminders)}
      elsewhere={elsewhereOf(useSource(opened.settings), snapshot.storefrontCountry)}
      allowStore={opened.allowStore}
      allowWorld={opened.allowWorld}
    />
  );
}

const opened = await open();
document.title = opened.t('app.name');
render(<Live opened={opened} />, document.querySelector('#app') as HTMLElement);
