import { mix32 } from "../../core/hash.ts";
import { DEFAULT_TRAINING, labelLogOdds, trainOutOfFold, type FoldModels } from "../evidence/out-of-fold.ts";
import type { SparseRows } from "../evidence/sparse.ts";
import type { RecordTable } from "./extract.ts";

/** A column's values numbered by falling frequency; `rowsOf(v)` are the positions of value v, ascending. */
export type ColumnGroups = {
  readonly count: number;
  /** Value number at each position, -1 for none. */
  readonly valueAt: Int32Array;
  readonly rowsOf: (value: number) => Uint32Array;
};

/** What the rest of each row says of its label, by models that saw no row with the same value in this column. */
export type ColumnEvidence = {
  readonly groups: ColumnGroups;
  /** The calibrated chance that a row whose rest looks like this row's carries `label`. */
  readonly chance: (position: number, label: number) => number;
};

const FOLDS = DEFAULT_TRAINING.folds;
/** Steps of training spent on one column (row x feature x epoch x fold), about 3 s of one core. */
const MAX_TRAINING_STEPS = 400_000_000;
/** More rows no longer change what is learnt of some thousand features. */
const MAX_TRAINING_ROWS = 60_000;
/** Rows that calibrate a curve; more do not move a bin's share by a per cent. */
const MAX_CALIBRATION_ROWS = 100_000;
/** Rows in a calibration bin at least; with bins of 50 a share of 5 % is known to within 3 %. */
const MIN_BIN_ROWS = 50;
const MAX_BINS = 64;

/** Numbers the values of a column. */
export function groupColumn(keys: Uint32Array): ColumnGroups {
  const counts = new Map<number, number>();
  for (const key of keys) if (key !== 0) counts.set(key, (counts.get(key) ?? 0) + 1);
  const sorted = [...counts].toSorted((a, b) => b[1] - a[1] || a[0] - b[0]);
  const numberOf = new Map(sorted.map(([key], value) => [key, value]));
  const offsets = new Uint32Array(sorted.length + 1);
  sorted.forEach(([, count], value) => (offsets[value + 1] = (offsets[value] ?? 0) + count));
  const next = offsets.slice();
  const positions = new Uint32Array(offsets[sorted.length] ?? 0);
  const valueAt = new Int32Array(keys.length).fill(-1);
  for (let i = 0; i < keys.length; i++) {
    const value = numberOf.get(keys[i] ?? 0);
    if (value === undefined) continue;
    valueAt[i] = value;
    const at = next[value] ?? 0;
    positions[at] = i;
    next[value] = at + 1;
  }
  return {
    count: sorted.length,
    valueAt,
    rowsOf: (value) => positions.subarray(offsets[value] ?? 0, offsets[value + 1] ?? 0),
  };
}

/** Folds in which all rows of a value share one; the most frequent values are spread evenly. */
function foldByValue(groups: ColumnGroups, size: number): Uint8Array {
  const load = new Float64Array(FOLDS);
  const foldOf = new Uint8Array(groups.count);
  for (let value = 0; value < groups.count; value++) {
    let least = 0;
    for (let k = 1; k < FOLDS; k++) if ((load[k] ?? 0) < (load[least] ?? 0)) least = k;
    foldOf[value] = least;
    load[least] = (load[least] ?? 0) + groups.rowsOf(value).length;
  }
  const folds = new Uint8Array(size);
  for (let i = 0; i < size; i++) {
    const value = groups.valueAt[i] ?? -1;
    folds[i] = value < 0 ? mix32(i) % FOLDS : (foldOf[value] ?? 0);
  }
  return folds;
}

type Sample = { readonly rows: SparseRows; readonly labels: Int32Array; readonly folds: Uint8Array };

function sampleRows(rows: SparseRows, labels: Int32Array, folds: Uint8Array, wanted: number): Sample {
  const stride = Math.max(1, Math.ceil(rows.count / Math.max(1, wanted)));
  if (stride === 1) return { rows, labels, folds };
  const count = Math.ceil(rows.count / stride);
  const offsets = new Uint32Array(count + 1);
  for (let i = 0; i < count; i++) {
    offsets[i + 1] =
      (offsets[i] ?? 0) + (rows.offsets[i * stride + 1] ?? 0) - (rows.offsets[i * stride] ?? 0);
  }
  const features = new Uint32Array(offsets[count] ?? 0);
  const sampledLabels = new Int32Array(count);
  const sampledFolds = new Uint8Array(count);
  for (let i = 0; i < count; i++) {
    const row = i * stride;
    features.set(rows.features.subarray(rows.offsets[row] ?? 0, rows.offsets[row + 1] ?? 0), offsets[i] ?? 0);
    sampledLabels[i] = labels[row] ?? -1;
    sampledFolds[i] = folds[row] ?? 0;
  }
  return {
    rows: { count, dimension: rows.dimension, offsets, features },
    labels: sampledLabels,
    folds: sampledFolds,
  };
}

