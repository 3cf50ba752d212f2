import type { SparseRows } from "./sparse.ts";

/** Weights of the models of each fold: fold k was trained without the rows of fold k. */
export type FoldModels = {
  readonly classes: number;
  readonly dimension: number;
  /** weights[k][c * (dimension + 1) + feature]; the last feature of each class is its intercept. Binary: one vector (class 1 against 0). */
  readonly weights: readonly Float32Array[];
};

export type TrainingOptions = {
  readonly folds: number;
  readonly epochs: number;
  readonly learningRate: number;
  readonly l2: number;
};

/** DETECTION.md 1B: five folds, six epochs, L2 1e-4; the rate is for two classes, more classes take 0.3. */
export const DEFAULT_TRAINING: TrainingOptions = { folds: 5, epochs: 6, learningRate: 0.1, l2: 1e-4 };

/** Keeps the first steps of Adagrad from being unbounded. */
const ADAGRAD_EPSILON = 1e-6;

function outputs(classes: number): number {
  return classes === 2 ? 1 : classes;
}

function softmaxInPlace(logits: Float64Array): void {
  let largest = -Infinity;
  for (const value of logits) if (value > largest) largest = value;
  let sum = 0;
  for (let c = 0; c < logits.length; c++) sum += logits[c] = Math.exp((logits[c] ?? 0) - largest);
  for (let c = 0; c < logits.length; c++) logits[c] = (logits[c] ?? 0) / sum;
}

/**
 * Trains one L2-regularised logistic regression (softmax for more than two classes) per fold by Adagrad (Duchi 2011)
 * over binary features, in row order, so that the same rows give the same weights. Rows with label -1 are left out.
 */
export function trainOutOfFold(
  rows: SparseRows,
  labels: Int32Array,
  folds: Uint8Array,
  classes: number,
  options: TrainingOptions = DEFAULT_TRAINING,
): FoldModels {
  const weights = Array.from({ length: options.folds }, (_, k) => trainFold(rows, labels, folds, classes, k, options));
  return { classes, dimension: rows.dimension, weights };
}

function trainFold(
  rows: SparseRows,
  labels: Int32Array,
  folds: Uint8Array,
  classes: number,
  heldOut: number,
  options: TrainingOptions,
): Float32Array {
  const width = rows.dimension + 1;
  const heads = outputs(classes);
  const weights = new Float32Array(heads * width);
  const squares = new Float32Array(heads * width);
  const logits = new Float64Array(heads);
  const { features, offsets } = rows;
  for (let epoch = 0; epoch < options.epochs; epoch++) {
    for (let i = 0; i < rows.count; i++) {
      const label = labels[i] ?? -1;
      if (label < 0 || folds[i] === heldOut) continue;
      const start = offsets[i] ?? 0;
      const end = offsets[i + 1] ?? 0;
      for (let c = 0; c < heads; c++) {
        let sum = weights[c * width + rows.dimension] ?? 0;
        for (let j = start; j < end; j++) sum += weights[c * width + (features[j] ?? 0)] ?? 0;
        logits[c] = sum;
      }
      if (heads === 1) logits[0] = 1 / (1 + Math.exp(-(logits[0] ?? 0)));
      else softmaxInPlace(logits);
      for (let c = 0; c < heads; c++) {
        const target = heads === 1 ? label : Number(label === c);
        const error = (logits[c] ?? 0) - target;
        if (Math.abs(error) < 1e-4) continue; // no step worth taking
        const base = c * width;
        for (let j = start; j <= end; j++) {
          const at = base + (j === end ? rows.dimension : (features[j] ?? 0));
          const gradient = error + (j === end ? 0 : options.l2 * (weights[at] ?? 0));
          const square = (squares[at] ?? 0) + gradient * gradient;
          squares[at] = square;
          weights[at] = (weights[at] ?? 0) - (options.learningRate * gradient) / Math.sqrt(square + ADAGRAD_EPSILON);
        }
      }
    }
  }
  return weights;
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
  const width = models.dimension + 1;
  const heads = outputs(models.classes);
  const z = new Float64Array(heads);
  for (let c = 0; c < heads; c++) {
    let sum = weights[c * width + models.dimension] ?? 0;
    for (let j = start; j < end; j++) {
      const feature = features[j] ?? 0;
      if (isMasked?.(feature) !== true) sum += weights[c * width + feature] ?? 0;
    }
    z[c] = sum;
  }
  if (heads === 1) return Float64Array.of(-(z[0] ?? 0), z[0] ?? 0);
  return z.map((own, c) => {
    let other = -Infinity;
    for (let d = 0; d < heads; d++) if (d !== c) other = Math.max(other, z[d] ?? 0);
    return own - other;
  });
}
