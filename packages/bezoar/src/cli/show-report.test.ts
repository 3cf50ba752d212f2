import { expect, test } from "vitest";
import { chooseFormat, FORMATS, isTextFormat } from "./show-report.ts";

test("a report is written as the ending of its file says, unless a format is asked for", () => {
  const names = ["a.json", "a.html", "a.sarif", "a.md", "a.XML", "a.txt", "sarif", undefined];
  expect(names.map((name) => chooseFormat(undefined, name))).toEqual([
    "json",
    "html",
    "sarif",
    "markdown",
    "junit",
    "terminal",
    "terminal",
    "terminal",
  ]);
  expect(chooseFormat("junit", "a.json")).toBe("junit");
});

test("a comparison is no report: it has no page, no SARIF and no JUnit", () => {
  expect(FORMATS.filter(isTextFormat)).toEqual(["terminal", "json", "markdown"]);
});
