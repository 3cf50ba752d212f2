import type { TestResult } from "../../core/finding.ts";

/** Groups that stand apart: how many, and the test that says so. */
export type SizeGap = { readonly groups: number; readonly test: TestResult };

/** More large groups than these are a way of building a set (every answer three hundred times), not a flood. */
const MAX_APART = 3;
const ALPHA = 0.001;
/** Repeated texts needed to fit the tail to them alone. */
const MIN_REPEATED = 20;
const ONE_SIDED_95 = 1.645;

/**
 * Whether the largest one, two or three groups are larger than the sizes of the others explain. Sizes of groups of
 * copies have a heavy tail in honest data (one in a thousand boilerplates stands in half the rows), so the null is the
 * heaviest usual one, a Pareto law: there the ratio of the k-th to the (k+1)-th largest exceeds r with probability
 * r^(-k a) (Rényi 1953), whatever the number of groups. The exponent a is that of the smaller groups (Clauset, Shalizi
 * and Newman 2009, 3.7), at its lower 95 % bound. Gap k is given the share 2^-k of the error 0.001.
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

/** The exponent from all groups, or from those of two rows on where there are enough of them; the steeper one. */
function tailExponent(descending: Float64Array): number {
  let repeated = 0;
  while (repeated < descending.length && (descending[repeated] ?? 0) >= 2) repeated++;
  const all = lowerExponent(descending, descending.length, 1);
  return repeated < MIN_REPEATED ? all : Math.max(all, lowerExponent(descending, repeated, 2));
}

/** Lower bound of the maximum-likelihood exponent of the first `count` sizes, which are whole numbers from `least` on. */
function lowerExponent(sizes: Float64Array, count: number, least: number): number {
  let sum = 0;
  for (let i = 0; i < count; i++) sum += Math.log((sizes[i] ?? least) / (least - 0.5));
  return sum === 0 ? 0 : Math.max(0, (count / sum) * (1 - ONE_SIDED_95 / Math.sqrt(count)));
}
