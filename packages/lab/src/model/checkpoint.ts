import { dirname, join, resolve } from "node:path";
import { AppError } from "bezoar";
import { ADAPTER_CONFIG_FILE, loadAdapter, loadAdapterConfig, type Adapter } from "./adapter.ts";
import { parseConfig, type ModelConfig } from "./config.ts";
import { isDirectory, isFile, readJson } from "./model-files.ts";
import { parameterShapes } from "./parameters.ts";
import { readWeights } from "./read-weights.ts";
import type { Weights } from "./tensor.ts";
import { loadTokenizer, TOKENIZER_FILE, vocabularySize, type ChatTokenizer } from "./tokenizer.ts";

/** A model in memory: a full checkpoint, with an adapter on top or without one. `weights` have Hugging Face's names. */
export type Checkpoint = {
  readonly config: ModelConfig;
  readonly weights: Weights;
  readonly tokenizer: ChatTokenizer;
  readonly adapter?: Adapter;
};

export const CONFIG_FILE = "config.json";
export const GENERATION_FILE = "generation_config.json";

/**
 * The model in a directory that Hugging Face's libraries write: a checkpoint, or a PEFT adapter, whose base stands where
 * adapter_config.json says (seen from the adapter) or at `base`. Throws `AppError("bad-model")` for all that cannot be run as it is.
 */
export async function loadCheckpoint(
  path: string,
  options: { readonly base?: string } = {},
): Promise<Checkpoint> {
  if (!(await isDirectory(path))) {
    throw (await isFile(path))
      ? new AppError("bad-model", `${path}: a checkpoint is a directory; name ${dirname(path)}?`)
      : new AppError("not-found", `${path}: no such directory. Name the directory of a checkpoint.`);
  }
  if (await isFile(join(path, CONFIG_FILE))) return loadWhole(path);
  if (await isFile(join(path, ADAPTER_CONFIG_FILE))) return loadAdapted(path, options.base);
  throw new AppError(
    "bad-model",
    `${path}: not a checkpoint that is known here: neither ${CONFIG_FILE} nor ${ADAPTER_CONFIG_FILE} is in it`,
  );
}

async function loadWhole(path: string): Promise<Checkpoint> {
  const generation = join(path, GENERATION_FILE);
  const config = await naming(path, async () =>
    parseConfig(
      await readJson(join(path, CONFIG_FILE)),
      (await isFile(generation)) ? await readJson(generation) : {},
    ),
  );
  const tokenizer = await loadFittingTokenizer(path, config);
  return { config, tokenizer, weights: await readWeights(path, parameterShapes(config)) };
}

async function loadAdapted(path: string, given: string | undefined): Promise<Checkpoint> {
  const { base } = await naming(path, () => loadAdapterConfig(path));
  const basePath = given ?? resolve(path, base);
  if (!(await isFile(join(basePath, CONFIG_FILE)))) {
    throw new AppError(
      "bad-model",
      given === undefined
        ? `${path}: an adapter whose base ${JSON.stringify(base)} is not at ${basePath}; write the directory of the base, seen from the adapter, as base_model_name_or_path into its ${ADAPTER_CONFIG_FILE}`
        : `${path}: an adapter whose base is not at ${given}; name the directory of its base`,
    );
  }
  const whole = await loadWhole(basePath);
  const adapter = await naming(path, () => loadAdapter(path, whole.config));
  const tokenizer = (await isFile(join(path, TOKENIZER_FILE)))
    ? await loadFittingTokenizer(path, whole.config)
    : whole.tokenizer;
  return { ...whole, tokenizer, adapter };
}

async function loadFittingTokenizer(path: string, config: ModelConfig): Promise<ChatTokenizer> {
  const tokenizer = await naming(path, () => loadTokenizer(path));
  const size = vocabularySize(tokenizer.files);
  if (size <= config.vocabSize) return tokenizer;
  throw new AppError(
    "bad-model",
    `${path}: the tokenizer has ${size} tokens, the model's vocabulary ${config.vocabSize}`,
  );
}

/** Puts the directory in front of a message that names only the file. */
async function naming<Result>(path: string, call: () => Promise<Result>): Promise<Result> {
  try {
    return await call();
  } catch (error) {
    if (!(error instanceof AppError) || error.message.startsWith(path)) throw error;
    throw new AppError(error.code, `${path}: ${error.message}`, { cause: error });
  }
}
