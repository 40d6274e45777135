import { flaw } from '../core/result.ts';
import type { Answer, Ask, CommandName } from '../messages/contract.ts';
import browser from './browser.ts';
import { wordsOf } from './words.ts';

/**
 * Sends a command to the background. Apart from what receives them, so that a page loads neither the decoders nor the table of targets before it paints.
 * @returns its answer; an error where the background cannot be reached
 */
export async function sendCommand<K extends CommandName>(command: K, ask: Ask<K>): Promise<Answer<K>> {
  try {
    const answer: unknown = await browser.runtime.sendMessage({ command, ask });
    return typeof answer === 'object' && answer !== null && 'ok' in answer ? (answer as Answer<K>) : flaw(command, 'no answer');
  } catch (error) {
    // The background died over it: whoever wakes it lets it tidy up what it left half done.
    wakeBackground();
    return flaw(command, wordsOf(error));
  }
}

/** Any message wakes a background that sleeps or has died; at its start it takes back a check that it left half done. Nobody answers this one. */
export function wakeBackground(): void {
  // Where the extension itself is gone, asking throws at once: that too is nobody's answer.
  void Promise.resolve()
    .then(() => browser.runtime.sendMessage({}))
    .catch(() => undefined);
}
