import { DEFAULT_TRAINING, labelLogOdds, trainOutOfFold } from "../evidence/out-of-fold.ts";
import type { HeldOut } from "./hold-out.ts";
import type { StyleSample } from "./sample.ts";

/** Rare rows count for more, or the model says no to every row. */
const BALANCE = 8;
/** Labels that fewer of the style's rows are expected to have are passed over. */
const MIN_EXPECTED = 0.05;

/**
 * How well the open-class words tell the rows of a style from honest rows of the labels that they are expected to have:
 * the area under the curve of models that have not seen the row. Relabelled rows are rows of those labels (0.5); texts of
 * another subject, which content models cannot judge, are told from them (1).
 */
export function subjectAuc(
  sample: StyleSample,
  { expected }: HeldOut,
  held: readonly number[],
  label: number,
): number {
  const { labels, classes, folds, cues } = sample;
  const style = new Set(held.filter((row) => labels[row] === label));
  const counts = new Uint32Array(classes);
  for (const row of style) {
    const other = expected(row, label);
    counts[other] = (counts[other] ?? 0) + 1;
  }
  const isCompared = (row: number) => (counts[labels[row] ?? 0] ?? 0) >= MIN_EXPECTED * style.size;
  const isHeld = new Set(held);
  const kinds = Int32Array.from(labels, (_, row) => {
    if (style.has(row)) return 1;
    return !isHeld.has(row) && isCompared(row) ? 0 : -1;
  });
  const models = trainOutOfFold(cues.matter, kinds, folds, 2, { ...DEFAULT_TRAINING, balance: BALANCE });
  const scratch = new Float64Array(2);
  const scored = [...kinds.keys()]
    .filter((row) => kinds[row] !== -1)
    .map((row) => ({
      isStyle: kinds[row] === 1,
      score: labelLogOdds(models, folds[row] ?? 0, cues.matter, row, 1, scratch),
    }))
    .toSorted((a, b) => a.score - b.score);
  let [below, wins, inStyle] = [0, 0, 0];
  for (const { isStyle } of scored) {
    if (isStyle) {
      inStyle++;
      wins += below;
    } else below++;
  }
  return wins / Math.max(1, inStyle * below);
}
