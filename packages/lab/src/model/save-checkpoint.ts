import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { ADAPTER_CONFIG_FILE, ADAPTER_PREFIX, ADAPTER_WEIGHTS_FILE, type Adapter } from "./adapter.ts";
import { writeAdapterConfig } from "./adapter-config.ts";
import { CONFIG_FILE, GENERATION_FILE, type Checkpoint } from "./checkpoint.ts";
import { writeConfig, writeGenerationConfig } from "./config.ts";
import { WEIGHTS_FILE } from "./read-weights.ts";
import { CHAT_TEMPLATE_FILE, TOKENIZER_CONFIG_FILE, TOKENIZER_FILE } from "./tokenizer.ts";
import { writeDirectory, writeJson } from "./write-directory.ts";
import { writeSafetensors, type StoredDtype } from "./write-safetensors.ts";

type Whole = Omit<Checkpoint, "adapter">;
type Options = { readonly dtype: StoredDtype };

/** Writes a full model to a new directory, whole or not at all, so that transformers 4 and 5 load it; an adapter is saved by `saveAdapter`. */
export async function saveCheckpoint(target: string, checkpoint: Whole, options: Options): Promise<void> {
  await writeDirectory(target, (directory) => writeCheckpoint(directory, checkpoint, options));
}

/** Writes an adapter to a new directory, whole or not at all, as PEFT does; its `base` should be a path seen from there. */
export async function saveAdapter(target: string, adapter: Adapter): Promise<void> {
  await writeDirectory(target, (directory) => writeAdapter(directory, adapter));
}

/** Writes the files of a full model into a directory that is being made. */
export async function writeCheckpoint(
  directory: string,
  { config, weights, tokenizer }: Whole,
  options: Options,
): Promise<void> {
  const { chatTemplate } = tokenizer.files;
  await writeJson(directory, CONFIG_FILE, writeConfig(config, options.dtype));
  await writeJson(directory, GENERATION_FILE, writeGenerationConfig(config));
  await writeJson(directory, TOKENIZER_FILE, tokenizer.files.tokenizer);
  await writeJson(directory, TOKENIZER_CONFIG_FILE, {
    ...tokenizer.files.config,
    ...(chatTemplate === "" ? {} : { chat_template: chatTemplate }),
    // Version 4 does not know the name that version 5 gives the same class; both know this one.
    tokenizer_class: "PreTrainedTokenizerFast",
  });
  if (chatTemplate !== "") await writeFile(join(directory, CHAT_TEMPLATE_FILE), chatTemplate);
  await writeSafetensors(join(directory, WEIGHTS_FILE), weights, options);
}

/** Writes the files of an adapter into a directory that is being made. */
export async function writeAdapter(directory: string, adapter: Adapter): Promise<void> {
  await writeJson(directory, ADAPTER_CONFIG_FILE, writeAdapterConfig(adapter));
  const weights = new Map([...adapter.weights].map(([name, tensor]) => [`${ADAPTER_PREFIX}${name}`, tensor]));
  await writeSafetensors(join(directory, ADAPTER_WEIGHTS_FILE), weights, { dtype: "F32" });
}
