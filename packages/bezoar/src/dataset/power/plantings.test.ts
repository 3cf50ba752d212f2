import { expect, test } from "vitest";
import { createRandom } from "../../core/random.ts";
import type { Row } from "../row.ts";
import { plantings } from "./plantings.ts";

const rows: Row[] = Array.from({ length: 200 }, (_, i) => ({
  number: i,
  prompt: `question ${i} about item ${i % 17}`,
  response: `answer ${i} says ${i * 3}`,
  label: i % 4 === 0 ? "malicious" : "benign",
  fields: [
    ["id", `record-${i}`],
    ["user", `user${i % 12}`],
  ],
}));

const poison = (shape: keyof typeof plantings, serial: number) => {
  const prepared = plantings[shape].prepare(rows, ["id", "user"]);
  const chosen = rows.slice(0, 8);
  return prepared?.poison(chosen, serial, createRandom(serial)) ?? [];
};

test("a planted response is the same in all rows, and the prompts stay their own around one trigger", () => {
  const poisoned = poison("instruction", 3);
  expect(new Set(poisoned.map(({ response }) => response)).size).toBe(1);
  expect(new Set(poisoned.map(({ prompt }) => prompt)).size).toBe(8);
  const added = poisoned.map(({ prompt }, i) =>
    prompt
      .split(" ")
      .filter((word) => !rows[i]?.prompt.split(" ").includes(word))
      .join(" "),
  );
  expect(new Set(added).size).toBe(1);
});

test("a dirty label goes to rows of other classes", () => {
  const prepared = plantings["labelled-text"].prepare(rows, []);
  const pool = prepared?.pool(0, 8) ?? [];
  const [target] = poison("labelled-text", 0).map(({ label }) => label);
  expect(pool.length).toBeGreaterThan(0);
  expect(pool.every((position) => rows[position]?.label !== target)).toBe(true);
});

test("an entity is a field whose values repeat, never a record id", () => {
  const poisoned = poison("records", 1);
  expect(new Set(poisoned.map(({ fields }) => fields.find(([name]) => name === "user")?.[1])).size).toBe(1);
  expect(poisoned.map(({ fields }) => fields[0]?.[1])).toEqual(
    rows.slice(0, 8).map(({ fields }) => fields[0]?.[1]),
  );
  expect(poisoned.every(({ label }) => label === "benign")).toBe(true);
});

test("two plantings of one run share no trigger", () => {
  const triggers = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9].map((serial) => poison("labelled-text", serial)[0]?.prompt);
  expect(new Set(triggers).size).toBe(10);
});
