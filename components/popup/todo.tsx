import type { Ref } from 'preact';
import { useState } from 'preact/hooks';
import type { Reminder } from '../../utils/core/reminder.ts';
import type { Snapshot } from '../../utils/core/snapshot.ts';
import type { Translate } from '../../utils/i18n/translate.ts';
import type { Elsewhere } from '../../utils/view/elsewhere.ts';
import type { Send } from '../../utils/view/source.ts';
import { refusalWords, sightsOf } from '../../utils/view/others.ts';
import { lookUp } from '../../utils/view/words.ts';
import { useReturn } from '../shared/focus.ts';
import { RemindSong } from '../shared/remind-song.tsx';

/** Where a user who must sign in to a network gets its page: plain http on purpose, so that the network can lead it elsewhere. */
const SIGN_IN_PAGE = 'http://captive.apple.com/hotspot-detect.html';

interface Given {
  snapshot: Snapshot;
  t: Translate;
  send: Send;
  reminders: readonly Reminder[];
  elsewhere: readonly Elsewhere[];
  /** What the user looks at in the tab, where that can be kept. */
  song?: Reminder | null;
  /** ms since the epoch. */
  now: number;
  /** Whether the user has agreed that places around the world are asked. */
  worldOn: boolean;
  /** Whether his organisation forbids it: then it is not offered. */
  worldForbidden?: boolean;
  /** Asks the browser for what a second opinion needs; false where the user said no. */
  allowWorld(): Promise<boolean>;
}

/** What to do now: concrete steps for trouble on the user's side; on the store's side, what shortens the wait. */
export function ToDo(given: Given) {
  const { snapshot } = given;
  if (snapshot.state === 'own') return <OwnSteps {...given} />;
  if (snapshot.state === 'down' || snapshot.state === 'degraded' || snapshot.state === 'maintenance' || snapshot.state === 'recovering') return <Meanwhile {...given} />;
  // Not sure yet: others may be.
  if (snapshot.state === 'suspect') return <section class="block"><Others {...given} /></section>;
  return given.reminders.length > 0 ? <section class="block"><Kept {...given} /></section> : null;
}

/** @returns the steps of a trouble, in order; those of no particular trouble where it has none of its own. */
export function stepsOf({ ownTrouble, side }: Pick<Snapshot, 'ownTrouble' | 'side'>, t: Translate): string[] {
  const steps = (name: string): string[] => [1, 2, 3].map((n) => lookUp(t, `popup.do.${name}.${n}`)).filter((text): text is string => text !== null);
  const own = ownTrouble ? steps(ownTrouble) : [];
  return own.length > 0 ? own : steps(side === 'path' ? 'path' : 'generic');
}

function OwnSteps(given: Given) {
  const { snapshot, t } = given;
  return (
    <section class="block">
      <h2 class="heading">{t('popup.do')}</h2>
      <ol class="steps">{stepsOf(snapshot, t).map((step) => <li key={step}>{step}</li>)}</ol>
      {/* Without a connection nobody can be asked. */}
      {snapshot.ownTrouble !== 'captive-portal' && snapshot.ownTrouble !== 'local' && <Others {...given} />}
      {snapshot.ownTrouble === 'captive-portal' && <a class="button main small" href={SIGN_IN_PAGE} target="_blank" rel="noreferrer">{t('popup.do.captive-portal.open')}</a>}
    </section>
  );
}

function Meanwhile(given: Given) {
  const { t, elsewhere } = given;
  return (
    <section class="block">
      <h2 class="heading">{t('popup.do')}</h2>
      {given.snapshot.side === 'store' && given.snapshot.state !== 'recovering' && <p class="small">{t('popup.do.store.wait')}</p>}
      <Kept {...given} />
      {elsewhere.length > 0 && <Search t={t} elsewhere={elsewhere} />}
      <Others {...given} />
    </section>
  );
}

