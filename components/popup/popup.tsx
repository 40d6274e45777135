import { useRef, useState } from 'preact/hooks';
import type { Reminder } from '../../utils/core/reminder.ts';
import type { Snapshot } from '../../utils/core/snapshot.ts';
import type { Translate } from '../../utils/i18n/translate.ts';
import { clockTime } from '../../utils/view/format.ts';
import type { Elsewhere } from '../../utils/view/elsewhere.ts';
import { answeredOf, awaitedWords } from '../../utils/view/progress.ts';
import type { Progress } from '../../utils/view/progress.ts';
import type { Send } from '../../utils/view/source.ts';
import { verdictOf } from '../../utils/view/verdict.ts';
import { Cross, Tick } from '../shared/glyphs.tsx';
import { Head, isJudged } from './head.tsx';
import { Causes, Clocks, Day, Forecast, LastOutage } from './parts.tsx';
import { ToDo } from './todo.tsx';
import { Way } from './way.tsx';

export interface PopupGiven {
  snapshot: Snapshot;
  t: Translate;
  /** ms since the epoch. */
  now: number;
  send: Send;
  progress: Progress | null;
  reminders: readonly Reminder[];
  elsewhere: readonly Elsewhere[];
  /** What the user looks at in the tab, where that can be kept. */
  song?: Reminder | null;
  /** Asks the browser for the hosts of the store (from a click); whether the user agreed. */
  allowStore(): Promise<boolean>;
  /** The same for what a second opinion needs. */
  allowWorld(): Promise<boolean>;
  /** Whether the user has agreed that places around the world are asked. */
  worldOn: boolean;
  /** Whether his organisation forbids it. */
  worldForbidden?: boolean;
}

/** The popup: a picture of the snapshot, most important first. */
export function Popup(given: PopupGiven) {
  const { snapshot, t, now } = given;
  const verdict = verdictOf(snapshot, t, now);
  const judged = isJudged(verdict);
  const shown = { snapshot: judged ? snapshot : { ...snapshot, state: 'unknown' as const }, t, now };
  const store = snapshot.state !== 'own' && snapshot.state !== 'blind' && judged;
  return (
    <div class="popup" data-tone={verdict.tone} data-state={snapshot.state}>
      {snapshot.rehearsal && <Rehearsal title={snapshot.rehearsal.title} t={t} send={given.send} />}
      <Head snapshot={snapshot} verdict={verdict} t={t} />
      <main>
        <Problems {...given} />
        <Way {...shown} progress={given.progress} />
        {store && snapshot.state !== 'up' && <Causes {...shown} />}
        {store && <Forecast {...shown} />}
        {store && <Clocks {...shown} />}
        {!store && <ToDo {...given} />}
        <Day {...shown} />
        {store && <ToDo {...given} />}
        {snapshot.state === 'up' && judged && <LastOutage {...shown} />}
      </main>
      <Actions {...given} />
    </div>
  );
}

function Rehearsal({ title, t, send }: { title: string; t: Translate; send: Send }) {
  return (
    <aside class="rehearsal" aria-label={t('app.rehearsal')}>
      <span>{t('popup.rehearsal.of', { title })}</span>
      <button type="button" class="button small" onClick={() => void send('rehearse', { stop: true })}>{t('popup.rehearsal.stop')}</button>
    </aside>
  );
}

/** What is wrong with the monitor itself, each with what can be done about it. */
function Problems({ snapshot, t, send, allowStore }: PopupGiven) {
  if (snapshot.problems.length === 0) return null;
  const repair = async (kind: Snapshot['problems'][number]['kind']) => {
    if (kind === 'permission' && (await allowStore())) await send('check', {});
    if (kind === 'notifications') await send('test-notification', {});
    if (kind === 'clock') await send('check', {});
  };
  const page = { storage: '/options.html#data', policy: '/options.html', feed: 'https://www.apple.com/support/systemstatus/' } as const;
  return (
    <ul class="problems">
      {snapshot.problems.map(({ kind, detail }) => (
        <li key={kind}>
          <p>{kind === 'clock' || kind === 'policy' ? t(`popup.problem.${kind}`, { detail }) : t(`popup.problem.${kind}`)}</p>
          {kind === 'storage' || kind === 'feed' || kind === 'policy'
            ? <a class="button small" href={page[kind]} target="_blank" rel="noreferrer">{t(`popup.problem.${kind}.do`)}</a>
            : <button type="button" class={`button small${kind === 'permission' ? ' main' : ''}`} onClick={() => void repair(kind)}>{t(`popup.problem.${kind}.do`)}</button>}
        </li>
      ))}
    </ul>
  );
}

