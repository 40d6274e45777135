import { flaw, success, type Outcome } from '../core/result.ts';
import type { Language } from '../core/settings.ts';
import { KEYS } from './keys.ts';
import type { Catalogue } from './translate.ts';

/** @returns where the sentences of a language are, in the extension. */
export const catalogueFile = (language: string): string => `i18n/${language}.txt`;

/**
 * What the build writes: sentences only, one a line, in the order of `KEYS`. Names in each of ten files were a third of each file.
 * @throws where a sentence has a line break: a slip in a catalogue, seen when building
 */
export function writeCatalogue(catalogue: Catalogue): string {
  return KEYS.map((key) => {
    if (/[\r\n]/.test(catalogue[key])) throw new Error(`${key}: a sentence is one line`);
    return catalogue[key];
  }).join('\n');
}

/** @returns the sentences of a file as `writeCatalogue` wrote it; a flaw where it is of another build. */
export function readCatalogue(text: string): Outcome<Catalogue> {
  const lines = text.split('\n');
  if (lines.length !== KEYS.length) return flaw('sentences', `${lines.length} instead of ${KEYS.length}`);
  return success(Object.fromEntries(lines.map((line, index) => [KEYS[index], line])) as Catalogue);
}

/**
 * Loads the sentences of one language from the extension's own files.
 * @param urlOf turns a path within the extension into an address
 * @param begun the answer, where it has been asked for already
 */
export async function loadCatalogue(language: Language, urlOf: (path: string) => string = (path) => path, begun?: Promise<Response>): Promise<Outcome<Catalogue>> {
  const file = catalogueFile(language);
  try {
    const answer = await (begun ?? fetch(urlOf(`/${file}`)));
    if (!answer.ok) return flaw(file, `status ${answer.status}`);
    const read = readCatalogue(await answer.text());
    return read.ok ? read : flaw(file, read.error.reason);
  } catch (error) {
    return flaw(file, error instanceof Error ? error.message : String(error));
  }
}
