import { createRandom, randomInt } from "../../core/random.ts";
import type { SparseRows } from "./sparse.ts";

/** Weights of the models of each fold: fold k was trained without the rows of fold k. */
export type FoldModels = {
  readonly classes: number;
  readonly dimension: number;
  /** weights[k][feature * heads + head]; the last feature is the intercept. Binary: one head (class 1 against 0). */
  readonly weights: readonly Float32Array[];
  /** Share of the training weight that each class had; the prior that a row's log-odds carry. */
  readonly mass: Float64Array;
};

export type TrainingOptions = {
  readonly folds: number;
  readonly epochs: number;
  readonly learningRate: number;
  readonly l2: number;
  /** Give rare classes more weight, up to this factor, or a majority class hides what contradicts it; 1 = none. */
  readonly balance?: number;
};

/** DETECTION.md 1B: five folds, six epochs, L2 1e-4; the rate is for two classes, more classes take 0.3. */
export const DEFAULT_TRAINING: TrainingOptions = { folds: 5, epochs: 6, learningRate: 0.1, l2: 1e-4 };

/** Keeps the first steps of Adagrad from being unbounded. */
const ADAGRAD_EPSILON = 1e-6;
/** A gradient below this moves no weight by more than rounding. */
const SMALLEST_ERROR = 1e-3;

function headsOf(classes: number): number {
  return classes === 2 ? 1 : classes;
}

function softmaxInPlace(logits: Float64Array): void {
  let largest = -Infinity;
  for (const value of logits) if (value > largest) largest = value;
  let sum = 0;
  for (let c = 0; c < logits.length; c++) sum += logits[c] = Math.exp((logits[c] ?? 0) - largest);
  for (let c = 0; c < logits.length; c++) logits[c] = (logits[c] ?? 0) / sum;
}

/** How much each row of a class counts in training, and the share of all weight that the class then has. */
function classWeights(
  labels: Int32Array,
  classes: number,
  balance: number,
): { of: Float64Array; mass: Float64Array } {
  const counts = new Float64Array(classes);
  let total = 0;
  for (const label of labels) {
    if (label < 0) continue;
    counts[label] = (counts[label] ?? 0) + 1;
    total++;
  }
  const of = counts.map((count) => Math.min(balance, Math.max(1, total / classes / Math.max(1, count))));
  const mass = counts.map((count, c) => count * (of[c] ?? 1));
  const sum = mass.reduce((a, b) => a + b, 0);
  return { of, mass: mass.map((value) => value / Math.max(1, sum)) };
}

/**
 * Trains one L2-regularised logistic regression (softmax for more than two classes) per fold by Adagrad (Duchi 2011)
 * over binary features, in a fixed shuffled order (files are often sorted by label), so that the same rows give the same
 * weights. Rows with label -1 are left out.
 */
export function trainOutOfFold(
  rows: SparseRows,
  labels: Int32Array,
  folds: Uint8Array,
  classes: number,
  options: TrainingOptions = DEFAULT_TRAINING,
): FoldModels {
  const { of, mass } = classWeights(labels, classes, options.balance ?? 1);
  const train = headsOf(classes) === 1 ? trainBinary : trainSoftmax;
  const order = shuffledRows(rows.count);
  const weights = Array.from({ length: options.folds }, (_, k) =>
    train(rows, labels, folds, of, order, k, options),
  );
  return { classes, dimension: rows.dimension, weights, mass };
}

function shuffledRows(count: number): Uint32Array {
  const random = createRandom(count);
  const order = Uint32Array.from({ length: count }, (_, i) => i);
  for (let i = count - 1; i > 0; i--) {
    const j = randomInt(random, i + 1);
    const swapped = order[i] ?? 0;
    order[i] = order[j] ?? 0;
    order[j] = swapped;
  }
  return order;
}

function trainBinary(
  rows: SparseRows,
  labels: Int32Array,
  folds: Uint8Array,
  classWeight: Float64Array,
  order: Uint32Array,
  heldOut: number,
  options: TrainingOptions,
): Float32Array {
  const weights = new Float32Array(rows.dimension + 1);
  const squares = new Float32Array(rows.dimension + 1).fill(ADAGRAD_EPSILON);
  const { features, offsets } = rows;
  for (let epoch = 0; epoch < options.epochs; epoch++) {
    for (const i of order) {
      const label = labels[i] ?? -1;
      if (label < 0 || folds[i] === heldOut) continue;
      const start = offsets[i] ?? 0;
      const end = offsets[i + 1] ?? 0;
      let z = weights[rows.dimension] ?? 0;
      for (let j = start; j < end; j++) z += weights[features[j] ?? 0] ?? 0;
      const error = (1 / (1 + Math.exp(-z)) - label) * (classWeight[label] ?? 1);
      if (Math.abs(error) < SMALLEST_ERROR) continue;
      for (let j = start; j <= end; j++) {
        const at = j === end ? rows.dimension : (features[j] ?? 0);
        const weight = weights[at] ?? 0;
        const gradient = error + (j === end ? 0 : options.l2 * weight);
        const square = (squares[at] ?? 0) + gradient * gradient;
        squares[at] = square;
        weights[at] = weight - (options.learningRate * gradient) / Math.sqrt(square);
      }
    }
  }
  return weights;
}

