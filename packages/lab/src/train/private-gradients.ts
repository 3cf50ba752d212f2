import { jit, numpy as np, random, tree } from "@jax-js/jax";
import { AppError, createRandom } from "bezoar";
import { take, type Arrays } from "../model/transformer.ts";
import { globalNorm } from "./adamw.ts";
import { makeBatch } from "./batches.ts";
import type { TrainingExample } from "./examples.ts";
import { createDifferentiateEach } from "./per-example.ts";
import { privacySpent } from "./rdp.ts";
import type { GradientsOfStep, StepOptions } from "./step-gradients.ts";
import type { Privacy } from "./trainer-state.ts";

/** How much one row may teach. */
export type PrivacyOptions = {
  /** Standard deviation of the noise in clip norms; 0 clips only, and promises nothing. */
  readonly noiseMultiplier: number;
  /** The longest gradient that one row may add, as a Euclidean norm over everything that is trained. */
  readonly clipNorm: number;
  /** Probability of the outcomes for which epsilon need not hold; a tenth of 1 / rows by default. */
  readonly delta?: number;
};

/** Rows whose own gradients are computed at once. More are hardly faster and take memory: each has a copy of all gradients. */
const ROWS_AT_ONCE = 8;

/**
 * Steps of DP-SGD (Abadi et al., arXiv 1607.00133): each row is part of a step with the same probability, its gradient of its
 * own mean loss is cut to the clip norm, noise is added to the sum, and the sum is divided by the expected number of rows.
 * The draws follow from the seed, and the engine computes in float32, so that an experiment can be repeated: for a promise
 * to real people the seed must be secret and the noise exact. The loss in the log is of the rows as they are.
 */
export function createPrivateSteps(options: StepOptions, privacy: PrivacyOptions): GradientsOfStep {
  const { config, tunes, batchSize, length, seed } = options;
  const { noiseMultiplier, clipNorm } = privacy;
  const differentiateEach = createDifferentiateEach(config, tunes);
  const examples = options.examples.map(withMeanLoss);
  const rate = samplingRate(examples.length, batchSize);
  return (trained, step) => {
    const rows = poissonSample(examples, rate, seed, step);
    let sum: Arrays = tree.map((array: np.Array) => np.zeros(array.shape), trained.parameters);
    let loss = 0;
    let tokens = 0;
    for (let first = 0; first < rows.length; first += ROWS_AT_ONCE) {
      const some = rows.slice(first, first + ROWS_AT_ONCE);
      const batch = makeBatch(some, ROWS_AT_ONCE, length, config.padToken);
      const each = differentiateEach(trained, batch);
      sum = addClipped(sum, each.gradients, np.array(clipNorm));
      loss += each.loss.item();
      tokens += batch.tokens;
    }
    if (noiseMultiplier > 0) {
      sum = addNoise(sum, np.array(noiseMultiplier * clipNorm), np.array(Uint32Array.of(seed, step)));
    }
    const [gradients, norm] = divide(sum, np.array(rate * examples.length));
    return { gradients, loss: loss / Math.max(1, rows.length), norm: norm.item(), tokens };
  };
}

/** What so many steps say of any one of the rows. Throws `AppError("bad-option")` for options that make no sense. */
export function privacyAfter(
  { noiseMultiplier, clipNorm, delta: given }: PrivacyOptions,
  { rows, batchSize, steps }: { readonly rows: number; readonly batchSize: number; readonly steps: number },
): Privacy {
  // With a delta of 1 / rows, publishing one row as it is would count as private (Dwork and Roth 2014, Section 2.3).
  const delta = given ?? 1 / (10 * rows);
  if (!(noiseMultiplier >= 0 && Number.isFinite(noiseMultiplier))) {
    throw new AppError("bad-option", `noise ${noiseMultiplier}: a number from 0 on`);
  }
  if (!(clipNorm > 0 && Number.isFinite(clipNorm))) {
    throw new AppError("bad-option", `clip norm ${clipNorm}: a number above 0`);
  }
  if (!(delta > 0 && delta < 1)) {
    throw new AppError("bad-option", `delta ${delta}: a number between 0 and 1`);
  }
  const run = { noiseMultiplier, samplingRate: samplingRate(rows, batchSize), steps, delta };
  return { ...run, clipNorm, epsilon: privacySpent(run).epsilon };
}

function samplingRate(rows: number, batchSize: number): number {
  return Math.min(1, batchSize / rows);
}

/** A row's weights sum to one, so that its loss is the mean over its tokens that count. */
function withMeanLoss({ ids, weights }: TrainingExample): TrainingExample {
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return { ids, weights: total === 0 ? weights : weights.map((weight) => weight / total) };
}

/** The rows of a step: each with the same probability, whatever the others do. */
export function poissonSample<Row>(rows: readonly Row[], rate: number, seed: number, step: number): Row[] {
  const draw = createRandom(seed * 7919 + step);
  return rows.filter(() => draw() < rate);
}

/** Adds each row's gradients to the sum, scaled down to the clip norm where they are longer. Takes ownership of everything. */
const addClipped = jit((sum: Arrays, gradients: Arrays, clipNorm: np.Array): Arrays => {
  const squares = Object.values(gradients).map((gradient) =>
    np.sum(np.square(gradient.ref.reshape([gradient.shape[0] ?? 0, -1])), 1),
  );
  const norms = np.sqrt(squares.reduce((all, square) => all.add(square)));
  const scales = clipNorm.ref.div(np.maximum(norms, clipNorm));
  const added = Object.entries(sum).map(([name, array]): [string, np.Array] => {
    const shape = [scales.shape[0] ?? 0, ...array.shape.map(() => 1)];
    return [name, array.add(np.sum(take(gradients, name).mul(scales.ref.reshape(shape)), 0))];
  });
  tree.dispose(gradients);
  scales.dispose();
  return Object.fromEntries(added);
});

/** Adds normal noise of a standard deviation to each number, by a key of two 32-bit words. Takes ownership of everything. */
const addNoise = jit((sum: Arrays, deviation: np.Array, key: np.Array): Arrays => {
  const names = Object.keys(sum);
  const keys = np.split(random.split(key, names.length), names.length, 0);
  const noisy = Object.fromEntries(
    names.map((name, index): [string, np.Array] => {
      const own = keys[index];
      if (own === undefined) throw new Error(`no key for ${name}`);
      const array = take(sum, name);
      const noise = random.normal(own.reshape([2]), array.shape);
      return [name, array.add(noise.mul(deviation.ref))];
    }),
  );
  tree.dispose(sum);
  deviation.dispose();
  return noisy;
});

const divide = jit((sum: Arrays, by: np.Array): [Arrays, np.Array] => {
  const gradients = tree.map((array: np.Array) => array.div(by.ref), sum);
  by.dispose();
  return [gradients, globalNorm(gradients)];
});
