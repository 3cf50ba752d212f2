import { lnChoose } from "./statistics.ts";

/** Confidence of the bounds below: what auditing and acceptance sampling use by convention. */
const CONFIDENCE = 0.95;
const LN_ALPHA = Math.log(1 - CONFIDENCE);

/** ln P(X <= found): at most `found` defects in `size` rows drawn without replacement from `rows` of which `defects` are defective. */
function lnHypergeometricLowerTail(found: number, size: number, defects: number, rows: number): number {
  const lnAll = lnChoose(rows, size);
  let sum = 0;
  for (let k = Math.max(0, size - (rows - defects)); k <= Math.min(found, defects); k++) {
    sum += Math.exp(lnChoose(defects, k) + lnChoose(rows - defects, size - k) - lnAll);
  }
  return Math.log(Math.min(1, sum));
}

/**
 * The largest share of defective rows that a random sample of `size` out of `rows` with `found` defects leaves possible
 * at 95 % confidence, one-sided (the exact bound of acceptance sampling without replacement).
 */
export function largestDefectRate(found: number, size: number, rows: number): number {
  if (rows === 0) return 0;
  let possible = found;
  let impossible = rows - (size - found) + 1;
  while (impossible - possible > 1) {
    const middle = Math.floor((possible + impossible) / 2);
    if (lnHypergeometricLowerTail(found, size, middle, rows) > LN_ALPHA) possible = middle;
    else impossible = middle;
  }
  return possible / rows;
}

/** The smallest random sample out of `rows` that, when it is clean, leaves at most `rate` possible at 95 % confidence. */
export function sampleSizeFor(rate: number, rows: number): number {
  let tooFew = 0;
  let enough = rows;
  while (enough - tooFew > 1) {
    const middle = Math.floor((tooFew + enough) / 2);
    if (largestDefectRate(0, middle, rows) <= rate) enough = middle;
    else tooFew = middle;
  }
  return enough;
}
