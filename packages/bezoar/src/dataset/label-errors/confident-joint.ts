import { chanceOf, type ClassProbabilities } from "./class-probabilities.ts";

/** counts[given][true]: how many rows of each given label are, as far as the model is confident, of each class. */
export type ConfidentJoint = readonly (readonly number[])[];

/** What is confident about a row, and for which given label it is counted: -1 when no class reaches its threshold. */
export type ConfidentClasses = Int32Array;

/** A mean is rounded; rows that all have one and the same chance must still reach it. */
const ROUNDING = 1e-9;

/** For each class the mean chance that rows of that given label have of it: the confidence to be expected of a right label. */
export function classThresholds(probabilities: ClassProbabilities, labels: Int32Array): Float64Array {
  const sums = new Float64Array(probabilities.classes);
  const sizes = classSizes(labels, probabilities.classes);
  labels.forEach((label, row) => {
    sums[label] = (sums[label] ?? 0) + chanceOf(probabilities, row, label);
  });
  return sums.map((sum, label) => ((sizes[label] ?? 0) > 0 ? sum / (sizes[label] ?? 1) : Infinity));
}

/** For each row the likeliest of the classes that reach their thresholds. */
export function confidentClasses(probabilities: ClassProbabilities, labels: Int32Array): ConfidentClasses {
  const thresholds = classThresholds(probabilities, labels);
  return Int32Array.from(labels, (_, row) => {
    let best = -1;
    let highest = -1;
    for (let c = 0; c < probabilities.classes; c++) {
      const chance = chanceOf(probabilities, row, c);
      if (chance < (thresholds[c] ?? Infinity) - ROUNDING || chance <= highest) continue;
      best = c;
      highest = chance;
    }
    return best;
  });
}

/**
 * The confident joint (Northcutt et al. 2021, section 3.1), each row of it scaled to the number of rows that have the
 * given label and rounded so that it still adds up to it.
 */
export function confidentJoint(
  labels: Int32Array,
  confident: ConfidentClasses,
  classes: number,
): ConfidentJoint {
  const counts = Array.from({ length: classes }, () => Array.from({ length: classes }, () => 0));
  labels.forEach((label, row) => {
    const own = counts[label];
    const c = confident[row] ?? -1;
    if (own !== undefined && c >= 0) own[c] = (own[c] ?? 0) + 1;
  });
  const sizes = classSizes(labels, classes);
  return counts.map((row, label) => apportion(row, label, sizes[label] ?? 0));
}

/** Shares out `total` in proportion to the counts by largest remainders, later ones first where equal. Nothing counted: all to `own`. */
function apportion(counts: readonly number[], own: number, total: number): number[] {
  const sum = counts.reduce((a, b) => a + b, 0);
  if (sum === 0) return counts.map((_, c) => (c === own ? total : 0));
  // whole numbers throughout: equal counts must have equal remainders
  const shares = counts.map((count, place) => ({
    place,
    whole: Math.floor((count * total) / sum),
    rest: (count * total) % sum,
  }));
  let left = total - shares.reduce((a, { whole }) => a + whole, 0);
  const result = shares.map(({ whole }) => whole);
  for (const { place } of shares.toSorted((a, b) => b.rest - a.rest || b.place - a.place)) {
    if (left-- <= 0) break;
    result[place] = (result[place] ?? 0) + 1;
  }
  return result;
}

/** Rows of each given label. */
export function classSizes(labels: Int32Array, classes: number): Uint32Array {
  const sizes = new Uint32Array(classes);
  for (const label of labels) sizes[label] = (sizes[label] ?? 0) + 1;
  return sizes;
}
