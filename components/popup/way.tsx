import type { Asked, Progress } from '../../utils/core/progress.ts';
import type { Role } from '../../utils/core/role.ts';
import type { Snapshot, TargetLine } from '../../utils/core/snapshot.ts';
import type { Translate } from '../../utils/i18n/translate.ts';
import { clockTime, milliseconds } from '../../utils/view/format.ts';
import { httpVersion, wayHints } from '../../utils/view/others.ts';
import { breaksOf, wayOf } from '../../utils/view/way.ts';
import type { Station, StationStatus } from '../../utils/view/way.ts';
import { failureWords } from '../../utils/view/words.ts';
import { Cross, StationPicture, Tick } from '../shared/glyphs.tsx';

/** The small mark at the corner of a station: its status again, as a shape. */
function Mark({ status }: { status: StationStatus }) {
  if (status === 'unknown') return null;
  return (
    <span class="mark">
      {status === 'ok' ? <Tick size={9} /> : status === 'broken' || status === 'cut' ? <Cross size={9} /> : status === 'closed' ? '=' : status === 'slow' ? '~' : '!'}
    </span>
  );
}

/** The way from the user to the store as a row of stations; the link before a broken one is parted, everything beyond an own-side break dashed. */
export function WayPicture({ way, t, titled = false }: { way: readonly Station[]; t: Translate; /** Whether a heading above it says already what it is. */ titled?: boolean }) {
  return (
    <ol class="way" aria-label={titled ? undefined : t('popup.way')}>
      {way.map((station) => (
        <li key={station.id} class="station" data-status={station.status}>
          <span class="link" aria-hidden="true" />
          <span class="node keeps-colours" aria-hidden="true">
            <StationPicture id={station.id} />
            <Mark status={station.status} />
          </span>
          {/* Text, not a label: a list item's label is passed over by screen readers that read on. */}
          <span class="name">{t(`popup.way.${station.id}`)}<span class="seen-by-readers">{t('app.pair', { name: '', value: t(`popup.way.status.${station.status}`) })}</span></span>
        </li>
      ))}
    </ol>
  );
}

/** What the picture says, in one sentence. */
export function wayWords(way: readonly Station[], t: Translate): string {
  const breaks = breaksOf(way);
  if (breaks.length === 0) return t(way.slice(1).every(({ status }) => status === 'unknown') ? 'popup.way.unseen' : 'popup.way.whole');
  const places = new Intl.ListFormat(t.language, { type: 'conjunction', style: 'narrow' }).format(breaks.map(({ id }) => t(`popup.way.${id}`)));
  const status = breaks[0]?.status;
  return t(status === 'cut' ? 'popup.way.own-break' : status === 'closed' ? 'popup.way.shut' : 'popup.way.breaks', { places });
}

export function Way({ snapshot, t, now, progress = null }: { snapshot: Snapshot; t: Translate; now: number; /** Of the check that is under way. */ progress?: Progress | null }) {
  const way = wayOf(snapshot);
  const store = snapshot.state === 'down' || snapshot.state === 'degraded' || snapshot.state === 'suspect' || snapshot.side === 'path';
  const asked = snapshot.targets.filter(({ at, status }) => at !== null && status !== 'no-permission');
  return (
    <section class="block way-block">
      <h2 class="seen-by-readers">{t('popup.way')}</h2>
      <WayPicture way={way} t={t} titled />
      <details>
        <summary class="row small">
          <span>{wayWords(way, t)}</span>
          {asked.length > 0 && <span class="unfold">{t('popup.asked', { n: asked.length })}</span>}
        </summary>
        <ul class="targets">
          {snapshot.targets.map((line) => <Target key={line.target} line={line} asked={progress?.find(({ target }) => target === line.target)?.answer ?? null} t={t} now={now} />)}
        </ul>
      </details>
      {store && wayHints(snapshot.targets, t).map((hint) => <p key={hint} class="small hint">{hint}</p>)}
    </section>
  );
}

const MARKS = { ok: 'ok', slow: 'slow', failed: 'broken', unobserved: 'unknown', 'set-aside': 'unknown', 'no-permission': 'unknown' } as const satisfies Record<TargetLine['status'], StationStatus>;

/** While a check is under way: what the target has said to it, before the verdict tells more. */
const ASKED = { awaited: ['unknown', 'targets.status.awaited'], ok: ['ok', 'targets.status.ok'], failed: ['broken', 'targets.status.failed'] } as const satisfies Partial<Record<Asked['answer'], readonly [StationStatus, string]>>;

function Target({ line, asked, t, now }: { line: TargetLine; asked: Asked['answer'] | null; t: Translate; now: number }) {
  if (asked !== null && asked !== 'none') {
    const [status, words] = ASKED[asked];
    return (
      <li class="target" data-status={status} data-asked={asked}>
        <span class="dot keeps-colours" aria-hidden="true"><Mark status={status} /></span>
        <span class="what">{t(`targets.role.${line.role}`)}<small>{line.host}</small></span>
        <span class="how">{t(words)}</span>
      </li>
    );
  }
  const words = line.status === 'failed' && line.failure ? failureWords(t, line.failure) : t(`targets.status.${line.status}`);
  const rest = line.status === 'failed' ? t(`targets.phase.${line.phase}`) : line.ms === null ? null : milliseconds(line.ms, t.language);
  const sites = line.served?.sites ?? [];
  const from = [line.edge, line.site, line.served?.family, httpVersion(line.served?.protocol ?? null)].filter(Boolean).join(' ');
  // The site that answered before the present one: an edge or a data centre that was left, and when.
  const [previous, present] = sites.slice(-2);
  const before = previous && present ? t('targets.site.before', { time: clockTime(present.at, now, t.language), site: [previous.edge, previous.site].filter(Boolean).join(' ') }) : null;
  return (
    <li class="target" data-status={MARKS[line.status]}>
      <span class="dot keeps-colours" aria-hidden="true"><Mark status={MARKS[line.status]} /></span>
      <span class="what">{t(`targets.role.${line.role satisfies Role}`)}<small>{line.host}{from === '' ? '' : ` · ${from}`}</small>{before !== null && <small>{before}</small>}</span>
      <span class="how">{words}<small>{[rest, line.at === null ? null : clockTime(line.at, now, t.language)].filter(Boolean).join(' · ')}</small></span>
    </li>
  );
}
