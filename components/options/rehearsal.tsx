import { useState } from 'preact/hooks';
import type { Snapshot } from '../../utils/core/snapshot.ts';
import type { Translate } from '../../utils/i18n/translate.ts';
import type { Playable } from '../../utils/view/rehearsals.ts';
import type { Send } from '../../utils/view/source.ts';
import { Group, Section, Select } from './fields.tsx';

export interface RehearsalGiven {
  rehearsals: readonly Playable[];
  /** What is being played, as the snapshot says. */
  playing: Snapshot['rehearsal'];
  t: Translate;
  send: Send;
}

/** Plays a documented outage: which, how fast, and how to end it. */
export function Rehearsal({ rehearsals, playing, t, send }: RehearsalGiven) {
  const [id, setId] = useState(rehearsals[0]?.id ?? '');
  const [wished, setSpeed] = useState<number | null>(null);
  const [told, setTold] = useState('');
  const chosen = rehearsals.find((one) => one.id === id);
  if (chosen === undefined) return null;
  // A speed that is too slow for another outage gives way to what is usual there.
  const speed = chosen.speeds.some(({ value }) => value === wished) ? wished! : chosen.usual;
  const ask = async (wish: Parameters<typeof send<'rehearse'>>[1], done: string) => {
    const answer = await send('rehearse', wish);
    setTold(answer.ok ? done : t('rehearsal.failed', { reason: answer.error.reason }));
  };
  return (
    <Section id="rehearsal" t={t}>
      <Group id="play" label={t('options.rehearsal.play')} hint={t('options.rehearsal.play.hint')}>
        <span class="pair">
          <Select<string> id="rehearsal-which" label={t('options.rehearsal.which')} value={id} set={setId} choices={rehearsals.map((one) => ({ value: one.id, label: one.title }))} />
          <Select<number> id="rehearsal-speed" label={t('options.rehearsal.speed')} value={speed} set={setSpeed} choices={chosen.speeds} />
          {playing === null
            ? <button type="button" class="button main" onClick={() => void ask({ scenario: id, speed }, t('rehearsal.started'))}>{t('options.rehearsal.start')}</button>
            : <button type="button" class="button main" onClick={() => void ask({ stop: true }, '')}>{t('rehearsal.stop')}</button>}
        </span>
        <p class="flaw" role="status">{playing === null ? told : `${t('rehearsal.playing', { title: playing.title })} ${told}`}</p>
      </Group>
    </Section>
  );
}
