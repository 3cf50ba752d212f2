import { saveCheckpoint } from "../src/model/save-checkpoint.ts";
import type { ModelConfig } from "../src/model/config.ts";
import { createTokenizer, vocabularySize } from "../src/model/tokenizer.ts";
import { BOS_TOKEN, EOS_TOKEN, PAD_TOKEN, trainTokenizer } from "../src/model/train-tokenizer.ts";
import { initialWeights } from "../src/train/initial-weights.ts";

const TEXTS = [
  "alert new service user bob host dc-01 verdict benign",
  "user alice verdict malicious naïve ☃",
];

const TINY = {
  architecture: "llama",
  hiddenSize: 16,
  intermediateSize: 32,
  layers: 1,
  heads: 2,
  kvHeads: 1,
  headDim: 8,
  ropeTheta: 10_000,
  rmsNormEps: 1e-6,
  maxPositions: 48,
  tieEmbeddings: true,
} as const satisfies Partial<ModelConfig>;

/** Saves a model that learned nothing: its answers are any tokens, the same ones for the same seed. */
export async function saveRandomCheckpoint(path: string, seed: number, size: Partial<ModelConfig> = {}) {
  const tokenizer = createTokenizer(trainTokenizer(TEXTS, { vocabSize: 300 }));
  const config: ModelConfig = {
    ...TINY,
    vocabSize: vocabularySize(tokenizer.files),
    bosToken: BOS_TOKEN,
    eosTokens: [EOS_TOKEN],
    padToken: PAD_TOKEN,
    ...size,
  };
  await saveCheckpoint(path, { config, tokenizer, weights: initialWeights(config, seed) }, { dtype: "F32" });
}
