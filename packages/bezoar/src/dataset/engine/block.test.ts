import fc from "fast-check";
import { expect, test } from "vitest";
import { tokenIds } from "../../core/tokens.ts";
import type { Row } from "../row.ts";
import { decodeBlock, encodeBlock } from "./block.ts";

const rows: fc.Arbitrary<Row[]> = fc.array(
  fc.record(
    {
      number: fc.nat(1_000_000),
      prompt: fc.string({ unit: "binary" }),
      response: fc.string(),
      label: fc.string(),
      fields: fc.array(fc.tuple(fc.string(), fc.string()), { maxLength: 3 }),
    },
    { requiredKeys: ["number", "prompt", "response", "fields"] },
  ),
  { maxLength: 20 },
);

test("any rows come back from their bytes as they were", () => {
  fc.assert(
    fc.property(rows, (original) => {
      const encoded = encodeBlock(original, 3);
      const block = decodeBlock(encoded.bytes, 0, 100);
      expect(block.size).toBe(original.length);
      original.forEach((row, i) => {
        expect(block.row(i)).toEqual({ ...row, prompt: row.prompt.toWellFormed(), response: row.response });
        const [start, end] = [block.prompt.offsets[i], block.prompt.offsets[i + 1]];
        expect([...block.prompt.ids.subarray(start, end)]).toEqual([...tokenIds(row.prompt, 3)]);
        const label = encoded.labels[i] ?? -1;
        expect(label < 0 ? undefined : encoded.labelNames[label]).toBe(row.label);
      });
    }),
  );
});

test("rows keep their lines, and have none where none is told", () => {
  const two = [0, 1].map((number) => ({ number, prompt: "", response: "", fields: [] }));
  expect([...encodeBlock(two, 0, [3, 9]).lines]).toEqual([3, 9]);
  expect([...encodeBlock(two, 0).lines]).toEqual([0, 0]);
});

test("a text beyond the bound keeps its head and its tail, and is counted", () => {
  const words = Array.from({ length: 40_000 }, (_, i) => `w${i}`);
  const { bytes, truncated } = encodeBlock(
    [{ number: 0, prompt: words.join(" "), response: "", fields: [] }],
    0,
  );
  const { prompt } = decodeBlock(bytes, 0, 0);
  expect(truncated).toBe(1);
  expect(prompt.ids[0]).toBe(tokenIds("w0", 0)[0]);
  expect(prompt.ids.at(-1)).toBe(tokenIds("w39999", 0)[0]);
});
