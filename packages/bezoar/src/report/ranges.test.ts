import fc from "fast-check";
import { expect, test } from "vitest";
import { countRows, formatRange, toRanges } from "./ranges.ts";

test("consecutive rows become runs", () => {
  expect(toRanges([9, 3, 4, 5, 4]).map((range) => formatRange(range, "–"))).toEqual(["3–5", "9"]);
});

test("runs hold exactly the rows they were made from", () => {
  fc.assert(
    fc.property(fc.array(fc.nat(200)), (rows) => {
      const ranges = toRanges(rows);
      const back = ranges.flatMap(([first, last]) =>
        Array.from({ length: last - first + 1 }, (_, i) => first + i),
      );
      expect(back).toEqual([...new Set(rows)].toSorted((a, b) => a - b));
      expect(countRows(ranges)).toBe(back.length);
    }),
  );
});
