import { expect, test } from "vitest";
import { commonClasses } from "./common-classes.ts";

test("few classes stay as they are", () => {
  const labels = Int32Array.of(0, 1, -1);
  expect(commonClasses(labels, ["a", "b"])).toEqual({ labels, count: 2, tested: 2, names: ["a", "b"] });
});

test("of many classes the commonest are kept, the others become one that is not tested", () => {
  const labels = Int32Array.from({ length: 200 }, (_, i) => (i < 100 ? 40 : i % 50));
  const names = Array.from({ length: 50 }, (_, i) => `c${i}`);
  const common = commonClasses(labels, names);
  expect(common.tested).toBe(16);
  expect(common.count).toBe(17);
  expect(common.names[0]).toBe("c40");
  expect(Math.max(...common.labels)).toBe(16);
});
