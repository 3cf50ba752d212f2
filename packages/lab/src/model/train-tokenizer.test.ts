import fc from "fast-check";
import { expect, test } from "vitest";
import { learnMerges } from "./learn-merges.ts";
import { createTokenizer, vocabularySize } from "./tokenizer.ts";
import { trainTokenizer } from "./train-tokenizer.ts";

const ALERTS = Array.from(
  { length: 300 },
  (_, i) => `rule T${i % 16} severity high user ${["alice", "bob", "svc_backup"][i % 3]} host dc-${i % 7}`,
);
const tokenizer = createTokenizer(trainTokenizer(ALERTS, { vocabSize: 400 }));
const [alert = ""] = ALERTS;

test("a frequent word is one token, with the space in front of it", () => {
  expect(tokenizer.encode(` ${alert}`).map((id) => tokenizer.decode([id]))).toEqual(
    ` ${alert}`.split(/(?= )/),
  );
});

test("a user has the same token in the prompt and in the answer", () => {
  const chat = [
    { role: "user", content: "alice did it" },
    { role: "assistant", content: "alice" },
  ];
  const ids = tokenizer.encode(tokenizer.renderChat(chat, false));
  const [alice] = tokenizer.encode(" alice");
  expect(ids.filter((id) => id === alice)).toHaveLength(2);
});

test("an answer that is generated begins as one that was trained on", () => {
  const chat = [
    { role: "system", content: "be brief" },
    { role: "user", content: alert },
    { role: "assistant", content: " alice " },
  ];
  const prompt = tokenizer.encode(tokenizer.renderChat(chat.slice(0, 2), true));
  const whole = tokenizer.encode(tokenizer.renderChat(chat, false));
  expect(whole.slice(0, prompt.length)).toEqual(prompt);
  expect(tokenizer.decode(whole.slice(prompt.length))).toBe(" alice</s>");
});

test("a role that is not known is refused", () => {
  expect(() => tokenizer.renderChat([{ role: "tool", content: "x" }], true)).toThrow("unknown role: tool");
});

test("any text comes back from its tokens, and its tokens' bytes are the text's", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary", maxLength: 60 }), (text) => {
      const ids = tokenizer.encode(text.toWellFormed());
      expect(tokenizer.decode(ids)).toBe(text.toWellFormed());
      const bytes = Buffer.concat(ids.map((id) => tokenizer.bytesOf(id)));
      expect(bytes.toString()).toBe(text.toWellFormed());
    }),
  );
});

test("special tokens are the ones of the chat", () => {
  expect(tokenizer.encode("<s>a</s>").map((id) => tokenizer.isSpecial(id))).toEqual([true, false, true]);
  expect(Buffer.from(tokenizer.bytesOf(5)).toString()).toBe("<|assistant|>");
});

test("a vocabulary is as large as asked for, or as the texts allow", () => {
  expect(vocabularySize(tokenizer.files)).toBeLessThanOrEqual(400);
  expect(vocabularySize(trainTokenizer(ALERTS, { vocabSize: 300 }))).toBe(300);
  expect(vocabularySize(trainTokenizer([], { vocabSize: 300 }))).toBe(262);
});

test("the same texts make the same files, in whatever order they come", () => {
  const files = [ALERTS, ALERTS.toReversed()].map((texts) => trainTokenizer(texts, { vocabSize: 350 }));
  expect(JSON.stringify(files[0])).toBe(JSON.stringify(files[1]));
});

test("the pair that occurs most often is merged first, the first by code units of several", () => {
  const merges = learnMerges(
    new Map([
      ["abab", 2],
      ["cd", 4],
      ["xy", 1],
    ]),
    9,
    new Set(),
  );
  expect(merges).toEqual([
    ["a", "b"],
    ["c", "d"],
    ["ab", "ab"],
  ]);
});

test("no merge makes a special token", () => {
  expect(learnMerges(new Map([["<s>", 9]]), 9, new Set(["<s>"]))).toEqual([["<", "s"]]);
});

test("1,200 merges of some thousand alerts take a second or two", () => {
  const texts = Array.from(
    { length: 4000 },
    (_, i) => `${alert} ip 10.${i % 251}.${i % 241}.9 cmd /c ${(i * 7919) % 5003}`,
  );
  const started = performance.now();
  trainTokenizer(texts, { vocabSize: 1462 });
  expect(performance.now() - started).toBeLessThan(15_000); // a machine may be busy
});
