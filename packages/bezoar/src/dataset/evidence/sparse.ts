/** Rows of hashed features in compressed form: row i holds features[offsets[i], offsets[i + 1]), each below `dimension`. */
export type SparseRows = {
  readonly count: number;
  readonly dimension: number;
  readonly offsets: Uint32Array;
  readonly features: Uint32Array;
};
