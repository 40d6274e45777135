/**
 * Words of others as one line of text: without controls, without signs that hide or that turn the direction of writing, without half
 * characters and private ones. Markup stays what it is: characters, to be set as text and never as HTML.
 * @returns '' where nothing is left
 */
export function withoutHidden(text: string): string {
  return text.replace(/[\p{Cf}\p{Co}\p{Cs}]|(?!\s)\p{Cc}/gu, '').replace(/\s+/g, ' ').trim();
}
