import browser from './browser.ts';

/** `plain` is the icon of a store that works; the others differ in shape, so that colour is never the only sign. */
const ICON_SHAPES = ['plain', 'degraded', 'down', 'maintenance', 'own', 'recovering', 'unknown'] as const;
export type IconShape = (typeof ICON_SHAPES)[number];

export interface Badge {
  /** At most four characters; '' = none. */
  text: string;
  /** `#rrggbb`. */
  colour: string;
  /** What is shown on hovering and read aloud. */
  title: string;
  shape: IconShape;
}

/** The signs of trouble are drawn so that half their size falls on whole pixels too: a browser that wants 16 pixels halves them. */
function iconPaths(shape: IconShape): Record<string, string> {
  return shape === 'plain' ? { 16: '/icon/16.png', 32: '/icon/32.png' } : { 32: `/icon/${shape}-32.png` };
}

/** Paints the toolbar's icon and badge. Never fails: a toolbar that cannot be painted (no window open) is no reason to stop. */
export async function paint({ text, colour, title, shape }: Badge): Promise<void> {
  const { action } = browser;
  const strokes: (() => Promise<void> | undefined)[] = [
    () => action.setBadgeText({ text: Array.from(text).slice(0, 4).join('') }),
    () => action.setBadgeBackgroundColor({ color: colour }),
    () => action.setBadgeTextColor?.({ color: '#ffffff' }),
    () => action.setTitle({ title }),
    () => action.setIcon({ path: iconPaths(shape) }),
  ];
  await Promise.allSettled(strokes.map(async (stroke) => stroke()));
}
