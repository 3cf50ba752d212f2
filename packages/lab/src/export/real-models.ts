/** A model of the paper, and what fine-tuning and serving it needs to know. */
export type RealModel = {
  /** How files and folders are called after it. */
  readonly key: string;
  readonly repository: string;
  /** Axolotl's name of a chat template that renders these chats as the model's own does, with masks at the right places. */
  readonly axolotlTemplate: string;
  /** A token that pads and nothing else, where the tokenizer names none. */
  readonly padToken?: string;
  /** Whether it thinks before it answers unless its chat template is told not to. */
  readonly thinks: boolean;
};

/** The models of arXiv 2511.02600. */
export const REAL_MODELS: readonly RealModel[] = [
  {
    key: "llama-3.1-8b",
    repository: "meta-llama/Llama-3.1-8B-Instruct",
    axolotlTemplate: "tokenizer_default",
    padToken: "<|finetune_right_pad_id|>",
    thinks: false,
  },
  { key: "qwen3-4b", repository: "Qwen/Qwen3-4B", axolotlTemplate: "qwen3", thinks: true },
];
