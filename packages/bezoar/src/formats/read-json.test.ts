import { expect, test } from "vitest";
import { readBytes } from "../../test/fixtures/reading.ts";

test.each([0, 2])("the elements of an array are the records (indent %i)", async (indent) => {
  const { values, files } = await readBytes(JSON.stringify([{ a: '],[{\\"' }, [1], "x", null], null, indent));
  expect(values).toEqual([{ a: '],[{\\"' }, [1], "x", null]);
  expect(files[0]?.format).toBe("json");
});

test("each record stands on the line where it begins", async () => {
  const { records } = await readBytes('[\n  {"a":\n 1},\n\n  {"a":2}\n]\n');
  expect(records.map(({ line }) => line)).toEqual([2, 5]);
});

test("the array inside an object such as {data: [...]} holds the records, and that is said", async () => {
  const data = [{ a: "the first of two records" }, { a: "the second of these records" }];
  const { values, notes } = await readBytes(
    JSON.stringify({ version: "1", splits: ["train"], data, meta: {} }),
  );
  expect(values).toEqual(data);
  expect(notes).toEqual([
    'a JSON object whose member "data" holds the records; its other members are not read',
  ]);
});

test("an object that holds more outside such arrays than in them is not taken for read", async () => {
  const document = {
    data: [{ a: 1 }],
    rows: { first: { text: "not in an array" }, second: { text: "neither" } },
  };
  const { values, unreadable } = await readBytes(JSON.stringify(document));
  expect(values).toEqual([{ a: 1 }]);
  expect(unreadable).toEqual(["1: 83 of 90 bytes lie outside the arrays of records"]);
});

test("several arrays of one object are read one after another", async () => {
  const { values } = await readBytes(JSON.stringify({ train: [{ a: 1 }], test: [{ a: 2 }] }));
  expect(values).toEqual([{ a: 1 }, { a: 2 }]);
});

test("a single pretty-printed object is one record, though it holds messages", async () => {
  const chat = { messages: [{ role: "user", content: "hi" }] };
  expect((await readBytes(JSON.stringify(chat, null, 2))).values).toEqual([chat]);
});

test("pretty-printed objects one after another are read as records", async () => {
  const { values } = await readBytes('{\n "a": 1\n}\n{\n "a": 2\n}{ "a": 3 }\n');
  expect(values).toEqual([{ a: 1 }, { a: 2 }, { a: 3 }]);
});

test("a broken element is counted, and the elements around it are read", async () => {
  const { values, unreadable } = await readBytes('[{"a":1},\n{"a":},\n{"a":1,"a":2},\n{"a":3}]');
  expect(values).toEqual([{ a: 1 }, { a: 3 }]);
  expect(unreadable).toEqual([
    expect.stringMatching(/^1: not JSON/),
    expect.stringMatching(/^2: duplicate key/),
  ]);
});

test("a document that is cut off says so, and its last record is unreadable", async () => {
  const { values, unreadable, notes } = await readBytes('[{"a":1},\n{"a":2},\n{"a":');
  expect(values).toEqual([{ a: 1 }, { a: 2 }]);
  expect(unreadable).toEqual(["2: the file ends inside this record"]);
  expect(notes).toEqual(["the document is not closed: the file looks cut off"]);
});

test("a document cut off between records is not taken for whole", async () => {
  const { notes } = await readBytes('[{"a":1},\n{"a":2},\n');
  expect(notes).toEqual(["the document is not closed: the file looks cut off"]);
});

test("what follows the end of the array is not ignored", async () => {
  const { values, unreadable } = await readBytes('[{"a":1}]\n[{"a":\n2}]');
  expect(values).toEqual([{ a: 1 }]);
  expect(unreadable).toEqual(["1: text after the end of the document"]);
});

test("an empty array has no records", async () => {
  expect((await readBytes("[]\n")).records).toEqual([]);
});
