import fc from "fast-check";
import { expect, test } from "vitest";
import { createTokenizer, type TokenizerFiles } from "./tokenizer.ts";
import { trainTokenizer } from "./train-tokenizer.ts";

const FILES = trainTokenizer(["user alice", "user alice"], { vocabSize: 270 });

/** The files with another value at a dotted path of tokenizer.json. */
function withValue(path: string, value: unknown): TokenizerFiles {
  const tokenizer: object = structuredClone(FILES.tokenizer);
  const keys = path.split(".");
  const last = keys.pop() ?? "";
  const parent = keys.reduce<object>((at, key) => Reflect.get(at, key), tokenizer);
  Reflect.set(parent, last, value);
  return { ...FILES, tokenizer };
}

test.each<[what: string, path: string, value: unknown, message: string]>([
  ["another model", "model.type", "Unigram", "model: type"],
  ["another decoder", "decoder", { type: "Metaspace" }, "decoder: type"],
  ["a normalizer that replaces text", "normalizer", { type: "Replace", content: "x" }, "normalizer: type"],
  [
    "a pattern of the file's",
    "pre_tokenizer.pretokenizers.0.pattern.Regex",
    "(a+)+$",
    "tokenizer.json: pre_tokenizer",
  ],
  ["chance", "model.dropout", 0.1, "model: dropout"],
  ["a byte without a token", "model.vocab", { "<pad>": 0 }, "the byte 0 has no token"],
  ["two tokens of one id", "model.vocab.a", 3, "two tokens have the id 3"],
  ["ids that exhaust memory", "model.vocab.a", 1e9, 'token "a" has no valid id'],
  [
    "an added token in another's place",
    "added_tokens.0.id",
    200,
    'the added token "<pad>" and the vocabulary disagree',
  ],
  ["a merge into no token", "model.merges", [["a", "z"]], 'the merge "a z" is not of the vocabulary'],
  ["a merge of three", "model.merges", ["u s e"], 'the merge "u s e"'],
  ["no added tokens", "added_tokens", undefined, "added_tokens"],
])("%s is refused by name", (_, path, value, message) => {
  expect(() => createTokenizer(withValue(path, value))).toThrow(message);
});

test("merges may be written as pairs or as text", () => {
  const merges: readonly (readonly string[])[] = Reflect.get(Reflect.get(FILES.tokenizer, "model"), "merges");
  const asText = withValue(
    "model.merges",
    merges.map((pair) => pair.join(" ")),
  );
  expect(merges).not.toEqual([]);
  expect(createTokenizer(asText).encode(" user alice")).toEqual(createTokenizer(FILES).encode(" user alice"));
});

test("a special token may be an object, and an id without a token is no text", () => {
  const config = { bos_token: { content: "<s>" }, eos_token: null };
  const { renderChat, decode, bytesOf } = createTokenizer({
    ...FILES,
    config,
    chatTemplate: "{{ bos_token }}",
  });
  expect(renderChat([], false)).toBe("<s>");
  expect(decode([9999])).toBe("");
  expect(bytesOf(9999)).toHaveLength(0);
});

test("no text has no tokens, and a byte-order mark has some", () => {
  const { encode, decode } = createTokenizer(FILES);
  expect(encode("")).toEqual([]);
  expect(decode(encode("\u{feff}a"))).toBe("\u{feff}a");
});

test("any value anywhere in tokenizer.json ends in a tokenizer that works or in an error of the model", () => {
  const path = fc.constantFrom(
    "added_tokens",
    "added_tokens.1.content",
    "added_tokens.1.id",
    "normalizer",
    "pre_tokenizer",
    "pre_tokenizer.pretokenizers.1",
    "post_processor",
    "decoder",
    "model.vocab",
    "model.merges",
    "model.merges.0",
    "model.unk_token",
    "model.ignore_merges",
    "truncation",
  );
  fc.assert(
    fc.property(path, fc.jsonValue(), (at, value) => {
      expect(outcomeOf(withValue(at, value))).toMatch(/^(works|bad-model)$/);
    }),
  );
});

function outcomeOf(files: TokenizerFiles): string {
  try {
    const { encode, decode } = createTokenizer(files);
    return decode(encode("user alice ☃")) === "user alice ☃" ? "works" : "does not give the text back";
  } catch (error) {
    return error instanceof Error && "code" in error ? String(error.code) : String(error);
  }
}
