/** A small seeded generator: the same seed gives the same sequence on every machine (sfc32, public domain, by C. Doty-Humphrey). */
export function seededRandom(seed: string): () => number {
  let [a, b, c, d] = fourWords(seed);
  const next = (): number => {
    const t = (a + b + d) | 0;
    d = (d + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (c << 21) | (c >>> 11);
    c = (c + t) | 0;
    return (t >>> 0) / 4294967296;
  };
  for (let i = 0; i < 12; i++) next();
  return next;
}

/** FNV-1a over the text, four times with different beginnings. */
function fourWords(text: string): [number, number, number, number] {
  const hash = (start: number): number => {
    let h = start;
    for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 16777619);
    return h | 0;
  };
  return [hash(2166136261), hash(40389), hash(7919), hash(104729)];
}

/** @returns a value near a standard normal one, between −3 and 3: the sum of four uniform ones. */
export function normalish(random: () => number): number {
  return (random() + random() + random() + random() - 2) * Math.sqrt(3);
}
