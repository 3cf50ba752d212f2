import { mix32 } from "../../core/hash.ts";

/** Points of (log-odds of a label, whether a row carries it), sorted; a curve can be fitted without some of them. */
export type CurvePoints = {
  readonly logOdds: Float64Array;
  readonly isHit: Uint8Array;
  readonly weight: number;
  /** The row of each point. */
  readonly position: Uint32Array;
};

/** The share of rows that carry a label, by the log-odds that their rest gives it. */
export type Curve = (logOdds: number) => number;

/** Rows in a bin at least: a share of 5 % is then known to within 3 %. */
const MIN_BIN_ROWS = 50;
const MAX_BINS = 64;

/** Sorts points by log-odds; misses count `weight` times (they were drawn from so many). */
export function sortPoints(
  points: readonly { readonly logOdds: number; readonly isHit: boolean; readonly position: number }[],
  weight: number,
): CurvePoints {
  const order = points.toSorted((a, b) => a.logOdds - b.logOdds || a.position - b.position);
  return {
    logOdds: Float64Array.from(order, (point) => point.logOdds),
    isHit: Uint8Array.from(order, (point) => Number(point.isHit)),
    position: Uint32Array.from(order, (point) => point.position),
    weight,
  };
}

/**
 * Fits a never falling step curve (pool adjacent violators, Zadrozny and Elkan 2002) over equally filled bins, without
 * the points of rows for which `isLeftOut` says so: a tested group must not vouch for itself.
 */
export function fitCurve(points: CurvePoints, isLeftOut: (position: number) => boolean): Curve {
  const count = points.logOdds.length;
  const perBin = Math.max(MIN_BIN_ROWS, Math.ceil(count / MAX_BINS));
  const pools: { from: number; hits: number; weight: number }[] = [];
  for (let start = 0; start < count; start += perBin) {
    const end = count - start < 2 * perBin ? count : start + perBin;
    let pool = { from: start === 0 ? -Infinity : (points.logOdds[start] ?? 0), hits: 0, weight: 0 };
    for (let i = start; i < end; i++) {
      if (isLeftOut(points.position[i] ?? 0)) continue;
      pool.hits += points.isHit[i] ?? 0;
      pool.weight += points.isHit[i] === 1 ? 1 : points.weight;
    }
    for (
      let last = pools.at(-1);
      last !== undefined && last.hits * pool.weight >= pool.hits * last.weight;
      last = pools.at(-1)
    ) {
      pools.pop();
      pool = { from: last.from, hits: last.hits + pool.hits, weight: last.weight + pool.weight };
    }
    pools.push(pool);
    if (end === count) break;
  }
  const shares = pools.map((pool) => (pool.hits + 0.5) / (pool.weight + 1));
  return (logOdds) => {
    let low = 0;
    let high = pools.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((pools[middle]?.from ?? 0) <= logOdds) low = middle;
      else high = middle - 1;
    }
    return shares[low] ?? 0.5;
  };
}

/** Another label than a row's own, drawn by its position. */
export function rivalLabel(label: number, position: number, classes: number): number {
  return (label + 1 + (mix32(position) % (classes - 1))) % classes;
}
