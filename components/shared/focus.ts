import { useLayoutEffect, useRef } from 'preact/hooks';
import type { RefObject } from 'preact';

/**
 * Brings the keyboard back where what was pressed has gone away: without it the focus falls to the top of the page.
 * Put `onClickCapture={pressed}` on what surrounds the buttons that go, `ref={place}` on what takes the focus then; that must be focusable.
 * @returns both; nothing happens as long as what was pressed stands, or where the focus has found a place of its own
 */
export function useReturn<T extends HTMLElement>(): { place: RefObject<T | null>; pressed(event: Event): void } {
  const place = useRef<T>(null);
  const last = useRef<Element | null>(null);
  useLayoutEffect(() => {
    if (last.current === null || last.current.isConnected) return;
    last.current = null;
    if (document.activeElement === null || document.activeElement === document.body) place.current?.focus();
  });
  const pressed = ({ target }: Event): void => {
    last.current = target instanceof Element ? target.closest('button') : null;
  };
  return { place, pressed };
}
