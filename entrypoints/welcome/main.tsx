import { render } from 'preact';
import '../../components/shared/tokens.css';
import '../../components/shared/elements.css';
import '../../components/shared/page.css';
import '../../components/shared/way.css';
import '../../components/welcome/welcome.css';
import { Welcome } from '../../components/welcome/welcome.tsx';
import { contacts } from '../../utils/view/contacts.ts';
import { open } from '../../utils/view/open.ts';
import type { Opened } from '../../utils/view/open.ts';
import { useNow, useSource } from '../../utils/view/source.ts';

const asked = contacts();

function Live({ opened }: { opened: Opened }) {
  return (
    <Welcome snapshot={useSource(opened.snapshot)} t={opened.t} now={useNow(Date.now)} send={opened.send} progress={useSource(opened.progress)}
      contacts={asked} platform={navigator.platform} allowStore={opened.allowStore} />
  );
}

const opened = await open();
document.title = opened.t('app.name');
render(<Live opened={opened} />, document.querySelector('#app') as HTMLElement);
