import fc from "fast-check";
import { expect, test } from "vitest";
import { createWords, ordinaryNovelty, readWords } from "./word-pairs.ts";

function wordsOf(text: string): string[] {
  const words = createWords();
  readWords(text, 1, words);
  return Array.from({ length: words.count }, (_, w) => text.slice(words.starts[w], words.ends[w]));
}

test("reads what stands between white space, without numbers and bare punctuation", () => {
  expect(wordsOf("One, (two)  — three\n4 f5 | six.")).toEqual(["One,", "(two)", "three", "six."]);
});

test("tells words apart without their case and outer punctuation", () => {
  const words = createWords();
  readWords("Word word, (WORD) words", 1, words);
  const [first, ...rest] = words.hashes.subarray(0, words.count);
  expect(rest.map((hash) => hash === first)).toEqual([true, true, false]);
});

test("keeps words in order and apart, whatever the text", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), (text) => {
      const words = createWords();
      readWords(text, 1, words);
      let end = 0;
      for (let w = 0; w < words.count; w++) {
        expect(words.starts[w]).toBeGreaterThanOrEqual(end);
        end = words.ends[w] ?? 0;
        expect(end).toBeGreaterThan(words.starts[w] ?? 0);
      }
    }),
    { numRuns: 50 },
  );
});

test("takes the row at three quarters for ordinary, and no text for nothing but novelty", () => {
  const novelty = new Uint32Array(101);
  novelty[20] = 80;
  novelty[100] = 20;
  expect(ordinaryNovelty(novelty)).toBe(0.2);
  expect(ordinaryNovelty(new Uint32Array(101))).toBe(1);
});
