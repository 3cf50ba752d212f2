import type { Adapter } from "./adapter.ts";
import type { ModelConfig } from "./config.ts";
import type { Weights } from "./tensor.ts";
import type { ChatTokenizer } from "./tokenizer.ts";

/** A model in memory: a full checkpoint, with an adapter on top or without one. `weights` have Hugging Face's names. */
export type Checkpoint = {
  readonly config: ModelConfig;
  readonly weights: Weights;
  readonly tokenizer: ChatTokenizer;
  readonly adapter?: Adapter;
};
