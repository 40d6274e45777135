/** One bin of a reliability plot: mean probability said, share that was right, how many. */
export interface Bin {
  p: number;
  right: number;
  of: number;
}

const SIZE = 360;
const MARGIN = 48;
const INNER = SIZE - 2 * MARGIN;

/** @returns a reliability plot as a self-contained SVG that reads on light and dark ground; the area of a point is how often it was said. */
export function reliabilitySvg(bins: readonly Bin[], title: string): string {
  const x = (p: number): string => (MARGIN + p * INNER).toFixed(1);
  const y = (p: number): string => (SIZE - MARGIN - p * INNER).toFixed(1);
  const most = Math.max(1, ...bins.map((bin) => bin.of));
  const ticks = [0, 0.25, 0.5, 0.75, 1];
  const escaped = title.replace(/[&<>]/g, (sign) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;' })[sign] ?? sign);
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${SIZE} ${SIZE}" width="${SIZE}" height="${SIZE}" role="img" aria-label="${escaped}" font-family="system-ui, sans-serif" font-size="11">`,
    '<style>svg{color:#1f2328}@media (prefers-color-scheme:dark){svg{color:#e6edf3}}</style>',
    `<title>${escaped}</title>`,
    `<rect x="${MARGIN}" y="${MARGIN}" width="${INNER}" height="${INNER}" fill="none" stroke="currentColor" stroke-opacity=".3"/>`,
    `<line x1="${x(0)}" y1="${y(0)}" x2="${x(1)}" y2="${y(1)}" stroke="currentColor" stroke-opacity=".4" stroke-dasharray="4 4"/>`,
    ...ticks.flatMap((tick) => [
      `<text x="${x(tick)}" y="${SIZE - MARGIN + 16}" fill="currentColor" text-anchor="middle">${100 * tick} %</text>`,
      `<text x="${MARGIN - 6}" y="${y(tick)}" fill="currentColor" text-anchor="end" dominant-baseline="middle">${100 * tick} %</text>`,
    ]),
    ...bins
      .filter((bin) => bin.of > 0)
      .map((bin) => `<circle cx="${x(bin.p)}" cy="${y(bin.right)}" r="${(3 + 11 * Math.sqrt(bin.of / most)).toFixed(1)}" fill="#0969da" fill-opacity=".65"><title>said ${(100 * bin.p).toFixed(0)} %, right ${(100 * bin.right).toFixed(0)} %, ${bin.of} times</title></circle>`),
    `<text x="${SIZE / 2}" y="${SIZE - 10}" fill="currentColor" text-anchor="middle">said: probability of the family named first</text>`,
    `<text transform="translate(12 ${SIZE / 2}) rotate(-90)" fill="currentColor" text-anchor="middle">true: how often it was right</text>`,
    `<text x="${SIZE / 2}" y="20" fill="currentColor" text-anchor="middle">${escaped}</text>`,
    '</svg>',
    '',
  ].join('\n');
}
