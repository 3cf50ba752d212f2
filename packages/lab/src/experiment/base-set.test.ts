import { expect, test } from "vitest";
import { makeBaseSet } from "./base-set.ts";

const rows = makeBaseSet({ seed: 1 });

test("a rule's alerts have all a verdict or none, and fewer than half of the rows have one", () => {
  const judged = new Set(rows.filter(({ verdict }) => verdict !== undefined).map(({ alert }) => alert.rule));
  const bare = new Set(rows.filter(({ verdict }) => verdict === undefined).map(({ alert }) => alert.rule));
  expect([...judged].filter((rule) => bare.has(rule))).toEqual([]);
  expect(judged.size / (judged.size + bare.size)).toBeCloseTo(0.44, 1);
  expect(rows.filter(({ verdict }) => verdict !== undefined).length / rows.length).toBeCloseTo(0.44, 1);
});

test("it has 6,000 rows, the same ones for the same seed", () => {
  expect(rows).toHaveLength(6000);
  expect(makeBaseSet({ seed: 1, rows: 50 })).toEqual(rows.slice(0, 50));
  expect(makeBaseSet({ seed: 2, rows: 50 })).not.toEqual(rows.slice(0, 50));
});
