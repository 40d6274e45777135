import { render } from 'preact';
import '../../components/shared/tokens.css';
import '../../components/shared/elements.css';
import '../../components/shared/page.css';
import '../../components/options/options.css';
import { Options } from '../../components/options/options.tsx';
import type { Language } from '../../utils/core/settings.ts';
import { settingsInForce } from '../../utils/store/managed.ts';
import { languagesThere, open, tokenKept } from '../../utils/view/open.ts';
import type { Opened } from '../../utils/view/open.ts';
import { rehearsalsIn } from '../../utils/view/rehearsals.ts';
import { saveFile } from '../../utils/view/save-file.ts';
import { useSource } from '../../utils/view/source.ts';
import { useMemo } from 'preact/hooks';

function Live({ opened, languages, kept }: { opened: Opened; languages: readonly Language[]; kept: boolean }) {
  const stored = useSource(opened.settings);
  const { settings, fixed, flaws } = useMemo(() => settingsInForce(stored), [stored]);
  const { rehearsal, problems } = useSource(opened.snapshot);
  return <Options settings={settings} fixed={fixed} flaws={flaws} t={opened.t} send={opened.send} languages={languages} rehearsals={rehearsalsIn(opened.t)} playing={rehearsal} problems={problems} platform={navigator.platform} allowWorld={opened.allowWorld} tokenKept={kept} save={saveFile} />;
}

const opened = await open();
await opened.settled;
document.title = `${opened.t('options.title')} · ${opened.t('app.name')}`;
render(<Live opened={opened} languages={await languagesThere()} kept={await tokenKept()} />, document.querySelector('#app') as HTMLElement);
// The section named in the address exists only now.
if (location.hash) document.querySelector(location.hash)?.scrollIntoView();
