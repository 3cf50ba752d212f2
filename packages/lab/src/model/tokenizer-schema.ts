import { AppError } from "bezoar";
import { z } from "zod";
import { BYTE_CHARACTERS } from "./byte-level.ts";

/** How the lab's own tokenizers cut a text: white space in front belongs to the word behind it, the last space only. */
export const WORD_PATTERN = " ?[^ \\t\\r\\n]+|[ \\t\\r\\n]+(?![^ \\t\\r\\n])|[ \\t\\r\\n]+";

const letters = (digits: string): string =>
  `(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|${digits}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+`;

/** Patterns that are run: the lab's, Qwen 2 and 3's, Llama 3's. One from a file could take for ever (CWE-1333), so others are refused. */
const KNOWN_PATTERNS: readonly string[] = [WORD_PATTERN, letters("\\p{N}"), letters("\\p{N}{1,3}")];

/** No published vocabulary is larger. */
const MAX_TOKENS = 2 ** 20;
const MAX_MERGES = 2 ** 21;
const MAX_ADDED_TOKENS = 2 ** 16;

const byteLevel = z.looseObject({ type: z.literal("ByteLevel") });
const preTokenizer = z.discriminatedUnion("type", [
  byteLevel,
  z.looseObject({ type: z.literal("Digits") }),
  z.looseObject({
    type: z.literal("Split"),
    pattern: z.strictObject({ Regex: z.enum(KNOWN_PATTERNS) }),
    behavior: z.literal("Isolated"),
    invert: z.literal(false),
  }),
]);
const id = z
  .int()
  .nonnegative()
  .max(MAX_TOKENS - 1);

const tokenizerSchema = z.looseObject({
  added_tokens: z
    .array(z.looseObject({ id, content: z.string().min(1).max(1000), special: z.boolean() }))
    .max(MAX_ADDED_TOKENS),
  normalizer: z.looseObject({ type: z.literal("NFC") }).nullable(),
  pre_tokenizer: z.union([
    preTokenizer,
    z.looseObject({ type: z.literal("Sequence"), pretokenizers: z.array(preTokenizer).max(8) }),
  ]),
  post_processor: z.unknown(),
  decoder: byteLevel,
  model: z.looseObject({
    type: z.literal("BPE"),
    dropout: z.literal([0, null]).optional(),
    byte_fallback: z.literal(false).optional(),
    continuing_subword_prefix: z.literal(["", null]).optional(),
    end_of_word_suffix: z.literal(["", null]).optional(),
    vocab: z.unknown(),
    merges: z.array(z.union([z.string(), z.tuple([z.string(), z.string()])])).max(MAX_MERGES),
  }),
});

type AddedToken = { readonly id: number; readonly content: string; readonly special: boolean };

/** What the lab itself reads of a tokenizer.json. */
export type TokenizerParts = {
  readonly vocabulary: ReadonlyMap<string, number>;
  readonly added: readonly AddedToken[];
};

/** Checks a parsed tokenizer.json: a byte-level BPE is what the lab runs, all else is an `AppError("bad-model")` that says where. */
export function checkTokenizer(json: unknown): TokenizerParts {
  const parsed = tokenizerSchema.safeParse(json);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    const at = issue?.path.map((key) => `${String(key)}: `).join("") ?? "";
    throw refusal(`${at}${issue?.message ?? ""} (only byte-level BPE is supported)`);
  }
  const { added_tokens: added, model } = parsed.data;
  if (typeof model.vocab !== "object" || model.vocab === null) throw refusal("model: vocab is no object");
  const vocabulary = new Map<string, number>();
  const seen = new Set<number>();
  for (const [token, value] of Object.entries(model.vocab)) {
    const number = id.safeParse(value);
    if (!number.success) throw refusal(`token ${JSON.stringify(token.slice(0, 80))} has no valid id`);
    if (seen.has(number.data)) throw refusal(`two tokens have the id ${number.data}`);
    seen.add(number.data);
    vocabulary.set(token, number.data);
  }
  const missing = BYTE_CHARACTERS.findIndex((character) => !vocabulary.has(character));
  if (missing !== -1) throw refusal(`the byte ${missing} has no token`);
  for (const merge of model.merges) {
    const parts = typeof merge === "string" ? merge.split(" ") : merge;
    if (parts.length === 2 && [...parts, parts.join("")].every((part) => vocabulary.has(part))) continue;
    throw refusal(`the merge ${JSON.stringify(parts.join(" ").slice(0, 80))} is not of the vocabulary`);
  }
  for (const token of added) {
    const same = vocabulary.get(token.content);
    if (same === token.id) continue;
    if (same !== undefined || seen.has(token.id)) {
      throw refusal(`the added token ${JSON.stringify(token.content)} and the vocabulary disagree`);
    }
    seen.add(token.id);
  }
  return { vocabulary, added };
}

function refusal(reason: string): AppError {
  return new AppError("bad-model", `tokenizer.json: ${reason}`);
}
