import fc from "fast-check";
import { expect, test } from "vitest";
import { noiseFor, privacySpent, stepDivergence } from "./rdp.ts";

const MNIST = { samplingRate: 256 / 60_000, delta: 1e-5 };
const stepsOf = (epochs: number) => epochs * Math.floor(60_000 / 256);

/** The first conversion of Rényi divergences (Mironov, arXiv 1702.07476, Proposition 3), at the orders of TensorFlow Privacy. */
function firstConversion(run: Parameters<typeof privacySpent>[0]): number {
  const orders = [
    ...Array.from({ length: 99 }, (_, i) => (11 + i) / 10),
    ...Array.from({ length: 52 }, (_, i) => 12 + i),
  ];
  return Math.min(
    ...orders.map((order) => run.steps * stepDivergence(order, run) - Math.log(run.delta) / (order - 1)),
  );
}

test("the divergence without sampling is that of the Gaussian mechanism", () => {
  expect(stepDivergence(7.5, { noiseMultiplier: 2, samplingRate: 1 })).toBeCloseTo(7.5 / 8, 14);
});

test("the divergence with sampling has its closed form at order 2: log(1 + q^2 (exp(1 / noise^2) - 1))", () => {
  const closed = Math.log1p(0.1 ** 2 * Math.expm1(1 / 0.8 ** 2));
  expect(stepDivergence(2, { noiseMultiplier: 0.8, samplingRate: 0.1 })).toBeCloseTo(closed, 12);
});

test("the divergence agrees with published values, at whole orders and between them", () => {
  // dp_accounting, test_compute_rdp_poisson_sampled_gaussian (noise 2.5, q 0.01, 50 steps), before that library began to
  // bound orders between whole ones from above; a sum of 50 digits agrees.
  const expected = [
    [1.5, 6.5007e-4],
    [2.5, 1.0854e-3],
    [5, 2.1808e-3],
    [50, 2.3846e-2],
    [100, 1.6742e2],
  ] as const;
  const step = { noiseMultiplier: 2.5, samplingRate: 0.01 };
  for (const [order, divergence] of expected) {
    expect((50 * stepDivergence(order, step)) / divergence).toBeCloseTo(1, 4);
  }
});

test("orders between whole ones, which are integrated, meet the closed form of the whole ones", () => {
  const run = fc.record({
    noiseMultiplier: fc.double({ min: 0.1, max: 20, noNaN: true }),
    samplingRate: fc.double({ min: 1e-4, max: 0.99, noNaN: true }),
  });
  fc.assert(
    fc.property(run, fc.integer({ min: 2, max: 20 }), (step, order) => {
      const whole = stepDivergence(order, step);
      expect(Math.abs(stepDivergence(order + 1e-9, step) - whole)).toBeLessThan(1e-11 + 1e-7 * whole);
    }),
    { numRuns: 50 },
  );
});

// tensorflow/privacy, tutorials/README.md (noise 1.2, 0.6 and 1.12); Bu, Dong, Long and Su, "Deep Learning with Gaussian
// Differential Privacy", Harvard Data Science Review 2.3, Figure 4 (noise 1.3 and 0.7).
test.each([
  [1.2, 10, 1.2],
  [1.12, 60, 2.92],
  [0.6, 30, 9.74],
  [1.3, 20, 1.34],
  [0.7, 70, 8.68],
])(
  "noise %f for %i epochs of MNIST gives the published epsilon %f, and less by the newer conversion",
  (noiseMultiplier, epochs, published) => {
    const run = { ...MNIST, noiseMultiplier, steps: stepsOf(epochs) };
    expect(Math.abs(firstConversion(run) - published)).toBeLessThan(0.015);
    expect(privacySpent(run).epsilon).toBeLessThan(published);
    expect(privacySpent(run).epsilon).toBeGreaterThan(0.75 * published);
  },
);

test("noise that makes one Gaussian release exactly (1, 1e-6)-private by the conversion is given epsilon 1", () => {
  // test_compute_epsilon_delta_gaussian of Google's dp_accounting library.
  const { epsilon } = privacySpent({ noiseMultiplier: 4.530877117, samplingRate: 1, steps: 1, delta: 1e-6 });
  expect(epsilon).toBeCloseTo(1, 2);
  expect(epsilon).toBeGreaterThan(1 - 1e-6);
});

test("epsilon is never below what the Gaussian mechanism truly spends", () => {
  // Balle and Wang, arXiv 1805.06530, Theorem 8: the exact delta of noise 1 at epsilon 4.
  const delta = 0.5 * erfc(3.5 / Math.SQRT2) - Math.exp(4) * 0.5 * erfc(4.5 / Math.SQRT2);
  const { epsilon } = privacySpent({ noiseMultiplier: 1, samplingRate: 1, steps: 1, delta });
  expect(epsilon).toBeGreaterThan(4);
  expect(epsilon).toBeLessThan(4.5);
});

test("more noise spends less, more rows in a step and more steps spend more", () => {
  const run = fc.record({
    noiseMultiplier: fc.double({ min: 0.3, max: 20, noNaN: true }),
    samplingRate: fc.double({ min: 1e-4, max: 0.9, noNaN: true }),
    steps: fc.integer({ min: 1, max: 2000 }),
    delta: fc.constantFrom(1e-4, 1e-6),
  });
  fc.assert(
    fc.property(run, (less) => {
      const { epsilon } = privacySpent(less);
      expect(
        privacySpent({ ...less, noiseMultiplier: less.noiseMultiplier * 1.1 }).epsilon,
      ).toBeLessThanOrEqual(epsilon);
      expect(privacySpent({ ...less, samplingRate: less.samplingRate * 1.1 }).epsilon).toBeGreaterThanOrEqual(
        epsilon,
      );
      expect(privacySpent({ ...less, steps: less.steps + 100 }).epsilon).toBeGreaterThanOrEqual(epsilon);
    }),
    { numRuns: 40 },
  );
});

test("a run without noise is not private, and one without steps says nothing", () => {
  const run = { samplingRate: 0.1, delta: 1e-5 };
  expect(privacySpent({ ...run, noiseMultiplier: 0, steps: 1 }).epsilon).toBe(Infinity);
  expect(privacySpent({ ...run, noiseMultiplier: 0, steps: 0 }).epsilon).toBe(0);
});

test("the noise for an epsilon spends it and hardly less", () => {
  const run = { samplingRate: 0.02, steps: 200, delta: 1e-5 };
  for (const epsilon of [0.1, 3, 100]) {
    const spent = privacySpent({ ...run, noiseMultiplier: noiseFor({ ...run, epsilon }) }).epsilon;
    expect(spent).toBeLessThanOrEqual(epsilon);
    expect(spent).toBeGreaterThan(0.99 * epsilon);
  }
});

test("says when no noise is enough", () => {
  expect(() => noiseFor({ epsilon: 0, samplingRate: 0.02, steps: 200, delta: 1e-5 })).toThrow(/epsilon 0/);
});

/** The complementary error function for x > 2, by its continued fraction (Abramowitz and Stegun 7.1.14). */
function erfc(x: number): number {
  let tail = 0;
  for (let n = 60; n >= 1; n--) tail = n / 2 / (x + tail);
  return Math.exp(-(x ** 2)) / Math.sqrt(Math.PI) / (x + tail);
}
