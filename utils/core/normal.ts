/** Depth of the continued fraction: at z = 2, where it converges slowest, good to nine digits. */
const DEPTH = 60;

/**
 * Log of the upper tail of the standard normal distribution, ln P(Z > z), to about five digits everywhere, also where the tail itself
 * would vanish: Abramowitz & Stegun 7.1.26 in the body, the continued fraction 26.2.14 beyond 2.
 */
export function logUpperTail(z: number): number {
  if (z > 2) {
    let fraction = z;
    for (let n = DEPTH; n > 0; n--) fraction = z + n / fraction;
    return (-z * z) / 2 - Math.log(fraction * Math.sqrt(2 * Math.PI));
  }
  const x = Math.abs(z) / Math.SQRT2;
  const t = 1 / (1 + 0.3275911 * x);
  const half = 0.5 * t * (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429)))) * Math.exp(-x * x);
  return z >= 0 ? Math.log(half) : Math.log1p(-half);
}
