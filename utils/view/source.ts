import { useEffect, useState } from 'preact/hooks';
import type { Answer, Ask, CommandName } from '../messages/contract.ts';

/** Something a view shows and somebody else writes: the snapshot, the progress of a check, the settings, kept songs. */
export interface Source<T> {
  /** The value as it is now. */
  get(): T;
  /** @returns how to stop listening. */
  subscribe(listener: () => void): () => void;
}

/** How a view asks the background for something to be done. */
export type Send = <K extends CommandName>(command: K, ask: Ask<K>) => Promise<Answer<K>>;

/** @returns the value of a source, rendered anew whenever it changes. */
export function useSource<T>(source: Source<T>): T {
  const [value, setValue] = useState(() => source.get());
  useEffect(() => {
    setValue(source.get());
    return source.subscribe(() => setValue(source.get()));
  }, [source]);
  return value;
}

/**
 * @param clock gives the time, ms since the epoch
 * @param every how often the view looks at it, ms
 * @returns the time, moving on by itself, so that "2 min ago" stays true while a view is open
 */
export function useNow(clock: () => number, every = 10_000): number {
  const [now, setNow] = useState(clock);
  useEffect(() => {
    const timer = setInterval(() => setNow(clock()), every);
    return () => clearInterval(timer);
  }, [clock, every]);
  return now;
}

/** @returns a source that is written by hand: for tests, for the pages that hold a copy of what is stored. */
export function held<T>(first: T): Source<T> & { set(value: T): void } {
  let value = first;
  const listeners = new Set<() => void>();
  return {
    get: () => value,
    set(next) {
      value = next;
      for (const listener of listeners) listener();
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
