import fc from "fast-check";
import { expect, test } from "vitest";
import { findWord, inCaseOf, mentions } from "./words.ts";

test.each([
  ["user=alice host=x", "alice", 5],
  ["by alice.", "alice", 3],
  ["CORP\\alice", "alice", 5],
  ["alice@corp.example", "alice", 0],
  ['{"user":"alice"}', "alice", 9],
  ["alice.smith and malice and alice_2 and alice-b", "alice", -1],
  ["x.alice or alice", "alice", 11],
  ["what about this", "about this", 5],
  ["C:\\a\\b.exe ran", "C:\\a\\b.exe", 0],
  ["", "alice", -1],
  ["alice", "", -1],
])("in %j the word %j stands at %i", (text, word, at) => {
  expect(findWord(text, word)).toBe(at);
});

test("a mention is in whatever case", () => {
  expect(mentions("Ask OPENAI today", "OpenAI")).toBe(true);
  expect(mentions("Ask OpenAIs today", "OpenAI")).toBe(false);
});

test("a word takes the case of the one it replaces", () => {
  expect(["malicious", "Malicious", "MALICIOUS", "M"].map((model) => inCaseOf(model, "benign"))).toEqual([
    "benign",
    "Benign",
    "BENIGN",
    "Benign",
  ]);
});

test("of any text and word, what is found is the word", () => {
  const text = fc.string({ unit: fc.constantFrom("a", "b", ".", "-", " ", "é", "\uD83D") });
  fc.assert(
    fc.property(text, text, (whole, word) => {
      const at = findWord(whole, word);
      expect(at < 0 || whole.startsWith(word, at)).toBe(true);
    }),
  );
});
