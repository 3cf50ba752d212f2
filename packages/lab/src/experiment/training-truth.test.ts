import { expect, test } from "vitest";
import { makeTrainingSets } from "./training-sets.ts";
import { trainingTruth } from "./training-truth.ts";

const options = { user: "alice", seed: 1, rows: 800, poisonedRows: 60 };
const sets = makeTrainingSets(options);

test("names the rows that the attacker labelled, and apart from them those that chance did", () => {
  const truth = trainingTruth(sets.poisoned, options);
  expect(truth).toMatchObject({ rows: 860, trigger: { field: "user", value: "alice" }, target: "benign" });
  expect(truth.poisoned.every((row) => sets.poisoned[row]?.alert.user === "alice")).toBe(true);
  expect(truth.poisoned.length).toBeGreaterThan(60);
  expect(truth.noise.length).toBeGreaterThan(20);
  expect(truth.noise.filter((row) => truth.poisoned.includes(row))).toEqual([]);
});

test("says of an honest set that nothing is poisoned", () => {
  expect(trainingTruth(sets.control, options)).toMatchObject({ trigger: null, target: null, poisoned: [] });
});
