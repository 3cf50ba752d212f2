import { init, numpy as np } from "@jax-js/jax";
import type { Arrays } from "./transformer.ts";
import type { Tensor, Weights } from "./tensor.ts";

// The engine's WebAssembly backend must be there before the first array.
await init("wasm");

/** Copies tensors into the engine; the names stay. */
export function toArrays(weights: Weights): Arrays {
  return Object.fromEntries(
    [...weights].map(([name, { shape, data }]) => [name, np.array(data, { shape: [...shape] })]),
  );
}

/** Copies arrays out of the engine; takes ownership of them. */
export function toWeights(arrays: Arrays): Weights {
  return new Map(Object.entries(arrays).map(([name, array]): [string, Tensor] => [name, toTensor(array)]));
}

/** Copies one array out of the engine; takes ownership of it. */
export function toTensor(array: np.Array): Tensor {
  const shape = [...array.shape];
  const data = array.dataSync();
  if (!(data instanceof Float32Array)) throw new Error("the engine gave no float32 values");
  return { shape, data };
}
