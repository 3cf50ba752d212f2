import { DEFAULT_TRAINING, labelLogOdds, trainOutOfFold } from "../evidence/out-of-fold.ts";
import type { SparseRows } from "../evidence/sparse.ts";
import type { StyleSample } from "./sample.ts";

/** Rare styles count for more rows than they have, or the model says no to every row. */
const BALANCE = 8;

/**
 * How much each row is written like the rows of `style`, by models that have seen neither the row nor any label, and
 * not the cues `own` that make up the style: log-odds. Learning to tell a few known rows from all others, among which
 * more of them hide, orders rows as if all were known (Elkan and Noto 2008).
 */
export function likeness(
  sample: StyleSample,
  style: ReadonlySet<number>,
  own: ReadonlySet<number>,
): Float64Array {
  const rows = withoutCues(sample.cues.rows, own);
  const isStyle = Int32Array.from({ length: rows.count }, (_, row) => Number(style.has(row)));
  const models = trainOutOfFold(rows, isStyle, sample.folds, 2, { ...DEFAULT_TRAINING, balance: BALANCE });
  const scratch = new Float64Array(2);
  return Float64Array.from(isStyle, (_, row) =>
    labelLogOdds(models, sample.folds[row] ?? 0, rows, row, 1, scratch),
  );
}

function withoutCues(rows: SparseRows, own: ReadonlySet<number>): SparseRows {
  const features = new Uint32Array(rows.features.length);
  const offsets = new Uint32Array(rows.count + 1);
  let length = 0;
  for (let row = 0; row < rows.count; row++) {
    for (let j = rows.offsets[row] ?? 0; j < (rows.offsets[row + 1] ?? 0); j++) {
      const cue = rows.features[j] ?? 0;
      if (!own.has(cue)) features[length++] = cue;
    }
    offsets[row + 1] = length;
  }
  return { ...rows, offsets, features: features.subarray(0, length) };
}

/** Of the style's own rows, the share that may be less like it than what is held out with it. */
const LEFT_OUT = 0.05;
/** Of all rows, the most that are held out: content models must still learn. */
const MAX_HELD_OUT = 0.3;

/** The rows of the style and all that are written somewhat like it: what content models must not have seen. */
export function rowsLike(style: ReadonlySet<number>, scores: Float64Array): number[] {
  const own = Float64Array.from(style, (row) => scores[row] ?? 0).toSorted();
  const all = scores.toSorted();
  const bound = Math.max(
    own[Math.floor(LEFT_OUT * own.length)] ?? 0,
    all[Math.floor((1 - MAX_HELD_OUT) * all.length)] ?? 0,
  );
  return [...scores.keys()].filter((row) => style.has(row) || (scores[row] ?? 0) >= bound);
}