function trainSoftmax(
  rows: SparseRows,
  labels: Int32Array,
  folds: Uint8Array,
  classWeight: Float64Array,
  order: Uint32Array,
  heldOut: number,
  options: TrainingOptions,
): Float32Array {
  const heads = classWeight.length;
  const weights = new Float32Array((rows.dimension + 1) * heads);
  const squares = new Float32Array((rows.dimension + 1) * heads).fill(ADAGRAD_EPSILON);
  const logits = new Float64Array(heads);
  const active = new Uint32Array(heads);
  const { features, offsets } = rows;
  for (let epoch = 0; epoch < options.epochs; epoch++) {
    for (const i of order) {
      const label = labels[i] ?? -1;
      if (label < 0 || folds[i] === heldOut) continue;
      const start = offsets[i] ?? 0;
      const end = offsets[i + 1] ?? 0;
      addLogits(logits, weights, rows.dimension, features, start, end);
      softmaxInPlace(logits);
      let activeCount = 0;
      for (let c = 0; c < heads; c++) {
        logits[c] = ((logits[c] ?? 0) - Number(label === c)) * (classWeight[label] ?? 1);
        if (Math.abs(logits[c] ?? 0) >= SMALLEST_ERROR) active[activeCount++] = c;
      }
      for (let j = start; j <= end; j++) {
        const base = (j === end ? rows.dimension : (features[j] ?? 0)) * heads;
        for (let a = 0; a < activeCount; a++) {
          const c = active[a] ?? 0;
          const weight = weights[base + c] ?? 0;
          const gradient = (logits[c] ?? 0) + (j === end ? 0 : options.l2 * weight);
          const square = (squares[base + c] ?? 0) + gradient * gradient;
          squares[base + c] = square;
          weights[base + c] = weight - (options.learningRate * gradient) / Math.sqrt(square);
        }
      }
    }
  }
  return weights;
}

/** Sets `logits` to the heads' sums over the features that `marks` does not hold (every feature when it is left out). */
function addLogits(
  logits: Float64Array,
  weights: Float32Array,
  dimension: number,
  features: Uint32Array,
  start: number,
  end: number,
  marks?: Uint8Array,
): void {
  const heads = logits.length;
  const intercept = dimension * heads;
  for (let c = 0; c < heads; c++) logits[c] = weights[intercept + c] ?? 0;
  for (let j = start; j < end; j++) {
    const feature = features[j] ?? 0;
    if (marks !== undefined && marks[feature] === 1) continue;
    const base = feature * heads;
    for (let c = 0; c < heads; c++) logits[c] = (logits[c] ?? 0) + (weights[base + c] ?? 0);
  }
}

/** Sets `logits`, one place per class, to what the model that has not seen the row's fold gives each class; their softmax are its chances. */
export function classLogits(
  models: FoldModels,
  fold: number,
  rows: SparseRows,
  row: number,
  logits: Float64Array,
): void {
  const weights = models.weights[fold] ?? new Float32Array(0);
  const heads = headsOf(models.classes) === 1 ? logits.subarray(1) : logits;
  logits[0] = 0;
  addLogits(
    heads,
    weights,
    models.dimension,
    rows.features,
    rows.offsets[row] ?? 0,
    rows.offsets[row + 1] ?? 0,
  );
}

/**
 * The log-odds of each class against the strongest other, for row `i`, from the models of `fold`, leaving out every
 * feature for which `isMasked` says so. Binary: [-z, z].
 */
export function logOdds(
  models: FoldModels,
  fold: number,
  features: Uint32Array,
  start: number,
  end: number,
  isMasked?: (feature: number) => boolean,
): Float64Array {
  const weights = models.weights[fold] ?? new Float32Array(0);
  const heads = headsOf(models.classes);
  const kept =
    isMasked === undefined
      ? features.subarray(start, end)
      : features.subarray(start, end).filter((f) => !isMasked(f));
  const z = new Float64Array(heads);
  addLogits(z, weights, models.dimension, kept, 0, kept.length);
  if (heads === 1) return Float64Array.of(-(z[0] ?? 0), z[0] ?? 0);
  return z.map((own, c) => {
    let other = -Infinity;
    for (let d = 0; d < heads; d++) if (d !== c) other = Math.max(other, z[d] ?? 0);
    return own - other;
  });
}

/**
 * ln P(label) / P(any other label) of one row by the model that has not seen its fold, without the features that
 * `marks` holds (one byte per feature, see group-mask.ts). `scratch` has one place per class and is overwritten.
 */
export function labelLogOdds(
  models: FoldModels,
  fold: number,
  rows: SparseRows,
  row: number,
  label: number,
  scratch: Float64Array,
  marks?: Uint8Array,
): number {
  const weights = models.weights[fold] ?? new Float32Array(0);
  const start = rows.offsets[row] ?? 0;
  const end = rows.offsets[row + 1] ?? 0;
  if (models.classes === 2) {
    let z = weights[models.dimension] ?? 0;
    for (let j = start; j < end; j++) {
      const feature = rows.features[j] ?? 0;
      if (marks === undefined || marks[feature] === 0) z += weights[feature] ?? 0;
    }
    return label === 1 ? z : -z;
  }
  addLogits(scratch, weights, models.dimension, rows.features, start, end, marks);
  let largest = -Infinity;
  for (let c = 0; c < scratch.length; c++) if (c !== label) largest = Math.max(largest, scratch[c] ?? 0);
  let sum = 0;
  for (let c = 0; c < scratch.length; c++) if (c !== label) sum += Math.exp((scratch[c] ?? 0) - largest);
  return (scratch[label] ?? 0) - largest - Math.log(sum);
}
