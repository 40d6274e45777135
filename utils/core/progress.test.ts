import { expect, test } from 'vitest';
import { answeredOf, withAnswered, withAsked, type Progress } from './progress.ts';

const target = (id: string) => ({ id, role: 'catalog' as const });
const seen = (id: string, result: Parameters<typeof withAnswered>[1]['result']) => ({ target: id, role: 'catalog' as const, result });
const short = (progress: Progress) => progress.map((one) => `${one.target} ${one.answer}`);

test('what has answered comes first, in the order it did; what is asked later comes last', () => {
  let progress = withAsked([], ['a', 'b', 'c'].map(target));
  expect(short(progress)).toEqual(['a awaited', 'b awaited', 'c awaited']);
  progress = withAnswered(progress, seen('c', { kind: 'ok' }));
  progress = withAnswered(progress, seen('a', { kind: 'failed', failure: 'http.503', phase: 'http' }));
  expect(short(progress)).toEqual(['c ok', 'a failed', 'b awaited']);
  progress = withAsked(progress, [target('d')]);
  progress = withAnswered(progress, seen('d', { kind: 'discarded', because: 'suspended' }));
  expect(short(progress)).toEqual(['c ok', 'a failed', 'd none', 'b awaited']);
  expect(answeredOf(progress)).toBe(3);
  progress = withAnswered(progress, seen('b', { kind: 'ok' }));
  expect(short(progress)).toEqual(['c ok', 'a failed', 'd none', 'b ok']);
});
