import { expect, test } from "vitest";
import { createRandom, randomInt, type Random } from "../../core/random.ts";
import { findContradictions } from "./contradictions.ts";

/** Inputs given by the verdicts of their rows; positions are counted through. */
function judge(inputs: readonly (readonly number[])[], shares: readonly number[]) {
  const verdicts = inputs.flat();
  let at = 0;
  const positions = inputs.map((rows) => rows.map(() => at++));
  const classes = shares.map((_, i) => `class ${i}`);
  return findContradictions({
    inputs: positions,
    verdictOf: (position) => verdicts[position] ?? -1,
    classes,
    shares,
  });
}

const many = (count: number, make: (i: number) => readonly number[]) =>
  Array.from({ length: count }, (_, i) => make(i));
const isBeyondNoise = ({ noise }: ReturnType<typeof judge>) => noise.lnEvidence >= noise.lnThreshold;
const FOUR = [0.25, 0.25, 0.25, 0.25];

test("names the inputs whose rows do not agree", () => {
  const found = judge(
    [
      [0, 0],
      [0, 1],
      [1, 1, 1],
      [1, 0, 1],
    ],
    [0.5, 0.5],
  );
  expect(found.contrary).toEqual([
    [2, 3],
    [7, 8, 9],
  ]);
  expect(found.repeated).toBe(4);
});

test("one wrong label in twenty is ordinary noise", () => {
  const found = judge(
    many(200, (i) => (i % 10 === 0 ? [0, 1] : [1, 1])),
    [0.5, 0.5],
  );
  expect(isBeyondNoise(found)).toBe(false);
  expect(found.target).toBeUndefined();
});

test("copies turned to one class from anywhere are beyond noise and have a target", () => {
  const found = judge(
    [...many(60, (i) => [1 + (i % 3), 1 + (i % 3)]), ...many(45, (i) => [1 + (i % 3), 0])],
    FOUR,
  );
  expect(isBeyondNoise(found)).toBe(true);
  expect(found.target?.verdict).toBe(0);
});

test("two classes: a majority shows which verdict was turned", () => {
  const found = judge(
    [...many(40, () => [0, 0, 0]), ...many(40, () => [1, 1, 1]), ...many(60, () => [1, 1, 0])],
    [0.5, 0.5],
  );
  expect(isBeyondNoise(found)).toBe(true);
  expect(found.target?.verdict).toBe(0);
});

test("two classes without a majority tell no direction", () => {
  const found = judge(
    many(80, () => [0, 1]),
    [0.5, 0.5],
  );
  expect(isBeyondNoise(found)).toBe(true);
  expect(found.target).toBeUndefined();
});

test("classes that annotators confuse with each other are no target", () => {
  const found = judge([...many(100, (i) => [i % 4, i % 4]), ...many(100, () => [0, 1])], FOUR);
  expect(isBeyondNoise(found)).toBe(true);
  expect(found.target).toBeUndefined();
});

/** Copies of inputs of a random class, each labelled wrong with a chance of `noise`. */
function noisyInputs(random: Random, classes: number, noise: number): number[][] {
  return Array.from({ length: 150 }, () => {
    const truth = randomInt(random, classes);
    return Array.from({ length: 2 + randomInt(random, 3) }, () =>
      random() < noise ? (truth + 1 + randomInt(random, classes - 1)) % classes : truth,
    );
  });
}

test.each([
  [2, 0.1],
  [2, 0.4],
  [5, 0.1],
  [5, 0.5],
])("errors in any direction are no target (%i classes, %f wrong)", (classes, noise) => {
  let targets = 0;
  for (let seed = 0; seed < 200; seed++) {
    const shares = Array.from({ length: classes }, () => 1 / classes);
    if (judge(noisyInputs(createRandom(seed), classes, noise), shares).target !== undefined) targets++;
  }
  expect(targets).toBeLessThanOrEqual(1);
});

test("nothing repeated, nothing to say", () => {
  expect(judge([], [0.5, 0.5])).toMatchObject({ contrary: [], repeated: 0 });
});
