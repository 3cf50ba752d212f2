import { chanceOf, strongestOther, type ClassProbabilities } from "./class-probabilities.ts";

/** P(given label | row): low for rows that look mislabelled (Northcutt et al. 2021, section 3.2). */
export function selfConfidence(probabilities: ClassProbabilities, labels: Int32Array): Float64Array {
  return Float64Array.from(labels, (label, row) => chanceOf(probabilities, row, label));
}

/** P(given label | row) less that of the likeliest other class, moved from [-1, 1] to [0, 1]. */
export function normalizedMargin(probabilities: ClassProbabilities, labels: Int32Array): Float64Array {
  return Float64Array.from(labels, (label, row) => {
    const other = chanceOf(probabilities, row, strongestOther(probabilities, row, label));
    return (chanceOf(probabilities, row, label) - other + 1) / 2;
  });
}
