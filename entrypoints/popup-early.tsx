import { defineUnlistedScript } from 'wxt/utils/define-unlisted-script';
import { Head } from '../components/popup/head.tsx';
import type { Snapshot } from '../utils/core/snapshot.ts';
import { translator } from '../utils/i18n/translate.ts';
import { readEarly } from '../utils/platform/early.ts';
import { dress, isSnapshot, keptHeight, keptTheme, keptWords, type FirstWords } from '../utils/view/first.ts';
import { verdictOf } from '../utils/view/verdict.ts';

/** Draws the verdict in the popup's place and size, as the popup itself will: that takes what is drawn here over. */
function paint(snapshot: Snapshot, words: FirstWords): void {
  const t = translator(words.sentences, words.language);
  const verdict = verdictOf(snapshot, t, Date.now());
  const head = <div class="popup" data-tone={verdict.tone} data-state={snapshot.state}><Head snapshot={snapshot} verdict={verdict} t={t} /></div>;
  document.documentElement.lang = words.language;
  document.body.style.minHeight = `${keptHeight()}px`;
  document.querySelector('#app')?.append(head as unknown as Node);
}

/** The page's other scripts, in their order; the build has written them down beside this one. */
function load(files: readonly string[]): void {
  for (const src of files) {
    const script = Object.assign(document.createElement('script'), { src, async: false, type: src.startsWith('/chunks/') ? 'module' : '' });
    document.head.append(script);
  }
}

const parsed = (): Promise<unknown> => (document.readyState === 'loading' ? new Promise((resolve) => document.addEventListener('DOMContentLoaded', resolve, { once: true })) : Promise.resolve());
/** Once a frame is on the screen; in a popup that is not shown there never is one. */
const painted = (): Promise<unknown> => new Promise((resolve) => {
  requestAnimationFrame(() => setTimeout(resolve));
  setTimeout(resolve, 100);
});

/** The first script of the popup: it reads what is known and says it; everything else is loaded after that. */
export default defineUnlistedScript(async () => {
  const files = document.currentScript?.dataset['then']?.split(' ') ?? [];
  try {
    const early = readEarly();
    dress(keptTheme() ?? 'auto');
    const words = keptWords(early.version);
    if (words !== null) {
      const { snapshot } = await early.stored.catch(() => ({}) as Record<string, unknown>);
      if (isSnapshot(snapshot) && snapshot.rehearsal === null) {
        await parsed();
        paint(snapshot, words);
        await painted();
      }
      early.sentences = { language: words.language, answer: fetch(`/${words.file}`) };
    }
  } finally {
    // Whatever goes wrong in drawing early: the popup itself still comes.
    load(files);
  }
});
