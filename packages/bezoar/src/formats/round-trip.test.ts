import { gzipSync, zstdCompressSync } from "node:zlib";
import fc from "fast-check";
import { expect, test } from "vitest";
import { inPieces, readAll, readBytes } from "../../test/fixtures/reading.ts";
import { openDataset } from "./open-dataset.ts";
import type { Json, RecordBatch } from "./record.ts";

const RUNS = { numRuns: 150 };
const size = fc.integer({ min: 1, max: 60 });
const object = fc.dictionary(fc.string({ maxLength: 8 }), fc.jsonValue({ maxDepth: 3 }), {
  maxKeys: 4,
  noNullPrototype: true,
});
const objects = fc.array(object, { minLength: 2, maxLength: 12 });

/** The value as any JSON reader returns it: -0 is 0. */
function plain(values: readonly unknown[]): Json {
  return JSON.parse(JSON.stringify(values));
}

test("any objects survive JSONL, whatever the pieces and the line ends", async () => {
  await fc.assert(
    fc.asyncProperty(objects, size, fc.constantFrom("\n", "\r\n"), async (values, pieces, end) => {
      const text = values.map((value) => JSON.stringify(value) + end).join("");
      expect((await readBytes(text, pieces)).values).toEqual(plain(values));
    }),
    RUNS,
  );
});

test("any values survive a JSON array, pretty-printed or not", async () => {
  const values = fc.array(fc.oneof(object, fc.jsonValue({ maxDepth: 3 })), { minLength: 1, maxLength: 12 });
  await fc.assert(
    fc.asyncProperty(values, size, fc.constantFrom(undefined, 1, "\t"), async (array, pieces, indent) => {
      const text = JSON.stringify([{ first: true }, ...array], null, indent);
      expect((await readBytes(text, pieces)).values).toEqual(plain([{ first: true }, ...array]));
    }),
    RUNS,
  );
});

function quote(text: string): string {
  return `"${text.replaceAll('"', '""')}"`;
}

test("any text cells survive CSV", async () => {
  const cell = fc.string({
    unit: fc.constantFrom("a", "b", ",", '"', "\n", "\r\n", " ", "\u00e9", ";", "\t", "\u2028"),
    maxLength: 12,
  });
  await fc.assert(
    fc.asyncProperty(fc.array(fc.tuple(cell, cell), { minLength: 1 }), size, async (rows, pieces) => {
      const csv = [
        "prompt,response",
        ...rows.map((cells) => cells.map((text) => quote(text)).join(",")),
      ].join("\r\n");
      expect((await readBytes(csv, pieces)).values).toEqual(
        rows.map(([prompt, response]) => ({ prompt, response })),
      );
    }),
    RUNS,
  );
});

test("compression changes nothing but the digest", async () => {
  await fc.assert(
    fc.asyncProperty(objects, size, async (values, pieces) => {
      const text = values.map((value) => `${JSON.stringify(value)}\n`).join("");
      expect((await readBytes(gzipSync(text), pieces)).values).toEqual(plain(values));
      expect((await readBytes(zstdCompressSync(text), pieces)).values).toEqual(plain(values));
    }),
    { numRuns: 40 },
  );
});

test("where batches are cut depends on the records, not on how the bytes arrive", async () => {
  const text = Array.from({ length: 30_000 }, (_, i) => `{"n":${i},"t":"${"x".repeat(i % 200)}"}\n`).join("");
  const cuts = async (pieces: number): Promise<number[]> => {
    const source = await openDataset("-", { stdin: inPieces(text, pieces) });
    const batches: RecordBatch[] = [];
    for await (const batch of source.batches()) batches.push(batch);
    return batches.map(({ firstRow }) => firstRow);
  };
  const expected = await cuts(1 << 24);
  expect(expected.length).toBeGreaterThan(3);
  expect(await cuts(5003)).toEqual(expected);
  expect(await cuts(1 << 20)).toEqual(expected);
});

test("reading the same bytes twice says the same", async () => {
  const text = 'a,b\n1,"x\n2,y\n\0,z\n';
  expect(await readAll(await openDataset("-", { stdin: inPieces(text, 1) }))).toEqual(
    await readBytes(text, 1000),
  );
});
