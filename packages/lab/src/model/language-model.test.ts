import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { z } from "zod";
import { loadCheckpoint } from "./checkpoint.ts";
import { createLanguageModel } from "./language-model.ts";
import { tinyCheckpoint } from "./tiny-checkpoint.fixture.ts";

const hf = join(import.meta.dirname, "../../../../../shared/hf");

const caseSchema = z.object({
  ids: z.array(z.int()),
  lastLogits: z.array(z.number()),
  allLogitsSum: z.number(),
  greedy: z.array(z.int()),
  meanHidden: z.array(z.number()),
});
const referenceSchema = z.object({ cases: z.array(caseSchema), lora: z.array(caseSchema) });

/** The largest distance between two lists of numbers. */
const distance = (a: ArrayLike<number>, b: ArrayLike<number>) =>
  Math.max(...Array.from(a, (value, i) => Math.abs(value - (b[i] ?? Number.NaN))));

test.skipIf(!existsSync(hf)).each([
  ["llama", "llama", "cases"],
  ["llama-lora", "llama", "lora"],
  ["qwen3", "qwen3", "cases"],
  ["qwen3-lora", "qwen3", "lora"],
] as const)("%s computes what the reference library computes", async (folder, architecture, set) => {
  const reference = referenceSchema.parse(
    JSON.parse(readFileSync(join(hf, `${architecture}.reference.json`), "utf8")),
  );
  const checkpoint = await loadCheckpoint(join(hf, folder));
  const { vocabSize, hiddenSize } = checkpoint.config;
  const model = createLanguageModel(checkpoint);
  for (const { ids, lastLogits, allLogitsSum, greedy, meanHidden } of reference[set]) {
    const logits = model.logits(ids);
    expect(distance(lastLogits, logits.slice(-vocabSize))).toBeLessThan(1e-4);
    expect(logits.reduce((sum, value) => sum + value, 0)).toBeCloseTo(allLogitsSum, 2);
    expect(distance(lastLogits, model.nextLogits([ids.slice(0, 2), ids])[1] ?? [])).toBeLessThan(1e-4);

    const hidden = model.hidden(ids);
    const mean = meanHidden.map(
      (_, j) => ids.reduce((sum, _id, i) => sum + (hidden[i * hiddenSize + j] ?? 0), 0) / ids.length,
    );
    expect(distance(meanHidden, mean)).toBeLessThan(1e-4);

    const written = [...ids];
    while (written.length < greedy.length) {
      const [next = new Float32Array()] = model.nextLogits([written]);
      written.push(next.indexOf(Math.max(...next)));
    }
    expect(written).toEqual(greedy);
  }
  model.dispose();
});

test("what comes after a token does not change its logits", () => {
  const model = createLanguageModel(tinyCheckpoint("qwen3"));
  const { vocabSize } = tinyCheckpoint("qwen3").config;
  const short = model.logits([1, 9, 4]);
  expect(distance(short, model.logits([1, 9, 4, 7, 7, 2]).slice(0, 3 * vocabSize))).toBeLessThan(1e-5);
});

test("a batch gives each sequence what it gets alone", () => {
  const model = createLanguageModel(tinyCheckpoint());
  const batch = [[1], [1, 5, 6, 7], [1, 5], ...Array.from({ length: 70 }, (_, i) => [1, i + 3, 8])];
  const together = model.nextLogits(batch);
  expect(together).toHaveLength(batch.length);
  for (const at of [0, 1, 2, 40, 72]) {
    const [alone = []] = model.nextLogits([batch[at] ?? []]);
    expect(distance(alone, together[at] ?? [])).toBeLessThan(1e-5);
  }
});

test.each([
  ["no token", [], /no token/],
  ["more tokens than the context", Array.from({ length: 65 }, () => 3), /65 tokens.*64/],
  ["a number that is no token", [1, 100_000], /no token/],
])("%s is refused with what is wrong", (_, ids, message) => {
  const model = createLanguageModel(tinyCheckpoint());
  for (const ask of [() => model.logits(ids), () => model.nextLogits([ids]), () => model.hidden(ids)]) {
    expect(ask).toThrow(
      expect.objectContaining({ code: "bad-option", message: expect.stringMatching(message) }),
    );
  }
});
