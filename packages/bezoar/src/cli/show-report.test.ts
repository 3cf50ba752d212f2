import { expect, test } from "vitest";
import { AppError } from "../core/errors.ts";
import { chooseFormat, chooseFormatOf, TEXT_FORMATS } from "./show-report.ts";

test("a report is written as the ending of its file says, unless a format is asked for", () => {
  const formats = {
    "a.json": "json",
    "a.html": "html",
    "a.htm": "html",
    "a.sarif": "sarif",
    "a.md": "markdown",
    "a.markdown": "markdown",
    "a.XML": "junit",
    "a.txt": "terminal",
    sarif: "terminal",
    "a.b/report": "terminal",
    "/dev/stdout": "terminal",
  };
  for (const [name, format] of Object.entries(formats))
    expect([name, chooseFormat(undefined, name)]).toEqual([name, format]);
  expect(chooseFormat(undefined, undefined)).toBe("terminal");
  expect(chooseFormat("junit", "a.json")).toBe("junit");
  expect(chooseFormat("terminal", "a.pdf")).toBe("terminal");
});

test.each(["a.pdf", "a.csv", "a.yaml", "a.json.gz"])(
  "an ending that names no format is refused with those that do: %s",
  (name) => {
    expect(() => chooseFormat(undefined, name)).toThrow(AppError);
    expect(() => chooseFormat(undefined, name)).toThrow(
      /^cannot tell how to write a\..*: end it in \.json, \.html, \.htm, \.sarif, \.md, \.markdown, \.xml or \.txt, or name a format with --format$/,
    );
  },
);

test("what is no report has no page, no SARIF and no JUnit", () => {
  expect(chooseFormatOf(TEXT_FORMATS, undefined, "a.markdown")).toBe("markdown");
  for (const name of ["a.html", "a.sarif", "a.xml", "a.csv"])
    expect(() => chooseFormatOf(TEXT_FORMATS, undefined, name)).toThrow(
      /end it in \.json, \.md, \.markdown or \.txt, or/,
    );
});
