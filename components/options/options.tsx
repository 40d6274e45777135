import { useState } from 'preact/hooks';
import type { Flaw } from '../../utils/core/result.ts';
import type { Language, SettingPath, Settings } from '../../utils/core/settings.ts';
import type { Snapshot } from '../../utils/core/snapshot.ts';
import type { Translate } from '../../utils/i18n/translate.ts';
import { clockTime } from '../../utils/view/format.ts';
import { currenciesIn, languagesIn } from '../../utils/view/choices.ts';
import type { Playable } from '../../utils/view/rehearsals.ts';
import type { Send } from '../../utils/view/source.ts';
import { flawWords } from '../../utils/view/words.ts';
import { storefrontsIn } from '../../utils/view/storefronts.ts';
import { Mark } from '../shared/glyphs.tsx';
import { TestNotification } from '../shared/test-notification.tsx';
import { Data } from './data.tsx';
import { Places } from './places.tsx';
import { Rehearsal } from './rehearsal.tsx';
import { Token } from './token.tsx';
import { Amount, Group, Pick, Row, SECTIONS, Section, Select, Switch } from './fields.tsx';

export interface OptionsGiven {
  settings: Settings;
  /** What an organisation set, and cannot be changed here. */
  fixed?: ReadonlySet<SettingPath>;
  /** What it set that cannot be used, and why. */
  flaws?: readonly Flaw[];
  t: Translate;
  send: Send;
  /** The languages that there are sentences in. */
  languages: readonly Language[];
  /** Documented outages that can be played. */
  rehearsals: readonly Playable[];
  /** The one that is being played, if any. */
  playing?: Snapshot['rehearsal'];
  /** What is wrong with the monitor itself: here, of what is stored. */
  problems?: Snapshot['problems'];
  platform: string;
  allowWorld(): Promise<boolean>;
  /** Whether a token of the user's own is kept for the vantage points. */
  tokenKept?: boolean;
  /** Hands a text to the user as a file. */
  save(name: string, text: string, type: string): void;
}

/** Every setting takes effect at once: there is no "save". */
export function Options(given: OptionsGiven) {
  const { t, send } = given;
  // What was just chosen is shown at once; the stored settings follow by the way everything is written.
  const [settings, setSettings] = useState(given.settings);
  const [stored, setStored] = useState(given.settings);
  const [told, setTold] = useState({ text: '', good: true, turn: 0 });
  if (stored !== given.settings) {
    setStored(given.settings);
    setSettings(given.settings);
  }
  const change = async (next: Partial<Settings>) => {
    const whole = { ...settings, ...next };
    setSettings(whole);
    const answer = await send('settings', { settings: whole });
    setTold(({ turn }) => ({ text: answer.ok ? t('options.saved') : t('options.failed', { reason: flawWords(t, answer.error) }), good: answer.ok, turn: turn + 1 }));
    if (!answer.ok) setSettings(settings);
  };
  const set = (next: Partial<Settings>) => void change(next);
  const fixed = (...paths: SettingPath[]) => (paths.some((path) => given.fixed?.has(path)) ? t('options.fixed') : undefined);
  const each: EachGiven = { ...given, settings, set, fixed };
  const sections = SECTIONS.filter((id) => id !== 'rehearsal' || given.rehearsals.length > 0);
  return (
    <div class="page options">
      <header class="page-head">
        <span class="brand"><Mark />{t('app.name')}</span>
        <h1>{t('options.title')}</h1>
      </header>
      {(given.flaws ?? []).map(({ at, reason }) => <p key={at} class="flaw" role="alert">{t('options.fixed.bad', { setting: at, reason })}</p>)}
      {/* Seen wherever on the page something was changed; the same words a second time are new ones, and said again. */}
      <p class="told" role="status">{told.text !== '' && <span key={told.turn} class={told.good ? 'good' : 'bad'}>{told.text}</span>}</p>
      <div class="columns">
        <nav aria-label={t('options.sections')}>
          <ul>{sections.map((id) => <li key={id}><a href={`#${id}`}>{t(`options.${id}`)}</a></li>)}</ul>
        </nav>
        <main>
          <Checks {...each} />
          <Notify {...each} />
          <Pages {...each} />
          <Opinion {...each} />
          <Price {...each} />
          <Look {...each} />
          {given.rehearsals.length > 0 && <Rehearsal {...each} playing={given.playing ?? null} />}
          <Data t={t} send={send} save={given.save} trouble={given.problems?.find(({ kind }) => kind === 'storage')?.detail ?? null} />
        </main>
      </div>
    </div>
  );
}

type EachGiven = Omit<OptionsGiven, 'fixed'> & {
  set(next: Partial<Settings>): void;
  /** @returns the words for a setting that an organisation decides; undefined where none of these is. */
  fixed(...paths: SettingPath[]): string | undefined;
};

