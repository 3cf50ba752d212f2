import fc from "fast-check";
import { expect, test } from "vitest";
import { anyText } from "../../../test/fixtures/any-text.ts";
import { columnsOf, createPaint, cutColumns, cutStart, padColumns, wrap } from "./layout.ts";

test("counts wide characters twice and combining marks not at all", () => {
  expect([columnsOf("cafe"), columnsOf("cafe\u0301"), columnsOf("電車"), columnsOf("🙂")]).toEqual([
    4, 4, 4, 2,
  ]);
});

test("cuts by columns, not by characters", () => {
  expect(cutColumns("電車がまた", 7)).toBe("電車が…");
  expect(padColumns(cutColumns("電車がまた", 6), 6)).toBe("電車… ");
});

test("a path is cut at its beginning, so that the line number stays", () => {
  expect(cutStart("data/very/long/電車.jsonl:12", 12)).toBe("…車.jsonl:12");
  expect(cutStart("a.jsonl:12", 12)).toBe("a.jsonl:12");
});

test("breaks at spaces, and a word only when it is longer than the line", () => {
  expect(wrap("one two threefourfive six", 8)).toEqual(["one two", "threefou", "rfive", "six"]);
});

test("no line of a wrapped text is too long and no letter is lost", () => {
  fc.assert(
    fc.property(anyText, fc.integer({ min: 2, max: 40 }), (text, columns) => {
      const lines = wrap(text, columns);
      expect(lines.filter((line) => columnsOf(line) > columns)).toEqual([]);
      expect(lines.join("").replaceAll(" ", "")).toBe(text.replaceAll(" ", ""));
    }),
  );
});

test("paints only when asked to", () => {
  expect(createPaint(false)("red", "x")).toBe("x");
  expect(createPaint(true)("red", "x")).toBe("\u001b[31mx\u001b[39m");
});
