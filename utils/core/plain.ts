/**
 * Words of others as one line of text: without controls, without signs that hide or that turn the direction of writing, without half
 * characters and private ones. Joiners stay where writing needs them: between the parts of one emoji, in Arabic script and after a mark (as Indic scripts
 * have it); between other letters they only hide. Markup stays what it is: characters, to be set as text and never as HTML.
 * @returns '' where nothing is left
 */
export function withoutHidden(text: string): string {
  return text.replace(/((?<=[\p{ExtPict}\ufe0f])\u200d(?=\p{ExtPict})|(?<=[\p{Mn}\p{sc=Arab}])[\u200c\u200d])|[\p{Cf}\p{Co}\p{Cs}]|(?!\s)\p{Cc}/gu, '$1').replace(/\s+/g, ' ').trim();
}
