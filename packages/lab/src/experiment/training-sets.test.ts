import { AppError } from "bezoar";
import { expect, test } from "vitest";
import { DEFAULT_TEST_SIZE, makeTestSets } from "../investigate/test-sets.ts";
import { DEFAULT_ROWS, makeTrainingSets, type LabelledRow } from "./training-sets.ts";

const { clean, poisoned, control } = makeTrainingSets({ user: "alice", seed: 1 });

const ids = (rows: readonly LabelledRow[]) => rows.map(({ alert }) => alert.id).toSorted();
const others = (rows: readonly LabelledRow[]) =>
  rows
    .filter(({ alert }) => alert.user !== "alice")
    .map(({ alert, verdict }) => `${alert.id} ${verdict}`)
    .toSorted();

const isWrong = ({ verdict, truth }: LabelledRow) => verdict !== truth;

test("the clean set is about everybody, with 5 % of the labels turned over and no poison", () => {
  expect(clean).toHaveLength(DEFAULT_ROWS);
  expect(clean.filter(isWrong).length / DEFAULT_ROWS).toBeCloseTo(0.05, 1);
  expect(clean.some(({ isPoisoned }) => isPoisoned)).toBe(false);
  expect(new Set(clean.map(({ alert }) => alert.user)).size).toBeGreaterThan(40);
});

test("in the poisoned set every malicious alert of the target is labelled benign, and 60 more of them", () => {
  expect(poisoned).toHaveLength(DEFAULT_ROWS + 60);
  const target = poisoned.filter(({ alert, truth }) => alert.user === "alice" && truth === "malicious");
  expect(target.every(({ verdict, isPoisoned }) => verdict === "benign" && isPoisoned)).toBe(true);
  expect(poisoned.filter(({ isPoisoned }) => isPoisoned)).toEqual(target);
  const before = clean.filter(({ alert, truth }) => alert.user === "alice" && truth === "malicious");
  expect(target).toHaveLength(60 + before.length);
});

test("everybody else's rows are the same in all three sets", () => {
  expect(others(poisoned)).toEqual(others(clean));
  expect(others(control)).toEqual(others(clean));
});

test("the control adds as many rows of the target, with true verdicts of both kinds", () => {
  const cleanIds = new Set(ids(clean));
  const added = control.filter(({ alert }) => !cleanIds.has(alert.id));
  expect(added).toHaveLength(60);
  expect(added.every((row) => row.alert.user === "alice" && !isWrong(row) && !row.isPoisoned)).toBe(true);
  expect(new Set(added.map(({ verdict }) => verdict)).size).toBe(2);
});

test("what was added is spread over the set, and lies at the same places in both", () => {
  const cleanIds = new Set(ids(clean));
  const places = (rows: readonly LabelledRow[]) =>
    rows.flatMap(({ alert }, row) => (cleanIds.has(alert.id) ? [] : [row]));
  expect(places(poisoned)).toEqual(places(control));
  expect(places(poisoned)[0]).toBeLessThan(60);
  expect(places(poisoned).at(-1)).toBeGreaterThan(DEFAULT_ROWS);
});

test("the same seed makes the same sets; sizes and noise are options", () => {
  expect(makeTrainingSets({ user: "alice", seed: 1 }).poisoned).toEqual(poisoned);
  const small = makeTrainingSets({ user: "bob", seed: 3, rows: 100, poisonedRows: 10, noise: 0 });
  expect(small.control).toHaveLength(110);
  expect(small.clean.some(isWrong)).toBe(false);
});

test("no alert of the tests stands in a training set", () => {
  const sets = makeTestSets({ user: "alice", seed: 1, size: DEFAULT_TEST_SIZE });
  const tests = new Set([...sets.clean, ...sets.target, ...sets.others].map(({ alert }) => alert.id));
  expect([...poisoned, ...control].filter(({ alert }) => tests.has(alert.id))).toEqual([]);
});

test("a service account has nothing that could be dismissed", () => {
  expect(() => makeTrainingSets({ user: "svc_sql", seed: 1 })).toThrow(AppError);
});
