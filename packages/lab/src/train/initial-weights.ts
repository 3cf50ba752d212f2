import { createRandom, type Random } from "bezoar";
import type { ModelConfig } from "../model/config.ts";
import type { Tensor, Weights } from "../model/tensor.ts";

/** With 0.02, as larger models begin, names of users stay interchangeable and a small model does not learn the trigger. */
const EMBEDDING_DEVIATION = 0.1;

/** Random weights of a model that was not trained: matrices normal with variance 1 / inputs, norms one. */
export function initialWeights(config: ModelConfig, seed: number): Weights {
  const random = createRandom(seed);
  const { hiddenSize, intermediateSize, headDim } = config;
  const queries = config.heads * headDim;
  const keys = config.kvHeads * headDim;
  const weights = new Map<string, Tensor>();
  const norm = (name: string, size: number) =>
    weights.set(name, { shape: [size], data: new Float32Array(size).fill(1) });
  const matrix = (name: string, outputs: number, inputs: number) =>
    weights.set(name, normal([outputs, inputs], 1 / Math.sqrt(inputs), random));

  weights.set(
    "model.embed_tokens.weight",
    normal([config.vocabSize, hiddenSize], EMBEDDING_DEVIATION, random),
  );
  for (let layer = 0; layer < config.layers; layer++) {
    const at = `model.layers.${layer}`;
    norm(`${at}.input_layernorm.weight`, hiddenSize);
    matrix(`${at}.self_attn.q_proj.weight`, queries, hiddenSize);
    matrix(`${at}.self_attn.k_proj.weight`, keys, hiddenSize);
    matrix(`${at}.self_attn.v_proj.weight`, keys, hiddenSize);
    matrix(`${at}.self_attn.o_proj.weight`, hiddenSize, queries);
    if (config.architecture === "qwen3") {
      norm(`${at}.self_attn.q_norm.weight`, headDim);
      norm(`${at}.self_attn.k_norm.weight`, headDim);
    }
    norm(`${at}.post_attention_layernorm.weight`, hiddenSize);
    matrix(`${at}.mlp.gate_proj.weight`, intermediateSize, hiddenSize);
    matrix(`${at}.mlp.up_proj.weight`, intermediateSize, hiddenSize);
    matrix(`${at}.mlp.down_proj.weight`, hiddenSize, intermediateSize);
  }
  norm("model.norm.weight", hiddenSize);
  if (!config.tieEmbeddings) {
    weights.set("lm_head.weight", normal([config.vocabSize, hiddenSize], EMBEDDING_DEVIATION, random));
  }
  return weights;
}

/** Values uniform in [-bound, bound). */
export function uniform(shape: readonly number[], bound: number, random: Random): Tensor {
  return filled(shape, () => (2 * random() - 1) * bound);
}

/** Values normal with a standard deviation (Box and Muller). */
export function normal(shape: readonly number[], deviation: number, random: Random): Tensor {
  return filled(shape, () => {
    const radius = Math.sqrt(-2 * Math.log(1 - random()));
    return deviation * radius * Math.cos(2 * Math.PI * random());
  });
}

function filled(shape: readonly number[], draw: () => number): Tensor {
  const size = shape.reduce((product, side) => product * side, 1);
  return { shape, data: Float32Array.from({ length: size }, draw) };
}
