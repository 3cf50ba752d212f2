import { nn, numpy as np, tree } from "@jax-js/jax";
import type { ModelConfig } from "../model/config.ts";
import { hiddenStates, logitsOf, type Arrays } from "../model/transformer.ts";

/**
 * The mean cross-entropy in nats over the tokens that count, as a scalar: `counts` holds the weight of each target,
 * and all three arrays of a batch have shape [rows, length]. Takes ownership of everything.
 */
export function meanLoss(
  config: ModelConfig,
  weights: Arrays,
  ids: np.Array,
  targets: np.Array,
  counts: np.Array,
): np.Array {
  const tokens = np.maximum(np.sum(counts.ref), 1);
  return summedLoss(config, weights, ids, targets, counts).div(tokens);
}

/** The weighted sum of which `meanLoss` is the mean. */
export function summedLoss(
  config: ModelConfig,
  weights: Arrays,
  ids: np.Array,
  targets: np.Array,
  counts: np.Array,
): np.Array {
  const logits = logitsOf(config, weights, hiddenStates(config, weights, ids));
  tree.dispose(weights);
  const picked = nn.oneHot(targets, config.vocabSize).mul(np.expandDims(counts, -1));
  return np.sum(nn.logSoftmax(logits, -1).mul(picked)).mul(-1);
}
