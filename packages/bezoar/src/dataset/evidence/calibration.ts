import { mix32 } from "../../core/hash.ts";
import { labelLogOdds, type FoldModels } from "./out-of-fold.ts";
import type { SparseRows } from "./sparse.ts";

/** What the rest of a row says about its label, as a likelihood ratio "labelled otherwise : labelled so". */
export type Calibration = {
  /** One curve for each class, or a single one for all of them; BINS ratios, falling with the log-odds. */
  readonly curves: readonly Float64Array[];
  /** Prior odds of each class in the model, (share) / (1 - share). */
  readonly priorOdds: Float64Array;
  readonly clip: number;
};

/** DETECTION.md 1B: 16 bins over log-odds of -4 to 4. */
const BINS = 16;
const SPAN = 4;
/** Rows that calibrate a curve; more do not move a bin's share by a per cent. */
const MAX_CALIBRATION_ROWS = 100_000;

function binOf(logOdds: number): number {
  return Math.max(0, Math.min(BINS - 1, Math.floor(((logOdds + SPAN) / (2 * SPAN)) * BINS)));
}

/** Ratio of two histograms made non-increasing by pooling adjacent violators, each bin smoothed by half a row. */
function monotoneRatios(other: Float64Array, own: Float64Array, clip: number): Float64Array {
  const otherSum = other.reduce((a, b) => a + b, 0) + BINS / 2;
  const ownSum = own.reduce((a, b) => a + b, 0) + BINS / 2;
  const pools: { other: number; own: number; bins: number }[] = [];
  for (let b = 0; b < BINS; b++) {
    let pool = { other: (other[b] ?? 0) + 0.5, own: (own[b] ?? 0) + 0.5, bins: 1 };
    for (
      let last = pools.at(-1);
      last !== undefined && last.other * pool.own < pool.other * last.own;
      last = pools.at(-1)
    ) {
      pools.pop();
      pool = { other: pool.other + last.other, own: pool.own + last.own, bins: pool.bins + last.bins };
    }
    pools.push(pool);
  }
  return Float64Array.from(
    pools.flatMap((pool) => {
      const ratio = pool.other / otherSum / (pool.own / ownSum);
      return Array.from({ length: pool.bins }, () => Math.min(clip, Math.max(1 / clip, ratio)));
    }),
  );
}

export type CalibrationOptions = {
  /** Ratios are kept within [1 / clip, clip]: no row decides alone. */
  readonly clip: number;
  /**
   * Says the own-label log-odds of the null itself: rows of ordinary, one-sided features with those features masked,
   * as the tested rows will be. Left out, every row stands for itself, unmasked.
   */
  readonly nullLogOdds?: (say: (label: number, logOdds: number) => void) => void;
};

/** Masked rows that one curve needs; with fewer the unmasked rows are used. */
const MIN_NULL_ROWS = 200;

/**
 * Learns r(l) = P(l | label is another) / P(l | label is this one) from out-of-fold log-odds l of the rows themselves
 * (DETECTION.md 1B): label noise that is everywhere thus weakens every contradiction. Two classes have a curve each;
 * with more classes one curve serves all, and each row stands for one other class drawn by its number.
 */
export function calibrate(
  models: FoldModels,
  rows: SparseRows,
  labels: Int32Array,
  folds: Uint8Array,
  options: CalibrationOptions = { clip: 20 },
): Calibration {
  const { classes } = models;
  const curveCount = classes === 2 ? 2 : 1;
  const own = Array.from({ length: curveCount }, () => new Float64Array(BINS));
  const other = Array.from({ length: curveCount }, () => new Float64Array(BINS));
  const scratch = new Float64Array(classes);
  const step = Math.max(1, Math.ceil(rows.count / MAX_CALIBRATION_ROWS));
  for (let i = 0; i < rows.count; i += step) {
    const label = labels[i] ?? -1;
    if (label < 0) continue;
    const rival = (label + 1 + (mix32(i) % (classes - 1))) % classes;
    const fold = folds[i] ?? 0;
    const ownBin = binOf(labelLogOdds(models, fold, rows, i, label, scratch));
    const otherBin = binOf(labelLogOdds(models, fold, rows, i, rival, scratch));
    const ownCurve = own[classes === 2 ? label : 0];
    const otherCurve = other[classes === 2 ? rival : 0];
    if (ownCurve !== undefined) ownCurve[ownBin] = (ownCurve[ownBin] ?? 0) + 1;
    if (otherCurve !== undefined) otherCurve[otherBin] = (otherCurve[otherBin] ?? 0) + 1;
  }
  if (options.nullLogOdds !== undefined) {
    const masked = own.map(() => new Float64Array(BINS));
    options.nullLogOdds((label, logOdds) => {
      const curve = masked[classes === 2 ? label : 0];
      const bin = binOf(logOdds);
      if (curve !== undefined) curve[bin] = (curve[bin] ?? 0) + 1;
    });
    masked.forEach((histogram, c) => {
      if (histogram.reduce((a, b) => a + b, 0) >= MIN_NULL_ROWS) own[c] = histogram;
    });
  }
  return {
    curves: own.map((histogram, c) => monotoneRatios(other[c] ?? histogram, histogram, options.clip)),
    priorOdds: models.mass.map((share) => share / Math.max(1e-12, 1 - share)),
    clip: options.clip,
  };
}

/**
 * How much more the rest of a row fits another label than its own. Above 1 it is capped at what the model itself
 * claims, so that a rest that says nothing is not a contradiction.
 */
export function contradictionRatio(calibration: Calibration, label: number, logOdds: number): number {
  const curve = calibration.curves[calibration.curves.length === 1 ? 0 : label];
  const ratio = curve?.[binOf(logOdds)] ?? 1;
  if (ratio <= 1) return ratio;
  return Math.min(ratio, Math.max(1, Math.exp(-logOdds) * (calibration.priorOdds[label] ?? 1)));
}
