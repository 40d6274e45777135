import { render } from 'preact';
import type { VNode } from 'preact';
import '../../components/shared/tokens.css';
import '../../components/shared/elements.css';
import '../../components/shared/strip.css';
import '../../components/shared/way.css';
import '../../components/shared/page.css';
import '../../components/popup/parts.css';
import '../../components/popup/popup.css';
import '../../components/options/options.css';
import '../../components/incidents/incidents.css';
import '../../components/welcome/welcome.css';
import { Welcome } from '../../components/welcome/welcome.tsx';
import { contacts } from '../../utils/view/contacts.ts';
import { Incidents } from '../../components/incidents/incidents.tsx';
import { exampleSource } from '../../utils/view/history-examples.ts';
import { historySource } from '../../utils/view/history-source.ts';
import { Options } from '../../components/options/options.tsx';
import { Popup } from '../../components/popup/popup.tsx';
import { en } from '../../utils/i18n/en/index.ts';
import { ja } from '../../utils/i18n/ja/index.ts';
import { zhHans } from '../../utils/i18n/zh-Hans/index.ts';
import { zhHant } from '../../utils/i18n/zh-Hant/index.ts';
import { ko } from '../../utils/i18n/ko/index.ts';
import { de } from '../../utils/i18n/de/index.ts';
import { fr } from '../../utils/i18n/fr/index.ts';
import { es } from '../../utils/i18n/es/index.ts';
import { pt } from '../../utils/i18n/pt/index.ts';
import { it } from '../../utils/i18n/it/index.ts';
import { translator } from '../../utils/i18n/translate.ts';
import { DEFAULT_SETTINGS } from '../../utils/core/settings.ts';
import type { Settings } from '../../utils/core/settings.ts';
import { success } from '../../utils/core/result.ts';
import { rehearsalsIn } from '../../utils/view/rehearsals.ts';
import type { Send } from '../../utils/view/source.ts';
import { NOW, PROGRESS, SNAPSHOTS, snapshotOf } from './snapshots.ts';
import type { SnapshotName } from './snapshots.ts';

const CATALOGUES = { en, ja, 'zh-Hans': zhHans, 'zh-Hant': zhHant, ko, de, fr, es, pt, it } as const;
const send = (async () => success(null)) as unknown as Send;
const agree = async () => true;
const root = document.querySelector('#app') as HTMLElement;

/** Shows a view in a state, without the extension: `?view=popup&state=down&lang=ja&theme=dark`, and `&open` for all that unfolds, `&progress`, `&world`. */
function show(query: string): void {
  const asked = new URLSearchParams(query);
  const wished = asked.get('lang') ?? 'en';
  const language = wished in CATALOGUES ? (wished as keyof typeof CATALOGUES) : 'en';
  const t = translator(CATALOGUES[language], language);
  document.documentElement.lang = language;
  document.documentElement.dataset['theme'] = asked.get('theme') ?? 'light';
  const name = asked.get('state') ?? 'up';
  const state: SnapshotName = name in SNAPSHOTS ? (name as SnapshotName) : 'up';
  const snapshot = snapshotOf(state, language);
  const progress = asked.has('progress') ? PROGRESS : null;
  const world = state === 'rehearsal' || asked.has('world');
  const settings: Settings = { ...DEFAULT_SETTINGS, elsewhere: state === 'down' ? [{ name: 'mora', url: 'https://mora.jp/search/top?keyWord={query}' }] : [], secondOpinion: { ...DEFAULT_SETTINGS.secondOpinion, world: world ? 'on-request' : 'off' } };

  const views: Record<string, () => VNode> = {
    popup: () => (
      <Popup
        snapshot={snapshot}
        t={t}
        now={NOW}
        send={send}
        progress={progress}
        reminders={state === 'degraded' ? [{ id: 'jp:song:1', kind: 'song', title: '世界に一つだけの花', artist: 'SMAP', artwork: null, url: 'https://music.apple.com/jp/song/1', addedAt: NOW }] : []}
        elsewhere={['mora', 'レコチョク', 'Amazon Music', 'YouTube Music', 'Spotify'].map((shop) => ({ name: shop, url: `https://example.com/?q={query}` }))}
        allowStore={agree}
        allowWorld={agree}
        worldOn={world}
      />
    ),
    options: () => <Options settings={settings} t={t} send={send} languages={Object.keys(CATALOGUES) as (keyof typeof CATALOGUES)[]} rehearsals={rehearsalsIn(t)} playing={snapshot.rehearsal} platform="Linux" allowWorld={agree} save={() => {}} />,
    welcome: () => <Welcome snapshot={snapshot} t={t} now={NOW} send={send} progress={progress} contacts={contacts()} platform="Linux" allowStore={agree} />,
    incidents: () => <Incidents snapshot={snapshot} source={state === 'up-first' ? historySource({}, NOW) : exampleSource()} t={t} now={NOW} save={() => {}} opened={`i-${Math.round((NOW - 83.6 * 86_400_000) / 60_000) * 60_000}`} />,
  };

  render(null, root);
  render((views[asked.get('view') ?? 'popup'] ?? views['popup'])!(), root);
  if (asked.has('open')) for (const each of document.querySelectorAll('details')) each.open = true;
}

show(location.search);
Object.assign(globalThis, { show });
