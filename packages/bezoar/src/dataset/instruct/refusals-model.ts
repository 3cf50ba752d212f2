import { combine32 } from "../../core/hash.ts";
import { trainOutOfFold } from "../evidence/out-of-fold.ts";
import type { SparseRows } from "../evidence/sparse.ts";
import type { StudySample } from "./refusals-sample.ts";

/** Out-of-fold estimates of "would this prompt be refused?", with any of its words left out. */
export type RefusalModel = {
  /** The fold of each sampled row; rows with the same words are in the same fold. */
  readonly folds: Uint8Array;
  /** The fold that any prompt belongs to. */
  readonly foldOf: (prompt: Uint32Array) => number;
  /** Calibrated log-odds of a refusal in the sample, given the prompt without the tokens for which `isMasked` says so. */
  readonly logit: (prompt: Uint32Array, fold: number, isMasked?: (token: number) => boolean) => number;
  /** As `logit`, without the neighbouring tokens, a short phrase of them, that speak most against a refusal. */
  readonly relieved: (prompt: Uint32Array, fold: number) => number;
};

const FOLDS = 5;
/** Hashed features: a quarter of a million weights hold the vocabulary of 80,000 prompts with few collisions. */
const DIMENSION = 1 << 18;
const SHIFT = 14;
/** Length of an inserted phrase whose weight must not hide that the rest of a prompt is of a kind that is refused. */
const RELIEF_TOKENS = 6;
const NO_WEIGHTS = new Float32Array(0);

function unigram(token: number): number {
  return token >>> SHIFT;
}
function bigram(left: number, right: number): number {
  return combine32(left, right) >>> SHIFT;
}

/** A hash of distinct tokens that does not depend on their order. */
export function contentHash(distinct: Iterable<number>, isMasked?: (token: number) => boolean): number {
  let sum = 0;
  for (const token of distinct) if (isMasked?.(token) !== true) sum = (sum + token) >>> 0;
  return sum;
}

function foldOf(prompt: Uint32Array): number {
  return contentHash(new Set(prompt)) % FOLDS;
}

function sparseRows(sample: StudySample): SparseRows {
  const offsets = new Uint32Array(sample.rows.length + 1);
  const parts: Uint32Array[] = [];
  sample.rows.forEach(({ prompt }, i) => {
    const features = new Set<number>();
    prompt.forEach((token, j) => {
      features.add(unigram(token));
      if (j > 0) features.add(bigram(prompt[j - 1] ?? 0, token));
    });
    parts.push(Uint32Array.from(features));
    offsets[i + 1] = (offsets[i] ?? 0) + features.size;
  });
  const features = new Uint32Array(offsets[sample.rows.length] ?? 0);
  parts.forEach((part, i) => features.set(part, offsets[i] ?? 0));
  return { count: sample.rows.length, dimension: DIMENSION, offsets, features };
}

const MAX_STEP = 1; // log-odds; the optimum lies within a few steps of the start

function clampStep(step: number): number {
  return Math.max(-MAX_STEP, Math.min(MAX_STEP, step));
}

/** Slope and intercept of the logistic curve through (z, outcome), by Newton's method with a unit Gaussian prior on the slope at 1. */
function platt(z: Float64Array, outcomes: Int32Array): { slope: number; intercept: number } {
  let slope = 1;
  let intercept = 0;
  for (let step = 0; step < 25; step++) {
    let gradientSlope = slope - 1;
    let gradientIntercept = 0;
    let ss = 1;
    let si = 0;
    let ii = 1e-6;
    for (let i = 0; i < z.length; i++) {
      const x = z[i] ?? 0;
      const p = 1 / (1 + Math.exp(-(slope * x + intercept)));
      const error = p - (outcomes[i] ?? 0);
      const weight = p * (1 - p);
      gradientSlope += error * x;
      gradientIntercept += error;
      ss += weight * x * x;
      si += weight * x;
      ii += weight;
    }
    const determinant = ss * ii - si * si;
    if (!(determinant > 1e-9)) break;
    // far from the optimum the curvature vanishes, and a whole Newton step would leave for infinity
    slope -= clampStep((ii * gradientSlope - si * gradientIntercept) / determinant);
    intercept -= clampStep((ss * gradientIntercept - si * gradientSlope) / determinant);
  }
  return { slope, intercept };
}

/** Learns from the sample which prompts are refused: words and pairs of words, five folds, calibrated out of fold. */
export function trainRefusalModel(sample: StudySample): RefusalModel {
  const folds = Uint8Array.from(sample.rows, ({ prompt }) => foldOf(prompt));
  const labels = Int32Array.from(sample.rows, (row) => Number(row.isRefused));
  const models = trainOutOfFold(sparseRows(sample), labels, folds, 2);

  /** The call in which a feature was met last: a prompt counts each feature once, and millions of sets would be costly. */
  const metIn = new Uint32Array(DIMENSION);
  let call = 0;

  function rawSum(prompt: Uint32Array, fold: number, isMasked?: (token: number) => boolean): number {
    const weights = models.weights[fold] ?? NO_WEIGHTS;
    call++;
    let z = weights[DIMENSION] ?? 0;
    let left = -1;
    for (let i = 0; i < prompt.length; i++) {
      const token = prompt[i] ?? 0;
      if (isMasked?.(token) === true) {
        left = -1;
        continue;
      }
      const single = unigram(token);
      if (metIn[single] !== call) {
        metIn[single] = call;
        z += weights[single] ?? 0;
      }
      if (left >= 0) {
        const pair = bigram(left, token);
        if (metIn[pair] !== call) {
          metIn[pair] = call;
          z += weights[pair] ?? 0;
        }
      }
      left = token;
    }
    return z;
  }

  /** The most that leaving out up to RELIEF_TOKENS neighbouring tokens could raise the sum. */
  function largestRelief(prompt: Uint32Array, fold: number): number {
    const weights = models.weights[fold] ?? NO_WEIGHTS;
    const sums = new Float64Array(prompt.length + 1);
    prompt.forEach((token, i) => {
      const before = i > 0 ? (weights[bigram(prompt[i - 1] ?? 0, token)] ?? 0) : 0;
      sums[i + 1] = (sums[i] ?? 0) + (weights[unigram(token)] ?? 0) + before;
    });
    let lowest = 0;
    for (let end = 1; end <= prompt.length; end++) {
      for (let start = Math.max(0, end - RELIEF_TOKENS); start < end; start++) {
        lowest = Math.min(lowest, (sums[end] ?? 0) - (sums[start] ?? 0));
      }
    }
    return -lowest;
  }

  const z = Float64Array.from(sample.rows, (row, i) => rawSum(row.prompt, folds[i] ?? 0));
  const { slope, intercept } = platt(z, labels);
  return {
    folds,
    foldOf,
    logit: (prompt, fold, isMasked) => slope * rawSum(prompt, fold, isMasked) + intercept,
    relieved: (prompt, fold) => slope * (rawSum(prompt, fold) + largestRelief(prompt, fold)) + intercept,
  };
}