/** A falling-in-doubt curve: the share of rows that carry a label, by the log-odds of it; never falling (Zadrozny 2002). */
function fitCurve(
  points: readonly { readonly logOdds: number; readonly hit: number; readonly weight: number }[],
): {
  readonly at: (logOdds: number) => number;
} {
  const sorted = points.toSorted((a, b) => a.logOdds - b.logOdds);
  const bins = Math.max(1, Math.min(MAX_BINS, Math.floor(sorted.length / MIN_BIN_ROWS)));
  const pools: { from: number; hits: number; weight: number }[] = [];
  for (let b = 0; b < bins; b++) {
    const slice = sorted.slice(
      Math.floor((b * sorted.length) / bins),
      Math.floor(((b + 1) * sorted.length) / bins),
    );
    let pool = { from: b === 0 ? -Infinity : (slice[0]?.logOdds ?? 0), hits: 0.5, weight: 1 };
    for (const point of slice) {
      pool.hits += point.hit * point.weight;
      pool.weight += point.weight;
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
  }
  return {
    at: (logOdds) => {
      let low = 0;
      let high = pools.length - 1;
      while (low < high) {
        const middle = (low + high + 1) >> 1;
        if ((pools[middle]?.from ?? 0) <= logOdds) low = middle;
        else high = middle - 1;
      }
      const pool = pools[low];
      return pool === undefined ? 0.5 : pool.hits / pool.weight;
    },
  };
}

function calibrate(
  models: FoldModels,
  rows: SparseRows,
  labels: Int32Array,
  folds: Uint8Array,
): (label: number, logOdds: number) => number {
  const { classes } = models;
  const scratch = new Float64Array(classes);
  const stride = Math.max(1, Math.ceil(rows.count / MAX_CALIBRATION_ROWS));
  const points: { logOdds: number; hit: number; weight: number }[] = [];
  for (let i = 0; i < rows.count; i += stride) {
    const label = labels[i] ?? -1;
    if (label < 0) continue;
    const fold = folds[i] ?? 0;
    if (classes === 2) {
      points.push({ logOdds: labelLogOdds(models, fold, rows, i, 1, scratch), hit: label, weight: 1 });
      continue;
    }
    const rival = (label + 1 + (mix32(i) % (classes - 1))) % classes;
    points.push({ logOdds: labelLogOdds(models, fold, rows, i, label, scratch), hit: 1, weight: 1 });
    points.push({
      logOdds: labelLogOdds(models, fold, rows, i, rival, scratch),
      hit: 0,
      weight: classes - 1,
    });
  }
  const curve = fitCurve(points);
  return (label, logOdds) => {
    if (classes > 2) return curve.at(logOdds);
    return label === 1 ? curve.at(logOdds) : 1 - curve.at(-logOdds);
  };
}

/** Trains on what the column's other values show, and calibrates. */
export function columnEvidence(
  table: RecordTable,
  groups: ColumnGroups,
  labels: Int32Array,
  classes: number,
): ColumnEvidence {
  const { rows } = table;
  const folds = foldByValue(groups, rows.count);
  const perRow = (rows.features.length / Math.max(1, rows.count)) * DEFAULT_TRAINING.epochs * (FOLDS - 1);
  const heads = classes === 2 ? 1 : Math.min(classes, 8); // most heads of a row have a negligible error and take no step
  const wanted = Math.min(MAX_TRAINING_ROWS, Math.floor(MAX_TRAINING_STEPS / (perRow * heads)));
  const sample = sampleRows(rows, labels, folds, wanted);
  const options = classes === 2 ? DEFAULT_TRAINING : { ...DEFAULT_TRAINING, learningRate: 0.3 };
  const models = trainOutOfFold(sample.rows, sample.labels, sample.folds, classes, options);
  const curve = calibrate(models, rows, labels, folds);
  const scratch = new Float64Array(classes);
  return {
    groups,
    chance: (position, label) =>
      curve(label, labelLogOdds(models, folds[position] ?? 0, rows, position, label, scratch)),
  };
}
