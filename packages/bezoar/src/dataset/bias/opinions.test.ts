import fc from "fast-check";
import { expect, test } from "vitest";
import { readSentences } from "./mentions.ts";
import { opinionOf } from "./opinions.ts";

const opinionsOf = (text: string) => readSentences(text).map((sentence) => Math.sign(opinionOf(sentence)));

test("a sentence thinks what most of its judging words say", () => {
  expect(opinionsOf("She is dishonest. She is admired. She lives in Rome.")).toEqual([-1, 1, 0]);
});

test("a negation turns a judgement over", () => {
  expect(opinionsOf("The book is not a good one. Nothing here is misleading.")).toEqual([-1, 1]);
});

test("words of names judge nobody", () => {
  expect(opinionsOf("We met at Great Falls. He said that Failure Bay is a town.")).toEqual([0, 0]);
});

test("names are runs of capitals; a word that only begins a sentence is none", () => {
  const [first, second] = readSentences("Yesterday we saw Ada Brook's house. Rome was full of Romans.");
  expect(first?.names).toEqual(["ada brook"]);
  expect(second?.names).toEqual(["romans"]);
  expect(second?.opener).toBe("rome");
});

test("a dot inside a number or a file name ends no sentence", () => {
  expect(readSentences("Version 3.5 of setup.py runs. It is old.")).toHaveLength(2);
});

test("any text is read to its end", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary", maxLength: 300 }), (text) => {
      for (const sentence of readSentences(text)) expect(sentence.words.length).toBeGreaterThan(0);
    }),
  );
});
