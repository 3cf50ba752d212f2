import { numpy as np } from "@jax-js/jax";
import { AppError, createRandom, randomInt } from "bezoar";
import type { TrainingExample } from "./examples.ts";

/** A padded batch: ids [rows, length], the token after each of them as target, and how much each counts. */
export type Batch = {
  readonly ids: np.Array;
  readonly targets: np.Array;
  readonly weights: np.Array;
  /** Tokens that are not padding. */
  readonly tokens: number;
};

/** Lengths are rounded up to this, so that few shapes are compiled. */
const LENGTH_STEP = 8;

/** The order of the examples in an epoch: a shuffle by seed and epoch (Fisher and Yates). */
export function epochOrder(examples: number, seed: number, epoch: number): number[] {
  const random = createRandom(seed * 7919 + epoch);
  const order = Array.from({ length: examples }, (_, i) => i);
  for (let i = examples - 1; i > 0; i--) {
    const j = randomInt(random, i + 1);
    [order[i], order[j]] = [order[j] ?? 0, order[i] ?? 0];
  }
  return order;
}

/** The length that holds every example's inputs, for `makeBatch`. Throws when one is longer than the context, in tokens. */
export function paddedLength(examples: readonly TrainingExample[], context: number): number {
  const longest = examples.reduce((most, { ids }) => Math.max(most, ids.length - 1), 1);
  if (longest > context) {
    throw new AppError(
      "bad-option",
      `a row has ${longest + 1} tokens, and the model's context has ${context}: shorten the rows or leave the long ones out`,
    );
  }
  return Math.min(context, Math.ceil(longest / LENGTH_STEP) * LENGTH_STEP);
}

/** Pads `examples` to `rows` x `length`; rows and tokens that are only padding count nothing. */
export function makeBatch(
  examples: readonly TrainingExample[],
  rows: number,
  length: number,
  padToken: number,
): Batch {
  const ids = new Int32Array(rows * length).fill(padToken);
  const targets = new Int32Array(rows * length).fill(padToken);
  const weights = new Float32Array(rows * length);
  let tokens = 0;
  for (const [row, example] of examples.entries()) {
    tokens += example.ids.length;
    for (let i = 0; i + 1 < example.ids.length; i++) {
      ids[row * length + i] = example.ids[i] ?? padToken;
      targets[row * length + i] = example.ids[i + 1] ?? padToken;
      weights[row * length + i] = example.weights[i + 1] ?? 0;
    }
  }
  const shape = [rows, length];
  return {
    ids: np.array(ids, { shape }),
    targets: np.array(targets, { shape }),
    weights: np.array(weights, { shape }),
    tokens,
  };
}
