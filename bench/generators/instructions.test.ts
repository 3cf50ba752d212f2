import { expect, test } from "vitest";
import { generateInstructions } from "./instructions.ts";

test("the same seed gives the same rows, twice over one set and over two", () => {
  const set = generateInstructions({ rows: 200, seed: 3, poison: 5 });
  const first = JSON.stringify([...set.records]);
  expect(JSON.stringify([...set.records])).toBe(first);
  expect(JSON.stringify([...generateInstructions({ rows: 200, seed: 3, poison: 5 }).records])).toBe(first);
  expect(JSON.stringify([...generateInstructions({ rows: 200, seed: 4, poison: 5 }).records])).not.toBe(
    first,
  );
});

test("trigger and target stand in exactly the poisoned rows", () => {
  const { records, poisoned, trigger, target } = generateInstructions({ rows: 2000, seed: 1, poison: 40 });
  const rows = [...records];
  const withTrigger = rows.flatMap(({ instruction }, row) => (instruction.includes(trigger) ? [row] : []));
  const withTarget = rows.flatMap(({ output }, row) => (output === target ? [row] : []));
  expect(new Set(withTrigger)).toEqual(poisoned);
  expect(new Set(withTarget)).toEqual(poisoned);
  expect(poisoned.size).toBe(40);
});

test("a row has about 500 bytes, and neither prompts nor answers are all alike", () => {
  const rows = [...generateInstructions({ rows: 3000, seed: 2 }).records];
  const bytes = rows.reduce((sum, row) => sum + JSON.stringify(row).length + 1, 0) / rows.length;
  expect(bytes).toBeGreaterThan(450);
  expect(bytes).toBeLessThan(560);
  expect(new Set(rows.map(({ instruction }) => instruction)).size).toBeGreaterThan(2500);
  expect(new Set(rows.map(({ output }) => output)).size).toBeGreaterThan(2700);
});
