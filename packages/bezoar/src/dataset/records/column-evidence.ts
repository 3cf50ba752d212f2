import { mix32 } from "../../core/hash.ts";
import { DEFAULT_TRAINING, labelLogOdds, trainOutOfFold, type FoldModels } from "../evidence/out-of-fold.ts";
import type { SparseRows } from "../evidence/sparse.ts";
import { fitCurve, rivalLabel, sortPoints, type Curve, type CurvePoints } from "./calibration-curve.ts";
import type { RecordTable } from "./extract.ts";

/** A column's values numbered by falling frequency; `rowsOf(v)` are the positions of value v, ascending. */
export type ColumnGroups = {
  readonly count: number;
  /** Value number at each position, -1 for none. */
  readonly valueAt: Int32Array;
  readonly rowsOf: (value: number) => Uint32Array;
};

/** The calibrated chance that a row carries `label`, given the log-odds that its rest gives it. */
export type Chance = (label: number, logOdds: number) => number;

/** What the rest of each row says of its label, by models that saw no row with the same value in this column. */
export type ColumnEvidence = {
  readonly groups: ColumnGroups;
  /** The models, and the fold that each row was left out with. */
  readonly models: FoldModels;
  readonly folds: Uint8Array;
  readonly logOdds: (position: number, label: number) => number;
  readonly chance: Chance;
  /** The same, calibrated without the rows of one value: a suspect must not vouch for itself. */
  readonly chanceWithout: (value: number) => Chance;
};

/** Half the usual step: a record has some thirty crossed features, and the usual one learns their noise at 2,000 rows. */
const TRAINING = { ...DEFAULT_TRAINING, learningRate: 0.05 };
/** Ten folds where rows are few, since five hold a fifth of them back; five where each costs seconds. */
const FOLDS = { few: 10, many: 5, manyRows: 10_000 };
/** Steps of training spent on one column (row x feature x epoch x fold), about 3 s of one core. */
const MAX_TRAINING_STEPS = 400_000_000;
/** More rows no longer change what is learnt of some thousand features. */
const MAX_TRAINING_ROWS = 60_000;
/** Rows that calibrate a curve; more do not move a bin's share by a per cent. */
const MAX_CALIBRATION_ROWS = 100_000;

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
function foldByValue(groups: ColumnGroups, size: number, folds: number): Uint8Array {
  const load = new Float64Array(folds);
  const foldOf = new Uint8Array(groups.count);
  for (let value = 0; value < groups.count; value++) {
    let least = 0;
    for (let k = 1; k < folds; k++) if ((load[k] ?? 0) < (load[least] ?? 0)) least = k;
    foldOf[value] = least;
    load[least] = (load[least] ?? 0) + groups.rowsOf(value).length;
  }
  const foldAt = new Uint8Array(size);
  for (let i = 0; i < size; i++) {
    const value = groups.valueAt[i] ?? -1;
    foldAt[i] = value < 0 ? mix32(i) % folds : (foldOf[value] ?? 0);
  }
  return foldAt;
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

/** Chances of labels from one curve; two classes share a curve over the log-odds of the second. */
function chanceFrom(curve: Curve, classes: number): Chance {
  if (classes > 2) return (_, logOdds) => curve(logOdds);
  return (label, logOdds) => (label === 1 ? curve(logOdds) : 1 - curve(-logOdds));
}

function curvePoints(
  models: FoldModels,
  rows: SparseRows,
  labels: Int32Array,
  folds: Uint8Array,
): CurvePoints {
  const { classes } = models;
  const scratch = new Float64Array(classes);
  const stride = Math.max(1, Math.ceil(rows.count / MAX_CALIBRATION_ROWS));
  const points: { logOdds: number; isHit: boolean; position: number }[] = [];
  for (let position = 0; position < rows.count; position += stride) {
    const label = labels[position] ?? -1;
    if (label < 0) continue;
    const logOddsOf = (of: number) => labelLogOdds(models, folds[position] ?? 0, rows, position, of, scratch);
    if (classes === 2) {
      points.push({ logOdds: logOddsOf(1), isHit: label === 1, position });
      continue;
    }
    points.push({ logOdds: logOddsOf(label), isHit: true, position });
    points.push({ logOdds: logOddsOf(rivalLabel(label, position, classes)), isHit: false, position });
  }
  return sortPoints(points, classes === 2 ? 1 : classes - 1);
}

/** Trains on what the column's other values show, and calibrates. */
export function columnEvidence(
  table: RecordTable,
  groups: ColumnGroups,
  labels: Int32Array,
  classes: number,
): ColumnEvidence {
  const { rows } = table;
  const foldCount = rows.count > FOLDS.manyRows ? FOLDS.many : FOLDS.few;
  const folds = foldByValue(groups, rows.count, foldCount);
  const perRow = (rows.features.length / Math.max(1, rows.count)) * TRAINING.epochs * (foldCount - 1);
  const heads = classes === 2 ? 1 : Math.min(classes, 8); // most heads of a row have a negligible error and take no step
  const wanted = Math.min(MAX_TRAINING_ROWS, Math.floor(MAX_TRAINING_STEPS / (perRow * heads)));
  const sample = sampleRows(rows, labels, folds, wanted);
  const models = trainOutOfFold(sample.rows, sample.labels, sample.folds, classes, {
    ...TRAINING,
    folds: foldCount,
  });
  const points = curvePoints(models, rows, labels, folds);
  const scratch = new Float64Array(classes);
  const curveWithout = (isLeftOut: (position: number) => boolean) =>
    chanceFrom(fitCurve(points, isLeftOut), classes);
  const others = new Map<number, Chance>();
  return {
    groups,
    models,
    folds,
    logOdds: (position, label) => labelLogOdds(models, folds[position] ?? 0, rows, position, label, scratch),
    chance: curveWithout(() => false),
    chanceWithout: (value) => {
      const known = others.get(value) ?? curveWithout((position) => groups.valueAt[position] === value);
      others.set(value, known);
      return known;
    },
  };
}
