import type { Snapshot } from '../../utils/core/snapshot.ts';
import type { Translate } from '../../utils/i18n/translate.ts';
import type { Verdict } from '../../utils/view/verdict.ts';
import { StateSign, Tick } from '../shared/glyphs.tsx';

/** A verdict that is too old to be one takes its details along: nothing is known of the way either. */
export const isJudged = (verdict: Verdict): boolean => verdict.tone !== 'unknown';

/**
 * The answer, at the head of the popup. The popup's first script draws it before anything else is loaded, without Preact (`entrypoints/popup-early.tsx`):
 * so it has no state of its own.
 */
export function Head({ snapshot, verdict, t }: { snapshot: Snapshot; verdict: Verdict; t: Translate }) {
  return (
    <header class="verdict">
      <StateSign state={isJudged(verdict) ? snapshot.state : 'unknown'} />
      <div role="status">
        <h1 {...PAINTED}>{verdict.title}</h1>
        <p class="detail">{verdict.detail}{verdict.when && <span class="when" aria-live="off"> · {verdict.when}</span>}</p>
        {verdict.connectionFine && <p class="fine"><Tick size={11} />{t('verdict.connection-fine')}</p>}
      </div>
    </header>
  );
}

/** By this name the browser tells when it was painted (W3C Element Timing): `npm run bench` asks for it. */
const PAINTED = { elementtiming: 'verdict' };
