import { answeredOf } from '../core/progress.ts';
import type { Asked, Progress } from '../core/progress.ts';
import type { Translate } from '../i18n/translate.ts';

/** @returns the parts of the store (and what it is compared with) that have not answered yet, each once, as a list in words */
export function awaitedWords(progress: Progress, t: Translate): string {
  const awaited = progress.filter(({ answer }) => answer === 'awaited').map(({ role }) => t(`targets.role.${role}`));
  return new Intl.ListFormat(t.language, { type: 'conjunction', style: 'narrow' }).format(new Set(awaited));
}

export { answeredOf };
export type { Asked, Progress };
