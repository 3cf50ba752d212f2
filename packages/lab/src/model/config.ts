/** What of a decoder-only transformer is needed to run it; lengths and sizes count tokens and components. */
export type ModelConfig = {
  readonly architecture: "llama" | "qwen3";
  readonly vocabSize: number;
  readonly hiddenSize: number;
  readonly intermediateSize: number;
  readonly layers: number;
  readonly heads: number;
  readonly kvHeads: number;
  readonly headDim: number;
  readonly ropeTheta: number;
  readonly rmsNormEps: number;
  /** The longest sequence in tokens. */
  readonly maxPositions: number;
  readonly tieEmbeddings: boolean;
  readonly bosToken: number;
  /** Tokens that end an answer. */
  readonly eosTokens: readonly number[];
  readonly padToken: number;
};
