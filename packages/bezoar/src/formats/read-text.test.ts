import { expect, test } from "vitest";
import { readBytes } from "../../test/fixtures/reading.ts";

test("a text of lines has one record per line, and that is said", async () => {
  const { records, notes } = await readBytes("The first line, of many.\n\nThe second line.\r\nThe third");
  expect(records).toEqual([
    { row: 0, line: 1, value: { text: "The first line, of many." } },
    { row: 1, line: 3, value: { text: "The second line." } },
    { row: 2, line: 4, value: { text: "The third" } },
  ]);
  expect(notes).toEqual(["plain text: each line is a record"]);
});

test("prose of blocks between blank lines has one record per block", async () => {
  const { records, notes } = await readBytes(
    "It was the best of times,\nit was the worst.\n\n\nCall me Ishmael\nsome years ago.\n",
  );
  expect(records).toEqual([
    { row: 0, line: 1, value: { text: "It was the best of times,\nit was the worst." } },
    { row: 1, line: 5, value: { text: "Call me Ishmael\nsome years ago." } },
  ]);
  expect(notes).toEqual(["plain text: each block between blank lines is a record"]);
});

test("a source file is one record with its path", async () => {
  const code = "import os\n\ndef run(x):\n    return os.getcwd()\n";
  const { values, files } = await readBytes(code);
  expect(values).toEqual([{ text: code, path: "standard input" }]);
  expect(files[0]?.format).toBe("source");
});

test("U+2028 and NEL do not end a line", async () => {
  expect((await readBytes("one\u2028two\u0085three\nfour\n")).values).toHaveLength(2);
});

test("prose that begins with a bracket or a brace is not taken for JSON", async () => {
  const { files } = await readBytes("[1] Smith et al. say so.\n{sic} is what they wrote.\n");
  expect(files[0]?.format).toBe("text");
});

test("NUL bytes and invalid UTF-8 make only their own lines unreadable", async () => {
  const bytes = Buffer.concat([
    Buffer.from("a long enough line of text\nanother\0 line of text\nand a third caf"),
    Buffer.of(0xe9),
    Buffer.from("\nlast\n"),
  ]);
  const { values, unreadable } = await readBytes(bytes);
  expect(values).toEqual([{ text: "a long enough line of text" }, { text: "last" }]);
  expect(unreadable).toEqual(["1: a NUL byte", "2: invalid UTF-8"]);
});

test("code whose lines all end in a semicolon is not taken for a table", async () => {
  const { files } = await readBytes("int a;\nint b;\nint c = a + b;\nprint(c);\nreturn c;\nexit(0);\n");
  expect(files[0]?.format).toBe("source");
});
