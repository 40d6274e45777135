import { withoutHidden } from '../core/plain.ts';

const ENTITY = /&(?:#(\d{1,7})|#[xX]([0-9a-fA-F]{1,6})|(amp|lt|gt|quot|apos|nbsp));/g;
const NAMED: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", nbsp: ' ' };

function decodeEntity(whole: string, decimal: string | undefined, hex: string | undefined, name: string | undefined): string {
  if (name !== undefined) return NAMED[name] ?? whole;
  const code = decimal === undefined ? Number.parseInt(hex ?? '', 16) : Number(decimal);
  return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : '';
}

/**
 * Makes somebody else's words safe to show as text: HTML entities decoded (once), white space collapsed, control, bidirectional and other
 * invisible characters removed, cut to a length. Markup stays what it is: characters, to be set as text and never as HTML.
 * @param maxLength in code points; a text that is longer ends in "…".
 */
export function plainText(text: string, maxLength: number): string {
  // Bounded first, so that a text of a megabyte costs no more than the part that can be shown (an entity has at most 10 characters).
  const decoded = text.slice(0, maxLength * 10).replace(ENTITY, decodeEntity);
  const clean = withoutHidden(decoded);
  const points = [...clean];
  return points.length <= maxLength ? clean : `${points.slice(0, Math.max(0, maxLength - 1)).join('')}…`;
}
