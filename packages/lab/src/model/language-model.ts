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
