/** Natural log of the gamma function for x > 0 (Lanczos, g = 7, n = 9; relative error below 1e-13). */
export function lnGamma(x: number): number {
  const z = x - 1;
  let sum = LANCZOS_0;
  for (let i = 0; i < LANCZOS.length; i++) sum += (LANCZOS[i] ?? 0) / (z + i + 1);
  const t = z + 7.5;
  return 0.5 * Math.log(2 * Math.PI) + (z + 0.5) * Math.log(t) - t + Math.log(sum);
}
const LANCZOS_0 = 0.99999999999980993;
const LANCZOS = [
  676.5203681218851, -1259.1392167224028, 771.32342877765313, -176.61502916214059, 12.507343278686905,
  -0.13857109526572012, 9.9843695780195716e-6, 1.5056327351493116e-7,
];

/** ln C(n, k). */
export function lnChoose(n: number, k: number): number {
  if (k < 0 || k > n) return -Infinity;
  if (k === 0 || k === n) return 0;
  return lnGamma(n + 1) - lnGamma(k + 1) - lnGamma(n - k + 1);
}

/** ln P(X >= k) for X ~ Binomial(n, p); exact summation from the larger terms, so it stays finite far in the tail. */
export function lnBinomialUpperTail(k: number, n: number, p: number): number {
  if (k <= 0) return 0;
  if (k > n || p <= 0) return -Infinity;
  if (p >= 1) return 0;
  const lnP = Math.log(p);
  const lnQ = Math.log1p(-p);
  const first = lnChoose(n, k) + k * lnP + (n - k) * lnQ;
  let term = 1;
  let sum = 1;
  for (let i = k; i < n; i++) {
    term *= ((n - i) / (i + 1)) * (p / (1 - p));
    sum += term;
    if (term < sum * 1e-16 && i > n * p) break;
  }
  return Math.min(0, first + Math.log(sum));
}

/** ln P(X <= k) for X ~ Binomial(n, p). */
export function lnBinomialLowerTail(k: number, n: number, p: number): number {
  return lnBinomialUpperTail(n - k, n, 1 - p);
}

/** Work (trials times successes) up to which the Poisson binomial is summed exactly; beyond it the bound costs microseconds. */
const MAX_EXACT_WORK = 200_000;

/**
 * ln P(X <= k) for a sum of independent Bernoulli variables with the given probabilities: the exact recursion, O(n k),
 * or for large n k Chernoff's upper bound, which errs on the quiet side.
 */
export function lnPoissonBinomialLowerTail(k: number, probabilities: readonly number[]): number {
  if (k >= probabilities.length) return 0;
  if (k < 0) return -Infinity;
  if (probabilities.length * (k + 1) > MAX_EXACT_WORK) return lnChernoffLowerTail(k, probabilities);
  const states = new Float64Array(k + 1);
  states[0] = 1;
  let lnScale = 0;
  for (const p of probabilities) {
    let largest = 0;
    for (let i = k; i >= 0; i--) {
      const value = (states[i] ?? 0) * (1 - p) + (i > 0 ? (states[i - 1] ?? 0) * p : 0);
      states[i] = value;
      if (value > largest) largest = value;
    }
    if (largest === 0) return -Infinity;
    if (largest > 1e-100) continue; // far from underflow
    for (let i = 0; i <= k; i++) states[i] = (states[i] ?? 0) / largest;
    lnScale += Math.log(largest);
  }
  let sum = 0;
  for (const value of states) sum += value;
  return Math.min(0, lnScale + Math.log(sum));
}

const CHERNOFF_STEPS = 60; // bisection of t in [0, 40] to double precision

/** min over t >= 0 of t k + sum ln(1 - p + p e^-t), the slope of which is k minus a falling sum. */
function lnChernoffLowerTail(k: number, probabilities: readonly number[]): number {
  let low = 0;
  let high = 40;
  for (let step = 0; step < CHERNOFF_STEPS; step++) {
    const t = (low + high) / 2;
    const shrink = Math.exp(-t);
    let mean = 0;
    for (const p of probabilities) mean += (p * shrink) / (1 - p + p * shrink);
    if (mean > k) low = t;
    else high = t;
  }
  const shrink = Math.exp(-low);
  let sum = low * k;
  for (const p of probabilities) sum += Math.log1p(p * (shrink - 1));
  return Math.min(0, sum);
}

/** Wilson score interval of k successes in n (two-sided, z = 1.96 for 95 %). */
export function wilson(k: number, n: number, z = 1.959964): { value: number; low: number; high: number } {
  if (n === 0) return { value: 0, low: 0, high: 1 };
  const share = k / n;
  const denominator = 1 + (z * z) / n;
  const centre = (share + (z * z) / (2 * n)) / denominator;
  const half = (z / denominator) * Math.sqrt((share * (1 - share)) / n + (z * z) / (4 * n * n));
  return { value: share, low: Math.max(0, centre - half), high: Math.min(1, centre + half) };
}

/** Log-likelihood ratio G2 of the 2x2 table with joint count n11, margins n1 and m1, total n (Dunning 1993); 0 when not positive association. */
export function g2(n11: number, n1: number, m1: number, n: number): number {
  if (n11 * n <= n1 * m1) return 0;
  const cell = (observed: number, row: number, column: number) =>
    observed > 0 ? observed * Math.log((observed * n) / (row * column)) : 0;
  return (
    2 *
    (cell(n11, n1, m1) +
      cell(n1 - n11, n1, n - m1) +
      cell(m1 - n11, n - n1, m1) +
      cell(n - n1 - m1 + n11, n - n1, n - m1))
  );
}

/** Median of a copy of the values; NaN when there are none. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? NaN) + upper) / 2;
}
