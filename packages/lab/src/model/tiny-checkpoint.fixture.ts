import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createRandom } from "bezoar";
import { onTestFinished } from "vitest";
import { adapterShapes, type Adapter } from "./adapter.ts";
import type { Checkpoint } from "./checkpoint.ts";
import type { ModelConfig } from "./config.ts";
import { parameterShapes } from "./parameters.ts";
import type { Weights } from "./tensor.ts";
import { createTokenizer, vocabularySize } from "./tokenizer.ts";
import { BOS_TOKEN, EOS_TOKEN, PAD_TOKEN, trainTokenizer } from "./train-tokenizer.ts";

const TEXTS = ["rule lsass user alice host dc-01", "rule tunnel user bob host dc-02", "benign alice"];

/** A model of a few hundred numbers, with a tokenizer of its own. */
export function tinyCheckpoint(architecture: ModelConfig["architecture"] = "llama"): Checkpoint {
  const tokenizer = createTokenizer(trainTokenizer([...TEXTS, ...TEXTS], { vocabSize: 320 }));
  const config: ModelConfig = {
    architecture,
    vocabSize: vocabularySize(tokenizer.files),
    hiddenSize: 8,
    intermediateSize: 12,
    layers: 2,
    heads: 2,
    kvHeads: 1,
    headDim: 4,
    ropeTheta: 500_000,
    rmsNormEps: 1e-5,
    maxPositions: 64,
    tieEmbeddings: architecture === "llama",
    bosToken: BOS_TOKEN,
    eosTokens: [EOS_TOKEN],
    padToken: PAD_TOKEN,
  };
  return { config, tokenizer, weights: randomWeights(parameterShapes(config)) };
}

/** An adapter of rank 2 on two projections of each layer. */
export function tinyAdapter(config: ModelConfig, base: string): Adapter {
  const plan = { base, rank: 2, alpha: 4, targets: ["q_proj", "down_proj"] };
  return { ...plan, weights: randomWeights(adapterShapes(config, plan)) };
}

function randomWeights(shapes: ReadonlyMap<string, readonly number[]>): Weights {
  const random = createRandom(1);
  return new Map(
    [...shapes].map(([name, shape]) => {
      const length = shape.reduce((a, b) => a * b, 1);
      return [name, { shape, data: Float32Array.from({ length }, () => random() - 0.5) }];
    }),
  );
}

/** A folder that is removed when the test has ended. */
export async function emptyFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "bezoar-model-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}
