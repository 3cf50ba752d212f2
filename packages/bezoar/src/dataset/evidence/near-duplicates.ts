import { combine32, mix32 } from "../../core/hash.ts";
import type { SparseRows } from "./sparse.ts";

/** Rows whose remaining features overlap by at least this Jaccard share count as one piece of evidence. */
const MIN_JACCARD = 0.7;
/** MinHash bands of two values each: a pair at 0.7 shares a band with probability 1 - (1 - 0.49)^8 = 0.995. */
const BANDS = 8;
const ROWS_PER_BAND = 2;

/**
 * Gives each of `held` the number of its cluster, counted from 0: rows whose unmasked features are identical or nearly
 * so are one cluster (MinHash bands, then the exact overlap). Copies pretend to be independent evidence
 * (DETECTION.md 1B).
 */
export function clusterRows(rows: SparseRows, held: ArrayLike<number>, marks: Uint8Array): Uint32Array {
  const clusters = new Uint32Array(held.length);
  const representatives: Uint32Array[] = [];
  const buckets = new Map<number, number[]>();
  for (let h = 0; h < held.length; h++) {
    const row = held[h] ?? 0;
    const rest = rows.features
      .slice(rows.offsets[row] ?? 0, rows.offsets[row + 1] ?? 0)
      .filter((f) => marks[f] !== 1)
      .toSorted();
    const keys = bandKeys(rest);
    const known = keys
      .flatMap((key) => buckets.get(key) ?? [])
      .find((c) => jaccard(representatives[c] ?? rest, rest) >= MIN_JACCARD);
    if (known !== undefined) {
      clusters[h] = known;
      continue;
    }
    const cluster = representatives.length;
    clusters[h] = cluster;
    representatives.push(rest);
    for (const key of keys) {
      const bucket = buckets.get(key);
      if (bucket === undefined) buckets.set(key, [cluster]);
      else if (bucket.length < MAX_BUCKET) bucket.push(cluster);
    }
  }
  return clusters;
}

/** Clusters compared in one bucket; keeps a hostile bucket from making the pass quadratic. */
const MAX_BUCKET = 32;

function bandKeys(features: Uint32Array): number[] {
  const smallest = new Uint32Array(BANDS * ROWS_PER_BAND).fill(0xffffffff);
  for (const feature of features) {
    for (let m = 0; m < smallest.length; m++) {
      const hash = mix32(feature ^ Math.imul(m + 1, 0x9e3779b1));
      if (hash < (smallest[m] ?? 0)) smallest[m] = hash;
    }
  }
  return Array.from({ length: BANDS }, (_, band) =>
    smallest.subarray(band * ROWS_PER_BAND, (band + 1) * ROWS_PER_BAND).reduce(combine32, band),
  );
}

/** Overlap of two ascending lists of distinct numbers; two empty ones are the same. */
function jaccard(a: Uint32Array, b: Uint32Array): number {
  let both = 0;
  for (let i = 0, j = 0; i < a.length && j < b.length;) {
    const left = a[i] ?? 0;
    const right = b[j] ?? 0;
    if (left === right) both++;
    if (left <= right) i++;
    if (right <= left) j++;
  }
  const either = a.length + b.length - both;
  return either === 0 ? 1 : both / either;
}

/** The geometric mean of the ratios of each cluster: one piece of evidence per cluster. */
export function ratiosByCluster(ratios: Float64Array, clusters: Uint32Array): Float64Array {
  let count = 0;
  for (const cluster of clusters) count = Math.max(count, cluster + 1);
  const sums = new Float64Array(count);
  const sizes = new Float64Array(count);
  ratios.forEach((ratio, i) => {
    const cluster = clusters[i] ?? 0;
    sums[cluster] = (sums[cluster] ?? 0) + Math.log(ratio);
    sizes[cluster] = (sizes[cluster] ?? 0) + 1;
  });
  return sums.map((sum, c) => Math.exp(sum / Math.max(1, sizes[c] ?? 1)));
}
