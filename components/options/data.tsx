import { useRef, useState } from 'preact/hooks';
import type { Translate } from '../../utils/i18n/translate.ts';
import type { Outcome } from '../../utils/core/result.ts';
import { flawWords } from '../../utils/view/words.ts';
import type { Send } from '../../utils/view/source.ts';
import { useReturn } from '../shared/focus.ts';
import { Group, Section } from './fields.tsx';

interface Given {
  t: Translate;
  send: Send;
  save(name: string, text: string, type: string): void;
  /** What could not be read or written; null where all can. */
  trouble: string | null;
}

/** Export, import and deletion of what was recorded. Nothing is overwritten or deleted by one click. */
export function Data({ t, send, save, trouble }: Given) {
  const [told, setTold] = useState('');
  const [file, setFile] = useState<{ name: string; text: string } | null>(null);
  const [sure, setSure] = useState(false);
  const input = useRef<HTMLInputElement>(null);
  const chooses = useReturn<HTMLButtonElement>();
  const erases = useReturn<HTMLButtonElement>();
  const tell = (answer: Outcome<unknown>, done: string) => setTold(answer.ok ? done : t('options.data.failed', { reason: flawWords(t, answer.error) }));

  const bring = async (format: 'json' | 'csv') => {
    const answer = await send('export', { format });
    if (answer.ok) save(`tsunagaru.${format}`, answer.value, format === 'json' ? 'application/json' : 'text/csv');
    tell(answer, '');
  };
  const take = async (replace: boolean) => {
    if (!file) return;
    const answer = await send('import', { text: file.text, replace });
    tell(answer, answer.ok ? t('options.data.import.done', { n: answer.value.incidents }) : '');
    setFile(null);
  };
  const erase = async () => {
    setSure(false);
    tell(await send('delete-data', {}), t('options.data.delete.done'));
  };

  return (
    <Section id="data" t={t}>
      <p class="about">{t('options.data.about')}</p>
      {trouble !== null && <p class="flaw" role="alert" data-trouble="storage">{t('popup.problem.storage')} <small dir="auto">{trouble}</small></p>}
      <Group id="export" label={t('options.data.export')} hint={t('options.data.export.hint')}>
        <span class="pair">
          <button type="button" class="button" onClick={() => void bring('json')}>{t('options.data.export.json')}</button>
          <button type="button" class="button" onClick={() => void bring('csv')}>{t('options.data.export.csv')}</button>
        </span>
      </Group>
      <Group id="import" label={t('options.data.import')} hint={t('options.data.import.hint')}>
        <input ref={input} type="file" accept=".json,application/json" hidden aria-label={t('options.data.import.choose')} onChange={(event) => {
          const chosen = event.currentTarget.files?.[0];
          event.currentTarget.value = '';
          if (chosen) void chosen.text().then((text) => setFile({ name: chosen.name, text }));
        }} />
        <button ref={chooses.place} type="button" class="button" onClick={() => input.current?.click()}>{t('options.data.import.choose')}</button>
        <div class="asks" onClickCapture={chooses.pressed}>
          <span role="status">{file && t('options.data.import.chosen', { name: file.name })}</span>
          {file && <>
            <button type="button" class="button main small" onClick={() => void take(false)}>{t('options.data.import.add')}</button>
            <button type="button" class="button small danger" onClick={() => void take(true)}>{t('options.data.import.replace')}</button>
          </>}
        </div>
      </Group>
      <Group id="delete" label={t('options.data.delete')} hint={t('options.data.delete.hint')}>
        {/* The focus goes to where a second press does no harm. */}
        <span class="pair" onClickCapture={erases.pressed}>{sure ? (
          <>
            <button key="sure" type="button" class="button danger" onClick={() => void erase()}>{t('options.data.delete.sure')}</button>
            <button key="cancel" ref={erases.place} type="button" class="button" onClick={() => setSure(false)}>{t('options.data.delete.cancel')}</button>
          </>
        ) : <button key="delete" ref={erases.place} type="button" class="button danger" onClick={() => setSure(true)}>{t('options.data.delete.do')}</button>}</span>
      </Group>
      <p class="flaw" role="status">{told}</p>
    </Section>
  );
}
