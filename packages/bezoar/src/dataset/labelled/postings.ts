import type { SparseRows } from "../evidence/sparse.ts";

/** The rows of each feature, ascending: feature f stands in rows[offsets[f], offsets[f + 1]). */
export type Postings = { readonly offsets: Uint32Array; readonly rows: Uint32Array };

/** Turns rows of features into features' rows, for the features that are wanted. */
export function invert(
  rows: SparseRows,
  frequency: Uint32Array,
  isWanted: (feature: number) => boolean,
): Postings {
  const offsets = new Uint32Array(rows.dimension + 1);
  for (let f = 0; f < rows.dimension; f++)
    offsets[f + 1] = (offsets[f] ?? 0) + (isWanted(f) ? (frequency[f] ?? 0) : 0);
  const inverted = new Uint32Array(offsets[rows.dimension] ?? 0);
  const next = offsets.slice();
  for (let row = 0; row < rows.count; row++) {
    for (let j = rows.offsets[row] ?? 0; j < (rows.offsets[row + 1] ?? 0); j++) {
      const feature = rows.features[j] ?? 0;
      const at = next[feature] ?? 0;
      if (at >= (offsets[feature + 1] ?? 0)) continue;
      inverted[at] = row;
      next[feature] = at + 1;
    }
  }
  return { offsets, rows: inverted };
}

/** The rows of one feature. */
export function entriesOf(postings: Postings, feature: number): Uint32Array {
  return postings.rows.subarray(postings.offsets[feature], postings.offsets[feature + 1]);
}
