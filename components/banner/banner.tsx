import { useEffect, useState } from 'preact/hooks';
import type { BannerView } from '../../utils/core/banner.ts';
import type { Reminder } from '../../utils/core/reminder.ts';
import type { Send } from '../../utils/view/source.ts';
import { Cross, StateSign, Tick } from '../shared/glyphs.tsx';

export interface BannerGiven {
  view: BannerView;
  /** What the page is about; null = nothing one could keep. */
  song: Reminder | null;
  /** What to look for elsewhere; '' = nothing. */
  query: string;
  send: Send;
  /** The user wants to see no more of it. */
  close(): void;
}

type Open = 'nothing' | 'details' | 'elsewhere';

/** What stands on a page of the store: one sentence, one line, and what can be done about it. */
export function Banner({ view, song, query, send, close }: BannerGiven) {
  const { words } = view;
  const [open, setOpen] = useState<Open>('nothing');
  // Said aloud only when it is put into something that is already there.
  const [there, setThere] = useState(false);
  useEffect(() => setThere(true), []);
  const toggle = (what: Open) => () => setOpen(open === what ? 'nothing' : what);
  const leave = (event: KeyboardEvent & { currentTarget: HTMLElement }) => {
    if (event.key !== 'Escape') return;
    event.stopPropagation();
    if (open === 'nothing') close();
    else {
      // What is closed takes the focus along, if that is in it: back to the button that opened it.
      event.currentTarget.querySelector<HTMLElement>('[aria-expanded="true"]')?.focus();
      setOpen('nothing');
    }
  };
  return (
    <section class={`card ${view.kind}`} data-tone={view.tone} lang={view.language} dir="ltr" aria-label={words.label} onKeyDown={leave}>
      <div class="row">
        <StateSign state={view.state} size={view.kind === 'trouble' ? 30 : 22} />
        <div class="said" role="status">
          {there && (
            <>
              {view.rehearsal !== null && <p class="rehearsal">{view.rehearsal}</p>}
              <p class="title">{view.title}</p>
              <p class="line">
                <span class="parts">
                  {view.parts.map((part) => <span key={part}>{part}</span>)}
                  {view.fine !== null && <span class="fine"><Tick size={11} />{view.fine}</span>}
                </span>
              </p>
            </>
          )}
        </div>
        {view.kind === 'trouble' && (
          <div class="does">
            {song !== null && <Remind key={song.id} song={song} words={words} send={send} />}
            {query !== '' && view.places.length > 0 && <button type="button" class="button" aria-expanded={open === 'elsewhere'} aria-controls="more" onClick={toggle('elsewhere')}>{words.elsewhere}</button>}
            {view.details.length > 0 && <button type="button" class="button" data-action="details" aria-expanded={open === 'details'} aria-controls="more" onClick={toggle('details')}>{words.details}</button>}
          </div>
        )}
        {view.kind !== 'back' && <button type="button" class="close" data-action="dismiss" aria-label={words.close} title={words.close} onClick={close}><Cross size={14} /></button>}
      </div>
      {open !== 'nothing' && view.kind === 'trouble' && (
        <div class="more" id="more">
          {open === 'details' ? <Details view={view} send={send} /> : (
            <ul class="places">
              {view.places.map(({ name, url }) => <li key={name}><a class="button" href={url.replaceAll('{query}', encodeURIComponent(query))} target="_blank" rel="noopener noreferrer">{name}</a></li>)}
            </ul>
          )}
        </div>
      )}
    </section>
  );
}

function Details({ view, send }: Pick<BannerGiven, 'view' | 'send'>) {
  return (
    <>
      <dl>
        {view.details.map(({ label, text }) => <div key={label}><dt>{label}</dt><dd>{text}</dd></div>)}
      </dl>
      <button type="button" class="button" onClick={() => void send('open-details', { incident: view.incident })}>{view.words.page}</button>
    </>
  );
}

function Remind({ song, words, send }: { song: Reminder; words: BannerView['words']; send: Send }) {
  const [kept, setKept] = useState<boolean | null>(null);
  const keep = async () => setKept((await send('remind', { reminder: song })).ok);
  return (
    <button type="button" class="button main" data-action="remind" aria-disabled={kept === true} onClick={() => (kept === true ? undefined : void keep())}>
      {kept === true && <Tick size={13} />}
      <span aria-live="polite">{kept === null ? words.remind[song.kind] : kept ? words.reminded : words.failed}</span>
    </button>
  );
}
