import { expect, test } from "vitest";
import { decodeBatch } from "./decode-batch.ts";
import { MAX_DEPTH } from "./limits.ts";
import type { RecordBatch } from "./record.ts";

function batchOf(...texts: readonly string[]): RecordBatch {
  const parts = texts.map((text) => Buffer.from(text));
  const starts = [0];
  for (const part of parts) starts.push((starts.at(-1) ?? 0) + part.length);
  return {
    file: 0,
    firstRow: 10,
    count: parts.length,
    payload: {
      kind: "json",
      bytes: new Uint8Array(Buffer.concat(parts)),
      starts: Uint32Array.from(starts),
      lines: Uint32Array.from(parts.map((_, i) => i + 1)),
    },
  };
}

function reasonOf(text: string): string {
  const [record] = decodeBatch(batchOf(text));
  return record !== undefined && "unreadable" in record ? record.unreadable : "readable";
}

test("survives structured clone, as when it is posted to a worker", () => {
  const batch = batchOf('{"a":"é"}\n', "[1]\n");
  expect(decodeBatch(structuredClone(batch))).toEqual([
    { row: 10, line: 1, value: { a: "é" } },
    { row: 11, line: 2, value: [1] },
  ]);
});

test.each([
  ['{"a":1,"a":1}', "a"],
  ['{"x":[{"b":{"c":1,"d":2,"c":3}}]}', "c"],
  ['{"a":1,"\\u0061":2}', "a"],
  ['{"a" : 1, "b":": \\" {", "a"\t:2}', "a"],
  ['{"":1,"":2}', ""],
  ['{"__proto__":1,"__proto__":2}', "__proto__"],
])("refuses the duplicate key of %s", (text, key) => {
  expect(reasonOf(text)).toBe(`duplicate key ${JSON.stringify(key)}: readers disagree on which value counts`);
});

test.each([
  '{"a":{"a":{"a":1}}}',
  '[{"a":1},{"a":1}]',
  '{"a":"{\\"a\\":1,\\"a\\":2}"}',
  '{"a":"\\\\","b":"a\\":"}',
  '{"1":1,"01":2}',
])("does not take %s for duplicate keys", (text) => {
  expect(reasonOf(text)).toBe("readable");
});

function nested(depth: number): string {
  return "[".repeat(depth) + "]".repeat(depth);
}

test("a row nested too deep is unreadable with that reason, however deep it is", () => {
  expect(reasonOf(nested(MAX_DEPTH))).toBe("readable");
  expect(reasonOf(nested(MAX_DEPTH + 1))).toBe("nested deeper than 100 levels");
  expect(reasonOf(nested(1_000_000))).toBe("nested deeper than 100 levels");
});

test("a key called __proto__ is data and changes no prototype", () => {
  const [record] = decodeBatch(batchOf('{"__proto__":{"polluted":true}}'));
  const value = record !== undefined && "value" in record ? record.value : null;
  expect(Object.keys(value ?? {})).toEqual(["__proto__"]);
  expect(Object.getPrototypeOf(value)).toBe(Object.prototype);
  expect("polluted" in {}).toBe(false);
});

test("checking takes time in proportion to the text, whatever its quotes and backslashes", () => {
  const hostile = [
    '"' + "\\\\".repeat(500_000) + '"',
    '["' + '\\"'.repeat(500_000) + '"]',
    '"'.repeat(1_000_000),
    "{".repeat(1_000_000),
  ];
  for (const text of hostile) expect(reasonOf(text)).toBeTypeOf("string");
});
