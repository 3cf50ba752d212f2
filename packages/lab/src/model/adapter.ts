import { join } from "node:path";
import { parseAdapterConfig, type AdapterConfig } from "./adapter-config.ts";
import type { ModelConfig } from "./config.ts";
import { readJson } from "./model-files.ts";
import { parameterShapes, PROJECTIONS } from "./parameters.ts";
import { readTensors } from "./read-weights.ts";
import type { Weights } from "./tensor.ts";

/**
 * A LoRA adapter in PEFT's layout (Hu et al., arXiv 2106.09685): W + (alpha / rank) B A for each module in `targets`.
 * `weights` are named by the module: "model.layers.0.self_attn.q_proj.lora_A.weight" has shape [rank, in],
 * "... .lora_B.weight" shape [out, rank].
 */
export type Adapter = {
  /** The base as `adapter_config.json` names it. */
  readonly base: string;
  readonly rank: number;
  readonly alpha: number;
  readonly targets: readonly string[];
  readonly weights: Weights;
};

export const ADAPTER_CONFIG_FILE = "adapter_config.json";
export const ADAPTER_WEIGHTS_FILE = "adapter_model.safetensors";
/** PEFT's wrapper stands in front of each name of the base. */
export const ADAPTER_PREFIX = "base_model.model.";

/** What the adapter in a directory says of itself, without its weights. */
export async function loadAdapterConfig(directory: string): Promise<AdapterConfig> {
  return parseAdapterConfig(await readJson(join(directory, ADAPTER_CONFIG_FILE)));
}

/** The adapter in a directory, whose weights must fit the base's `model` configuration. */
export async function loadAdapter(directory: string, model: ModelConfig): Promise<Adapter> {
  const config = await loadAdapterConfig(directory);
  const shapes = new Map(
    [...adapterShapes(model, config)].map(([name, shape]) => [`${ADAPTER_PREFIX}${name}`, shape]),
  );
  const weights = await readTensors([join(directory, ADAPTER_WEIGHTS_FILE)], shapes, directory);
  return {
    ...config,
    weights: new Map([...weights].map(([name, tensor]) => [name.slice(ADAPTER_PREFIX.length), tensor])),
  };
}

/** Every tensor of an adapter by its name, with its shape. */
export function adapterShapes(
  model: ModelConfig,
  { rank, targets }: Pick<AdapterConfig, "rank" | "targets">,
): ReadonlyMap<string, readonly number[]> {
  const chosen = PROJECTIONS.filter((name) => targets.some((target) => name.endsWith(`.${target}`)));
  const shapes = new Map<string, readonly number[]>();
  for (const [name, [out, into]] of parameterShapes(model)) {
    const module = name.slice(0, -".weight".length);
    if (out === undefined || into === undefined || !chosen.some((each) => module.endsWith(`.${each}`))) {
      continue;
    }
    shapes.set(`${module}.lora_A.weight`, [rank, into]);
    shapes.set(`${module}.lora_B.weight`, [out, rank]);
  }
  return shapes;
}
