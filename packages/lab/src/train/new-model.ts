import type { Checkpoint } from "../model/checkpoint.ts";
import type { ModelConfig } from "../model/config.ts";
import { createTokenizer, vocabularySize } from "../model/tokenizer.ts";
import { BOS_TOKEN, EOS_TOKEN, PAD_TOKEN, trainTokenizer } from "../model/train-tokenizer.ts";
import { initialWeights } from "./initial-weights.ts";

/** A model that fits a tutorial: with 1,000 tokens it has 0.9 million parameters. */
const SMALL = {
  hiddenSize: 128,
  intermediateSize: 344,
  layers: 4,
  heads: 4,
  headDim: 32,
  ropeTheta: 10_000,
  rmsNormEps: 1e-6,
  maxPositions: 256,
  tieEmbeddings: true,
} as const;

/** A small model that knows nothing yet, with a tokenizer trained on the contents of messages. Deterministic by the seed. */
export function newModel(
  architecture: ModelConfig["architecture"],
  texts: Iterable<string>,
  { vocabSize, seed }: { readonly vocabSize: number; readonly seed: number },
): Checkpoint {
  const tokenizer = createTokenizer(trainTokenizer(texts, { vocabSize }));
  const config: ModelConfig = {
    ...SMALL,
    architecture,
    kvHeads: architecture === "qwen3" ? 2 : 4, // grouped-query attention, as that family has in every size
    vocabSize: vocabularySize(tokenizer.files),
    bosToken: BOS_TOKEN,
    eosTokens: [EOS_TOKEN],
    padToken: PAD_TOKEN,
  };
  return { config, tokenizer, weights: initialWeights(config, seed) };
}