function Kept({ reminders, song = null, t, send }: Given) {
  const { place, pressed } = useReturn<HTMLHeadingElement>();
  return (
    <div class="meanwhile" onClickCapture={pressed}>
      <h3 ref={place} tabIndex={-1}>{t('popup.do.remind')}</h3>
      {reminders.length === 0 ? <p class="small">{t('popup.do.remind.hint')}</p> : (
        <ul class="kept">
          {reminders.map(({ id, title, artist, artwork }) => (
            <li key={id}>
              {artwork ? <img src={artwork} alt="" width="32" height="32" loading="lazy" /> : <span class="no-artwork" aria-hidden="true">♪</span>}
              <button type="button" class="song" onClick={() => void send('open-reminder', { id })} aria-label={t('popup.do.remind.open', { title })}>{title}<small>{artist}</small></button>
              <button type="button" class="forget" onClick={() => void send('forget', { id })} aria-label={t('popup.do.remind.forget', { title })}>×</button>
            </li>
          ))}
        </ul>
      )}
      <RemindSong song={song} reminders={reminders} t={t} send={send} />
    </div>
  );
}

/** Nothing is contacted until a link is clicked. */
function Search({ t, elsewhere }: { t: Translate; elsewhere: readonly Elsewhere[] }) {
  const [query, setQuery] = useState('');
  return (
    <div class="meanwhile">
      <h3><label for="elsewhere">{t('popup.do.elsewhere')}</label></h3>
      <input id="elsewhere" type="search" placeholder={t('popup.do.elsewhere.placeholder')} value={query} onInput={(event) => setQuery(event.currentTarget.value)} />
      <ul class="chips">
        {elsewhere.map(({ name, url }) => <li key={name}><a class="button small" href={url.replaceAll('{query}', encodeURIComponent(query.trim()))} target="_blank" rel="noreferrer">{name}</a></li>)}
      </ul>
    </div>
  );
}

/** "Down for everyone, or just you?": what was seen from elsewhere, and the button that asks. */
function Others({ snapshot, t, now, send, allowWorld, worldOn, worldForbidden }: Given) {
  const [asking, setAsking] = useState(false);
  const [consenting, setConsenting] = useState(false);
  const [told, setTold] = useState<string | null>(null);
  const sights = sightsOf(snapshot, t, now);
  const { place, pressed } = useReturn<HTMLElement>();
  /** What the browser must allow is asked for from the click that agrees, once; a user who agreed before is not asked again. */
  const ask = async (agreed: boolean) => {
    setConsenting(false);
    setTold(null);
    if (agreed && !(await allowWorld())) return setTold(t('popup.do.others.denied'));
    setAsking(true);
    const answer = await send('ask-world', { consent: agreed });
    setAsking(false);
    setTold(answer.ok ? null : t('popup.failed', { reason: answer.error.reason }));
  };
  return (
    <div class="meanwhile others-see" onClickCapture={pressed}>
      <h3>{t('popup.do.others')}</h3>
      <ul class="sights">
        {sights.length === 0 && <li>{t('popup.do.others.none')}</li>}
        {sights.map(({ id, text, details }) => (
          <li key={id} data-id={id}>
            {text}
            {details[0] !== undefined && (details.length === 1 ? <small dir="auto">{details[0]}</small> : (
              <details>
                <summary><small class="unfold" dir="auto">{details[0]}</small></summary>
                <ul>{details.slice(1).map((line) => <li key={line} dir="auto">{line}</li>)}</ul>
              </details>
            ))}
          </li>
        ))}
      </ul>
      {consenting ? (
        <div class="consent" ref={place as Ref<HTMLDivElement>} tabIndex={-1} role="group" aria-labelledby="consent">
          <p class="small" id="consent">{t('popup.do.others.consent')}</p>
          <p class="chips">
            <button type="button" class="button main small" data-action="agree-world" onClick={() => void ask(true)}>{t('popup.do.others.agree')}</button>
            <button type="button" class="button small" onClick={() => setConsenting(false)}>{t('popup.do.others.not-now')}</button>
          </p>
        </div>
      ) : (
        <p class="chips">
          {!worldForbidden && <button ref={place as Ref<HTMLButtonElement>} type="button" class="button small" data-action="ask-world" aria-disabled={asking} onClick={() => (asking ? undefined : worldOn ? void ask(false) : setConsenting(true))}>{t(asking ? 'popup.do.others.asking' : 'popup.do.others.ask')}</button>}
          <a class="button small" href="https://www.apple.com/support/systemstatus/" target="_blank" rel="noreferrer">{t('popup.do.status-page')}</a>
        </p>
      )}
      <p class="small" role="status">{told ?? (asking ? null : refusalWords(snapshot, t, now))}</p>
    </div>
  );
}
