import { expect, test } from "vitest";
import type { Suspicion } from "../suspicion.ts";
import { mergeSuspicions } from "./merge.ts";

const suspicion = (
  title: string,
  severity: Suspicion["severity"],
  positions: readonly number[],
): Suspicion => ({
  rule: "dataset/trigger-response",
  severity,
  title,
  explanation: title,
  positions,
  tests: [],
  controls: [],
});

test("suspicions about the same rows become one, the worst first, with the rows of all that are as certain", () => {
  const merged = mergeSuspicions([
    suspicion("milder", "medium", [1, 2, 3]),
    suspicion("worst", "critical", [1, 2, 3, 4]),
    suspicion("also", "high", [3, 4, 5]),
  ]);
  expect(merged).toHaveLength(1);
  expect(merged[0]?.title).toBe("worst");
  expect(merged[0]?.positions).toEqual([1, 2, 3, 4, 5]);
  expect(merged[0]?.explanation).toContain("also");
});

test("a milder suspicion adds no rows to a worse one", () => {
  const merged = mergeSuspicions([
    suspicion("worst", "high", [1, 2]),
    suspicion("mild", "medium", [1, 2, 9]),
  ]);
  expect(merged[0]?.positions).toEqual([1, 2]);
});

test("different attacks stay apart", () => {
  const merged = mergeSuspicions([
    suspicion("one", "high", [1, 2, 3]),
    suspicion("two", "high", [3, 4, 5, 6, 7]),
  ]);
  expect(merged.map(({ title }) => title)).toEqual(["two", "one"]);
});

test("the order they are said in does not matter", () => {
  const all = [suspicion("a", "high", [1, 2]), suspicion("b", "high", [2, 3]), suspicion("c", "medium", [8])];
  expect(mergeSuspicions(all.toReversed())).toEqual(mergeSuspicions(all));
});

test("what is no attack stands by itself, unless an attack that is as severe explains most of its rows", () => {
  const quality = (title: string, severity: Suspicion["severity"], positions: readonly number[]) => ({
    ...suspicion(title, severity, positions),
    rule: "dataset/duplicates",
  });
  const merged = mergeSuspicions([
    suspicion("attack", "high", [1, 2, 3, 4]),
    quality("explained", "medium", [2, 3, 4, 9]),
    quality("apart", "medium", [4, 10, 11]),
    quality("also apart", "medium", [10, 11, 12]),
  ]);
  expect(merged.map(({ title }) => title)).toEqual(["attack", "also apart", "apart"]);
  expect(merged[0]?.explanation).toContain("explained");
  expect(merged[0]?.positions).toEqual([1, 2, 3, 4]);
});
