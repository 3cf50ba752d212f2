import { createRandom } from "bezoar";
import fc from "fast-check";
import { expect, test } from "vitest";
import { chooser } from "./choose.ts";

const chosenOf = (wanted: number, available: number, seed: number): number[] => {
  const isChosen = chooser(wanted, available, createRandom(seed));
  return Array.from({ length: available }, (_, n) => n).filter(() => isChosen());
};

test("exactly as many are chosen as are wanted", () => {
  fc.assert(
    fc.property(fc.nat(200), fc.nat(200), fc.nat(), (a, b, seed) => {
      expect(chosenOf(Math.min(a, b), Math.max(a, b), seed)).toHaveLength(Math.min(a, b));
    }),
  );
});

test("each has the same chance", () => {
  const counts = Array.from({ length: 10 }, () => 0);
  for (let seed = 0; seed < 4000; seed++) {
    for (const n of chosenOf(3, 10, seed)) counts[n] = (counts[n] ?? 0) + 1;
  }
  // 4,000 draws of chance 0.3: a standard deviation of 29, and four of them on either side
  for (const count of counts) expect(Math.abs(count - 1200)).toBeLessThan(116);
});
