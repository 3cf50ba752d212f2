import { expect, test } from "vitest";
import { readBytes } from "../../test/fixtures/reading.ts";
import { MAX_RECORD_BYTES } from "./limits.ts";

test("quoted cells hold line ends, delimiters and doubled quotes", async () => {
  const { records } = await readBytes('text,label\r\n"a, ""b""\r\nc",x\r\nd,y\r\n');
  expect(records).toEqual([
    { row: 0, line: 2, value: { text: 'a, "b"\r\nc', label: "x" } },
    { row: 1, line: 4, value: { text: "d", label: "y" } },
  ]);
});

test.each([
  [",", "csv"],
  [";", "csv"],
  ["|", "csv"],
  ["\t", "tsv"],
])("recognises the delimiter %j", async (delimiter, format) => {
  const rows = [
    ["id", "text"],
    ["1", "first"],
    ["2", "second"],
  ];
  const { values, files } = await readBytes(rows.map((cells) => cells.join(delimiter)).join("\n"));
  expect(values).toEqual([
    { id: "1", text: "first" },
    { id: "2", text: "second" },
  ]);
  expect(files[0]?.format).toBe(format);
});

test("a row with another number of cells is unreadable, with its line", async () => {
  const { records } = await readBytes("text,label\na,x\nb\nc,y,z\nd,y\n");
  expect(records.filter((record) => "unreadable" in record)).toEqual([
    { row: 1, line: 3, unreadable: "1 cell where the header names 2" },
    { row: 2, line: 4, unreadable: "3 cells where the header names 2" },
  ]);
});

test("quotes of a TSV are plain text when they protect nothing", async () => {
  const { values, notes } = await readBytes('sentence\tlabel\n"good\t1\nso-called "art"\t0\n"bad"\t0\n');
  expect(values).toEqual([
    { sentence: '"good', label: "1" },
    { sentence: 'so-called "art"', label: "0" },
    { sentence: '"bad"', label: "0" },
  ]);
  expect(notes).toEqual(['cells separated by tabs; a " is plain text; the first record names the columns']);
});

test("quotes of a TSV are syntax when they protect a tab or a line end", async () => {
  const { values } = await readBytes('sentence\tlabel\n"a\tb"\t1\n"c\nd"\t0\n"say ""e"""\t0\n');
  expect(values).toEqual([
    { sentence: "a\tb", label: "1" },
    { sentence: "c\nd", label: "0" },
    { sentence: 'say "e"', label: "0" },
  ]);
});

test("a TSV without header gets the names text and label", async () => {
  const lines = ["insanely hilarious !\t1", "a mess\t0", "dull\t0", "fine\t1", "a treat\t1"];
  const { values, notes } = await readBytes(`${lines.join("\n")}\n`);
  expect(values[0]).toEqual({ text: "insanely hilarious !", label: "1" });
  expect(values).toHaveLength(5);
  expect(notes[0]).toContain("no header, columns named text, label");
});

test("a table without header of other columns gets numbered names", async () => {
  const { values } = await readBytes("1,2,3\n4,5,6\n7,8,9\n1,5,9\n3,5,7\n");
  expect(values[0]).toEqual({ column1: "1", column2: "2", column3: "3" });
});

test("an unnamed index column and a repeated name keep all columns apart", async () => {
  const { values } = await readBytes(",text,text\n0,a,b\n1,c,d\n");
  expect(values[0]).toEqual({ column1: "0", text: "a", text_2: "b" });
});

test("a column called __proto__ is data", async () => {
  const { values } = await readBytes("text,__proto__\na,b\n");
  expect(Object.entries(values[0] ?? {})).toEqual([
    ["text", "a"],
    ["__proto__", "b"],
  ]);
});

test("a quote that is never closed costs its own line, not the rest of the file", async () => {
  const { values, unreadable } = await readBytes('text,label\na,x\n"b,x\nc,y\nd,y\n');
  expect(values).toEqual([
    { text: "a", label: "x" },
    { text: "c", label: "y" },
    { text: "d", label: "y" },
  ]);
  expect(unreadable).toEqual(["1: a quote is opened and never closed"]);
});

test("a quote that is never closed is given up at the size limit", async () => {
  const filler = `${"c".repeat(1023)},y\n`.repeat(MAX_RECORD_BYTES / 1024 + 10);
  const { values, unreadable } = await readBytes(`text,label\na,x\n"b,x\n${filler}`, 1 << 20);
  expect(values).toHaveLength(1 + MAX_RECORD_BYTES / 1024 + 10);
  expect(unreadable).toEqual(["1: a quote is opened and never closed"]);
});

test("text after a closing quote makes the row unreadable", async () => {
  const { unreadable } = await readBytes('text,label\n"a"b,x\nc,x\nd,x\n');
  expect(unreadable).toEqual(["0: text after a closing quote, or a quote that is never closed"]);
});

test("NUL bytes and invalid UTF-8 make only their own rows unreadable", async () => {
  const bytes = Buffer.concat([
    Buffer.from("text,label\na\0,x\n"),
    Buffer.of(0xe9),
    Buffer.from(",x\né,y\nf,y\n"),
  ]);
  const { values, unreadable } = await readBytes(bytes);
  expect(values).toEqual([
    { text: "é", label: "y" },
    { text: "f", label: "y" },
  ]);
  expect(unreadable).toEqual(["0: a NUL byte", "1: invalid UTF-8"]);
});

test("a last row that is cut off is said to be", async () => {
  const { unreadable, notes } = await readBytes("text,label\na,x\nb,y\nc");
  expect(unreadable).toEqual(["2: 1 cell where the header names 2"]);
  expect(notes.at(-1)).toBe("the last record has no line end and cannot be read: the file looks cut off");
});

test("U+2028 inside a cell does not end the row", async () => {
  const { values } = await readBytes("text,label\na\u2028b,x\nc,y\n");
  expect(values[0]).toEqual({ text: "a\u2028b", label: "x" });
});
