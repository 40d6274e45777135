import fc from 'fast-check';
import { expect, test } from 'vitest';
import { withoutHidden } from './plain.ts';

test.each([
  ['\u202egnp.exe', 'gnp.exe'],
  ['a\u0000\u0007b', 'ab'],
  [' two\u2028lines\tand\n a tab ', 'two lines and a tab'],
  ['half \ud83d of one', 'half of one'],
  ['<b>stays</b> &amp; is shown', '<b>stays</b> &amp; is shown'],
  ['اغنية عربية', 'اغنية عربية'],
  ['\u2066\u200b\ufeff', ''],
  ['👨\u200d👩\u200d👧 and ❤\ufe0f\u200d🔥', '👨\u200d👩\u200d👧 and ❤\ufe0f\u200d🔥'],
  ['می\u200cخواهم', 'می\u200cخواهم'],
  ['क्\u200dष', 'क्\u200dष'],
  ['app\u200dle\u200c.com', 'apple.com'],
  ['👩\u200d \u200d👧', '👩 👧'],
])('%j is shown as %j', (given, shown) => {
  expect(withoutHidden(given)).toBe(shown);
});

test('what is plain stays as it is', () => {
  fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => {
    const plain = withoutHidden(text);
    expect(plain.replace(/[\u200c\u200d]/gu, '')).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}\p{Co}]/u);
    expect(withoutHidden(plain)).toBe(plain);
  }));
});
