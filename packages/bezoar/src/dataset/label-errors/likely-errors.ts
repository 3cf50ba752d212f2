import type { ClassProbabilities } from "./class-probabilities.ts";
import { findLabelIssues } from "./find-label-issues.ts";
import type { LabelNoise } from "./noise-model.ts";

/** A row whose label is probably wrong. */
type LikelyError = { readonly entry: number; readonly wrongChance: number };

/** What confident learning flags, and what of it can be told from rows that are merely hard. */
export type LikelyErrors = {
  readonly flagged: number;
  /** The longest list whose expected share of right labels stays within the bound, the likeliest errors first. */
  readonly listed: readonly LikelyError[];
  /** Listed rows that the noise model expects to be right. */
  readonly expectedRight: number;
};

/** Expected share of right labels among the listed rows: the usual level of a false discovery rate (Benjamini and Hochberg 1995; Efron 2008 for local rates). */
export const MAX_FALSE_SHARE = 0.1;

/** Holds the rows that confident learning flags against the chance that each label is wrong. */
export function likelyErrors(
  probabilities: ClassProbabilities,
  labels: Int32Array,
  noise: LabelNoise,
): LikelyErrors {
  const flagged = findLabelIssues(probabilities, labels)
    .map((entry) => ({ entry, wrongChance: noise.wrongChance(entry, labels[entry] ?? 0) }))
    .toSorted((a, b) => b.wrongChance - a.wrongChance || a.entry - b.entry);
  let falseSum = 0;
  let kept = 0;
  let expectedRight = 0;
  flagged.forEach(({ wrongChance }, i) => {
    falseSum += 1 - wrongChance;
    if (falseSum > MAX_FALSE_SHARE * (i + 1)) return;
    kept = i + 1;
    expectedRight = falseSum;
  });
  return { flagged: flagged.length, listed: flagged.slice(0, kept), expectedRight };
}
