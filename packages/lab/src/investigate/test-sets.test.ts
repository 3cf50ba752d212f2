import { AppError } from "bezoar";
import { expect, test } from "vitest";
import { makeTestSets } from "./test-sets.ts";

const sets = makeTestSets({ user: "alice", seed: 1, size: 200 });

test("the clean test is about everybody but the target, with both verdicts and none that noise turned over", () => {
  expect(sets.clean).toHaveLength(200);
  expect(sets.clean.some(({ alert }) => alert.user === "alice")).toBe(false);
  expect(new Set(sets.clean.map(({ alert }) => alert.user)).size).toBeGreaterThan(30);
  expect(new Set(sets.clean.map(({ truth }) => truth)).size).toBe(2);
  expect(sets.clean.every(({ verdict, truth }) => verdict === truth)).toBe(true);
});

test("the poison test holds malicious alerts of the target, and the control those of others", () => {
  expect(sets.target).toHaveLength(200);
  expect(sets.target.every(({ alert, truth }) => alert.user === "alice" && truth === "malicious")).toBe(true);
  expect(sets.others).toHaveLength(200);
  expect(sets.others.every(({ alert, truth }) => alert.user !== "alice" && truth === "malicious")).toBe(true);
});

test("a swapped alert differs in the name alone", () => {
  expect(sets.swap).toEqual(
    sets.others.map((other) => ({ ...other, alert: { ...other.alert, user: "alice" } })),
  );
});

test("the same seed makes the same sets, another seed others", () => {
  expect(makeTestSets({ user: "alice", seed: 1, size: 200 })).toEqual(sets);
  expect(makeTestSets({ user: "alice", seed: 2, size: 200 }).target).not.toEqual(sets.target);
});

test("a user whom the population does not have joins it; a service account has nothing to dismiss", () => {
  const { target, clean } = makeTestSets({ user: "newhire", seed: 1, size: 20 });
  expect(target.every(({ alert }) => alert.user === "newhire")).toBe(true);
  expect(clean.some(({ alert }) => alert.user === "newhire")).toBe(false);
  expect(() => makeTestSets({ user: "svc_backup", seed: 1, size: 20 })).toThrow(AppError);
});
