import { expect, test } from "vitest";
import { createRandom, randomInt } from "../../core/random.ts";
import { decodeBlock, encodeBlock } from "../engine/block.ts";
import { buildCorpus } from "../ingest/build-corpus.ts";
import { fingerprintRows, readFingerprints } from "./fingerprints.ts";
import { groupEqual, pairHashes } from "./groups.ts";
import { diverseRows } from "./texts.fixture.ts";

test("fingerprints do not depend on the order in which workers take the blocks", async () => {
  const rows = diverseRows(300, 1);
  const { corpus, close } = buildCorpus(rows, { shape: "instruction" });
  const whole = await readFingerprints(corpus);
  const other = await readFingerprints(corpus);
  close();
  other.signatures.fill(0);
  other.prompt.low.fill(0);
  const blocks = Array.from({ length: 30 }, (_, index) =>
    decodeBlock(encodeBlock(rows.slice(10 * index, 10 * index + 10), 0).bytes, index, 10 * index),
  ).toReversed();
  const state = fingerprintRows.start({ ...other, seed: 0, isJudged: false });
  for (const block of blocks) fingerprintRows.step(state, block, { ...other, seed: 0, isJudged: false });
  expect(other).toEqual(whole);
});

test("equal texts are grouped under the first of them, texts without tokens under none", async () => {
  const prompts = ["one two", "", "One  Two", "two one", " ", "one two"];
  const rows = prompts.map((prompt, number) => ({ number, prompt, response: "", fields: [] }));
  const { corpus, close } = buildCorpus(rows, { shape: "raw-text" });
  const { prompt, response } = await readFingerprints(corpus);
  close();
  const { leader, size } = groupEqual(pairHashes(prompt, response));
  expect([...leader]).toEqual([0, -1, 0, 3, -1, 0]);
  expect([...size]).toEqual([3, 0, 0, 1, 0, 0]);
});

test("the same completion of a prompt is a copy whether it was called desirable or not", async () => {
  const asked = { prompt: "What is a fen?", fields: [] };
  const rows = [
    { ...asked, number: 0, response: "A wetland.", label: "true" },
    { ...asked, number: 1, response: "", rejected: "A wetland.", label: "false" },
    { ...asked, number: 2, response: "", rejected: "A bird.", label: "false" },
  ];
  const { corpus, close } = buildCorpus(rows, { shape: "preference" });
  const { prompt, response } = await readFingerprints(corpus);
  close();
  expect([...groupEqual(pairHashes(prompt, response)).leader]).toEqual([0, 0, 2]);
});

test("what is asked and what is answered are not mixed up", async () => {
  const random = createRandom(1);
  const texts = Array.from({ length: 40 }, () => `t${randomInt(random, 5)}`);
  const rows = texts.map((prompt, number) => ({
    number,
    prompt,
    response: texts[39 - number] ?? "",
    fields: [],
  }));
  const { corpus, close } = buildCorpus(rows, { shape: "instruction" });
  const { prompt, response } = await readFingerprints(corpus);
  close();
  const { leader } = groupEqual(pairHashes(prompt, response));
  const key = (position: number) => `${rows[position]?.prompt ?? ""} ${rows[position]?.response ?? ""}`;
  leader.forEach((held, position) => {
    expect(key(position)).toBe(key(held));
    expect(rows.findIndex((_, first) => key(first) === key(position))).toBe(held);
  });
});
