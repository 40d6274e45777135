import { useState } from 'preact/hooks';
import { useReturn } from './focus.ts';
import type { Translate } from '../../utils/i18n/translate.ts';
import type { Send } from '../../utils/view/source.ts';

/** @param platform as `navigator.platform` tells it @returns the way to the system's notification settings, in words */
function wayToSettings(platform: string, t: Translate): string {
  return t(/^win/i.test(platform) ? 'options.test.windows' : /^mac/i.test(platform) ? 'options.test.mac' : 'options.test.linux');
}

/** Sends one notification and asks whether it was seen: nothing else can tell, the system swallows them in silence. */
export function TestNotification({ t, send, platform, main = false }: { t: Translate; send: Send; platform: string; main?: boolean }) {
  const [step, setStep] = useState<'start' | 'sent' | 'seen' | 'unseen' | { flaw: string }>('start');
  const { place, pressed } = useReturn<HTMLButtonElement>();
  const test = async () => {
    const answer = await send('test-notification', {});
    // Not shown, as the browser itself says: the way to the system's settings is what helps.
    // Where the browser has none (Safari) there is no such way.
    setStep(answer.ok ? 'sent' : answer.error.at === 'notifications' ? 'unseen' : { flaw: answer.error.at === 'notifications.none' ? t('options.test.icon') : t('options.data.failed', { reason: answer.error.reason }) });
  };
  return (
    <div class="test-notification">
      <button ref={place} type="button" class={`button${main ? ' main' : ''}`} onClick={() => void test()}>{t('options.test.send')}</button>
      <div role="status" onClickCapture={pressed}>
        {step === 'sent' && (
          <p class="asks">
            <strong>{t('options.test.seen')}</strong>
            <button type="button" class="button small" onClick={() => setStep('seen')}>{t('options.test.yes')}</button>
            <button type="button" class="button small" onClick={() => setStep('unseen')}>{t('options.test.no')}</button>
          </p>
        )}
        {step === 'seen' && <p>{t('options.test.good')}</p>}
        {step === 'unseen' && <p>{wayToSettings(platform, t)} {t('options.test.icon')}</p>}
        {typeof step === 'object' && <p>{step.flaw}</p>}
      </div>
    </div>
  );
}
