import type { SparseRows } from "./sparse.ts";

/** Marks the model features that mostly occur together with a candidate. */
export type GroupMask = {
  /** One byte per model feature, 1 = left out; valid until the next `mark`. */
  readonly marks: Uint8Array;
  /** Marks what belongs to the candidate held by these rows (at most a sample of them, out of `held`). */
  readonly mark: (sample: ArrayLike<number>, held: number) => void;
};

/** Of a feature's other rows, the share that must hold the candidate for it to be left out too (DETECTION.md 1B). */
const MIN_SHARE = 0.2;
const MIN_LIFT = 4;

/** In how many rows each feature occurs. */
export function documentFrequencies(rows: SparseRows): Uint32Array {
  const frequencies = new Uint32Array(rows.dimension);
  for (let j = 0; j < (rows.offsets[rows.count] ?? 0); j++) {
    const feature = rows.features[j] ?? 0;
    frequencies[feature] = (frequencies[feature] ?? 0) + 1;
  }
  return frequencies;
}

/**
 * A mask that leaves out, when candidate f is tested, every model feature g with
 * (c_fg - 1) / (n_g - 1) >= max(0.2, 4 n_f / N): f itself and, say, the other words of an inserted sentence, which
 * would otherwise vouch for the label.
 */
export function createGroupMask(rows: SparseRows, frequencies: Uint32Array): GroupMask {
  const marks = new Uint8Array(rows.dimension);
  const counts = new Uint32Array(rows.dimension);
  const touched: number[] = [];
  const marked: number[] = [];
  return {
    marks,
    mark: (sample, held) => {
      for (const feature of marked) marks[feature] = 0;
      marked.length = 0;
      touched.length = 0;
      for (let s = 0; s < sample.length; s++) {
        const row = sample[s] ?? 0;
        for (let j = rows.offsets[row] ?? 0; j < (rows.offsets[row + 1] ?? 0); j++) {
          const feature = rows.features[j] ?? 0;
          if (counts[feature] === 0) touched.push(feature);
          counts[feature] = (counts[feature] ?? 0) + 1;
        }
      }
      const scale = held / Math.max(1, sample.length);
      const bound = Math.max(MIN_SHARE, (MIN_LIFT * held) / Math.max(1, rows.count));
      for (const feature of touched) {
        const together = (counts[feature] ?? 0) * scale;
        const frequency = frequencies[feature] ?? 0;
        counts[feature] = 0;
        if (frequency <= 1 || (together - 1) / (frequency - 1) >= bound) {
          marks[feature] = 1;
          marked.push(feature);
        }
      }
    },
  };
}
