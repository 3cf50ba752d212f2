import fc from "fast-check";
import { expect, test } from "vitest";
import { lnBinomialUpperTail } from "../../core/statistics.ts";
import { lnBetaBinomialUpperTail, spreadOf } from "./test-names.ts";

const draws = fc.tuple(fc.integer({ min: 2, max: 60 }), fc.double({ min: 0.01, max: 0.39, noNaN: true }));

test("without spread the tail is the binomial one", () => {
  fc.assert(
    fc.property(draws, ([rows, mean]) => {
      const hits = Math.ceil(0.8 * rows);
      const tail = lnBetaBinomialUpperTail(hits, rows, mean, 1e-9);
      expect(tail).toBeCloseTo(lnBinomialUpperTail(hits, rows, mean), 1);
    }),
  );
});

test("spread makes the tail heavier", () => {
  fc.assert(
    fc.property(draws, ([rows, mean]) => {
      const hits = Math.ceil(0.8 * rows);
      const tail = (spread: number) => lnBetaBinomialUpperTail(hits, rows, mean, spread);
      expect(tail(0.3)).toBeGreaterThan(tail(0.05));
    }),
  );
});

test("the whole distribution adds up to one", () => {
  expect(lnBetaBinomialUpperTail(0, 40, 0.1, 0.2)).toBeCloseTo(0, 8);
});

const names = (shares: readonly number[]) =>
  shares.map((share) => ({ rows: 20, hits: 20 * share, expected: 10 }));

test("names that are each all one way are as far apart as can be, like names as close as is believed", () => {
  expect(spreadOf(names([0, 1, 0, 1, 0, 1, 0, 1]))).toBeGreaterThan(0.9);
  expect(spreadOf(names([0.5, 0.5, 0.55, 0.45, 0.5, 0.5, 0.5, 0.5]))).toBe(0.05);
});
