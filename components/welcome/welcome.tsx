import { useState } from 'preact/hooks';
import type { Snapshot } from '../../utils/core/snapshot.ts';
import type { Translate } from '../../utils/i18n/translate.ts';
import type { Contact } from '../../utils/view/contacts.ts';
import { milliseconds } from '../../utils/view/format.ts';
import { answeredOf } from '../../utils/view/progress.ts';
import type { Progress } from '../../utils/view/progress.ts';
import type { Send } from '../../utils/view/source.ts';
import { verdictOf } from '../../utils/view/verdict.ts';
import { wayOf } from '../../utils/view/way.ts';
import { failureWords } from '../../utils/view/words.ts';
import { Mark, StateSign } from '../shared/glyphs.tsx';
import { TestNotification } from '../shared/test-notification.tsx';
import { WayPicture, wayWords } from '../popup/way.tsx';

export interface WelcomeGiven {
  snapshot: Snapshot;
  t: Translate;
  now: number;
  send: Send;
  progress: Progress | null;
  contacts: { always: readonly Contact[]; trouble: readonly Contact[] };
  platform: string;
  allowStore(): Promise<boolean>;
}

/** After installation: what it does, whom it asks, one check before the eyes of the user, and whether notifications get through. */
export function Welcome(given: WelcomeGiven) {
  const { t, send, contacts, platform } = given;
  return (
    <div class="page welcome">
      <header class="hero">
        <span class="brand"><Mark size={26} />{t('app.name')}</span>
        <h1>{t('welcome.title')}</h1>
        <p>{t('welcome.lead')}</p>
      </header>
      <main>
        <Live {...given} />
        <section>
          <h2>{t('welcome.does')}</h2>
          <ul class="does">
            {(['watch', 'tell', 'why', 'back'] as const).map((name) => <li key={name} class="panel"><h3>{t(`welcome.does.${name}`)}</h3><p>{t(`welcome.does.${name}.text`)}</p></li>)}
          </ul>
          <p class="never"><strong>{t('welcome.never')}</strong> {t('welcome.never.text')}</p>
        </section>
        <section>
          <h2>{t('welcome.contacts')}</h2>
          <div class="panel contacts">
            <div><h3>{t('welcome.contacts.always')}</h3><Hosts list={contacts.always} t={t} /></div>
            <div>
              <h3>{t('welcome.contacts.trouble')}</h3>
              <Hosts list={contacts.trouble} t={t} />
              <ul class="further">{(['page', 'resolver', 'world'] as const).map((name) => <li key={name}>{t(`welcome.contacts.${name}`)}</li>)}</ul>
            </div>
          </div>
        </section>
        <section>
          <h2>{t('welcome.notify')}</h2>
          <div class="panel notify">
            <p>{t('welcome.notify.text')}</p>
            <TestNotification t={t} send={send} platform={platform} />
          </div>
        </section>
        <footer class="last">
          <p>{t('welcome.pin')}</p>
          <p class="links"><a class="button" href="/options.html">{t('welcome.settings')}</a><a class="button main" href="https://music.apple.com/" rel="noreferrer">{t('welcome.store')}</a></p>
        </footer>
      </main>
    </div>
  );
}

function Hosts({ list, t }: { list: readonly Contact[]; t: Translate }) {
  return <ul class="hosts">{list.map(({ host, role }) => <li key={host}><code>{host}</code><small>{t(`targets.role.${role}`)}</small></li>)}</ul>;
}

/** The first check: the way fills as the answers come in. */
function Live({ snapshot, t, now, send, progress, contacts, allowStore }: WelcomeGiven) {
  const [asked, setAsked] = useState(false);
  const [flaw, setFlaw] = useState('');
  const busy = asked || progress !== null;
  const seen = snapshot.checkedAt !== null;
  const verdict = verdictOf(snapshot, t, now);
  const blind = snapshot.problems.some(({ kind }) => kind === 'permission');
  const look = async () => {
    setAsked(true);
    // Asked from the click, or the browser does not show it; already granted, nothing shows.
    await allowStore();
    const answer = await send('check', {});
    setAsked(false);
    setFlaw(answer.ok ? '' : t('popup.failed', { reason: answer.error.reason }));
  };
  const way = wayOf(snapshot);
  return (
    <section class="live" data-tone={seen ? verdict.tone : 'unknown'}>
      <h2 class="seen-by-readers">{t('welcome.live')}</h2>
      <div class="panel">
        <div class="answer">
          <StateSign state={seen && verdict.tone !== 'unknown' ? snapshot.state : 'unknown'} size={52} />
          <div role="status">
            <p class="title">{seen ? verdict.title : t('welcome.live')}</p>
            <p class="detail">{busy ? (progress ? t('popup.checking.of', { done: answeredOf(progress), all: progress.length }) : t('welcome.live.running')) : seen ? verdict.detail : t('welcome.live.waiting')}</p>
          </div>
          <button type="button" class="button main" aria-disabled={busy} onClick={() => (busy ? undefined : void look())}>{t(busy ? 'welcome.live.running' : blind ? 'welcome.live.allow' : seen ? 'welcome.live.again' : 'welcome.live.run')}</button>
        </div>
        <WayPicture way={way} t={t} />
        <p class="small said">{wayWords(way, t)}</p>
        <ul class="looked">
          {progress?.map(({ target, role, answer }) => (
            <li key={target} data-status={answer}>
              <span aria-hidden="true">{answer === 'ok' ? '✓' : answer === 'failed' ? '×' : '·'}</span>
              {t(`targets.role.${role}`)}
              <small>{t(`targets.status.${answer === 'none' ? 'unobserved' : answer}`)}</small>
            </li>
          )) ?? (seen ? snapshot.targets.filter(({ at }) => at !== null) : []).map((line) => (
            <li key={line.target} data-status={line.status}>
              <span aria-hidden="true">{line.status === 'ok' ? '✓' : line.status === 'failed' ? '×' : '·'}</span>
              {t(`targets.role.${line.role}`)}
              <small>{line.status === 'failed' && line.failure ? failureWords(t, line.failure) : line.ms === null ? t(`targets.status.${line.status}`) : milliseconds(line.ms, t.language)}</small>
            </li>
          ))}
          {/* Room for what will come, so that nothing moves when it does. */}
          {!seen && progress === null && contacts.always.map(({ host, role }) => <li key={host} class="to-come"><span aria-hidden="true">·</span>{t(`targets.role.${role}`)}</li>)}
        </ul>
        <p class="small" role="status">{flaw}</p>
      </div>
    </section>
  );
}
