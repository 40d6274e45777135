import { flaw, success, type Outcome } from '../core/result.ts';
import type { Language } from '../core/settings.ts';
import { sentenceFile, type SentenceFile } from './files.ts';
import { KEYS } from './keys.ts';
import type { Catalogue } from './translate.ts';

/**
 * What the build writes: sentences only, one a line, in the order of `KEYS`; where a file has several languages, each sentence in all of them before the next.
 * Names in each file were a third of it.
 * @throws where a sentence has a line break: a slip in a catalogue, seen when building
 */
export function writeSentences({ languages }: SentenceFile, catalogues: Readonly<Record<Language, Catalogue>>): string {
  return KEYS.flatMap((key) => languages.map((language) => {
    const sentence = catalogues[language][key];
    if (/[\r\n]/.test(sentence)) throw new Error(`${language}: ${key}: a sentence is one line`);
    return sentence;
  })).join('\n');
}

/** @returns the sentences of a language from a file as `writeSentences` wrote it; a flaw where it is of another build. */
export function readSentences({ path, languages }: SentenceFile, language: Language, text: string): Outcome<Catalogue> {
  const lines = text.split('\n');
  const expected = KEYS.length * languages.length;
  if (lines.length !== expected) return flaw(path, `${lines.length} sentences instead of ${expected}`);
  const column = Math.max(0, languages.indexOf(language)); // a language nobody speaks has the file of English
  return success(Object.fromEntries(KEYS.map((key, index) => [key, lines[index * languages.length + column]])) as Catalogue);
}

/**
 * Loads the sentences of one language from the extension's own files.
 * @param urlOf turns a path within the extension into an address
 * @param begun the answer, where it has been asked for already
 */
export async function loadCatalogue(language: Language, urlOf: (path: string) => string = (path) => path, begun?: Promise<Response>): Promise<Outcome<Catalogue>> {
  const file = sentenceFile(language);
  try {
    const answer = await (begun ?? fetch(urlOf(`/${file.path}`)));
    if (!answer.ok) return flaw(file.path, `status ${answer.status}`);
    return readSentences(file, language, new TextDecoder(file.encoding).decode(await answer.arrayBuffer()));
  } catch (error) {
    return flaw(file.path, error instanceof Error ? error.message : String(error));
  }
}
