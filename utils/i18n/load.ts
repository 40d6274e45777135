import { flaw, success, type Outcome } from '../core/result.ts';
import type { Language } from '../core/settings.ts';
import type { Catalogue } from './translate.ts';

/**
 * Loads the sentences of one language from the extension's own files; the build writes them from the catalogues, so their shape is known.
 * @param urlOf turns a path within the extension into an address
 * @param begun the answer, where it has been asked for already
 */
export async function loadCatalogue(language: Language, urlOf: (path: string) => string = (path) => path, begun?: Promise<Response>): Promise<Outcome<Catalogue>> {
  try {
    const answer = await (begun ?? fetch(urlOf(`/i18n/${language}.json`)));
    return answer.ok ? success((await answer.json()) as Catalogue) : flaw(`i18n/${language}.json`, `status ${answer.status}`);
  } catch (error) {
    return flaw(`i18n/${language}.json`, error instanceof Error ? error.message : String(error));
  }
}
