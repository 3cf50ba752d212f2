import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { parquetWriteBuffer, type ColumnSource } from "hyparquet-writer";
import { expect, test } from "vitest";
import { folderWith, inPieces, readAll, readBytes, type Reading } from "../../test/fixtures/reading.ts";
import { openDataset } from "./open-dataset.ts";
import { readParquet } from "./read-parquet.ts";

function write(columnData: ColumnSource[], rowGroupSize = 1000): Buffer {
  return Buffer.from(parquetWriteBuffer({ columnData, rowGroupSize }));
}

async function readFile(bytes: Buffer): Promise<Reading> {
  const folder = await folderWith({ "data.bin": bytes });
  return readAll(await openDataset(`${folder}/data.bin`));
}

test("columns become the members of each row: text, numbers, dates, JSON, nulls", async () => {
  const bytes = write([
    { name: "text", data: ["a\u2028", "ü", null], type: "STRING" },
    { name: "big", data: [1n, 2n ** 60n, -3n], type: "INT64" },
    { name: "when", data: [new Date(0), new Date(1e12), new Date(5)], type: "TIMESTAMP" },
    { name: "json", data: [{ a: 1 }, [1], null], type: "JSON" },
    { name: "ok", data: [true, null, false], type: "BOOLEAN" },
  ]);
  const { values, files, notes } = await readFile(bytes);
  expect(values).toEqual([
    { text: "a\u2028", big: 1, when: "1970-01-01T00:00:00.000Z", json: { a: 1 }, ok: true },
    { text: "ü", big: "1152921504606846976", when: "2001-09-09T01:46:40.000Z", json: [1], ok: null },
    { text: null, big: -3, when: "1970-01-01T00:00:00.005Z", json: null, ok: false },
  ]);
  expect(files).toMatchObject([{ format: "parquet", rows: 3, bytes: bytes.length }]);
  expect(notes).toEqual([]);
});

test("rows run on over row groups", async () => {
  const data = Array.from({ length: 5000 }, (_, i) => `row ${i}`);
  const { records } = await readFile(write([{ name: "text", data, type: "STRING" }], 700));
  expect(records).toHaveLength(5000);
  expect(records[4321]).toEqual({ row: 4321, value: { text: "row 4321" } });
});

test("a long text that many rows share costs small batches, and one beyond the limit of a record is reported", async () => {
  const long = "x".repeat(400_000);
  const folder = await folderWith({
    "data.bin": write([{ name: "text", data: [...Array.from({ length: 40 }, () => long), long.repeat(45)] }]),
  });
  const counts: number[] = [];
  const dataset = await openDataset(`${folder}/data.bin`);
  for await (const { count } of dataset.batches()) counts.push(count);
  expect(Math.max(...counts)).toBe(3);
  const { values, unreadable } = await readAll(await openDataset(`${folder}/data.bin`));
  expect([values.length, unreadable]).toEqual([40, [expect.stringMatching(/^40: larger than/)]]);
});

test("a column of bytes is left out and that is said; bytes that are text are read", async () => {
  const data = [Buffer.of(0xff, 0xfe), Buffer.from("text")];
  const { values, notes } = await readFile(write([{ name: "image", data, type: "BYTE_ARRAY" }]));
  expect(values).toEqual([{ image: null }, { image: "text" }]);
  expect(notes).toEqual(['column "image" holds bytes that are not text; they were left out']);
});

test("Parquet is read through standard input and inside gzip, too", async () => {
  const bytes = write([{ name: "text", data: ["a", "b"], type: "STRING" }]);
  expect((await readBytes(bytes, 100)).values).toEqual([{ text: "a" }, { text: "b" }]);
  expect((await readBytes(gzipSync(bytes), 100)).values).toEqual([{ text: "a" }, { text: "b" }]);
});

test("a damaged row group costs its own rows, each counted", async () => {
  const data = Array.from({ length: 3000 }, (_, i) => `row ${i} ${"x".repeat(50)}${(i * 7919) % 1009}`);
  const bytes = write([{ name: "text", data, type: "STRING" }]);
  bytes.fill(0xff, Math.floor(bytes.length / 2), Math.floor(bytes.length / 2) + 300);
  const { values, unreadable, records } = await readFile(bytes);
  expect(records).toHaveLength(3000);
  expect(values).toHaveLength(2000);
  expect(unreadable[0]).toMatch(/^1000: row group 1: /);
});

