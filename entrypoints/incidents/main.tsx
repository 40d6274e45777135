import { render } from 'preact';
import { useMemo } from 'preact/hooks';
import '../../components/shared/tokens.css';
import '../../components/shared/elements.css';
import '../../components/shared/page.css';
import '../../components/shared/strip.css';
import '../../components/popup/parts.css';
import '../../components/incidents/incidents.css';
import { Incidents } from '../../components/incidents/incidents.tsx';
import { exportIncident, historySource } from '../../utils/view/history-source.ts';
import { open, storedAll } from '../../utils/view/open.ts';
import type { Opened } from '../../utils/view/open.ts';
import { saveFile } from '../../utils/view/save-file.ts';
import { useSource } from '../../utils/view/source.ts';

function Live({ opened, stored }: { opened: Opened; stored: Record<string, unknown> }) {
  const snapshot = useSource(opened.snapshot);
  const now = useMemo(() => Date.now(), []);
  const source = useMemo(() => historySource(stored, now), [stored, now]);
  return (
    <Incidents snapshot={snapshot} source={source} t={opened.t} now={now} opened={location.hash.slice(1)}
      save={(record) => saveFile(`tsunagaru-${record.id}.json`, exportIncident(record, snapshot.storefrontCountry), 'application/json')} />
  );
}

const [opened, stored] = await Promise.all([open(), storedAll()]);
document.title = `${opened.t('incidents.title')} · ${opened.t('app.name')}`;
render(<Live opened={opened} stored={stored} />, document.querySelector('#app') as HTMLElement);
if (location.hash) document.getElementById(location.hash.slice(1))?.scrollIntoView();
