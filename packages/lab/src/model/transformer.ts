import { nn, numpy as np } from "@jax-js/jax";
import type { ModelConfig } from "./config.ts";

/** Arrays of the engine by tensor name. */
export type Arrays = Record<string, np.Array>;

/**
 * Last hidden states of a batch, after the final norm: ids [batch, length] -> [batch, length, hidden].
 * The architecture is that of LlamaForCausalLM (Touvron et al., arXiv 2302.13971: RMSNorm, RoPE, SwiGLU, grouped-query
 * attention) and of Qwen3ForCausalLM (arXiv 2505.09388: the same with RMSNorm on each head's query and key).
 * Sequences are padded on the right: under a causal mask no token sees what comes after it.
 * The weights stay with the caller.
 */
export function hiddenStates(config: ModelConfig, weights: Arrays, ids: np.Array): np.Array {
  const length = ids.shape[1] ?? 0;
  const batch = ids.shape[0] ?? 0;
  const norm = (x: np.Array, name: string): np.Array => rmsNorm(x, take(weights, name), config.rmsNormEps);
  const linear = (x: np.Array, module: string): np.Array => project(x, take(weights, `${module}.weight`));
  const turn = rotation(length, config);
  const heads = (x: np.Array, count: number): np.Array => x.reshape([batch, length, count, config.headDim]);
  const isQwen = config.architecture === "qwen3";

  let x = np.take(take(weights, "model.embed_tokens.weight"), ids, 0);
  for (let layer = 0; layer < config.layers; layer++) {
    const at = `model.layers.${layer}`;
    const h = norm(x.ref, `${at}.input_layernorm.weight`);
    let query = heads(linear(h.ref, `${at}.self_attn.q_proj`), config.heads);
    let key = heads(linear(h.ref, `${at}.self_attn.k_proj`), config.kvHeads);
    const value = heads(linear(h, `${at}.self_attn.v_proj`), config.kvHeads);
    if (isQwen) {
      query = norm(query, `${at}.self_attn.q_norm.weight`);
      key = norm(key, `${at}.self_attn.k_norm.weight`);
    }
    const attended = nn.dotProductAttention(turn(query), turn(key), value, { isCausal: true });
    x = x.add(
      linear(attended.reshape([batch, length, config.heads * config.headDim]), `${at}.self_attn.o_proj`),
    );
    const m = norm(x.ref, `${at}.post_attention_layernorm.weight`);
    const gated = nn.silu(linear(m.ref, `${at}.mlp.gate_proj`)).mul(linear(m, `${at}.mlp.up_proj`));
    x = x.add(linear(gated, `${at}.mlp.down_proj`));
  }
  return norm(x, "model.norm.weight");
}

/** Logits of the next token: hidden [..., hidden] -> [..., vocabulary]; the head may be the embedding itself. */
export function logitsOf(config: ModelConfig, weights: Arrays, hidden: np.Array): np.Array {
  return project(
    hidden,
    take(weights, config.tieEmbeddings ? "model.embed_tokens.weight" : "lm_head.weight"),
  );
}

/** One of the arrays by its name, as a reference of its own. */
export function take(arrays: Arrays, name: string): np.Array {
  const array = arrays[name];
  if (array === undefined) throw new Error(`no tensor ${name}`);
  return array.ref;
}

/**
 * The weights with an adapter merged in: W + scale B A for each module that it changes. Takes ownership of both.
 * One product of the small matrices for a batch is cheaper than a detour over them for every token.
 */
export function merged(weights: Arrays, lora: Arrays, scale: number): Arrays {
  const all = Object.entries(weights).map(([name, weight]): [string, np.Array] => {
    const module = name.replace(/\.weight$/, "");
    const a = lora[`${module}.lora_A.weight`];
    const b = lora[`${module}.lora_B.weight`];
    return [name, a === undefined || b === undefined ? weight : weight.add(np.matmul(b, a).mul(scale))];
  });
  return Object.fromEntries(all);
}

/** x W^T, with W of shape [out, in] as checkpoints hold it. */
function project(x: np.Array, w: np.Array): np.Array {
  return np.matmul(x, np.matrixTranspose(w));
}

/** RMSNorm over the last axis (Zhang and Sennrich, arXiv 1910.07467). */
function rmsNorm(x: np.Array, weight: np.Array, eps: number): np.Array {
  const scale = np.reciprocal(np.sqrt(np.mean(np.square(x.ref), -1, { keepdims: true }).add(eps)));
  return x.mul(scale).mul(weight);
}

/** Rotary position embedding of [batch, length, heads, headDim] in the half-split layout (Su et al., arXiv 2104.09864). */
function rotation(length: number, { headDim, ropeTheta }: ModelConfig): (x: np.Array) => np.Array {
  const half = headDim / 2;
  const cos = new Float32Array(length * headDim);
  const sin = new Float32Array(length * headDim);
  for (let position = 0; position < length; position++) {
    for (let i = 0; i < headDim; i++) {
      const angle = position / ropeTheta ** ((2 * (i % half)) / headDim);
      cos[position * headDim + i] = Math.cos(angle);
      sin[position * headDim + i] = Math.sin(angle);
    }
  }
  const shape = [1, length, 1, headDim];
  return (x) => {
    const [left, right] = np.split(x.ref, 2, -1);
    if (left === undefined || right === undefined) throw new Error("a head has two halves");
    const turned = np.concatenate([right.mul(-1), left], -1);
    return x.mul(np.array(cos, { shape })).add(turned.mul(np.array(sin, { shape })));
  };
}
