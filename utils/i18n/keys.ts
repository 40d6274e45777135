import { en } from './en/index.ts';
import type { Key } from './translate.ts';

/**
 * Names of all sentences, in the order in which a file of sentences holds them. A build keeps the names and drops the English sentences behind
 * them (`wxt.config.ts`): those are in a file of their own, as any other language's.
 */
export const KEYS = Object.keys(en) as Key[];
