import { jit, numpy as np, tree } from "@jax-js/jax";
import type { ModelConfig } from "../model/config.ts";
import type { Arrays } from "../model/transformer.ts";
import { globalNorm } from "./adamw.ts";
import { epochOrder, makeBatch } from "./batches.ts";
import type { TrainingExample } from "./examples.ts";
import { createDifferentiate, type Trained, type Tunes } from "./gradients.ts";

/** What a step moves by, and what the log says of it. */
type StepGradients = {
  readonly gradients: Arrays;
  readonly loss: number;
  readonly norm: number;
  /** Tokens of the rows of the step. */
  readonly tokens: number;
};

/** The gradients of a step, counted from 0: it draws its rows and says what they teach. The arrays stay with the caller. */
export type GradientsOfStep = (trained: Trained, step: number) => StepGradients;

/** What steps are made of: the rows, how many make a batch, and the length to which they are padded. */
export type StepOptions = {
  readonly config: ModelConfig;
  readonly tunes: Tunes;
  readonly examples: readonly TrainingExample[];
  readonly batchSize: number;
  readonly length: number;
  readonly seed: number;
};

/** Longer gradients are scaled down to this Euclidean norm, as trainers do by default. */
const MAX_GRAD_NORM = 1;

/** Steps over batches of an epoch's shuffled rows, by the mean loss over the tokens that count. */
export function createEpochSteps(options: StepOptions): GradientsOfStep {
  const { config, examples, batchSize, length, seed } = options;
  const differentiate = createDifferentiate(config, options.tunes);
  const stepsPerEpoch = Math.ceil(examples.length / batchSize);
  let shuffled: { readonly epoch: number; readonly order: readonly number[] } | undefined;
  return (trained, step) => {
    const epoch = Math.floor(step / stepsPerEpoch);
    if (shuffled?.epoch !== epoch) shuffled = { epoch, order: epochOrder(examples.length, seed, epoch) };
    const first = (step % stepsPerEpoch) * batchSize;
    const rows = shuffled.order.slice(first, first + batchSize).flatMap((row) => examples[row] ?? []);
    const batch = makeBatch(rows, batchSize, length, config.padToken);
    const { loss, gradients } = differentiate(trained, batch);
    const [clipped, norm] = clip(gradients, np.array(MAX_GRAD_NORM));
    return { gradients: clipped, loss: loss.item(), norm: norm.item(), tokens: batch.tokens };
  };
}

const clip = jit((gradients: Arrays, most: np.Array): [Arrays, np.Array] => {
  const norm = globalNorm(gradients);
  const scale = np.minimum(most.div(norm.ref.add(1e-6)), 1);
  const clipped = tree.map((gradient: np.Array) => gradient.mul(scale.ref), gradients);
  scale.dispose();
  return [clipped, norm];
});
