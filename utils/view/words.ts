import type { Cause, Undisclosed } from '../core/causes.ts';
import type { Reason } from '../core/diagnosis.ts';
import type { Failure } from '../core/failure.ts';
import { statusOf } from '../core/failure.ts';
import type { Flaw } from '../core/result.ts';
import type { Key, Translate } from '../i18n/translate.ts';

/** Looks a sentence up by a name that only runs know (evidence, causes); null where the catalogue has none of that name. */
export function lookUp(t: Translate, name: string, params: Record<string, string | number> = {}): string | null {
  const say = t as unknown as (key: string, params: Record<string, string | number>) => string;
  const text = say(name, params);
  return text === name ? null : text;
}

/** @returns the cause in words; its id where no language has it. */
export function causeName(t: Translate, id: Cause | Undisclosed): string {
  return lookUp(t, `cause.${id}`) ?? id;
}

/** @returns the sentence of a reason; null where the catalogue lacks it: better nothing than a code. */
export function reasonSentence(t: Translate, reason: Reason): string | null {
  return lookUp(t, `evidence.${reason.evidence}`, reason.params);
}

/** @returns a failure in words: "no answer", "answered with error 503". */
export function failureWords(t: Translate, failure: Failure): string {
  const status = statusOf(failure);
  if (status !== null) return t('targets.failure.status', { status: String(status) });
  return lookUp(t, `targets.failure.${failure}`) ?? lookUp(t, `targets.failure.${failure.slice(0, failure.indexOf('.'))}`) ?? t('targets.failure.unknown');
}

/** @returns what was refused, with its place: names of fields are the same in every language. */
export function flawWords(t: Translate, { at, reason }: Flaw): string {
  return t('app.pair', { name: at, value: reason });
}

export type { Key };
