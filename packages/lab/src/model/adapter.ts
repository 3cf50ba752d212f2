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