function Checks({ settings, t, set, fixed }: EachGiven) {
  const { thresholds } = settings;
  return (
    <Section id="checks" t={t}>
      <Pick id="interval" fixed={fixed('interval')} label={t('options.interval')} hint={t('options.interval.hint')} value={settings.interval} set={(interval) => set({ interval })}
        choices={([1, 2, 5, 10, 15, 30] as const).map((value) => ({ value, label: t('options.interval.minutes', { n: value }) }))} />
      <Pick id="storefront" fixed={fixed('storefront')} label={t('options.storefront')} hint={t('options.storefront.hint')} value={settings.storefront} set={(storefront) => set({ storefront })}
        choices={[{ value: 'auto', label: t('options.storefront.auto') }, ...storefrontsIn(t.language).map(({ code, name }) => ({ value: code, label: name }))]} />
      <Row id="caution" fixed={fixed('thresholds.caution')} label={t('options.caution')} hint={t('options.caution.hint')}>
        <span class="range">
          <span aria-hidden="true">{t('options.caution.low')}</span>
          <input id="caution" type="range" min="0.5" max="2" step="0.25" value={thresholds.caution} aria-valuetext={t('options.slow.times', { n: thresholds.caution })} aria-describedby="caution-hint" onChange={(event) => set({ thresholds: { ...thresholds, caution: event.currentTarget.valueAsNumber } })} />
          <span aria-hidden="true">{t('options.caution.high')}</span>
        </span>
      </Row>
      <Pick id="slow" fixed={fixed('thresholds.slowFactor')} label={t('options.slow')} hint={t('options.slow.hint')} value={thresholds.slowFactor} set={(slowFactor) => set({ thresholds: { ...thresholds, slowFactor } })}
        choices={[...new Set([2, 3, 4, 6, 8, 12, 20, thresholds.slowFactor])].sort((a, b) => a - b).map((value) => ({ value, label: t('options.slow.times', { n: value }) }))} />
    </Section>
  );
}

function Notify({ settings, t, set, fixed, send, platform }: EachGiven) {
  const { notify } = settings;
  const hours = Array.from({ length: 24 }, (_, value) => ({ value, label: clockTime(new Date(2026, 0, 1, value).getTime(), new Date(2026, 0, 1).getTime(), t.language) }));
  const one = (name: 'outage' | 'recovery' | 'cause' | 'summary') => (
    <Switch id={`notify-${name}`} fixed={fixed(`notify.${name}`)} label={t(`options.notify.${name}`)} hint={t(`options.notify.${name}.hint`)} on={notify[name]} set={(on) => set({ notify: { ...notify, [name]: on } })} />
  );
  return (
    <Section id="notify" t={t}>
      {one('outage')}
      {one('recovery')}
      {one('cause')}
      {one('summary')}
      <Pick id="reminder" fixed={fixed('notify.reminderHours')} label={t('options.notify.reminder')} hint={t('options.notify.reminder.hint')} value={notify.reminderHours} set={(reminderHours) => set({ notify: { ...notify, reminderHours } })}
        choices={([0, 1, 3, 6, 12, 24] as const).map((value) => ({ value, label: value === 0 ? t('options.notify.reminder.never') : t('options.notify.reminder.hours', { n: value }) }))} />
      <Group id="quiet" fixed={fixed('notify.quietFrom', 'notify.quietTo')} apart label={t('options.notify.quiet')} hint={t('options.notify.quiet.hint')}>
        <span class="pair">
          <Select id="quiet-from" fixed={fixed('notify.quietFrom')} label={t('options.notify.quiet.from')} value={notify.quietFrom} choices={hours} set={(quietFrom) => set({ notify: { ...notify, quietFrom } })} />
          <span aria-hidden="true">–</span>
          <Select id="quiet-to" fixed={fixed('notify.quietTo')} label={t('options.notify.quiet.to')} value={notify.quietTo} choices={hours} set={(quietTo) => set({ notify: { ...notify, quietTo } })} />
        </span>
      </Group>
      <Group id="test" label={t('options.notify.test')} hint={t('options.notify.test.hint')}>
        <TestNotification t={t} send={send} platform={platform} />
      </Group>
    </Section>
  );
}

