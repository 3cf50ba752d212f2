import fc from "fast-check";
import { expect, test } from "vitest";
import { tokenIds } from "../../core/tokens.ts";
import { gramHash, indexGrams } from "./grams.ts";
import { invert } from "./postings.ts";
import type { ViewTokens } from "./view-tokens.ts";

const EDGES = [1, 2] as const;

function tokensOf(texts: readonly string[]): ViewTokens {
  const rows = texts.map((text) => [EDGES[0], ...tokenIds(text, 0), EDGES[1]]);
  const offsets = new Uint32Array(rows.length + 1);
  rows.forEach((row, i) => (offsets[i + 1] = (offsets[i] ?? 0) + row.length));
  return { count: rows.length, offsets, ids: Uint32Array.from(rows.flat()), edges: EDGES };
}

test("words and pairs of two rows and triples of five are kept, once for each row", () => {
  const grams = indexGrams(tokensOf(["a b a b", "a b", "a c"]), 1);
  const [a = 0, b = 0, c = 0] = tokenIds("a b c", 0);
  const frequencyOf = (...ids: number[]) =>
    grams.frequency[grams.hashes.indexOf(gramHash(ids, 0, ids.length))];
  expect(frequencyOf(a)).toBe(3);
  expect(frequencyOf(a, b)).toBe(2);
  expect(frequencyOf(EDGES[0], a)).toBe(3);
  expect(frequencyOf(c)).toBeUndefined();
  expect(frequencyOf(EDGES[0], a, b)).toBeUndefined();
});

test("the rows of each gram and the grams of each row say the same", () => {
  const texts = fc.array(fc.array(fc.constantFrom("x", "y", "z", "w"), { maxLength: 8 }), { maxLength: 30 });
  fc.assert(
    fc.property(texts, (some) => {
      const { rows, frequency } = indexGrams(tokensOf(some.map((words) => words.join(" "))), 1);
      const postings = invert(rows, frequency, () => true);
      for (let gram = 0; gram < rows.dimension; gram++) {
        const entries = postings.rows.subarray(postings.offsets[gram], postings.offsets[gram + 1]);
        expect(entries.length).toBe(frequency[gram]);
        for (const entry of entries) {
          expect(rows.features.subarray(rows.offsets[entry], rows.offsets[entry + 1])).toContain(gram);
        }
      }
    }),
    { numRuns: 50 },
  );
});
