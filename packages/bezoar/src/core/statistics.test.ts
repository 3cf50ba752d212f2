import fc from "fast-check";
import { expect, test } from "vitest";
import {
  g2,
  lnBinomialLowerTail,
  lnBinomialUpperTail,
  lnChoose,
  lnGamma,
  lnPoissonBinomialLowerTail,
  median,
  wilson,
} from "./statistics.ts";

test("lnGamma is the logarithm of the factorial", () => {
  expect(lnGamma(1)).toBeCloseTo(0, 12);
  expect(lnGamma(11)).toBeCloseTo(Math.log(3_628_800), 10);
  expect(lnGamma(0.5)).toBeCloseTo(Math.log(Math.sqrt(Math.PI)), 10);
});

test("lnChoose counts subsets", () => {
  expect(Math.exp(lnChoose(10, 3))).toBeCloseTo(120, 8);
  expect(lnChoose(3, 5)).toBe(-Infinity);
});

test("binomial tails match values known from tables", () => {
  expect(Math.exp(lnBinomialUpperTail(8, 10, 0.5))).toBeCloseTo(0.0546875, 10);
  expect(Math.exp(lnBinomialLowerTail(2, 10, 0.5))).toBeCloseTo(0.0546875, 10);
});

test("a tail far beyond double precision stays finite", () => {
  const tail = lnBinomialUpperTail(500, 500, 1e-3);
  expect(tail).toBeCloseTo(500 * Math.log(1e-3), 6);
});

test("upper and lower tails cover everything", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 200 }),
      fc.double({ min: 0.01, max: 0.99, noNaN: true }),
      fc.nat(200),
      (n, p, k) => {
        const upper = Math.exp(lnBinomialUpperTail(Math.min(k, n), n, p));
        const lower = k === 0 ? 0 : Math.exp(lnBinomialLowerTail(Math.min(k, n) - 1, n, p));
        expect(upper + lower).toBeCloseTo(1, 8);
      },
    ),
  );
});

test("the Poisson binomial with equal probabilities is the binomial", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 60 }),
      fc.double({ min: 0.05, max: 0.95, noNaN: true }),
      fc.nat(60),
      (n, p, k) => {
        const equal = Array.from({ length: n }, () => p);
        expect(lnPoissonBinomialLowerTail(k, equal)).toBeCloseTo(lnBinomialLowerTail(k, n, p), 6);
      },
    ),
  );
});

test("a Poisson binomial of many trials is bounded from above, and closely in logarithms", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 700, max: 1500 }),
      fc.double({ min: 0.3, max: 0.95, noNaN: true }),
      (n, p) => {
        const equal = Array.from({ length: n }, () => p);
        const k = Math.floor(n * Math.max(0.35, p / 2)); // n k lies beyond what is summed exactly
        const exact = lnBinomialLowerTail(k, n, p);
        const bound = lnPoissonBinomialLowerTail(k, equal);
        expect(bound).toBeGreaterThanOrEqual(exact - 1e-9);
        expect(bound).toBeLessThanOrEqual(exact + 6);
      },
    ),
    { numRuns: 40 },
  );
});

test("the Wilson interval holds the share and stays within 0 and 1", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 5000 }), fc.nat(5000), (n, k) => {
      const { value, low, high } = wilson(Math.min(k, n), n);
      expect(low).toBeLessThanOrEqual(value + 1e-12);
      expect(high).toBeGreaterThanOrEqual(value - 1e-12);
      expect(low).toBeGreaterThanOrEqual(0);
      expect(high).toBeLessThanOrEqual(1);
    }),
  );
  expect(wilson(0, 0)).toEqual({ value: 0, low: 0, high: 1 });
});

test("G2 is zero without association and grows with it", () => {
  expect(g2(10, 100, 100, 1000)).toBe(0);
  expect(g2(50, 50, 50, 1000)).toBeGreaterThan(g2(25, 50, 50, 1000));
});

test("the median of an even count is the middle of two", () => {
  expect(median([4, 1, 3, 2])).toBe(2.5);
  expect(median([])).toBeNaN();
});
