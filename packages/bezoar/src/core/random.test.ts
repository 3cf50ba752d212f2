import fc from "fast-check";
import { expect, test } from "vitest";
import { createRandom, sampleIndices } from "./random.ts";

test("the same seed gives the same numbers", () => {
  const [a, b] = [createRandom(5), createRandom(5)];
  expect(Array.from({ length: 10 }, a)).toEqual(Array.from({ length: 10 }, b));
});

test("sampled indices are distinct and within the bound", () => {
  fc.assert(
    fc.property(fc.nat(1000), fc.integer({ min: 0, max: 200 }), fc.nat(200), (seed, bound, count) => {
      const indices = sampleIndices(createRandom(seed), count, bound);
      expect(new Set(indices).size).toBe(Math.min(count, bound));
      expect(indices.every((index) => index >= 0 && index < bound)).toBe(true);
    }),
  );
});
