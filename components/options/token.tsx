import { useState } from 'preact/hooks';
import type { Translate } from '../../utils/i18n/translate.ts';
import { isToken } from '../../utils/view/others.ts';
import type { Send } from '../../utils/view/source.ts';
import { useReturn } from '../shared/focus.ts';
import { Row } from './fields.tsx';

interface Given {
  /** Whether one is kept already; what it is, no page is told. */
  kept: boolean;
  t: Translate;
  send: Send;
}

/** The user's own token for the measurement network: put in, or removed; never shown again. */
export function Token({ kept: before, t, send }: Given) {
  const [kept, setKept] = useState(before);
  const [token, setToken] = useState('');
  const [flaw, setFlaw] = useState('');
  const { place, pressed } = useReturn<HTMLInputElement>();
  const put = async (next: string | null) => {
    if (next !== null && !isToken(next)) return setFlaw(t('options.token.bad'));
    const answer = await send('world-token', { token: next });
    setFlaw(answer.ok ? '' : t('options.failed', { reason: answer.error.reason }));
    if (!answer.ok) return;
    setToken('');
    setKept(next !== null);
  };
  return (
    <Row id="token" label={t('options.token')} hint={t('options.token.hint')}>
      <span class="pair" onClickCapture={pressed}>
        <input ref={place} id="token" type="password" autocomplete="off" spellcheck={false} placeholder={kept ? t('options.token.kept') : ''} value={token} aria-describedby="token-hint" onInput={(event) => setToken(event.currentTarget.value)} />
        <button type="button" class="button small" disabled={token === ''} onClick={() => void put(token.trim())}>{t('options.token.keep')}</button>
        {kept && <button type="button" class="button small" onClick={() => void put(null)}>{t('options.token.remove')}</button>}
      </span>
      <p class="flaw" role="status">{flaw}</p>
    </Row>
  );
}