const HOUR = 3_600_000;
const tomorrow = (now: number): number => {
  const day = new Date(now);
  day.setDate(day.getDate() + 1);
  return day.setHours(7, 0, 0, 0);
};

function Actions({ snapshot, t, now, send, progress }: PopupGiven) {
  const [asked, setAsked] = useState(false);
  const [choosing, setChoosing] = useState(false);
  const [flaw, setFlaw] = useState<string | null>(null);
  const [done, setDone] = useState(false);
  const pauseButton = useRef<HTMLButtonElement>(null);
  const checking = asked || progress !== null;
  const check = async () => {
    setAsked(true);
    setDone(false);
    const answer = await send('check', {});
    setAsked(false);
    setDone(answer.ok);
    setFlaw(answer.ok ? null : t('popup.failed', { reason: answer.error.reason }));
  };
  const pause = (until: number | null) => {
    setChoosing(false);
    // What was pressed goes away; the focus would with it.
    pauseButton.current?.focus();
    void send('pause', { until });
  };
  return (
    <footer class="actions">
      <div class="row buttons">
        {/* While it is paused nothing is asked: what can be done is to go on, and that checks at once. */}
        {snapshot.pausedUntil === null && (
          <button type="button" class="button main check" aria-disabled={checking} onClick={() => (checking ? undefined : void check())}>
            {/* The figures run too fast to be read aloud. */}
            {progress && <span aria-hidden="true">{t('popup.checking.of', { done: answeredOf(progress), all: progress.length })}</span>}
            <span class={progress ? 'seen-by-readers' : undefined}>{t(checking ? 'popup.checking' : 'popup.check')}</span>
            {progress && <span class="steps-of-check keeps-colours" aria-hidden="true">{progress.map(({ target, answer }) => <i key={target} data-answer={answer} />)}</span>}
          </button>
        )}
        {snapshot.pausedUntil !== null
          ? <button ref={pauseButton} type="button" class="button main" onClick={() => pause(null)}>{t('popup.resume')}</button>
          : <button ref={pauseButton} type="button" class="button" aria-expanded={choosing} aria-controls="pause" onClick={() => setChoosing(!choosing)}>{t('popup.pause')}</button>}
      </div>
      {choosing && (
        <div class="row buttons" id="pause">
          <button type="button" class="button small" onClick={() => pause(now + HOUR)}>{t('popup.pause.hour')}</button>
          <button type="button" class="button small" onClick={() => pause(tomorrow(now))}>{t('popup.pause.tomorrow')}</button>
        </div>
      )}
      <p class="row small">
        {progress && <Asking progress={progress} t={t} />}
        <span role="status" class={progress ? 'seen-by-readers' : undefined}>{flaw ?? (checking ? t('popup.checking') : done ? t('popup.checked.all') : whenNext(snapshot, t, now))}</span>
        <span class="links"><a href="/incidents.html" target="_blank">{t('popup.incidents')}</a><a href="/options.html" target="_blank">{t('popup.settings')}</a></span>
      </p>
    </footer>
  );
}

/** Who has just answered and who is still asked: for the eyes; readers are told that it began and that it is done. */
function Asking({ progress, t }: { progress: Progress; t: Translate }) {
  const last = progress[answeredOf(progress) - 1];
  return (
    <span class="asking" aria-hidden="true">
      {last && <span class="replied" data-answer={last.answer}>{last.answer === 'failed' ? <Cross size={9} /> : <Tick size={9} />}{t(`targets.role.${last.role}`)}</span>}
      {t('popup.checking.asking', { targets: awaitedWords(progress, t) })}
    </span>
  );
}

function whenNext(snapshot: Snapshot, t: Translate, now: number): string {
  if (snapshot.pausedUntil !== null) return t('verdict.paused', { time: clockTime(snapshot.pausedUntil, now, t.language) });
  if (snapshot.nextCheckAt !== null && snapshot.nextCheckAt > now) return t('popup.next', { time: clockTime(snapshot.nextCheckAt, now, t.language) });
  return snapshot.checkedAt === null ? '' : t('popup.checked-at', { time: clockTime(snapshot.checkedAt, now, t.language) });
}
