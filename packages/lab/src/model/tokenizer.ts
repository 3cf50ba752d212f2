import { join } from "node:path";
import { Tokenizer } from "@huggingface/tokenizers";
import { AppError } from "bezoar";
import { z } from "zod";
import { fromByteCharacters } from "./byte-level.ts";
import { createChatRenderer } from "./chat-template.ts";
import { isFile, readJson, readText } from "./model-files.ts";
import { checkTokenizer } from "./tokenizer-schema.ts";

/** One message of a chat. */
export type ChatMessage = { readonly role: string; readonly content: string };

/** A tokenizer with its chat template, and the files that it is written back as. */
export type ChatTokenizer = {
  /** Token ids of a text as it is: nothing is put before or after it. */
  readonly encode: (text: string) => number[];
  /** The text of tokens, special ones included. */
  readonly decode: (ids: readonly number[]) => string;
  /** The bytes that one token stands for; a special token's name in UTF-8. */
  readonly bytesOf: (id: number) => Uint8Array;
  readonly isSpecial: (id: number) => boolean;
  /** The text that the chat template makes; throws `AppError("bad-model")` when the template refuses the messages. */
  readonly renderChat: (messages: readonly ChatMessage[], addGenerationPrompt: boolean) => string;
  readonly files: TokenizerFiles;
};

/** The contents of the files that describe a tokenizer. */
export type TokenizerFiles = {
  /** tokenizer.json, parsed. */
  readonly tokenizer: object;
  /** tokenizer_config.json, parsed, without the chat template. */
  readonly config: object;
  readonly chatTemplate: string;
};

export const TOKENIZER_FILE = "tokenizer.json";
export const TOKENIZER_CONFIG_FILE = "tokenizer_config.json";
export const CHAT_TEMPLATE_FILE = "chat_template.jinja";

const SPECIAL_TOKENS = [
  "bos_token",
  "eos_token",
  "unk_token",
  "sep_token",
  "pad_token",
  "cls_token",
  "mask_token",
] as const;
const NO_BYTES = new Uint8Array();

const specialToken = z.union([
  z.string(),
  z.looseObject({ content: z.string() }).transform((t) => t.content),
]);
const configSchema = z.looseObject({
  ...Object.fromEntries(SPECIAL_TOKENS.map((name) => [name, specialToken.nullish()])),
  chat_template: z
    .union([z.string(), z.array(z.looseObject({ name: z.string(), template: z.string() }))])
    .nullish(),
});

/** The tokenizer in a checkpoint's directory; the template stands in chat_template.jinja or in tokenizer_config.json, as the reference library looks for it. */
export async function loadTokenizer(directory: string): Promise<ChatTokenizer> {
  const tokenizer = asObject(await readJson(join(directory, TOKENIZER_FILE)), TOKENIZER_FILE);
  const whole = asObject(await readJson(join(directory, TOKENIZER_CONFIG_FILE)), TOKENIZER_CONFIG_FILE);
  const { chat_template: inConfig } = parseTokenizerConfig(whole);
  const config = Object.fromEntries(Object.entries(whole).filter(([key]) => key !== "chat_template"));
  const path = join(directory, CHAT_TEMPLATE_FILE);
  const chatTemplate = (await isFile(path))
    ? await readText(path)
    : typeof inConfig === "string"
      ? inConfig
      : (inConfig?.find(({ name }) => name === "default")?.template ?? "");
  return createTokenizer({ tokenizer, config, chatTemplate });
}

/** A tokenizer from the contents of its files. */
export function createTokenizer(files: TokenizerFiles): ChatTokenizer {
  const { vocabulary, added } = checkTokenizer(files.tokenizer);
  const config = parseTokenizerConfig(files.config);
  const library = construct(files);
  const bytes = new Map<number, Uint8Array>();
  for (const [token, id] of vocabulary) bytes.set(id, fromByteCharacters(token) ?? Buffer.from(token));
  for (const { id, content } of added) bytes.set(id, Buffer.from(content));
  const special = new Set(added.filter((token) => token.special).map(({ id }) => id));
  const names = SPECIAL_TOKENS.flatMap((name) => {
    const value = specialToken.safeParse(config[name]);
    return value.success ? [[name, value.data]] : [];
  });
  return {
    encode: (text) => (text === "" ? [] : library.encode(text, { add_special_tokens: false }).ids),
    decode: (ids) => Buffer.concat(ids.map((id) => bytes.get(id) ?? NO_BYTES)).toString("utf8"),
    bytesOf: (id) => bytes.get(id) ?? NO_BYTES,
    isSpecial: (id) => special.has(id),
    renderChat: createChatRenderer(files.chatTemplate, Object.fromEntries(names)),
    files,
  };
}

/** The highest id and one: the rows that a model's embedding must have at least. */
export function vocabularySize({ tokenizer }: TokenizerFiles): number {
  const { vocabulary, added } = checkTokenizer(tokenizer);
  const ids = [...vocabulary.values(), ...added.map(({ id }) => id)];
  return ids.reduce((highest, id) => Math.max(highest, id), -1) + 1;
}

function construct({ tokenizer, config }: TokenizerFiles): Tokenizer {
  try {
    return new Tokenizer(tokenizer, config);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new AppError("bad-model", `${TOKENIZER_FILE}: ${reason.slice(0, 300)}`, { cause: error });
  }
}

function parseTokenizerConfig(json: object): z.output<typeof configSchema> {
  const parsed = configSchema.safeParse(json);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new AppError("bad-model", `${TOKENIZER_CONFIG_FILE}: ${issue?.path.join(".")}: ${issue?.message}`);
}

function asObject(json: unknown, file: string): object {
  if (typeof json === "object" && json !== null && !Array.isArray(json)) return json;
  throw new AppError("bad-model", `${file}: no object`);
}
