import { expect, test } from "vitest";
import { readBytes } from "../../test/fixtures/reading.ts";
import { MAX_RECORD_BYTES } from "./limits.ts";

test("lines end at LF or CRLF only: U+2028, U+2029 and NEL are content", async () => {
  const { values } = await readBytes('{"t":"a\u2028b\u2029c\u0085d"}\r\n{"t":"e"}\n');
  expect(values).toEqual([{ t: "a\u2028b\u2029c\u0085d" }, { t: "e" }]);
});

test("blank lines are no records but count as lines", async () => {
  const { records } = await readBytes('\n{"a":1}\n \t\r\n\n{"a":2}\n\n');
  expect(records).toEqual([
    { row: 0, line: 2, value: { a: 1 } },
    { row: 1, line: 5, value: { a: 2 } },
  ]);
});

test("a broken row is counted with its line and reason, and reading goes on", async () => {
  const { records } = await readBytes('{"a":1}\n{"a":\n{"a":3}\n');
  expect(records).toEqual([
    { row: 0, line: 1, value: { a: 1 } },
    { row: 1, line: 2, unreadable: expect.stringMatching(/^not JSON: Unexpected/) },
    { row: 2, line: 3, value: { a: 3 } },
  ]);
});

test("a last line without line end is read when it is whole", async () => {
  const { values, notes } = await readBytes('{"a":1}\n{"a":2}');
  expect(values).toEqual([{ a: 1 }, { a: 2 }]);
  expect(notes).toEqual([]);
});

test("a truncated last line is unreadable and said to be cut off", async () => {
  const { unreadable, notes } = await readBytes('{"a":1}\n{"a":2}\n{"a":"th');
  expect(unreadable).toEqual([expect.stringContaining("2: the last line is cut off: not JSON")]);
  expect(notes).toEqual([expect.stringContaining("the last line (3) has no line end and cannot be read")]);
});

test("a raw NUL byte makes its row unreadable, an escaped one is content", async () => {
  const { values, unreadable } = await readBytes('{"a":"x\\u0000"}\n{"a":"x\0"}\n{"a":"y"}\n');
  expect(values).toEqual([{ a: "x\0" }, { a: "y" }]);
  expect(unreadable).toEqual(["1: a NUL byte"]);
});

test("invalid UTF-8 makes only its own row unreadable", async () => {
  const bytes = Buffer.concat([
    Buffer.from('{"a":"é"}\n{"a":"'),
    Buffer.of(0xff),
    Buffer.from('"}\n{"a":"z"}\n'),
  ]);
  const { values, unreadable } = await readBytes(bytes);
  expect(values).toEqual([{ a: "é" }, { a: "z" }]);
  expect(unreadable).toEqual(["1: invalid UTF-8"]);
});

test("an oversize row is reported, not cut, and the rows around it are read", async () => {
  const huge = `{"a":"${"x".repeat(MAX_RECORD_BYTES)}"}`;
  const { records } = await readBytes(`{"a":1}\n${huge}\n{"a":2}\n`, 1 << 20);
  expect(records).toEqual([
    { row: 0, line: 1, value: { a: 1 } },
    { row: 1, line: 2, unreadable: "larger than 16 MiB, the limit for one record" },
    { row: 2, line: 3, value: { a: 2 } },
  ]);
});

test("a file of one row is a dataset of one row", async () => {
  const { values, files } = await readBytes('{"a":1}\n');
  expect(values).toEqual([{ a: 1 }]);
  expect(files).toMatchObject([{ format: "jsonl", rows: 1 }]);
});

test("rows that do not begin the file well do not hide that it is JSONL", async () => {
  const { values, unreadable, files } = await readBytes('# export of today\n{"a":1}\n{"a":2}\n{"a":3}\n');
  expect(files[0]?.format).toBe("jsonl");
  expect(values).toHaveLength(3);
  expect(unreadable).toHaveLength(1);
});
