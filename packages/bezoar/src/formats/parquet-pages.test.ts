import type { SchemaElement } from "hyparquet";
import { DEFAULT_PARSERS } from "hyparquet/src/convert.js";
import { expect, test } from "vitest";
import { decodeChunk } from "./parquet-pages.ts";

const varint = (value: number): number[] =>
  value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...varint(value >>> 7)];
const integer = (value: number): number[] => [0x15, ...varint(value * 2)]; // the next field of a Thrift struct
const DELTA_BYTE_ARRAY = 7;
const RLE_DICTIONARY = 8;
const BYTE_STREAM_SPLIT = 9;

/** A chunk of one data page of version 1, uncompressed and without levels. */
function chunkOf(encoding: number, count: number, bytes: readonly number[]): ArrayBuffer {
  const sizes = [...integer(bytes.length), ...integer(bytes.length)];
  const data = [...integer(count), ...integer(encoding), ...integer(3), ...integer(3), 0];
  return Uint8Array.from([...integer(0), ...sizes, 0x2c, ...data, 0, ...bytes]).buffer;
}

/** How long texts are, or what they repeat: `count` numbers that grow by `step`, as DELTA_BINARY_PACKED. */
function growing(count: number, first: number, step: number): number[] {
  return [...varint(1 << 14), 1, ...varint(count), first * 2, step * 2, 0];
}

/** Decodes the chunk of a required column. */
function decode(
  chunk: ArrayBuffer,
  count: number,
  type: "BYTE_ARRAY" | "FIXED_LEN_BYTE_ARRAY",
  length?: number,
) {
  const element: SchemaElement = {
    name: "text",
    type,
    repetition_type: "REQUIRED",
    ...(length !== undefined && { type_length: length }),
  };
  const leaf = { count: 1, element, children: [], path: ["text"] };
  const root = { count: 2, element: { name: "root", num_children: 1 }, children: [leaf], path: [] };
  const column = { pathInSchema: ["text"], type, element, schemaPath: [root, leaf] };
  return decodeChunk(
    chunk,
    { ...column, codec: "UNCOMPRESSED", parsers: DEFAULT_PARSERS, utf8: false },
    count,
  );
}

test("values that each repeat the one before are read", () => {
  const bytes = [...growing(3, 0, 1), ...growing(3, 1, 0), ...Buffer.from("abc")];
  const [values] = decode(chunkOf(DELTA_BYTE_ARRAY, 3, bytes), 3, "BYTE_ARRAY");
  expect(Array.from(values ?? [], String)).toEqual(["97", "97,98", "97,98,99"]);
});

test("values that each repeat the one before are not made when they come to more than a page may hold", () => {
  const count = 10_000;
  const bytes = [...growing(count, 0, 20), ...growing(count, 20, 0), ...Buffer.alloc(20 * count)];
  const chunk = chunkOf(DELTA_BYTE_ARRAY, count, bytes);
  expect(() => decode(chunk, count, "BYTE_ARRAY")).toThrow("a page of 1000100000 bytes");
});

test.each([
  ["repeats one value beyond its page", [...varint(2 ** 31), 1]],
  ["overflows", [...varint(2 ** 29 + 1)]],
])("a run that %s is refused", (_, run) => {
  const chunk = chunkOf(RLE_DICTIONARY, 5, [1, ...run]);
  expect(() => decode(chunk, 5, "BYTE_ARRAY")).toThrow("a run of more values than its page");
});

test("split values longer than their page are refused", () => {
  const chunk = chunkOf(BYTE_STREAM_SPLIT, 5, [1, 2, 3]);
  expect(() => decode(chunk, 5, "FIXED_LEN_BYTE_ARRAY", 1 << 30)).toThrow("more values than bytes");
});