function Pages({ settings, t, set, fixed }: EachGiven) {
  return (
    <Section id="pages" t={t}>
      <Switch id="banner" fixed={fixed('banner')} label={t('options.banner')} hint={t('options.banner.hint')} on={settings.banner} set={(banner) => set({ banner })} />
      <Switch id="openPopup" fixed={fixed('openPopup')} label={t('options.openPopup')} hint={t('options.openPopup.hint')} on={settings.openPopup} set={(openPopup) => set({ openPopup })} />
      <Switch id="reopen" fixed={fixed('reopenFailedTab')} label={t('options.reopen')} hint={t('options.reopen.hint')} on={settings.reopenFailedTab} set={(reopenFailedTab) => set({ reopenFailedTab })} />
      <Places places={settings.elsewhere} fixed={fixed('elsewhere')} t={t} set={(elsewhere) => set({ elsewhere })} />
    </Section>
  );
}

function Opinion({ settings, t, set, fixed, send, allowWorld, tokenKept }: EachGiven) {
  const { secondOpinion } = settings;
  const [refused, setRefused] = useState(false);
  const setWorld = async (world: Settings['secondOpinion']['world']) => {
    const allowed = world === 'off' || (await allowWorld());
    setRefused(!allowed);
    set({ secondOpinion: { ...secondOpinion, world: allowed ? world : 'off' } });
  };
  return (
    <Section id="opinion" t={t}>
      <Switch id="resolvers" fixed={fixed('secondOpinion.resolvers')} label={t('options.resolvers')} hint={t('options.resolvers.hint')} on={secondOpinion.resolvers} set={(resolvers) => set({ secondOpinion: { ...secondOpinion, resolvers } })} />
      <Switch id="otherStorefront" fixed={fixed('secondOpinion.storefront')} label={t('options.otherStorefront')} hint={t('options.otherStorefront.hint')} on={secondOpinion.storefront} set={(storefront) => set({ secondOpinion: { ...secondOpinion, storefront } })} />
      <Pick id="world" fixed={fixed('secondOpinion.world')} label={t('options.world')} hint={t('options.world.hint')} value={secondOpinion.world} set={(world) => void setWorld(world)}
        choices={(['off', 'on-request', 'once-per-incident'] as const).map((value) => ({ value, label: t(`options.world.${value}`) }))} />
      <p class="flaw" role="status">{refused && t('options.world.refused')}</p>
      {secondOpinion.world !== 'off' && <Token kept={tokenKept ?? false} t={t} send={send} />}
    </Section>
  );
}

function Price({ settings, t, set, fixed }: EachGiven) {
  const { price } = settings;
  const put = (next: Partial<Settings['price']>) => set({ price: { ...price, ...next } });
  return (
    <Section id="price" t={t}>
      <Row id="songsPerDay" fixed={fixed('price.songsPerDay')} label={t('options.songsPerDay')} hint={t('options.songsPerDay.hint')}>
        <Amount t={t} id="songsPerDay" value={price.songsPerDay} min={0} max={1e9} set={(songsPerDay) => put({ songsPerDay })} />
      </Row>
      <Row id="songPrice" fixed={fixed('price.songPrice')} label={t('options.songPrice')} hint={t('options.songPrice.hint')}>
        <Amount t={t} id="songPrice" value={price.songPrice} min={0} max={1e6} set={(songPrice) => put({ songPrice })} />
      </Row>
      <Pick id="currency" fixed={fixed('price.currency')} label={t('options.currency')} hint={t('options.currency.hint')} value={price.currency} set={(currency) => put({ currency })} choices={currenciesIn(t.language)} />
      <Group id="return" fixed={fixed('price.returnLow', 'price.returnHigh')} label={t('options.return')} hint={t('options.return.hint')}>
        <span class="pair">
          <Amount t={t} id="return-low" label={t('options.return.low')} value={Math.round(price.returnLow * 100)} min={0} max={100} set={(low) => put({ returnLow: low / 100, returnHigh: Math.max(price.returnHigh, low / 100) })} />
          <span aria-hidden="true">–</span>
          <Amount t={t} id="return-high" label={t('options.return.high')} value={Math.round(price.returnHigh * 100)} min={0} max={100} set={(high) => put({ returnHigh: high / 100, returnLow: Math.min(price.returnLow, high / 100) })} />
          <span aria-hidden="true">%</span>
        </span>
      </Group>
    </Section>
  );
}

function Look({ settings, t, set, fixed, languages }: EachGiven) {
  return (
    <Section id="look" t={t}>
      <Pick<Settings['language']> id="language" fixed={fixed('language')} label={t('options.language')} hint={t('options.language.hint')} value={settings.language} set={(language) => set({ language })}
        choices={[{ value: 'auto', label: t('options.auto') }, ...languagesIn(languages)]} />
      <Pick id="theme" fixed={fixed('theme')} label={t('options.theme')} hint={t('options.theme.hint')} value={settings.theme} set={(theme) => set({ theme })}
        choices={(['auto', 'light', 'dark'] as const).map((value) => ({ value, label: t(`options.theme.${value}`) }))} />
    </Section>
  );
}
