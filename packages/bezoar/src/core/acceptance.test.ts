import fc from "fast-check";
import { expect, test } from "vitest";
import { largestDefectRate, sampleSizeFor } from "./acceptance.ts";
import { createRandom, sampleIndices } from "./random.ts";

test("299 clean rows of very many leave 1 % possible, as acceptance sampling knows", () => {
  expect(sampleSizeFor(0.01, 10_000_000)).toBe(299);
  expect(largestDefectRate(0, 299, 10_000_000)).toBeCloseTo(0.01, 4);
  expect(largestDefectRate(0, 59, 10_000_000)).toBeCloseTo(0.05, 2);
});

test("a sample of all rows leaves nothing open, one of none everything", () => {
  expect(largestDefectRate(0, 80, 80)).toBe(0);
  expect(largestDefectRate(3, 80, 80)).toBe(3 / 80);
  expect(largestDefectRate(0, 0, 80)).toBe(1);
});

test("a small set takes fewer rows than a large one", () => {
  expect(sampleSizeFor(0.01, 500)).toBeLessThan(299);
  expect(largestDefectRate(0, sampleSizeFor(0.01, 500), 500)).toBeLessThanOrEqual(0.01);
});

test("the bound grows with what was found, shrinks with what was looked at, and holds what was found", () => {
  const cases = fc
    .record({
      rows: fc.integer({ min: 2, max: 3000 }),
      a: fc.double({ min: 0, max: 1, noNaN: true }),
      b: fc.double({ min: 0, max: 1, noNaN: true }),
    })
    .map(({ rows, a, b }) => ({ rows, size: 1 + Math.floor(a * (rows - 1)), share: b }));
  fc.assert(
    fc.property(cases, ({ rows, size, share }) => {
      const found = Math.floor(share * size);
      const bound = largestDefectRate(found, size, rows);
      expect(bound).toBeGreaterThanOrEqual(found / rows);
      expect(bound).toBeLessThanOrEqual(1);
      expect(largestDefectRate(Math.max(0, found - 1), size, rows)).toBeLessThanOrEqual(bound);
      expect(largestDefectRate(found, Math.max(found, size - 1), rows)).toBeGreaterThanOrEqual(bound);
    }),
    { numRuns: 200 },
  );
});

test("the true rate is within the bound in at least 95 % of samples", () => {
  const random = createRandom(5);
  const [rows, defects, size, trials] = [2000, 60, 150, 1000];
  let held = 0;
  for (let trial = 0; trial < trials; trial++) {
    const found = sampleIndices(random, size, rows).filter((row) => row < defects).length;
    if (largestDefectRate(found, size, rows) >= defects / rows) held++;
  }
  expect(held).toBeGreaterThanOrEqual(940);
});
