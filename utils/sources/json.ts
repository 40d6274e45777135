import { flaw, success } from '../core/result.ts';
import type { Outcome } from '../core/result.ts';

export type JsonObject = Readonly<Record<string, unknown>>;

/** @returns whether the value is a JSON object (not null, not a list). */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** @returns the number, or null where the value is anything but a finite number. */
export function finite(value: unknown): number | null {
  return typeof value === 'number' && Number.isFinite(value) ? value : null;
}

/**
 * Parses JSON that somebody else wrote: of bounded length, with or without a byte order mark. Never evaluates.
 * @param maxChars longer texts are refused unread.
 */
export function parseJson(text: string, maxChars: number): Outcome<unknown> {
  if (text.length > maxChars) return flaw('', `longer than ${maxChars} characters`);
  try {
    return success(JSON.parse(text.replace(/^\uFEFF/, '')));
  } catch {
    return flaw('', 'not JSON');
  }
}
