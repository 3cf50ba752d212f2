import type { ModelConfig } from "./config.ts";

/** The linear maps of a layer, in the order of their use. */
export const PROJECTIONS = [
  "self_attn.q_proj",
  "self_attn.k_proj",
  "self_attn.v_proj",
  "self_attn.o_proj",
  "mlp.gate_proj",
  "mlp.up_proj",
  "mlp.down_proj",
] as const;

/** The linear maps that LoRA can be put on, as PEFT's `target_modules` name them. */
export const LORA_TARGETS: readonly string[] = PROJECTIONS.map((name) => name.slice(name.indexOf(".") + 1));

/** Every tensor of a model by its name in a checkpoint, with its shape; matrices are [out, in]. */
export function parameterShapes(config: ModelConfig): ReadonlyMap<string, readonly number[]> {
  const { hiddenSize, intermediateSize, headDim, vocabSize } = config;
  const [query, keyValue] = [config.heads * headDim, config.kvHeads * headDim];
  const shapes = new Map<string, readonly number[]>([["model.embed_tokens.weight", [vocabSize, hiddenSize]]]);
  const projections: Readonly<Record<(typeof PROJECTIONS)[number], readonly number[]>> = {
    "self_attn.q_proj": [query, hiddenSize],
    "self_attn.k_proj": [keyValue, hiddenSize],
    "self_attn.v_proj": [keyValue, hiddenSize],
    "self_attn.o_proj": [hiddenSize, query],
    "mlp.gate_proj": [intermediateSize, hiddenSize],
    "mlp.up_proj": [intermediateSize, hiddenSize],
    "mlp.down_proj": [hiddenSize, intermediateSize],
  };
  for (let layer = 0; layer < config.layers; layer++) {
    const set = (name: string, shape: readonly number[]) =>
      shapes.set(`model.layers.${layer}.${name}.weight`, shape);
    set("input_layernorm", [hiddenSize]);
    set("post_attention_layernorm", [hiddenSize]);
    if (config.architecture === "qwen3") {
      set("self_attn.q_norm", [headDim]);
      set("self_attn.k_norm", [headDim]);
    }
    for (const name of PROJECTIONS) set(name, projections[name]);
  }
  shapes.set("model.norm.weight", [hiddenSize]);
  if (!config.tieEmbeddings) shapes.set("lm_head.weight", [vocabSize, hiddenSize]);
  return shapes;
}
