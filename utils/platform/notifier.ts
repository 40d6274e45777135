import type { Notifier } from '../app/ports.ts';
import { flaw, success } from '../core/result.ts';
import browser from './browser.ts';
import { isFirefox } from './engine.ts';
import { wordsOf } from './words.ts';

const ICON = 'icon/128.png';
/** What Chromium shows at most. */
const MAX_BUTTONS = 2;

/** @returns the browser's notifications; undefined in Safari, which has none for extensions. */
function api(): typeof browser.notifications | undefined {
  return (browser as Partial<typeof browser>).notifications;
}

/** Firefox throws at options it does not know. */
function canHaveButtons(): boolean {
  return !isFirefox() && api()?.onButtonClicked !== undefined;
}

/** A notification that has not appeared by then was swallowed, ms: the system is told at once, and draws within a frame or two. */
const APPEARS_MS = 5_000;

/** @returns whether the notification has really appeared; null where the browser does not tell (Chromium). To be asked before it is shown. */
function appearance(id: string): Promise<boolean> | null {
  const { onShown } = browser.notifications as Partial<typeof browser.notifications>;
  if (onShown === undefined) return null;
  return new Promise((resolve) => {
    const end = (appeared: boolean): void => {
      clearTimeout(timer);
      onShown.removeListener(heard);
      resolve(appeared);
    };
    const heard = (shown: string): void => void (shown === id && end(true));
    const timer = setTimeout(() => end(false), APPEARS_MS);
    onShown.addListener(heard);
  });
}

/** @returns notifications of the simplest kind, which every system can show; buttons only where the browser has them. */
export function createNotifier(): Notifier {
  return {
    async show({ id, title, message, buttons }) {
      const notifications = api() as (typeof browser.notifications & { getPermissionLevel?: () => Promise<string> }) | undefined;
      if (notifications === undefined) return success('unsupported');
      try {
        if ((await notifications.getPermissionLevel?.()) === 'denied') return flaw('notifications', 'denied');
        const plain = { type: 'basic' as const, iconUrl: browser.runtime.getURL(ICON), title, message };
        const withButtons = canHaveButtons() && buttons.length > 0 ? { ...plain, buttons: buttons.slice(0, MAX_BUTTONS).map((words) => ({ title: words })) } : plain;
        const appeared = appearance(id);
        await notifications.create(id, withButtons);
        return success((await appeared) === false ? 'swallowed' : undefined);
      } catch (error) {
        return flaw('notifications', wordsOf(error));
      }
    },
    hasButtons: canHaveButtons,
    async clear(id) {
      await api()?.clear(id).catch(() => false);
    },
  };
}

/**
 * Listens to what the user does with a notification. Call it synchronously when the background starts.
 * @param onPress gets the notification's id, and which button was pressed; null = the notification itself
 */
export function onNotification(onPress: (id: string, button: number | null) => void): void {
  const notifications = api();
  notifications?.onClicked?.addListener((id) => onPress(id, null));
  if (notifications && canHaveButtons()) notifications.onButtonClicked.addListener(onPress);
}
