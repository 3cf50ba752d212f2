import fc from "fast-check";
import { expect, test } from "vitest";
import { parseConfig, writeConfig, writeGenerationConfig } from "./config.ts";

const LLAMA = {
  architectures: ["LlamaForCausalLM"],
  model_type: "llama",
  vocab_size: 1000,
  hidden_size: 64,
  intermediate_size: 172,
  num_hidden_layers: 2,
  num_attention_heads: 4,
  bos_token_id: 1,
  eos_token_id: 2,
};
const QWEN3 = { ...LLAMA, architectures: ["Qwen3ForCausalLM"], model_type: "qwen3" };

test("what a file leaves out is what the reference library takes", () => {
  expect(parseConfig(LLAMA)).toEqual({
    architecture: "llama",
    vocabSize: 1000,
    hiddenSize: 64,
    intermediateSize: 172,
    layers: 2,
    heads: 4,
    kvHeads: 4,
    headDim: 16,
    ropeTheta: 10_000,
    rmsNormEps: 1e-6,
    maxPositions: 2048,
    tieEmbeddings: false,
    bosToken: 1,
    eosTokens: [2],
    padToken: 2,
  });
  expect(parseConfig(QWEN3)).toMatchObject({ architecture: "qwen3", headDim: 128, maxPositions: 32_768 });
});

test("a model without a token that begins texts begins them with the one that ends them", () => {
  expect(parseConfig({ ...QWEN3, bos_token_id: null })).toMatchObject({ bosToken: 2, eosTokens: [2] });
});

test("the base of RoPE is found where newer and where older files have it", () => {
  const newer = { rope_parameters: { rope_theta: 500_000, rope_type: "default" } };
  expect(parseConfig({ ...LLAMA, ...newer }).ropeTheta).toBe(500_000);
  expect(parseConfig({ ...LLAMA, rope_theta: 1e6, rope_scaling: null }).ropeTheta).toBe(1e6);
});

test("the tokens that end an answer are those of both files", () => {
  expect(parseConfig({ ...LLAMA, eos_token_id: [2, 5] }, { eos_token_id: [5, 7] }).eosTokens).toEqual([
    2, 5, 7,
  ]);
  expect(parseConfig({ ...LLAMA, eos_token_id: null }, { eos_token_id: 7 }).eosTokens).toEqual([7]);
});

test.each(["llama", "qwen3"] as const)("a written %s configuration says what was read", (architecture) => {
  const config = {
    ...parseConfig(
      { ...LLAMA, pad_token_id: 0, num_key_value_heads: 2, rope_theta: 5e5 },
      { eos_token_id: 9 },
    ),
    architecture,
    tieEmbeddings: true,
  };
  const written: unknown = JSON.parse(JSON.stringify(writeConfig(config, "BF16")));
  expect(parseConfig(written, writeGenerationConfig(config))).toEqual(config);
  expect(written).toMatchObject({ dtype: "bfloat16", torch_dtype: "bfloat16", rope_theta: 5e5 });
});

test("a sliding window that Qwen3 does not use is none", () => {
  expect(parseConfig({ ...QWEN3, use_sliding_window: false, sliding_window: 4096 }).layers).toBe(2);
});

test.each<[what: string, change: object, message: string]>([
  ["a scaled RoPE", { rope_scaling: { rope_type: "llama3", factor: 8 } }, 'rope_scaling.rope_type "llama3"'],
  ["a RoPE of other keys", { rope_parameters: { rope_theta: 1e4, factor: 8 } }, "rope_parameters.factor"],
  ["a partial RoPE", { partial_rotary_factor: 0.5 }, "partial_rotary_factor 0.5"],
  ["biases of the attention", { attention_bias: true }, "attention_bias true"],
  ["biases of the MLP", { mlp_bias: true }, "mlp_bias true"],
  ["another activation", { hidden_act: "gelu" }, 'hidden_act "gelu"'],
  ["a sliding window", { sliding_window: 128 }, "sliding_window"],
  ["a sliding window that is switched on", { use_sliding_window: true }, "use_sliding_window true"],
  ["layers of another kind", { layer_types: ["full_attention", "linear_attention"] }, "layer_types"],
  ["quantized weights", { quantization_config: { bits: 4 } }, "quantization_config"],
  ["code of its own", { auto_map: { AutoModel: "evil.Model" } }, "auto_map"],
  ["several architectures", { architectures: ["LlamaForCausalLM", "Other"] }, "architectures"],
  ["another architecture", { architectures: ["__proto__"] }, 'architecture "__proto__" is unknown'],
  ["heads that share unevenly", { num_key_value_heads: 3 }, "4 heads cannot share 3"],
  ["an odd head", { head_dim: 5 }, "head_dim 5 is not even"],
  ["no layers", { num_hidden_layers: 0 }, "num_hidden_layers"],
  ["sizes that no machine holds", { hidden_size: 1e12 }, "hidden_size"],
  ["fractions", { vocab_size: 10.5 }, "vocab_size"],
  ["tokens outside the vocabulary", { bos_token_id: 1000 }, "token 1000 is outside"],
  ["no end", { eos_token_id: [] }, "eos_token_id is missing"],
])("%s is refused by name", (_, change, message) => {
  expect(() => parseConfig({ ...LLAMA, ...change })).toThrow(message);
});

test("what is no object is refused", () => {
  for (const json of [null, 1, "x", []]) expect(() => parseConfig(json)).toThrow("config.json: ");
});

test("any value of any key ends in a configuration or in an error of the model", () => {
  const keys = [...Object.keys(LLAMA), "rope_parameters", "rope_scaling", "layer_types", "head_dim", "x"];
  fc.assert(
    fc.property(fc.constantFrom(...keys), fc.jsonValue(), (key, value) => {
      expect(outcomeOf({ ...LLAMA, [key]: value })).toMatch(/^(read|bad-model)$/);
    }),
  );
});

function outcomeOf(json: unknown): string {
  try {
    parseConfig(json);
    return "read";
  } catch (error) {
    return error instanceof Error && "code" in error ? String(error.code) : String(error);
  }
}
