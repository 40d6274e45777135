import { useRef, useState } from 'preact/hooks';
import type { Settings } from '../../utils/core/settings.ts';
import type { Translate } from '../../utils/i18n/translate.ts';
import { isPlaceUrl } from '../../utils/view/elsewhere.ts';
import { useReturn } from '../shared/focus.ts';
import { Group } from './fields.tsx';

type Place = Settings['elsewhere'][number];

/** The list of other places to look for a song: shown whole, added to one by one. */
export function Places({ places, fixed, t, set }: { places: readonly Place[]; fixed: string | undefined; t: Translate; set(places: Place[]): void }) {
  const [name, setName] = useState('');
  const [url, setUrl] = useState('');
  const [flaw, setFlaw] = useState<'name' | 'url' | null>(null);
  const { place: nameField, pressed } = useReturn<HTMLInputElement>();
  const urlField = useRef<HTMLInputElement>(null);
  const add = () => {
    const wrong = name.trim() === '' ? 'name' : isPlaceUrl(url.trim()) ? null : 'url';
    setFlaw(wrong);
    if (wrong !== null) return (wrong === 'name' ? nameField : urlField).current?.focus();
    set([...places, { name: name.trim(), url: url.trim() }]);
    setName('');
    setUrl('');
  };
  return (
    <Group id="elsewhere" fixed={fixed} label={t('options.elsewhere')} hint={t('options.elsewhere.hint', { query: '{query}' })}>
      <div onClickCapture={pressed}>
        {places.length > 0 && (
          <ul class="places">
            {places.map((place, index) => (
              <li key={`${place.name} ${place.url}`}>
                <span><strong>{place.name}</strong><small>{place.url}</small></span>
                <button type="button" class="button small" aria-label={t('options.elsewhere.remove', { name: place.name })} onClick={() => set(places.filter((_, at) => at !== index))}>×</button>
              </li>
            ))}
          </ul>
        )}
      </div>
      <form class="add" noValidate onSubmit={(event) => {
        event.preventDefault();
        add();
      }}>
        <input ref={nameField} aria-label={t('options.elsewhere.name')} aria-invalid={flaw === 'name'} aria-describedby="elsewhere-flaw" placeholder={t('options.elsewhere.name')} value={name} maxLength={60} onInput={(event) => setName(event.currentTarget.value)} />
        <input ref={urlField} aria-label={t('options.elsewhere.url')} aria-describedby="elsewhere-flaw" placeholder="https://…{query}" value={url} maxLength={500} inputMode="url" aria-invalid={flaw === 'url'} onInput={(event) => setUrl(event.currentTarget.value)} />
        <button type="submit" class="button">{t('options.elsewhere.add')}</button>
      </form>
      <p class="flaw" id="elsewhere-flaw" role="status">{flaw !== null && t('options.elsewhere.bad', { query: '{query}' })}</p>
    </Group>
  );
}
