import { expect, test } from "vitest";
import { buildCorpus } from "../ingest/build-corpus.ts";
import type { Row } from "../row.ts";
import { encodeBlock } from "./block.ts";
import { createCorpusWriter } from "./corpus.ts";
import type { Kernel } from "./kernel.ts";

const rows: Row[] = Array.from({ length: 5000 }, (_, i) => ({
  number: 2 * i,
  prompt: `row ${i}`,
  response: "",
  label: i % 3 === 0 ? "b" : "a",
  fields: [],
}));

const countTokens: Kernel<null, { tokens: number }> = {
  name: "count-tokens",
  start: () => ({ tokens: 0 }),
  step: (state, block) => {
    state.tokens += block.prompt.ids.length;
  },
  merge: (into, from) => ({ tokens: into.tokens + from.tokens }),
};

test("positions, numbers, labels and rows of several blocks agree", () => {
  const { corpus, close } = buildCorpus(rows, { shape: "labelled-text" });
  expect(corpus.size).toBe(5000);
  expect(corpus.blockCount).toBeGreaterThan(1);
  expect(corpus.classes).toEqual(["a", "b"]);
  for (const position of [0, 1, 2047, 2048, 4999]) {
    expect(corpus.row(position)).toEqual(rows[position]);
    expect(corpus.rowNumber(position)).toBe(2 * position);
    expect(corpus.classes[corpus.labels[position] ?? -1]).toBe(rows[position]?.label);
  }
  expect(() => corpus.row(5000)).toThrow(RangeError);
  close();
});

test("a kernel sees every block once", async () => {
  const { corpus, close } = buildCorpus(rows, { shape: "labelled-text" });
  expect(await corpus.fold(countTokens, null)).toEqual({ tokens: 10_000 });
  close();
});

/** Rows that each carry a label of their own. */
const namedRows = (from: number) =>
  Array.from({ length: 20_000 }, (_, i) => ({
    number: from + i,
    prompt: "",
    response: "",
    label: `id-${from + i}`,
    fields: [],
  }));

test("a label of ever new values is told as no class, before its names fill memory", () => {
  const writer = createCorpusWriter({ shape: "records", seed: 0 });
  const fill = () => {
    for (let from = 0; from < 200_000; from += 20_000) writer.add(encodeBlock(namedRows(from), 0));
  };
  expect(fill).toThrow(/100000 different values.*--label/);
  writer.close();
});
