import { AppError } from "bezoar";
import { jit, nn, numpy as np, tree } from "@jax-js/jax";
import type { Checkpoint } from "./checkpoint.ts";
import { toArrays, toTensor } from "./engine.ts";
import { hiddenStates, logitsOf, merged, type Arrays } from "./transformer.ts";

/** A model that can be asked; arrays are row-major. Sequences longer than `config.maxPositions` throw `AppError("bad-option")`. */
export type LanguageModel = {
  /** Logits of the next token after each token of one sequence: shape [ids.length, vocabSize]. */
  readonly logits: (ids: readonly number[]) => Float32Array;
  /** Logits after the last token of each sequence, as one batch; each has length vocabSize. */
  readonly nextLogits: (batch: readonly (readonly number[])[]) => Float32Array[];
  /** The last hidden state, after the final norm, at each token: shape [ids.length, hiddenSize]. */
  readonly hidden: (ids: readonly number[]) => Float32Array;
  /** Frees the memory. */
  readonly dispose: () => void;
};

/** Each shape of a batch is compiled once: sequences are padded to these steps, and batches to these sizes. */
const LENGTH_STEP = 16;
const BATCHES = [1, 8, 64];

/** Loads a checkpoint into the engine. */
export function createLanguageModel({ config, weights, adapter }: Checkpoint): LanguageModel {
  const arrays =
    adapter === undefined
      ? toArrays(weights)
      : merged(toArrays(weights), toArrays(adapter.weights), adapter.alpha / adapter.rank);

  const hidden = jit((w: Arrays, ids: np.Array): np.Array => {
    const states = hiddenStates(config, w, ids);
    tree.dispose(w);
    return states;
  });
  const logits = jit((w: Arrays, ids: np.Array): np.Array => {
    const all = logitsOf(config, w, hiddenStates(config, w, ids));
    tree.dispose(w);
    return all;
  });
  const next = jit((w: Arrays, ids: np.Array, last: np.Array): np.Array => {
    const length = ids.shape[1] ?? 0;
    const states = hiddenStates(config, w, ids);
    const chosen = np.sum(states.mul(np.expandDims(nn.oneHot(last, length), -1)), 1);
    const all = logitsOf(config, w, chosen);
    tree.dispose(w);
    return all;
  });

  const padded = (length: number): number => {
    if (length === 0) throw new AppError("bad-option", "a sequence has no token");
    if (length > config.maxPositions) {
      throw new AppError(
        "bad-option",
        `a sequence has ${length} tokens, and the model's context has ${config.maxPositions}`,
      );
    }
    return Math.min(config.maxPositions, Math.ceil(length / LENGTH_STEP) * LENGTH_STEP);
  };
  const arrayOf = (batch: readonly (readonly number[])[], rows: number, length: number): np.Array => {
    const ids = new Int32Array(rows * length).fill(config.padToken);
    for (const [row, sequence] of batch.entries()) {
      for (const id of sequence) {
        if (!Number.isInteger(id) || id < 0 || id >= config.vocabSize) {
          throw new AppError("bad-option", `${id} is no token: the vocabulary has ${config.vocabSize}`);
        }
      }
      ids.set(sequence, row * length);
    }
    return np.array(ids, { shape: [rows, length] });
  };
  return {
    logits: (ids) => {
      const given = arrayOf([ids], 1, padded(ids.length));
      return toTensor(logits(tree.ref(arrays), given)).data.slice(0, ids.length * config.vocabSize);
    },
    hidden: (ids) => {
      const given = arrayOf([ids], 1, padded(ids.length));
      return toTensor(hidden(tree.ref(arrays), given)).data.slice(0, ids.length * config.hiddenSize);
    },
    nextLogits: (batch) => {
      const most = BATCHES.at(-1) ?? 1;
      return chunked(batch, most).flatMap((part) => {
        const rows = BATCHES.find((size) => size >= part.length) ?? most;
        const given = arrayOf(part, rows, padded(Math.max(...part.map((ids) => ids.length))));
        const last = np.array(Int32Array.from({ length: rows }, (_, row) => (part[row]?.length ?? 1) - 1));
        const { data } = toTensor(next(tree.ref(arrays), given, last));
        return part.map((_, row) => data.slice(row * config.vocabSize, (row + 1) * config.vocabSize));
      });
    },
    dispose: () => {
      tree.dispose(arrays);
      for (const compiled of [hidden, logits, next]) compiled.dispose();
    },
  };
}

function chunked<T>(all: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(all.length / size) }, (_, i) => all.slice(i * size, (i + 1) * size));
}
