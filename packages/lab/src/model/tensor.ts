/** A tensor in memory: row-major float32 values, whatever the type they were stored in. */
export type Tensor = { readonly shape: readonly number[]; readonly data: Float32Array<ArrayBuffer> };

/** Tensors by the names that a checkpoint file gives them. */
export type Weights = ReadonlyMap<string, Tensor>;
