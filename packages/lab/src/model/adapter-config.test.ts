import { expect, test } from "vitest";
import { parseAdapterConfig, writeAdapterConfig } from "./adapter-config.ts";

const PLAIN = {
  peft_type: "LORA",
  base_model_name_or_path: "../base",
  r: 8,
  lora_alpha: 16,
  target_modules: ["q_proj", "v_proj"],
  bias: "none",
};

test("a plain adapter is read, and what is written says the same", () => {
  const config = { base: "../base", rank: 8, alpha: 16, targets: ["q_proj", "v_proj"] };
  expect(parseAdapterConfig(PLAIN)).toEqual(config);
  expect(parseAdapterConfig(writeAdapterConfig(config))).toEqual(config);
});

test("all-linear is all seven projections", () => {
  expect(parseAdapterConfig({ ...PLAIN, target_modules: "all-linear" }).targets).toHaveLength(7);
});

test("keys that turn nothing on are let through, whatever they are called", () => {
  const off = { use_dora: false, loftq_config: {}, modules_to_save: null, use_something_new: false };
  expect(parseAdapterConfig({ ...PLAIN, ...off, init_lora_weights: "gaussian" }).rank).toBe(8);
});

test.each<[what: string, change: object, message: string]>([
  ["DoRA", { use_dora: true }, "use_dora true"],
  ["rank-stabilised scaling", { use_rslora: true }, "use_rslora true"],
  ["biases", { bias: "all" }, 'bias "all"'],
  ["biases of LoRA itself", { lora_bias: true }, "lora_bias true"],
  ["whole modules", { modules_to_save: ["lm_head"] }, 'modules_to_save ["lm_head"]'],
  ["ranks by module", { rank_pattern: { "layers.0": 2 } }, "rank_pattern"],
  ["alphas by module", { alpha_pattern: { "layers.0": 2 } }, "alpha_pattern"],
  ["transposed weights", { fan_in_fan_out: true }, "fan_in_fan_out true"],
  ["some layers only", { layers_to_transform: [0] }, "layers_to_transform [0]"],
  ["a start that changes the base", { init_lora_weights: "pissa" }, 'init_lora_weights "pissa"'],
  ["what is not known yet", { use_something_new: true }, "use_something_new true"],
  ["another kind of adapter", { peft_type: "IA3" }, "peft_type"],
  ["a pattern of modules", { target_modules: "(a+)+$" }, "target_modules"],
  ["modules that are no projections", { target_modules: ["embed_tokens"] }, "target_modules"],
  ["no rank", { r: 0 }, "r: "],
])("%s is refused by name", (_, change, message) => {
  expect(() => parseAdapterConfig({ ...PLAIN, ...change })).toThrow(message);
});
