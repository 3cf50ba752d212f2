import fc from "fast-check";
import { expect, test } from "vitest";
import { lnBinomialUpperTail } from "../../core/statistics.ts";
import { lnBetaBinomialUpperTail, spreadOf } from "./test-names.ts";

test("without spread the tail is the binomial one, and spread makes it heavier", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 60 }),
      fc.double({ min: 0.01, max: 0.5, noNaN: true }),
      (rows, mean) => {
        const hits = Math.ceil(0.8 * rows);
        expect(lnBetaBinomialUpperTail(hits, rows, mean, 1e-9)).toBeCloseTo(
          lnBinomialUpperTail(hits, rows, mean),
          1,
        );
        if (rows > 1 && hits > 2 * mean * rows) {
          expect(lnBetaBinomialUpperTail(hits, rows, mean, 0.3)).toBeGreaterThan(
            lnBetaBinomialUpperTail(hits, rows, mean, 0.05),
          );
        }
      },
    ),
  );
});

test("the whole distribution adds up to one", () => {
  expect(lnBetaBinomialUpperTail(0, 40, 0.1, 0.2)).toBeCloseTo(0, 8);
});

test("names that are each all one way are as far apart as can be, like names as close as is believed", () => {
  const names = (shares: readonly number[]) =>
    shares.map((share) => ({ rows: 20, hits: 20 * share, expected: 10 }));
  expect(spreadOf(names([0, 1, 0, 1, 0, 1, 0, 1]))).toBeGreaterThan(0.9);
  expect(spreadOf(names([0.5, 0.5, 0.55, 0.45, 0.5, 0.5, 0.5, 0.5]))).toBe(0.05);
});
