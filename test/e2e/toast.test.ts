import { expect, test } from 'vitest';
import { en } from '../../utils/i18n/en/index.ts';
import { toast, whyNoToast } from './toast.ts';

/** What no test of the browser's API can tell: that a desktop really shows it. */
const reason = whyNoToast();

test.skipIf(reason !== null)(`an outage is shown by a real desktop: its words, its button, its place on the display${reason === null ? '' : ` (${reason})`}`, { timeout: 90_000 }, async () => {
  const done = await toast();
  if (!done.ok) throw new Error(`${done.error.at}: ${done.error.reason}`);
  const { title, body, buttons, area } = done.value;
  expect(title).toBe(en['notice.outage.down']);
  expect(body).toContain(en['notice.outage.body'].split('{since}')[0]);
  expect(buttons).toContain(en['notice.button.details']);
  // A notification is 400 pixels wide, the display 1280.
  expect(area).toBeGreaterThan(0.15);
  expect(area).toBeLessThan(0.5);
});