test("a file whose footer is gone is one unreadable record, not a crash", async () => {
  const bytes = write([{ name: "text", data: ["a", "b"], type: "STRING" }]);
  const { values, unreadable } = await readFile(bytes.subarray(0, -10));
  expect(values).toEqual([]);
  expect(unreadable).toEqual([expect.stringContaining("0: the whole file: damaged Parquet")]);
});

test("a column called __proto__ is refused rather than lost", async () => {
  const { unreadable } = await readFile(write([{ name: "__proto__", data: ["a"], type: "STRING" }]));
  expect(unreadable).toEqual([expect.stringContaining("a column called __proto__")]);
});

/** Rows and remarks of bytes in which one byte was changed, with little time allowed. */
async function readFlipped(
  bytes: Buffer,
  at: number,
  flip: number,
): Promise<{ rows: number; notes: string[] }> {
  const damaged = Buffer.from(bytes);
  damaged[at] = (damaged[at] ?? 0) ^ flip;
  const notes: string[] = [];
  let rows = 0;
  const context = { file: 0, firstRow: 0, note: (text: string) => void notes.push(text) };
  const batches = readParquet({ chunks: inPieces(damaged) }, context, () => Promise.resolve(), 700);
  for await (const batch of batches) rows += batch.count;
  return { rows, notes };
}

const small = write([
  { name: "text", data: ["alpha", "beta", "gamma", "beta"], type: "STRING" },
  { name: "n", data: [1, 2, 3, 4], type: "INT32" },
]);

test("a page that claims more values than its row group has rows is not decoded", async () => {
  const damaged = Buffer.from(small);
  const count = damaged.indexOf(Buffer.of(0x5c, 0x15, 4 << 1)) + 2; // in the header of a page of version 2
  damaged[count] = 60 << 1;
  const { unreadable, notes } = await readFile(damaged);
  expect(unreadable).toHaveLength(4);
  expect(unreadable[0]).toBe("0: row group 0: a page of 60 values where 4 are left");
  expect(notes).toEqual([]);
});

test("a run that claims more values than its page is not decoded", async () => {
  const rows = 20_000;
  const bytes = write([{ name: "n", data: Array.from({ length: rows }, () => 7), type: "INT32" }], rows);
  const run = bytes.indexOf(Buffer.of(0xc0, 0xb8, 0x02, 1)); // 20,000 times "there is a value"
  bytes.fill(0xff, run, run + 2); // now a million times
  bytes[run] = 0xfe;
  bytes[run + 2] = 0x7f;
  const { records, unreadable } = await readFile(bytes);
  expect([run > 0, records.length]).toEqual([true, rows]);
  expect(unreadable[0]).toBe("0: row group 0: a run of more values than its page");
});

test("a file that is not decoded in time is one unreadable record, and that is said", async () => {
  const number = Buffer.alloc(1 << 20, 0xff); // a number of a million bytes: each makes all sums after it longer
  const footer = Buffer.concat([Buffer.of(0x16), number, Buffer.of(1, 0)]);
  const length = Buffer.alloc(4);
  length.writeUInt32LE(footer.length);
  const bytes = Buffer.concat([Buffer.from("PAR1"), footer, length, Buffer.from("PAR1")]);
  const { rows, notes } = await readFlipped(bytes, 0, 0);
  expect(rows).toBe(1);
  expect(notes).toEqual(["decoding ended early: no row group within 0.7 s"]);
});

test("no flipped byte of a Parquet file crashes the reader", async () => {
  await fc.assert(
    fc.asyncProperty(fc.nat(small.length - 1), fc.integer({ min: 1, max: 255 }), async (at, flip) => {
      expect((await readFlipped(small, at, flip)).rows).toBeGreaterThan(0);
    }),
    { numRuns: 12, seed: 3 },
  );
});
