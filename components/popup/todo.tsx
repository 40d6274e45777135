import { useState } from 'preact/hooks';
import type { Reminder } from '../../utils/core/reminder.ts';
import type { Snapshot } from '../../utils/core/snapshot.ts';
import type { Key, Translate } from '../../utils/i18n/translate.ts';
import type { Elsewhere } from '../../utils/view/elsewhere.ts';
import type { Send } from '../../utils/view/source.ts';
import { lookUp } from '../../utils/view/words.ts';

/** Where a user who must sign in to a network gets its page: plain http on purpose, so that the network can lead it elsewhere. */
const SIGN_IN_PAGE = 'http://captive.apple.com/hotspot-detect.html';

interface Given {
  snapshot: Snapshot;
  t: Translate;
  send: Send;
  reminders: readonly Reminder[];
  elsewhere: readonly Elsewhere[];
  /** Asks the browser for what a second opinion needs; false where the user said no. */
  allowWorld(): Promise<boolean>;
}

/** What to do now: concrete steps for trouble on the user's side; on the store's side, what shortens the wait. */
export function ToDo(given: Given) {
  const { snapshot, t } = given;
  if (snapshot.state === 'own') return <OwnSteps snapshot={snapshot} t={t} />;
  if (snapshot.state === 'down' || snapshot.state === 'degraded' || snapshot.state === 'maintenance' || snapshot.state === 'recovering') return <Meanwhile {...given} />;
  return given.reminders.length > 0 ? <section class="block"><Kept {...given} /></section> : null;
}

/** @returns the steps of a trouble, in order; those of no particular trouble where it has none of its own. */
export function stepsOf({ ownTrouble, side }: Pick<Snapshot, 'ownTrouble' | 'side'>, t: Translate): string[] {
  const steps = (name: string): string[] => [1, 2, 3].map((n) => lookUp(t, `popup.do.${name}.${n}`)).filter((text): text is string => text !== null);
  const own = ownTrouble ? steps(ownTrouble) : [];
  return own.length > 0 ? own : steps(side === 'path' ? 'path' : 'generic');
}

function OwnSteps({ snapshot, t }: { snapshot: Snapshot; t: Translate }) {
  return (
    <section class="block">
      <h2 class="heading">{t('popup.do')}</h2>
      <ol class="steps">{stepsOf(snapshot, t).map((step) => <li key={step}>{step}</li>)}</ol>
      {snapshot.ownTrouble === 'captive-portal' && <a class="button main small" href={SIGN_IN_PAGE} target="_blank" rel="noreferrer">{t('popup.do.captive-portal.open')}</a>}
    </section>
  );
}

function Meanwhile(given: Given) {
  const { t, elsewhere } = given;
  return (
    <section class="block">
      <h2 class="heading">{t('popup.do')}</h2>
      {given.snapshot.side === 'store' && <p class="small">{t('popup.do.store.wait')}</p>}
      <Kept {...given} />
      {elsewhere.length > 0 && <Search t={t} elsewhere={elsewhere} />}
      <Others {...given} />
    </section>
  );
}

function Kept({ reminders, t, send }: Given) {
  return (
    <div class="meanwhile">
      <h3>{t('popup.do.remind')}</h3>
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

/** What was seen from elsewhere, in words. */
export function otherSights({ world, resolver, storefront }: Pick<Snapshot, 'world' | 'resolver' | 'storefront'>, t: Translate): string[] {
  const sights: string[] = [];
  if (world && world.votes > 0) {
    const all = t('popup.do.others.world', { failed: world.failed, votes: world.votes });
    sights.push(world.ownCountryVotes > 0 ? `${all} (${t('popup.do.others.country', { failed: world.ownCountryFailed, votes: world.ownCountryVotes })})` : all);
  }
  if (resolver) sights.push(t(`popup.do.others.resolver.${resolver.verdict}` satisfies Key));
  if (storefront) {
    const country = new Intl.DisplayNames(t.language, { type: 'region', fallback: 'code' }).of(storefront.country.toUpperCase()) ?? storefront.country;
    sights.push(t(storefront.failed ? 'popup.do.others.storefront.failed' : 'popup.do.others.storefront.ok', { country }));
  }
  return sights;
}

function Others({ snapshot, t, send, allowWorld }: Given) {
  const [asking, setAsking] = useState(false);
  const [flaw, setFlaw] = useState<string | null>(null);
  const sights = otherSights(snapshot, t);
  const ask = async () => {
    setAsking(true);
    const allowed = await allowWorld();
    const answer = allowed ? await send('ask-world', {}) : null;
    setAsking(false);
    setFlaw(answer && !answer.ok ? t('popup.failed', { reason: answer.error.reason }) : null);
  };
  return (
    <div class="meanwhile">
      <h3>{t('popup.do.others')}</h3>
      <ul class="sights">{(sights.length ? sights : [t('popup.do.others.none')]).map((sight) => <li key={sight}>{sight}</li>)}</ul>
      <p class="chips">
        <button type="button" class="button small" disabled={asking} onClick={() => void ask()}>{t(asking ? 'popup.do.others.asking' : 'popup.do.others.ask')}</button>
        <a class="button small" href="https://www.apple.com/support/systemstatus/" target="_blank" rel="noreferrer">{t('popup.do.status-page')}</a>
      </p>
      <p class="small" role="status">{flaw}</p>
    </div>
  );
}
