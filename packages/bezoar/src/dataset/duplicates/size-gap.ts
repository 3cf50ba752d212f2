import type { TestResult } from "../../core/finding.ts";
import { wilson } from "../../core/statistics.ts";

/** Groups that stand apart: how many, and the test that says so. */
export type SizeGap = { readonly groups: number; readonly test: TestResult };

/** More large groups than these are a way of building a set (every answer three hundred times), not a flood. */
const MAX_APART = 3;
const ALPHA = 0.001;
/** Groups of a size below which it cannot be said how many of them grow to twice that size. */
const MIN_GROUPS = 10;
const ONE_SIDED_95 = 1.645;
/** Tails are never taken for lighter than this, the border of finite variance: beyond the largest group nothing was seen. */
const LIGHTEST_TAIL = 2;

/**
 * Whether the largest one, two or three groups are larger than the sizes of the others explain. Sizes of groups of
 * copies have a heavy tail in honest data (one boilerplate in a thousand stands everywhere), so the null is a Pareto
 * law: there the ratio of the k-th to the (k+1)-th largest exceeds r with probability r^(-k a) (Rényi 1953), however
 * many groups there are. The exponent a is that of the smaller groups. Gap k is given the share 2^-k of the error 0.001.
 */
export function findSizeGap(sizes: Iterable<number>): SizeGap | undefined {
  const sorted = Float64Array.from(sizes).toSorted().toReversed();
  let found: SizeGap | undefined;
  for (let k = 1; k <= MAX_APART && k < sorted.length; k++) {
    const lnRatio = Math.log((sorted[k - 1] ?? 1) / (sorted[k] ?? 1));
    const lnEvidence = k * tailExponent(sorted.subarray(k)) * lnRatio;
    const lnThreshold = k * Math.LN2 - Math.log(ALPHA);
    if (lnEvidence < lnThreshold) continue;
    const name = "gap between the sizes of groups (Pareto tail)";
    found = { groups: k, test: { name, lnEvidence, lnThreshold, tests: MAX_APART } };
  }
  return found;
}

/**
 * The exponent of the heaviest stretch of the tail: of the groups of at least x rows, the share q that reaches 2x rows
 * is 2^-a, for x = 1, 2, 4, ...; each q at its upper 95 % bound.
 */
function tailExponent(descending: Float64Array): number {
  let exponent = LIGHTEST_TAIL;
  let reached = descending.length;
  if (reached < MIN_GROUPS) return 0;
  for (let rows = 1; reached >= MIN_GROUPS; rows *= 2) {
    let twice = 0;
    while (twice < reached && (descending[twice] ?? 0) >= 2 * rows) twice++;
    exponent = Math.min(exponent, -Math.log2(wilson(twice, reached, ONE_SIDED_95).high));
    reached = twice;
  }
  return exponent;
}
