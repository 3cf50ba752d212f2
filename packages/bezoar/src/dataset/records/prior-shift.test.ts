import { expect, test } from "vitest";
import { shiftToGroup } from "./prior-shift.ts";

const noise = { low: 0.03, high: 0.97 };

test("in a group of nearly all honest rows a borderline case is not accused, a plain one is", () => {
  const chances = [...Array.from({ length: 300 }, () => 0.97), 0.03, 0.15];
  const shifted = shiftToGroup(chances, 0.6, noise);
  expect(shifted.at(-2)).toBeLessThan(0.2);
  expect(shifted.at(-1)).toBeGreaterThan(0.3);
});

test("in a group like everybody nothing changes but the noise", () => {
  const chances = Array.from({ length: 100 }, (_, i) => (i < 60 ? 0.97 : 0.03));
  const shifted = shiftToGroup([...chances, 0.2], 0.6, noise);
  expect(shifted.at(-1)).toBeCloseTo((0.2 - 0.03) / 0.94, 1);
});

test("an empty group has nothing to say", () => {
  expect(shiftToGroup([], 0.5, noise)).toEqual([]);
});
