import { classLogits, type FoldModels } from "../evidence/out-of-fold.ts";
import type { SparseRows } from "../evidence/sparse.ts";
import type { ClassProbabilities } from "./class-probabilities.ts";

/** Rows as features, the models trained without each row's fold, and the rows to be judged. */
export type OutOfFold = {
  readonly models: FoldModels;
  readonly folds: Uint8Array;
  readonly features: SparseRows;
  /** Class of each row of `features`, -1 for none. */
  readonly labels: Int32Array;
};

/** The chance of every class for each of `entries`, with the classes as frequent as they are: models may weigh rare ones more. */
export function outOfFoldChances(
  { models, folds, features, labels }: OutOfFold,
  entries: Uint32Array,
): ClassProbabilities {
  const { classes, mass } = models;
  const sizes = new Float64Array(classes);
  for (const label of labels) if (label >= 0) sizes[label] = (sizes[label] ?? 0) + 1;
  const total = sizes.reduce((a, b) => a + b, 0);
  const lnShift = sizes.map((size, c) => {
    const trained = mass[c] ?? 0;
    return size > 0 && trained > 0 ? Math.log(size / total / trained) : 0;
  });
  const values = new Float32Array(entries.length * classes);
  const logits = new Float64Array(classes);
  entries.forEach((row, entry) => {
    classLogits(models, folds[row] ?? 0, features, row, logits);
    let largest = -Infinity;
    for (let c = 0; c < classes; c++) {
      const logit = (logits[c] ?? 0) + (lnShift[c] ?? 0);
      logits[c] = logit;
      if (logit > largest) largest = logit;
    }
    let sum = 0;
    for (let c = 0; c < classes; c++) sum += logits[c] = Math.exp((logits[c] ?? 0) - largest);
    for (let c = 0; c < classes; c++) values[entry * classes + c] = (logits[c] ?? 0) / sum;
  });
  return { count: entries.length, classes, values };
}
