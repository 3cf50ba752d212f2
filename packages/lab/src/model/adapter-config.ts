import { AppError } from "bezoar";
import { z } from "zod";
import { LORA_TARGETS } from "./parameters.ts";

/** What adapter_config.json says of a plain LoRA adapter. */
export type AdapterConfig = {
  readonly base: string;
  readonly rank: number;
  readonly alpha: number;
  readonly targets: readonly string[];
};

/** A rank beyond this is no low rank; the largest in use is 512. */
const MAX_RANK = 4096;
const MAX_PATH_LENGTH = 4096;

const configSchema = z.looseObject({
  peft_type: z.literal("LORA"),
  base_model_name_or_path: z.string().min(1).max(MAX_PATH_LENGTH),
  r: z.int().positive().max(MAX_RANK),
  lora_alpha: z.number().positive(),
  target_modules: z.union([z.literal("all-linear"), z.array(z.enum(LORA_TARGETS)).min(1)]),
  task_type: z.literal(["CAUSAL_LM", null]).optional(),
});

/** Keys that say nothing about what a trained adapter computes. */
const WITHOUT_EFFECT = new Set([
  ...Object.keys(configSchema.shape),
  "auto_mapping",
  "inference_mode",
  "lora_dropout",
  "megatron_core",
  "peft_version",
  "qalora_group_size",
  "revision",
  "runtime_config",
]);
/** Ways to begin that leave the base as it is; the others (PiSSA, OLoRA, LoftQ, CorDA) change its weights too. */
const PLAIN_STARTS = new Set<unknown>([true, false, "gaussian", "orthogonal", "eva"]);

/** The configuration in a parsed adapter_config.json; whatever changes the arithmetic of plain LoRA is refused by name, keys not known yet included. */
export function parseAdapterConfig(json: unknown): AdapterConfig {
  const parsed = configSchema.safeParse(json);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw refusal(`${issue?.path.join(".")}: ${issue?.message}`);
  }
  const { base_model_name_or_path: base, r: rank, lora_alpha: alpha, target_modules: targets } = parsed.data;
  for (const [key, value] of Object.entries(parsed.data)) {
    if (WITHOUT_EFFECT.has(key) || isOff(value)) continue;
    if (key === "bias" && value === "none") continue;
    if (key === "init_lora_weights" && PLAIN_STARTS.has(value)) continue;
    throw refusal(
      `${key} ${JSON.stringify(value)?.slice(0, 80)} is not supported: only plain LoRA is computed`,
    );
  }
  return { base, rank, alpha, targets: targets === "all-linear" ? LORA_TARGETS : targets };
}

/** Whether a value turns nothing on. */
function isOff(value: unknown): boolean {
  if (typeof value !== "object") return value === false || value === undefined;
  return value === null || Object.keys(value).length === 0;
}

/** What adapter_config.json says, with the keys that PEFT writes for plain LoRA. */
export function writeAdapterConfig({ base, rank, alpha, targets }: AdapterConfig): object {
  return {
    alpha_pattern: {},
    auto_mapping: null,
    base_model_name_or_path: base,
    bias: "none",
    fan_in_fan_out: false,
    inference_mode: true,
    init_lora_weights: true,
    layer_replication: null,
    layers_pattern: null,
    layers_to_transform: null,
    loftq_config: {},
    lora_alpha: alpha,
    lora_bias: false,
    lora_dropout: 0,
    megatron_config: null,
    megatron_core: "megatron.core",
    modules_to_save: null,
    peft_type: "LORA",
    r: rank,
    rank_pattern: {},
    revision: null,
    target_modules: targets,
    task_type: "CAUSAL_LM",
    use_dora: false,
    use_rslora: false,
  };
}

function refusal(reason: string): AppError {
  return new AppError("bad-model", `adapter_config.json: ${reason}`);
}
