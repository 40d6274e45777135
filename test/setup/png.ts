import { constants, crc32, deflateSync, inflateSync } from 'node:zlib';

/** A picture: four bytes a pixel, red, green, blue and opacity, row by row. */
export interface Picture {
  width: number;
  height: number;
  rgba: Uint8Array;
}

const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
const RGBA = 6;
const INDEXED = 3;

function chunks(file: Buffer): Map<string, Buffer> {
  const found = new Map<string, Buffer>();
  for (let at = SIGNATURE.length; at < file.length;) {
    const length = file.readUInt32BE(at);
    const type = file.toString('latin1', at + 4, at + 8);
    const data = file.subarray(at + 8, at + 8 + length);
    found.set(type, Buffer.concat([found.get(type) ?? Buffer.alloc(0), data]));
    at += 12 + length;
  }
  return found;
}

function chunk(type: string, data: Uint8Array): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  sum.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, sum]);
}

function paeth(left: number, up: number, corner: number): number {
  const guess = left + up - corner;
  const [toLeft, toUp, toCorner] = [Math.abs(guess - left), Math.abs(guess - up), Math.abs(guess - corner)];
  return toLeft <= toUp && toLeft <= toCorner ? left : toUp <= toCorner ? up : corner;
}

/** Takes the filters of PNG (W3C PNG, 9) back. */
function unfiltered(raw: Buffer, rowBytes: number, pixelBytes: number): Uint8Array {
  const rows = raw.length / (rowBytes + 1);
  const out = new Uint8Array(rows * rowBytes);
  for (let y = 0; y < rows; y++) {
    const filter = raw[y * (rowBytes + 1)];
    for (let x = 0; x < rowBytes; x++) {
      const at = y * rowBytes + x;
      const left = x >= pixelBytes ? out[at - pixelBytes]! : 0;
      const up = y > 0 ? out[at - rowBytes]! : 0;
      const corner = x >= pixelBytes && y > 0 ? out[at - rowBytes - pixelBytes]! : 0;
      const predicted = filter === 0 ? 0 : filter === 1 ? left : filter === 2 ? up : filter === 3 ? (left + up) >> 1 : paeth(left, up, corner);
      out[at] = raw[y * (rowBytes + 1) + 1 + x]! + predicted;
    }
  }
  return out;
}

/** @returns the picture of a PNG file as a browser writes it (8 bits, RGBA) or as `indexed` does; others throw. */
export function decode(file: Buffer): Picture {
  const parts = chunks(file);
  const head = parts.get('IHDR')!;
  const [width, height, depth, type] = [head.readUInt32BE(0), head.readUInt32BE(4), head[8]!, head[9]!];
  const raw = inflateSync(parts.get('IDAT')!);
  if (type === RGBA && depth === 8) return { width, height, rgba: unfiltered(raw, width * 4, 4) };
  if (type !== INDEXED) throw new Error(`PNG of colour type ${type}, ${depth} bits`);
  const rowBytes = Math.ceil((width * depth) / 8);
  const packed = unfiltered(raw, rowBytes, 1);
  const [colours, opacity] = [parts.get('PLTE')!, parts.get('tRNS') ?? Buffer.alloc(0)];
  const rgba = new Uint8Array(width * height * 4);
  for (let at = 0; at < width * height; at++) {
    const bit = (at % width) * depth;
    const index = (packed[Math.floor(at / width) * rowBytes + (bit >> 3)]! >> (8 - depth - (bit & 7))) & (2 ** depth - 1);
    rgba.set([colours[3 * index]!, colours[3 * index + 1]!, colours[3 * index + 2]!, opacity[index] ?? 255], 4 * at);
  }
  return { width, height, rgba };
}

/** A colour as it is seen: already multiplied with its opacity, so that all that is transparent is one. */
type Seen = [number, number, number, number];

