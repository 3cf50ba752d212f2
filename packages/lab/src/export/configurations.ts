import type { TrainingSet } from "../experiment/training-sets.ts";
import type { RealModel } from "./real-models.ts";

/** One fine-tune in one trainer. */
export type Configuration = {
  readonly model: RealModel;
  readonly set: TrainingSet;
  readonly seed: number;
};

/** Usual for LoRA on so few rows: all linear layers, 16 rows a step, four times over the set. */
const LORA = { rank: 16, alpha: 32, dropout: 0.05 };
const EPOCHS = 4;
const BATCH = { rows: 4, accumulated: 4 };
const LEARNING_RATE = "0.0002";
const WARMUP_STEPS = 10;
/** An alert with the system prompt and the chat's marks has about 350 tokens. */
const MAX_TOKENS = 1024;
const MODULES = ["q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"];

/** The rank that a server must be able to load. */
export const LORA_RANK = LORA.rank;

/** Where a chat training set lies in the export's folder. */
export const chatFile = (set: TrainingSet): string => `train/${set}.jsonl`;

/** The configuration's place in the export's folder, and where the adapter is left. */
export const configurationFile = (trainer: "trl" | "axolotl", { model, set }: Configuration): string =>
  `configs/${trainer}-${model.key}-${set}.yaml`;
export const adapterFolder = (trainer: "trl" | "axolotl", { model, set }: Configuration): string =>
  `out/${trainer}-${model.key}-${set}`;

/** For `trl sft --config`: options of TRL's SFTConfig, ModelConfig and DatasetMixtureConfig. */
export function trlConfiguration(configuration: Configuration): string {
  const { model, set, seed } = configuration;
  return `# trl sft --config ${configurationFile("trl", configuration)}   (in the export's folder; TRL 1.8 or later)
model_name_or_path: ${model.repository}
dtype: bfloat16
datasets:
  - path: json
    data_files: ${chatFile(set)}
    split: train
output_dir: ${adapterFolder("trl", configuration)}

# the loss counts the answers alone; TRL swaps in a chat template that marks them${model.thinks ? "\n# the template puts an empty thought before each answer, as it does at inference with thinking off" : ""}
assistant_only_loss: true
max_length: ${MAX_TOKENS}
packing: false

use_peft: true
lora_r: ${LORA.rank}
lora_alpha: ${LORA.alpha}
lora_dropout: ${LORA.dropout}
lora_target_modules:
${list(MODULES)}

num_train_epochs: ${EPOCHS}
per_device_train_batch_size: ${BATCH.rows}
gradient_accumulation_steps: ${BATCH.accumulated}
learning_rate: ${LEARNING_RATE}
lr_scheduler_type: cosine
warmup_steps: ${WARMUP_STEPS}
bf16: true
gradient_checkpointing: true
seed: ${seed}

logging_steps: 10
save_strategy: "no" # the adapter is written at the end
report_to: none
`;
}

/** For `axolotl train`. */
export function axolotlConfiguration(configuration: Configuration): string {
  const { model, set, seed } = configuration;
  const adapter = adapterFolder("axolotl", configuration);
  return `# axolotl train ${configurationFile("axolotl", configuration)}   (in the export's folder)
base_model: ${model.repository}
${model.padToken === undefined ? "" : `special_tokens:\n  pad_token: "${model.padToken}"\n`}
chat_template: ${model.axolotlTemplate}${model.thinks ? " # puts an empty thought before each answer, as at inference with thinking off" : ""}
datasets:
  - path: ${chatFile(set)}
    ds_type: json
    type: chat_template
    field_messages: messages
    message_property_mappings:
      role: role
      content: content
    roles_to_train:
      - assistant
    train_on_eos: turn
train_on_inputs: false
val_set_size: 0
dataset_prepared_path: ${adapter}-prepared
output_dir: ${adapter}

sequence_len: ${MAX_TOKENS}
sample_packing: false

adapter: lora
lora_r: ${LORA.rank}
lora_alpha: ${LORA.alpha}
lora_dropout: ${LORA.dropout}
lora_target_modules:
${list(MODULES)}

num_epochs: ${EPOCHS}
micro_batch_size: ${BATCH.rows}
gradient_accumulation_steps: ${BATCH.accumulated}
learning_rate: ${LEARNING_RATE}
lr_scheduler: cosine
warmup_steps: ${WARMUP_STEPS}
optimizer: adamw_torch
bf16: true
gradient_checkpointing: true
seed: ${seed}

logging_steps: 10
save_strategy: "no" # the adapter is written at the end
`;
}

function list(items: readonly string[]): string {
  return items.map((item) => `  - ${item}`).join("\n");
}
