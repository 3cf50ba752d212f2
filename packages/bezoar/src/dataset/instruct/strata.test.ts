import { expect, test } from "vitest";
import { createRandom, randomInt } from "../../core/random.ts";
import { findStrata } from "./strata.ts";

/** Rows of two sources: features 0-19 are the words of one, 20-39 those of the other. */
const random = createRandom(5);
const rows = Array.from({ length: 200 }, (_, i) => ({
  features: [...new Set(Array.from({ length: 12 }, () => randomInt(random, 20) + (i % 2) * 20))],
}));
const frequent = Array.from({ length: 40 }, (_, i) => i);

test("rows of two sources never share a stratum", () => {
  const strata = findStrata(rows, frequent, 1);
  const of = (source: number) =>
    new Set(rows.filter((_, i) => i % 2 === source).map((row) => strata.of(row.features)));
  expect([...of(0)].filter((stratum) => of(1).has(stratum))).toEqual([]);
});

test("the same seed gives the same strata", () => {
  const [one, two] = [findStrata(rows, frequent, 3), findStrata(rows, frequent, 3)];
  expect(rows.map((row) => one.of(row.features))).toEqual(rows.map((row) => two.of(row.features)));
});

test("no rows, or rows without a frequent word, are one stratum", () => {
  expect(findStrata([], [], 1).of([1, 2])).toBe(0);
  expect(findStrata([{ features: [1] }, { features: [2] }], [], 1).of([1])).toBe(0);
});