const apart = (a: Seen, b: Seen): number => a.reduce((sum, value, index) => sum + (value - b[index]!) ** 2, 0);

function nearest(palette: readonly Seen[], colour: Seen): number {
  let best = 0;
  for (const [index, candidate] of palette.entries()) if (apart(candidate, colour) < apart(palette[best]!, colour)) best = index;
  return best;
}

function seenAt({ rgba }: Picture, at: number): Seen {
  const share = rgba[4 * at + 3]! / 255;
  return [rgba[4 * at]! * share, rgba[4 * at + 1]! * share, rgba[4 * at + 2]! * share, 255 * share];
}

/** k-means: the commonest colour first, then each time the one that is furthest from what is there, weighed by how common it is. */
function paletteOf(colours: readonly { seen: Seen; count: number }[], most: number): Seen[] {
  const palette: Seen[] = [];
  const missed = ({ seen, count }: (typeof colours)[number]): number => Math.min(Infinity, ...palette.map((one) => apart(one, seen))) * Math.sqrt(count);
  while (palette.length < Math.min(most, colours.length)) palette.push(colours.reduce((worst, one) => (palette.length === 0 ? one.count > worst.count : missed(one) > missed(worst)) ? one : worst).seen);
  for (let round = 0; round < 30; round++) {
    const sums = palette.map(() => ({ sum: [0, 0, 0, 0] as Seen, count: 0 }));
    for (const { seen, count } of colours) {
      const to = sums[nearest(palette, seen)]!;
      to.sum = to.sum.map((value, index) => value + seen[index]! * count) as Seen;
      to.count += count;
    }
    for (const [index, { sum, count }] of sums.entries()) if (count > 0) palette[index] = sum.map((value) => value / count) as Seen;
  }
  // What is transparent comes first: a PNG lists opacities only up to the last colour that has one.
  return palette.sort((a, b) => a[3] - b[3]);
}

/**
 * Sixteen colours are enough for a flat drawing with soft edges, and half a byte a pixel.
 * @returns a PNG file of the picture with at most 16 colours of its own
 */
export function indexed(picture: Picture): Buffer {
  const { width, height } = picture;
  const counts = new Map<string, { seen: Seen; count: number }>();
  for (let at = 0; at < width * height; at++) {
    const seen = seenAt(picture, at);
    const known = counts.get(seen.join());
    if (known === undefined) counts.set(seen.join(), { seen, count: 1 });
    else known.count++;
  }
  const palette = paletteOf([...counts.values()], 16);
  const rowBytes = Math.ceil(width / 2);
  const raw = Buffer.alloc(height * (rowBytes + 1));
  for (let at = 0; at < width * height; at++) {
    const x = at % width;
    raw[Math.floor(at / width) * (rowBytes + 1) + 1 + (x >> 1)]! |= nearest(palette, seenAt(picture, at)) << (x % 2 === 0 ? 4 : 0);
  }
  const { Z_DEFAULT_STRATEGY, Z_FILTERED, Z_RLE } = constants;
  const data = [Z_DEFAULT_STRATEGY, Z_FILTERED, Z_RLE].map((strategy) => deflateSync(raw, { level: 9, memLevel: 9, strategy })).reduce((best, one) => (one.length < best.length ? one : best));
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width, 0);
  head.writeUInt32BE(height, 4);
  head.set([4, INDEXED], 8);
  const colours = palette.flatMap(([red, green, blue, opacity]) => [red, green, blue].map((value) => Math.min(255, Math.round(opacity === 0 ? 0 : (255 * value) / opacity))));
  const opacities = palette.map((colour) => Math.round(colour[3])).filter((opacity) => opacity < 255);
  return Buffer.concat([SIGNATURE, chunk('IHDR', head), chunk('PLTE', Buffer.from(colours)), chunk('tRNS', Buffer.from(opacities)), chunk('IDAT', data), chunk('IEND', Buffer.alloc(0))]);
}
