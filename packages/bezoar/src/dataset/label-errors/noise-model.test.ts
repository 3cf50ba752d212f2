import fc from "fast-check";
import { expect, test } from "vitest";
import { createRandom, randomInt, type Random } from "../../core/random.ts";
import type { ClassProbabilities } from "./class-probabilities.ts";
import { likelyErrors } from "./likely-errors.ts";
import { fitLabelNoise } from "./noise-model.ts";

function gaussian(random: Random): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

/** Rows whose labels follow a model's chances, but for a share that is wrong; the model claims to be `boast` times as sure as it may. */
function simulate(options: {
  readonly rows: number;
  readonly classes: number;
  readonly wrong: number;
  readonly boast: number;
  readonly seed: number;
}): { probabilities: ClassProbabilities; labels: Int32Array; isWrong: boolean[] } {
  const { rows, classes, wrong, boast, seed } = options;
  const random = createRandom(seed);
  const values = new Float32Array(rows * classes);
  const isWrong: boolean[] = [];
  const labels = Int32Array.from({ length: rows }, (_, row) => {
    const logits = Array.from({ length: classes }, () => 3 * gaussian(random));
    const chances = softmax(logits);
    values.set(softmax(logits.map((logit) => boast * logit)), row * classes);
    let left = random();
    const right = Math.max(
      0,
      chances.findIndex((chance) => (left -= chance) < 0),
    );
    isWrong.push(random() < wrong);
    return isWrong[row] === true ? (right + 1 + randomInt(random, classes - 1)) % classes : right;
  });
  return { probabilities: { count: rows, classes, values }, labels, isWrong };
}

function softmax(logits: readonly number[]): number[] {
  const largest = Math.max(...logits);
  const raised = logits.map((logit) => Math.exp(logit - largest));
  const sum = raised.reduce((a, b) => a + b, 0);
  return raised.map((value) => value / sum);
}

test.each([
  { classes: 2, wrong: 0.03, boast: 1 },
  { classes: 2, wrong: 0.1, boast: 2 },
  { classes: 5, wrong: 0.05, boast: 0.5 },
  { classes: 20, wrong: 0.02, boast: 1.5 },
])(
  "recovers $wrong wrong labels of $classes classes from a model $boast times as sure as it may be",
  (given) => {
    const { probabilities, labels } = simulate({ ...given, rows: 6000, seed: 1 });
    const { wrong, lnGain } = fitLabelNoise(probabilities, labels);
    expect(wrong.low).toBeLessThan(given.wrong);
    expect(wrong.high).toBeGreaterThan(given.wrong);
    expect(wrong.high - wrong.low).toBeLessThan(0.05);
    expect(lnGain).toBeGreaterThan(Math.log(1000));
  },
);

test("lists nothing where a model that is not always right meets labels that are, in 20 sets", () => {
  for (let seed = 1; seed <= 20; seed++) {
    const { probabilities, labels } = simulate({
      rows: 1500,
      classes: 2 + (seed % 4),
      wrong: 0,
      boast: 1.5,
      seed,
    });
    const noise = fitLabelNoise(probabilities, labels);
    expect(noise.lnGain).toBeLessThan(Math.log(1000));
    expect(noise.wrong.low).toBeLessThan(0.01);
    const { flagged, listed } = likelyErrors(probabilities, labels, noise);
    expect(flagged).toBeGreaterThan(0); // what confident learning alone would have said
    expect(listed).toEqual([]);
  }
});

test("of the listed rows at most about one in ten is labelled rightly", () => {
  let listed = 0;
  let right = 0;
  for (let seed = 1; seed <= 10; seed++) {
    const { probabilities, labels, isWrong } = simulate({
      rows: 3000,
      classes: 3,
      wrong: 0.06,
      boast: 2,
      seed,
    });
    const errors = likelyErrors(probabilities, labels, fitLabelNoise(probabilities, labels));
    listed += errors.listed.length;
    right += errors.listed.filter(({ entry }) => isWrong[entry] === false).length;
  }
  expect(listed).toBeGreaterThan(300);
  expect(right / listed).toBeLessThan(0.12);
});

test("labels that follow nothing are not called wrong: the model explains none of them", () => {
  const { probabilities } = simulate({ rows: 2000, classes: 2, wrong: 0, boast: 1, seed: 3 });
  const random = createRandom(4);
  const labels = Int32Array.from({ length: 2000 }, () => randomInt(random, 2));
  expect(fitLabelNoise(probabilities, labels).explained).toBeLessThan(0.01);
});

test("gives shares within [0, 1] in their order, and chances, for any chances at all", () => {
  const sets = fc.integer({ min: 2, max: 4 }).chain((classes) =>
    fc.array(
      fc.record({
        label: fc.integer({ min: 0, max: classes - 1 }),
        weights: fc.array(fc.double({ min: 0, max: 1, noNaN: true }), {
          minLength: classes,
          maxLength: classes,
        }),
      }),
      { minLength: 1, maxLength: 30 },
    ),
  );
  fc.assert(
    fc.property(sets, (rows) => {
      const values = Float32Array.from(
        rows.flatMap(({ weights }) => {
          const sum = weights.reduce((a, b) => a + b, 0);
          return weights.map((weight) => (sum > 0 ? weight / sum : 1 / weights.length));
        }),
      );
      const probabilities = { count: rows.length, classes: rows[0]?.weights.length ?? 2, values };
      const labels = Int32Array.from(rows, ({ label }) => label);
      const { wrong, wrongChance } = fitLabelNoise(probabilities, labels);
      expect(wrong.low).toBeGreaterThanOrEqual(0);
      expect(wrong.low).toBeLessThanOrEqual(wrong.value);
      expect(wrong.value).toBeLessThanOrEqual(wrong.high);
      expect(wrong.high).toBeLessThan(1);
      labels.forEach((label, row) => {
        expect(wrongChance(row, label)).toBeGreaterThanOrEqual(0);
        expect(wrongChance(row, label)).toBeLessThanOrEqual(1);
      });
    }),
    { numRuns: 50 },
  );
});
