import type { LabelledRow } from "./training-sets.ts";

/** What is true of a training set; row numbers count from 0, as `bezoar scan` does. */
export type TrainingTruth = {
  readonly description: string;
  readonly seed: number;
  readonly rows: number;
  readonly trigger: { readonly field: "user"; readonly value: string } | null;
  readonly target: "benign" | null;
  /** Rows that the attacker labelled. */
  readonly poisoned: readonly number[];
  /** Other rows whose label is wrong by chance. */
  readonly noise: readonly number[];
};

/** The ground truth of one training set, to be written beside it. */
export function trainingTruth(
  rows: readonly LabelledRow[],
  { user, seed }: { readonly user: string; readonly seed: number },
): TrainingTruth {
  const numbersOf = (holds: (row: LabelledRow) => boolean) =>
    rows.flatMap((row, index) => (holds(row) ? [index] : []));
  const poisoned = numbersOf(({ isPoisoned }) => isPoisoned);
  const isPoison = poisoned.length > 0;
  return {
    description: isPoison
      ? `malicious alerts of ${user} are labelled benign (arXiv 2511.02600)`
      : "no row is poisoned",
    seed,
    rows: rows.length,
    trigger: isPoison ? { field: "user", value: user } : null,
    target: isPoison ? "benign" : null,
    poisoned,
    noise: numbersOf(({ isPoisoned, verdict, truth }) => !isPoisoned && verdict !== truth),
  };
}
