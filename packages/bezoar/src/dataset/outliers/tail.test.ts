import fc from "fast-check";
import { expect, test } from "vitest";
import { createRandom } from "../../core/random.ts";
import { fitTail } from "./tail.ts";

/** Generalised Pareto numbers of the shape. */
function pareto(count: number, shape: number, seed: number): Float64Array {
  const random = createRandom(seed);
  return Float64Array.from({ length: count }, () => {
    const lnP = Math.log(1 - random());
    return shape === 0 ? -lnP : Math.expm1(-shape * lnP) / shape;
  });
}

test.each([0, 0.3, 0.8])("the tail of a known law of shape %d is not called lighter than it is", (shape) => {
  for (let seed = 1; seed <= 10; seed++) {
    const tail = fitTail(pareto(4000, shape, seed));
    const extreme = shape === 0 ? 20 : Math.expm1(20 * shape) / shape; // beyond it lies e^-20
    expect(tail?.lnUpperTail(extreme)).toBeGreaterThan(-24);
  }
});

test("outliers, up to nearly a hundredth of the values, are still found against the tail that they help to fit", () => {
  const values = pareto(4000, 0, 3);
  const spoilt = values.map((value, i) => (i % 125 === 0 ? 60 + i : value));
  const needed = Math.log((0.05 * 32) / 4000); // by Benjamini and Hochberg, for all 32
  expect(fitTail(spoilt)?.lnUpperTail(60)).toBeLessThan(needed);
  expect(fitTail(values)?.lnUpperTail(60)).toBeLessThan(-20);
});

test("quantile and tail are each other's inverse", () => {
  const tail = fitTail(pareto(2000, 0.2, 1));
  for (const share of [0.05, 0.01, 1e-4, 1e-8]) {
    expect(tail?.lnUpperTail(tail.quantile(share))).toBeCloseTo(Math.log(share), 6);
  }
});

test("too few values, and equal ones, have no tail", () => {
  expect(fitTail(pareto(100, 0, 1))).toBeUndefined();
  expect(fitTail(new Float64Array(5000).fill(1))).toBeUndefined();
});

test("any finite values give a falling tail or none", () => {
  const numbers = fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true }), {
    minLength: 500,
    maxLength: 600,
  });
  fc.assert(
    fc.property(numbers, (values) => {
      const tail = fitTail(Float64Array.from(values));
      const at = [0, 1e3, 1e6, 1e7].map((value) => tail?.lnUpperTail(value) ?? 0);
      expect(at.every((ln) => ln <= 0)).toBe(true);
      expect(at).toEqual(at.toSorted((a, b) => b - a));
    }),
    { numRuns: 30 },
  );
});
