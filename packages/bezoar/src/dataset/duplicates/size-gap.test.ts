import { expect, test } from "vitest";
import { createRandom } from "../../core/random.ts";
import { findSizeGap } from "./size-gap.ts";

/** Sizes of groups under a Pareto law in whole numbers: an honest set with a heavy tail. */
function paretoSizes(count: number, exponent: number, seed: number): number[] {
  const random = createRandom(seed);
  return Array.from({ length: count }, () => Math.ceil((1 - random()) ** (-1 / exponent) - 0.5));
}

const singles = (count: number) => Array.from({ length: count }, () => 1);

test("finds one group among texts that stand alone", () => {
  expect(findSizeGap([...singles(4000), 300])?.groups).toBe(1);
});

test("finds two groups that are equally large", () => {
  const pairs = Array.from({ length: 40 }, () => 2);
  expect(findSizeGap([...singles(4000), ...pairs, 400, 400])?.groups).toBe(2);
});

test("is silent when the sizes run on", () => {
  expect(findSizeGap([...singles(4000), 300, 120, 60, 30, 20, 10, 5, 3, 2])).toBeUndefined();
});

test("is silent on many large groups: sets are built like that", () => {
  expect(findSizeGap([...singles(200), ...Array.from({ length: 20 }, () => 300)])).toBeUndefined();
});

test("is silent on sets without repetition, and on none at all", () => {
  expect(findSizeGap(singles(10_000))).toBeUndefined();
  expect(findSizeGap([])).toBeUndefined();
});

test.each([0.7, 1, 1.4, 2, 3])(
  "accuses at most one honest set in a thousand whose sizes have exponent %f",
  (exponent) => {
    let accused = 0;
    for (let seed = 0; seed < 1000; seed++) {
      const sizes = paretoSizes(300, exponent, seed);
      if (findSizeGap(sizes) !== undefined) accused++;
    }
    expect(accused).toBeLessThanOrEqual(4); // 99.6 % of the time, were the rate 1 in 1,000
  },
);
